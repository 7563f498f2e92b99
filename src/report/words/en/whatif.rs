//! What a what-if says.

use super::numbers;
use super::shared::{amount_or_unknown, counted, limit};
use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::engine::{Answer, Measured, Question, QuotaAction, QuotaPlan, Runway, RunwayDue, STEPS, Solution};
use crate::report::words::whatif::{ScenarioEffect, WhatifWords};
use crate::text::FactDate;
use crate::units::grouped;

impl WhatifWords for super::English {
    fn scenario_effect(&self, scenario: &str, effect: ScenarioEffect, cost: &str) -> String {
        let ScenarioEffect { quotas, other_action, by_a_tenth, by_less } = effect;
        let cost = match cost {
            "0.00" => "; the cost does not change".to_owned(),
            "unknown" => "; the change of the cost is not known".to_owned(),
            change => format!("; the cost changes by {change} USD a month"),
        };
        let done = |count: usize| {
            format!(
                "{} a different action",
                if count == 1 { "1 needs".to_owned() } else { format!("{count} need") }
            )
        };
        let more = |count: usize| {
            let changes = if count == 1 { "1 changes".to_owned() } else { format!("{count} change") };
            format!("{changes} by at least 10 %")
        };
        let parts = [
            (other_action > 0).then(|| done(other_action)),
            (by_a_tenth > 0).then(|| more(by_a_tenth)),
            (by_less > 0).then(|| {
                format!("{by_less} {} by less than 10 %", if by_less == 1 { "changes" } else { "change" })
            }),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let of = counted(quotas, "quota");
        if parts.is_empty() {
            return format!("{scenario}: nothing changes for {of}{cost}.");
        }
        format!("{scenario}: of {of}, {}{cost}.", parts.join(", "))
    }

    fn scenario_titles(&self) -> [&'static str; 8] {
        ["Quota", "Scenario", "Mean", "Peak", "Needs now", "Needs then", "Change", "What to do then"]
    }

    fn no_demand_left(&self) -> &'static str {
        "no demand left"
    }

    fn small_changes(&self, count: usize) -> Option<String> {
        let lines =
            if count == 1 { "1 more line changes".to_owned() } else { format!("{count} more lines change") };
        (count > 0).then(|| format!("{lines} no action, and nothing by a tenth: --all"))
    }

    fn more_lines(&self, count: usize) -> String {
        format!("{count} more: --all")
    }

    fn cost_titles(&self) -> [&'static str; 3] {
        ["Scenario", "US dollars a month", "Change"]
    }

    fn findings_heading(&self) -> &'static str {
        "Findings by scenario"
    }

    fn finding_of(&self, scenario: &str, finding: &str) -> String {
        format!("{scenario}: {finding}")
    }

    fn answers_heading(&self) -> &'static str {
        "What still fits"
    }

    fn answer(&self, solution: &Solution, catalog: &Catalog) -> String {
        match (solution.question, solution.answer) {
            (question, Answer::Untold) => {
                let name = solution.binding.as_ref().map(|quota| quota.id.title(catalog)).unwrap_or_default();
                format!(
                    "{}: not known, because the requirement of {name} is not known: set max_tokens in its rows.",
                    question.as_str()
                )
            }
            (Question::Requests, answer) => requests(answer, |step| binding(solution, catalog, step)),
            (Question::MaxTokens, answer) => max_tokens(answer, |step| binding(solution, catalog, step)),
            (Question::CacheShare, answer) => cache_share(answer, |step| binding(solution, catalog, step)),
        }
    }

    fn sensitivity_heading(&self) -> &'static str {
        "What 10 % more of each input does"
    }

    fn sensitivity_titles(&self) -> [&'static str; 3] {
        ["Quota", "Needs", "Effect of 10 % more"]
    }

    fn effect(&self, input: Measured, change: i128) -> String {
        format!("{} {}", input.as_str(), numbers::change(Some(change)))
    }

    fn no_effect(&self) -> &'static str {
        "nothing"
    }

    fn sensitivity_advice(&self) -> &'static str {
        "Measure the inputs at the top first."
    }

    fn runway_heading(&self, today: FactDate) -> String {
        format!("Runway from {today}")
    }

    fn runway_titles(&self) -> [&'static str; 4] {
        ["Quota", "Needs now", "Exceeded by growth", "What to do"]
    }

    fn exceeded_when(&self, runway: &Runway, due: &RunwayDue<'_>, months: u32) -> String {
        match (runway.months, due.passed) {
            (Some(0), _) => "already".to_owned(),
            (Some(months), Some(passed)) => format!("{passed} (month {months})"),
            (Some(months), None) => format!("month {months}"),
            (None, _) => format!("not in {months} months"),
        }
    }

    fn due_action(&self, runway: &Runway, due: &RunwayDue<'_>) -> String {
        due_action(runway, due)
    }
}

/// Thousandths as a decimal.
fn thousandths(steps: u64) -> String {
    format!("{}.{:03}", steps / STEPS, steps % STEPS)
}

/// The quota that stands in the way at `step`, as a clause; empty where none does.
fn binding(solution: &Solution, catalog: &Catalog, step: &str) -> String {
    let clause = |quota: &QuotaPlan| {
        let required = amount_or_unknown(quota.figures.required);
        format!("; {step} {} ({}) would need {required}", quota.id.subject(catalog), quota.id.code_words())
    };
    solution.binding.as_ref().map(clause).unwrap_or_default()
}

const NEXT: &str = "at the next step";

fn requests(answer: Answer, binding: impl Fn(&str) -> String) -> String {
    match answer {
        Answer::Last(steps) => {
            format!(
                "Largest request rate that fits: {} times the stated rates{}.",
                thousandths(steps),
                binding(NEXT)
            )
        }
        Answer::Unbounded(steps) => {
            format!("Rates up to {} times the stated ones fit.", thousandths(steps))
        }
        Answer::Never | Answer::Untold => format!("No request rate fits{}.", binding(NEXT)),
    }
}

fn max_tokens(answer: Answer, binding: impl Fn(&str) -> String) -> String {
    match answer {
        Answer::Last(cap) => format!(
            "Largest max_tokens that fits: {}, or a model's maximum where that is less{}.",
            grouped(u128::from(cap)),
            binding(NEXT)
        ),
        Answer::Unbounded(_) => "The current max_tokens fits.".to_owned(),
        Answer::Never | Answer::Untold => {
            format!("No max_tokens as long as the mean answer fits{}.", binding("at the mean"))
        }
    }
}

fn cache_share(answer: Answer, binding: impl Fn(&str) -> String) -> String {
    match answer {
        Answer::Last(steps) => format!(
            "Lowest share of input read from the cache that fits: {}{}.",
            thousandths(steps),
            binding(NEXT)
        ),
        Answer::Unbounded(_) => "It fits without any cache reads.".to_owned(),
        Answer::Never | Answer::Untold => {
            format!("No share of cache reads makes it fit{}.", binding("with all input read from the cache"))
        }
    }
}

/// What to do before growth exceeds a quota.
fn due_action(runway: &Runway, due: &RunwayDue<'_>) -> String {
    let now = runway.months == Some(0);
    let by = |date: Option<Date>| match date {
        _ if now => "now".to_owned(),
        Some(date) => format!("by {date}"),
        None => format!("before month {}", runway.months.unwrap_or_default()),
    };
    let cap = |then: &QuotaPlan| then.tight_max_tokens.map(|cap| cap.to_string()).unwrap_or_default();
    match (due.action, runway.then.as_deref()) {
        (Some(QuotaAction::Request), then) => match then.filter(|then| !then.may_be_adjustable()) {
            Some(_) => format!("open a support case\n{}", by(due.ask_by)),
            None => format!("ask {}", by(due.ask_by)),
        },
        (Some(QuotaAction::Restore), then) => {
            let lowered = then.and_then(QuotaPlan::restoring_cap);
            let lowered = lowered.map(|cap| format!("lower max_tokens to {cap} and\n")).unwrap_or_default();
            let default = due.restore_to.map(limit).unwrap_or_default();
            format!("{lowered}ask AWS to restore its default\nof {default} {}", by(due.ask_by))
        }
        (Some(QuotaAction::LowerMaxTokens), Some(then)) => match due.ask_by {
            Some(_) => format!("lower max_tokens to {},\nor ask {}", cap(then), by(due.ask_by)),
            None => format!("lower max_tokens to {}\n{}", cap(then), by(due.passed)),
        },
        (Some(QuotaAction::Migrate), _) => {
            let end = due.retirement.map(|end| format!(";\nit retires on {end}")).unwrap_or_default();
            let why = if runway.months.is_some() { "no increase possible: " } else { "" };
            format!("{why}move to another\nmodel {}{end}", by(due.move_by))
        }
        (_, _) if runway.months.is_some() => "lower the demand".to_owned(),
        _ => "-".to_owned(),
    }
}
