//! Which workload should be in which scope: residency kept, then the fewest quotas to raise, then
//! the least money, then the fewest moves.
//!
//! Residency is a hard condition. What is minimised, the first difference deciding: quotas of which
//! more is required than their limit; quotas that cannot be judged; rows whose cost is not known;
//! the cost of the other rows, all seasons added up; workloads that leave their scope. Among equals
//! the first in the order of the file and of the scopes' words is taken.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::landing::Increases;
use super::reason::{self, Reason};
use super::saving::Saving;
use super::search::{self, Choice, Search, Unit};
use super::{CompareOptions, account, scopes_of};
use crate::catalog::{ModelIndex, ResidencyVerdict, Scope};
use crate::engine::TooLarge;
use crate::engine::assumptions::PlanInput;
use crate::engine::cost::{MonthlyCost, Scale, Tariff, monthly, spend};
use crate::engine::plan::plan;
use crate::engine::result::Plan;
use crate::workload::{Edit, Symbol, Workload, WorkloadSet};

/// Where one workload goes, and why.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its rows, in file order: all seasons of the workload that share model and scope.
    pub rows: Vec<usize>,
    /// Its present scope.
    pub from: Scope,
    /// Its scope in the assignment.
    pub to: Scope,
    /// Whether its present scope keeps to the residency of all its rows, as far as is known.
    pub residency_met_now: bool,
    /// Whether the assignment's scope keeps to the residency of all its rows; only where none does
    /// may it stay in one that does not.
    pub residency_met: bool,
    /// What its rows cost a month now, seasons added up.
    pub cost_before: MonthlyCost,
    /// What they cost in the assignment.
    pub cost_after: MonthlyCost,
    /// The saving; `None` where a price is not known.
    pub saving: Option<Saving>,
    /// The scope it is held against: the present one where it moves, else the best other one;
    /// `None` where its model has no other.
    pub against: Option<Scope>,
    /// Why it is not there.
    pub why: Option<Reason>,
}

impl Decision {
    /// Whether it leaves its scope.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.from != self.to
    }
}

/// The best assignment of one account and model.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The account.
    pub account: Option<String>,
    /// The model.
    pub model: ModelIndex,
    /// Whether no assignment is better; without it a better one may exist.
    pub proven: bool,
    /// How many assignments keep to residency, `u64::MAX` where there are more.
    pub assignments: u64,
    /// What its quotas need now.
    pub before: Increases,
    /// What they need in the assignment.
    pub after: Increases,
    /// Its workloads that were free to move, in file order.
    pub decisions: Vec<Decision>,
}

/// The best assignment of a file.
#[derive(Debug, Clone)]
pub struct Optimum {
    /// By account and model id.
    pub groups: Vec<Assignment>,
    /// What all quotas need now.
    pub before: Increases,
    /// What they need in the assignment.
    pub after: Increases,
    /// The rows of the assignment.
    pub workloads: WorkloadSet,
    /// Their plan.
    pub plan: Plan,
    /// The group and its decision for each row of the file, where it was free to move.
    by_row: Vec<Option<(usize, usize)>>,
}

impl Optimum {
    /// What is decided for a row of the file, with the group that it is assigned with; `None` where it was not free to
    /// move.
    #[must_use]
    pub fn of_row(&self, row: usize) -> Option<(&Assignment, &Decision)> {
        let (group, decision) = (*self.by_row.get(row)?)?;
        let group = self.groups.get(group)?;
        Some((group, group.decisions.get(decision)?))
    }

    /// Every decision, in file order.
    #[must_use]
    pub fn decisions(&self) -> Vec<&Decision> {
        let mut all: Vec<&Decision> = self.groups.iter().flat_map(|group| &group.decisions).collect();
        all.sort_by_key(|decision| decision.rows.first().copied());
        all
    }

    /// Whether no assignment is better.
    #[must_use]
    pub fn proven(&self) -> bool {
        self.groups.iter().all(|group| group.proven)
    }
}

/// Finds the best assignment; rows that are not asked about stay where they are.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn optimise(input: &PlanInput<'_>, base: &Plan, asked: &CompareOptions<'_>) -> Result<Optimum, TooLarge> {
    let scale = Scale::new(input.assumptions);
    let mut rows: Vec<Workload> = input.workloads.rows().iter().cloned().collect();
    let mut by_row = vec![None; rows.len()];
    let mut groups = Vec::new();
    for group in groups_of(input, asked, &scale) {
        let optimum = solved(input, &group, asked, &scale)?;
        for (at, decision) in optimum.decisions.iter().enumerate() {
            let edit = Edit { scope: Some(decision.to), ..Edit::default() };
            for index in &decision.rows {
                let (Some(row), Some(place)) = (rows.get_mut(*index), by_row.get_mut(*index)) else {
                    continue;
                };
                *place = Some((groups.len(), at));
                if decision.moves() {
                    *row = row.edited(&edit);
                }
            }
        }
        groups.push(optimum);
    }
    let workloads = input.workloads.with_rows(rows);
    let then = plan(&PlanInput { workloads: &workloads, ..*input })?;
    Ok(Optimum {
        groups,
        before: Increases::count(base, asked.assume_defaults),
        after: Increases::count(&then, asked.assume_defaults),
        workloads,
        plan: then,
        by_row,
    })
}

/// What is chosen for whom: name, model, account and present scope tell units apart.
type UnitKey<'a> = (&'a str, Scope, Option<Symbol>);

/// Where each unit stands in its group.
type UnitPlaces<'a> = BTreeMap<UnitKey<'a>, usize>;

/// Account and model id.
type GroupKey<'a> = (Option<String>, &'a str);

/// The groups of a file by account and model id, their units in file order.
fn groups_of(input: &PlanInput<'_>, asked: &CompareOptions<'_>, scale: &Scale) -> Vec<search::Group> {
    let mut groups: BTreeMap<GroupKey<'_>, (search::Group, UnitPlaces<'_>)> = BTreeMap::new();
    for (index, row) in (0_u32..).zip(input.workloads.rows().iter()) {
        let account = account(row, input);
        let id = input.catalog.model(row.model()).id.as_str();
        let (group, units) = groups.entry((account.clone(), id)).or_insert_with(|| {
            (search::Group { account, model: row.model(), units: Vec::new() }, BTreeMap::new())
        });
        let at = *units.entry((row.name(), row.scope(), row.account())).or_insert_with(|| {
            group.units.push(Unit { rows: Vec::new(), present: row.scope(), choices: Vec::new() });
            group.units.len() - 1
        });
        if let Some(unit) = group.units.get_mut(at) {
            unit.rows.push(index);
        }
    }
    let mut all: Vec<search::Group> = groups.into_values().map(|(group, _)| group).collect();
    for unit in all.iter_mut().flat_map(|group| &mut group.units) {
        unit.choices = choices(unit, input, asked, scale);
    }
    all
}

fn rows_of<'a>(unit: &Unit, input: &PlanInput<'a>) -> Vec<&'a Workload> {
    unit.rows.iter().filter_map(|row| input.workloads.rows().get(*row as usize)).collect()
}

/// Whether a scope keeps to the residency of all rows of a unit, as far as is known.
fn keeps(unit: &Unit, scope: Scope, input: &PlanInput<'_>) -> bool {
    rows_of(unit, input)
        .into_iter()
        .all(|row| input.catalog.model(row.model()).keeps_to(row.residency(), scope) == ResidencyVerdict::Met)
}

/// The scopes that a unit's rows accept, its present one first.
fn accepted(unit: &Unit, input: &PlanInput<'_>) -> Vec<Scope> {
    let first = rows_of(unit, input).into_iter().next();
    first.map_or_else(Vec::new, |row| scopes_of(row, input.catalog.model(row.model())))
}

/// The scopes that a unit may be in: those that keep to its residency, or the present one where
/// none does or the unit is not asked about.
fn choices(unit: &Unit, input: &PlanInput<'_>, asked: &CompareOptions<'_>, scale: &Scale) -> Vec<Choice> {
    let rows = rows_of(unit, input);
    let mut scopes = Vec::new();
    if rows.iter().all(|row| asked.includes(row)) {
        scopes.extend(accepted(unit, input).into_iter().filter(|scope| keeps(unit, *scope, input)));
    }
    if scopes.is_empty() {
        scopes.push(unit.present);
    }
    scopes.sort_by_key(|scope| scope.as_str());
    let choice = |scope| {
        let mut choice = Choice { scope, unpriced: 0, cost: BigInt::ZERO };
        for row in &rows {
            let tariff = Tariff::new(input.catalog.model(row.model()), scope, input.assumptions.price_date());
            match spend::of_row(row, tariff, scale, input.assumptions) {
                (_, true) => choice.unpriced += 1,
                (cost, false) => choice.cost += cost,
            }
        }
        choice
    };
    scopes.into_iter().map(choice).collect()
}

/// What a unit costs in a scope, the known part of unknown costs included.
fn cost_of(unit: &Unit, scope: Scope, input: &PlanInput<'_>, scale: &Scale) -> Result<MonthlyCost, TooLarge> {
    let mut sum = BigInt::ZERO;
    let mut complete = true;
    for row in rows_of(unit, input) {
        let tariff = Tariff::new(input.catalog.model(row.model()), scope, input.assumptions.price_date());
        let (cost, unpriced) = spend::of_row(row, tariff, scale, input.assumptions);
        sum += cost;
        complete &= !unpriced;
    }
    monthly(&sum, &scale.per_usd(), complete)
}

/// The best assignment of a group, with the reasons for it.
fn solved(
    input: &PlanInput<'_>,
    group: &search::Group,
    asked: &CompareOptions<'_>,
    scale: &Scale,
) -> Result<Assignment, TooLarge> {
    let mut search = Search::new(input, group, asked.assume_defaults);
    let found = search.best()?;
    let mut decisions = Vec::new();
    for (at, unit) in group.units.iter().enumerate() {
        if !rows_of(unit, input).iter().all(|row| asked.includes(row)) {
            continue;
        }
        let chosen = found.choices.get(at).and_then(|choice| unit.choices.get(*choice));
        let to = chosen.map_or(unit.present, |choice| choice.scope);
        let (against, why) = against(&mut search, &found, (at, unit), to, input)?.unzip();
        let (before, after) = (cost_of(unit, unit.present, input, scale)?, cost_of(unit, to, input, scale)?);
        decisions.push(Decision {
            rows: unit.rows.iter().map(|row| *row as usize).collect(),
            from: unit.present,
            to,
            residency_met_now: keeps(unit, unit.present, input),
            residency_met: keeps(unit, to, input),
            saving: Saving::between(&before, &after),
            cost_before: before,
            cost_after: after,
            against,
            why,
        });
    }
    Ok(Assignment {
        account: group.account.clone(),
        model: group.model,
        proven: found.proven,
        assignments: search::assignments(group),
        before: search.needs_now()?,
        after: found.score.needs,
        decisions,
    })
}

/// The scope a unit is held against, and why it is not there.
fn against(
    search: &mut Search<'_>,
    found: &search::Found,
    (at, unit): (usize, &Unit),
    to: Scope,
    input: &PlanInput<'_>,
) -> Result<Option<(Scope, Reason)>, TooLarge> {
    let number = |scope: Scope| unit.choices.iter().position(|choice| choice.scope == scope);
    let others: Vec<Scope> = accepted(unit, input).into_iter().filter(|scope| *scope != to).collect();
    if to != unit.present {
        return Ok(Some(match number(unit.present) {
            Some(other) => (unit.present, reason::why_not(search, found, at, other)?),
            None => (unit.present, Reason::Residency),
        }));
    }
    let mut nearest: Option<(search::Score, Scope, usize)> = None;
    for scope in &others {
        let Some(other) = number(*scope) else { continue };
        let mut choices = found.choices.clone();
        if let Some(choice) = choices.get_mut(at) {
            *choice = other;
        }
        let score = search.score(&choices)?;
        if nearest.as_ref().is_none_or(|(nearest, _, _)| score < *nearest) {
            nearest = Some((score, *scope, other));
        }
    }
    Ok(match (nearest, others.first()) {
        (Some((_, scope, other)), _) => Some((scope, reason::why_not(search, found, at, other)?)),
        (None, Some(scope)) => Some((*scope, Reason::Residency)),
        (None, None) => None,
    })
}
