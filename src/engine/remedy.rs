//! What to do about a finding, decided: amounts and choices, not sentences.

use super::residency::UnsettledResidency;
use super::tight_cap::{CutShare, TightBasis};
use crate::catalog::{ModelIndex, Residency, Scope};
use crate::units::{Limit, QuotaAmount, Tokens};

/// What to do about a quota that is exceeded, the lean way first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Settle the residency.
    Settle(UnsettledResidency),
    /// Lower max_tokens to the tight cap and have the applied value restored to AWS's default.
    LowerAndRestore {
        /// The cap.
        cap: Tokens,
        /// AWS's default.
        default: Limit,
    },
    /// Lower max_tokens to the tight cap: then it fits.
    Lower {
        /// The cap.
        cap: Tokens,
    },
    /// Set max_tokens, so that what is required is known.
    SetMaxTokens,
    /// Lower max_tokens to the tight cap and ask for an amount.
    LowerAndAsk {
        /// The cap.
        cap: Tokens,
        /// The amount.
        lean: QuotaAmount,
    },
    /// Have the applied value restored to AWS's default.
    Restore {
        /// AWS's default.
        default: Limit,
        /// The cap on max_tokens that goes with it.
        max_tokens: Option<Tokens>,
    },
    /// Move to another model.
    Migrate,
    /// Ask for an amount, or lower max_tokens to the tight cap and ask for less.
    AskOrLower {
        /// The cap.
        cap: Tokens,
        /// The amount as configured.
        ask: QuotaAmount,
        /// The amount at the tight cap.
        lean: QuotaAmount,
    },
    /// Ask for an amount.
    Ask {
        /// The amount.
        ask: QuotaAmount,
    },
    /// Open a support case for an amount.
    SupportCase {
        /// The amount.
        ask: QuotaAmount,
    },
    /// Lower the demand.
    LowerDemand,
}

/// The tight cap on max_tokens, and the caps that fit.
#[derive(Debug, Clone)]
pub struct CapAdvice {
    /// The tight cap.
    pub tokens: Tokens,
    /// What it rests on.
    pub basis: TightBasis,
    /// The share of answers that it is expected to cut.
    pub cut: CutShare,
    /// The largest cap at which the quota fits; `None` where none does, or it fits as configured.
    pub fitting: Option<FittingCap>,
}

/// A cap on max_tokens at which what is required stays within a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FittingCap {
    /// The cap, in tokens.
    pub max_tokens: QuotaAmount,
    /// The quota.
    pub capacity: QuotaAmount,
    /// Whether that is an applied value, and not AWS's default.
    pub is_applied: bool,
}

/// A model to move to, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveTo {
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
}

/// What to move to from a model that takes no increases.
#[derive(Debug, Clone)]
pub struct SuccessorAdvice {
    /// Residencies of the rows to which no newer model keeps, the strictest first; `None` stands for rows that may
    /// go anywhere.
    pub without: Vec<Option<Residency>>,
    /// Models that are known to be active, the newest first.
    pub active: Vec<MoveTo>,
    /// Models whose status is not known.
    pub status_unknown: Vec<MoveTo>,
    /// Whether the model's name tells which models are newer.
    pub tells_generation: bool,
}

/// What would keep a quota within the policy.
#[derive(Debug, Clone)]
pub enum WithinPolicy {
    /// No amount would.
    Never,
    /// Settle the residency first.
    Settle(UnsettledResidency),
    /// AWS's default, once it is restored.
    Restored {
        /// AWS's default.
        default: Limit,
    },
    /// An amount.
    Granted {
        /// The least amount.
        least: u128,
        /// Whether AWS grants no increases for the model.
        no_increases: bool,
    },
}
