//! What a policy is asked to let through: models in scopes, with every Region that takes part.

use super::arn::{self, Account};
use crate::catalog::{Destinations, Model, REGION, Scope};
use crate::text::Code;

/// One model in one scope.
#[derive(Debug, Clone)]
pub struct Grant<'c> {
    /// The model.
    pub model: &'c Model,
    /// How it is called.
    pub scope: Scope,
    /// The source Region, then the destination Regions; of a global profile the source Region alone.
    pub regions: Vec<&'c str>,
    profile: Option<Profile<'c>>,
}

#[derive(Debug, Clone)]
enum Profile<'c> {
    System(&'c str),
    /// The whole ARN.
    Application(String),
}

/// Why no policy can be written for a model in a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantFault {
    /// The model is not callable from ca-central-1.
    NotCallable,
    /// Not in this scope; the scopes it has.
    NotInScope(Vec<Scope>),
    /// The table does not know the destination Regions.
    DestinationsUnknown {
        /// The inference profile that they could be read of; empty where there is none.
        profile: String,
    },
}

impl GrantFault {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::DestinationsUnknown { .. } => Code::DestinationsUnknown,
            Self::NotCallable | Self::NotInScope(_) => Code::ScopeNotOffered,
        }
    }
}

fn profile_of(model: &Model, scope: Scope) -> Option<&str> {
    model.scope(scope)?.profile.as_deref()
}

impl<'c> Grant<'c> {
    /// A model in a scope, through the system-defined profile or the application inference profile of
    /// this ARN.
    ///
    /// # Errors
    /// A [`GrantFault`]: no Region is ever guessed.
    pub fn new(model: &'c Model, scope: Scope, application: Option<&str>) -> Result<Self, GrantFault> {
        if !model.offered {
            return Err(GrantFault::NotCallable);
        }
        let Some(entry) = model.scope(scope) else {
            return Err(GrantFault::NotInScope(model.scopes.iter().map(|entry| entry.scope).collect()));
        };
        let mut regions = vec![REGION];
        match (scope, &entry.destinations) {
            // Nobody lists them in a policy: one ARN without a Region stands for all.
            (Scope::Global | Scope::InRegion, _) => {}
            (Scope::Us | Scope::Ca, Destinations::Regions(destinations)) => {
                regions.extend(destinations.iter().map(String::as_str).filter(|region| *region != REGION));
            }
            (Scope::Us | Scope::Ca, Destinations::AllCommercial | Destinations::Unknown) => {
                let profile = profile_of(model, scope).unwrap_or_default().to_owned();
                return Err(GrantFault::DestinationsUnknown { profile });
            }
        }
        let profile = match (application, &entry.profile) {
            (Some(arn), Some(_)) => Some(Profile::Application(arn.to_owned())),
            (None, Some(id)) => Some(Profile::System(id)),
            (_, None) => None,
        };
        Ok(Self { model, scope, regions, profile })
    }

    /// The ARN of the profile that is called; `None` in-Region.
    #[must_use]
    pub fn profile_arn(&self, account: &Account) -> Option<String> {
        self.profile.as_ref().map(|profile| match profile {
            Profile::System(id) => arn::profile(account, id),
            Profile::Application(arn) => arn.clone(),
        })
    }

    /// Whether it goes through an application inference profile.
    #[must_use]
    pub fn is_application_profile(&self) -> bool {
        matches!(self.profile, Some(Profile::Application(_)))
    }

    /// The model in each Region that takes part, without what a global profile adds.
    #[must_use]
    pub fn model_arns(&self) -> Vec<String> {
        self.regions.iter().map(|region| arn::model(region, &self.model.id)).collect()
    }

    /// Every ARN of the model that is asked for, the one without a Region included.
    pub(super) fn all_model_arns(&self) -> Vec<String> {
        let mut arns = self.model_arns();
        if self.scope == Scope::Global {
            arns.push(arn::global_model(&self.model.id));
        }
        arns
    }
}

/// What a policy is asked to let through.
#[derive(Debug, Clone)]
pub struct Request<'c> {
    /// The models, each in its scope; no two the same.
    pub grants: Vec<Grant<'c>>,
    /// The account; `None` where it is not known: the placeholder in identity policies, every account in
    /// SCPs.
    pub account: Option<Account>,
    /// Whether answers may be streamed.
    pub streaming: bool,
    /// The Region to count tokens in, where they are counted.
    pub count_tokens: Option<String>,
    /// Whether the profile may be looked up.
    pub get_profile: bool,
}

impl Request<'_> {
    /// The models whose tokens are counted: those that generate text, each once.
    pub(super) fn counted(&self) -> Vec<(&str, &str)> {
        let Some(region) = self.count_tokens.as_deref() else { return Vec::new() };
        let mut counted = Vec::new();
        for grant in self.grants.iter().filter(|grant| grant.model.kind.generates()) {
            let place = (region, grant.model.id.as_str());
            if !counted.contains(&place) {
                counted.push(place);
            }
        }
        counted
    }

    /// A part of a statement's name for each grant, none where there is but one: names must differ.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for grant in &self.grants {
            let mut name = String::new();
            if self.grants.len() > 1 {
                name.extend(grant.model.name.chars().filter(char::is_ascii_alphanumeric));
                name.push_str(match grant.scope {
                    Scope::Ca => "Ca",
                    Scope::Global => "Global",
                    Scope::InRegion => "InRegion",
                    Scope::Us => "Us",
                });
                let same = names.iter().filter(|other| other.starts_with(&name)).count();
                if same > 0 {
                    name.push_str(&format!("No{}", same + 1));
                }
            }
            names.push(name);
        }
        names
    }
}
