//! What a later check reads of a plan or of a check: the keys that it compares, and no other.
//!
//! Keys that are not compared may have any type here, so that a document of a later version can be read; a key that is
//! missing is null. `plan.rs` and `quota.rs` describe the keys.

use serde::Deserialize;
use serde_json::Number;

use super::Word;
use super::parts::Limit;
use super::plan::Limits;

/// The version alone, so that a later form is named as such whatever else is in it.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a plan, which is an object")]
pub struct Version {
    /// Version of the document.
    pub schema_version: u64,
}

/// An earlier plan or check.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a plan, which is an object")]
pub struct Document {
    /// The assumptions.
    pub assumptions: Assumptions,
    /// Every quota.
    pub quotas: Vec<Quota>,
    /// Each account's tokens per day over all models.
    #[serde(default)]
    pub account_daily: Vec<Daily>,
    /// What it cost a month.
    pub cost: Option<Cost>,
    /// What it was held against.
    pub limits: Option<Limits>,
    /// The findings.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// The assumptions that move every figure.
#[derive(Debug, Deserialize)]
#[serde(expecting = "assumptions, which are an object")]
pub struct Assumptions {
    /// Headroom on the peak, as a share.
    pub headroom: Option<Number>,
    /// Share of the time for which the burst level is enough.
    pub confidence: Option<Number>,
    /// Busiest minute over mean, where a row states none.
    pub peak_factor: Option<Number>,
    /// Seconds until the first token, where a row states no latency.
    pub seconds_to_first_token: Option<Number>,
    /// Output tokens a second after that.
    pub output_tokens_per_second: Option<Number>,
    /// Whether cache reads count in the reservation.
    pub reserve_cache_reads: Option<bool>,
    /// The date whose burndown statements decide.
    pub rates_as_of: Option<String>,
    /// Months of growth.
    pub months: Option<u32>,
    /// The zone of active hours.
    pub timezone: Option<String>,
}

/// A quota.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a quota, which is an object")]
pub struct Quota {
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
    /// What was required.
    pub required: Option<u64>,
    /// The applied quota.
    pub granted: Option<Limit>,
    /// AWS's default.
    pub default: Option<Limit>,
}

/// An account's tokens per day over all models.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a day of an account, which is an object")]
pub struct Daily {
    /// The account.
    pub account: Option<String>,
    /// The applied quota.
    pub granted: Option<Limit>,
    /// AWS's default.
    pub default: Option<Limit>,
    /// Settled tokens per day.
    pub settled: u64,
    /// Billed tokens per day.
    pub billed: u64,
}

/// What a plan cost a month.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a cost, which is an object")]
pub struct Cost {
    /// The sum of the most expensive period's month.
    pub monthly_usd: Option<String>,
    /// The part of it whose prices were known.
    pub priced_monthly_usd: Option<String>,
    /// Each model.
    pub by_model: Vec<ModelCost>,
    /// Each team.
    pub by_team: Vec<TeamCost>,
}

/// A model's share in its own largest period.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a share of the cost, which is an object")]
pub struct ModelCost {
    /// The model's id.
    pub model: String,
    /// Its sum.
    pub largest_monthly_usd: Option<String>,
    /// The part whose prices were known.
    pub largest_priced_monthly_usd: Option<String>,
}

/// A team's share in its own largest period.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a share of the cost, which is an object")]
pub struct TeamCost {
    /// The team.
    pub team: Option<String>,
    /// Its sum.
    pub largest_monthly_usd: Option<String>,
    /// The part whose prices were known.
    pub largest_priced_monthly_usd: Option<String>,
}

/// What the findings of a plan and of a check have in common.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a finding, which is an object")]
pub struct Finding {
    /// Its code.
    pub code: Word,
    /// What it is about; a check writes nothing as an empty text.
    pub about: Option<String>,
    /// How many rows it is about.
    #[serde(default)]
    pub rows: usize,
    /// The line, from 1.
    pub line: Option<u64>,
    /// What it says.
    #[serde(default)]
    pub message: String,
}
