//! The document of `check`.

use serde::{Deserialize, Serialize};

use super::Word;
use super::action::Action;
use super::cost::{Cost, WorkloadCost};
use super::plan::{Assumptions, Daily, Limits};
use super::quota::Quota;

/// The result of `check`; with faulty inputs nothing is planned, and only the findings are filled in.
// The quotas, the cost's rows and the findings may stand for lists that are made while they are written.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckDocument<Q = Vec<Quota>, W = Vec<WorkloadCost>, F = Vec<Finding>> {
    /// Version of the document.
    pub schema_version: u32,
    /// `pass` or `fail`.
    pub status: Word,
    /// The result in one line.
    pub summary: String,
    /// How strict the check was.
    pub strictness: Option<Strictness>,
    /// The assumptions.
    pub assumptions: Option<Assumptions>,
    /// What was found.
    pub findings: F,
    /// The result of each budget.
    pub budgets: Vec<JudgedBudget>,
    /// What changed against the baseline.
    pub changes: Option<Changes>,
    /// What the plan was held against, besides applied quotas.
    pub limits: Option<Limits>,
    /// What it costs a month.
    pub cost: Option<Cost<W>>,
    /// Every quota, with what became of it.
    pub quotas: Q,
    /// Each account's tokens per day over all models.
    pub account_daily: Vec<Daily>,
    /// The actions, the most urgent first.
    pub actions: Vec<Action>,
}

/// How strict a check is.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Strictness {
    /// Whether AWS's default is used if no applied quota is given.
    pub assume_defaults: bool,
    /// The lowest severity that fails the check.
    pub fail_on: Word,
    /// Whether nothing fails.
    pub warn_only: bool,
    /// Whether only what is worse than the baseline fails.
    pub only_worsened: bool,
}

/// A finding of a check.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Its code.
    pub code: Word,
    /// How much it matters.
    pub severity: Word,
    /// Whether it fails the check.
    pub fails: bool,
    /// How it compares with the baseline.
    pub change: Option<Word>,
    /// What it says.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What it is about, which identifies it; empty if it is about nothing in particular.
    pub about: String,
    /// How many rows it is about.
    pub rows: usize,
    /// The file that it points into.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The line of its end.
    pub end_line: Option<usize>,
    /// The column after its end.
    pub end_column: Option<usize>,
    /// Another place that it rests on.
    pub related: Option<Place>,
}

/// A place in a file.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}

/// The result of a budget.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JudgedBudget {
    /// Of what: `total`, `team` or `model`.
    pub of: Word,
    /// The team's or model's name.
    pub name: Option<String>,
    /// US dollars a month, a decimal string.
    pub limit_usd: String,
    /// What is spent in the most expensive period.
    pub monthly_usd: Option<String>,
    /// The part of it whose prices are known.
    pub priced_monthly_usd: Option<String>,
    /// That period.
    pub period: Option<String>,
    /// Whether the budget holds.
    pub outcome: Word,
}

/// What changed against the baseline.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// Quotas that changed.
    pub quotas: Vec<QuotaChange>,
    /// How many did not.
    pub quotas_unchanged: usize,
    /// Sums that changed.
    pub money: Vec<MoneyChange>,
}

/// A quota that changed.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuotaChange {
    /// The account.
    pub account: Option<String>,
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: String,
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: String,
    /// The quota code.
    pub code: Option<String>,
    /// `new`, `gone` or `changed`.
    pub change: Word,
    /// What was required.
    pub before: Option<u64>,
    /// What is required.
    pub now: Option<u64>,
}

/// A sum that changed, in US dollars a month.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MoneyChange {
    /// Of what: `total`, `team` or `model`.
    pub of: Word,
    /// The team's or model's name.
    pub name: Option<String>,
    /// `new`, `gone` or `changed`.
    pub change: Word,
    /// The sum before.
    pub before: Option<String>,
    /// The sum now.
    pub now: Option<String>,
    /// The part whose prices were known.
    pub priced_before: Option<String>,
    /// The part whose prices are known.
    pub priced_now: Option<String>,
}
