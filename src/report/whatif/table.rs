//! A what-if for people.

use super::result::{BASE, Pair, Runways, WhatifReport, due, ranked, side_by_side};
use crate::engine::{Finding, Plan, QuotaPlan, ScenarioPlan};
use crate::report::blocks::cells;
use crate::report::cost::{usd, usd_change};
use crate::report::notes::{bears_on_the_choice, edition_words, finding_note};
use crate::report::words::language;
use crate::report::{Block, Cell, Column, Mark, Note};
use crate::text::plain::cell_name;

/// Scenarios beside the base, answers, how long the quotas last, and what matters most: what was asked for.
pub(super) fn blocks(all: &WhatifReport<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !all.scenarios.is_empty() {
        blocks.extend(scenario_blocks(all));
    }
    if !all.solutions.is_empty() {
        blocks.push(Block::Heading(language().answers_heading().to_owned()));
        let answers = all.solutions.iter().map(|solution| language().answer(solution, all.input.catalog));
        blocks.extend(answers.map(Block::Paragraph));
    }
    if let Some(runways) = all.runways {
        blocks.extend(runway_blocks(all, runways));
    }
    if !all.sensitivity.is_empty() {
        blocks.extend(sensitivity_blocks(all));
    }
    blocks
}

fn name(all: &WhatifReport<'_>, quota: &QuotaPlan) -> String {
    language().quota_name(&quota.id, all.input.catalog)
}

/// Whether a scenario leaves a quota as it is.
fn same(before: &QuotaPlan, now: &QuotaPlan) -> bool {
    let of = |quota: &QuotaPlan| {
        let figures = quota.figures;
        (figures.steady, figures.peak, figures.required, quota.action, quota.ask, quota.lean_ask)
    };
    of(before) == of(now)
}

fn scenario_blocks(all: &WhatifReport<'_>) -> Vec<Block> {
    let [quota, scenario, mean, peak, required, change, action] = language().scenario_titles();
    let columns = vec![
        Column::words(quota),
        Column::words(scenario),
        Column::numbers(mean).dropped(2),
        Column::numbers(peak).dropped(1),
        Column::numbers(required),
        Column::numbers(change),
        Column::words(action),
    ];
    let none = || Cell::Mark(Mark::NotApplicable);
    let line = |scenario: &str, quota: &QuotaPlan, change: Option<i128>, first: bool| {
        cells![
            if first { name(all, quota) } else { String::new() },
            cell_name(scenario),
            Cell::Exact(quota.figures.steady),
            // A whole day at the busiest minute's rate means nothing to a reader.
            if quota.id.kind.is_daily() { none() } else { Cell::Exact(quota.figures.peak) },
            Cell::demand_or_unknown(quota.figures.required),
            if scenario == BASE { none() } else { language().change(change).into() },
            language().quota_action(quota),
        ]
    };
    let pairs: Vec<_> =
        all.scenarios.iter().map(|scenario| (scenario, side_by_side(all, &scenario.plan))).collect();
    let mut rows = Vec::new();
    let mut unchanged = 0;
    for (index, quota) in all.base.quotas.iter().enumerate() {
        let changes = |(_, now): &Pair<'_>| now.is_none_or(|now| !same(quota, now));
        if !pairs.iter().any(|(_, pairs)| pairs.get(index).is_some_and(changes)) {
            unchanged += 1;
            continue;
        }
        rows.push(line(BASE, quota, None, true));
        for (scenario, pairs) in &pairs {
            match pairs.get(index) {
                Some((before, Some(now))) if !same(quota, now) => {
                    rows.push(line(
                        &scenario.name,
                        now,
                        QuotaPlan::required_change(*before, Some(now)),
                        false,
                    ));
                }
                Some((_, None)) => {
                    let change = language().change(QuotaPlan::required_change(Some(quota), None));
                    let name = cell_name(&scenario.name);
                    let action = language().no_demand_left();
                    rows.push(cells!["", name, none(), none(), none(), change, action]);
                }
                _ => {}
            }
        }
    }
    for (scenario, pairs) in &pairs {
        for (before, now) in pairs.iter().skip(all.base.quotas.len()) {
            if let (None, Some(now)) = (before, now) {
                rows.push(line(&scenario.name, now, QuotaPlan::required_change(None, Some(now)), true));
            }
        }
    }
    let mut money = vec![cells![BASE, usd(&all.base.cost.total), none()]];
    for scenario in all.scenarios {
        let (before, now) = (&all.base.cost.total, &scenario.plan.cost.total);
        money.push(cells![cell_name(&scenario.name), usd(now), usd_change(before, now)]);
    }
    let [scenario, cost, change] = language().cost_titles();
    let mut blocks = vec![
        Block::Table { columns, rows: rows.into() },
        Block::Paragraph(language().unchanged_quotas(unchanged)),
        Block::Table {
            columns: vec![Column::words(scenario), Column::numbers(cost), Column::numbers(change)],
            rows: money.into(),
        },
    ];
    let brought: Vec<Note> = all.scenarios.iter().flat_map(|scenario| brought(all, scenario)).collect();
    if !brought.is_empty() {
        blocks.push(Block::Heading(language().findings_heading().to_owned()));
        blocks.push(Block::Notes(brought));
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

fn sensitivity_blocks(all: &WhatifReport<'_>) -> Vec<Block> {
    let rows = all.base.quotas.iter().enumerate().map(|(index, quota)| {
        let effects = ranked(all, index).into_iter().map(|(input, change)| language().effect(input, change));
        let effects: Vec<Cell> = effects.map(Cell::from).collect();
        let effects = if effects.is_empty() { language().no_effect().into() } else { Cell::Lines(effects) };
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
