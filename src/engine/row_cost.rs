//! What single rows cost a month.

use super::assumptions::PlanInput;
use super::cost::{MonthlyCost, Tariff, monthly, spend};
use super::largest::largest;
use super::pool::Pool;
use super::result::Plan;
use crate::workload::{Symbol, Workload};

/// The prices of a pool's rows.
fn tariff<'a>(input: &'a PlanInput<'_>, pool: &Pool) -> Tariff<'a> {
    Tariff::new(input.catalog.model(pool.model), pool.scope, input.assumptions.price_date())
}

impl Plan {
    /// Each row that counts in a period, with its prices, pool by pool.
    fn rows_with_prices<'a>(
        &'a self,
        input: &'a PlanInput<'_>,
        period: Option<Symbol>,
    ) -> impl Iterator<Item = (usize, &'a Workload, Tariff<'a>)> {
        self.pools.iter().flat_map(move |pool| {
            let tariff = tariff(input, pool);
            pool.rows.iter().filter_map(move |&index| {
                let row = input.workloads.rows().get(index as usize)?;
                let counts = row.period().is_none() || row.period() == period;
                counts.then_some((index as usize, row, tariff))
            })
        })
    }

    fn cost_of_row(&self, input: &PlanInput<'_>, row: &Workload, tariff: Tariff<'_>) -> Option<MonthlyCost> {
        let scale = &self.cost.scale;
        let (units, unpriced) = spend::of_row(row, tariff, scale, input.assumptions);
        monthly(&units, &scale.per_usd(), !unpriced).ok()
    }

    /// What each row of the largest period costs a month, in file order. Each is made when it is taken: those of
    /// all rows of a large file take as much memory as its plan.
    pub fn cost_by_row<'a>(
        &'a self,
        input: &'a PlanInput<'a>,
    ) -> impl Iterator<Item = (usize, MonthlyCost)> + use<'a> {
        let mut of_pools: Vec<(u32, u32)> = Vec::new();
        for (at, pool) in (0..).zip(&self.pools) {
            let counts = |row: &Workload| row.period().is_none() || row.period() == self.cost.period;
            let rows = pool
                .rows
                .iter()
                .filter(|&&index| input.workloads.rows().get(index as usize).is_some_and(counts));
            of_pools.extend(rows.map(|&index| (index, at)));
        }
        of_pools.sort_unstable();
        let tariffs: Vec<Tariff<'_>> = self.pools.iter().map(|pool| tariff(input, pool)).collect();
        of_pools.into_iter().filter_map(move |(index, pool)| {
            let row = input.workloads.rows().get(index as usize)?;
            let tariff = *tariffs.get(pool as usize)?;
            Some((index as usize, self.cost_of_row(input, row, tariff)?))
        })
    }

    /// Of the rows of a period that count, one that costs most by known prices.
    #[must_use]
    pub fn costliest_row(
        &self,
        input: &PlanInput<'_>,
        period: Option<Symbol>,
        counts: impl Fn(&Workload) -> bool,
    ) -> Option<(usize, MonthlyCost)> {
        let (index, row, tariff) = largest(
            self.rows_with_prices(input, period).filter(|(_, row, _)| counts(row)),
            |(_, row, tariff)| spend::estimate(row, *tariff, input.assumptions),
            |(_, row, tariff)| spend::of_row(row, *tariff, &self.cost.scale, input.assumptions).0,
        )?;
        Some((index, self.cost_of_row(input, row, tariff)?))
    }
}
