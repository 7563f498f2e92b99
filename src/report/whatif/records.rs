//! A what-if for spreadsheets.

use jiff::civil::Date;

use super::result::{BASE, Runways, WhatifReport, answer_words, due, ranked, side_by_side};
use crate::engine::{Plan, PlanInput, QuotaPlan};
use crate::report::Records;
use crate::report::columns;
use crate::report::plan::json::{QUOTA, quota_record};
use crate::units::{Limit, UsdCents};

/// What was asked decides what the lines are: quotas by scenario, else answers, months or effects.
pub(super) fn records(all: &WhatifReport<'_>) -> Records {
    match all.runways {
        _ if !all.scenarios.is_empty() => {}
        _ if !all.solutions.is_empty() => return solution_records(all),
        Some(runways) => return runway_records(all, runways),
        None if !all.sensitivity.is_empty() => return sensitivity_records(all),
        None => {}
    }
    let mut columns = vec!["scenario", "required_change", "monthly_usd"];
    columns.extend(columns::names(QUOTA));
    let row =
        |scenario: &str, input: &PlanInput<'_>, plan: &Plan, quota: &QuotaPlan, change: Option<i128>| {
            let total = plan.cost.total.usd().map(UsdCents::plain).unwrap_or_default();
            let change = change.map(|change| change.to_string()).unwrap_or_default();
            let mut row = vec![scenario.to_owned(), change, total];
            row.extend(quota_record(input, quota));
            row
        };
    let mut rows = Vec::new();
    for quota in &all.base.quotas {
        rows.push(row(BASE, all.input, all.base, quota, None));
    }
    for scenario in all.scenarios {
        let input = scenario.input(all.input);
        for (before, now) in side_by_side(all, &scenario.plan) {
            if let Some(now) = now {
                rows.push(row(
                    &scenario.name,
                    &input,
                    &scenario.plan,
                    now,
                    QuotaPlan::required_change(before, Some(now)),
                ));
            }
        }
    }
    Records { columns, rows: rows.into() }
}

fn solution_records(all: &WhatifReport<'_>) -> Records {
    let columns = vec!["question", "value", "bounded", "binding", "code", "required_one_step_further"];
    let rows = all.solutions.iter().map(|solution| {
        let (value, bounded) = answer_words(solution);
        let mut row =
            vec![solution.question.as_str().to_owned(), value.unwrap_or_default(), bounded.to_string()];
        let required = solution.binding.as_ref().and_then(|quota| quota.figures.required);
        row.extend(
            solution.binding.as_ref().map_or_else(|| vec![String::new(); 2], |quota| of_quota(all, quota)),
        );
        row.push(required.map(|required| required.get().to_string()).unwrap_or_default());
        row
    });
    Records { columns, rows: rows.collect() }
}

fn sensitivity_records(all: &WhatifReport<'_>) -> Records {
    let columns = vec!["quota", "code", "required", "a_tenth_more_of", "required_change"];
    let rows = all.base.quotas.iter().enumerate().flat_map(|(index, quota)| {
        let effects = ranked(all, index).into_iter();
        effects.map(move |(input, change)| {
            let mut row = of_quota(all, quota);
            row.push(quota.figures.required.map(|required| required.get().to_string()).unwrap_or_default());
            row.extend([input.as_str().to_owned(), change.to_string()]);
            row
        })
    });
    Records { columns, rows: rows.collect() }
}

/// A limit for scripts.
fn plain(limit: Limit) -> String {
    match limit {
        Limit::Amount(amount) => amount.get().to_string(),
        Limit::Unlimited => "unlimited".to_owned(),
    }
}

fn runway_records(all: &WhatifReport<'_>, runways: &Runways) -> Records {
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

/// A quota in two cells: its title and its code.
fn of_quota(all: &WhatifReport<'_>, quota: &QuotaPlan) -> Vec<String> {
    vec![quota.id.title(all.input.catalog), quota.code().unwrap_or_default().to_owned()]
}
