//! The JSON contract of `simulate`.
//!
//! Token and request figures are integers, shares and ratios decimal numbers; what is not known, or
//! does not exist, is `null`.

use super::findings::findings;
use super::parts::{band_report, phase_report, share_of, tokens};
use super::read_json::counts_report;
use super::requests::requests_report;
use super::result::{OfWorkload, ScopeSimulation, SimulateReport, TrafficSource, ratio_to_rolling};
use crate::contract::simulate as json;
use crate::experiment::{
    ClosedForm, ClosedFormFault, CurvePoint, MaxTokens, Requested, Simulation, WindowResult,
};
use crate::report::SCHEMA_VERSION;
use crate::units::{MILLIONTHS, QuotaAmount};

/// The report of all simulations: flat where there is one.
pub(super) fn simulate_report(all: &SimulateReport<'_>) -> json::SimulateDocument {
    let mut simulations: Vec<json::Simulation> =
        all.simulated.iter().map(|simulated| simulation_report(all, simulated)).collect();
    let (findings, not_simulated) = (findings(all), all.left_out.clone());
    let beside =
        json::Beside { findings, not_simulated, edition: all.asking.policy.edition().as_str().into() };
    let schema_version = SCHEMA_VERSION;
    match simulations.pop() {
        Some(only) if simulations.is_empty() => {
            json::SimulateDocument::One { schema_version, simulation: Box::new(only), beside }
        }
        last => {
            simulations.extend(last);
            json::SimulateDocument::Several { schema_version, simulations, beside }
        }
    }
}

fn amount(amount: Option<QuotaAmount>) -> Option<u64> {
    amount.map(QuotaAmount::get)
}

#[allow(clippy::cast_precision_loss)]
fn seconds(microseconds: u64) -> f64 {
    microseconds as f64 / MILLIONTHS as f64
}

fn simulation_report(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> json::Simulation {
    let ScopeSimulation { charging, simulation, profile, .. } = simulated;
    let (format, read, drawn) = match &all.source {
        TrafficSource::Trace { format, counts, left_out, files } => {
            (format.as_str(), Some(counts_report(counts, left_out, files.as_ref())), None)
        }
        TrafficSource::Drawn(drawing) => {
            ("drawn", None, Some(json::Drawn { minutes: drawing.minutes, seed: drawing.seed }))
        }
    };
    let asking = &all.asking;
    let allowed =
        u128::from(simulation.requests) * u128::from(asking.target.millionths()) / u128::from(MILLIONTHS);
    let scale = asking.scale;
    json::Simulation {
        model: simulated.model.id.clone(),
        scope: simulated.scope.as_str().into(),
        planned: simulated.planned.as_ref().map(|planned| json::Planned {
            account: planned.id.account.clone(),
            code: planned.id.code.clone(),
            long_context: planned.id.long_context,
            binding_period: planned.period.clone(),
            binding_hour: planned.hour,
            expected_requests: planned.expected_requests,
        }),
        trace: json::Trace {
            format: format.into(),
            requests: simulation.requests,
            duration_seconds: seconds(simulated.duration_microseconds),
            requests_per_minute: profile.as_ref().map(|profile| seconds(profile.mean_rate_millionths)),
            peak_requests_per_minute: profile.as_ref().map(|profile| profile.peak_requests),
            max_tokens: json::MaxTokensKnown {
                stated: simulated.limits.stated,
                unset: simulated.limits.unset,
                unknown: simulated.limits.unknown,
            },
            read,
            drawn,
        },
        assumptions: json::Assumptions {
            burndown: simulated.rate.rate.quota_tokens_per_output_token(),
            burndown_status: simulated.rate.status.as_str().into(),
            rates_as_of: asking.rates_as_of.map(|date| date.to_string()),
            max_tokens: match charging.max_tokens {
                MaxTokens::Actual => json::MaxTokens::Word("actual".into()),
                MaxTokens::Unset => json::MaxTokens::Word("unset".into()),
                MaxTokens::AtLeast(most) => json::MaxTokens::Tokens(most),
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
        if_cached_in_input: simulated.cache_open.map(|open| json::CacheOpen {
            requests: open.requests,
            band: band_report(open.band_if_included),
        }),
        requests_per_minute: simulated.requests_per_minute.as_ref().map(requests_report),
        formula: simulated.formula.map(|formula| json::Formula {
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
            let report = |answer: &super::result::MaxTokensAnswer| json::Solution {
                question: "max-tokens".into(),
                window: answer.measure.as_str().into(),
                quota: answer.quota.get(),
                value: answer.max_tokens,
            };
            solutions.iter().map(report).collect()
        }),
    }
}

fn at_maximum_report(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> Option<json::AtMaximum> {
    let max_tokens = simulated.charging.maximum;
    Some(match simulated.at_maximum.as_ref()? {
        Ok(beside) => json::AtMaximum {
            max_tokens,
            band: band_report(beside.simulation.band),
            windows: window_reports(all, &beside.simulation),
            requested: requested_reports(simulated, &beside.simulation),
            closed_form: Some(closed_form_report(&beside.closed_form, &beside.simulation)),
            refused: None,
        },
        Err(fault) => json::AtMaximum {
            max_tokens,
            band: None,
            windows: Vec::new(),
            requested: Vec::new(),
            closed_form: None,
            refused: Some(fault.to_string()),
        },
    })
}

fn window_reports(all: &SimulateReport<'_>, simulation: &Simulation) -> Vec<json::Window> {
    simulation.windows.iter().map(|result| window_report(all, simulation, result)).collect()
}

fn requested_reports(simulated: &ScopeSimulation<'_>, simulation: &Simulation) -> Vec<json::Requested> {
    simulation.requested.iter().map(|requested| requested_report(simulated, requested)).collect()
}

fn window_report(all: &SimulateReport<'_>, simulation: &Simulation, result: &WindowResult) -> json::Window {
    let requests = simulation.requests;
    let point = |point: &CurvePoint| json::Point {
        quota: point.quota.get(),
        throttled: point.throttled,
        throttled_share: share_of(point.throttled, requests),
    };
    json::Window {
        window: result.measure.as_str().into(),
        peak_unthrottled: tokens(simulation.peak_unthrottled),
        safe_quota: amount(result.safe_quota),
        first_passing: amount(result.first_passing),
        target: all.asking.target.to_f64(),
        worst_phase: result.worst_phase.map(phase_report),
        curve: result.curve.iter().map(point).collect(),
    }
}

fn requested_report(simulated: &ScopeSimulation<'_>, requested: &Requested) -> json::Requested {
    let workload = |(index, workload): (usize, &String)| {
        let part = |outcome| outcome_report(&OfWorkload::of(outcome, index));
        json::WorkloadOutcome {
            workload: workload.clone(),
            requests: OfWorkload::of(&requested.dropped, index).counts.requests,
            dropped: part(&requested.dropped),
            with_retries: requested.retried.as_ref().map(part),
        }
    };
    let by_workload = || simulated.workloads.iter().enumerate().map(workload).collect();
    let total = |outcome| outcome_report(&OfWorkload::total(outcome));
    json::Requested {
        window: requested.measure.as_str().into(),
        quota: requested.quota.get(),
        origin: requested.origin.as_str().into(),
        dropped: total(&requested.dropped),
        with_retries: requested.retried.as_ref().map(total),
        by_workload: (!simulated.workloads.is_empty()).then(by_workload),
    }
}

fn outcome_report(of: &OfWorkload) -> json::Outcome {
    let OfWorkload { counts, peak_use } = of;
    json::Outcome {
        throttled: counts.throttled,
        throttled_share: share_of(counts.throttled, counts.requests),
        lost: counts.lost,
        lost_share: share_of(counts.lost, counts.requests),
        attempts: counts.attempts(),
        throttled_attempts: counts.throttled_attempts,
        peak_use: tokens(*peak_use),
    }
}

fn closed_form_report(
    form: &Result<ClosedForm, ClosedFormFault>,
    simulation: &Simulation,
) -> json::ClosedForm {
    let known = form.as_ref().ok();
    json::ClosedForm {
        steady: known.map(|form| form.steady.get()),
        peak: known.map(|form| form.peak.get()),
        burst: known.and_then(|form| amount(form.burst)),
        formula: known.and_then(|form| amount(form.formula)),
        required: known.and_then(|form| amount(form.required)),
        ratio_to_rolling: ratio_to_rolling(form, simulation).map(|ratio| ratio.to_f64()),
        refused: form.as_ref().err().map(ToString::to_string),
    }
}
