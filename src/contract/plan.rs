//! The document of `plan`, with the parts that a check shares.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::Word;
use super::action::{Action, NextCommand};
use super::cost::{Cost, WorkloadCost};
use super::parts::Limit;
use super::quota::Quota;

/// The result of `plan`.
// The quotas, the cost's rows and the findings may stand for lists that are made while they are written.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanDocument<Q = Vec<Quota>, W = Vec<WorkloadCost>, F = Vec<Finding>> {
    /// Version of the document.
    pub schema_version: u32,
    /// The source Region.
    pub region: Word,
    /// The assumptions.
    pub assumptions: Assumptions,
    /// The code of the quota that binds first.
    pub binding: Option<String>,
    /// Every quota.
    pub quotas: Q,
    /// Each account's tokens per day over all models.
    pub account_daily: Vec<Daily>,
    /// What it costs a month.
    pub cost: Cost<W>,
    /// What a check holds it against.
    pub limits: Limits,
    /// The findings.
    pub findings: F,
    /// The actions, the most urgent first.
    pub actions: Vec<Action>,
    /// The commands that come next; of a plan inside another document there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<NextCommand>,
}

/// The assumptions of a plan.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assumptions {
    /// Headroom on the peak, as a share.
    pub headroom: Option<Number>,
    /// Share of the time for which the burst level is enough.
    pub confidence: Option<Number>,
    /// The quantile of the standard normal distribution at that share.
    pub z: f64,
    /// Busiest minute over mean, where a row states none.
    pub peak_factor: Option<Number>,
    /// Seconds until the first token, where a row states no latency.
    pub seconds_to_first_token: Option<Number>,
    /// Output tokens a second after that.
    pub output_tokens_per_second: Option<Number>,
    /// Whether cache reads count in the reservation.
    pub reserve_cache_reads: Option<bool>,
    /// Whether reservations are held until completion.
    pub hold_until_completion: bool,
    /// The tight max_tokens exceeds the quantile by this factor.
    pub tight_max_tokens_margin: f64,
    /// The tight max_tokens is at least this many times the mean.
    pub tight_max_tokens_means: u64,
    /// The quantile of answers that it rests on.
    pub tight_max_tokens_quantile: f64,
    /// The date whose burndown statements decide.
    pub rates_as_of: Option<String>,
    /// The day that ages are counted to.
    pub today: String,
    /// Months of growth.
    pub months: Option<u32>,
    /// The zone of active hours.
    pub timezone: Option<String>,
    /// The account of rows that name none.
    pub account: Option<String>,
    /// The residency that all rows must keep.
    pub residency: Option<Word>,
    /// The edition of the severities.
    pub edition: Word,
}

/// What `check` holds a plan against, besides applied quotas.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "limits, which are an object")]
pub struct Limits {
    /// The largest share of a quota that may be used.
    pub max_utilisation: Option<Number>,
    /// The budgets.
    pub budgets: Vec<Budget>,
}

/// A budget.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "a budget, which is an object")]
pub struct Budget {
    /// Of what: `total`, `team` or `model`.
    pub of: Word,
    /// The team's or model's name.
    pub name: Option<String>,
    /// US dollars a month, a decimal string.
    pub limit_usd: String,
}

/// An account's tokens per day over all models.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Daily {
    /// The account; null where rows name none.
    pub account: Option<String>,
    /// The quota code.
    pub code: Option<String>,
    /// The applied quota, where given.
    pub granted: Option<Limit>,
    /// AWS's default, where known.
    pub default: Option<Limit>,
    /// Settled tokens per day, rounded up.
    pub settled: u64,
    /// Billed tokens per day, rounded up.
    pub billed: u64,
    /// The hour of the day at which settled tokens exceed the quota, to a tenth.
    pub hour_settled: Option<f64>,
    /// The hour of the day at which billed tokens exceed the quota, to a tenth.
    pub hour_billed: Option<f64>,
    /// Settled tokens of each model.
    pub shares: Vec<DailyShare>,
    /// Always true: AWS publishes no formula.
    pub estimate: bool,
}

/// A model's part of an account's day.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DailyShare {
    /// The model's id.
    pub model: String,
    /// Its settled tokens per day.
    pub settled: u64,
}

/// A finding of a plan.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Its code.
    pub code: Word,
    /// How much it matters.
    pub severity: Word,
    /// What it says.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The code of the quota that it is about.
    pub quota: Option<String>,
    /// What it is about, which identifies it.
    pub about: Option<String>,
    /// How many rows it is about.
    pub rows: usize,
    /// The file that it points into.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}
