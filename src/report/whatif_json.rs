//! The JSON contract of `whatif`.

use serde::Serialize;

use super::SCHEMA_VERSION;
use super::cost::cost_change;
use super::imagining::{Imagining, answer_words, difference, ranked, side_by_side};
use super::plan_json::{JsonLimit, PlanReport, plan_report};
use super::runway::due;
use crate::engine::{Action, Imagined, QuotaPlan, Solution};

#[derive(Debug, Serialize)]
pub(super) struct WhatifReport {
    schema_version: u32,
    base: PlanReport,
    scenarios: Vec<ScenarioReport>,
    solutions: Vec<SolutionReport>,
    sensitivity: Vec<SensitivityReport>,
    runway: Vec<RunwayReport>,
}

#[derive(Debug, Serialize)]
struct ScenarioReport {
    name: String,
    plan: PlanReport,
    difference: Vec<DifferenceReport>,
    monthly_usd_change: Option<String>,
}

/// A quota by the keys that the plan has for it.
#[derive(Debug, Serialize)]
struct QuotaKey {
    account: Option<String>,
    model: String,
    scope: &'static str,
    kind: &'static str,
    code: Option<String>,
}

#[derive(Debug, Serialize)]
struct DifferenceReport {
    #[serde(flatten)]
    quota: QuotaKey,
    change: &'static str,
    required: Option<u64>,
    required_change: Option<i64>,
}

#[derive(Debug, Serialize)]
struct SolutionReport {
    question: &'static str,
    quota: Option<String>,
    value: Option<String>,
    bounded: bool,
    binding: Option<QuotaKey>,
    required_one_step_further: Option<u64>,
}

#[derive(Debug, Serialize)]
struct SensitivityReport {
    #[serde(flatten)]
    quota: QuotaKey,
    required: Option<u64>,
    effects: Vec<EffectReport>,
}

#[derive(Debug, Serialize)]
struct EffectReport {
    input: &'static str,
    required_change: Option<i64>,
}

#[derive(Debug, Serialize)]
struct RunwayReport {
    #[serde(flatten)]
    quota: QuotaKey,
    months: Option<u32>,
    passed: Option<String>,
    ask_by: Option<String>,
    action: Option<&'static str>,
    restore_to: Option<JsonLimit>,
    move_by: Option<String>,
    retirement: Option<String>,
}

fn key(all: &Imagining<'_>, quota: &QuotaPlan) -> QuotaKey {
    QuotaKey {
        account: quota.id.account.clone(),
        model: all.input.catalog.model(quota.id.model).id.clone(),
        scope: quota.id.scope.as_str(),
        kind: quota.id.kind.as_str(),
        code: quota.code().map(str::to_owned),
    }
}

fn narrow(change: Option<i128>) -> Option<i64> {
    change.and_then(|change| i64::try_from(change).ok())
}

fn scenario(all: &Imagining<'_>, scenario: &Imagined) -> ScenarioReport {
    let differences = side_by_side(all, &scenario.plan).into_iter().filter_map(|(before, now)| {
        let change = match (before, now) {
            (None, _) => "new",
            (_, None) => "gone",
            (Some(before), Some(now)) if before.figures.required == now.figures.required => "unchanged",
            _ => "changed",
        };
        Some(DifferenceReport {
            quota: key(all, now.or(before)?),
            change,
            required: now.and_then(|quota| quota.figures.required).map(|required| required.get()),
            required_change: narrow(difference(before, now)),
        })
    });
    let cents = cost_change(&all.base.cost.total, &scenario.plan.cost.total);
    ScenarioReport {
        name: scenario.name.clone(),
        plan: plan_report(all.sources, &scenario.input(all.input), &scenario.plan, None),
        difference: differences.collect(),
        monthly_usd_change: cents.map(|cents| {
            let sign = if cents < 0 { "-" } else { "" };
            format!("{sign}{}", crate::units::UsdCents::new(cents.unsigned_abs()).plain())
        }),
    }
}

fn solution(all: &Imagining<'_>, solution: &Solution) -> SolutionReport {
    let (value, bounded) = answer_words(solution);
    SolutionReport {
        question: solution.question.as_str(),
        quota: solution.binding.as_ref().and_then(|quota| quota.code().map(str::to_owned)),
        value,
        bounded,
        binding: solution.binding.as_ref().map(|quota| key(all, quota)),
        required_one_step_further: solution
            .binding
            .as_ref()
            .and_then(|quota| quota.figures.required)
            .map(|required| required.get()),
    }
}

/// The JSON form of a what-if.
pub(super) fn json(all: &Imagining<'_>) -> WhatifReport {
    let quotas = || all.base.quotas.iter().enumerate();
    let sensitivity =
        quotas().filter(|_| !all.sensitivity.is_empty()).map(|(index, quota)| SensitivityReport {
            quota: key(all, quota),
            required: quota.figures.required.map(|required| required.get()),
            effects: ranked(all, index)
                .into_iter()
                .map(|(input, change)| EffectReport { input, required_change: narrow(Some(change)) })
                .collect(),
        });
    let runway = all.runways.iter().flat_map(|runways| {
        runways.found.iter().filter_map(|runway| {
            let due = due(all, runways, runway)?;
            Some(RunwayReport {
                quota: key(all, due.quota),
                months: runway.months,
                passed: due.passed,
                ask_by: due.ask_by,
                action: due.action.map(Action::as_str),
                restore_to: due.restore_to.map(JsonLimit),
                move_by: due.move_by,
                retirement: due.retirement.map(|end| end.to_string()),
            })
        })
    });
    WhatifReport {
        schema_version: SCHEMA_VERSION,
        base: plan_report(all.sources, all.input, all.base, None),
        scenarios: all.scenarios.iter().map(|one| scenario(all, one)).collect(),
        solutions: all.solutions.iter().map(|one| solution(all, one)).collect(),
        sensitivity: sensitivity.collect(),
        runway: runway.collect(),
    }
}
