//! What a language says of the things to do, and what it is given for it.

use crate::contract::action::ActionVerb;
use crate::engine::{
    ActionSubject, ActionValue, FindingFact, MoveTo, Plan, PlanInput, PlannedAction, QuotaPlan,
};
use crate::units::Utilisation;
use crate::workload::Workload;

/// Something to do, and the plan that it is about.
#[derive(Debug, Clone, Copy)]
pub struct ActionIn<'a> {
    /// What was planned.
    pub input: &'a PlanInput<'a>,
    /// Its plan.
    pub plan: &'a Plan,
    /// What to do.
    pub action: &'a PlannedAction<'a>,
}

impl<'a> ActionIn<'a> {
    /// The quota that it is about, where it is about one.
    #[must_use]
    pub fn quota(&self) -> Option<&'a QuotaPlan> {
        match self.action.subject {
            ActionSubject::Quota(index) => self.plan.quotas.get(index),
            _ => None,
        }
    }

    /// The first quota that it is about.
    #[must_use]
    pub fn first_quota(&self) -> Option<&'a QuotaPlan> {
        match &self.action.subject {
            ActionSubject::Model { quotas, .. } | ActionSubject::AppliedValues(quotas) => {
                self.plan.quotas.get(*quotas.first()?)
            }
            ActionSubject::Quota(index) => self.plan.quotas.get(*index),
            ActionSubject::Daily(_) => None,
        }
    }

    /// The rows whose max_tokens is above the value of the action, or not set, each name once.
    #[must_use]
    pub fn rows_above_the_cap(&self) -> Vec<&'a Workload> {
        let Some(ActionValue::MaxTokens(cap)) = self.action.value else { return Vec::new() };
        let indices = self.quota().map(|quota| self.plan.rows_of(quota)).unwrap_or_default();
        let rows = indices.iter().filter_map(|index| self.input.workloads.rows().get(*index as usize));
        let mut found: Vec<&Workload> = Vec::new();
        for row in rows.filter(|row| row.max_tokens().is_none_or(|stated| stated > cap)) {
            if !found.iter().any(|other| other.name() == row.name()) {
                found.push(row);
            }
        }
        found
    }

    /// Whether max_tokens is lowered for the same quota in the same list, so that what is asked for rests on it.
    #[must_use]
    pub fn rests_on_a_lower_cap(&self) -> bool {
        let lean = self.quota().and_then(|quota| quota.lean_ask);
        let value = match self.action.value {
            Some(ActionValue::Amount(amount)) => Some(amount),
            _ => None,
        };
        let ask = self.quota().and_then(|quota| quota.ask);
        value.is_some() && value == lean && value != ask
    }
}

impl ActionIn<'_> {
    /// Where a model that takes no increases may move to: the first successor that the plan found.
    #[must_use]
    pub fn successor(&self) -> Option<MoveTo> {
        let findings = self.action.because.iter().filter_map(|index| self.plan.findings.get(*index));
        let mut moves = findings.filter_map(|finding| match &finding.fact {
            FindingFact::Legacy { successors } => successors.active.first().copied(),
            _ => None,
        });
        moves.next()
    }
}

/// Something to do in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionSentence {
    /// What to do, with its figure: behind the verb.
    pub what: String,
    /// Why, in clauses.
    pub why: Vec<String>,
}

/// What is left out of a screen, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Rows that should be looked at, for which there was no room.
    pub pressing: usize,
    /// Rows that are far from their limits.
    pub quiet: usize,
    /// The largest share among those.
    pub most: Option<Utilisation>,
    /// Whether one of those has no limit to be held against.
    pub has_unlimited: bool,
}

/// What the things to do are called.
pub trait ActionWords {
    /// The verb, as it stands before an action.
    fn verb(&self, verb: ActionVerb) -> &'static str;

    /// What to do, and why.
    fn action(&self, of: &ActionIn<'_>) -> ActionSentence;

    /// How many more things there are to do than are shown.
    fn more_actions(&self, count: usize) -> String;

    /// What of a table is not shown; `None` where that is nothing.
    fn left_out_rows(&self, left: LeftOut) -> Option<String>;

    /// How many findings are not shown, by severity, the errors and warnings by their codes; `None` where there are
    /// none.
    fn left_out_findings(&self, errors: &[&str], warnings: &[&str], notes: usize) -> Option<String>;
}
