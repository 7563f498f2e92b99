//! A quota with its figures, what its rows contribute, and where the figures come from.

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::{Limit, Share, Source};

with_figures! {
    /// A quota of a plan or of a check.
    // `contributions` may stand for a list that is made while it is written; where no one asks for the lists, both may
    // stand for nothing.
    #[derive(Debug, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    Quota<C = Vec<Contribution>, L = Vec<Lever>> {
        /// The account; null where rows name none.
        pub account: Option<String>,
        /// The model's id.
        pub model: String,
        /// The scope: `us`, `global`, `ca` or `in-region`.
        pub scope: Word,
        /// The kind: `tpm`, `rpm` or `tpd`.
        pub kind: Word,
        /// The quota code; null where it is not known.
        pub code: Option<String>,
        /// AWS's name of the quota.
        pub name: Option<String>,
        /// Whether Service Quotas can raise it.
        pub adjustable: Option<bool>,
    } {
        /// What was simulated for it, with `--simulate`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub simulated: Option<Simulated>,
        /// The largest max_tokens at which the requirement stays within the quota, in tokens.
        pub fitting_max_tokens: Option<u64>,
        /// The period of the largest requirement.
        pub binding_period: Option<String>,
        /// The hour of the largest requirement, 0 to 23.
        pub binding_hour: Option<u32>,
        /// Requirements if the busiest minute, which is not stated, is a multiple of the mean.
        pub assumed_peak: Vec<AssumedPeak>,
        /// What would lower the requirement.
        pub levers: L,
        /// What each row contributes.
        pub contributions: C,
        /// Where the burndown rate and the default come from.
        pub provenance: Provenance,
        /// What a check made of it; a plan has no such key.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub outcome: Option<Word>,
        /// What a check held it against; a plan has no such key.
        #[serde(default, deserialize_with = "super::parts::present", skip_serializing_if = "Option::is_none")]
        #[allow(clippy::option_option)]
        pub judged_against: Option<Option<Limit>>,
        /// Whether that was AWS's default because no applied quota is given; a plan has no such key.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub assumed_default: Option<bool>,
    }
}

/// The safe quota that a replay of drawn requests found; what is not known is null, with the reason.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Simulated {
    /// The smallest quota that throttles no more than the target.
    pub safe_quota: Option<u64>,
    /// The low end over all windows.
    pub low: Option<u64>,
    /// The high end over all windows.
    pub high: Option<u64>,
    /// Minutes drawn of each set of active rows.
    pub minutes: u32,
    /// The seed of the draws.
    pub seed: u64,
    /// Requests of all periods and hours tried; null where none could be drawn.
    pub requests: Option<u64>,
    /// The share of first attempts that may be throttled.
    pub target: f64,
    /// Why nothing was simulated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A requirement at an assumed ratio of the busiest minute to the mean.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssumedPeak {
    /// The ratio.
    pub times_mean: u32,
    /// What is required then.
    pub required: Option<u64>,
}

/// Something that lowers the requirement.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lever {
    /// Its word.
    pub lever: Word,
    /// What is required with it.
    pub required: Option<u64>,
}

/// What a row contributes to a quota.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contribution {
    /// The workload's name.
    pub workload: String,
    /// Its team.
    pub team: Option<String>,
    /// Its period.
    pub period: Option<String>,
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Box<str>>,
    /// The line, from 1.
    pub line: usize,
    /// Its rates, and how they are stated.
    pub rate: Rates,
    /// Settled tokens (or requests) of its mean minute.
    pub steady: u64,
    /// The same for its busiest minute.
    pub peak: u64,
    /// Its share of the quota's peak.
    pub share: Share,
    /// Tokens per request.
    pub per_request: PerRequest,
}

/// A row's rates of model calls a minute before growth, to six decimals rounded up.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rates {
    /// The mean.
    pub requests_per_minute: f64,
    /// The busiest minute, where stated.
    pub peak_requests_per_minute: Option<f64>,
    /// Busiest minute over mean, where stated.
    pub peak_factor: Option<f64>,
    /// The column that states the mean.
    pub column: Word,
    /// The number in it.
    pub stated: f64,
    /// The users it is multiplied by.
    pub users: Option<f64>,
    /// Model calls per request.
    pub calls_per_request: Option<f64>,
}

/// Quota tokens of one request of a row, rounded up.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PerRequest {
    /// Once it is answered.
    pub settled: u128,
    /// At its start.
    pub reservation: Option<u128>,
    /// What the reservation holds beyond what is settled.
    pub hold: Option<u128>,
    /// What is settled beyond the reservation.
    pub debt: Option<u128>,
}

/// Where the burndown rate and the default come from.
#[derive(Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provenance {
    /// The burndown rate.
    pub burndown: Burndown,
    /// The default, where the model table lists the quota.
    pub default: Option<Source>,
}

/// The burndown rate that was planned.
#[derive(Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Burndown {
    /// Quota tokens an output token.
    pub output: u32,
    /// How sure it is.
    pub status: Word,
    /// The page that states it.
    pub source: Option<String>,
    /// The date on which it was read.
    pub as_of: Option<String>,
    /// Other rates that AWS states.
    pub alternatives: Vec<Alternative>,
}

/// Another burndown rate that AWS states.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alternative {
    /// Quota tokens an output token.
    pub output: u32,
    /// How sure it is.
    pub status: Word,
    /// The page that states it.
    pub source: String,
    /// The date on which it was read.
    pub as_of: String,
    /// What would be required at that rate.
    pub required: Option<u64>,
}
