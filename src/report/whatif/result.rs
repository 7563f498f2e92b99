//! The result of a what-if, and what each of its forms needs: quotas side by side, effects by size, dates.

use std::collections::BTreeMap;

use super::runway::Runways;
use crate::engine::{
    Answer, Imagined, Measured, Plan, PlanInput, Question, QuotaPlan, STEPS, Sensitivity, Solution,
};
use crate::text::Sources;
use crate::units::QuotaAmount;

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
    pub scenarios: &'a [Imagined],
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

/// By how much a requirement differs from the base.
pub(super) fn difference(before: Option<&QuotaPlan>, now: Option<&QuotaPlan>) -> Option<i128> {
    let required = |quota: &QuotaPlan| quota.figures.required.map(|required| i128::from(required.get()));
    match (before, now) {
        (Some(before), Some(now)) => Some(required(now)? - required(before)?),
        (None, Some(now)) => required(now),
        (Some(before), None) => Some(-required(before)?),
        (None, None) => None,
    }
}

/// What the files as they are are called beside scenarios.
pub const BASE: &str = "as it is";

/// Thousandths as a decimal.
pub(super) fn thousandths(steps: u64) -> String {
    format!("{}.{:03}", steps / STEPS, steps % STEPS)
}

/// What each input does to a quota, the largest effect first.
pub(super) fn ranked(all: &WhatifReport<'_>, index: usize) -> Vec<(Measured, i128)> {
    let Some(before) = all.base.quotas.get(index).and_then(|quota| quota.figures.required) else {
        return Vec::new();
    };
    let effects = all.sensitivity.iter().filter_map(|one| {
        let after: QuotaAmount = one.required.get(index).copied().flatten()?;
        Some((one.input, i128::from(after.get()) - i128::from(before.get())))
    });
    let mut effects: Vec<(Measured, i128)> = effects.filter(|(_, change)| *change != 0).collect();
    effects.sort_by_key(|(_, change)| std::cmp::Reverse(change.unsigned_abs()));
    effects
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
