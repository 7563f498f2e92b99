//! What every report of a check needs: the check itself, and the words for its parts.

use crate::engine::{
    BudgetJudgement, BudgetOf, Check, Plan, PlanInput, QuotaJudgement, QuotaPlan, Strictness,
};
use crate::text::Sources;

/// Everything a check is reported from.
#[derive(Debug, Clone, Copy)]
pub struct CheckResult<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What the plan was made from.
    pub input: &'a PlanInput<'a>,
    /// The plan.
    pub plan: &'a Plan,
    /// What became of it.
    pub check: &'a Check,
    /// How strict the check was.
    pub strictness: Strictness,
}

/// `1 error`, `3 errors`.
pub(in crate::report) fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// What a budget is of, in words.
pub(super) fn budget_name(input: &PlanInput<'_>, judgement: &BudgetJudgement) -> String {
    match &judgement.budget.of {
        BudgetOf::Total => "budget of all workloads".to_owned(),
        BudgetOf::Team(name) => format!("budget of team {name}"),
        BudgetOf::Model(model) => format!("budget of model {}", input.catalog.model(*model).id),
    }
}

/// What a quota is held against, in words.
pub(super) fn held_against(quota: &QuotaPlan, judgement: &QuotaJudgement) -> String {
    let required = quota.figures.required.map_or_else(|| "unknown".to_owned(), |amount| amount.to_string());
    match (judgement.limit, judgement.assumed_default) {
        (Some(limit), false) => format!("{required} required, {limit} granted"),
        (Some(limit), true) => format!("{required} required, default {limit} assumed"),
        (None, _) if quota.entry.is_none() => "no quota: the model is not offered".to_owned(),
        (None, _) if quota.granted_limit().is_none() => {
            format!("{required} required, no applied value given")
        }
        (None, _) => format!("{required} required"),
    }
}
