//! Every dated fact of the table, oldest first, with the command that reads it again where AWS has one.

use super::commands;
use crate::catalog::{Catalog, Model, Provenance, ScopeEntry};
use crate::units::words;

words! {
    /// What a fact is about.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum FactKind {
        /// What AWS asks for before the first call.
        Access = "access",
        /// Whether batch inference is offered.
        Batch = "batch",
        /// The output burndown rate.
        Burndown = "burndown",
        /// Whether CountTokens works.
        CountTokens = "count-tokens",
        /// The inference profile and its destinations.
        Destinations = "destinations",
        /// Legacy and retirement.
        Lifecycle = "lifecycle",
        /// The output and context limits.
        Limits = "limits",
        /// Prices.
        Price = "price",
        /// Code, name, default and adjustability of a quota.
        Quota = "quota",
        /// A statement about many models.
        Statement = "statement",
        /// A model that exists and has no entry.
        UnlistedModel = "unlisted-model",
    }
}

impl FactKind {
    /// The AWS CLI command whose answer states the fact; `None` where no answer does, so that the source is read again.
    #[must_use]
    pub fn command(self) -> Option<String> {
        match self {
            Self::Quota => Some(commands::list_defaults()),
            Self::Destinations => Some(commands::list_inference_profiles()),
            Self::Lifecycle => Some(commands::list_foundation_models()),
            Self::Access
            | Self::Batch
            | Self::Burndown
            | Self::CountTokens
            | Self::Limits
            | Self::Price
            | Self::Statement
            | Self::UnlistedModel => None,
        }
    }
}

/// A fact of the table and where it was read.
#[derive(Debug, Clone)]
pub struct AgedFact<'c> {
    /// Its kind.
    pub kind: FactKind,
    /// The model, by id; the name of a model without an entry; empty for what is about many models.
    pub model: &'c str,
    /// What of it: a scope with the kind of quota, the subject of a statement; may be empty.
    pub part: String,
    /// Source and date.
    pub provenance: &'c Provenance,
}

impl AgedFact<'_> {
    /// The command that reads the fact again. In-Region calls need no profile, so their destination is in the list of models.
    #[must_use]
    pub fn command(&self) -> Option<String> {
        if self.kind == FactKind::Destinations && self.part == "in-region" {
            return Some(commands::list_foundation_models());
        }
        self.kind.command()
    }
}

/// Every dated fact, oldest first; facts of one date in the order of the table.
#[must_use]
pub fn aged_facts(catalog: &Catalog) -> Vec<AgedFact<'_>> {
    let mut facts = vec![AgedFact {
        kind: FactKind::Quota,
        model: "",
        part: "account tpd".to_owned(),
        provenance: &catalog.account_daily().provenance,
    }];
    for statement in catalog.statements() {
        let mut add = |provenance, part: String| {
            facts.push(AgedFact { kind: FactKind::Statement, model: "", part, provenance });
        };
        add(&statement.provenance, statement.about.clone());
    }
    facts.extend(catalog.unlisted().iter().map(|model| AgedFact {
        kind: FactKind::UnlistedModel,
        model: &model.name,
        part: String::new(),
        provenance: &model.provenance,
    }));
    for model in catalog.models() {
        of_model(model, &mut facts);
    }
    facts.sort_by_key(|fact| fact.provenance.as_of);
    facts
}

fn of_model<'c>(model: &'c Model, facts: &mut Vec<AgedFact<'c>>) {
    let mut add = |kind, part: &str, provenance: &'c Provenance| {
        facts.push(AgedFact { kind, model: &model.id, part: part.to_owned(), provenance });
    };
    model.limits.iter().for_each(|fact| add(FactKind::Limits, "", fact));
    model.disputed.iter().for_each(|fact| add(FactKind::Limits, fact.field.as_str(), &fact.provenance));
    model.batch_provenance.iter().for_each(|fact| add(FactKind::Batch, "", fact));
    model.count_tokens_provenance.iter().for_each(|fact| add(FactKind::CountTokens, "", fact));
    model.burndown.iter().for_each(|fact| add(FactKind::Burndown, "", &fact.provenance));
    model.access.iter().for_each(|fact| add(FactKind::Access, fact.kind.as_str(), &fact.provenance));
    model.lifecycle.iter().for_each(|fact| add(FactKind::Lifecycle, "", &fact.provenance));
    for scope in &model.scopes {
        of_scope(scope, &mut add);
    }
}

fn of_scope<'c>(scope: &'c ScopeEntry, add: &mut impl FnMut(FactKind, &str, &'c Provenance)) {
    let word = scope.scope.as_str();
    add(FactKind::Destinations, word, &scope.provenance);
    for quota in scope.quotas() {
        let long = if quota.long_context { "long " } else { "" };
        add(FactKind::Quota, &format!("{word} {long}{}", quota.kind), &quota.entry.provenance);
    }
    for price in &scope.prices {
        add(FactKind::Price, word, &price.provenance);
        if let Some(promotion) = &price.promotion {
            add(FactKind::Price, &format!("{word} promotion"), &promotion.provenance);
        }
    }
}
