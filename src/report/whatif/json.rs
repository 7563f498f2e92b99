//! The JSON contract of `whatif`.

use std::io::Write;

use super::result::{WhatifReport, answer_words, due, ranked, side_by_side};
use crate::contract::whatif as json;
use crate::engine::{PlanInput, QuotaAction, QuotaPlan, ScenarioPlan, Solution};
use crate::report::SCHEMA_VERSION;
use crate::report::cost::cost_change;
use crate::report::plan::json::{document, quota_key};
use crate::text::plain::write_json;

fn narrow(change: Option<i128>) -> Option<i64> {
    change.and_then(|change| i64::try_from(change).ok())
}

fn scenario<P>(all: &WhatifReport<'_>, scenario: &ScenarioPlan, plan: P) -> json::Scenario<P> {
    let differences = side_by_side(all, &scenario.plan).into_iter().filter_map(|(before, now)| {
        let change = match (before, now) {
            (None, _) => "new",
            (_, None) => "gone",
            (Some(before), Some(now)) if before.figures.required == now.figures.required => "unchanged",
            _ => "changed",
        };
        Some(json::Difference {
            quota: quota_key(all.input.catalog, &now.or(before)?.id),
            change: change.into(),
            required: now.and_then(|quota| quota.figures.required).map(|required| required.get()),
            required_change: narrow(QuotaPlan::required_change(before, now)),
        })
    });
    let cents = cost_change(&all.base.cost.total, &scenario.plan.cost.total);
    json::Scenario {
        name: scenario.name.clone(),
        plan,
        difference: differences.collect(),
        monthly_usd_change: cents.map(|cents| {
            let sign = if cents < 0 { "-" } else { "" };
            format!("{sign}{}", crate::units::UsdCents::new(cents.unsigned_abs()).plain())
        }),
    }
}

fn solution(all: &WhatifReport<'_>, solution: &Solution) -> json::Solution {
    let (value, bounded) = answer_words(solution);
    json::Solution {
        question: solution.question.as_str().into(),
        quota: solution.binding.as_ref().and_then(|quota| quota.code().map(str::to_owned)),
        value,
        bounded,
        binding: solution.binding.as_ref().map(|quota| quota_key(all.input.catalog, &quota.id)),
        required_one_step_further: solution
            .binding
            .as_ref()
            .and_then(|quota| quota.figures.required)
            .map(|required| required.get()),
    }
}

/// Writes the JSON of a what-if; its plans are made while they are written.
pub(super) fn write(all: &WhatifReport<'_>, out: &mut dyn Write) -> Result<(), serde_json::Error> {
    // The scenarios' inputs, which their plans borrow while they are written.
    let inputs: Vec<PlanInput<'_>> = all.scenarios.iter().map(|one| one.input(all.input)).collect();
    let plan = |input, plan| document(all.sources, input, plan, None, None);
    let scenarios = all.scenarios.iter().zip(&inputs);
    let quotas = || all.base.quotas.iter().enumerate();
    let sensitivity =
        quotas().filter(|_| !all.sensitivity.is_empty()).map(|(index, quota)| json::Sensitivity {
            quota: quota_key(all.input.catalog, &quota.id),
            required: quota.figures.required.map(|required| required.get()),
            effects: ranked(all, index)
                .into_iter()
                .map(|(input, change)| json::Effect {
                    input: input.as_str().into(),
                    required_change: narrow(Some(change)),
                })
                .collect(),
        });
    let runway = all.runways.iter().flat_map(|runways| {
        runways.found.iter().filter_map(|runway| {
            let due = due(all, runways, runway)?;
            Some(json::Runway {
                quota: quota_key(all.input.catalog, &due.quota.id),
                months: runway.months,
                passed: due.passed.map(|day| day.to_string()),
                ask_by: due.ask_by.map(|day| day.to_string()),
                action: due.action.map(QuotaAction::as_str).map(Into::into),
                restore_to: due.restore_to.map(Into::into),
                move_by: due.move_by.map(|day| day.to_string()),
                retirement: due.retirement.map(|end| end.to_string()),
            })
        })
    });
    let whatif = json::WhatifDocument {
        schema_version: SCHEMA_VERSION,
        base: plan(all.input, all.base),
        scenarios: scenarios.map(|(one, input)| scenario(all, one, plan(input, &one.plan))).collect(),
        solutions: all.solutions.iter().map(|one| solution(all, one)).collect(),
        sensitivity: sensitivity.collect(),
        runway: runway.collect(),
    };
    write_json(out, &whatif)
}
