//! Where requests may be processed: what an organisation demands, and whether a scope keeps to it.

use std::fmt;

use super::{Destinations, Model, REGION, Scope};
use crate::units::words;

words! {
    /// An organisation's rule on where requests may be processed, from the loosest to the strictest.
    ///
    /// What a stricter rule admits, a looser one admits too.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Residency {
        /// Anywhere.
        Any = "any",
        /// Only in us-* and ca-* Regions.
        Us = "us",
        /// Only in ca-* Regions.
        Canada = "canada",
    }
}

impl Residency {
    /// Whether it admits a Region.
    #[must_use]
    pub fn admits(self, region: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Us => region.starts_with("us-") || region.starts_with("ca-"),
            Self::Canada => region.starts_with("ca-"),
        }
    }
}

/// Destinations that a rule does not admit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outside {
    /// These Regions, in the order of the model table.
    Regions(Vec<String>),
    /// A global profile's: every commercial Region, those outside the rule among them.
    AllCommercial,
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Regions(regions) => f.write_str(&regions.join(", ")),
            Self::AllCommercial => f.write_str("all commercial Regions"),
        }
    }
}

/// Whether a scope keeps to a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResidencyVerdict {
    /// Every destination Region is one that the rule admits, or it admits all.
    Met,
    /// These destination Regions are outside it.
    Outside(Outside),
    /// It cannot be told: the model table does not know the destination Regions.
    Unknown,
}

impl ResidencyVerdict {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Outside(_) => "outside",
            Self::Unknown => "unknown",
        }
    }
}

impl Model {
    /// Whether a scope of the model keeps to a rule; without one every Region is admitted.
    ///
    /// A global profile goes to all commercial Regions (AWS, inference profiles, 2026-10) and an
    /// in-Region call stays in ca-central-1, so neither is ever unknown.
    #[must_use]
    pub fn keeps_to(&self, residency: Option<Residency>, scope: Scope) -> ResidencyVerdict {
        let Some(residency) = residency.filter(|residency| *residency != Residency::Any) else {
            return ResidencyVerdict::Met;
        };
        let here = [REGION.to_owned()];
        let regions = match (self.scope(scope).map(|entry| &entry.destinations), scope) {
            (Some(Destinations::Regions(regions)), _) => regions.as_slice(),
            (Some(Destinations::AllCommercial), _) | (_, Scope::Global) => {
                return ResidencyVerdict::Outside(Outside::AllCommercial);
            }
            (_, Scope::InRegion) => here.as_slice(),
            (_, Scope::Ca | Scope::Us) => return ResidencyVerdict::Unknown,
        };
        let outside: Vec<String> =
            regions.iter().filter(|region| !residency.admits(region)).cloned().collect();
        if outside.is_empty() {
            ResidencyVerdict::Met
        } else {
            ResidencyVerdict::Outside(Outside::Regions(outside))
        }
    }

    /// The scopes that the model is offered in and that keep to a rule, in the order of their words.
    pub fn scopes_that_keep_to(&self, residency: Residency) -> impl Iterator<Item = Scope> + Clone {
        Scope::ALL.into_iter().filter(move |scope| {
            self.offered
                && self.scope(*scope).is_some()
                && self.keeps_to(Some(residency), *scope) == ResidencyVerdict::Met
        })
    }
}
