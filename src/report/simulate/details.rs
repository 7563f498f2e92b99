//! A simulation in whole: each window, the quotas asked about, the curve, and how far the formulas were off.

use super::requests::{amount_or_none, phase_cell, requests_blocks};
use super::result::{OfWorkload, ScopeSimulation, SimulateReport};
use crate::experiment::{Requested, Simulation};
use crate::report::words::{MaxTokensAssumed, language};
use crate::report::{Block, Cell, Column, Mark};
use crate::simulate::ReplayResult;
use crate::text::plain::cell_name;
use crate::units::{QuotaAmount, grouped};

/// Workloads shown at each quota; the JSON and CSV forms have all of them.
const WORKLOADS_SHOWN: usize = 10;

/// Everything there is, behind the verdict.
pub(super) fn blocks(all: &SimulateReport<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = language()
        .trace_read(&all.source)
        .into_iter()
        .chain(all.left_out.clone())
        .map(Block::Paragraph)
        .collect();
    if all.simulated.len() > 1 {
        blocks.push(summary(all));
    }
    for simulated in &all.simulated {
        blocks.extend(of_one(all, simulated, true));
    }
    blocks.push(Block::Lines(language().simulate_assumptions(all)));
    blocks
}

/// All simulations at a glance, with what the formulas require.
fn summary(all: &SimulateReport<'_>) -> Block {
    let is_open = all.simulated.iter().any(|simulated| simulated.at_maximum.is_some());
    let counts = all.simulated.iter().any(|simulated| simulated.requests_per_minute.is_some());
    let titles = language().simulate_titles();
    let mut columns = vec![
        Column::words(titles.simulated),
        Column::numbers(titles.requests).dropped(1),
        Column::numbers(titles.least),
        Column::numbers(titles.most),
    ];
    columns.extend(is_open.then_some(Column::numbers(titles.most_if_unset)));
    columns.extend([
        Column::numbers(titles.required).dropped(2),
        Column::numbers(titles.over_rolling).dropped(3),
    ]);
    columns.extend(counts.then_some(Column::numbers(titles.requests_short)));
    let none = || Cell::Mark(Mark::NotApplicable);
    let rows = all.simulated.iter().map(|simulated| {
        let simulation = &simulated.simulation;
        let required = simulated.closed_form.as_ref().ok().and_then(|form| form.required);
        let mut cells: Vec<Cell> = vec![
            language().simulated_quota(simulated).into(),
            grouped(simulation.requests.into()).into(),
            amount_or_none(simulation.band.map(|band| band.low)),
            amount_or_none(simulation.band.map(|band| band.high)),
        ];
        cells.extend(is_open.then(|| if_unset(simulated)));
        cells.push(Cell::demand_or_unknown(required));
        cells.push(language().times_rolling(simulated).map_or_else(none, Cell::from));
        let requests = simulated.requests_per_minute.as_ref().and_then(|quota| quota.simulation.band);
        cells.extend(counts.then(|| requests.map_or_else(none, |band| Cell::Demand(band.high))));
        cells
    });
    Block::Table { columns, rows: rows.collect() }
}

/// What the strictest window needs if max_tokens is unset where it is not known.
pub(super) fn if_unset(simulated: &ScopeSimulation<'_>) -> Cell {
    match &simulated.at_maximum {
        None => Cell::Mark(Mark::NotApplicable),
        Some(Err(_)) => Cell::Mark(Mark::Unknown),
        Some(Ok(unset)) => amount_or_none(unset.simulation.band.map(|band| band.high)),
    }
}

/// The tables of one simulation; where `whole`, with what is said about them.
pub(super) fn of_one(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>, whole: bool) -> Vec<Block> {
    let simulation = &simulated.simulation;
    let mut blocks = vec![Block::Heading(language().simulate_heading(all, simulated))];
    let Some(band) = simulation.band else {
        blocks.push(Block::Paragraph(language().no_requests(simulated)));
        return blocks;
    };
    if whole {
        blocks.extend(language().simulate_lead(all, simulated).into_iter().map(Block::Paragraph));
    }
    let is_open = simulated.at_maximum.is_some();
    let unset = simulated.unset();
    if is_open {
        blocks.push(Block::Heading(language().if_assumed(simulated, MaxTokensAssumed::AsAnswered)));
        if whole {
            blocks.push(Block::Paragraph(language().kept(all, simulation, band)));
        }
    }
    if whole && unset.is_none() {
        blocks.extend(simulated.notes.iter().cloned().map(Block::Paragraph));
    }
    blocks.push(windows(simulation));
    if whole {
        blocks.push(Block::Paragraph(language().unthrottled(simulation, unset.is_none())));
    }
    if let Some((unset, band)) = unset {
        blocks.push(Block::Heading(language().if_assumed(simulated, MaxTokensAssumed::Unset)));
        if whole {
            blocks.push(Block::Paragraph(language().kept(all, &unset.simulation, band)));
        }
        blocks.push(windows(&unset.simulation));
        if whole {
            blocks.push(Block::Paragraph(language().unthrottled(&unset.simulation, true)));
            blocks.extend(simulated.notes.iter().cloned().map(Block::Paragraph));
        }
    }
    // Of requests that use nothing a formula says nothing.
    if whole && simulation.peak_unthrottled > 0 {
        blocks.push(Block::Paragraph(language().formulas(all, simulated)));
    }
    let answered = if unset.is_some() { MaxTokensAssumed::AsAnswered } else { MaxTokensAssumed::Nothing };
    let unset = unset.map(|(unset, _)| (&unset.simulation, MaxTokensAssumed::Unset));
    let simulations = || [(simulation, answered)].into_iter().chain(unset);
    for (simulation, assumed) in simulations() {
        blocks.extend(asked_about(all, simulated, simulation, assumed));
    }
    blocks.extend(solutions(simulated));
    for (simulation, assumed) in simulations() {
        blocks.push(Block::Heading(language().curve_heading(assumed)));
        blocks.push(curve(simulation));
    }
    blocks.extend(requests_blocks(simulated));
    blocks
}

/// The largest max_tokens that are safe, where they were asked for.
pub(super) fn solutions(simulated: &ScopeSimulation<'_>) -> Vec<Block> {
    let Some(solutions) = &simulated.solutions else { return Vec::new() };
    let heading = language().solutions_heading(simulated);
    if !simulated.charging.generates {
        return vec![Block::Paragraph(heading)];
    }
    let titles = language().simulate_titles();
    let rows = solutions.iter().map(|answer| -> Vec<Cell> {
        let value = answer.max_tokens.map(|max_tokens| grouped(max_tokens.into()));
        vec![
            Cell::Exact(answer.quota),
            language().window(answer.measure).into(),
            value.map_or_else(|| language().no_quota().into(), Cell::from),
        ]
    });
    let columns =
        vec![Column::numbers(titles.quota), Column::words(titles.window), Column::numbers(titles.max_tokens)];
    vec![Block::Heading(heading), Block::Table { columns, rows: rows.collect() }]
}

/// What the quotas asked about do to the requests of a simulation; nothing where none is.
fn asked_about(
    all: &SimulateReport<'_>,
    simulated: &ScopeSimulation<'_>,
    simulation: &Simulation,
    assumed: MaxTokensAssumed,
) -> Vec<Block> {
    if simulation.requested.is_empty() {
        return Vec::new();
    }
    let heading = language().tried_heading(&all.source, assumed);
    let mut blocks = vec![Block::Heading(heading), requested(all, simulation)];
    blocks.extend(by_workload(all, simulated, simulation));
    blocks
}

/// The safe quotas of the windows.
fn windows(simulation: &Simulation) -> Block {
    let windows = &simulation.windows;
    let has_phases = windows.iter().any(|result| result.worst_phase.is_some());
    let titles = language().simulate_titles();
    let mut columns = vec![
        Column::words(titles.window),
        Column::numbers(titles.safe),
        Column::numbers(titles.first_passing).dropped(1),
    ];
    columns.extend(has_phases.then_some(Column::numbers(titles.worst_phase).dropped(2)));
    let rows = windows.iter().map(|result| {
        let mut cells: Vec<Cell> = vec![
            language().window(result.measure).into(),
            amount_or_none(result.safe_quota),
            amount_or_none(result.first_passing),
        ];
        cells.extend(has_phases.then(|| phase_cell(result.worst_phase)));
        cells
    });
    Block::Table { columns, rows: rows.collect() }
}

/// The columns of what is throttled and used, and, where throttled requests are sent again, lost.
fn outcome_columns(all: &SimulateReport<'_>) -> Vec<Column> {
    let titles = language().simulate_titles();
    let mut columns = vec![Column::numbers(titles.throttled), Column::numbers(titles.peak_use).dropped(2)];
    if all.asking.retries.is_some() {
        columns.extend([Column::numbers(titles.lost), Column::numbers(titles.attempts).dropped(1)]);
    }
    columns
}

fn requested(all: &SimulateReport<'_>, simulation: &Simulation) -> Block {
    let titles = language().simulate_titles();
    let mut columns = vec![
        Column::words(titles.origin).dropped(3),
        Column::numbers(titles.quota),
        Column::words(titles.window),
    ];
    columns.extend(outcome_columns(all));
    let mut above = None;
    let rows = simulation.requested.iter().map(|requested| {
        let is_new = above.replace(requested.quota) != Some(requested.quota);
        requested_row(requested, is_new)
    });
    Block::Table { columns, rows: rows.collect() }
}

fn requested_row(requested: &Requested, is_new: bool) -> Vec<Cell> {
    let none = || Cell::from("");
    let share = |outcome: &ReplayResult, part: u64| -> Cell {
        language().share_of_requests(part, outcome.total.requests).into()
    };
    let mut cells = vec![
        if is_new { language().quota_origin(requested.origin).into() } else { none() },
        if is_new { Cell::Exact(requested.quota) } else { none() },
        language().window_word(requested.measure).into(),
        share(&requested.dropped, requested.dropped.total.throttled),
        grouped(requested.dropped.peak_use).into(),
    ];
    if let Some(retried) = &requested.retried {
        let total = &retried.total;
        cells.push(share(retried, total.lost));
        cells.push(grouped(total.attempts().into()).into());
    }
    cells
}

/// The same by workload, in the first of the windows: those first that most of is throttled.
fn by_workload(
    all: &SimulateReport<'_>,
    simulated: &ScopeSimulation<'_>,
    simulation: &Simulation,
) -> Vec<Block> {
    let Some(measure) = simulation.windows.first().map(|result| result.measure) else {
        return Vec::new();
    };
    // A single one is the whole.
    if simulated.workloads.len() < 2 {
        return Vec::new();
    }
    let titles = language().simulate_titles();
    let mut columns = vec![
        Column::numbers(titles.quota),
        Column::words(titles.workload),
        Column::numbers(titles.requests).dropped(3),
    ];
    columns.extend(outcome_columns(all));
    let mut rows = Vec::new();
    for requested in simulation.requested.iter().filter(|of| of.measure == measure) {
        let mut order: Vec<usize> = (0..simulated.workloads.len()).collect();
        let throttled = |index: &usize| OfWorkload::of(&requested.dropped, *index).counts.throttled;
        order.sort_by_key(|index| std::cmp::Reverse(throttled(index)));
        let of_quota = order.iter().take(WORKLOADS_SHOWN).zip(0..).map(|(&index, place)| {
            let quota = (place == 0).then_some(requested.quota);
            workload_row(simulated, requested, index, quota)
        });
        rows.extend(of_quota);
    }
    let left = simulated.workloads.len().saturating_sub(WORKLOADS_SHOWN);
    let heading = language().by_workload_heading(measure, left);
    vec![Block::Heading(heading), Block::Table { columns, rows: rows.into() }]
}

fn workload_row(
    simulated: &ScopeSimulation<'_>,
    requested: &Requested,
    index: usize,
    quota: Option<QuotaAmount>,
) -> Vec<Cell> {
    let name = simulated.workloads.get(index).map(|name| cell_name(name)).unwrap_or_default();
    let OfWorkload { counts, peak_use } = OfWorkload::of(&requested.dropped, index);
    let share = |part: u64, whole: u64| Cell::from(language().share_of_requests(part, whole));
    let mut cells: Vec<Cell> = vec![
        quota.map_or_else(|| "".into(), Cell::Exact),
        name.into(),
        grouped(counts.requests.into()).into(),
        share(counts.throttled, counts.requests),
        grouped(peak_use).into(),
    ];
    if let Some(retried) = &requested.retried {
        let counts = OfWorkload::of(retried, index).counts;
        cells.push(share(counts.lost, counts.requests));
        cells.push(grouped(counts.attempts().into()).into());
    }
    cells
}

/// How many requests each quota throttles in each window.
fn curve(simulation: &Simulation) -> Block {
    let windows = &simulation.windows;
    let mut columns = vec![Column::numbers(language().simulate_titles().quota)];
    columns.extend(windows.iter().map(|result| Column::numbers(language().window_word(result.measure))));
    let quotas = windows.first().map(|result| result.curve.as_slice()).unwrap_or_default();
    let rows = quotas.iter().enumerate().map(|(index, point)| -> Vec<Cell> {
        let shares = windows.iter().map(|result| {
            let throttled = result.curve.get(index).map(|point| point.throttled);
            let share = |part| language().share_of_requests(part, simulation.requests);
            throttled.map_or_else(|| "".into(), |part| Cell::from(share(part)))
        });
        std::iter::once(Cell::Exact(point.quota)).chain(shares).collect()
    });
    Block::Table { columns, rows: rows.collect() }
}
