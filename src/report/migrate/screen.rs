//! The first screen of a migration: what to ask for and by when, what stands in the way, and the quotas by urgency.

use std::cmp::Reverse;

use super::life::in_the_way;
use super::parts::notes;
use super::result::{MigrateReport, models, named};
use crate::contract::action::ActionVerb;
use crate::engine::{AccountDaily, AskBy, QuotaAction, QuotaPath, QuotaPlan};
use crate::report::actions::LOOK_UP;
use crate::report::cost::usd;
use crate::report::evidence::{EvidenceRow, evidence, left_out_findings};
use crate::report::words::{DueStage, MigrateVerdict, language};
use crate::report::{Block, Cell, Column, Detail, Mark, Step, Tone};
use crate::units::{Limit, QuotaAmount, Utilisation};

/// The verdict, the steps, and on a screen what they rest on.
pub(super) fn blocks(all: &MigrateReport<'_>, detail: Detail) -> Vec<Block> {
    let open: Vec<(&QuotaPath, &QuotaPlan)> =
        all.migrated.quotas.iter().filter_map(|path| open(all, path)).collect();
    let to_look_up: Vec<&QuotaPath> =
        all.migrated.quotas.iter().filter(|path| path.look_up_from.is_some()).collect();
    let days: Vec<Day<'_>> = days(all).into_iter().filter(Day::exceeds).collect();
    let mut sentences = vec![language().migrate_verdict(&verdict(all, &open, to_look_up.len(), days.len()))];
    sentences.extend(in_the_way(all));
    let tone = match (open.is_empty() && days.is_empty(), to_look_up.is_empty()) {
        (false, _) => Tone::Bad,
        (true, false) => Tone::Unsure,
        (true, true) => Tone::Good,
    };
    let mut blocks = vec![Block::Verdict { tone, sentences }];
    let mut steps = steps(all, &open, &to_look_up);
    steps.extend((u32::try_from(open.len()).unwrap_or(u32::MAX) + 1..).zip(&days).map(|(number, day)| {
        let (what, why) = language().migrate_day(day.account, day.most, day.limit);
        Step {
            number,
            verb: language().verb(ActionVerb::Case).to_owned(),
            what,
            code: day.code.unwrap_or_default().to_owned(),
            why,
            ..Step::default()
        }
    }));
    if !steps.is_empty() {
        blocks.push(Block::Steps(steps));
    }
    if detail == Detail::Actions {
        return blocks;
    }
    blocks.extend(table(all, detail));
    if !detail.is_everything() {
        let mut lines = Vec::new();
        if let (Some(first), Some(last)) = (all.migrated.stages.first(), all.migrated.stages.last()) {
            let (now, then) = (usd(&first.plan.cost.total), usd(&last.plan.cost.total));
            lines.push(language().migrate_cost(&now, &then, last.percent));
        }
        lines.push(language().migrate_details().to_owned());
        lines.extend(left_out_findings(notes(all).iter().map(|note| (note.severity, note.code))));
        blocks.push(Block::Lines(lines));
    }
    blocks
}

/// The commands that come next.
pub(super) fn next_commands(all: &MigrateReport<'_>) -> Option<Block> {
    let typed = all.typed.filter(|_| all.migrated.calendar.start.is_none())?;
    Some(Block::Commands(vec![format!("quotaplan migrate {typed} --start {}", all.input.assumptions.today)]))
}

/// A path at whose largest need something must be done.
fn open<'a>(all: &MigrateReport<'a>, path: &'a QuotaPath) -> Option<(&'a QuotaPath, &'a QuotaPlan)> {
    path.exceeds_from?;
    Some((path, all.migrated.quota(path, path.peak)?))
}

fn verdict(
    all: &MigrateReport<'_>,
    open: &[(&QuotaPath, &QuotaPlan)],
    to_look_up: usize,
    days: usize,
) -> MigrateVerdict {
    let migrated = all.migrated;
    let (from, to) = models(all);
    MigrateVerdict {
        rows: migrated.moved.rows.len(),
        from,
        to,
        to_do: open.len() + days,
        to_look_up,
        not_judged: migrated.quotas.iter().filter(|path| !is_judged(all, path)).count(),
        quotas: migrated.quotas.len(),
        is_late: open.iter().any(|(path, _)| path.ask_by.is_some_and(|by| by.late)),
    }
}

/// Whether what a quota needs at most can be held against a limit.
fn is_judged(all: &MigrateReport<'_>, path: &QuotaPath) -> bool {
    all.migrated
        .quota(path, path.peak)
        .is_some_and(|most| most.figures.required.is_some() && most.capacity().is_some())
}

/// When a stage needs something: on a day, before its traffic moves, or now.
fn due(all: &MigrateReport<'_>, stage: Option<usize>, date: Option<AskBy>) -> Option<DueStage> {
    let stage = stage?;
    Some(match date {
        _ if stage == 0 => DueStage::Now,
        Some(by) => DueStage::Day(by),
        None => DueStage::Before(all.migrated.stages.get(stage)?.percent),
    })
}

fn steps(all: &MigrateReport<'_>, open: &[(&QuotaPath, &QuotaPlan)], to_look_up: &[&QuotaPath]) -> Vec<Step> {
    let mut steps = Vec::new();
    if !to_look_up.is_empty() {
        let first = to_look_up.iter().min_by_key(|path| path.look_up_from);
        // The first stage is what the traffic is now: there is nothing to wait for.
        let due =
            first.and_then(|path| due(all, path.look_up_from.filter(|stage| *stage > 0), path.look_up_by));
        let (what, why) = language().migrate_look_up(to_look_up.len(), due);
        steps.push(Step {
            verb: language().verb(ActionVerb::LookUp).to_owned(),
            what,
            command: LOOK_UP.to_owned(),
            why,
            ..Step::default()
        });
    }
    for (number, (path, quota)) in (1..).zip(open) {
        let verb = match quota.action {
            QuotaAction::Request if quota.may_be_adjustable() => ActionVerb::Ask,
            QuotaAction::Request => ActionVerb::Case,
            QuotaAction::LowerMaxTokens => ActionVerb::Lower,
            QuotaAction::Restore => ActionVerb::Restore,
            QuotaAction::Migrate => ActionVerb::Decide,
            QuotaAction::VerifyApplied | QuotaAction::None => ActionVerb::LookUp,
        };
        let stage = all.migrated.stages.get(path.peak).map(named).unwrap_or_default();
        steps.push(Step {
            number,
            verb: language().verb(verb).to_owned(),
            what: language().migrate_step(quota, all.input.catalog),
            code: quota.code().unwrap_or_default().to_owned(),
            why: language().migrate_reasons(quota, &stage, due(all, path.exceeds_from, path.ask_by)),
            ..Step::default()
        });
    }
    steps
}

/// An account's tokens per day over all models: an estimate.
struct Day<'a> {
    account: Option<&'a str>,
    code: Option<&'a str>,
    code_words: &'a str,
    now: QuotaAmount,
    /// The most of all stages, and the first with it.
    most: QuotaAmount,
    at: usize,
    limit: Option<Limit>,
}

impl Day<'_> {
    fn exceeds(&self) -> bool {
        self.limit.is_some_and(|limit| !limit.holds(self.most))
    }
}

fn days<'a>(all: &MigrateReport<'a>) -> Vec<Day<'a>> {
    let first = all.migrated.stages.first();
    let day = |now: &'a AccountDaily| {
        let stages = all.migrated.stages.iter().enumerate();
        let each = stages.filter_map(|(at, stage)| {
            let then = all.daily(stage).find(|then| then.account == now.account)?;
            Some((then.larger(), Reverse(at)))
        });
        let (most, Reverse(at)) = each.max().unwrap_or((now.larger(), Reverse(0)));
        Day {
            account: now.account.as_deref(),
            code: now.entry.known_code(),
            code_words: now.entry.code_words(),
            now: now.larger(),
            most,
            at,
            limit: now.capacity(),
        }
    };
    first.into_iter().flat_map(|stage| all.daily(stage)).map(day).collect()
}

fn table(all: &MigrateReport<'_>, detail: Detail) -> Vec<Block> {
    let titles = language().migrate_titles();
    let mut columns = vec![Column::words(titles.quota)];
    columns.extend(detail.has_all_rows().then_some(Column::codes("Code")));
    columns.extend([
        Column::numbers(titles.now),
        Column::numbers(titles.most),
        Column::numbers(titles.at),
        Column::numbers(titles.limit),
        Column::numbers(titles.share),
    ]);
    let none = || Cell::Mark(Mark::NotApplicable);
    let of_path = |path: &QuotaPath| {
        let most = all.migrated.quota(path, path.peak)?;
        let now = all.migrated.quota(path, 0);
        let (required, limit) = (most.figures.required, most.capacity());
        let mut cells: Vec<Cell> = vec![language().quota_line(most, all.input).into()];
        cells.extend(detail.has_all_rows().then(|| most.id.code_words().into()));
        cells.extend([
            now.map_or_else(none, |quota| Cell::demand_or_unknown(quota.figures.required)),
            Cell::demand_or_unknown(required),
            all.migrated.stages.get(path.peak).map(named).unwrap_or_default().into(),
            limit.map_or(Cell::Mark(Mark::Unknown), Cell::limit),
            most.utilisation.map_or_else(none, Cell::Use),
        ]);
        Some(EvidenceRow::new(EvidenceRow::flag(required, limit), &[], required, limit, cells))
    };
    let paths = all.migrated.quotas.iter().filter_map(of_path);
    let of_day = |day: Day<'_>| {
        let share = day.limit.and_then(|limit| Utilisation::of_limit(day.most, limit));
        let mut cells: Vec<Cell> = vec![language().daily_line(day.account).into()];
        cells.extend(detail.has_all_rows().then(|| day.code_words.into()));
        cells.extend([
            Cell::Demand(day.now),
            Cell::Demand(day.most),
            all.migrated.stages.get(day.at).map(named).unwrap_or_default().into(),
            day.limit.map_or(Cell::Mark(Mark::Unknown), Cell::limit),
            share.map_or_else(none, Cell::Use),
        ]);
        let flag = EvidenceRow::flag(Some(day.most), day.limit);
        EvidenceRow::new(flag, &[], Some(day.most), day.limit, cells)
    };
    let days = days(all).into_iter().map(of_day);
    let rows: Vec<EvidenceRow> = paths.chain(days).collect();
    // Both models' quotas are few, and all of them matter.
    evidence(columns, rows, if detail.is_everything() { detail } else { Detail::Rows })
}
