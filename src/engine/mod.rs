//! The arithmetic: from workloads, the model table and the configuration to the quota to ask for.
//!
//! Pure: no files, no clock, no environment, no printing. Sums are exact; each figure is rounded
//! up once, when it is reported, and floats appear only in the statistics of the burst.

mod actions;
mod alternatives;
mod ask;
mod assumptions;
mod burst;
mod caps;
mod charge;
mod check;
mod compare;
mod contribution;
mod cost;
mod daily;
mod detail;
mod estimate;
mod evaluation;
mod figures;
mod finding;
mod findings;
mod growth;
mod largest;
mod levers;
mod migrate;
mod plan;
mod pool;
mod quota_action;
mod quota_id;
mod remedy;
mod residency;
mod result;
mod rounding;
mod row_cost;
mod runway;
mod sensitivity;
mod settled_share;
mod slots;
mod solve;
mod successors;
mod sums;
mod tight_cap;
mod traffic;
mod whatif;
mod working;

pub use crate::baseline::MonthlySum;
pub use crate::config::GrantedQuota;
pub use actions::{ActionSubject, ActionValue, PlannedAction, Urgency};
pub use alternatives::Alternative;
pub use ask::{
    Ask, AskStage, AskTerms, QuotaAsk, Refusal, Reservations, Staging, asks, residency_refusal,
    rests_on_reservations,
};
pub use assumptions::{Assumptions, Budget, BudgetOf, PlanInput, TIGHT_MARGIN_HUNDREDTHS, TIGHT_MEANS};
pub use burst::{Spread, log_normal_spread, normal_quantile};
pub use charge::{Request, RequestCost};
pub(crate) use charge::{reservation, settled};
pub use check::{
    BudgetJudgement, BudgetOutcome, Changes, Check, CheckFinding, FindingChange, MoneyChange, MoneyOf,
    QuotaChange, QuotaJudgement, QuotaOutcome, Strictness, check, remark,
};
pub use compare::{
    Assignment, CompareOptions, CompliantModel, Decision, Exceeded, Headroom, InScope, Increases, Optimum,
    Reason, RowScopes, Saving, ScopeQuota, compare, optimise,
};
pub use contribution::{Contribution, RowInFlight};
pub use cost::{Cost, CostShare, ModelCost, MonthlyCost, RoundedCost, TokenKind};
pub use daily::{AccountDaily, DailyShare};
pub use detail::{QuotaDetail, RowTotals};
pub use figures::{AssumedPeak, Figures};
pub use finding::{AgedFact, AssumptionChange, DailyExceeded, Finding, FindingFact, FindingPlace};
pub use levers::{Lever, LeverKind};
pub use migrate::{
    AskBy, Calendar, Migrated, Migration, ModelLife, Moved, PriceChange, PriceKind, PriceTier, QuotaPath,
    Rollback, Schedule, ScopeChange, Side, Stage, StageInterval, StatedMigration, migrate,
};
pub use plan::plan;
pub use quota_action::{CapacitySource, QuotaAction, Verdict};
pub use quota_id::{QuotaId, long_context_words};
pub use remedy::{CapAdvice, FittingCap, MoveTo, Remedy, SuccessorAdvice, WithinPolicy};
pub use residency::{ResidencyFault, UnsettledResidency, residency_fault, strictest_residency};
pub use result::{Plan, QuotaPlan};
pub use rounding::TooLarge;
pub use runway::{Runway, RunwayDue, runway};
pub use sensitivity::{Measured, Sensitivity, ranked_effects, sensitivity};
pub use settled_share::SettledShare;
pub use slots::Slot;
pub use solve::{Answer, Question, QuotasToHold, STEPS, Solution, solve};
pub use successors::{Successor, Successors, successors};
pub use tight_cap::{CutShare, TightBasis};
pub use traffic::QuotaTraffic;
pub use whatif::{Applied, Scenario, ScenarioPlan, apply, plan_scenario};
pub use working::Working;
