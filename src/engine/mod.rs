//! The arithmetic: from workloads, the model table and the configuration to the quota to ask for.
//!
//! Pure: no files, no clock, no environment, no printing. Sums are exact; each figure is rounded
//! up once, when it is reported, and floats appear only in the statistics of the burst.

mod action;
mod alternatives;
mod ask;
mod assumptions;
mod budget;
mod burst;
mod caps;
mod check;
mod compare;
mod contribution;
mod cost;
mod daily;
mod estimate;
mod evaluation;
mod figures;
mod findings;
mod growth;
mod input;
mod largest;
mod levers;
mod migrate;
mod plan;
mod pool;
mod quota_id;
mod request;
mod residency;
mod result;
mod rounding;
mod row_cost;
mod sensitivity;
mod settled;
mod slots;
mod solve;
mod successors;
mod sums;
mod whatif;
mod working;

pub use crate::baseline::MonthlySum;
pub use crate::config::GrantedQuota;
pub use action::{Action, Verdict};
pub use alternatives::Alternative;
pub use ask::{
    Ask, AskStage, AskTerms, DESIRED_VALUE_MAXIMUM, QuotaAsk, Refusal, Reservations, Staging, asks,
    residency_refusal, rests_on_reservations,
};
pub use assumptions::{Assumptions, TIGHT_MARGIN_HUNDREDTHS, TIGHT_MEANS};
pub use budget::{Budget, BudgetOf};
pub use burst::{Spread, log_normal_spread, normal_quantile};
pub use caps::{CutShare, TightBasis};
pub use check::{
    BudgetJudgement, BudgetOutcome, Changes, Check, CheckFinding, FindingChange, MoneyChange, MoneyOf,
    QuotaChange, QuotaJudgement, QuotaOutcome, Strictness, check, remark,
};
pub use compare::{
    Asked, Assignment, CompliantModel, Decision, Exceeded, Headroom, InScope, Increases, Optimum, Reason,
    RowScopes, Saving, ScopeQuota, compare, optimise,
};
pub use contribution::Contribution;
pub use cost::{Cost, CostShare, ModelCost, MonthlyCost, RoundedCost, TokenKind};
pub use daily::{AccountDaily, DailyShare};
pub use figures::Figures;
pub use input::PlanInput;
pub use levers::{Lever, LeverKind};
pub use migrate::{
    AskBy, Calendar, Every, Migrated, Migration, ModelLife, Moved, PriceChange, PriceKind, PriceTier,
    QuotaPath, Rollback, Schedule, ScopeChange, Side, Stage, StatedMigration, migrate,
};
pub use plan::plan;
pub use quota_id::{QuotaId, long_context_words};
pub use request::{Request, RequestCost};
pub use residency::{ResidencyFault, residency_fault, strictest_residency};
pub use result::{AssumedPeak, CapacitySource, Finding, FindingPlace, Plan, QuotaPlan};
pub use sensitivity::{Measured, Sensitivity, sensitivity};
pub use settled::SettledShare;
pub use slots::Slot;
pub use solve::{Answer, Held, Question, Runway, STEPS, Solution, runway, solve};
pub use successors::{Successor, Successors, successors};
pub use whatif::{Applied, Imagined, Scenario, apply, imagine};
pub use working::Working;

/// A figure above 10^18, and the row it comes from: the one that passes it alone, else the one that
/// adds most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a figure exceeds 10^18")]
pub struct TooLarge {
    /// Index of the row in the workload set.
    pub row: Option<usize>,
}

impl TooLarge {
    /// Names the row of a pool that adds most, where no row passes the bound alone.
    fn at_largest_row(self, input: &PlanInput<'_>, pool: &pool::Pool) -> Self {
        let weight = |index: &u32| {
            let row = input.workloads.rows().get(*index as usize);
            row.map_or(0, |row| {
                let rate = row.peak_rate().unwrap_or(row.mean_rate());
                let tokens = row.all_input_millionths().saturating_add(row.output().millionths());
                u128::from(rate.millionths()) * u128::from(tokens) / u128::from(rate.divisor())
            })
        };
        let largest = || pool.rows.iter().max_by_key(|index| weight(index)).map(|index| *index as usize);
        Self { row: self.row.or_else(largest) }
    }

    /// Names the row of all pools that adds most, for sums over several.
    fn at_largest_of_all(self, input: &PlanInput<'_>, pools: &[pool::Pool]) -> Self {
        let rows: Vec<u32> = pools.iter().flat_map(|pool| pool.rows.iter().copied()).collect();
        match pools.first() {
            Some(pool) => self.at_largest_row(input, &pool::Pool { rows, ..pool.clone() }),
            None => self,
        }
    }
}
