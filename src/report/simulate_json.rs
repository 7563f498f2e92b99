//! The JSON contract of `simulate`.
//!
//! Token and request figures are integers, shares and ratios decimal numbers; what is not known, or
//! does not exist, is `null`.

use serde::Serialize;

use super::SCHEMA_VERSION;
use super::simulate_findings::{FindingReport, findings};
use super::simulate_read_json::{CountsReport, counts_report};
use super::simulate_requests::{RequestsReport, requests_report};
use super::simulating::{OfWorkload, Simulated, Simulating, Source, attempts, ratio_to_rolling, share};
use crate::experiment::{
    Band, ClosedForm, ClosedFormFault, CurvePoint, MaxTokens, Requested, Simulation, WindowResult,
};
use crate::simulate::WorstPhase;
use crate::units::{MILLIONTHS, QuotaAmount};

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum SimulateReport {
    One {
        schema_version: u32,
        #[serde(flatten)]
        simulation: Box<SimulationReport>,
        #[serde(flatten)]
        beside: Beside,
    },
    Several {
        schema_version: u32,
        simulations: Vec<SimulationReport>,
        #[serde(flatten)]
        beside: Beside,
    },
}

/// What is said once, of all simulations.
#[derive(Serialize)]
pub(super) struct Beside {
    findings: Vec<FindingReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_simulated: Vec<String>,
    edition: &'static str,
}

#[derive(Serialize)]
pub(super) struct SimulationReport {
    model: String,
    scope: &'static str,
    #[serde(flatten)]
    planned: Option<PlannedReport>,
    trace: TraceReport,
    assumptions: AssumptionsReport,
    band: Option<BandReport>,
    windows: Vec<WindowReport>,
    requested: Vec<RequestedReport>,
    /// Where some max_tokens are not known: the same with the model's maximum for them.
    at_maximum: Option<AtMaximumReport>,
    if_cached_in_input: Option<CacheOpenReport>,
    /// `None` where the model has no such quota.
    requests_per_minute: Option<RequestsReport>,
    formula: Option<FormulaReport>,
    closed_form: ClosedFormReport,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    solutions: Option<Vec<SolutionReport>>,
}

/// What is found with the model's maximum where max_tokens is not known; all null or empty, with the reason, where
/// that cannot be found.
#[derive(Serialize)]
struct AtMaximumReport {
    max_tokens: Option<u64>,
    band: Option<BandReport>,
    windows: Vec<WindowReport>,
    requested: Vec<RequestedReport>,
    closed_form: Option<ClosedFormReport>,
    refused: Option<String>,
}

/// The planned quota that requests were drawn for.
#[derive(Serialize)]
struct PlannedReport {
    account: Option<String>,
    code: Option<String>,
    long_context: bool,
    binding_period: Option<String>,
    binding_hour: Option<u32>,
    expected_requests: u64,
}

#[derive(Serialize)]
struct TraceReport {
    format: &'static str,
    requests: u64,
    duration_seconds: f64,
    requests_per_minute: Option<f64>,
    peak_requests_per_minute: Option<u64>,
    max_tokens: LimitsReport,
    /// `None` of drawn requests, which no file holds.
    read: Option<CountsReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drawn: Option<DrawnReport>,
}

/// Requests by what is known of their max_tokens.
#[derive(Serialize)]
struct LimitsReport {
    stated: u64,
    unset: u64,
    unknown: u64,
}

/// The result if inputs included what was cached, where records leave that open.
#[derive(Serialize)]
struct CacheOpenReport {
    requests: u64,
    band: Option<BandReport>,
}

#[derive(Serialize)]
struct DrawnReport {
    minutes: u32,
    seed: u64,
}

#[derive(Serialize)]
struct AssumptionsReport {
    burndown: u32,
    burndown_status: &'static str,
    rates_as_of: Option<String>,
    max_tokens: MaxTokensReport,
    seconds_to_first_token: f64,
    output_tokens_per_second: f64,
    reserve_cache_reads: bool,
    hold_until_completion: bool,
    target: f64,
    allowed: u64,
    retries: u8,
    seed: u64,
    scale: f64,
    replicate: bool,
    cache_life_minutes: Option<u32>,
    headroom: f64,
    confidence: f64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum MaxTokensReport {
    Word(&'static str),
    Tokens(u64),
}

#[derive(Serialize)]
pub(super) struct BandReport {
    low: u64,
    high: u64,
}

#[derive(Serialize)]
struct WindowReport {
    window: &'static str,
    peak_unthrottled: u64,
    safe_quota: Option<u64>,
    first_passing: Option<u64>,
    target: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    worst_phase: Option<PhaseReport>,
    curve: Vec<PointReport>,
}

#[derive(Serialize)]
pub(super) struct PhaseReport {
    phase_seconds: u8,
    safe_quota: u64,
}

#[derive(Serialize)]
struct PointReport {
    quota: u64,
    throttled: u64,
    throttled_share: Option<f64>,
}

#[derive(Serialize)]
struct RequestedReport {
    window: &'static str,
    quota: u64,
    origin: &'static str,
    #[serde(flatten)]
    dropped: OutcomeReport,
    with_retries: Option<OutcomeReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_workload: Option<Vec<WorkloadReport>>,
}

#[derive(Serialize)]
struct WorkloadReport {
    workload: String,
    requests: u64,
    #[serde(flatten)]
    dropped: OutcomeReport,
    with_retries: Option<OutcomeReport>,
}

#[derive(Serialize)]
struct OutcomeReport {
    throttled: u64,
    throttled_share: Option<f64>,
    lost: u64,
    lost_share: Option<f64>,
    attempts: u64,
    throttled_attempts: u64,
    peak_use: u64,
}

#[derive(Serialize)]
struct FormulaReport {
    mean_rate: u64,
    peak_minute: u64,
    ask: Option<u64>,
    suffices: Option<bool>,
}

#[derive(Serialize)]
struct ClosedFormReport {
    steady: Option<u64>,
    peak: Option<u64>,
    burst: Option<u64>,
    formula: Option<u64>,
    required: Option<u64>,
    ratio_to_rolling: Option<f64>,
    refused: Option<String>,
}

#[derive(Serialize)]
struct SolutionReport {
    question: &'static str,
    window: &'static str,
    quota: u64,
    value: Option<u64>,
}

/// The report of all simulations: flat where there is one.
pub(super) fn simulate_report(all: &Simulating<'_>) -> SimulateReport {
    let mut simulations: Vec<SimulationReport> =
        all.simulated.iter().map(|simulated| simulation_report(all, simulated)).collect();
    let (findings, not_simulated) = (findings(all), all.left_out.clone());
    let beside = Beside { findings, not_simulated, edition: all.asking.policy.edition().as_str() };
    let schema_version = SCHEMA_VERSION;
    match simulations.pop() {
        Some(only) if simulations.is_empty() => {
            SimulateReport::One { schema_version, simulation: Box::new(only), beside }
        }
        last => {
            simulations.extend(last);
            SimulateReport::Several { schema_version, simulations, beside }
        }
    }
}

fn amount(amount: Option<QuotaAmount>) -> Option<u64> {
    amount.map(QuotaAmount::get)
}

/// Use as JSON holds it: what a run without faults uses is below 2^64.
pub(super) fn tokens(tokens: u128) -> u64 {
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

pub(super) fn share_of(part: u64, whole: u64) -> Option<f64> {
    share(part.into(), whole.into()).map(|share| share.to_f64())
}

#[allow(clippy::cast_precision_loss)]
fn seconds(microseconds: u64) -> f64 {
    microseconds as f64 / MILLIONTHS as f64
}

fn simulation_report(all: &Simulating<'_>, simulated: &Simulated<'_>) -> SimulationReport {
    let Simulated { charging, simulation, profile, .. } = simulated;
    let (format, read, drawn) = match &all.source {
        Source::Trace { format, counts, left_out, files } => {
            (format.as_str(), Some(counts_report(counts, left_out, files.as_ref())), None)
        }
        Source::Drawn(drawing) => {
            ("drawn", None, Some(DrawnReport { minutes: drawing.minutes, seed: drawing.seed }))
        }
    };
    let asking = &all.asking;
    let allowed =
        u128::from(simulation.requests) * u128::from(asking.target.millionths()) / u128::from(MILLIONTHS);
    let scale = asking.scale;
    SimulationReport {
        model: simulated.model.id.clone(),
        scope: simulated.scope.as_str(),
        planned: simulated.planned.as_ref().map(|planned| PlannedReport {
            account: planned.id.account.clone(),
            code: planned.id.code.clone(),
            long_context: planned.id.long_context,
            binding_period: planned.period.clone(),
            binding_hour: planned.hour,
            expected_requests: planned.expected_requests,
        }),
        trace: TraceReport {
            format,
            requests: simulation.requests,
            duration_seconds: seconds(simulated.duration_microseconds),
            requests_per_minute: profile.as_ref().map(|profile| seconds(profile.mean_rate_millionths)),
            peak_requests_per_minute: profile.as_ref().map(|profile| profile.peak_requests),
            max_tokens: LimitsReport {
                stated: simulated.limits.stated,
                unset: simulated.limits.unset,
                unknown: simulated.limits.unknown,
            },
            read,
            drawn,
        },
        assumptions: AssumptionsReport {
            burndown: simulated.rate.rate.quota_tokens_per_output_token(),
            burndown_status: simulated.rate.status.as_str(),
            rates_as_of: asking.rates_as_of.map(|date| date.to_string()),
            max_tokens: match charging.max_tokens {
                MaxTokens::Actual => MaxTokensReport::Word("actual"),
                MaxTokens::Unset => MaxTokensReport::Word("unset"),
                MaxTokens::AtLeast(most) => MaxTokensReport::Tokens(most),
            },
            seconds_to_first_token: charging.speed.seconds_to_first_token.to_f64(),
            output_tokens_per_second: charging.speed.output_tokens_per_second.to_f64(),
            reserve_cache_reads: charging.reserve_cache_reads,
            hold_until_completion: true,
            target: asking.target.to_f64(),
            allowed: tokens(allowed),
            retries: asking.retries.map_or(0, |retries| retries.most),
            seed: asking.seed,
            scale: scale.map_or(1.0, |scale| scale.factor.to_f64()),
            replicate: scale.is_some_and(|scale| scale.replicate),
            cache_life_minutes: asking.cache_life_minutes,
            headroom: asking.headroom.to_f64(),
            confidence: asking.confidence.to_f64(),
        },
        band: band_report(simulation.band),
        windows: window_reports(all, simulation),
        requested: requested_reports(simulated, simulation),
        at_maximum: at_maximum_report(all, simulated),
        if_cached_in_input: simulated.cache_open.map(|open| CacheOpenReport {
            requests: open.requests,
            band: band_report(open.band_if_included),
        }),
        requests_per_minute: simulated.requests_per_minute.as_ref().map(requests_report),
        formula: simulated.formula.map(|formula| FormulaReport {
            mean_rate: formula.mean_rate.get(),
            peak_minute: formula.peak_minute.get(),
            ask: amount(formula.ask),
            suffices: {
                let known = formula.ask.zip(simulation.band).filter(|_| simulated.limits_are_known());
                known.map(|(ask, band)| ask >= band.high)
            },
        }),
        closed_form: closed_form_report(&simulated.closed_form, simulation),
        notes: simulated.notes.clone(),
        solutions: simulated.solutions.as_ref().map(|solutions| {
            let report = |answer: &super::simulating::MaxTokensAnswer| SolutionReport {
                question: "max-tokens",
                window: answer.measure.as_str(),
                quota: answer.quota.get(),
                value: answer.max_tokens,
            };
            solutions.iter().map(report).collect()
        }),
    }
}

pub(super) fn band_report(band: Option<Band>) -> Option<BandReport> {
    band.map(|band| BandReport { low: band.low.get(), high: band.high.get() })
}

fn at_maximum_report(all: &Simulating<'_>, simulated: &Simulated<'_>) -> Option<AtMaximumReport> {
    let max_tokens = simulated.charging.maximum;
    Some(match simulated.at_maximum.as_ref()? {
        Ok(beside) => AtMaximumReport {
            max_tokens,
            band: band_report(beside.simulation.band),
            windows: window_reports(all, &beside.simulation),
            requested: requested_reports(simulated, &beside.simulation),
            closed_form: Some(closed_form_report(&beside.closed_form, &beside.simulation)),
            refused: None,
        },
        Err(fault) => AtMaximumReport {
            max_tokens,
            band: None,
            windows: Vec::new(),
            requested: Vec::new(),
            closed_form: None,
            refused: Some(fault.to_string()),
        },
    })
}

pub(super) fn phase_report(worst: WorstPhase) -> PhaseReport {
    PhaseReport { phase_seconds: worst.phase.seconds(), safe_quota: worst.safe_quota.get() }
}

fn window_reports(all: &Simulating<'_>, simulation: &Simulation) -> Vec<WindowReport> {
    simulation.windows.iter().map(|result| window_report(all, simulation, result)).collect()
}

fn requested_reports(simulated: &Simulated<'_>, simulation: &Simulation) -> Vec<RequestedReport> {
    simulation.requested.iter().map(|requested| requested_report(simulated, requested)).collect()
}

fn window_report(all: &Simulating<'_>, simulation: &Simulation, result: &WindowResult) -> WindowReport {
    let requests = simulation.requests;
    let point = |point: &CurvePoint| PointReport {
        quota: point.quota.get(),
        throttled: point.throttled,
        throttled_share: share_of(point.throttled, requests),
    };
    WindowReport {
        window: result.measure.as_str(),
        peak_unthrottled: tokens(simulation.peak_unthrottled),
        safe_quota: amount(result.safe_quota),
        first_passing: amount(result.first_passing),
        target: all.asking.target.to_f64(),
        worst_phase: result.worst_phase.map(phase_report),
        curve: result.curve.iter().map(point).collect(),
    }
}

fn requested_report(simulated: &Simulated<'_>, requested: &Requested) -> RequestedReport {
    let workload = |(index, workload): (usize, &String)| {
        let part = |outcome| outcome_report(&OfWorkload::of(outcome, index));
        WorkloadReport {
            workload: workload.clone(),
            requests: OfWorkload::of(&requested.dropped, index).counts.requests,
            dropped: part(&requested.dropped),
            with_retries: requested.retried.as_ref().map(part),
        }
    };
    let by_workload = || simulated.workloads.iter().enumerate().map(workload).collect();
    let total = |outcome| outcome_report(&OfWorkload::total(outcome));
    RequestedReport {
        window: requested.measure.as_str(),
        quota: requested.quota.get(),
        origin: requested.origin.as_str(),
        dropped: total(&requested.dropped),
        with_retries: requested.retried.as_ref().map(total),
        by_workload: (!simulated.workloads.is_empty()).then(by_workload),
    }
}

fn outcome_report(of: &OfWorkload) -> OutcomeReport {
    let OfWorkload { counts, peak_use } = of;
    OutcomeReport {
        throttled: counts.throttled,
        throttled_share: share_of(counts.throttled, counts.requests),
        lost: counts.lost,
        lost_share: share_of(counts.lost, counts.requests),
        attempts: attempts(counts),
        throttled_attempts: counts.throttled_attempts,
        peak_use: tokens(*peak_use),
    }
}

fn closed_form_report(
    form: &Result<ClosedForm, ClosedFormFault>,
    simulation: &Simulation,
) -> ClosedFormReport {
    let known = form.as_ref().ok();
    ClosedFormReport {
        steady: known.map(|form| form.steady.get()),
        peak: known.map(|form| form.peak.get()),
        burst: known.and_then(|form| amount(form.burst)),
        formula: known.and_then(|form| amount(form.formula)),
        required: known.and_then(|form| amount(form.required)),
        ratio_to_rolling: ratio_to_rolling(form, simulation).map(|ratio| ratio.to_f64()),
        refused: form.as_ref().err().map(ToString::to_string),
    }
}
