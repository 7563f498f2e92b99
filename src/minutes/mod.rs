//! Measured use, minute by minute: what a model in a scope really took from its quota, and what that says to
//! whoever decides on an increase. It stands in per-minute tables and in answers of CloudWatch, in any number of files.

mod burn;
mod metrics;
mod minute;
mod read;
mod series;

pub use burn::{Burn, EVIDENCE_DAYS, LITTLE_USED, Ranked};
pub use minute::Minute;
use minute::{Model, Names, Seen};

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::text::{Code, Diagnostics, FileId, Place, Sources};

/// The valid minutes of all files, by minute, then in the order in which they were read.
#[derive(Debug, Clone, Default)]
pub struct Minutes {
    minutes: Vec<Minute>,
    /// Whose sums may be of more than a minute: neither do the answers state a period, nor do their times show it.
    unknown_periods: BTreeSet<Model>,
}

impl Minutes {
    /// What the last fourteen days of the table say of a model in a scope; `None` where it has no
    /// minute of it.
    #[must_use]
    pub fn burn(&self, model: ModelIndex, scope: Scope) -> Option<Burn> {
        let mut burn = burn::measured_use(&self.minutes, model, scope)?;
        burn.is_period_known = !self.unknown_periods.contains(&(model, scope));
        Some(burn)
    }
}

/// A file of measured use.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The file.
    pub file: FileId,
    /// The model and scope that its series are of, as typed, where its answers do not say so.
    pub of: Option<&'a str>,
}

/// Whether a text is an answer of CloudWatch, and not the per-minute table.
#[must_use]
pub fn is_answer(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Reads all files; `aliases` are own names of models, each for a name the model table knows.
///
/// `None` where there is an error. A minute of a model and scope that stands twice, in one table or in two files, is
/// an error: its use would be doubled or halved.
pub fn parse(
    sources: &Sources,
    evidence: &[Evidence<'_>],
    catalog: &Catalog,
    aliases: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Option<Minutes> {
    let mut own = Diagnostics::new();
    let Read { mut minutes, mut seen, answers } = read_each(sources, evidence, catalog, aliases, &mut own);
    let mut unknown_periods = BTreeSet::new();
    if let Some((first, series)) = answers.series(&mut own) {
        let mut of_series = Diagnostics::new();
        let joined = series::joined(series, sources, &mut seen, &mut of_series);
        if joined.minutes.is_empty() && !of_series.has_errors() {
            let help = "ask for a time with traffic";
            of_series.add(Code::NoRows, Place::File(first), "the output contains no values", help);
        }
        own.append(of_series);
        minutes.extend(joined.minutes);
        unknown_periods = joined.unknown_periods;
    }
    let failed = own.has_errors();
    diagnostics.append(own);
    minutes.sort_by_key(|minute| minute.at);
    (!failed).then_some(Minutes { minutes, unknown_periods })
}

/// Reports what is wrong in each file, where others could not be read: what only all of them together tell is not
/// judged.
pub fn judge(
    sources: &Sources,
    evidence: &[Evidence<'_>],
    catalog: &Catalog,
    aliases: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) {
    read_each(sources, evidence, catalog, aliases, diagnostics);
}

/// What the files say, each by itself.
struct Read {
    /// The minutes of the tables.
    minutes: Vec<Minute>,
    seen: Seen,
    answers: metrics::Answers,
}

fn read_each(
    sources: &Sources,
    evidence: &[Evidence<'_>],
    catalog: &Catalog,
    aliases: &BTreeMap<String, String>,
    own: &mut Diagnostics,
) -> Read {
    let names = Names { catalog, aliases };
    let mut seen = Seen::new();
    let mut minutes = Vec::new();
    let mut answers = metrics::Answers::default();
    for Evidence { file, of } in evidence {
        let text = sources.file(*file).map_or("", |file| file.text());
        let of = match of.map(|written| names.typed(written)).transpose() {
            Ok(of) => of,
            Err((code, message, help)) => {
                own.add(code, Place::File(*file), message, help);
                continue;
            }
        };
        if is_answer(text) {
            answers.read((*file, text), of, &names, own);
        } else if of.is_some() {
            let message = "the per-minute table names the model of each row itself";
            own.add(Code::BadValue, Place::File(*file), message, "give only the file: --evidence FILE");
        } else {
            minutes.extend(read::table((sources, *file), &names, &mut seen, own));
        }
    }
    Read { minutes, seen, answers }
}
