//! The quota of requests a minute beside that of tokens: its sentence, its table, its records and its JSON.

use super::parts::{band_report, phase_report, share_of, tokens};
use super::result::{RequestQuota, ScopeSimulation, SimulateReport};
use super::words::{label, or_none, percent};
use crate::contract::simulate as json;
use crate::experiment::{Origin, Requested};
use crate::report::{Block, Column};
use crate::text::plain::cell_name;
use crate::units::{Limit, MILLIONTHS, QuotaAmount, grouped};

pub(super) fn requests_report(quota: &RequestQuota) -> json::Requests {
    let RequestQuota { limits, simulation, .. } = quota;
    let requested = |of: &Requested| json::RequestedRequests {
        window: of.measure.as_str().into(),
        quota: of.quota.get(),
        origin: of.origin.as_str().into(),
        throttled: of.dropped.total.throttled,
        throttled_share: share_of(of.dropped.total.throttled, of.dropped.total.requests),
    };
    json::Requests {
        code: limits.code.clone(),
        granted: limits.granted.map(Into::into),
        default: limits.default.map(Into::into),
        capacity_source: limits.capacity().map(|(_, origin)| origin.as_str().into()),
        binding_period: quota.period.clone(),
        binding_hour: quota.hour,
        peak: tokens(simulation.peak_unthrottled),
        band: band_report(simulation.band),
        windows: (simulation.windows.iter())
            .map(|result| json::RequestWindow {
                window: result.measure.as_str().into(),
                safe_quota: result.safe_quota.map(QuotaAmount::get),
                first_passing: result.first_passing.map(QuotaAmount::get),
                worst_phase: result.worst_phase.map(phase_report),
            })
            .collect(),
        requested: simulation.requested.iter().map(requested).collect(),
    }
}

/// What is needed, and what the applied quota or the default throttles; `None` where the model has no such quota,
/// or there are no requests.
pub(super) fn requests_sentence(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> Option<String> {
    let RequestQuota { limits, simulation, .. } = simulated.requests_per_minute.as_ref()?;
    let band = simulation.band?;
    let code = limits.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    let are = if band.high.get() == 1 { "is" } else { "are" };
    let needed = match simulation.windows.as_slice() {
        [only] => format!("{} {are} needed, if the window is {}", band.high, label(only.measure)),
        _ if band.low == band.high => format!("{} {are} needed, whichever the window", band.high),
        _ => format!("{} to {} are needed, depending on the window", band.low, band.high),
    };
    let whose = |origin| if origin == Origin::Granted { "the applied quota" } else { "AWS's default" };
    let judged = match limits.capacity() {
        None => "neither an applied quota nor AWS's default is known".to_owned(),
        Some((Limit::Unlimited, origin)) => format!("{} is unlimited", whose(origin)),
        Some((Limit::Amount(amount), origin)) => {
            let lower = if origin == Origin::Granted { "" } else { "; the applied quota may be lower" };
            format!("{} of {amount} {}{lower}", whose(origin), throttles(all, &simulation.requested))
        }
    };
    Some(format!("Requests a minute{code}: {needed}; {judged}."))
}

/// What a quota throttles over all windows, and whether that is more than was allowed.
fn throttles(all: &SimulateReport<'_>, requested: &[Requested]) -> String {
    let of = |requested: &Requested| requested.dropped.total.throttled;
    let total = requested.first().map_or(0, |requested| requested.dropped.total.requests);
    let (least, most) =
        (requested.iter().map(of).min().unwrap_or(0), requested.iter().map(of).max().unwrap_or(0));
    let allowed = u128::from(total) * u128::from(all.asking.target.millionths()) / u128::from(MILLIONTHS);
    let too_low = match () {
        () if u128::from(least) > allowed => ", so it is too low",
        () if u128::from(most) > allowed => ", so it may be too low",
        () => "",
    };
    match (least, most) {
        (_, 0) => "throttles none".to_owned(),
        _ if least == most => {
            format!("throttles {} of them at their first attempt{too_low}", percent(most, total))
        }
        _ => format!(
            "throttles {} to {} of them at their first attempt, depending on the window{too_low}",
            percent(least, total),
            percent(most, total)
        ),
    }
}

/// The windows, and what they throttle at the applied quota or the default.
pub(super) fn requests_blocks(simulated: &ScopeSimulation<'_>) -> Vec<Block> {
    let Some(quota) = &simulated.requests_per_minute else { return Vec::new() };
    let RequestQuota { simulation, .. } = quota;
    if simulation.band.is_none() {
        return Vec::new();
    }
    let requested = simulation.requested.first();
    let has_phases = simulation.windows.iter().any(|result| result.worst_phase.is_some());
    let mut columns = vec![Column::words("Window"), Column::numbers("Safe quota")];
    columns.extend(has_phases.then_some(Column::numbers("Worst of 60 phases")));
    columns.extend(requested.map(|_| Column::numbers("Quota")));
    columns.extend(requested.map(|_| Column::numbers("Throttled at\nfirst attempt")));
    let rows = simulation.windows.iter().map(|result| {
        let worst =
            result.worst_phase.map(|worst| format!("{} at {} s", worst.safe_quota, worst.phase.seconds()));
        let mut cells = vec![label(result.measure).to_owned(), or_none(result.safe_quota)];
        cells.extend(has_phases.then(|| worst.unwrap_or_else(|| "-".to_owned())));
        let of_window = simulation.requested.iter().find(|of| of.measure == result.measure);
        cells.extend(of_window.into_iter().flat_map(|of| {
            let total = of.dropped.total;
            let origin = if of.origin == Origin::Granted { "granted" } else { "default" };
            [format!("{} {origin}", of.quota), percent(total.throttled, total.requests)]
        }));
        cells
    });
    let period = quota.period.as_ref().map(|period| format!(" in {}", cell_name(period)));
    let hour = quota.hour.map(|hour| format!(" as at {hour:02}:00")).unwrap_or_default();
    let peak = grouped(simulation.peak_unthrottled);
    vec![
        Block::Heading(format!(
            "Requests a minute{hour}{}: at most {peak} in 60 seconds",
            period.unwrap_or_default()
        )),
        Block::Table { columns, rows: rows.collect() },
    ]
}
