//! What is found, with its figures: a variant for each sentence.

use super::parts::{AgedFact, AssumptionChange, DailyExceeded};
use crate::catalog::{LimitField, ModelIndex, Promotion, RateStatus, Residency, Scope};
use crate::engine::alternatives::Alternative;
use crate::engine::assumptions::BudgetOf;
use crate::engine::cost::TokenKind;
use crate::engine::remedy::{CapAdvice, Remedy, SuccessorAdvice, WithinPolicy};
use crate::engine::residency::{ResidencyFault, UnsettledResidency};
use crate::engine::slots::Slot;
use crate::text::{Code, FactDate};
use crate::units::{Limit, QuotaAmount, Ratio, Tokens, Usd, UsdCents, UsdPerMillion};
use crate::workload::{CacheTtl, Symbol};

/// What was found. What is said of a quota's model, scope, name, source and dates stands in the plan and in the
/// model table: here are the figures that were compared, and what was decided.
#[derive(Debug, Clone)]
pub enum FindingFact {
    /// An account's daily quota over all models would be passed.
    AccountDaily(DailyExceeded),
    /// An account's daily quota over all models is stated as 0.
    AccountNotProvisioned {
        /// The account, where one is named.
        account: Option<String>,
    },
    /// Quotas without an applied value.
    AppliedNotGiven {
        /// Their codes, those that are known.
        codes: Vec<String>,
        /// How many quotas the plan has.
        of: usize,
    },
    /// Rows without active hours.
    HoursNotStated {
        /// How many.
        rows: usize,
        /// Of how many.
        of: usize,
    },
    /// Rows that need a price the table does not know.
    UnknownPrice {
        /// Their model.
        model: ModelIndex,
        /// Their scope.
        scope: Scope,
        /// How many.
        rows: usize,
        /// The kinds of what has no price.
        kinds: Vec<TokenKind>,
        /// The lives of cache writes that they state and the model does not have.
        without_life: Vec<CacheTtl>,
    },
    /// More is required than is granted.
    ExceedsGranted {
        /// What is required.
        required: QuotaAmount,
        /// What is granted.
        granted: Limit,
        /// When the demand is largest; no hour where every hour is like the first.
        slot: Slot,
        /// What to do.
        remedy: Remedy,
    },
    /// The model is not callable from the source Region.
    NotOffered,
    /// The model table has no quota code.
    QuotaCodeUnknown,
    /// Neither the default nor the applied value is known.
    QuotaLimitUnknown,
    /// More is required than a quota that Service Quotas cannot raise.
    NotAdjustable {
        /// What to settle first.
        first: Option<UnsettledResidency>,
    },
    /// The applied value is below AWS's default, which would hold what is required.
    Restore {
        /// What is applied.
        granted: Limit,
        /// AWS's default.
        default: Limit,
        /// The cap on max_tokens that goes with it.
        max_tokens: Option<Tokens>,
        /// What to settle first.
        first: Option<UnsettledResidency>,
    },
    /// The applied value is 0.
    NotProvisioned {
        /// What to do; `None` where that is to ask AWS before traffic begins.
        remedy: Option<Remedy>,
    },
    /// AWS names the daily quota "doubled for cross-region calls".
    DailyWording,
    /// Rows whose residency the scope breaks, or may break.
    Residency {
        /// The residency.
        residency: Residency,
        /// How many rows.
        rows: usize,
        /// Of how many.
        of: usize,
        /// Whether the policy asks for it.
        by_policy: bool,
        /// What is wrong with the scope.
        fault: ResidencyFault,
    },
    /// Rows that count against the quotas of long inputs.
    LongContext {
        /// How many.
        rows: usize,
    },
    /// Rows whose inputs reach another price tier.
    PriceTier {
        /// How many.
        rows: usize,
        /// Where the first tier ends.
        boundary: Tokens,
    },
    /// Rows without any request.
    NoDemand {
        /// How many.
        rows: usize,
        /// Of how many.
        of: usize,
    },
    /// Rows whose busiest minute nobody states.
    AssumedPeak {
        /// How many.
        rows: usize,
        /// Of how many.
        of: usize,
        /// The quotas whose figures rest on it, by their indices in the plan.
        quotas: Vec<usize>,
    },
    /// A price that was promised for a time which is over.
    PromotionalPrice {
        /// The price that was promised, of the first tier.
        input: Option<UsdPerMillion>,
        /// The same of output.
        output: Option<UsdPerMillion>,
        /// The promise.
        promotion: Promotion,
        /// The day whose prices count.
        on: FactDate,
    },
    /// Rows between the two values that sources give for a limit.
    DisputedLimit {
        /// The limit.
        field: LimitField,
        /// How many rows.
        rows: usize,
    },
    /// Many times the default is required: a wrong unit is more likely.
    FarAboveDefault {
        /// What is required.
        required: QuotaAmount,
        /// AWS's default.
        default: QuotaAmount,
        /// The multiple above which units are doubted.
        times: u128,
    },
    /// AWS grants no increases for the model.
    Legacy {
        /// What to move to.
        successors: SuccessorAdvice,
    },
    /// The model becomes Legacy soon.
    NearLegacy {
        /// On this day.
        since: FactDate,
    },
    /// The model retires soon.
    NearRetirement {
        /// On this day.
        retirement: FactDate,
    },
    /// AWS says that the model ends no sooner than a day that is near or has passed.
    RetirementOpen {
        /// That day.
        earliest: FactDate,
    },
    /// What AWS asks for before the first call.
    AccessCondition {
        /// Its index among the model's conditions.
        condition: usize,
    },
    /// Rows that set no max_tokens.
    MaxTokensUnset {
        /// How many.
        rows: usize,
        /// Of how many.
        of: usize,
        /// What is required; `None` where it is not known.
        required: Option<QuotaAmount>,
        /// What is required at the tight cap.
        lean: QuotaAmount,
        /// Whether that is less by more than a fifth.
        is_saving: bool,
        /// The cap.
        cap: CapAdvice,
    },
    /// A lower max_tokens would save more than a fifth of the quota.
    MaxTokensWide {
        /// What is required.
        required: QuotaAmount,
        /// What is required at the tight cap.
        lean: QuotaAmount,
        /// The cap.
        cap: CapAdvice,
    },
    /// How sure the burndown rate is.
    BurndownRate {
        /// Its status.
        status: RateStatus,
        /// What other rates would require, each rate once.
        others: Vec<Alternative>,
    },
    /// The latency of rows is assumed, and matters.
    AssumedLatency {
        /// How many rows.
        rows: usize,
        /// Of how many.
        of: usize,
        /// The demand of the busiest minute.
        peak: QuotaAmount,
        /// The same with reservations in flight.
        in_flight: QuotaAmount,
    },
    /// AWS's texts differ on whether reservations count cache reads, and it matters.
    CacheReadsReserved {
        /// What is required if they do not.
        left_out: QuotaAmount,
        /// What is required if they do.
        counted: QuotaAmount,
        /// Whether they are planned as counted.
        are_counted: bool,
    },
    /// Rows with a p95 that no log-normal has.
    SpreadCapped {
        /// How many.
        rows: usize,
    },
    /// Quotas that are judged by AWS's default, assumed to apply.
    AssumedDefault {
        /// Their codes; `None` where one is not known.
        codes: Vec<Option<String>>,
        /// Of how many quotas.
        of: usize,
    },
    /// What is required is not known, so the quota is not judged.
    RequiredUnknown,
    /// What is applied is not known, so the quota is not judged.
    LimitNotGiven {
        /// Whether it is stated as unknown.
        is_stated: bool,
        /// AWS's default.
        default: Limit,
        /// The account whose table takes the value; `None` for that of the configuration.
        account: Option<String>,
        /// Whether defaults count already.
        by_defaults: bool,
    },
    /// More is required than AWS's default, assumed to apply.
    ExceedsDefault {
        /// What is required.
        required: QuotaAmount,
        /// AWS's default.
        default: Limit,
        /// What to settle first.
        first: Option<UnsettledResidency>,
        /// Whether AWS grants no increases for the model.
        no_increases: bool,
    },
    /// A quota is used by more than the policy allows.
    OverUtilisation {
        /// What is required.
        required: QuotaAmount,
        /// What it is held against.
        amount: QuotaAmount,
        /// Whether that is AWS's default, assumed to apply.
        assumed_default: bool,
        /// The share that the policy allows.
        allowed: Ratio,
        /// What would keep within it.
        within: WithinPolicy,
    },
    /// Money above a budget.
    OverBudget {
        /// Whose.
        of: BudgetOf,
        /// The budget.
        limit: Usd,
        /// What is priced.
        priced: UsdCents,
        /// Whether that is all.
        is_complete: bool,
        /// The period.
        period: Option<Symbol>,
        /// The row with the largest part, and its part.
        largest: Option<(usize, UsdCents)>,
    },
    /// Money of which not enough is known.
    BudgetUndetermined {
        /// Whose.
        of: BudgetOf,
        /// The budget.
        limit: Usd,
        /// What is priced.
        priced: UsdCents,
        /// The period.
        period: Option<Symbol>,
    },
    /// A budget to which no row counts.
    UnusedBudget {
        /// Whose.
        of: BudgetOf,
        /// The name that may be meant.
        meant: Option<String>,
    },
    /// An applied value that was looked up long ago.
    StaleGranted {
        /// When.
        as_of: FactDate,
        /// Whole days since.
        days: i32,
    },
    /// Facts of the model table that are old.
    StaleTable {
        /// The model.
        model: ModelIndex,
        /// The most days that the policy allows.
        most_days: i32,
        /// The facts, the oldest first.
        facts: Vec<(AgedFact, FactDate)>,
    },
    /// The baseline was planned with other assumptions.
    BaselineDiffers {
        /// Each that differs.
        changes: Vec<AssumptionChange>,
    },
    /// What was said of an input, in the words of the place that said it.
    Remark {
        /// Its code.
        code: Code,
        /// What it is.
        message: String,
        /// What to do.
        help: String,
    },
}

impl FindingFact {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::AccountDaily(_) => Code::AccountDaily,
            Self::AccountNotProvisioned { .. } | Self::NotProvisioned { .. } => Code::NotProvisioned,
            Self::AppliedNotGiven { .. } => Code::AppliedNotGiven,
            Self::HoursNotStated { .. } => Code::HoursNotStated,
            Self::UnknownPrice { .. } => Code::UnknownPrice,
            Self::ExceedsGranted { .. } => Code::ExceedsGranted,
            Self::NotOffered => Code::NotOffered,
            Self::QuotaCodeUnknown | Self::QuotaLimitUnknown => Code::QuotaUnknown,
            Self::NotAdjustable { .. } => Code::NotAdjustable,
            Self::Restore { .. } => Code::Restore,
            Self::DailyWording => Code::DailyWording,
            Self::Residency { fault, .. } => fault.code(),
            Self::LongContext { .. } | Self::PriceTier { .. } => Code::ContextTier,
            Self::NoDemand { .. } => Code::NoDemand,
            Self::AssumedPeak { .. } => Code::AssumedPeak,
            Self::PromotionalPrice { .. } => Code::PromotionalPrice,
            Self::DisputedLimit { .. } => Code::DisputedLimit,
            Self::FarAboveDefault { .. } => Code::FarAboveDefault,
            Self::Legacy { .. } => Code::Legacy,
            Self::NearLegacy { .. } | Self::NearRetirement { .. } => Code::NearRetirement,
            Self::RetirementOpen { .. } => Code::RetirementOpen,
            Self::AccessCondition { .. } => Code::AccessCondition,
            Self::MaxTokensUnset { .. } => Code::MaxTokensUnset,
            Self::MaxTokensWide { .. } => Code::MaxTokensWide,
            Self::BurndownRate { status, .. } => match status {
                RateStatus::Unknown => Code::UnknownRate,
                RateStatus::Disputed => Code::DisputedRate,
                RateStatus::DefaultClause => Code::DefaultedRate,
                RateStatus::Known | RateStatus::Superseded => Code::SupersededRate,
            },
            Self::AssumedLatency { .. } => Code::AssumedLatency,
            Self::CacheReadsReserved { .. } => Code::CacheReadsReserved,
            Self::SpreadCapped { .. } => Code::SpreadCapped,
            Self::AssumedDefault { .. } => Code::AssumedDefault,
            Self::RequiredUnknown | Self::LimitNotGiven { .. } => Code::QuotaUndetermined,
            Self::ExceedsDefault { .. } => Code::ExceedsDefault,
            Self::OverUtilisation { .. } => Code::OverUtilisation,
            Self::OverBudget { .. } => Code::OverBudget,
            Self::BudgetUndetermined { .. } => Code::BudgetUndetermined,
            Self::UnusedBudget { .. } => Code::UnusedBudget,
            Self::StaleGranted { .. } => Code::StaleGranted,
            Self::StaleTable { .. } => Code::StaleTable,
            Self::BaselineDiffers { .. } => Code::BaselineDiffers,
            Self::Remark { code, .. } => *code,
        }
    }
}
