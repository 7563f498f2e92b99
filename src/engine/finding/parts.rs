//! Figures that belong together in a fact.

use crate::catalog::Scope;
use crate::units::{Limit, QuotaAmount};

/// An account's day that passes its quota over all models.
#[derive(Debug, Clone)]
pub struct DailyExceeded {
    /// Its index among the plan's daily estimates.
    pub index: usize,
    /// The quota.
    pub limit: QuotaAmount,
    /// Whether that is an applied value.
    pub is_applied: bool,
    /// AWS's default, where restoring it would hold both estimates.
    pub restored_to: Option<Limit>,
    /// The least to ask for.
    pub least: QuotaAmount,
}

/// A fact of the model table that ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgedFact {
    /// The default of a quota.
    Default {
        /// Index of the quota in the plan.
        quota: usize,
    },
    /// The burndown rate.
    BurndownRate,
    /// The lifecycle.
    Lifecycle,
    /// The prices of a scope.
    Prices {
        /// The scope.
        scope: Scope,
    },
}

/// An assumption that is not what it was.
#[derive(Debug, Clone)]
pub struct AssumptionChange {
    /// Its key in the configuration or its option.
    pub name: &'static str,
    /// The value it had, as an input writes it.
    pub before: String,
    /// The value it has.
    pub now: String,
}
