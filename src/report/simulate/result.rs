//! What every report of a simulation needs: the results themselves, what was assumed, and shares.

use crate::catalog::{ChosenRate, Model, Scope};
use crate::config::Policy;
use crate::engine::QuotaId;
use crate::experiment::{
    Band, Charging, ClosedForm, ClosedFormFault, Drawing, MaxTokens, Measure, Origin, Profile, ReplayFault,
    Requested, Scale, Simulation,
};
use crate::report::position::{FilePosition, places};
use crate::simulate::{ReplayResult, Retries};
use crate::text::{Code, Diagnostic, FactDate, Severity, Sources};
use crate::trace::{Counts, FilesRead, Format, LeftOut, LimitCounts};
use crate::units::{Limit, MILLIONTHS, QuotaAmount, Ratio};

/// What was asked of all simulations of a run.
#[derive(Debug, Clone)]
pub struct SimulateOptions {
    /// The share of first attempts that may be throttled.
    pub target: Ratio,
    /// How throttled requests are sent again, where that was tried.
    pub retries: Option<Retries>,
    /// Seed of the random draws.
    pub seed: u64,
    /// By how much the rate was multiplied, and how.
    pub scale: Option<Scale>,
    /// The date of the burndown rates, where one was given.
    pub rates_as_of: Option<FactDate>,
    /// Headroom of the formula.
    pub headroom: Ratio,
    /// Confidence of the closed form.
    pub confidence: Ratio,
    /// The date by which a model is Legacy or not.
    pub today: FactDate,
    /// Which findings matter, and how much.
    pub policy: Policy,
    /// Minutes that a prefix stays in the cache, for traces of blocks.
    pub cache_life_minutes: Option<u32>,
}

/// Where requests come from.
#[derive(Debug, Clone)]
pub enum TrafficSource {
    /// A trace that was read.
    Trace {
        /// Its kind.
        format: Format,
        /// What was counted on reading, over all models.
        counts: Counts,
        /// Records that are left out, by reason and name.
        left_out: Vec<LeftOut>,
        /// The files it was read from, where several paths were named, or a folder.
        files: Option<FilesRead>,
    },
    /// Rows of workloads, for which requests were drawn.
    Drawn(Drawing),
}

/// The planned quota that requests were drawn for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedQuota {
    /// Which quota it is.
    pub id: QuotaId,
    /// The period its rows were taken from, where they name any.
    pub period: Option<String>,
    /// The hour of the day they were taken from.
    pub hour: Option<u32>,
    /// How many requests there are in the mean of all seeds.
    pub expected_requests: u64,
}

/// What AWS's formula gives, tokens per minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formula {
    /// At the mean rate.
    pub mean_rate: QuotaAmount,
    /// At the busiest minute.
    pub peak_minute: QuotaAmount,
    /// The busiest minute and its headroom; `None` above 10^18.
    pub ask: Option<QuotaAmount>,
}

/// A question about a quota and its answer: the largest safe max_tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxTokensAnswer {
    /// The window.
    pub measure: Measure,
    /// The quota, tokens per minute.
    pub quota: QuotaAmount,
    /// The largest max_tokens; `None` where not even 1 is safe.
    pub max_tokens: Option<u64>,
}

/// The same requests with the model's maximum wherever their max_tokens is not known.
#[derive(Debug)]
pub struct AtMaximum {
    /// What was found.
    pub simulation: Simulation,
    /// What the formula's ask would have done, where no quota is named and none is applied.
    pub at_ask: Vec<Requested>,
    /// What the plan of the same row says at these max_tokens; or why it says nothing.
    pub closed_form: Result<ClosedForm, ClosedFormFault>,
}

/// Requests whose record may count what was cached in its input too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheOpen {
    /// How many.
    pub requests: u64,
    /// What is needed if it does, tokens per minute; `None` where no number is.
    pub band_if_included: Option<Band>,
}

/// The quota of requests per minute that the same requests count against, replayed on its own.
#[derive(Debug)]
pub struct RequestQuota {
    /// What is known of it.
    pub limits: RequestLimits,
    /// The period and hour that need most of it, of drawn requests; others than those of the tokens perhaps.
    pub period: Option<String>,
    /// The hour.
    pub hour: Option<u32>,
    /// What was found, in requests per minute.
    pub simulation: Simulation,
}

/// What is known of a quota of requests per minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLimits {
    /// Its code, where known.
    pub code: Option<String>,
    /// The applied value, where it is stated.
    pub granted: Option<Limit>,
    /// AWS's default, where known.
    pub default: Option<Limit>,
}

impl RequestLimits {
    /// What there is: the applied value, else the default.
    #[must_use]
    pub fn capacity(&self) -> Option<(Limit, Origin)> {
        let granted = self.granted.map(|limit| (limit, Origin::Granted));
        granted.or_else(|| self.default.map(|limit| (limit, Origin::Default)))
    }
}

/// What a person should know before a number of a simulation is acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationFinding {
    /// Which kind it is.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What there is to know, in a sentence.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where in the trace, for what was noticed on reading it.
    pub place: Option<FilePosition>,
}

impl SimulationFinding {
    /// What was noticed on reading a file that is used all the same.
    #[must_use]
    pub fn of_reading(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let place = match diagnostic.place {
            crate::text::Place::Span(span) => places(sources, span),
            crate::text::Place::File(_) | crate::text::Place::Path(_) => None,
        };
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            place,
        }
    }
}

/// One simulation: of the requests of a model and scope.
#[derive(Debug)]
pub struct ScopeSimulation<'a> {
    /// The model.
    pub model: &'a Model,
    /// The scope.
    pub scope: Scope,
    /// The planned quota, where requests were drawn for one.
    pub planned: Option<PlannedQuota>,
    /// Whose requests they are, by workload index; empty where no difference is made.
    pub workloads: Vec<String>,
    /// The burndown rate and its status.
    pub rate: ChosenRate,
    /// How requests were charged.
    pub charging: Charging,
    /// From the first arrival to the last, in microseconds.
    pub duration_microseconds: u64,
    /// How many of the requests state a max_tokens; none of any kind where the model takes none.
    pub limits: LimitCounts,
    /// Requests that state a max_tokens above the model's maximum, and are charged it.
    pub above_maximum: u64,
    /// What the trace has too little of to base a quota request on.
    pub short: Option<ShortTrace>,
    /// What has to be known about it besides, in sentences.
    pub notes: Vec<String>,
    /// What was found; where some max_tokens are not known, with the output as the limit.
    pub simulation: Simulation,
    /// What the formula's ask and AWS's default would have done, where no quota is named and none is applied: for people
    /// alone.
    pub at_ask: Vec<Requested>,
    /// The same with the model's maximum for what is not known, or why there is no such result; `None` where
    /// all is known, or was settled by whoever asked.
    pub at_maximum: Option<Result<AtMaximum, ReplayFault>>,
    /// What would be needed if inputs included what was cached, where some records leave that open.
    pub cache_open: Option<CacheOpen>,
    /// The quota of requests per minute, where the model has one.
    pub requests_per_minute: Option<RequestQuota>,
    /// The traffic described the way a workloads row does; `None` where there is none.
    pub profile: Option<Profile>,
    /// What AWS's formula gives for it; `None` where there is none.
    pub formula: Option<Formula>,
    /// What the plan of that row says, or of the rows that requests were drawn for; or why it says
    /// nothing.
    pub closed_form: Result<ClosedForm, ClosedFormFault>,
    /// Answers about max_tokens, where asked for.
    pub solutions: Option<Vec<MaxTokensAnswer>>,
}

/// Everything that simulations are reported from.
#[derive(Debug)]
pub struct SimulateReport<'a> {
    /// What was asked.
    pub asking: SimulateOptions,
    /// Where the requests come from.
    pub source: TrafficSource,
    /// What was noticed on reading.
    pub findings: Vec<SimulationFinding>,
    /// What is not simulated, and why, in sentences.
    pub left_out: Vec<String>,
    /// By model and scope.
    pub simulated: Vec<ScopeSimulation<'a>>,
    /// The traffic as words of another command, with the model and scope where they were typed.
    pub typed: Option<String>,
}

/// What a trace has too little of to base a quota request on, as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortTrace {
    /// Its requests of the model and scope, where they are too few.
    pub requests: Option<u64>,
    /// Its length in microseconds, where it is too short.
    pub duration_microseconds: Option<u64>,
}

impl ShortTrace {
    /// Fewer are too few: at 0.1 % a thousand may have one throttled.
    pub const REQUESTS: u64 = 1_000;
    /// Less time is too short.
    pub const MINUTES: u64 = 15;

    /// Judges a trace; `None` where it has enough of both.
    #[must_use]
    pub fn of(requests: u64, duration_microseconds: u64) -> Option<Self> {
        let short = Self {
            requests: (requests < Self::REQUESTS).then_some(requests),
            duration_microseconds: (duration_microseconds < Self::MINUTES * 60 * MILLIONTHS)
                .then_some(duration_microseconds),
        };
        (short.requests.is_some() || short.duration_microseconds.is_some()).then_some(short)
    }
}

impl ScopeSimulation<'_> {
    /// Whether what every request reserves is known: it is stated, unset, settled on the command line, or
    /// the model takes none.
    pub(in crate::report) fn limits_are_known(&self) -> bool {
        !self.charging.generates || self.charging.max_tokens != MaxTokens::Actual || self.limits.unknown == 0
    }

    /// AWS's default of the quota of tokens per minute, where it is known and there is a limit.
    pub(in crate::report) fn default_quota(&self) -> Option<QuotaAmount> {
        self.model.default_tokens_per_minute(self.scope)
    }

    /// The simulation with the model's maximum for what is not known, where there is one with requests.
    pub(in crate::report) fn unset(&self) -> Option<(&AtMaximum, Band)> {
        let unset = self.at_maximum.as_ref()?.as_ref().ok()?;
        Some((unset, unset.simulation.band?))
    }

    /// The quota that the result is held against: the applied one, else one that was named, else AWS's default, else
    /// what the formula asks for.
    pub(in crate::report) fn held_against(&self) -> Option<HeldAgainst> {
        self.held(&[Origin::Granted, Origin::Asked, Origin::Default, Origin::Formula])
    }

    /// What the formula asks for, where the result is held against AWS's default.
    pub(in crate::report) fn formula_beside_default(&self) -> Option<HeldAgainst> {
        let held = self.held_against().filter(|held| held.origin == Origin::Default)?;
        self.held(&[Origin::Formula]).filter(|formula| formula.quota != held.quota)
    }

    /// The first of the quotas that were tried for these reasons.
    fn held(&self, order: &[Origin]) -> Option<HeldAgainst> {
        let tried = || self.simulation.requested.iter().chain(&self.at_ask);
        let first = order.iter().find_map(|origin| tried().find(|tried| tried.origin == *origin))?;
        let of_first = |tried: &&Requested| tried.quota == first.quota;
        let unset = self.unset().and_then(|(unset, _)| {
            let tried = unset.simulation.requested.iter().chain(&unset.at_ask);
            ThrottledRange::of(tried.filter(of_first))
        });
        Some(HeldAgainst {
            quota: first.quota,
            origin: first.origin,
            throttled: ThrottledRange::of(tried().filter(of_first))?,
            unset,
        })
    }
}

/// A quota that a result is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct HeldAgainst {
    /// The quota.
    pub(in crate::report) quota: QuotaAmount,
    /// Why it is this one.
    pub(in crate::report) origin: Origin,
    /// What it throttles.
    pub(in crate::report) throttled: ThrottledRange,
    /// The same with the model's maximum for what is not known.
    pub(in crate::report) unset: Option<ThrottledRange>,
}

impl HeldAgainst {
    /// The least and the most that may be throttled, whatever max_tokens is.
    pub(in crate::report) fn whole(&self) -> ThrottledRange {
        let unset = self.unset.unwrap_or(self.throttled);
        ThrottledRange {
            least: self.throttled.least.min(unset.least),
            most: self.throttled.most.max(unset.most),
        }
    }
}

/// How many requests a quota throttles at their first attempt, over all windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct ThrottledRange {
    /// In the window that throttles least.
    pub(in crate::report) least: u64,
    /// In the window that throttles most.
    pub(in crate::report) most: u64,
}

impl ThrottledRange {
    /// Over all windows; `None` where there is none.
    pub(in crate::report) fn of<'r>(tried: impl Iterator<Item = &'r Requested>) -> Option<Self> {
        tried.map(|tried| tried.dropped.total.throttled).fold(None, |range, throttled| {
            let Self { least, most } = range.unwrap_or(Self { least: throttled, most: throttled });
            Some(Self { least: least.min(throttled), most: most.max(throttled) })
        })
    }
}

impl SimulateReport<'_> {
    /// How many of so many requests may be throttled.
    pub(in crate::report) fn allowed(&self, requests: u64) -> u64 {
        let allowed =
            u128::from(requests) * u128::from(self.asking.target.millionths()) / u128::from(MILLIONTHS);
        u64::try_from(allowed).unwrap_or(u64::MAX)
    }
}

/// What a closed form requires over the safe quota of the rolling window; `None` where one of the two is not there.
pub(in crate::report) fn ratio_to_rolling(
    form: &Result<ClosedForm, ClosedFormFault>,
    simulation: &Simulation,
) -> Option<Ratio> {
    form.as_ref().ok()?.over_rolling(simulation)
}

/// What an outcome says of one workload.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfWorkload {
    pub(in crate::report) counts: crate::simulate::Counts,
    pub(super) peak_use: u128,
}

impl OfWorkload {
    /// By workload index; one without requests has none of anything.
    pub(in crate::report) fn of(outcome: &ReplayResult, index: usize) -> Self {
        Self {
            counts: outcome.by_workload.get(index).copied().unwrap_or_default(),
            peak_use: outcome.peak_use_by_workload.get(index).copied().unwrap_or_default(),
        }
    }

    /// Of all together.
    pub(in crate::report) fn total(outcome: &ReplayResult) -> Self {
        Self { counts: outcome.total, peak_use: outcome.peak_use }
    }
}
