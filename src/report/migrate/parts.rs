//! The later parts of a migration for people: the money, the way back, what changes besides, and what
//! stands out.

use super::checklist::changes;
use super::result::{MigrateReport, limit, name, named};
use crate::engine::{Finding, Plan, PlanInput, Side, Stage};
use crate::report::blocks::cells;
use crate::report::cost::{usd, usd_change};
use crate::report::notes::finding_note;
use crate::report::{Block, Cell, Column, Note};
use crate::text::Code;
use crate::units::{Limit, grouped};

pub(super) fn money_table(all: &MigrateReport<'_>) -> Block {
    let columns = vec![
        Column::numbers("Stage"),
        Column::words("Begins"),
        Column::numbers("Old model"),
        Column::numbers("New model"),
        Column::numbers("All models"),
        Column::numbers("Change"),
    ];
    let rows = all.migrated.stages.iter().enumerate().map(|(at, stage)| {
        let first = all.migrated.stages.first().unwrap_or(stage);
        let change = match at {
            0 => "-".to_owned(),
            _ => usd_change(&first.plan.cost.total, &stage.plan.cost.total),
        };
        vec![
            named(stage),
            stage.date.map(|date| date.to_string()).unwrap_or_else(|| "-".to_owned()),
            usd(&stage.old_cost),
            usd(&stage.new_cost),
            usd(&stage.plan.cost.total),
            change,
        ]
    });
    Block::Table { columns, rows: rows.collect() }
}

pub(super) fn money_words(all: &MigrateReport<'_>) -> String {
    let periods =
        |stage: &Stage| stage.plan.cost.period.map(|period| all.input.workloads.text(period).to_owned());
    let named: Option<String> = all.migrated.stages.last().and_then(periods);
    let period = named
        .map(|name| format!(", in the most expensive period ({name} at the last stage)"))
        .unwrap_or_default();
    let dated = match all.migrated.calendar.start {
        Some(_) => ", each dated stage at the prices of its date",
        None => "",
    };
    format!(
        "US dollars a month{period}. Old and new model are what counts against the quotas above; prices are the \
         model table's, on demand{dated}. A sum after ≥ lacks prices that are not known."
    )
}

pub(super) fn rollback_table(all: &MigrateReport<'_>) -> Block {
    let columns = vec![
        Column::words("Quota"),
        Column::numbers("Required by\nall traffic"),
        Column::numbers("Limit"),
        Column::numbers("Headroom"),
        Column::words("A way back"),
    ];
    let rows = all.migrated.rollback.iter().filter_map(|back| {
        let path = all.migrated.quotas.get(back.quota)?;
        let quota = all.migrated.quota(path, 0)?;
        let headroom = back.headroom.map(|headroom| {
            let sign = if headroom < 0 { "-" } else { "" };
            format!("{sign}{}", grouped(headroom.unsigned_abs()))
        });
        let none = if back.limit == Some(Limit::Unlimited) { "no limit" } else { "unknown" };
        let word = match back.holds {
            Some(true) => "there is one".to_owned(),
            Some(false) => "not for all traffic".to_owned(),
            None if quota.entry.is_none() => "no quota: not offered".to_owned(),
            None => "look up the applied value".to_owned(),
        };
        Some(cells![
            name(all, quota).join("\n"),
            Cell::demand_or_unknown(back.required),
            limit(quota).replace(" default", "\ndefault").replace(" granted", "\ngranted"),
            headroom.unwrap_or_else(|| none.to_owned()),
            word,
        ])
    });
    Block::Table { columns, rows: rows.collect() }
}

pub(super) fn rollback_words(all: &MigrateReport<'_>) -> String {
    let model = all.input.catalog.model(all.migrated.from);
    let end = model.lifecycle.as_ref().and_then(|life| Some((life.retirement?, life.retirement_second_hand)));
    let end = end.map_or_else(String::new, |(date, second_hand)| {
        let hand = if second_hand { " (a second-hand date)" } else { "" };
        let begins_after = |stage: &&Stage| stage.date.is_some_and(|begin| begin.day() >= date.day());
        let after = all.migrated.stages.iter().find(begins_after);
        let after = after.map(|stage| format!("; the stage of {} begins after it", named(stage)));
        format!(
            " {} ends on {date}{hand}: from then on there is no way back{}.",
            model.name,
            after.unwrap_or_default()
        )
    });
    format!(
        "All traffic back on the old model needs what it needs now. Keep its quotas until the last stage has proved \
         itself: AWS need not grant again what was given back, and grants no increases once a model is Legacy.{end}"
    )
}

pub(super) fn change_tables(all: &MigrateReport<'_>) -> Vec<Block> {
    let model = |model| all.input.catalog.model(model);
    let (old, new) = (model(all.migrated.from), model(all.migrated.to));
    let tables = all.migrated.changes.iter().map(|change| {
        let rows = changes(old, new, change).into_iter();
        Block::Table {
            columns: vec![
                Column::words(""),
                Column::words("Old model"),
                Column::words("New model"),
                Column::numbers("Times"),
            ],
            rows: rows.map(|row| vec![row.what, row.old, row.new, row.ratio]).collect(),
        }
    });
    tables.collect()
}

/// What of the old model stands in the way of keeping it or of asking more of it.
const OF_THE_OLD: [Code; 6] = [
    Code::Legacy,
    Code::NearRetirement,
    Code::RetirementOpen,
    Code::NotAdjustable,
    Code::Restore,
    Code::NotProvisioned,
];

/// A finding with the plan and the inputs it is of.
pub(in crate::report) struct Standing<'a> {
    pub(in crate::report) input: PlanInput<'a>,
    pub(in crate::report) plan: &'a Plan,
    pub(in crate::report) finding: &'a Finding,
}

/// What stands out of the old model as it is, and of the new model's quotas at the last stage.
pub(super) fn standing_out<'a>(all: &MigrateReport<'a>) -> Vec<Standing<'a>> {
    let migrated = all.migrated;
    let (Some(first), Some((at, last))) =
        (migrated.stages.first(), migrated.stages.iter().enumerate().next_back())
    else {
        return Vec::new();
    };
    let model = |stage: &Stage, quota: usize| stage.plan.quotas.get(quota).map(|quota| quota.id.model);
    let old = first.plan.findings.iter().filter(|finding| {
        let of_old = finding.quota.is_some_and(|quota| model(first, quota) == Some(migrated.from));
        of_old && OF_THE_OLD.contains(&finding.code)
    });
    let new_quotas = migrated.quotas.iter().filter(|path| path.side == Side::New);
    let new_quotas: Vec<usize> = new_quotas.filter_map(|path| path.at.get(at).copied().flatten()).collect();
    let new = last
        .plan
        .findings
        .iter()
        .filter(move |finding| finding.quota.is_some_and(|quota| new_quotas.contains(&quota)));
    let (then, now) = (PlanInput { workloads: &migrated.last, ..*all.input }, *all.input);
    let old = old.map(|finding| Standing { input: now, plan: &first.plan, finding });
    old.chain(new.map(|finding| Standing { input: then, plan: &last.plan, finding })).collect()
}

/// The same in words.
pub(in crate::report) fn notes(all: &MigrateReport<'_>) -> Vec<Note> {
    let note = |one: Standing<'_>| finding_note(all.sources, &one.input, one.plan, one.finding);
    standing_out(all).into_iter().map(note).collect()
}
