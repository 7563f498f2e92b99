//! A what-if for people.

use std::cmp::Reverse;

use super::result::{BASE, Pair, Runways, WhatifReport, due, ranked, side_by_side};
use crate::engine::{Finding, Plan, QuotaPlan, ScenarioPlan};
use crate::report::blocks::cells;
use crate::report::cost::{usd, usd_change};
use crate::report::notes::{bears_on_the_choice, edition_words, finding_note};
use crate::report::words::{ScenarioEffect, language};
use crate::report::{Block, Cell, Column, Detail, Mark, Note, Tone};
use crate::text::plain::cell_name;

/// Lines of a screen that change an action, or something by a tenth; more are counted.
const LINES: usize = 12;

/// Effects of a screen for each quota, the largest.
const EFFECTS: usize = 3;

/// Findings of a screen that scenarios bring.
const FINDINGS: usize = 5;

/// What was asked for: answers, scenarios beside the plan as it is, how long the quotas last, and what matters most.
pub(super) fn blocks(all: &WhatifReport<'_>, detail: Detail) -> Vec<Block> {
    let effects: Vec<ScenarioChanges<'_>> =
        all.scenarios.iter().map(|scenario| ScenarioChanges::read(all, scenario)).collect();
    let answers = all.solutions.iter().map(|solution| language().answer(solution, all.input.catalog));
    let verdict: Vec<String> = answers.chain(effects.iter().map(|effect| effect.sentence(all))).collect();
    let mut blocks = Vec::new();
    if !verdict.is_empty() {
        blocks.push(Block::Verdict { tone: Tone::Plain, sentences: verdict });
    }
    if !detail.has_evidence() {
        return blocks;
    }
    if !effects.is_empty() {
        blocks.extend(scenario_blocks(all, &effects, detail));
    }
    if let Some(runways) = all.runways {
        blocks.extend(runway_blocks(all, runways));
    }
    if !all.sensitivity.is_empty() {
        blocks.extend(sensitivity_blocks(all, detail));
    }
    blocks
}

fn name(all: &WhatifReport<'_>, quota: &QuotaPlan) -> String {
    language().quota_line(quota, all.input)
}

/// How much a line matters: the smallest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Something else is to be done.
    OtherAction,
    /// A tenth more or less is needed, or it is not known.
    Tenth,
    /// Less changes.
    Small,
}

/// A quota that a scenario changes.
struct ChangedQuota<'a> {
    weight: Weight,
    before: Option<&'a QuotaPlan>,
    now: Option<&'a QuotaPlan>,
}

impl ChangedQuota<'_> {
    /// Reads a pair; `None` where nothing changes.
    fn read<'a>((before, now): Pair<'a>) -> Option<ChangedQuota<'a>> {
        let of = |quota: &QuotaPlan| {
            let figures = quota.figures;
            (figures.steady, figures.peak, figures.required, quota.action, quota.ask, quota.lean_ask)
        };
        let weight = match (before, now) {
            (Some(before), Some(now)) if of(before) == of(now) => return None,
            (Some(before), Some(now)) if before.action != now.action => Weight::OtherAction,
            (Some(before), Some(now)) if before.ask != now.ask => Weight::OtherAction,
            (Some(before), Some(_)) => {
                let change = QuotaPlan::required_change(Some(before), now);
                let required = before.figures.required.map(|required| i128::from(required.get()));
                match change.zip(required) {
                    Some((change, required)) if change.abs() * 10 < required => Weight::Small,
                    Some((0, _)) => Weight::Small,
                    _ => Weight::Tenth,
                }
            }
            _ => Weight::OtherAction,
        };
        Some(ChangedQuota { weight, before, now })
    }

    /// How much more or less is needed, for the order of lines.
    fn size(&self) -> u128 {
        let change = QuotaPlan::required_change(self.before, self.now).map_or(u128::MAX, i128::unsigned_abs);
        let before =
            self.before.and_then(|quota| quota.figures.required).map_or(1, |amount| amount.get().max(1));
        change.saturating_mul(1_000) / u128::from(before)
    }
}

/// What a scenario changes.
struct ScenarioChanges<'a> {
    scenario: &'a ScenarioPlan,
    quotas: usize,
    changed: Vec<ChangedQuota<'a>>,
}

impl<'a> ScenarioChanges<'a> {
    fn read(all: &WhatifReport<'a>, scenario: &'a ScenarioPlan) -> Self {
        let pairs = side_by_side(all, &scenario.plan);
        let quotas = pairs.len();
        Self { scenario, quotas, changed: pairs.into_iter().filter_map(ChangedQuota::read).collect() }
    }

    fn sentence(&self, all: &WhatifReport<'_>) -> String {
        let count = |weight| self.changed.iter().filter(|changed| changed.weight == weight).count();
        let effect = ScenarioEffect {
            quotas: self.quotas,
            other_action: count(Weight::OtherAction),
            by_a_tenth: count(Weight::Tenth),
            by_less: count(Weight::Small),
        };
        let cost = usd_change(&all.base.cost.total, &self.scenario.plan.cost.total);
        language().scenario_effect(&cell_name(&self.scenario.name), effect, &cost)
    }
}

fn scenario_blocks(all: &WhatifReport<'_>, effects: &[ScenarioChanges<'_>], detail: Detail) -> Vec<Block> {
    let [quota, scenario, mean, peak, before, then, change, action] = language().scenario_titles();
    let has_several = effects.len() > 1;
    let mut columns = vec![Column::words(quota)];
    columns.extend(has_several.then_some(Column::words(scenario)));
    if detail.is_everything() {
        columns.extend([Column::numbers(mean).dropped(3), Column::numbers(peak).dropped(2)]);
    }
    columns.extend([Column::numbers(before), Column::numbers(then)]);
    columns.extend(detail.has_all_rows().then_some(Column::numbers(change).dropped(1)));
    columns.push(Column::words(action));
    let mut lines: Vec<(&ScenarioChanges<'_>, &ChangedQuota<'_>)> = effects
        .iter()
        .flat_map(|effect| effect.changed.iter().map(move |changed| (effect, changed)))
        .collect();
    lines.sort_by_key(|(_, changed)| (changed.weight, Reverse(changed.size())));
    let all_lines = lines.len();
    let small = lines.iter().filter(|(_, changed)| changed.weight == Weight::Small).count();
    let shown = if detail.has_all_rows() { all_lines } else { (all_lines - small).min(LINES) };
    let none = || Cell::Mark(Mark::NotApplicable);
    let needs = |quota: Option<&QuotaPlan>| {
        quota.map_or_else(none, |quota| Cell::demand_or_unknown(quota.figures.required))
    };
    let row = |(effect, changed): &(&ScenarioChanges<'_>, &ChangedQuota<'_>)| -> Vec<Cell> {
        let ChangedQuota { before, now, .. } = **changed;
        let mut cells: Vec<Cell> =
            vec![now.or(before).map(|quota| name(all, quota)).unwrap_or_default().into()];
        cells.extend(has_several.then(|| cell_name(&effect.scenario.name).into()));
        if detail.is_everything() {
            // A whole day at the busiest minute's rate means nothing to a reader.
            let peak = now.filter(|quota| !quota.id.kind.is_daily());
            cells.extend([
                now.map_or_else(none, |quota| Cell::Demand(quota.figures.steady)),
                peak.map_or_else(none, |quota| Cell::Demand(quota.figures.peak)),
            ]);
        }
        cells.extend([needs(before), needs(now)]);
        let change = || language().change(QuotaPlan::required_change(before, now)).into();
        cells.extend(detail.has_all_rows().then(change));
        cells.push(match now {
            Some(now) => language().quota_action(now).into(),
            None => language().no_demand_left().into(),
        });
        cells
    };
    let mut blocks = Vec::new();
    if shown > 0 {
        blocks.push(Block::Table { columns, rows: lines.iter().take(shown).map(row).collect() });
    }
    if !detail.has_all_rows() {
        let more = all_lines - small - shown;
        blocks.extend((more > 0).then(|| Block::Rest(language().more_lines(more))));
        blocks.extend(language().small_changes(small).map(Block::Rest));
    }
    let mut money = vec![cells![BASE, usd(&all.base.cost.total), none()]];
    for scenario in all.scenarios {
        let (before, now) = (&all.base.cost.total, &scenario.plan.cost.total);
        money.push(cells![cell_name(&scenario.name), usd(now), usd_change(before, now)]);
    }
    let [scenario, cost, change] = language().cost_titles();
    blocks.push(Block::Table {
        columns: vec![Column::words(scenario), Column::numbers(cost), Column::numbers(change)],
        rows: money.into(),
    });
    let mut brought: Vec<Note> = all.scenarios.iter().flat_map(|scenario| brought(all, scenario)).collect();
    if !brought.is_empty() {
        let left = if detail.is_everything() { 0 } else { brought.len().saturating_sub(FINDINGS) };
        brought.truncate(brought.len() - left);
        blocks.push(Block::Heading(language().findings_heading().to_owned()));
        blocks.push(Block::Notes(brought));
        blocks.extend((left > 0).then(|| Block::Rest(language().more_lines(left))));
    }
    blocks.extend(edition_words(&all.input.assumptions.config.policy).map(Block::Paragraph));
    blocks
}

/// What a scenario brings that bears on the choice of a model or scope: findings that the plan as it is
/// has not.
fn brought(all: &WhatifReport<'_>, scenario: &ScenarioPlan) -> Vec<Note> {
    let catalog = all.input.catalog;
    let input = scenario.input(all.input);
    let has = |finding: &Finding, plan: &Plan, now: &Finding| {
        finding.code == now.code
            && plan.about(finding, catalog) == scenario.plan.about(now, catalog)
            && finding.rows >= now.rows
    };
    let new = scenario.plan.findings.iter().filter(|now| {
        bears_on_the_choice(now) && !all.base.findings.iter().any(|before| has(before, all.base, now))
    });
    let note = |finding| {
        let mut note = finding_note(all.sources, &input, &scenario.plan, finding);
        note.text = language().finding_of(&cell_name(&scenario.name), &note.text);
        note
    };
    new.map(note).collect()
}

fn runway_blocks(all: &WhatifReport<'_>, runways: &Runways) -> Vec<Block> {
    let rows = runways.found.iter().filter_map(|runway| {
        let due = due(all, runways, runway)?;
        let required = Cell::demand_or_unknown(due.quota.figures.required);
        let when = language().exceeded_when(runway, &due, runways.months);
        Some(cells![name(all, due.quota), required, when, language().due_action(runway, &due)])
    });
    let [quota, required, when, action] = language().runway_titles();
    vec![
        Block::Heading(language().runway_heading(all.input.assumptions.today)),
        Block::Table {
            columns: vec![
                Column::words(quota),
                Column::numbers(required),
                Column::numbers(when),
                Column::words(action),
            ],
            rows: rows.collect(),
        },
    ]
}

fn sensitivity_blocks(all: &WhatifReport<'_>, detail: Detail) -> Vec<Block> {
    let most = if detail.has_all_rows() { usize::MAX } else { EFFECTS };
    let rows = all.base.quotas.iter().enumerate().map(|(index, quota)| {
        let effects = ranked(all, index).into_iter().map(|(input, change)| language().effect(input, change));
        let effects: Vec<String> = effects.take(most).collect();
        let effects = if effects.is_empty() { language().no_effect().to_owned() } else { effects.join("; ") };
        cells![name(all, quota), Cell::demand_or_unknown(quota.figures.required), effects]
    });
    let [quota, required, inputs] = language().sensitivity_titles();
    vec![
        Block::Heading(language().sensitivity_heading().to_owned()),
        Block::Table {
            columns: vec![Column::words(quota), Column::numbers(required), Column::words(inputs)],
            rows: rows.collect(),
        },
        Block::Paragraph(language().sensitivity_advice().to_owned()),
    ]
}
