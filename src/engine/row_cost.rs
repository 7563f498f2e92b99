//! What single rows cost a month.

use super::cost::{MonthlyCost, Tariff, monthly, spend};
use super::input::PlanInput;
use super::largest::largest;
use super::result::Plan;
use crate::workload::{Symbol, Workload};

impl Plan {
    /// Each row that counts in a period, with its prices, pool by pool.
    fn rows_with_prices<'a>(
        &'a self,
        input: &'a PlanInput<'_>,
        period: Option<Symbol>,
    ) -> impl Iterator<Item = (usize, &'a Workload, Tariff<'a>)> {
        self.pools.iter().flat_map(move |pool| {
            let tariff =
                Tariff::new(input.catalog.model(pool.model), pool.scope, input.assumptions.price_date());
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

    /// What each row of the largest period costs a month, in file order.
    #[must_use]
    pub fn cost_by_row(&self, input: &PlanInput<'_>) -> Vec<(usize, MonthlyCost)> {
        let rows = self.rows_with_prices(input, self.cost.period);
        let costs =
            rows.filter_map(|(index, row, tariff)| Some((index, self.cost_of_row(input, row, tariff)?)));
        let mut costs: Vec<(usize, MonthlyCost)> = costs.collect();
        costs.sort_by_key(|(row, _)| *row);
        costs
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
