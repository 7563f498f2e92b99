//! What tells a quota of a plan from every other one, and the words for it.
//!
//! The engine makes each once; whoever reports a quota takes its names from here. It knows no figures.

use crate::catalog::{Catalog, ModelIndex, Scope, code_words};
use crate::units::QuotaKind;

/// The words for a quota of long inputs behind its scope, with the blank before them; empty for any other quota.
#[must_use]
pub const fn long_context_words(long_context: bool) -> &'static str {
    if long_context { " 1M" } else { "" }
}

/// A quota that rows count against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaId {
    /// The account; `None` where the rows name none.
    pub account: Option<String>,
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
    /// What it counts.
    pub kind: QuotaKind,
    /// Whether it is the quota of long inputs.
    pub long_context: bool,
    /// Its code in Service Quotas, where the model table knows it.
    pub code: Option<String>,
}

impl QuotaId {
    /// Whether the rows that count against it count against another quota too: they differ in kind and code alone.
    #[must_use]
    pub fn counts_the_same_rows(&self, other: &Self) -> bool {
        let Self { account, model, scope, kind: _, long_context, code: _ } = self;
        (account, model, scope, long_context)
            == (&other.account, &other.model, &other.scope, &other.long_context)
    }

    /// The code, or that it is not known.
    #[must_use]
    pub fn code_words(&self) -> &str {
        code_words(self.code.as_deref())
    }

    /// What it counts and its code.
    #[must_use]
    pub fn kind_and_code(&self) -> String {
        format!("{} {}", self.kind, self.code_words())
    }

    /// Model and scope, and whether it is of long inputs.
    #[must_use]
    pub fn place(&self, catalog: &Catalog) -> String {
        let name = &catalog.model(self.model).name;
        format!("{name} {}{}", self.scope, long_context_words(self.long_context))
    }

    /// What a person calls it: model, scope and kind, and the account where it has one.
    #[must_use]
    pub fn subject(&self, catalog: &Catalog) -> String {
        let account =
            self.account.as_ref().map(|account| format!(" of account {account}")).unwrap_or_default();
        format!("{} {}{account}", self.place(catalog), self.kind)
    }

    /// The same with its code.
    #[must_use]
    pub fn title(&self, catalog: &Catalog) -> String {
        format!("{}, {}", self.subject(catalog), self.code_words())
    }

    /// Everything that tells it from other quotas, by the ids of a model table, so that plans with different tables
    /// can be compared.
    #[must_use]
    pub fn about(&self, catalog: &Catalog) -> String {
        let account = self.account.as_ref().map(|account| format!("{account}/")).unwrap_or_default();
        let (model, long) = (&catalog.model(self.model).id, long_context_words(self.long_context));
        format!("{account}{model} {}{long} {}", self.scope, self.kind_and_code())
    }
}
