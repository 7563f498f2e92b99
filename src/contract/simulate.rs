//! The document of `simulate`.

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::Limit;
use super::trace::{Counts, Finding};

/// The result of `simulate`: flat where there is one simulation.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum SimulateDocument {
    /// One simulation.
    One {
        /// Version of the document.
        schema_version: u32,
        /// The simulation.
        #[serde(flatten)]
        simulation: Box<Simulation>,
        /// What applies to all simulations.
        #[serde(flatten)]
        beside: Beside,
    },
    /// Several.
    Several {
        /// Version of the document.
        schema_version: u32,
        /// The simulations.
        simulations: Vec<Simulation>,
        /// What is said once.
        #[serde(flatten)]
        beside: Beside,
    },
}

/// What applies to all simulations.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Beside {
    /// What you should know before you act on a number.
    pub findings: Vec<Finding>,
    /// What was not simulated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_simulated: Vec<String>,
    /// The edition of the severities.
    pub edition: Word,
}

/// The simulation of a model in a scope.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Simulation {
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// The planned quota that requests were drawn for.
    #[serde(flatten)]
    pub planned: Option<Planned>,
    /// The requests.
    pub trace: Trace,
    /// The assumptions.
    pub assumptions: Assumptions,
    /// The safe quota over all windows.
    pub band: Option<Band>,
    /// Each window.
    pub windows: Vec<Window>,
    /// Quotas that were asked about.
    pub requested: Vec<Requested>,
    /// Where some max_tokens are not known: the same with the model's maximum for them.
    pub at_maximum: Option<AtMaximum>,
    /// The result if inputs included what was cached, where records leave that open.
    pub if_cached_in_input: Option<CacheOpen>,
    /// The quota of requests per minute; null where the model has none.
    pub requests_per_minute: Option<Requests>,
    /// What the formulas of AWS's guidance give.
    pub formula: Option<Formula>,
    /// What a plan of the same requests gives.
    pub closed_form: ClosedForm,
    /// Other remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Answers to `--solve`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solutions: Option<Vec<Solution>>,
}

/// What is found with the model's maximum where max_tokens is not known; all null or empty, with the reason, where
/// that cannot be found.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AtMaximum {
    /// The maximum, in tokens.
    pub max_tokens: Option<u64>,
    /// The safe quota over all windows.
    pub band: Option<Band>,
    /// Each window.
    pub windows: Vec<Window>,
    /// Quotas that were asked about.
    pub requested: Vec<Requested>,
    /// What a plan of the same requests gives.
    pub closed_form: Option<ClosedForm>,
    /// Why there is nothing.
    pub refused: Option<String>,
}

/// The planned quota that requests were drawn for.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Planned {
    /// The account.
    pub account: Option<String>,
    /// The quota code.
    pub code: Option<String>,
    /// Whether it is the quota for long contexts.
    pub long_context: bool,
    /// The period of the largest requirement.
    pub binding_period: Option<String>,
    /// The hour of the largest requirement, 0 to 23.
    pub binding_hour: Option<u32>,
    /// How many requests the rates give.
    pub expected_requests: u64,
}

/// The requests that were replayed.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trace {
    /// The format of the file, or `drawn`.
    pub format: Word,
    /// How many.
    pub requests: u64,
    /// From the first to the last.
    pub duration_seconds: f64,
    /// The mean.
    pub requests_per_minute: Option<f64>,
    /// The busiest minute.
    pub peak_requests_per_minute: Option<u64>,
    /// What is known of their max_tokens.
    pub max_tokens: MaxTokensKnown,
    /// What was counted on reading; null for drawn requests, which no file holds.
    pub read: Option<Counts>,
    /// How they were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
}

/// Requests by what is known of their max_tokens.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MaxTokensKnown {
    /// Stated.
    pub stated: u64,
    /// Not set.
    pub unset: u64,
    /// Not known.
    pub unknown: u64,
}

/// The result if inputs included what was cached, where records leave that open.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CacheOpen {
    /// How many requests leave it open.
    pub requests: u64,
    /// The safe quota over all windows.
    pub band: Option<Band>,
}

/// How requests were drawn.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drawn {
    /// Minutes.
    pub minutes: u32,
    /// The seed.
    pub seed: u64,
}

/// The assumptions.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assumptions {
    /// Quota tokens an output token.
    pub burndown: u32,
    /// How sure that is.
    pub burndown_status: Word,
    /// The date whose burndown statements decide.
    pub rates_as_of: Option<String>,
    /// What is used as max_tokens.
    pub max_tokens: MaxTokens,
    /// Seconds until the first token.
    pub seconds_to_first_token: f64,
    /// Output tokens a second after that.
    pub output_tokens_per_second: f64,
    /// Whether cache reads count in the reservation.
    pub reserve_cache_reads: bool,
    /// Whether reservations are held until completion.
    pub hold_until_completion: bool,
    /// The share of first attempts that may be throttled.
    pub target: f64,
    /// The same in requests.
    pub allowed: u64,
    /// Retries of a request.
    pub retries: u8,
    /// The seed.
    pub seed: u64,
    /// The factor on the requests.
    pub scale: f64,
    /// Whether requests are repeated instead of moved closer together.
    pub replicate: bool,
    /// The life of a cache entry.
    pub cache_life_minutes: Option<u32>,
    /// Headroom on the peak, as a share.
    pub headroom: f64,
    /// Share of the time for which the burst level is enough.
    pub confidence: f64,
}

/// What is used as max_tokens: a number of tokens, `actual` or `unset`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum MaxTokens {
    /// `actual` or `unset`.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["actual", "unset"])))]
    Word(Word),
    /// At least so many tokens.
    Tokens(u64),
}

/// The ends of a range.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Band {
    /// Its low end.
    pub low: u64,
    /// Its high end.
    pub high: u64,
}

/// What was found with a window.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Window {
    /// The window: `rolling`, `minute` or `bucket`.
    pub window: Word,
    /// The most that is used at once without throttling.
    pub peak_unthrottled: u64,
    /// The smallest quota from which on no more than the target is throttled.
    pub safe_quota: Option<u64>,
    /// The smallest quota that throttles no more than the target.
    pub first_passing: Option<u64>,
    /// The share of first attempts that may be throttled.
    pub target: f64,
    /// The worst of 60 phases, for windows of whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst_phase: Option<Phase>,
    /// What quotas around it throttle.
    pub curve: Vec<Point>,
}

/// A phase of whole minutes.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phase {
    /// Seconds after the minute.
    pub phase_seconds: u8,
    /// The safe quota.
    pub safe_quota: u64,
}

/// What a quota throttles.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// The quota.
    pub quota: u64,
    /// Requests that are throttled.
    pub throttled: u64,
    /// Their share.
    pub throttled_share: Option<f64>,
}

/// What a quota that was asked about does.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requested {
    /// The window's word.
    pub window: Word,
    /// The quota.
    pub quota: u64,
    /// Where it comes from.
    pub origin: Word,
    /// Without retries.
    #[serde(flatten)]
    pub dropped: Outcome,
    /// With retries.
    pub with_retries: Option<Outcome>,
    /// Each workload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_workload: Option<Vec<WorkloadOutcome>>,
}

/// What a quota does to a workload.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkloadOutcome {
    /// The workload's name.
    pub workload: String,
    /// Its requests.
    pub requests: u64,
    /// Without retries.
    #[serde(flatten)]
    pub dropped: Outcome,
    /// With retries.
    pub with_retries: Option<Outcome>,
}

/// The results of the requests.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// Requests whose first attempt is throttled.
    pub throttled: u64,
    /// Their share.
    pub throttled_share: Option<f64>,
    /// Requests that are lost.
    pub lost: u64,
    /// Their share.
    pub lost_share: Option<f64>,
    /// Attempts.
    pub attempts: u64,
    /// Attempts that are throttled.
    pub throttled_attempts: u64,
    /// The most that is used at once.
    pub peak_use: u64,
}

/// The quota of requests per minute.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requests {
    /// The quota code.
    pub code: Option<String>,
    /// The applied quota, where given.
    pub granted: Option<Limit>,
    /// AWS's default, where known.
    pub default: Option<Limit>,
    /// Which of the two is judged: `granted` or `default`.
    pub capacity_source: Option<Word>,
    /// The period of the largest requirement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_period: Option<String>,
    /// The hour of the largest requirement, 0 to 23.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_hour: Option<u32>,
    /// The most requests in 60 seconds.
    pub peak: u64,
    /// The safe quota over all windows.
    pub band: Option<Band>,
    /// Each window.
    pub windows: Vec<RequestWindow>,
    /// Quotas that were asked about.
    pub requested: Vec<RequestedRequests>,
}

/// What was found with a window for requests per minute.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestWindow {
    /// The window's word.
    pub window: Word,
    /// The smallest quota from which on no more than the target is throttled.
    pub safe_quota: Option<u64>,
    /// The smallest quota that throttles no more than the target.
    pub first_passing: Option<u64>,
    /// The worst of 60 phases, for windows of whole minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst_phase: Option<Phase>,
}

/// What a quota of requests per minute does.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestedRequests {
    /// The window's word.
    pub window: Word,
    /// The quota.
    pub quota: u64,
    /// Where it comes from.
    pub origin: Word,
    /// Requests whose first attempt is throttled.
    pub throttled: u64,
    /// Their share.
    pub throttled_share: Option<f64>,
}

/// What the formulas of AWS's guidance give.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Formula {
    /// Quota tokens of the mean minute.
    pub mean_rate: u64,
    /// Quota tokens of the busiest minute.
    pub peak_minute: u64,
    /// What to ask for.
    pub ask: Option<u64>,
    /// Whether that suffices for every window.
    pub suffices: Option<bool>,
}

/// What a plan of the same requests gives.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClosedForm {
    /// Settled tokens of the mean minute.
    pub steady: Option<u64>,
    /// Settled tokens of the busiest minute.
    pub peak: Option<u64>,
    /// The level that is enough for the chosen share of the time.
    pub burst: Option<u64>,
    /// Peak plus headroom.
    pub formula: Option<u64>,
    /// What the quota must be.
    pub required: Option<u64>,
    /// That over the safe quota of a rolling window.
    pub ratio_to_rolling: Option<f64>,
    /// Why there is none.
    pub refused: Option<String>,
}

/// The answer to a question about one input.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Solution {
    /// The question: `requests`, `max-tokens` or `cache-share`.
    pub question: Word,
    /// The window's word.
    pub window: Word,
    /// The quota.
    pub quota: u64,
    /// The answer; null where there is none.
    pub value: Option<u64>,
}
