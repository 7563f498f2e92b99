//! Simulations for people: what must be known first, then the windows, the quotas that were tried and the curve.

use std::cmp::Reverse;

use super::details;
use super::requests::amount_or_none;
use super::result::{HeldAgainst, RequestQuota, ScopeSimulation, SimulateReport, ThrottledRange};
use crate::experiment::{Origin, Requested, Simulation, WindowResult};
use crate::report::notes::edition_words;
use crate::report::words::{LeftOut, MaxTokensAssumed, language};
use crate::report::{Block, Cell, Chart, Column, Detail, Flag, Mark, Series, Step, Tone};
use crate::text::Code;
use crate::units::{Limit, QuotaAmount, grouped};

/// Quotas of a screen where several are simulated; more are counted.
const QUOTAS: usize = 12;

/// As much of the simulations as `detail` asks for.
pub(super) fn blocks(all: &SimulateReport<'_>, detail: Detail) -> Vec<Block> {
    let mut blocks = vec![Block::Verdict { tone: tone(all), sentences: language().simulate_verdict(all) }];
    let steps: Vec<Step> = (1..)
        .zip(language().simulate_steps(all))
        .map(|(number, (verb, said))| Step {
            number,
            verb: verb.to_owned(),
            what: said.what,
            why: said.why,
            ..Step::default()
        })
        .collect();
    if !steps.is_empty() {
        blocks.push(Block::Steps(steps));
    }
    if !detail.has_evidence() {
        return blocks;
    }
    let edition = edition_words(&all.asking.policy);
    if detail.is_everything() {
        blocks.extend(details::blocks(all));
        blocks.extend(edition.map(Block::Paragraph));
    } else {
        blocks.extend(evidence(all, detail));
        let mut lines = language().trace_read(&all.source);
        lines.extend(all.left_out.iter().cloned());
        if let [only] = all.simulated.as_slice() {
            lines.extend(only.notes.iter().cloned());
        }
        lines.extend(language().simulate_method(all));
        lines.extend(edition);
        blocks.push(Block::Lines(lines));
    }
    let commands = next_commands(all, detail);
    if !commands.is_empty() {
        blocks.push(Block::Commands(commands));
    }
    blocks
}

/// How the simulations went: unsure where an assumption decides, bad where a quota that there is is too low.
fn tone(all: &SimulateReport<'_>) -> Tone {
    let is_open = |of: &ScopeSimulation<'_>| {
        of.at_maximum.is_some() || of.short.is_some() || of.simulation.band.is_none()
    };
    let flags: Vec<Flag> = all.simulated.iter().map(|of| quota_flag(all, of)).collect();
    match () {
        () if flags.contains(&Flag::Bad) => Tone::Bad,
        () if all.simulated.iter().any(is_open) || flags.contains(&Flag::Near) => Tone::Unsure,
        () if flags.contains(&Flag::Unknown) => Tone::Plain,
        () => Tone::Good,
    }
}

/// How a range of throttled requests stands to what is allowed.
fn flag(range: ThrottledRange, allowed: u64) -> Flag {
    match range {
        ThrottledRange { least, .. } if least > allowed => Flag::Bad,
        ThrottledRange { most, .. } if most > allowed => Flag::Near,
        ThrottledRange { .. } => Flag::Fine,
    }
}

fn quota_flag(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Flag {
    let allowed = all.allowed(of.simulation.requests);
    of.held_against().map_or(Flag::Unknown, |held| flag(held.whole(), allowed))
}

fn evidence(all: &SimulateReport<'_>, detail: Detail) -> Vec<Block> {
    match all.simulated.as_slice() {
        [only] if detail.has_all_rows() => details::of_one(all, only, false),
        [only] => one(all, only),
        several => {
            let mut blocks = several_quotas(all, several, detail);
            if detail.has_all_rows() {
                blocks.extend(several.iter().flat_map(|of| details::of_one(all, of, false)));
            }
            blocks
        }
    }
}

/// One simulation on a screen.
fn one(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Vec<Block> {
    let heading = Block::Heading(language().simulate_heading(all, of));
    if of.simulation.band.is_none() {
        return vec![heading];
    }
    // A trace that is too short is named with its length in a step.
    let is_named = of.short.is_some() && all.asking.policy.severity_of(Code::ShortTrace).is_some();
    let mut blocks = if is_named { Vec::new() } else { vec![heading] };
    blocks.push(windows(of));
    blocks.extend(tried(all, of));
    blocks.extend(details::solutions(of));
    blocks.extend(curve(of));
    blocks
}

/// What is needed in each window.
fn windows(of: &ScopeSimulation<'_>) -> Block {
    let titles = language().simulate_titles();
    let is_open = of.at_maximum.is_some();
    let unset = of.unset().map(|(unset, _)| &unset.simulation);
    let requests = of.requests_per_minute.as_ref().map(|quota| &quota.simulation);
    let mut columns = vec![Column::words(titles.window)];
    if is_open {
        columns.extend([Column::numbers(titles.if_tight), Column::numbers(titles.if_unset)]);
    } else {
        columns.push(Column::numbers(titles.tokens));
    }
    columns.extend(requests.map(|_| Column::numbers(titles.requests_a_minute)));
    let row = |name: &'static str, index: usize, value: fn(&WindowResult) -> Option<QuotaAmount>| {
        let cell = |simulation: &Simulation| {
            simulation
                .windows
                .get(index)
                .map_or(Cell::Mark(Mark::NotApplicable), |result| amount_or_none(value(result)))
        };
        let mut cells: Vec<Cell> = vec![name.into(), cell(&of.simulation)];
        cells.extend(is_open.then(|| unset.map_or(Cell::Mark(Mark::Unknown), cell)));
        cells.extend(requests.map(cell));
        cells
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (index, result) in of.simulation.windows.iter().enumerate() {
        rows.push(row(language().window(result.measure), index, |result| result.safe_quota));
        if result.worst_phase.is_some() {
            let worst = |result: &WindowResult| result.worst_phase.map(|worst| worst.safe_quota);
            rows.push(row(language().worst_phase_row(), index, worst));
        }
    }
    Block::Table { columns, rows: rows.into() }
}

/// The quotas that were tried, each over all windows.
fn tried(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Option<Block> {
    let titles = language().simulate_titles();
    let simulation = &of.simulation;
    let unset = of.unset().map(|(unset, _)| unset);
    let mut columns = vec![Column::flags(), Column::words(titles.origin), Column::numbers(titles.quota)];
    match unset {
        Some(_) => columns.extend([Column::numbers(titles.if_tight), Column::numbers(titles.if_unset)]),
        None => columns.push(Column::numbers(titles.throttled)),
    }
    let all_tried = || simulation.requested.iter().chain(&of.at_ask);
    let mut quotas: Vec<(QuotaAmount, Origin)> =
        all_tried().map(|tried| (tried.quota, tried.origin)).collect();
    quotas.sort_by_key(|(quota, _)| *quota);
    quotas.dedup_by_key(|(quota, _)| *quota);
    let share = |range: ThrottledRange, requests: u64| -> Cell {
        language().shares_of_requests(range.least, range.most, requests).into()
    };
    let rows = quotas.into_iter().filter_map(|(quota, origin)| {
        let of_quota = |tried: &&Requested| tried.quota == quota;
        let tight = ThrottledRange::of(all_tried().filter(of_quota))?;
        let loose = unset.and_then(|unset| {
            ThrottledRange::of(unset.simulation.requested.iter().chain(&unset.at_ask).filter(of_quota))
        });
        let held = HeldAgainst { quota, origin, throttled: tight, unset: loose };
        let mut cells: Vec<Cell> = vec![
            flag(held.whole(), all.allowed(simulation.requests)).into(),
            language().quota_origin(origin).into(),
            quota_cell(quota, origin),
            share(tight, simulation.requests),
        ];
        cells.extend(
            unset.map(|_| loose.map_or(Cell::Mark(Mark::Unknown), |range| share(range, simulation.requests))),
        );
        Some(cells)
    });
    let rows: Vec<Vec<Cell>> = rows.chain(requests_row(all, of, unset.is_some())).collect();
    (!rows.is_empty()).then(|| Block::Table { columns, rows: rows.into() })
}

/// A quota that there is, or what is asked for.
fn quota_cell(quota: QuotaAmount, origin: Origin) -> Cell {
    match origin {
        Origin::Granted | Origin::Default | Origin::Asked => Cell::Capacity(quota),
        Origin::MeanRate | Origin::PeakMinute | Origin::Formula | Origin::Required => Cell::Demand(quota),
    }
}

/// What the quota of requests per minute throttles, whatever max_tokens is.
fn requests_row(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>, is_open: bool) -> Option<Vec<Cell>> {
    let RequestQuota { limits, simulation, .. } = of.requests_per_minute.as_ref()?;
    let (limit, origin) = limits.capacity()?;
    let shares = match limit {
        Limit::Unlimited => language().share_of_requests(0, simulation.requests.max(1)),
        Limit::Amount(_) => {
            let range = ThrottledRange::of(simulation.requested.iter())?;
            language().shares_of_requests(range.least, range.most, simulation.requests)
        }
    };
    let flag = ThrottledRange::of(simulation.requested.iter())
        .map_or(Flag::Fine, |range| flag(range, all.allowed(simulation.requests)));
    let mut cells: Vec<Cell> = vec![
        flag.into(),
        language().requests_origin(origin).into(),
        Cell::limit(limit),
        shares.clone().into(),
    ];
    cells.extend(is_open.then(|| shares.into()));
    Some(cells)
}

/// How throttling falls as the quota rises: of each window, or of the first at each max_tokens that may be.
fn curve(of: &ScopeSimulation<'_>) -> Option<Block> {
    let titles = language().simulate_titles();
    let series = |simulation: &Simulation, result: &WindowResult, assumed| Series {
        name: language().curve_name(assumed, result.measure, simulation),
        values: result.curve.iter().map(|point| QuotaAmount::new(point.throttled)).collect(),
    };
    let tight = &of.simulation;
    let series: Vec<Series> = match of.unset() {
        None => tight.windows.iter().map(|window| series(tight, window, MaxTokensAssumed::Nothing)).collect(),
        Some((unset, _)) => {
            let both = [(tight, MaxTokensAssumed::AsAnswered), (&unset.simulation, MaxTokensAssumed::Unset)];
            let first = |(simulation, assumed): (&Simulation, _)| {
                simulation.windows.first().map(|window| series(simulation, window, assumed))
            };
            both.into_iter().filter_map(first).collect()
        }
    };
    let chart = Chart { title: titles.curve.to_owned(), unit: titles.curve_unit, series, limit: None };
    chart.top().filter(|top| top.get() > 0).map(|_| Block::Chart(chart))
}

/// Several simulations, those first whose quota is too low; on a screen the first of them.
fn several_quotas(all: &SimulateReport<'_>, several: &[ScopeSimulation<'_>], detail: Detail) -> Vec<Block> {
    let titles = language().simulate_titles();
    let is_open = several.iter().any(|of| of.at_maximum.is_some());
    let counts = several.iter().any(|of| of.requests_per_minute.is_some());
    let is_all = detail.has_all_rows();
    let mut columns = vec![Column::flags(), Column::words(titles.simulated)];
    columns.extend(is_all.then_some(Column::numbers(titles.requests).dropped(2)));
    columns.extend([Column::numbers(titles.least).dropped(3), Column::numbers(titles.most)]);
    columns.extend(is_open.then_some(Column::numbers(titles.most_if_unset)));
    columns.extend([Column::numbers(titles.quota), Column::numbers(titles.throttled)]);
    columns.extend(counts.then_some(Column::numbers(titles.requests_short).dropped(1)));
    let mut order: Vec<&ScopeSimulation<'_>> = several.iter().collect();
    let rank = |of: &ScopeSimulation<'_>| match quota_flag(all, of) {
        Flag::Bad => 0,
        Flag::Near => 1,
        Flag::Unknown => 2,
        Flag::Fine => 3,
    };
    order.sort_by_key(|of| (rank(of), Reverse(of.held_against().map(|held| held.whole().most))));
    let most = if is_all { usize::MAX } else { QUOTAS };
    let left = order.split_off(order.len().min(most));
    let none = || Cell::Mark(Mark::NotApplicable);
    let row = |of: &ScopeSimulation<'_>| -> Vec<Cell> {
        let band = of.simulation.band;
        let held = of.held_against();
        let requests = of.simulation.requests;
        let mut cells: Vec<Cell> = vec![quota_flag(all, of).into(), language().simulated_quota(of).into()];
        cells.extend(is_all.then(|| grouped(requests.into()).into()));
        cells.extend([amount_or_none(band.map(|band| band.low)), amount_or_none(band.map(|band| band.high))]);
        cells.extend(is_open.then(|| details::if_unset(of)));
        cells.push(held.map_or_else(none, |held| quota_cell(held.quota, held.origin)));
        cells.push(held.map_or_else(none, |held| {
            let ThrottledRange { least, most } = held.whole();
            language().shares_of_requests(least, most, requests).into()
        }));
        let of_requests = of.requests_per_minute.as_ref().and_then(|quota| quota.simulation.band);
        cells.extend(counts.then(|| of_requests.map_or_else(none, |band| Cell::Demand(band.high))));
        cells
    };
    let rows: Vec<Vec<Cell>> = order.into_iter().map(row).collect();
    let quiet = left.iter().filter(|of| quota_flag(all, of) == Flag::Fine).count();
    let left = LeftOut { pressing: left.len() - quiet, quiet, most: None, has_unlimited: false };
    let mut blocks = vec![Block::Table { columns, rows: rows.into() }];
    blocks.extend(language().left_out_rows(left).map(Block::Rest));
    blocks
}

/// What comes next: the largest max_tokens that a quota allows where max_tokens is not known, then the whole.
fn next_commands(all: &SimulateReport<'_>, detail: Detail) -> Vec<String> {
    let Some(typed) = &all.typed else { return Vec::new() };
    let quota = |of: &ScopeSimulation<'_>| match of.held_against()? {
        HeldAgainst { quota, origin: Origin::Granted | Origin::Default | Origin::Asked, .. } => Some(quota),
        _ => of.default_quota(),
    };
    let open = all.simulated.iter().find(|of| of.at_maximum.is_some() && of.solutions.is_none());
    let solve = open.and_then(quota);
    let solve =
        solve.map(|quota| format!("quotaplan simulate {typed} --quota {} --solve max-tokens", quota.get()));
    let mut asked: Vec<u64> = Vec::new();
    for tried in all.simulated.iter().flat_map(|of| &of.simulation.requested) {
        if tried.origin == Origin::Asked && !asked.contains(&tried.quota.get()) {
            asked.push(tried.quota.get());
        }
    }
    let asked: String = asked.iter().map(|quota| format!(" --quota {quota}")).collect();
    let is_solved = all.simulated.iter().any(|of| of.solutions.is_some());
    let solved = if is_solved { " --solve max-tokens" } else { "" };
    let whole =
        (!detail.is_everything()).then(|| format!("quotaplan simulate {typed}{asked}{solved} --details"));
    solve.into_iter().chain(whole).collect()
}
