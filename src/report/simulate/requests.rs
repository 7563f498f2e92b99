//! The quota of requests per minute beside that of tokens: its table and its JSON.

use super::parts::{band_report, phase_report, share_of, tokens};
use super::result::{RequestQuota, ScopeSimulation};
use crate::contract::simulate as json;
use crate::experiment::Requested;
use crate::report::words::language;
use crate::report::{Block, Cell, Column, Mark};
use crate::simulate::WorstPhase;
use crate::units::QuotaAmount;

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

/// The windows, and what they throttle at the applied quota or the default.
pub(super) fn requests_blocks(simulated: &ScopeSimulation<'_>) -> Vec<Block> {
    let Some(quota) = &simulated.requests_per_minute else { return Vec::new() };
    let RequestQuota { simulation, .. } = quota;
    if simulation.band.is_none() {
        return Vec::new();
    }
    let titles = language().simulate_titles();
    let requested = simulation.requested.first();
    let has_phases = simulation.windows.iter().any(|result| result.worst_phase.is_some());
    let mut columns = vec![Column::words(titles.window), Column::numbers(titles.safe)];
    columns.extend(has_phases.then_some(Column::numbers(titles.worst_phase).dropped(1)));
    columns.extend(requested.map(|_| Column::numbers(titles.quota)));
    columns.extend(requested.map(|_| Column::numbers(titles.throttled)));
    let rows = simulation.windows.iter().map(|result| {
        let mut cells: Vec<Cell> =
            vec![language().window(result.measure).into(), amount_or_none(result.safe_quota)];
        cells.extend(has_phases.then(|| phase_cell(result.worst_phase)));
        let of_window = simulation.requested.iter().find(|of| of.measure == result.measure);
        cells.extend(of_window.into_iter().flat_map(|of| {
            let total = of.dropped.total;
            let quota = format!("{} {}", of.quota, language().quota_origin(of.origin));
            let throttled = language().share_of_requests(total.throttled, total.requests);
            [Cell::from(quota), Cell::from(throttled)]
        }));
        cells
    });
    vec![Block::Heading(language().requests_heading(quota)), Block::Table { columns, rows: rows.collect() }]
}

/// An amount, or that there is none.
pub(super) fn amount_or_none(amount: Option<QuotaAmount>) -> Cell {
    amount.map_or_else(|| language().no_quota().into(), Cell::Demand)
}

/// The worst phase of calendar minutes, and where it begins.
pub(super) fn phase_cell(worst: Option<WorstPhase>) -> Cell {
    match worst {
        Some(worst) => format!("{} at {} s", worst.safe_quota, worst.phase.seconds()).into(),
        None => Cell::Mark(Mark::NotApplicable),
    }
}
