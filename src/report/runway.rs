//! When growth exceeds the quotas, and what there is to do by then, as blocks and records.

use jiff::civil::Date;

use super::imagining::{Imagining, Runways};
use super::plan::short_or_unknown;
use super::{Block, Records};
use crate::engine::{Action, QuotaPlan, Runway, RunwayDue};
use crate::text::plain::cell_name;
use crate::units::Limit;

/// What growth leads to at a quota; `None` where the plan lacks it.
pub(super) fn due<'a>(all: &Imagining<'a>, runways: &Runways, runway: &Runway) -> Option<RunwayDue<'a>> {
    runway.due(all.input, all.base, runways.months, runways.lead_days)
}

/// What there is to do, in words.
fn words(due: &RunwayDue<'_>, runway: &Runway) -> String {
    let now = runway.months == Some(0);
    let by = |date: Option<Date>| match date {
        _ if now => "now".to_owned(),
        Some(date) => format!("by {date}"),
        None => format!("before month {}", runway.months.unwrap_or_default()),
    };
    let cap = |then: &QuotaPlan| then.tight_max_tokens.map(|cap| cap.to_string()).unwrap_or_default();
    match (due.action, runway.then.as_deref()) {
        (Some(Action::Request), then) => match then.filter(|then| !then.may_be_adjustable()) {
            Some(_) => format!("open a support case\n{}", by(due.ask_by)),
            None => format!("ask {}", by(due.ask_by)),
        },
        (Some(Action::Restore), then) => {
            let lowered = then.and_then(QuotaPlan::restoring_cap);
            let lowered = lowered.map(|cap| format!("lower max_tokens to {cap} and\n")).unwrap_or_default();
            let default = due.restore_to.map(|limit| limit.to_string()).unwrap_or_default();
            format!("{lowered}have AWS restore its default\nof {default}: ask {}", by(due.ask_by))
        }
        (Some(Action::LowerMaxTokens), Some(then)) => match due.ask_by {
            Some(_) => format!("lower max_tokens to {},\nor ask {}", cap(then), by(due.ask_by)),
            None => format!("lower max_tokens to {}\n{}", cap(then), by(due.passed)),
        },
        (Some(Action::Migrate), _) => {
            let end = due.retirement.map(|end| format!(";\nit ends on {end}")).unwrap_or_default();
            let why = if runway.months.is_some() { "nothing to ask: " } else { "" };
            format!("{why}move to another\nmodel {}{end}", by(due.move_by))
        }
        (_, _) if runway.months.is_some() => "lower the demand".to_owned(),
        _ => "-".to_owned(),
    }
}

pub(super) fn blocks(all: &Imagining<'_>, runways: &Runways) -> Vec<Block> {
    let today = all.input.assumptions.today;
    let rows = runways.found.iter().filter_map(|runway| {
        let due = due(all, runways, runway)?;
        let when = match (runway.months, due.passed) {
            (Some(0), _) => "already".to_owned(),
            (Some(months), Some(passed)) => format!("{passed}\nmonth {months}"),
            (Some(months), None) => format!("month {months}"),
            (None, _) => format!("not in {} months", runways.months),
        };
        let required = short_or_unknown(due.quota.figures.required);
        Some(vec![name(all, due.quota), required, when, words(&due, runway)])
    });
    vec![
        Block::Heading(format!("Runway from {today}")),
        Block::Table {
            columns: vec![
                ("Quota", false),
                ("Required now", true),
                ("Passed by growth", true),
                ("To do", false),
            ],
            rows: rows.collect(),
        },
    ]
}

/// A limit for scripts.
fn plain(limit: Limit) -> String {
    match limit {
        Limit::Amount(amount) => amount.get().to_string(),
        Limit::Unlimited => "unlimited".to_owned(),
    }
}

pub(super) fn records(all: &Imagining<'_>, runways: &Runways) -> Records {
    let columns = vec![
        "quota",
        "code",
        "required",
        "months",
        "passed",
        "ask_by",
        "action",
        "restore_to",
        "move_by",
        "retirement",
    ];
    let rows = runways.found.iter().filter_map(|runway| {
        let due = due(all, runways, runway)?;
        let mut row = of_quota(all, due.quota);
        row.push(due.quota.figures.required.map(|required| required.get().to_string()).unwrap_or_default());
        row.push(runway.months.map(|months| months.to_string()).unwrap_or_default());
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        row.extend([day(due.passed), day(due.ask_by)]);
        row.push(due.action.map(|action| action.as_str().to_owned()).unwrap_or_default());
        row.push(due.restore_to.map(plain).unwrap_or_default());
        row.push(day(due.move_by));
        row.push(due.retirement.map(|end| end.to_string()).unwrap_or_default());
        Some(row)
    });
    Records { columns, rows: rows.collect() }
}

/// A quota for a cell: what a person calls it, and its code.
pub(super) fn name(all: &Imagining<'_>, quota: &QuotaPlan) -> String {
    format!("{}\n{}", cell_name(&quota.id.subject(all.input.catalog)), quota.id.code_words())
}

/// A quota in two cells: its title and its code.
pub(super) fn of_quota(all: &Imagining<'_>, quota: &QuotaPlan) -> Vec<String> {
    vec![quota.id.title(all.input.catalog), quota.code().unwrap_or_default().to_owned()]
}
