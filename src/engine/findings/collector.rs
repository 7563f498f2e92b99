//! What findings are made from: facts about the rows, and the list that they are added to.

use std::collections::HashMap;

use crate::catalog::{LimitField, Model, ModelIndex, Residency};
use crate::engine::assumptions::PlanInput;
use crate::engine::finding::{Finding, FindingFact, FindingPlace};
use crate::engine::result::{Plan, QuotaPlan};
use crate::units::Tokens;
use crate::workload::{Column, Workload};

/// How many rows have a property, and the first of them.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct RowTally {
    pub(in crate::engine) count: usize,
    pub(super) first: Option<u32>,
}

impl RowTally {
    fn add(&mut self, index: u32) {
        self.count += 1;
        self.first.get_or_insert(index);
    }

    /// These rows, seen at the first one's cell of a column.
    pub(super) fn at(self, column: Column) -> At {
        let place = self.first.map(|row| FindingPlace::Cell { row: row as usize, column });
        At { place, rows: self.count, detail: None }
    }
}

/// What a finding points at, and how many rows and what of the plan it is about.
#[derive(Debug, Clone, Default)]
pub(super) struct At {
    pub(super) place: Option<FindingPlace>,
    pub(super) rows: usize,
    pub(super) detail: Option<String>,
}

/// What the findings ask of a pool's rows.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct RowFacts {
    /// All rows.
    pub(in crate::engine) all: RowTally,
    /// Rows without max_tokens, of a model that generates.
    pub(in crate::engine) unset: RowTally,
    /// Rows without active hours.
    pub(in crate::engine) no_hours: RowTally,
    /// Rows whose busiest minute is not stated.
    pub(in crate::engine) assumed_peak: RowTally,
    /// The column of the first one's rate.
    pub(in crate::engine) assumed_peak_column: Option<Column>,
    /// Rows that request nothing, neither at the mean nor at the peak.
    pub(in crate::engine) no_demand: RowTally,
    /// The column of the first one's rate.
    pub(in crate::engine) no_demand_column: Option<Column>,
    /// Rows without a latency.
    pub(in crate::engine) no_latency: RowTally,
    /// Rows that read from the cache.
    pub(in crate::engine) with_cache_reads: RowTally,
    /// Rows with output.
    pub(in crate::engine) with_output: RowTally,
    /// Rows that must stay in Canada, and rows that must stay in Canada or the US.
    pub(in crate::engine) canada: RowTally,
    pub(in crate::engine) us: RowTally,
    /// Rows whose mean and p95 input lie in different price tiers, or above the first.
    pub(in crate::engine) tier: RowTally,
    /// Rows whose p95 is too far above the mean, and the column of the first.
    pub(in crate::engine) capped_spread: RowTally,
    pub(in crate::engine) capped_column: Option<Column>,
    /// Rows whose max_tokens, and rows whose mean input, is above what one of the sources allows.
    pub(in crate::engine) disputed_output: RowTally,
    pub(in crate::engine) disputed_input: RowTally,
    /// Whether the mean of the first row in `tier` is above the boundary, not its p95 alone.
    pub(in crate::engine) tier_by_mean: bool,
}

impl RowFacts {
    /// Takes a row in; `tier` is the input at which the first price tier ends.
    pub(in crate::engine) fn add(&mut self, index: u32, row: &Workload, model: &Model, tier: Option<Tokens>) {
        self.all.add(index);
        if row.max_tokens().is_none() && model.kind.generates() {
            self.unset.add(index);
        }
        if row.hours().is_none() {
            self.no_hours.add(index);
        }
        let requests = !row.mean_rate().is_zero();
        match row.peak_rate() {
            None if requests => {
                self.assumed_peak.add(index);
                self.assumed_peak_column.get_or_insert(row.rate_column());
            }
            Some(peak) if requests || !peak.is_zero() => {}
            None | Some(_) => {
                self.no_demand.add(index);
                self.no_demand_column.get_or_insert(row.rate_column());
            }
        }
        if row.latency().is_none() && model.kind.generates() {
            self.no_latency.add(index);
        }
        if row.cache_read().millionths() > 0 {
            self.with_cache_reads.add(index);
        }
        if row.output().millionths() > 0 {
            self.with_output.add(index);
        }
        match row.residency() {
            Some(Residency::Canada) => self.canada.add(index),
            Some(Residency::Us) => self.us.add(index),
            Some(Residency::Any) | None => {}
        }
        let above = |field, amount: u64| {
            model.smallest_disputed(field).is_some_and(|limit| amount > limit.value.millionths())
        };
        if row.max_tokens().is_some_and(|max| above(LimitField::MaxOutputTokens, max.millionths())) {
            self.disputed_output.add(index);
        }
        if above(LimitField::ContextWindow, row.all_input_millionths()) {
            self.disputed_input.add(index);
        }
        if let Some(tier) = tier
            && reaches(row, tier.millionths())
        {
            if self.tier.count == 0 {
                self.tier_by_mean = row.all_input_millionths() > tier.millionths();
            }
            self.tier.add(index);
        }
    }

    /// Takes in the rows whose p95 is too far above the mean.
    pub(in crate::engine) fn add_capped_spreads(&mut self, rows: &[(u32, Column)]) {
        rows.iter().for_each(|(row, _)| self.capped_spread.add(*row));
        self.capped_column = rows.first().map(|(_, column)| *column);
    }
}

/// Whether a row's input is above a boundary at its mean or at its p95.
fn reaches(row: &Workload, boundary: u64) -> bool {
    let cached = row.cache_read().millionths() + row.cache_write().millionths();
    let p95 = row.input_p95().map_or(0, |p95| p95.millionths());
    row.all_input_millionths() > boundary || p95.saturating_add(cached) > boundary
}

/// Collects findings with the policy's severities.
pub(super) struct Collector<'a, 'i> {
    pub(super) plan: &'a Plan,
    pub(super) input: &'a PlanInput<'i>,
    /// Indices of the plan's quotas, by pool.
    of_pool: Vec<Vec<usize>>,
    /// The first quota of each model.
    first_of_model: HashMap<ModelIndex, usize>,
    found: Vec<Finding>,
}

impl<'a, 'i> Collector<'a, 'i> {
    pub(super) fn new(plan: &'a Plan, input: &'a PlanInput<'i>) -> Self {
        let mut of_pool = vec![Vec::new(); plan.pools.len()];
        let mut first_of_model = HashMap::new();
        for (index, quota) in plan.quotas.iter().enumerate() {
            of_pool[quota.pool].push(index);
            first_of_model.entry(quota.id.model).or_insert(index);
        }
        Self { plan, input, of_pool, first_of_model, found: Vec::new() }
    }

    /// The quotas of a pool, with their indices in the plan.
    pub(super) fn quotas_of(&self, pool: usize) -> impl Iterator<Item = (usize, &'a QuotaPlan)> {
        let plan = self.plan;
        self.of_pool.get(pool).into_iter().flatten().map(|&index| (index, &plan.quotas[index]))
    }

    /// Whether a quota is the first of its pool.
    pub(super) fn is_first_of_pool(&self, index: usize, quota: &QuotaPlan) -> bool {
        self.quotas_of(quota.pool).next().is_some_and(|(first, _)| first == index)
    }

    /// Whether a quota is the first of its model.
    pub(super) fn is_first_of_model(&self, index: usize, quota: &QuotaPlan) -> bool {
        self.first_of_model.get(&quota.id.model) == Some(&index)
    }

    /// Adds a finding, unless its code is switched off.
    pub(super) fn add(&mut self, fact: FindingFact, quota: Option<usize>, at: At) {
        let code = fact.code();
        let Some(severity) = self.input.assumptions.config.policy.severity_of(code) else {
            return;
        };
        let At { place, rows, detail } = at;
        self.found.push(Finding { fact, code, severity, quota, place, rows, detail });
    }

    /// All that was found, in its order.
    pub(super) fn into_found(self) -> Vec<Finding> {
        self.found
    }
}
