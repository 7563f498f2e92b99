//! Every way of naming a model: base id, inference profile id, ARN, alias, display name, and
//! any of these with `/scope` behind; and what to say of a name that leads to no model.

use super::names::Named;
use super::{Catalog, REGION, Scope, UnlistedModel};
use crate::text::Code;
use crate::text::suggest::nearest;

/// Why a name leads to no model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamingFault {
    /// No model has the name.
    Unknown,
    /// An application inference profile: its ARN does not tell the model.
    Opaque,
    /// An ARN of a profile in another Region.
    OtherRegion {
        /// The Region of the ARN.
        region: String,
    },
    /// A profile of a geography that ca-central-1 cannot call.
    OtherGeography {
        /// The prefix, such as `eu`.
        prefix: String,
        /// The base model id behind it.
        base: String,
    },
    /// The scope behind the slash is not that of the profile before it.
    Contradiction {
        /// The profile's scope.
        profile: Scope,
        /// The scope behind the slash.
        scope: Scope,
    },
    /// The scope behind the slash is none.
    UnknownScope {
        /// What is written behind the slash.
        written: String,
    },
}

impl Catalog {
    /// Finds a model by any of its names.
    ///
    /// # Errors
    /// A [`NamingFault`] that tells what to write instead.
    pub fn find(&self, written: &str) -> Result<Named, NamingFault> {
        let written = written.trim();
        if written.starts_with("arn:") {
            return self.find_arn(written);
        }
        let Some((name, scope)) = written.rsplit_once('/') else {
            return self.find_plain(written);
        };
        let named = self.find_plain(name.trim())?;
        let Some(scope) = scope.trim().to_lowercase().parse::<Scope>().ok() else {
            return Err(NamingFault::UnknownScope { written: scope.to_owned() });
        };
        match named.scope {
            Some(profile) if profile != scope => Err(NamingFault::Contradiction { profile, scope }),
            _ => Ok(Named { scope: Some(scope), ..named }),
        }
    }

    /// An id, profile id, alias or display name.
    fn find_plain(&self, written: &str) -> Result<Named, NamingFault> {
        if let Some(named) = self.names.0.get(&written.to_lowercase()) {
            return Ok(*named);
        }
        if let Some((prefix, base)) = written.split_once('.')
            && prefix.len() <= 6
            && self.names.0.contains_key(&base.to_lowercase())
        {
            return Err(NamingFault::OtherGeography { prefix: prefix.to_owned(), base: base.to_owned() });
        }
        Err(NamingFault::Unknown)
    }

    /// The model without an entry that a name means: the name has the family's word, such as `mythos`,
    /// and either all words of the model's name or none besides them.
    #[must_use]
    pub fn unlisted_by_name(&self, written: &str) -> Option<&UnlistedModel> {
        // As for nearest names: nobody means a name of that length.
        if written.len() > 100 {
            return None;
        }
        let wanted = words(written);
        self.unlisted.iter().find(|model| {
            let name = words(&model.name);
            let mut letters = model.name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
            let family = letters.next_back().unwrap_or_default().to_lowercase();
            wanted.contains(&family) && (is_part(&wanted, &name) || is_part(&name, &wanted))
        })
    }

    /// Names that may have been meant: those with the same words and numbers in any order, else
    /// those that have all of them and more, else the nearest in spelling. At most six.
    #[must_use]
    pub fn nearest_names(&self, written: &str) -> Vec<&str> {
        // Nobody means a name of that length, and comparing it takes long.
        if written.len() > 100 {
            return Vec::new();
        }
        let wanted = words(written);
        let with_words = |fits: fn(&[String], &[String]) -> bool| -> Vec<&str> {
            let fitting = self.models.iter().filter(|model| model.offered).filter_map(|model| {
                let names = model.aliases.iter().chain([&model.name, &model.id]);
                let mut fitting = names.filter(|name| fits(&wanted, &words(name)));
                fitting.next().map(String::as_str)
            });
            fitting.collect()
        };
        for fits in [|wanted: &[String], name: &[String]| wanted == name, is_part] {
            let names = with_words(fits);
            if (1..=6).contains(&names.len()) {
                return names;
            }
        }
        nearest(written, self.names.0.keys().map(String::as_str)).into_iter().collect()
    }

    /// `arn:PARTITION:bedrock:REGION:ACCOUNT:RESOURCE/ID`.
    fn find_arn(&self, written: &str) -> Result<Named, NamingFault> {
        let parts: Vec<&str> = written.splitn(6, ':').collect();
        let unknown = NamingFault::Unknown;
        let [_, _, "bedrock", region, _, resource] = parts.as_slice() else {
            return Err(unknown);
        };
        let Some((resource, id)) = resource.split_once('/') else {
            return Err(unknown);
        };
        let region = (*region).to_owned();
        match resource {
            // A foundation model's ARN names a destination, which may be any Region.
            "foundation-model" => self.find_plain(id),
            "inference-profile" if region != REGION => Err(NamingFault::OtherRegion { region }),
            "inference-profile" => self.find_plain(id),
            "application-inference-profile" => Err(NamingFault::Opaque),
            _ => Err(unknown),
        }
    }
}

/// Code, message and help for a name that leads to no model; the nearest name is looked for in
/// `suggest`.
pub(crate) fn naming_fault(
    written: &str,
    fault: &NamingFault,
    suggest: Option<&Catalog>,
) -> (Code, String, String) {
    match fault {
        NamingFault::Unknown => {
            if let Some(model) = suggest.and_then(|catalog| catalog.unlisted_by_name(written)) {
                let source = &model.provenance;
                let message = format!(
                    "the model table has no entry for {}: {} ({}, {})",
                    model.name, model.known, source.source, source.as_of
                );
                let help =
                    "add it with --models once you know its id; until then, plan with a model of the table";
                return (Code::UnknownModel, message, help.to_owned());
            }
            let names = suggest.map(|catalog| catalog.nearest_names(written)).unwrap_or_default();
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let help = match quoted.as_slice() {
                [] => "`quotaplan models list` shows all models; put your own names into [aliases] of quotaplan.toml"
                    .to_owned(),
                [name] => format!("did you mean {name}? `quotaplan models list` shows all models"),
                several => format!("did you mean one of {}?", several.join(", ")),
            };
            (Code::UnknownModel, format!("unknown model `{written}`"), help)
        }
        NamingFault::Opaque => (
            Code::UnknownModel,
            "the ARN of an application inference profile does not show the model".to_owned(),
            "name it in [aliases] of quotaplan.toml: \"ARN\" = \"sonnet-4.5/us\"".to_owned(),
        ),
        NamingFault::OtherRegion { region } => (
            Code::OtherRegion,
            format!("the ARN is for Region {region}"),
            "this version plans for calls from ca-central-1: use the profile's ARN there".to_owned(),
        ),
        NamingFault::OtherGeography { prefix, base } => (
            Code::UnknownModel,
            format!("profiles that begin with `{prefix}.` cannot be called from ca-central-1"),
            format!("write `{base}` and one of its scopes; `quotaplan models show {base}` lists them"),
        ),
        NamingFault::Contradiction { profile, scope } => (
            Code::ScopeConflict,
            format!("the scope `{scope}` contradicts the profile, whose scope is `{profile}`"),
            "write the profile alone, or the model's id and the scope".to_owned(),
        ),
        NamingFault::UnknownScope { written } => (
            Code::UnknownScope,
            format!("`{written}` is not a scope"),
            "write us, global, ca or in-region after the slash".to_owned(),
        ),
    }
}

/// The words and the digits of a name, sorted: `claude-4.5-haiku` and `Haiku 4-5 Claude` are alike.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for c in name.to_lowercase().chars() {
        if c.is_alphanumeric() {
            // `haiku45` and `haiku-4-5` are meant alike, so digits stand alone.
            let continues = c.is_alphabetic() && previous.is_alphabetic();
            match words.last_mut() {
                Some(word) if continues => word.push(c),
                _ => words.push(c.to_string()),
            }
        }
        previous = c;
    }
    words.sort_unstable();
    words
}

/// Whether all of `wanted` stand in `name`, each as often; both are sorted.
fn is_part(wanted: &[String], name: &[String]) -> bool {
    let mut rest = name.iter();
    !wanted.is_empty() && wanted.iter().all(|word| rest.any(|other| other == word))
}
