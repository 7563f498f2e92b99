//! The documents of `sample`: statistics of answers, and how to read a burndown rate off CloudWatch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::{Cells, Decimal, LeftOut};

/// What prompts and answers used.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SampleDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// The model or profile that was called.
    pub called: String,
    /// How many answers there are.
    pub answers: usize,
    /// Calls that AWS throttled.
    pub throttled: usize,
    /// Calls that failed otherwise.
    pub failed: usize,
    /// Answers that max_tokens cut.
    pub output_cut: usize,
    /// How many answers ended for each reason.
    pub stop_reasons: BTreeMap<String, usize>,
    /// Records of invocation logs that are left out; where any log was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Vec<LeftOut>>,
    /// Input tokens an answer.
    pub input_tokens: Option<Spread>,
    /// Output tokens an answer.
    pub output_tokens: Option<Spread>,
    /// Tokens an answer that are read from the cache.
    pub cache_read_tokens: Option<Spread>,
    /// Tokens an answer that are written to the cache.
    pub cache_write_tokens: Option<Spread>,
    /// Seconds an answer.
    pub latency_seconds: Option<Spread>,
    /// The cells of a workloads row, in the order of its columns.
    pub workload: Cells,
}

/// Mean and ranks, exact decimals.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spread {
    /// The mean.
    pub mean: Decimal,
    /// The median.
    pub p50: Decimal,
    /// The ninety-fifth percentile.
    pub p95: Decimal,
    /// The largest.
    pub max: Decimal,
}

/// How to read a burndown rate from CloudWatch after one call with a known number of tokens.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RateDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// The model or profile that was called.
    pub called: String,
    /// The Region.
    pub region: Word,
    /// Input tokens of the call.
    pub input_tokens: u64,
    /// Tokens of it that were written to the cache.
    pub cache_write_tokens: u64,
    /// Output tokens of the call.
    pub output_tokens: u64,
    /// The rate that is planned.
    pub planned_rate: u32,
    /// How sure it is.
    pub planned_status: Word,
    /// The metric to read.
    pub metric: Metric,
    /// What it shows at each rate.
    pub expected: Vec<Expected>,
    /// The command that reads it.
    pub command: String,
    /// The overlay that states the rate; RATE stands for it.
    pub overlay: String,
}

/// A metric of CloudWatch.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Metric {
    /// Its namespace.
    pub namespace: Word,
    /// Its name.
    pub name: Word,
    /// The dimension.
    pub dimension: Word,
    /// The value of the dimension.
    pub value: String,
    /// The statistic.
    pub statistic: Word,
    /// The period, in seconds.
    pub period_seconds: u32,
    /// The first minute, UTC.
    pub start: Option<String>,
    /// The minute after the last, UTC.
    pub end: Option<String>,
}

/// What the metric shows at a rate.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expected {
    /// Quota tokens an output token.
    pub rate: u32,
    /// The metric's sum.
    pub quota_tokens: u64,
}
