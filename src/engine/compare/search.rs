//! The search for the best assignment of scopes to the workloads of one account and model.
//!
//! Quotas are per account, model and scope, so groups do not depend on each other. Up to
//! [`MOST_ASSIGNMENTS`] assignments the search is exact, by branch and bound; beyond that it
//! improves several starts one workload at a time, and its result is not proven to be the best.
//! On the way the excess over limits is a guide: one move seldom makes a quota hold, many may.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::is_long;
use super::landing::{Demand, Increases, demands};
use crate::catalog::{ModelIndex, Scope};
use crate::engine::TooLarge;
use crate::engine::assumptions::PlanInput;
use crate::engine::pool::{Pool, cap_of};
use crate::units::{Limit, MILLIONTHS};

/// Assignments of a group up to which the best one is proven.
pub(super) const MOST_ASSIGNMENTS: u64 = 65_536;

/// Rounds over all workloads after which a start is improved no more.
const MOST_ROUNDS: u32 = 20;

/// A scope that a unit may be in, and its price there.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) scope: Scope,
    /// Rows whose cost there is not known.
    pub(super) unpriced: usize,
    /// Cost of the other rows, in units of the plan's scale.
    pub(super) cost: BigInt,
}

/// Rows that move together: all seasons of a workload that share a model and a scope.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) rows: Vec<u32>,
    pub(super) present: Scope,
    /// In the order of scopes' words, at least one.
    pub(super) choices: Vec<Choice>,
}

/// The units of one account and model.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) account: Option<String>,
    pub(super) model: ModelIndex,
    pub(super) units: Vec<Unit>,
}

/// What is minimised, the first difference decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    pub(super) needs: Increases,
    /// Rows whose cost is not known.
    pub(super) unpriced: usize,
    /// Cost of the others, seasons added up.
    pub(super) cost: BigInt,
    /// Units that leave their scope.
    pub(super) moved: usize,
}

impl Score {
    fn nothing() -> Self {
        Self { needs: Increases::default(), unpriced: 0, cost: BigInt::ZERO, moved: 0 }
    }

    fn add(&mut self, unit: &Unit, choice: &Choice) {
        self.unpriced += choice.unpriced;
        self.cost += &choice.cost;
        self.moved += usize::from(choice.scope != unit.present);
    }
}

/// The increases that quotas need, and their excess over the limits, in millionths of these.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    needs: Increases,
    excess: u128,
}

impl Standing {
    fn add(&mut self, demand: &Demand<'_>) {
        self.needs.add(demand.required, demand.limit);
        if let (Some(required), Some(Limit::Amount(limit))) = (demand.required, demand.limit) {
            let beyond = u128::from(required.get().saturating_sub(limit.get()));
            self.excess += beyond * u128::from(MILLIONTHS) / u128::from(limit.get().max(1));
        }
    }

    fn plus(self, other: Self) -> Self {
        Self { needs: self.needs.plus(other.needs), excess: self.excess.saturating_add(other.excess) }
    }
}

/// A result: a choice for each unit.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) choices: Vec<usize>,
    pub(super) score: Score,
    /// Whether no assignment is better.
    pub(super) proven: bool,
}

/// One group's search.
pub(super) struct Search<'a> {
    input: &'a PlanInput<'a>,
    group: &'a Group,
    assume_defaults: bool,
    /// Units with more than one choice.
    free: Vec<usize>,
    /// Counts by scope and the free units in it, kept where there are few of them.
    known: BTreeMap<(Scope, u32), Standing>,
    exact: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(input: &'a PlanInput<'a>, group: &'a Group, assume_defaults: bool) -> Self {
        let several = |(index, unit): (usize, &Unit)| (unit.choices.len() > 1).then_some(index);
        let free: Vec<usize> = group.units.iter().enumerate().filter_map(several).collect();
        let exact = assignments(group) <= MOST_ASSIGNMENTS;
        Self { input, group, assume_defaults, free, known: BTreeMap::new(), exact }
    }

    /// The quotas of a scope that holds these rows.
    pub(super) fn demands(&self, scope: Scope, rows: &[u32]) -> Result<Vec<(bool, Demand<'a>)>, TooLarge> {
        let model = self.input.catalog.model(self.group.model);
        let of_length = |long: bool| {
            let counts = |row: &&u32| {
                let row = self.input.workloads.rows().get(**row as usize);
                row.is_some_and(|row| is_long(row, model, scope) == long)
            };
            rows.iter().filter(counts).copied().collect::<Vec<u32>>()
        };
        let mut found = Vec::new();
        for long_context in [false, true] {
            let pool = Pool {
                account: self.group.account.clone(),
                model: self.group.model,
                scope,
                long_context,
                rows: of_length(long_context),
            };
            let of_pool = demands(self.input, &pool, self.assume_defaults)?;
            found.extend(of_pool.into_iter().map(|demand| (long_context, demand)));
        }
        Ok(found)
    }

    /// The rows in a scope, in file order, of the units that have a choice.
    pub(super) fn rows_in(&self, scope: Scope, choices: &[Option<usize>]) -> Vec<u32> {
        let chosen = self.group.units.iter().zip(choices).filter(|(unit, choice)| {
            choice.and_then(|choice| unit.choices.get(choice)).is_some_and(|choice| choice.scope == scope)
        });
        let mut rows: Vec<u32> = chosen.flat_map(|(unit, _)| unit.rows.iter().copied()).collect();
        rows.sort_unstable();
        rows
    }

    /// How the quotas of a scope stand.
    fn standing_of(&mut self, scope: Scope, choices: &[Option<usize>]) -> Result<Standing, TooLarge> {
        let mut members = 0_u32;
        if self.exact {
            for (bit, unit) in self.free.iter().enumerate() {
                let choice = choices.get(*unit).copied().flatten();
                let within = choice.and_then(|choice| self.group.units.get(*unit)?.choices.get(choice));
                members |= u32::from(within.is_some_and(|choice| choice.scope == scope)) << bit;
            }
            if let Some(known) = self.known.get(&(scope, members)) {
                return Ok(*known);
            }
        }
        let mut standing = Standing::default();
        for (_, demand) in self.demands(scope, &self.rows_in(scope, choices))? {
            standing.add(&demand);
        }
        if self.exact {
            self.known.insert((scope, members), standing);
        }
        Ok(standing)
    }

    fn standing(&mut self, choices: &[Option<usize>]) -> Result<Standing, TooLarge> {
        let mut standing = Standing::default();
        for scope in Scope::ALL {
            standing = standing.plus(self.standing_of(scope, choices)?);
        }
        Ok(standing)
    }

    /// What the quotas need with every unit where it is now.
    pub(super) fn needs_now(&self) -> Result<Increases, TooLarge> {
        let mut needs = Increases::default();
        for scope in Scope::ALL {
            let now = self.group.units.iter().filter(|unit| unit.present == scope);
            let mut rows: Vec<u32> = now.flat_map(|unit| unit.rows.iter().copied()).collect();
            rows.sort_unstable();
            for (_, demand) in self.demands(scope, &rows)? {
                needs.add(demand.required, demand.limit);
            }
        }
        Ok(needs)
    }

    /// The score of a whole assignment.
    pub(super) fn score(&mut self, choices: &[usize]) -> Result<Score, TooLarge> {
        Ok(self.scored(choices)?.0)
    }

    /// The same with the excess over limits.
    fn scored(&mut self, choices: &[usize]) -> Result<(Score, u128), TooLarge> {
        let mut score = Score::nothing();
        for (unit, choice) in self.group.units.iter().zip(choices) {
            if let Some(choice) = unit.choices.get(*choice) {
                score.add(unit, choice);
            }
        }
        let all: Vec<Option<usize>> = choices.iter().copied().map(Some).collect();
        let standing = self.standing(&all)?;
        score.needs = standing.needs;
        Ok((score, standing.excess))
    }

    /// The best assignment, or a good one where there are too many to prove it.
    pub(super) fn best(&mut self) -> Result<Found, TooLarge> {
        let mut best: Option<Found> = None;
        for start in self.starts() {
            let guided = self.improved(start, true)?;
            let found = self.improved(guided.choices, false)?;
            let better = |best: &Found| (&found.score, &found.choices) < (&best.score, &best.choices);
            if best.as_ref().is_none_or(better) {
                best = Some(found);
            }
        }
        let Some(mut best) = best else {
            return Ok(Found { choices: Vec::new(), score: Score::nothing(), proven: true });
        };
        if self.exact {
            self.prove(&mut best)?;
        }
        Ok(best)
    }

    /// As it is now, each unit where it is cheapest, and all in one scope, as far as they may.
    fn starts(&self) -> Vec<Vec<usize>> {
        let each = |pick: &dyn Fn(&Unit) -> Option<usize>| -> Vec<usize> {
            self.group.units.iter().map(|unit| pick(unit).unwrap_or(0)).collect()
        };
        let at = |unit: &Unit, scope: Scope| unit.choices.iter().position(|choice| choice.scope == scope);
        let cheapest = |unit: &Unit| {
            let priced = unit.choices.iter().enumerate();
            priced.min_by_key(|(_, choice)| (choice.unpriced, &choice.cost)).map(|(index, _)| index)
        };
        let mut starts = vec![each(&|unit| at(unit, unit.present)), each(&cheapest)];
        for scope in Scope::ALL {
            starts.push(each(&|unit| at(unit, scope).or_else(|| at(unit, unit.present))));
        }
        starts.sort();
        starts.dedup();
        starts
    }

    /// An assignment improved one unit at a time until nothing is left to improve; with `guided`
    /// less excess over limits is better than less money.
    fn improved(&mut self, start: Vec<usize>, guided: bool) -> Result<Found, TooLarge> {
        let rank =
            |(score, excess): &(Score, u128)| (score.needs, if guided { *excess } else { 0 }, score.clone());
        let mut scored = self.scored(&start)?;
        let mut choices = start;
        for _ in 0..MOST_ROUNDS {
            let before = choices.clone();
            for unit in self.free.clone() {
                let count = self.group.units.get(unit).map_or(0, |unit| unit.choices.len());
                for choice in 0..count {
                    let mut other = choices.clone();
                    other[unit] = choice;
                    if other == choices || !self.may_be_better(&other, &scored.0) {
                        continue;
                    }
                    let then = self.scored(&other)?;
                    if rank(&then) < rank(&scored) {
                        (scored, choices) = (then, other);
                    }
                }
            }
            if choices == before {
                break;
            }
        }
        Ok(Found { choices, score: scored.0, proven: false })
    }

    /// Whether an assignment can be better than a score by what needs no quota to be computed.
    fn may_be_better(&self, choices: &[usize], than: &Score) -> bool {
        if than.needs != Increases::default() {
            return true;
        }
        let mut score = Score::nothing();
        for (unit, choice) in self.group.units.iter().zip(choices) {
            if let Some(choice) = unit.choices.get(*choice) {
                score.add(unit, choice);
            }
        }
        score < *than
    }

    /// Replaces `best` by the best of all assignments; equals go to the first in the order of units
    /// and scopes.
    fn prove(&mut self, best: &mut Found) -> Result<(), TooLarge> {
        // A requirement grows with the rows, so what part of them needs all of them need; but one
        // reservation that is not known makes the whole requirement unknown.
        let model = self.input.catalog.model(self.group.model);
        let rows = self.group.units.iter().flat_map(|unit| &unit.rows);
        let grows = rows
            .filter_map(|row| self.input.workloads.rows().get(*row as usize))
            .all(|row| cap_of(row, model).is_some());
        // Units without a choice are where they are from the start.
        let mut start = Score::nothing();
        let mut choices: Vec<Option<usize>> = vec![None; self.group.units.len()];
        for (unit, place) in self.group.units.iter().zip(&mut choices) {
            if let [only] = unit.choices.as_slice() {
                start.add(unit, only);
                *place = Some(0);
            }
        }
        // The least that the free units from each place on add.
        let mut least = vec![Score::nothing()];
        for unit in self.free.iter().rev().filter_map(|unit| self.group.units.get(*unit)) {
            let mut sum = least.last().cloned().unwrap_or_else(Score::nothing);
            sum.unpriced += unit.choices.iter().map(|choice| choice.unpriced).min().unwrap_or(0);
            sum.cost += unit.choices.iter().map(|choice| &choice.cost).min().unwrap_or(&BigInt::ZERO);
            sum.moved += usize::from(unit.choices.iter().all(|choice| choice.scope != unit.present));
            least.push(sum);
        }
        least.reverse();
        self.descend(0, &mut choices, &start, (&least, grows), best)?;
        best.proven = true;
        Ok(())
    }

    /// Tries all choices of the free units from `depth` on that can be better than `best`.
    fn descend(
        &mut self,
        depth: usize,
        choices: &mut Vec<Option<usize>>,
        so_far: &Score,
        (least, grows): (&[Score], bool),
        best: &mut Found,
    ) -> Result<(), TooLarge> {
        let mut bound = so_far.clone();
        if let Some(rest) = least.get(depth) {
            bound.unpriced += rest.unpriced;
            bound.cost += &rest.cost;
            bound.moved += rest.moved;
        }
        let next = self.free.get(depth).copied();
        if next.is_none() || grows {
            bound.needs = self.standing(choices)?.needs;
        }
        let chosen = self.free.iter().take(depth).map(|unit| choices.get(*unit).copied().flatten());
        let of_best = self.free.iter().take(depth).map(|unit| best.choices.get(*unit).copied());
        if bound.cmp(&best.score).then_with(|| chosen.cmp(of_best)).is_gt() {
            return Ok(());
        }
        let Some((index, unit)) = next.and_then(|index| Some((index, self.group.units.get(index)?))) else {
            *best =
                Found { choices: choices.iter().copied().flatten().collect(), score: bound, proven: true };
            return Ok(());
        };
        for (number, choice) in unit.choices.iter().enumerate() {
            if let Some(place) = choices.get_mut(index) {
                *place = Some(number);
            }
            let mut then = so_far.clone();
            then.add(unit, choice);
            self.descend(depth + 1, choices, &then, (least, grows), best)?;
        }
        if let Some(place) = choices.get_mut(index) {
            *place = None;
        }
        Ok(())
    }
}

/// How many assignments a group has, `u64::MAX` where there are more.
pub(super) fn assignments(group: &Group) -> u64 {
    let counts = group.units.iter().map(|unit| u64::try_from(unit.choices.len()).unwrap_or(u64::MAX));
    counts.fold(1, u64::saturating_mul)
}
