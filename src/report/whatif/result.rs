//! The result of a what-if, and what each of its forms needs: quotas side by side, effects by size, dates.

use std::collections::BTreeMap;

use crate::engine::{
    Answer, Measured, Plan, PlanInput, Question, QuotaPlan, Runway, RunwayDue, STEPS, ScenarioPlan,
    Sensitivity, Solution, ranked_effects,
};
use crate::text::Sources;

/// The months of growth that were looked at, and how long before its month an increase is asked for.
#[derive(Debug, Clone, Default)]
pub struct Runways {
    /// What was found.
    pub found: Vec<Runway>,
    /// Months looked at.
    pub months: u32,
    /// Days before the month in which to ask.
    pub lead_days: u32,
}

/// What a what-if found.
#[derive(Debug, Clone, Copy)]
pub struct WhatifReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What the base was planned from.
    pub input: &'a PlanInput<'a>,
    /// The plan of the files as they are.
    pub base: &'a Plan,
    /// Scenarios, in the order asked for.
    pub scenarios: &'a [ScenarioPlan],
    /// Answers to inverse questions.
    pub solutions: &'a [Solution],
    /// What a tenth more of each input does, where asked for.
    pub sensitivity: &'a [Sensitivity],
    /// When growth passes the quotas, where asked for.
    pub runways: Option<&'a Runways>,
}

/// A quota as it is and in a scenario, where it is there.
pub(super) type Pair<'a> = (Option<&'a QuotaPlan>, Option<&'a QuotaPlan>);

/// A quota in a scenario: by what it is, in the base's order, with those that are new at the end.
pub(super) fn side_by_side<'a>(all: &WhatifReport<'a>, then: &'a Plan) -> Vec<Pair<'a>> {
    let catalog = all.input.catalog;
    let mut by_identity: BTreeMap<String, &QuotaPlan> =
        then.quotas.iter().map(|quota| (quota.id.about(catalog), quota)).collect();
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    for quota in &all.base.quotas {
        pairs.push((Some(quota), by_identity.remove(&quota.id.about(catalog))));
    }
    let new = then.quotas.iter().filter(|quota| by_identity.contains_key(&quota.id.about(catalog)));
    pairs.extend(new.map(|quota| (None, Some(quota))));
    pairs
}

/// What the files as they are are called beside scenarios.
pub const BASE: &str = "as it is";

/// Thousandths as a decimal.
pub(super) fn thousandths(steps: u64) -> String {
    format!("{}.{:03}", steps / STEPS, steps % STEPS)
}

/// What each input does to a quota, the largest effect first.
pub(super) fn ranked(all: &WhatifReport<'_>, index: usize) -> Vec<(Measured, i128)> {
    ranked_effects(all.base, all.sensitivity, index)
}

/// An answer as scripts read it, and whether anything bounds it; no value where nothing holds, or
/// where it cannot be told.
pub(super) fn answer_words(solution: &Solution) -> (Option<String>, bool) {
    let written = |steps: u64| match solution.question {
        Question::MaxTokens => steps.to_string(),
        Question::Requests | Question::CacheShare => thousandths(steps),
    };
    match solution.answer {
        Answer::Last(steps) => (Some(written(steps)), true),
        Answer::Unbounded(steps) => (Some(written(steps)), false),
        Answer::Never | Answer::Untold => (None, true),
    }
}

/// What growth leads to at a quota; `None` where the plan lacks it.
pub(super) fn due<'a>(all: &WhatifReport<'a>, runways: &Runways, runway: &Runway) -> Option<RunwayDue<'a>> {
    runway.due(all.input, all.base, runways.months, runways.lead_days)
}
