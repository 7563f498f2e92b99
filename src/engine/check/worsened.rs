//! Whether a finding is there because of what changed since the baseline.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::budgets::BudgetJudgement;
use super::changes::Earlier;
use super::collect::{CheckFinding, FindingChange};
use crate::baseline::{Baseline, BaselineQuota, MonthlySum};
use crate::engine::assumptions::{BudgetOf, PlanInput};
use crate::engine::result::{Plan, QuotaPlan};
use crate::text::Code;
use crate::units::{Limit, MILLIONTHS, QuotaAmount, Ratio, Usd, UsdCents};

/// A plan beside an earlier one.
pub(super) struct Comparison<'a, 'i> {
    pub(super) input: &'a PlanInput<'i>,
    pub(super) plan: &'a Plan,
    pub(super) baseline: &'a Baseline,
    pub(super) earlier: Earlier<'a>,
    pub(super) budgets: &'a [BudgetJudgement],
}

impl Comparison<'_, '_> {
    /// How a finding stands to the baseline; `None` where it is about no workload: the
    /// configuration, the calendar or the baseline itself.
    pub(super) fn change(&self, found: &CheckFinding) -> Option<FindingChange> {
        match found.finding.code {
            Code::StaleGranted
            | Code::UnusedBudget
            | Code::AssumedDefault
            | Code::AppliedNotGiven
            | Code::BaselineDiffers => None,
            _ => Some(self.of_workloads(found)),
        }
    }

    fn of_workloads(&self, found: &CheckFinding) -> FindingChange {
        let quota = found.finding.quota.and_then(|index| self.plan.quotas.get(index));
        match (found.finding.code, quota, found.budget.and_then(|index| self.budgets.get(index))) {
            // They rest on figures, which are compared themselves.
            (Code::ExceedsGranted | Code::ExceedsDefault | Code::NotAdjustable, Some(quota), _) => {
                self.of_excess(quota)
            }
            (Code::OverUtilisation, Some(quota), _) => self.of_utilisation(quota),
            (Code::QuotaUndetermined, Some(quota), _) => self.of_undetermined(quota),
            (Code::AccountDaily, ..) => self.of_day(found.finding.detail.as_deref()),
            (Code::OverBudget, _, Some(judgement)) => self.of_budget(judgement),
            (Code::BudgetUndetermined, _, Some(judgement)) => self.of_unknown_cost(judgement),
            // They are about a model or quota, whatever its rows: there or not.
            (
                Code::StaleTable
                | Code::NotOffered
                | Code::QuotaUnknown
                | Code::Legacy
                | Code::AccessCondition
                | Code::PromotionalPrice
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
                true => FindingChange::Known,
                false => FindingChange::New,
            },
            (code, _, _) if code.is_about_the_plan() => self.of_rows(found),
            _ => self.of_input(found),
        }
    }

    /// What a quota was held against: an applied value, or the default where there is none now either.
    fn limit_then(then: &BaselineQuota, quota: &QuotaPlan) -> Option<Limit> {
        match quota.granted_limit() {
            Some(_) => then.granted,
            None => then.default,
        }
    }

    /// A quota is worse where it is exceeded by more.
    fn of_excess(&self, quota: &QuotaPlan) -> FindingChange {
        let Some(then) = self.earlier.before(quota, self.input) else {
            return FindingChange::New;
        };
        let excess = |required: Option<QuotaAmount>, limit: Option<Limit>| match (required, limit) {
            (Some(required), Some(Limit::Amount(limit))) => {
                Some(i128::from(required.get()) - i128::from(limit.get()))
            }
            _ => None,
        };
        let before = excess(then.required, Self::limit_then(then, quota));
        judged(before, excess(quota.figures.required, quota.capacity()))
    }

    /// A share of a quota is worse where it is further above what the policy allows.
    fn of_utilisation(&self, quota: &QuotaPlan) -> FindingChange {
        let Some(then) = self.earlier.before(quota, self.input) else {
            return FindingChange::New;
        };
        let most = self.input.assumptions.config.policy.max_utilisation.as_ref().map(|most| most.value);
        let most_then = self.baseline.limits.as_ref().map_or(most, |limits| limits.max_utilisation);
        let above = |required: Option<QuotaAmount>, limit: Option<Limit>, most: Option<Ratio>| {
            let limit = limit.and_then(Limit::amount).filter(|limit| limit.get() > 0)?;
            let share = BigRational::new(BigInt::from(required?.get()), BigInt::from(limit.get()));
            Some(share - BigRational::new(BigInt::from(most?.millionths()), BigInt::from(MILLIONTHS)))
        };
        let limit_then = Self::limit_then(then, quota);
        // Any share of nothing was above what the policy allowed, and no larger one can follow.
        let nothing = limit_then == QuotaAmount::new(0).map(Limit::Amount);
        if nothing && most_then.is_some() && then.required.is_some_and(|required| required.get() > 0) {
            return FindingChange::Known;
        }
        let before = above(then.required, limit_then, most_then);
        judged(before, above(quota.figures.required, quota.capacity(), most))
    }

    /// What could be judged before is new; else it is worse where more is required.
    fn of_undetermined(&self, quota: &QuotaPlan) -> FindingChange {
        let Some(then) = self.earlier.before(quota, self.input) else {
            return FindingChange::New;
        };
        match (then.required, quota.figures.required) {
            _ if then.granted.is_some() && quota.granted_limit().is_none() => FindingChange::New,
            (Some(_), None) => FindingChange::New,
            (Some(then), Some(now)) => FindingChange::worse_where(now > then),
            (None, _) => FindingChange::Known,
        }
    }

    /// An account's day is new where it held before, worse where more is settled or billed.
    fn of_day(&self, account: Option<&str>) -> FindingChange {
        let day = self.plan.account_daily.iter().find(|day| day.account.as_deref() == account);
        let then = self.earlier.day(account);
        let Some((day, then)) = day.zip(then) else {
            return FindingChange::New;
        };
        let limit = then.capacity.unwrap_or(Limit::Unlimited);
        if limit.holds(then.settled) && limit.holds(then.billed) {
            return FindingChange::New;
        }
        FindingChange::worse_where(day.settled > then.settled || day.billed > then.billed)
    }

    /// The sum of the baseline that a budget limits.
    fn sum_then(&self, of: &BudgetOf) -> Option<MonthlySum> {
        match of {
            BudgetOf::Total => Some(self.baseline.cost.total),
            BudgetOf::Team(name) => self.earlier.team(Some(name)),
            BudgetOf::Model(model) => self.earlier.model(&self.input.catalog.model(*model).id),
        }
    }

    /// The budget of the baseline: as large as now where the baseline does not say which it had.
    fn limit_of_money_then(&self, judgement: &BudgetJudgement) -> Option<Usd> {
        let Some(limits) = &self.baseline.limits else {
            return Some(judgement.budget.limit);
        };
        let (of, name) = match &judgement.budget.of {
            BudgetOf::Total => ("total", None),
            BudgetOf::Team(name) => ("team", Some(name.as_str())),
            BudgetOf::Model(model) => ("model", Some(self.input.catalog.model(*model).id.as_str())),
        };
        let same = |(its, whose, _): &&(String, Option<String>, Usd)| its == of && whose.as_deref() == name;
        limits.budgets.iter().find(same).map(|(_, _, limit)| *limit)
    }

    /// A budget is worse where it is exceeded by more.
    fn of_budget(&self, judgement: &BudgetJudgement) -> FindingChange {
        // In millionths of a dollar, of sums that are rounded to cents.
        let excess = |cents: UsdCents, limit: Usd| {
            i128::try_from(cents.get()).ok()?.checked_mul(10_000)?.checked_sub(i128::from(limit.millionths()))
        };
        let then = self.sum_then(&judgement.budget.of).zip(self.limit_of_money_then(judgement));
        let before = then.and_then(|(sum, limit)| excess(sum.priced, limit));
        let now = judgement.cost.as_ref().and_then(|cost| excess(cost.priced_usd(), judgement.budget.limit));
        // What is passed by less than half a cent was passed then too.
        if now.is_some_and(|now| now <= 0) && before == now {
            FindingChange::Known
        } else {
            judged(before, now)
        }
    }

    /// What could be judged before is new; else it is worse where more is priced.
    fn of_unknown_cost(&self, judgement: &BudgetJudgement) -> FindingChange {
        match (self.sum_then(&judgement.budget.of), &judgement.cost) {
            (Some(MonthlySum { usd: None, priced }), Some(now)) => {
                FindingChange::worse_where(now.priced_usd() > priced)
            }
            _ => FindingChange::New,
        }
    }

    fn knows_model(&self, quota: &QuotaPlan) -> bool {
        self.earlier.knows(&self.input.catalog.model(quota.id.model).id, quota.id.scope.as_str())
    }

    /// What is about rows is worse where it is about more of them.
    fn of_rows(&self, found: &CheckFinding) -> FindingChange {
        let about = self.plan.about(&found.finding, self.input.catalog);
        let rows = |code: Code| self.earlier.rows(code.as_str(), about.as_deref());
        // An earlier version may have said it under the code it was split off.
        let code = found.finding.code;
        match rows(code).or_else(|| code.split_off().and_then(rows)) {
            None => FindingChange::New,
            Some(rows) => FindingChange::worse_where(found.finding.rows > rows),
        }
    }

    /// What is about the inputs is known where the baseline has it of the same subject.
    fn of_input(&self, found: &CheckFinding) -> FindingChange {
        let about = self.plan.about(&found.finding, self.input.catalog);
        match self.earlier.has(found.finding.code.as_str(), about.as_deref()) {
            true => FindingChange::Known,
            false => FindingChange::New,
        }
    }
}

/// By how much something was and is too large: new where it was not, worse where it is by more.
fn judged<T: PartialOrd + Zero>(before: Option<T>, now: Option<T>) -> FindingChange {
    match (before, now) {
        (Some(before), Some(now)) if before > T::zero() => FindingChange::worse_where(now > before),
        _ => FindingChange::New,
    }
}
