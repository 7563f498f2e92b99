//! What stands behind the figures of a quota: its levers, and the parts of its rows.
//!
//! Reports show it for every quota of a large plan, so each detail is made when its quota's turn comes, and the part
//! of a row when that row's does.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::Zero;

use super::assumptions::PlanInput;
use super::contribution::Contribution;
use super::levers::Lever;
use super::result::{Plan, QuotaPlan};
use crate::workload::Workload;

/// A quota, and what its figures come from.
#[derive(Debug, Clone)]
pub struct QuotaDetail<'p> {
    /// The quota.
    pub quota: &'p QuotaPlan,
    /// What would lower it, see [`Plan::levers`].
    pub levers: Vec<Lever>,
    plan: &'p Plan,
    input: &'p PlanInput<'p>,
}

impl<'p> QuotaDetail<'p> {
    /// What each row adds, in file order, see [`Plan::contributions`].
    pub fn contributions(&self) -> impl Iterator<Item = (&'p Workload, Contribution)> + use<'p> {
        let rows = self.input.workloads.rows();
        let parts = self.plan.contributions(self.input, self.quota);
        parts.filter_map(|part| Some((rows.get(part.row)?, part)))
    }

    /// Gives each row with what it adds, and then what they come to together.
    pub fn add_up(&self, mut each: impl FnMut(&'p Workload, &Contribution)) -> RowTotals<'p> {
        let mut totals = RowTotals::default();
        for (row, part) in self.contributions() {
            let team = row.team().map(|team| self.input.workloads.text(team));
            *totals.share_by_workload.entry(row.name()).or_default() += part.share_ten_thousandths;
            *totals.share_by_team.entry(team).or_default() += part.share_ten_thousandths;
            if part.active {
                let is_daily = self.quota.id.kind.is_daily();
                totals.demand += if is_daily { &part.steady_exact } else { &part.peak_exact };
            }
            each(row, &part);
        }
        totals
    }
}

/// What the rows of a quota come to.
#[derive(Debug, Clone)]
pub struct RowTotals<'p> {
    /// The parts of the rows that are active in the binding period and hour, exact: of the peak, for a daily quota
    /// of the mean day.
    pub demand: BigRational,
    /// Shares of the peak by workload, in ten-thousandths.
    pub share_by_workload: BTreeMap<&'p str, u32>,
    /// The same by team.
    pub share_by_team: BTreeMap<Option<&'p str>, u32>,
}

impl Default for RowTotals<'_> {
    fn default() -> Self {
        Self {
            demand: BigRational::zero(),
            share_by_workload: BTreeMap::new(),
            share_by_team: BTreeMap::new(),
        }
    }
}

impl Plan {
    /// What stands behind a quota of the plan.
    #[must_use]
    pub fn detail<'p>(&'p self, input: &'p PlanInput<'p>, quota: &'p QuotaPlan) -> QuotaDetail<'p> {
        QuotaDetail { quota, levers: self.levers(input, quota), plan: self, input }
    }

    /// What stands behind each quota, in the order of the plan.
    pub fn details<'p>(
        &'p self,
        input: &'p PlanInput<'p>,
    ) -> impl Iterator<Item = QuotaDetail<'p>> + use<'p> {
        self.quotas.iter().map(|quota| self.detail(input, quota))
    }
}
