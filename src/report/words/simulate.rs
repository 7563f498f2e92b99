//! What a language says of a simulation.

use super::actions::ActionSentence;
use super::sentence::Sentence;
use crate::experiment::{Band, Measure, Origin, Simulation};
use crate::report::{RequestQuota, ScopeSimulation, SimulateReport, TrafficSource};

/// What stands for a max_tokens that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxTokensAssumed {
    /// Every max_tokens is known.
    Nothing,
    /// The length of each answer.
    AsAnswered,
    /// The model's maximum.
    Unset,
}

/// Titles of the columns of a simulation.
#[derive(Debug, Clone, Copy)]
pub struct SimulateTitles {
    /// The quota that is simulated.
    pub simulated: &'static str,
    /// Requests.
    pub requests: &'static str,
    /// What the window that needs least needs.
    pub least: &'static str,
    /// What the window that needs most needs.
    pub most: &'static str,
    /// The same if max_tokens is unset.
    pub most_if_unset: &'static str,
    /// Requests per minute, short.
    pub requests_short: &'static str,
    /// What the formulas require.
    pub required: &'static str,
    /// That over the rolling safe quota.
    pub over_rolling: &'static str,
    /// The window.
    pub window: &'static str,
    /// What is needed, in tokens per minute.
    pub tokens: &'static str,
    /// The same if max_tokens is as long as each answer.
    pub if_tight: &'static str,
    /// The same if max_tokens is unset.
    pub if_unset: &'static str,
    /// What is needed, in requests per minute.
    pub requests_a_minute: &'static str,
    /// The safe quota.
    pub safe: &'static str,
    /// The first quota that meets the target.
    pub first_passing: &'static str,
    /// The worst phase of calendar minutes.
    pub worst_phase: &'static str,
    /// A quota that is tried.
    pub quota: &'static str,
    /// Where that quota comes from.
    pub origin: &'static str,
    /// The share of first attempts that is throttled.
    pub throttled: &'static str,
    /// The most that is used at a time.
    pub peak_use: &'static str,
    /// The share that is lost with retries.
    pub lost: &'static str,
    /// Attempts with retries.
    pub attempts: &'static str,
    /// A workload.
    pub workload: &'static str,
    /// The largest safe max_tokens.
    pub max_tokens: &'static str,
    /// How throttling falls as the quota rises.
    pub curve: &'static str,
    /// The unit of the curve.
    pub curve_unit: &'static str,
}

/// What a simulation says.
pub trait SimulateWords {
    /// The verdict, in sentences: first the assumption that matters most.
    fn simulate_verdict(&self, all: &SimulateReport<'_>) -> Vec<String>;

    /// What to do before a number is acted on: a verb, what, and why.
    fn simulate_steps(&self, all: &SimulateReport<'_>) -> Vec<(&'static str, ActionSentence)>;

    /// How the figures of a screen come about, a sentence each.
    fn simulate_method(&self, all: &SimulateReport<'_>) -> Vec<String>;

    /// What was read, and what of it is left out.
    fn trace_read(&self, source: &TrafficSource) -> Vec<String>;

    /// A simulated quota in one line: model, scope, code and account.
    fn simulated_quota(&self, of: &ScopeSimulation<'_>) -> String;

    /// Whose quota it is, and what was replayed.
    fn simulate_heading(&self, all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> String;

    /// That there is nothing to replay.
    fn no_requests(&self, of: &ScopeSimulation<'_>) -> String;

    /// That max_tokens is not known, with every digit of the two results between which the answer lies.
    fn max_tokens_unknown(&self, of: &ScopeSimulation<'_>) -> Option<Sentence>;

    /// That requests state a max_tokens above the model's maximum.
    fn above_maximum(&self, of: &ScopeSimulation<'_>) -> Option<Sentence>;

    /// That a trace is too short to base a quota request on.
    fn short_trace(&self, of: &ScopeSimulation<'_>) -> Option<Sentence>;

    /// What has to be known before the tables of one simulation, a paragraph each.
    fn simulate_lead(&self, all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Vec<String>;

    /// Which quota keeps to the target, in the windows tried.
    fn kept(&self, all: &SimulateReport<'_>, simulation: &Simulation, band: Band) -> String;

    /// From which quota on nothing is throttled; where `explains`, why a table has two quotas.
    fn unthrottled(&self, simulation: &Simulation, explains: bool) -> String;

    /// What the formulas say of the same requests.
    fn formulas(&self, all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> String;

    /// What a formula requires over the safe quota of the rolling window, in words.
    fn times_rolling(&self, of: &ScopeSimulation<'_>) -> Option<String>;

    /// What was assumed, a sentence each.
    fn simulate_assumptions(&self, all: &SimulateReport<'_>) -> Vec<String>;

    /// Heading of what follows if max_tokens is as assumed.
    fn if_assumed(&self, of: &ScopeSimulation<'_>, assumed: MaxTokensAssumed) -> String;

    /// Heading of the quotas that were tried.
    fn tried_heading(&self, source: &TrafficSource, assumed: MaxTokensAssumed) -> String;

    /// Heading of the same by workload; `left` workloads are not shown.
    fn by_workload_heading(&self, measure: Measure, left: usize) -> String;

    /// Heading of the curve.
    fn curve_heading(&self, assumed: MaxTokensAssumed) -> String;

    /// Heading of the largest safe max_tokens, or that the model takes none.
    fn solutions_heading(&self, of: &ScopeSimulation<'_>) -> String;

    /// Heading of the quota of requests per minute.
    fn requests_heading(&self, quota: &RequestQuota) -> String;

    /// A window.
    fn window(&self, measure: Measure) -> &'static str;

    /// A window in one word.
    fn window_word(&self, measure: Measure) -> &'static str;

    /// The worst phase of calendar minutes, as a row below its window.
    fn worst_phase_row(&self) -> &'static str;

    /// Why a quota is tried.
    fn quota_origin(&self, origin: Origin) -> &'static str;

    /// The quota of requests per minute, as a row of the quotas that were tried.
    fn requests_origin(&self, origin: Origin) -> String;

    /// A share of requests.
    fn share_of_requests(&self, part: u64, whole: u64) -> String;

    /// A range of shares of requests.
    fn shares_of_requests(&self, least: u64, most: u64, whole: u64) -> String;

    /// The name of a line of the curve: an assumption, and from which quota to which it goes.
    fn curve_name(&self, assumed: MaxTokensAssumed, measure: Measure, simulation: &Simulation) -> String;

    /// Titles of the columns.
    fn simulate_titles(&self) -> SimulateTitles;

    /// What a cell says where there is no such quota.
    fn no_quota(&self) -> &'static str;
}
