//! A migration for people and spreadsheets: both models' quotas and the money at every stage, what to
//! ask for and by when, what changes besides, and the way back.

use std::io::Write;

use super::checklist::{GUIDANCE, checklist};
use super::json::document;
use super::parts::{change_tables, money_table, money_words, notes, rollback_table, rollback_words};
use super::result::{MigrateReport, limit, models, name, named};
use super::screen;
use crate::engine::{AccountDaily, AskBy, MonthlyCost, QuotaPath, QuotaPlan};
use crate::report::blocks::cells;
use crate::report::columns::names;
use crate::report::notes::{edition_words, entry};
use crate::report::plan::json::{QUOTA, quota_record};
use crate::report::words::language;
use crate::report::{Block, Cell, Column, Detail, Mark, Records, Report};
use crate::text::plain::write_json;
use crate::units::UsdCents;

impl Report for MigrateReport<'_> {
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        let mut blocks = screen::blocks(self, detail);
        if detail.is_everything() {
            blocks.extend(self::blocks(self));
        }
        blocks.extend(screen::next_commands(self).filter(|_| detail.has_evidence()));
        blocks
    }

    fn records(&self) -> Records {
        records(self)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        write_json(out, &document(self))
    }
}

fn blocks(all: &MigrateReport<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Paragraph(opening(all)), stage_table(all)];
    blocks.push(Block::Heading("Where each quota is needed most".to_owned()));
    blocks.push(ask_table(all));
    blocks.push(Block::Paragraph(ask_words(all)));
    blocks.push(Block::Heading("Cost".to_owned()));
    blocks.push(money_table(all));
    blocks.push(Block::Paragraph(money_words(all)));
    blocks.push(Block::Heading("The way back".to_owned()));
    blocks.push(rollback_table(all));
    blocks.push(Block::Paragraph(rollback_words(all)));
    blocks.push(Block::Heading("What changes besides".to_owned()));
    blocks.extend(change_tables(all));
    blocks.push(Block::Heading("Checklist".to_owned()));
    let elements = checklist(all).into_iter().map(|one| entry(one.name, one.guidance, one.served_by));
    blocks.push(Block::Entries(elements.collect()));
    blocks.push(Block::Paragraph(format!("The four elements are AWS's: {GUIDANCE}.")));
    let notes = notes(all);
    if !notes.is_empty() {
        blocks.push(Block::Heading("What stands out".to_owned()));
        blocks.push(Block::Notes(notes));
    }
    blocks.extend(edition_words(&all.input.assumptions.config.policy).map(Block::Paragraph));
    blocks
}

fn opening(all: &MigrateReport<'_>) -> String {
    let migrated = all.migrated;
    let (from, to) = models(all);
    let moved = migrated.moved.rows.len();
    let rows = if moved == 1 { "1 row moves".to_owned() } else { format!("{moved} rows move") };
    let when = match migrated.calendar.start {
        Some(start) => format!(", from {start}, a stage every {}", language().every(migrated.calendar.every)),
        None => String::new(),
    };
    let tokens = match migrated.token_ratio.millionths() {
        1_000_000 => "as many tokens".to_owned(),
        _ => format!("{} times the tokens", migrated.token_ratio),
    };
    format!(
        "{rows} from {from} to {to}{when}. A stage of 10 % leaves 90 % of the rates on the old model and puts 10 % on the \
         new, with {tokens} and the same max_tokens, at most the new model's. Latencies that rows state are kept.",
    )
}

/// Whether a quota holds, in two words at most.
fn holds(all: &MigrateReport<'_>, quota: &QuotaPlan) -> String {
    let word = match (quota.figures.required, quota.capacity()) {
        _ if quota.entry.is_none() => "no quota",
        (None, _) | (_, None) => "unknown",
        (Some(required), Some(limit)) => {
            match (limit.holds(required), all.held().limit(quota).is_some(), quota.granted_limit().is_some())
            {
                (true, _, true) => "fits",
                (false, _, true) => "exceeds",
                (true, true, false) => "fits default",
                (true, false, false) => "within default",
                (false, _, false) => "above default",
            }
        }
    };
    word.to_owned()
}

/// A share of the limit in percent.
fn used(quota: &QuotaPlan) -> String {
    quota.utilisation.map_or_else(|| "-".to_owned(), |share| share.to_string())
}

fn stage_table(all: &MigrateReport<'_>) -> Block {
    let columns = vec![
        Column::words("Quota"),
        Column::numbers("Stage"),
        Column::numbers("Mean"),
        Column::numbers("Peak"),
        Column::numbers("Required"),
        Column::numbers("Of limit"),
        Column::words(""),
    ];
    let none = || Cell::Mark(Mark::NotApplicable);
    let mut rows = Vec::new();
    for path in &all.migrated.quotas {
        let mut cells = vec![Vec::new(); 6];
        for (_, stage, quota) in all.along(path) {
            let line = match quota {
                Some(quota) => cells![
                    named(stage),
                    Cell::Demand(quota.figures.steady),
                    // A whole day at the busiest minute's rate means nothing to a reader.
                    if quota.id.kind.is_daily() { none() } else { Cell::Demand(quota.figures.peak) },
                    Cell::demand_or_unknown(quota.figures.required),
                    used(quota),
                    holds(all, quota),
                ],
                None => cells![named(stage), none(), none(), none(), none(), "no demand"],
            };
            cells.iter_mut().zip(line).for_each(|(cell, line)| cell.push(line));
        }
        let Some(quota) = all.migrated.quota(path, path.peak) else { continue };
        let mut first = name(all, quota);
        first.push(limit(quota));
        rows.push(under_each_other(&first, cells));
    }
    rows.extend(daily_rows(all));
    Block::Table { columns, rows: rows.into() }
}

/// A row whose cells have a line for each stage.
fn under_each_other(name: &[String], cells: Vec<Vec<Cell>>) -> Vec<Cell> {
    std::iter::once(Cell::from(name.join("\n"))).chain(cells.into_iter().map(Cell::Lines)).collect()
}

/// The accounts' quotas over all models: estimates.
fn daily_rows(all: &MigrateReport<'_>) -> Vec<Vec<Cell>> {
    let first = all.migrated.stages.first();
    let accounts = first.into_iter().flat_map(|stage| all.daily(stage));
    let row = |daily: &AccountDaily| {
        let code = daily.entry.code_words();
        let mut name = vec!["All models".to_owned(), format!("tpd {code}")];
        name.extend(daily.account.as_ref().map(|account| format!("account {account}")));
        let granted = daily.granted.as_ref().and_then(|granted| granted.value.known());
        let source = if granted.is_some() { "granted" } else { "default" };
        let capacity = daily.capacity();
        name.push(capacity.map_or_else(|| "no value known".to_owned(), |limit| format!("{limit} {source}")));
        let mut cells = vec![Vec::new(); 6];
        for stage in &all.migrated.stages {
            let then = all.daily(stage).find(|then| then.account == daily.account);
            let settled = then.map(|then| then.settled);
            let passes =
                then.is_some_and(|then| then.hour_settled_tenths.or(then.hour_billed_tenths).is_some());
            let word = if passes { "exceeds, estimate" } else { "fits, estimate" };
            let none = || Cell::Mark(Mark::NotApplicable);
            let line = cells![named(stage), Cell::demand_or_unknown(settled), none(), none(), none(), word];
            cells.iter_mut().zip(line).for_each(|(cell, line)| cell.push(line));
        }
        under_each_other(&name, cells)
    };
    accounts.map(row).collect()
}

/// The day, or the stage before which.
fn by(all: &MigrateReport<'_>, stage: Option<usize>, date: Option<AskBy>) -> Option<String> {
    let stage = stage?;
    let late = |late: bool| if late { "\nlead is short" } else { "" };
    Some(match (stage, date) {
        (_, Some(AskBy { date, late: short })) => format!("{date}{}", late(short)),
        (stage, None) => {
            format!("before {}", all.migrated.stages.get(stage.max(1)).map(named).unwrap_or_default())
        }
    })
}

/// What to do about a quota; a default counts where it is to be taken for the applied value.
fn action(all: &MigrateReport<'_>, path: &QuotaPath, quota: &QuotaPlan) -> String {
    let assumed =
        path.look_up_from.is_none() && path.exceeds_from.is_none() && quota.granted_limit().is_none();
    if assumed && quota.default_limit().is_some() && all.migrated.assume_defaults {
        return "nothing: it fits AWS's default".to_owned();
    }
    language().quota_action(quota)
}

fn ask_table(all: &MigrateReport<'_>) -> Block {
    let columns = vec![
        Column::words("Quota"),
        Column::numbers("Most at"),
        Column::numbers("Required"),
        Column::numbers("The other\nmodel then"),
        Column::numbers("Ask by"),
        Column::words("What to do"),
    ];
    let rows = all.migrated.quotas.iter().filter_map(|path| {
        let quota = all.migrated.quota(path, path.peak)?;
        let others: Vec<Cell> = all
            .migrated
            .others(path)
            .filter_map(|other| all.migrated.quota(other, path.peak))
            .map(|other| Cell::demand_or_unknown(other.figures.required))
            .collect();
        let when = match path.exceeds_from {
            Some(_) if path.takes_no_increases => Some("no increases".to_owned()),
            Some(0) if quota.figures.required.is_none() => Some("cannot be told".to_owned()),
            Some(0) => Some("already short".to_owned()),
            _ => by(all, path.exceeds_from, path.ask_by)
                .or_else(|| by(all, path.look_up_from, path.look_up_by)),
        };
        Some(cells![
            name(all, quota).join("\n"),
            all.migrated.stages.get(path.peak).map(named).unwrap_or_default(),
            Cell::demand_or_unknown(quota.figures.required),
            if others.is_empty() { Cell::Mark(Mark::NotApplicable) } else { Cell::Lines(others) },
            when.unwrap_or_else(|| "-".to_owned()),
            action(all, path, quota),
        ])
    });
    Block::Table { columns, rows: rows.collect() }
}

fn ask_words(all: &MigrateReport<'_>) -> String {
    let calendar = &all.migrated.calendar;
    let days =
        if calendar.lead_days == 1 { "1 day".to_owned() } else { format!("{} days", calendar.lead_days) };
    let ask = match calendar.start {
        Some(_) => format!("Ask by is {days} before it"),
        None => format!("Ask {days} before it; --start gives dates"),
    };
    format!(
        "What counts is the first stage at which the limit does not hold, or must be known to tell. {ask}. Both \
         models' quotas are needed at the same time: what the old model needs now stays for the way back while \
         the new one grows."
    )
}

fn records(all: &MigrateReport<'_>) -> Records {
    let mut columns =
        vec!["stage_percent", "stage_date", "side", "ask_by", "monthly_usd", "side_monthly_usd"];
    columns.extend(names(QUOTA));
    let money = |cost: &MonthlyCost| cost.usd().map(UsdCents::plain).unwrap_or_default();
    let mut rows = Vec::new();
    for (at, stage) in all.migrated.stages.iter().enumerate() {
        for path in &all.migrated.quotas {
            let Some(quota) = all.migrated.quota(path, at) else { continue };
            let mut row = vec![
                stage.percent.to_string(),
                stage.date.map(|date| date.to_string()).unwrap_or_default(),
                path.side.as_str().to_owned(),
                path.ask_by.map(|by| by.date.to_string()).unwrap_or_default(),
                money(&stage.plan.cost.total),
                money(stage.cost_of(path.side)),
            ];
            row.extend(quota_record(all.input, quota));
            rows.push(row);
        }
    }
    Records { columns, rows: rows.into() }
}
