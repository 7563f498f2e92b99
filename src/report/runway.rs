//! When growth passes the quotas, and what there is to do by then: an ask, AWS's default back, a lower
//! cap, or another model.
//!
//! A day to ask by stands only where AWS would take what is asked: an increase, or a case to restore
//! AWS's default.

use super::blocks::cells;
use super::imagining::{Imagining, Runways, ask_by};
use super::{Block, Cell, Column, Records};
use crate::engine::{Action, QuotaPlan, Runway};
use crate::text::FactDate;
use crate::text::plain::cell_name;
use crate::units::Limit;

/// What growth leads to at one quota.
pub(super) struct Due<'a> {
    /// The quota as it is.
    pub(super) quota: &'a QuotaPlan,
    /// The first day of the month in which more is required than there is.
    pub(super) passed: Option<String>,
    /// What to do before; `None` where growth does not pass it, or no quota holds what it leads to.
    pub(super) action: Option<Action>,
    /// The day to have asked by; `None` where there is nothing to ask.
    pub(super) ask_by: Option<String>,
    /// AWS's default, with [`Action::Restore`].
    pub(super) restore_to: Option<Limit>,
    /// The day to have moved to another model by, with [`Action::Migrate`].
    pub(super) move_by: Option<String>,
    /// When the model ends, where AWS has named the day.
    pub(super) retirement: Option<FactDate>,
}

/// What growth leads to at a quota; `None` where the plan lacks it.
pub(super) fn due<'a>(all: &Imagining<'a>, runways: &Runways, runway: &Runway) -> Option<Due<'a>> {
    let quota = all.base.quotas.get(runway.quota)?;
    let model = all.input.catalog.model(quota.id.model);
    let today = all.input.assumptions.today;
    let retirement = model.lifecycle.as_ref().and_then(|life| life.retirement);
    let dates = |months| ask_by(today, months, runways.lead_days);
    let mut due =
        Due { quota, passed: None, action: None, ask_by: None, restore_to: None, move_by: None, retirement };
    let end = retirement.map(|date| date.day().to_string());
    let Some(months) = runway.months else {
        // Growth does not pass it while the model is there; that it ends is what there is to say.
        let last = dates(runways.months).map(|(last, _)| last);
        due.move_by = end.filter(|end| last.is_none_or(|last| *end <= last));
        due.action = due.move_by.as_ref().map(|_| Action::Migrate);
        return Some(due);
    };
    let (passed, ask) = dates(months).unzip();
    let ends_first = end.as_ref().zip(passed.as_ref()).is_some_and(|(end, passed)| end <= passed);
    let no_increases = model.takes_no_increases(today);
    let then = runway.then.as_deref();
    due.action = match then.map(|then| then.action) {
        _ if ends_first => Some(Action::Migrate),
        None if no_increases => Some(Action::Migrate),
        action => action,
    };
    match due.action {
        Some(Action::Request) => due.ask_by = ask,
        Some(Action::Restore) => {
            due.ask_by = ask;
            due.restore_to = then.and_then(|then| then.restore_to);
        }
        // The cap does; an increase is the other way, where AWS takes one.
        Some(Action::LowerMaxTokens) if !no_increases => {
            due.ask_by = ask.filter(|_| then.is_some_and(|then| then.ask.is_some()));
        }
        Some(Action::Migrate) => {
            due.move_by = match (end, &passed) {
                (Some(end), Some(passed)) => Some(end.min(passed.clone())),
                (end, passed) => end.or_else(|| passed.clone()),
            };
        }
        _ => {}
    }
    due.passed = passed;
    Some(due)
}

/// What there is to do, in words.
fn words(due: &Due<'_>, runway: &Runway) -> String {
    let now = runway.months == Some(0);
    let by = |date: &Option<String>| match date {
        _ if now => "now".to_owned(),
        Some(date) => format!("by {date}"),
        None => format!("before month {}", runway.months.unwrap_or_default()),
    };
    let cap = |then: &QuotaPlan| then.tight_max_tokens.map(|cap| cap.to_string()).unwrap_or_default();
    match (due.action, runway.then.as_deref()) {
        (Some(Action::Request), then) => match then.filter(|then| !then.may_be_adjustable()) {
            Some(_) => format!("open a support case\n{}", by(&due.ask_by)),
            None => format!("ask {}", by(&due.ask_by)),
        },
        (Some(Action::Restore), then) => {
            let lowered = then.and_then(QuotaPlan::restoring_cap);
            let lowered = lowered.map(|cap| format!("lower max_tokens to {cap} and\n")).unwrap_or_default();
            let default = due.restore_to.map(|limit| limit.to_string()).unwrap_or_default();
            format!("{lowered}have AWS restore its default\nof {default}: ask {}", by(&due.ask_by))
        }
        (Some(Action::LowerMaxTokens), Some(then)) => match &due.ask_by {
            Some(_) => format!("lower max_tokens to {},\nor ask {}", cap(then), by(&due.ask_by)),
            None => format!("lower max_tokens to {}\n{}", cap(then), by(&due.passed)),
        },
        (Some(Action::Migrate), _) => {
            let end = due.retirement.map(|end| format!(";\nit ends on {end}")).unwrap_or_default();
            let why = if runway.months.is_some() { "nothing to ask: " } else { "" };
            format!("{why}move to another\nmodel {}{end}", by(&due.move_by))
        }
        (_, _) if runway.months.is_some() => "lower the demand".to_owned(),
        _ => "-".to_owned(),
    }
}

pub(super) fn blocks(all: &Imagining<'_>, runways: &Runways) -> Vec<Block> {
    let today = all.input.assumptions.today;
    let rows = runways.found.iter().filter_map(|runway| {
        let due = due(all, runways, runway)?;
        let when = match (runway.months, &due.passed) {
            (Some(0), _) => "already".to_owned(),
            (Some(months), Some(passed)) => format!("{passed}\nmonth {months}"),
            (Some(months), None) => format!("month {months}"),
            (None, _) => format!("not in {} months", runways.months),
        };
        let required = Cell::demand_or_unknown(due.quota.figures.required);
        Some(cells![name(all, due.quota), required, when, words(&due, runway)])
    });
    vec![
        Block::Heading(format!("Runway from {today}")),
        Block::Table {
            columns: vec![
                Column::words("Quota"),
                Column::numbers("Required now"),
                Column::numbers("Passed by growth"),
                Column::words("To do"),
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
        row.extend([due.passed.unwrap_or_default(), due.ask_by.unwrap_or_default()]);
        row.push(due.action.map(|action| action.as_str().to_owned()).unwrap_or_default());
        row.push(due.restore_to.map(plain).unwrap_or_default());
        row.push(due.move_by.unwrap_or_default());
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
