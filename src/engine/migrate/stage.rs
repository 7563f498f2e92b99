//! The two sides of a migration, and the plan of one stage.

use std::collections::BTreeMap;

use crate::catalog::{ModelIndex, Scope};
use crate::engine::{MonthlyCost, Plan};
use crate::text::FactDate;
use crate::units::words;

words! {
    /// Which model's a quota or a sum is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Side {
        /// Of the model that is left.
        Old = "old",
        /// Of the model that takes over.
        New = "new",
    }
}

/// The plan of one stage.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Percent of the traffic on the new model; 0 is the file as it is.
    pub percent: u32,
    /// When it begins, where a start is given.
    pub date: Option<FactDate>,
    /// The plan of the whole file with its rows split.
    pub plan: Plan,
    /// What the old model's quotas of this migration serve costs in the plan's largest period.
    pub old_cost: MonthlyCost,
    /// The same of the new model's.
    pub new_cost: MonthlyCost,
}

impl Stage {
    /// The month's money of a side.
    #[must_use]
    pub fn cost_of(&self, side: Side) -> &MonthlyCost {
        match side {
            Side::Old => &self.old_cost,
            Side::New => &self.new_cost,
        }
    }
}

/// Quotas and rows of both models, by account, model and scope.
pub(super) type Touched = BTreeMap<(Option<String>, ModelIndex, Scope), Side>;
