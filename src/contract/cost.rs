//! What a plan costs a month: sums are decimal strings in US dollars, null where a price is not known.

use serde::{Deserialize, Serialize};

use super::Word;

/// The cost of a plan.
// `by_workload` may stand for a list that is made while it is written.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cost<W = Vec<WorkloadCost>> {
    /// `USD`.
    pub currency: Word,
    /// The most expensive period.
    pub period: Option<String>,
    /// The sum of that period's month.
    pub monthly_usd: Option<String>,
    /// The part of it whose prices are known.
    pub priced_monthly_usd: Option<String>,
    /// Each period.
    pub by_period: Vec<PeriodCost>,
    /// Each model.
    pub by_model: Vec<ModelCost>,
    /// Each team.
    pub by_team: Vec<TeamCost>,
    /// Each row of the most expensive period.
    pub by_workload: W,
    /// Each kind of token.
    pub by_kind: Vec<KindCost>,
    /// The prices, with their sources.
    pub prices: Vec<Price>,
}

/// A period's month.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeriodCost {
    /// The period; null for rows without one.
    pub period: Option<String>,
    /// Its sum.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: Option<String>,
}

/// A model's share, in the most expensive period and in its own largest.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelCost {
    /// The model's id.
    pub model: String,
    /// Its sum in the most expensive period.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: Option<String>,
    /// Its own largest period.
    pub largest_period: Option<String>,
    /// Its sum in that.
    pub largest_monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub largest_priced_monthly_usd: Option<String>,
}

/// A team's share, in the most expensive period and in its own largest.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamCost {
    /// The team; null for rows without one.
    pub team: Option<String>,
    /// Its sum in the most expensive period.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: Option<String>,
    /// Its own largest period.
    pub largest_period: Option<String>,
    /// Its sum in that.
    pub largest_monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub largest_priced_monthly_usd: Option<String>,
}

/// A row's share.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkloadCost {
    /// The workload's name.
    pub workload: String,
    /// Its account.
    pub account: Option<String>,
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Box<str>>,
    /// The line, from 1.
    pub line: usize,
    /// Its sum.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: Option<String>,
}

/// The share of a kind of token.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KindCost {
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Word,
    /// Its sum.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: Option<String>,
}

/// Where the prices of a model and scope were read.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Price {
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// Input tokens up to which this tier applies.
    pub up_to_input: Option<u64>,
    /// The Region that the price is of.
    pub priced_in: String,
    /// The page.
    pub source: String,
    /// The date on which it was read.
    pub as_of: String,
}
