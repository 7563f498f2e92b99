//! The best assignment for people: what moves where and why, what it needs before and after, and the cells to change.

use super::edits::edits;
use super::result::{CompareReport, saving_cell};
use crate::catalog::{Residency, ResidencyVerdict};
use crate::engine::{Decision, Optimum, Plan, QuotaPlan, QuotasToHold};
use crate::report::words::{CompareHeading, DecisionIn, OptimumFigures, language};
use crate::report::{Block, BlockOf, Cell, Column, Detail, Flag, Mark, Step, Tone};
use crate::workload::Workload;

/// Moves, quotas and cells of a screen; more are counted.
const SHOWN: usize = 12;

/// The verdict, and the workloads that should move.
pub(super) fn lead<'a>(all: &CompareReport<'a>, found: &Optimum, detail: Detail) -> Vec<BlockOf<'a>> {
    let figures = figures(all, found);
    let tone = match figures {
        OptimumFigures { after, .. } if after.exceeding > 0 => Tone::Bad,
        OptimumFigures { after, breaking, .. } if after.unjudged + breaking.1 > 0 => Tone::Unsure,
        OptimumFigures { moved: 0, .. } => Tone::Good,
        OptimumFigures { .. } => Tone::Unsure,
    };
    let mut blocks = vec![Block::Verdict { tone, sentences: language().optimum_verdict(&figures) }];
    let decisions = found.decisions();
    let moves = decisions.into_iter().filter(|decision| decision.moves());
    let most = if detail.has_all_rows() { usize::MAX } else { SHOWN };
    let step = |(number, decision): (u32, &Decision)| {
        let (name, model) = names(all, decision);
        let outside = outside(all, decision);
        let of = decision_in(all, decision, outside.as_deref());
        let (verb, said) = language().move_step(name, model, &of);
        Step { number, verb: verb.to_owned(), what: said.what, why: said.why, ..Step::default() }
    };
    let steps: Vec<Step> = (1..).zip(moves).take(most).map(step).collect();
    let left = figures.moved - steps.len();
    if !steps.is_empty() {
        blocks.push(Block::Steps(steps));
    }
    if left > 0 {
        blocks.push(Block::Rest(language().more_moves(left)));
    }
    blocks
}

/// How the assignment was found.
pub(super) fn method(all: &CompareReport<'_>, found: &Optimum) -> Vec<String> {
    language().optimum_method(&figures(all, found))
}

fn figures<'a>(all: &CompareReport<'a>, found: &'a Optimum) -> OptimumFigures<'a> {
    let decisions = found.decisions();
    let count = |is: &dyn Fn(&Decision) -> bool| decisions.iter().filter(|decision| is(decision)).count();
    OptimumFigures {
        moved: count(&Decision::moves),
        workloads: decisions.len(),
        free: count(&|decision| stated(all, decision).is_none()),
        breaking: (
            count(&|decision| !decision.residency_met_now),
            count(&|decision| !decision.residency_met),
        ),
        before: found.before,
        after: found.after,
        cost_before: &all.base.cost.total,
        cost_after: &found.plan.cost.total,
        has_periods: all.base.cost.period.is_some(),
        proven: found.proven(),
    }
}

/// The tables: every decision, the quotas that change, and the cells to change.
pub(super) fn evidence<'a>(all: &CompareReport<'a>, found: &Optimum, detail: Detail) -> Vec<BlockOf<'a>> {
    let is_all = detail.has_all_rows();
    let most = if is_all { usize::MAX } else { SHOWN };
    let titles = language().compare_titles();
    let mut blocks = vec![decision_table(all, found, is_all)];
    let hidden = found.decisions().len().saturating_sub(most);
    blocks.extend((hidden > 0).then(|| Block::Rest(language().more_moves(hidden))));
    let (quotas, left) = first(quota_rows(all, found, is_all), most);
    if !quotas.is_empty() {
        let columns = vec![
            Column::flags(),
            Column::words(titles.changed_quota),
            Column::codes(titles.quota).dropped(1),
            Column::numbers(titles.needs_now),
            Column::numbers(titles.needs_then),
            Column::numbers(titles.limit),
            if is_all { Column::words(titles.holds) } else { Column::codes(titles.holds) },
        ];
        blocks.push(Block::Table { columns, rows: quotas.into() });
        blocks.extend((left > 0).then(|| Block::Rest(language().more_moves(left))));
    }
    let cells = found.decisions().into_iter().flat_map(|decision| edits(all, decision)).map(|edit| {
        let place = edit.place.map(|place| place.to_string()).unwrap_or_default();
        let cells = [place, edit.column.name().to_owned(), edit.from, edit.to];
        cells.into_iter().map(Cell::from).collect()
    });
    let (cells, left) = first(cells.collect(), most);
    if !cells.is_empty() {
        let columns = vec![
            Column::codes(titles.cell),
            Column::codes(titles.column).dropped(1),
            Column::words(titles.old),
            Column::words(titles.new),
        ];
        blocks.push(Block::Heading(language().compare_heading(CompareHeading::Cells).to_owned()));
        blocks.push(Block::Table { columns, rows: cells.into() });
        blocks.extend((left > 0).then(|| Block::Rest(language().more_moves(left))));
    }
    blocks
}

/// The first rows, and how many there are more.
fn first(mut rows: Vec<Vec<Cell>>, most: usize) -> (Vec<Vec<Cell>>, usize) {
    let left = rows.len().saturating_sub(most);
    rows.truncate(most);
    (rows, left)
}

/// The strictest rule of a decision's rows, unless it admits every Region.
fn stated(all: &CompareReport<'_>, decision: &Decision) -> Option<Residency> {
    let stated = decision.rows.iter().filter_map(|index| all.row(*index)?.residency()).max();
    stated.filter(|residency| *residency != Residency::Any)
}

/// The names of a decision's workload and model.
fn names<'a>(all: &CompareReport<'a>, decision: &Decision) -> (&'a str, &'a str) {
    let row: Option<&'a Workload> = decision.rows.first().and_then(|index| all.row(*index));
    let model = row.map(|row| all.input.catalog.model(row.model()).name.as_str()).unwrap_or_default();
    (row.map(Workload::name).unwrap_or_default(), model)
}

fn decision_in<'d>(
    all: &CompareReport<'_>,
    decision: &'d Decision,
    outside: Option<&'d str>,
) -> DecisionIn<'d> {
    DecisionIn { decision, stated: stated(all, decision), outside }
}

/// Where the scope that a decision is held against leads to beyond the residency.
fn outside(all: &CompareReport<'_>, decision: &Decision) -> Option<String> {
    let row = decision.rows.first().and_then(|index| all.row(*index))?;
    let against = decision.against?;
    match all.input.catalog.model(row.model()).keeps_to(stated(all, decision), against) {
        ResidencyVerdict::Outside(outside) => Some(outside.to_string()),
        ResidencyVerdict::Met | ResidencyVerdict::Unknown => None,
    }
}

/// Why a workload is where it is, in words.
pub(super) fn why(all: &CompareReport<'_>, decision: &Decision) -> String {
    language().why_assigned(&decision_in(all, decision, outside(all, decision).as_deref()))
}

fn short_why(all: &CompareReport<'_>, decision: &Decision) -> String {
    language().why_assigned_short(&decision_in(all, decision, None))
}

/// Every decision, those that move first.
fn decision_table<'a>(all: &CompareReport<'_>, found: &Optimum, is_all: bool) -> BlockOf<'a> {
    let titles = language().compare_titles();
    let columns = vec![
        Column::words(titles.workload),
        Column::codes(titles.model).dropped(2),
        Column::codes(titles.scope),
        Column::numbers(titles.saves).dropped(1),
        if is_all { Column::words(titles.why) } else { Column::codes(titles.why) },
    ];
    let row = |decision: &Decision| -> Vec<Cell> {
        let (name, model) = names(all, decision);
        let none = || Cell::Mark(Mark::NotApplicable);
        vec![
            name.into(),
            model.into(),
            language().assigned(decision).into(),
            if decision.moves() { saving_cell(decision.saving.as_ref()) } else { none() },
            if is_all { why(all, decision).into() } else { short_why(all, decision).into() },
        ]
    };
    let mut decisions = found.decisions();
    decisions.sort_by_key(|decision| !decision.moves());
    decisions.truncate(if is_all { usize::MAX } else { SHOWN });
    Block::Table { columns, rows: decisions.into_iter().map(row).collect() }
}

/// Whether a quota holds; `None` where that cannot be judged.
fn is_held(quota: &QuotaPlan, held: &QuotasToHold<'_>) -> Option<bool> {
    Some(held.limit(quota)?.holds(quota.figures.required?))
}

fn holds(quota: Option<&QuotaPlan>, held: &QuotasToHold<'_>) -> &'static str {
    language().holds(quota, quota.and_then(|quota| is_held(quota, held)))
}

fn flag(quota: Option<&QuotaPlan>, held: &QuotasToHold<'_>) -> Flag {
    match quota.map(|quota| is_held(quota, held)) {
        None | Some(Some(true)) => Flag::Fine,
        Some(Some(false)) => Flag::Bad,
        Some(None) => Flag::Unknown,
    }
}

/// Every quota of which another amount is required in the assignment.
fn quota_rows(all: &CompareReport<'_>, found: &Optimum, is_all: bool) -> Vec<Vec<Cell>> {
    let catalog = all.input.catalog;
    let held = QuotasToHold { code: None, assume_defaults: all.asked.assume_defaults };
    let same = |plan: &Plan, quota: &QuotaPlan| {
        let identity = quota.id.about(catalog);
        plan.quotas.iter().position(|other| other.id.about(catalog) == identity)
    };
    let pairs = all.base.quotas.iter().map(|now| {
        let then = same(&found.plan, now).and_then(|index| found.plan.quotas.get(index));
        (Some(now), then)
    });
    let new = found.plan.quotas.iter().filter(|quota| same(all.base, quota).is_none());
    let pairs = pairs.chain(new.map(|quota| (None, Some(quota))));
    let required = |quota: Option<&QuotaPlan>| {
        quota.map_or(Cell::Mark(Mark::NotApplicable), |quota| Cell::demand_or_unknown(quota.figures.required))
    };
    let row = |(now, then): (Option<&QuotaPlan>, Option<&QuotaPlan>)| {
        let either = then.or(now)?;
        let figure = |quota: Option<&QuotaPlan>| quota.map(|quota| quota.figures.required);
        if figure(now) == figure(then) {
            return None;
        }
        let limit = held.limit(either).map_or(Cell::Mark(Mark::Unknown), Cell::limit);
        let (before, after) = (holds(now, &held), holds(then, &held));
        let result = if is_all { language().holds_then(before, after) } else { after.to_owned() };
        Some(vec![
            flag(then, &held).into(),
            either.id.subject(catalog).into(),
            either.id.code_words().into(),
            required(now),
            required(then),
            limit,
            result.into(),
        ])
    };
    pairs.filter_map(row).collect()
}
