//! The documents of `explain`: of quotas, and of the accounts' tokens per day.

use serde::{Deserialize, Serialize};

use super::quota::Quota;

/// The calculation of quotas.
// A quota may stand for one that is made while it is written.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainDocument<Q = Quota> {
    /// Version of the document.
    pub schema_version: u32,
    /// Each quota.
    pub quotas: Vec<ExplainedQuota<Q>>,
}

/// A quota and how its figures are calculated.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedQuota<Q = Quota> {
    /// The quota as a plan has it.
    pub quota: Q,
    /// Its calculation.
    pub steps: Vec<Step>,
}

/// A step of a quota's calculation.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The part that it belongs to.
    pub section: String,
    /// The figure.
    pub figure: String,
    /// How it is calculated.
    pub calculation: String,
    /// Where its inputs come from.
    pub sources: Vec<String>,
}

/// The calculation of the accounts' tokens per day.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainDailyDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// Each account.
    pub accounts: Vec<ExplainedAccount>,
}

/// An account and how its tokens per day are calculated.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedAccount {
    /// The account; null where rows name none.
    pub account: Option<String>,
    /// Its calculation.
    pub steps: Vec<DailyStep>,
}

/// A step of an account's calculation.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DailyStep {
    /// The figure.
    pub figure: String,
    /// How it comes about.
    pub calculation: String,
    /// Where its inputs stand.
    pub sources: Vec<String>,
}
