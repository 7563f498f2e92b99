//! The document of `whatif`.

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::{Limit, QuotaKey};
use super::plan::PlanDocument;

/// The result of `whatif`.
// A plan may stand for one that is made while it is written.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhatifDocument<P = PlanDocument> {
    /// Version of the document.
    pub schema_version: u32,
    /// The plan of the files as they are.
    pub base: P,
    /// The plans of the scenarios.
    pub scenarios: Vec<Scenario<P>>,
    /// Answers to `--solve`.
    pub solutions: Vec<Solution>,
    /// What a tenth more of each input changes.
    pub sensitivity: Vec<Sensitivity>,
    /// How long the quotas are enough.
    pub runway: Vec<Runway>,
}

/// A scenario.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scenario<P = PlanDocument> {
    /// Its name.
    pub name: String,
    /// Its plan.
    pub plan: P,
    /// Its quotas against the base.
    pub difference: Vec<Difference>,
    /// The change of the cost, in US dollars a month.
    pub monthly_usd_change: Option<String>,
}

/// A quota of a scenario against the base.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// Which quota.
    #[serde(flatten)]
    pub quota: QuotaKey,
    /// `new`, `gone`, `changed` or `unchanged`.
    pub change: Word,
    /// What is required.
    pub required: Option<u64>,
    /// By how much more that is.
    pub required_change: Option<i64>,
}

/// The answer to a question about one input.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Solution {
    /// The question: `requests`, `max-tokens` or `cache-share`.
    pub question: Word,
    /// The code of the quota that binds.
    pub quota: Option<String>,
    /// The answer; null where there is none.
    pub value: Option<String>,
    /// Whether a quota bounds it.
    pub bounded: bool,
    /// The quota that binds.
    pub binding: Option<QuotaKey>,
    /// What that quota requires one step further.
    pub required_one_step_further: Option<u64>,
}

/// What inputs do to a quota.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sensitivity {
    /// Which quota.
    #[serde(flatten)]
    pub quota: QuotaKey,
    /// What is required.
    pub required: Option<u64>,
    /// Each input, the largest effect first.
    pub effects: Vec<Effect>,
}

/// What an input does to a quota.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Effect {
    /// The input's name.
    pub input: Word,
    /// By how much more is required.
    pub required_change: Option<i64>,
}

/// How long a quota is enough.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Runway {
    /// Which quota.
    #[serde(flatten)]
    pub quota: QuotaKey,
    /// Whole months until it is exceeded.
    pub months: Option<u32>,
    /// When it is exceeded.
    pub passed: Option<String>,
    /// When to ask for more.
    pub ask_by: Option<String>,
    /// What is to be done.
    pub action: Option<Word>,
    /// The default to which AWS is asked to restore a lower applied quota.
    pub restore_to: Option<Limit>,
    /// The date by which to move to another model.
    pub move_by: Option<String>,
    /// The day of the model's retirement.
    pub retirement: Option<String>,
}
