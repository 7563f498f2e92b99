//! Simulations for people: the band first, then each window, the quotas asked about, the curve, and
//! how far the formulas were off.

use std::io::Write;

use super::json::simulate_report;
use super::records::records;
use super::requests::{requests_blocks, requests_sentence};
use super::result::{
    LIMIT_HELP, LONGER_HELP, OfWorkload, ScopeSimulation, SimulateReport, TrafficSource, times_rolling,
};
use super::words::{
    above_maximum, assumptions, cache_open, files_read, formula, kept, label, or_none, percent,
    records_left_out, sentence, short_trace, the_maximum, tokens, unknown_limits, unset_limits,
    without_column,
};
use crate::engine::long_context_words;
use crate::experiment::{Measure, Origin, Requested, Simulation};
use crate::report::notes::edition_words;
use crate::report::{Block, Column, Records, Report};
use crate::simulate::ReplayResult;
use crate::text::Code;
use crate::text::plain::{cell_name, write_json};
use crate::units::{duration, grouped};

/// Workloads shown at each quota; the JSON and CSV forms have all of them.
const WORKLOADS_SHOWN: usize = 10;

impl Report for SimulateReport<'_> {
    fn blocks(&self) -> Vec<Block> {
        blocks(self)
    }

    fn records(&self) -> Records {
        records(self)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        write_json(out, &simulate_report(self))
    }
}

fn blocks(all: &SimulateReport<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(files_read(&all.source).map(Block::Paragraph));
    blocks
        .extend(records_left_out(&all.source).into_iter().chain(all.left_out.clone()).map(Block::Paragraph));
    if all.simulated.len() > 1 {
        blocks.push(summary(all));
    }
    for simulated in &all.simulated {
        blocks.extend(of_one(all, simulated));
    }
    blocks.push(Block::Paragraph(assumptions(all)));
    blocks.extend(edition_words(&all.asking.policy).map(Block::Paragraph));
    blocks
}

/// All simulations at a glance.
fn summary(all: &SimulateReport<'_>) -> Block {
    let is_open = all.simulated.iter().any(|simulated| simulated.at_maximum.is_some());
    let mut columns = vec![
        Column::words("Quota"),
        Column::numbers("Requests"),
        Column::numbers("Least of\nthe windows"),
        Column::numbers("Most of\nthe windows"),
        Column::numbers("Required by\nthe formulas"),
        Column::numbers("Of the rolling\nsafe quota"),
    ];
    if is_open {
        columns.insert(4, Column::numbers("Most, if\nmax_tokens\nis unset"));
    }
    let counts = all.simulated.iter().any(|simulated| simulated.requests_per_minute.is_some());
    columns.extend(counts.then_some(Column::numbers("Most requests\na minute")));
    let rows = all.simulated.iter().map(|simulated| {
        let simulation = &simulated.simulation;
        let required = simulated.closed_form.as_ref().ok().and_then(|form| form.required);
        let mut cells = vec![
            name(simulated).join("\n"),
            grouped(simulation.requests.into()),
            or_none(simulation.band.map(|band| band.low)),
            or_none(simulation.band.map(|band| band.high)),
            required.map_or_else(|| "unknown".to_owned(), |required| required.to_string()),
            times_rolling(&simulated.closed_form, simulation).unwrap_or_else(|| "-".to_owned()),
        ];
        if is_open {
            cells.insert(4, if_unset(simulated));
        }
        let requests = simulated.requests_per_minute.as_ref().and_then(|quota| quota.simulation.band);
        cells.extend(counts.then(|| requests.map_or_else(|| "-".to_owned(), |band| band.high.to_string())));
        cells
    });
    Block::Table { columns, rows: rows.collect() }
}

/// What the strictest window needs if max_tokens is unset where it is not known.
fn if_unset(simulated: &ScopeSimulation<'_>) -> String {
    match &simulated.at_maximum {
        None => "-".to_owned(),
        Some(Err(_)) => "unknown".to_owned(),
        Some(Ok(beside)) => or_none(beside.simulation.band.map(|band| band.high)),
    }
}

/// Model and scope; then, of a planned quota, its code and account.
fn name(simulated: &ScopeSimulation<'_>) -> Vec<String> {
    let planned = simulated.planned.as_ref();
    let long = long_context_words(planned.is_some_and(|planned| planned.id.long_context));
    let mut lines = vec![format!("{} {}{long}", simulated.model.name, simulated.scope)];
    lines.extend(planned.map(|planned| planned.id.code_words().to_owned()));
    let account = planned.and_then(|planned| planned.id.account.as_ref());
    lines.extend(account.map(|account| format!("account {}", cell_name(account))));
    lines
}

fn of_one(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> Vec<Block> {
    let simulation = &simulated.simulation;
    let mut blocks = vec![Block::Heading(heading(all, simulated))];
    let Some(band) = simulation.band else {
        let none = match simulated.planned.as_ref().map(|planned| planned.expected_requests) {
            Some(expected) if expected > 0 => format!(
                "None of about {} requests was drawn, so that nothing can be said: draw for more --minutes.",
                grouped(expected.into())
            ),
            _ => "There are no requests, and so no safe quota.".to_owned(),
        };
        blocks.push(Block::Paragraph(none));
        return blocks;
    };
    let is_open = simulated.at_maximum.is_some();
    let lead = [
        unknown_limits(simulated)
            .map(|words| format!("{words}{} {}", without_column(all, simulated), sentence(LIMIT_HELP))),
        unset_limits(simulated),
        (!is_open).then(|| kept(all, simulation, band)),
        cache_open(simulated),
        requests_sentence(all, simulated),
        above_maximum(simulated)
            .filter(|_| all.asking.policy.severity_of(Code::StatedAboveMaximum).is_some()),
        short_trace(simulated)
            .filter(|_| all.asking.policy.severity_of(Code::ShortTrace).is_some())
            .map(|words| format!("{words} {}", sentence(LONGER_HELP))),
    ];
    blocks.extend(lead.into_iter().flatten().map(Block::Paragraph));
    let beside = simulated.at_maximum.as_ref().and_then(|beside| beside.as_ref().ok());
    let beside = beside.map(|beside| &beside.simulation);
    let beside = beside.and_then(|simulation| simulation.band.map(|band| (simulation, band)));
    if is_open {
        blocks.push(Block::Heading("If max_tokens equals the length of each answer".to_owned()));
        blocks.push(Block::Paragraph(kept(all, simulation, band)));
    }
    if beside.is_none() {
        blocks.extend(simulated.notes.iter().cloned().map(Block::Paragraph));
    }
    blocks.push(windows(simulation));
    blocks.push(Block::Paragraph(quiet(simulation, beside.is_none())));
    if let Some((simulation, band)) = beside {
        blocks.push(Block::Heading(format!("If max_tokens is unset: {}", the_maximum(simulated))));
        blocks.push(Block::Paragraph(kept(all, simulation, band)));
        blocks.push(windows(simulation));
        blocks.push(Block::Paragraph(quiet(simulation, true)));
        blocks.extend(simulated.notes.iter().cloned().map(Block::Paragraph));
    }
    // Of requests that use nothing a formula says nothing.
    if simulation.peak_unthrottled > 0 {
        blocks.push(Block::Paragraph(formula(all, simulated)));
    }
    let (answered, unset) = match beside {
        None => ("", ""),
        Some(_) => (", max_tokens equal to the length of each answer", ", max_tokens unset"),
    };
    blocks.extend(asked_about(all, simulated, simulation, answered));
    if let Some((simulation, _)) = beside {
        blocks.extend(asked_about(all, simulated, simulation, unset));
    }
    if let Some(solutions) = &simulated.solutions
        && !simulated.charging.generates
    {
        blocks.push(Block::Paragraph(format!(
            "{} generates nothing and takes no max_tokens.",
            simulated.model.name
        )));
        debug_assert!(solutions.is_empty());
    } else if let Some(solutions) = &simulated.solutions {
        let title = match simulated.charging.maximum {
            Some(_) => "The largest max_tokens that is safe",
            None => "The largest max_tokens that is safe; the model's maximum is not known",
        };
        blocks.push(Block::Heading(title.to_owned()));
        let rows = solutions.iter().map(|answer| {
            let value = answer.max_tokens.map(|max_tokens| grouped(max_tokens.into()));
            vec![
                answer.quota.to_string(),
                label(answer.measure).to_owned(),
                value.unwrap_or_else(|| "none".to_owned()),
            ]
        });
        let columns = vec![Column::numbers("Quota"), Column::words("Window"), Column::numbers("max_tokens")];
        blocks.push(Block::Table { columns, rows: rows.collect() });
    }
    let curves =
        [(simulation, answered)].into_iter().chain(beside.map(|(simulation, _)| (simulation, unset)));
    for (simulation, assumed) in curves {
        blocks.push(Block::Heading(format!("Throttled at their first attempt, by quota{assumed}")));
        blocks.push(curve(simulation));
    }
    blocks.extend(requests_blocks(simulated));
    blocks
}

/// What the quotas asked about do to the requests of a simulation; nothing where none is.
fn asked_about(
    all: &SimulateReport<'_>,
    simulated: &ScopeSimulation<'_>,
    simulation: &Simulation,
    assumed: &str,
) -> Vec<Block> {
    if simulation.requested.is_empty() {
        return Vec::new();
    }
    let title = match all.source {
        TrafficSource::Trace { .. } => "What these quotas would have done",
        TrafficSource::Drawn(_) => "What these quotas would do",
    };
    let mut blocks = vec![Block::Heading(format!("{title}{assumed}")), requested(all, simulation)];
    blocks.extend(by_workload(all, simulated, simulation));
    blocks
}

/// Whose quota it is, and what was replayed.
fn heading(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> String {
    let requests = simulated.simulation.requests;
    let plural = if requests == 1 { "" } else { "s" };
    let (name, requests) = (name(simulated).join(", "), grouped(requests.into()));
    let (Some(planned), TrafficSource::Drawn(drawing)) = (&simulated.planned, &all.source) else {
        return format!(
            "{name}: {requests} request{plural} in {}",
            duration(simulated.duration_microseconds)
        );
    };
    let hour = planned.hour.map(|hour| format!(" as at {hour:02}:00")).unwrap_or_default();
    let period = planned.period.as_ref().map(|period| format!(" in {}", cell_name(period)));
    let minutes = grouped(drawing.minutes.into());
    let expected = grouped(planned.expected_requests.into());
    format!(
        "{name}: {requests} request{plural} drawn ({expected} expected), {minutes} min{hour}{}",
        period.unwrap_or_default()
    )
}

/// The safe quotas of the windows.
fn windows(simulation: &Simulation) -> Block {
    let windows = &simulation.windows;
    let has_phases = windows.iter().any(|result| result.worst_phase.is_some());
    let mut columns =
        vec![Column::words("Window"), Column::numbers("Safe quota"), Column::numbers("First passing")];
    columns.extend(has_phases.then_some(Column::numbers("Worst of 60 phases")));
    let rows = windows.iter().map(|result| {
        let worst =
            result.worst_phase.map(|worst| format!("{} at {} s", worst.safe_quota, worst.phase.seconds()));
        let mut cells =
            vec![label(result.measure).to_owned(), or_none(result.safe_quota), or_none(result.first_passing)];
        cells.extend(has_phases.then(|| worst.unwrap_or_else(|| "-".to_owned())));
        cells
    });
    Block::Table { columns, rows: rows.collect() }
}

/// From where on no window throttles, and, once, why the table has two quotas.
fn quiet(simulation: &Simulation, explains: bool) -> String {
    let quiet = format!(
        "With nothing throttled, 60 seconds never hold more than {}: from there on no window throttles anything.",
        tokens(simulation.peak_unthrottled)
    );
    if !explains {
        return quiet;
    }
    format!(
        "{quiet} More quota may throttle more: below the safe quota a number that passes (the first passing) can lie \
         under one that does not."
    )
}

fn requested(all: &SimulateReport<'_>, simulation: &Simulation) -> Block {
    let mut columns = vec![
        Column::numbers("Quota"),
        Column::words("Window"),
        Column::numbers("Throttled at\nfirst attempt"),
        Column::numbers("Peak use"),
    ];
    if all.asking.retries.is_some() {
        columns.extend([Column::numbers("Lost with\nretries"), Column::numbers("Attempts\nwith retries")]);
    }
    let mut above = None;
    let rows = simulation.requested.iter().map(|requested| {
        let is_new = above.replace(requested.quota) != Some(requested.quota);
        requested_row(requested, is_new)
    });
    Block::Table { columns, rows: rows.collect() }
}

fn requested_row(requested: &Requested, is_new: bool) -> Vec<String> {
    let origin = match requested.origin {
        Origin::Asked => "",
        Origin::MeanRate => "\nmean rate",
        Origin::PeakMinute => "\nbusiest minute",
        Origin::Formula => "\nthe formula",
        Origin::Required => "\nrequired",
        Origin::Granted => "\ngranted",
        Origin::Default => "\ndefault",
    };
    let name = if is_new { format!("{}{origin}", requested.quota) } else { String::new() };
    let share = |outcome: &ReplayResult, part: u64| percent(part, outcome.total.requests);
    let mut cells = vec![
        name,
        requested.measure.as_str().to_owned(),
        share(&requested.dropped, requested.dropped.total.throttled),
        grouped(requested.dropped.peak_use),
    ];
    if let Some(retried) = &requested.retried {
        let total = &retried.total;
        cells.push(share(retried, total.lost));
        cells.push(grouped(total.attempts().into()));
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
    let mut columns = vec![
        Column::numbers("Quota"),
        Column::words("Workload"),
        Column::numbers("Requests"),
        Column::numbers("Throttled at\nfirst attempt"),
        Column::numbers("Peak use"),
    ];
    if all.asking.retries.is_some() {
        columns.extend([Column::numbers("Lost with\nretries"), Column::numbers("Attempts\nwith retries")]);
    }
    let mut rows = Vec::new();
    for requested in simulation.requested.iter().filter(|of| of.measure == measure) {
        let mut order: Vec<usize> = (0..simulated.workloads.len()).collect();
        let throttled = |index: &usize| OfWorkload::of(&requested.dropped, *index).counts.throttled;
        order.sort_by_key(|index| std::cmp::Reverse(throttled(index)));
        let of_quota = order.iter().take(WORKLOADS_SHOWN).zip(0..).map(|(&index, place)| {
            let quota = if place == 0 { requested.quota.to_string() } else { String::new() };
            workload_row(simulated, requested, index, quota)
        });
        rows.extend(of_quota);
    }
    let left = simulated.workloads.len().saturating_sub(WORKLOADS_SHOWN);
    let heading = match left {
        0 => format!("By workload, window {}", measure.as_str()),
        _ => format!("By workload, window {}; {left} more in JSON and CSV", measure.as_str()),
    };
    vec![Block::Heading(heading), Block::Table { columns, rows: rows.into() }]
}

fn workload_row(
    simulated: &ScopeSimulation<'_>,
    requested: &Requested,
    index: usize,
    quota: String,
) -> Vec<String> {
    let name = simulated.workloads.get(index).map(|name| cell_name(name)).unwrap_or_default();
    let OfWorkload { counts, peak_use } = OfWorkload::of(&requested.dropped, index);
    let mut cells = vec![
        quota,
        name,
        grouped(counts.requests.into()),
        percent(counts.throttled, counts.requests),
        grouped(peak_use),
    ];
    if let Some(retried) = &requested.retried {
        let counts = OfWorkload::of(retried, index).counts;
        cells.push(percent(counts.lost, counts.requests));
        cells.push(grouped(counts.attempts().into()));
    }
    cells
}

fn curve(simulation: &Simulation) -> Block {
    let windows = &simulation.windows;
    let mut columns = vec![Column::numbers("Quota")];
    columns.extend(windows.iter().map(|result| match result.measure {
        Measure::Rolling => Column::numbers("rolling"),
        Measure::Minute => Column::numbers("minute"),
        Measure::Bucket => Column::numbers("bucket"),
    }));
    let quotas = windows.first().map(|result| result.curve.as_slice()).unwrap_or_default();
    let rows = quotas.iter().enumerate().map(|(index, point)| {
        let shares = windows.iter().map(|result| {
            let throttled = result.curve.get(index).map(|point| point.throttled);
            throttled.map_or_else(String::new, |part| percent(part, simulation.requests))
        });
        std::iter::once(point.quota.to_string()).chain(shares).collect()
    });
    Block::Table { columns, rows: rows.collect() }
}
