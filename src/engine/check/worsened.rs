//! Whether a finding is there because of what changed since the baseline.

use std::collections::BTreeMap;

use super::budgets::BudgetJudgement;
use super::change::FindingChange;
use super::changes::{Earlier, lowered};
use super::collect::CheckFinding;
use crate::baseline::{Baseline, MonthlySum};
use crate::engine::budget::BudgetOf;
use crate::engine::input::PlanInput;
use crate::engine::result::{Plan, QuotaPlan};
use crate::text::Code;

/// A plan beside an earlier one.
pub(super) struct Comparison<'a, 'i> {
    pub(super) input: &'a PlanInput<'i>,
    pub(super) plan: &'a Plan,
    pub(super) baseline: &'a Baseline,
    pub(super) earlier: Earlier<'a>,
    pub(super) budgets: &'a [BudgetJudgement],
    /// How many findings of a code about a quota were compared so far.
    pub(super) seen: BTreeMap<(Code, Option<usize>), usize>,
}

impl Comparison<'_, '_> {
    /// How a finding stands to the baseline; `None` where it is about no workload: the
    /// configuration, the calendar or the baseline itself.
    /// It is asked for findings in the order of the plan, so that those of one code about one thing
    /// are told apart.
    pub(super) fn change(&mut self, found: &CheckFinding) -> Option<FindingChange> {
        match found.finding.code {
            Code::StaleGranted
            | Code::UnusedBudget
            | Code::AssumedDefault
            | Code::AppliedNotGiven
            | Code::BaselineDiffers => None,
            _ => Some(self.of_workloads(found)),
        }
    }

    fn of_workloads(&mut self, found: &CheckFinding) -> FindingChange {
        let quota = found.finding.quota.and_then(|index| self.plan.quotas.get(index));
        match (found.finding.code, quota, found.budget.and_then(|index| self.budgets.get(index))) {
            // They rest on figures, which are compared themselves.
            (
                Code::ExceedsGranted
                | Code::ExceedsDefault
                | Code::OverUtilisation
                | Code::NotAdjustable
                | Code::QuotaUndetermined,
                Some(quota),
                _,
            ) => self.of_figure(quota),
            (Code::AccountDaily, ..) => self.of_day(),
            (Code::OverBudget | Code::BudgetUndetermined, _, Some(judgement)) => self.of_money(judgement),
            // They are about a model or quota, whatever its rows: there or not.
            (
                Code::StaleTable
                | Code::NotOffered
                | Code::QuotaUnknown
                | Code::NearRetirement
                | Code::RetirementOpen
                | Code::UnknownRate
                | Code::DisputedRate
                | Code::SupersededRate
                | Code::DefaultedRate
                | Code::DailyWording,
                Some(quota),
                _,
            ) => match self.knows_model(quota) {
                true => FindingChange::Unchanged,
                false => FindingChange::New,
            },
            (code, _, _) if code.is_about_the_plan() => self.of_rows(found),
            _ => self.of_message(found),
        }
    }

    /// A quota is worse where more is required, or less is applied, than in the baseline.
    fn of_figure(&self, quota: &QuotaPlan) -> FindingChange {
        let Some(then) = self.earlier.before(quota, self.input) else {
            return FindingChange::New;
        };
        let grown = match (then.required, quota.figures.required) {
            (Some(then), Some(now)) => now > then,
            (Some(_), None) => true,
            (None, _) => quota.figures.required.is_some(),
        };
        let withdrawn = then.granted.is_some() && quota.granted_limit().is_none();
        FindingChange::worse_where(grown || withdrawn || lowered(then.granted, quota.granted_limit()))
    }

    fn of_day(&self) -> FindingChange {
        let mut change = FindingChange::Unchanged;
        for day in &self.plan.account_daily {
            match self.baseline.daily.iter().find(|then| then.account == day.account) {
                None => return FindingChange::New,
                Some(then) if day.settled > then.settled || day.billed > then.billed => {
                    change = FindingChange::Worse;
                }
                Some(_) => {}
            }
        }
        change
    }

    fn of_money(&self, judgement: &BudgetJudgement) -> FindingChange {
        let cost = &self.baseline.cost;
        let then: Option<&MonthlySum> = match &judgement.budget.of {
            BudgetOf::Total => Some(&cost.total),
            BudgetOf::Team(name) => {
                cost.by_team.iter().find(|(team, _)| team.as_deref() == Some(name)).map(|(_, sum)| sum)
            }
            BudgetOf::Model(model) => {
                let id = &self.input.catalog.model(*model).id;
                cost.by_model.iter().find(|(name, _)| name == id).map(|(_, sum)| sum)
            }
        };
        match (then, &judgement.cost) {
            (None, _) => FindingChange::New,
            (Some(then), Some(now)) => {
                let less_known = then.usd.is_some() && !now.is_complete();
                FindingChange::worse_where(now.priced_usd() > then.priced || less_known)
            }
            (Some(_), None) => FindingChange::Unchanged,
        }
    }

    fn knows_model(&self, quota: &QuotaPlan) -> bool {
        self.earlier.knows(&self.input.catalog.model(quota.model).id, quota.scope.as_str())
    }

    /// What is about rows is worse where it is about more of them.
    fn of_rows(&mut self, found: &CheckFinding) -> FindingChange {
        let quota = found.finding.quota.and_then(|index| self.plan.quotas.get(index));
        let about = quota.map(|quota| quota.identity(self.input.catalog));
        let code = found.finding.code;
        let seen = self.seen.entry((code, found.finding.quota)).or_default();
        let nth = std::mem::replace(seen, *seen + 1);
        match self.earlier.rows(code.as_str(), about.as_deref(), nth) {
            None => FindingChange::New,
            Some(rows) => FindingChange::worse_where(found.finding.rows > rows),
        }
    }

    /// What is about the inputs is known where the baseline says the same.
    fn of_message(&self, found: &CheckFinding) -> FindingChange {
        match self.earlier.says(found.finding.code.as_str(), &found.finding.message) {
            true => FindingChange::Unchanged,
            false => FindingChange::New,
        }
    }
}
