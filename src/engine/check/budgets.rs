//! Money against budgets.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::collect::{About, Gate, key};
use crate::engine::assumptions::{Budget, BudgetOf};
use crate::engine::cost::{CostShare, MonthlyCost};
use crate::engine::finding::{FindingFact, FindingPlace};
use crate::text::suggest::nearest;
use crate::units::{MILLIONTHS, Usd, words};
use crate::workload::{Symbol, Workload};

words! {
    /// What became of a budget.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum BudgetOutcome {
        /// The money is within it.
        Holds = "holds",
        /// The money is above it, whatever unknown prices are.
        Exceeds = "exceeds",
        /// What is known is within it, but a price is not known.
        Undetermined = "undetermined",
        /// No row counts towards it.
        Unused = "unused",
    }
}

/// A budget's judgement.
#[derive(Debug, Clone)]
pub struct BudgetJudgement {
    /// The budget.
    pub budget: Budget,
    /// What it is held against: the money of the largest period; `None` where no row counts.
    pub cost: Option<MonthlyCost>,
    /// That period; `None` where no row names one.
    pub period: Option<Symbol>,
    /// What became of it.
    pub outcome: BudgetOutcome,
}

/// The limit, exact.
fn exact(limit: Usd) -> BigRational {
    BigRational::new_raw(BigInt::from(limit.millionths()), BigInt::from(MILLIONTHS))
}

/// Judges every budget of the configuration.
pub(super) fn judge(gate: &mut Gate<'_, '_>) -> Vec<BudgetJudgement> {
    let budgets = &gate.input.assumptions.budgets;
    let mut judged = Vec::new();
    let teams: BTreeMap<&str, &CostShare<Option<Symbol>>> = gate
        .plan
        .cost
        .by_team
        .iter()
        .filter_map(|share| Some((gate.input.workloads.text(share.of?), share)))
        .collect();
    for (index, budget) in budgets.iter().enumerate() {
        let found = cost_of(gate, &budget.of, &teams);
        let outcome = match &found {
            Some((cost, _)) if *cost.priced() > exact(budget.limit) => BudgetOutcome::Exceeds,
            Some((cost, _)) if !cost.is_complete() => BudgetOutcome::Undetermined,
            Some(_) => BudgetOutcome::Holds,
            None => BudgetOutcome::Unused,
        };
        add(gate, index, budget, outcome, found.as_ref());
        let (cost, period) = found.map_or((None, None), |(cost, period)| (Some(cost), period));
        judged.push(BudgetJudgement { budget: budget.clone(), cost, period, outcome });
    }
    judged
}

/// The money a budget is held against, and its period.
fn cost_of(
    gate: &Gate<'_, '_>,
    of: &BudgetOf,
    teams: &BTreeMap<&str, &CostShare<Option<Symbol>>>,
) -> Option<(MonthlyCost, Option<Symbol>)> {
    let cost = &gate.plan.cost;
    match of {
        BudgetOf::Total => Some((cost.total.clone(), cost.period)),
        BudgetOf::Team(name) => {
            teams.get(name.as_str()).map(|share| (share.largest.clone(), share.largest_period))
        }
        BudgetOf::Model(model) => {
            let share = &cost.by_model.iter().find(|model_cost| model_cost.share.of == *model)?.share;
            Some((share.largest.clone(), share.largest_period))
        }
    }
}

fn counts(gate: &Gate<'_, '_>, of: &BudgetOf, row: &Workload) -> bool {
    match of {
        BudgetOf::Total => true,
        BudgetOf::Team(name) => row.team().is_some_and(|team| gate.input.workloads.text(team) == name),
        BudgetOf::Model(model) => row.model() == *model,
    }
}

fn add(
    gate: &mut Gate<'_, '_>,
    index: usize,
    budget: &Budget,
    outcome: BudgetOutcome,
    found: Option<&(MonthlyCost, Option<Symbol>)>,
) {
    let mut about = About { budget: Some(index), place: key(budget.span), ..About::default() };
    let (of, limit) = (budget.of.clone(), budget.limit);
    let Some((cost, period)) = found else {
        let meant = meant(gate, budget);
        gate.add(FindingFact::UnusedBudget { of, meant }, about);
        return;
    };
    let (priced, is_complete, period) = (cost.priced_usd(), cost.is_complete(), *period);
    let fact = match outcome {
        BudgetOutcome::Holds | BudgetOutcome::Unused => return,
        BudgetOutcome::Exceeds => {
            let largest = gate.plan.costliest_row(gate.input, period, |row| counts(gate, &budget.of, row));
            let rows = gate.input.workloads.rows();
            let most = largest.and_then(|(row, cost)| Some((row, rows.get(row)?, cost)));
            about.related = most
                .as_ref()
                .map(|(index, row, _)| FindingPlace::Cell { row: *index, column: row.rate_column() });
            let largest = most.map(|(index, _, cost)| (index, cost.priced_usd()));
            FindingFact::OverBudget { of, limit, priced, is_complete, period, largest }
        }
        BudgetOutcome::Undetermined => FindingFact::BudgetUndetermined { of, limit, priced, period },
    };
    gate.add(fact, about);
}

/// Names that a misspelt one is compared with: comparing takes long.
const COMPARED: usize = 200;

/// The team that a budget without rows may be meant for.
fn meant(gate: &Gate<'_, '_>, budget: &Budget) -> Option<String> {
    let BudgetOf::Team(name) = &budget.of else { return None };
    let teams = gate.plan.cost.by_team.iter().filter_map(|share| share.of).take(COMPARED);
    nearest(name, teams.map(|team| gate.input.workloads.text(team))).map(str::to_owned)
}
