//! Why nothing is asked for.

use crate::catalog::{Outside, Residency};
use crate::engine::CutShare;
use crate::units::{BurndownRate, Limit, QuotaAmount, Tokens};

/// Why no increase of a quota is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The model is not callable from the source Region in this scope.
    NotOffered,
    /// The model table has no quota code.
    CodeUnknown,
    /// AWS lists the model as Legacy: it grants no increases (user guide, quotas-runtime, 2026).
    Legacy,
    /// The scope may process requests outside the residency of the rows, and nobody has accepted that.
    Residency {
        /// The strictest residency of the rows.
        residency: Residency,
        /// The destinations outside it.
        outside: Outside,
    },
    /// Whether the scope keeps to the residency of the rows cannot be told, and nobody has accepted that.
    ResidencyUnknown {
        /// The strictest residency of the rows.
        residency: Residency,
    },
    /// The applied quota holds what is required.
    Fits {
        /// What is required.
        required: QuotaAmount,
        /// The applied quota.
        granted: Limit,
    },
    /// The applied quota is not given, and AWS's default would hold what is required.
    LookUpFirst {
        /// What is required.
        required: QuotaAmount,
        /// AWS's default.
        default: Limit,
    },
    /// Neither the applied quota nor AWS's default is known.
    NothingKnown,
    /// The applied quota is below AWS's default, which holds what is required: AWS Support restores it,
    /// since Service Quotas refuses any value at or below the default.
    Restore {
        /// What is required.
        required: QuotaAmount,
        /// The applied quota.
        granted: Limit,
        /// AWS's default.
        default: Limit,
        /// The cap on max_tokens that it rests on; `None` where max_tokens stays as configured.
        max_tokens: Option<Tokens>,
    },
    /// Service Quotas cannot raise it.
    NotAdjustable,
    /// The burndown rate is not known, and nobody has accepted its worst case.
    RateUnknown {
        /// The worst case that is planned.
        planned: BurndownRate,
    },
    /// max_tokens is not set and the model's maximum is not known.
    RequiredUnknown,
    /// Reservations inflate what is required, and nobody has chosen.
    Undecided {
        /// What is required as configured; `None` where it is not known.
        required: Option<QuotaAmount>,
        /// What is required at the tight cap.
        lean: Option<QuotaAmount>,
        /// What would be asked for at the tight cap; `None` where that needs no increase.
        lean_ask: Option<QuotaAmount>,
        /// The tight cap.
        max_tokens: Option<Tokens>,
        /// The share of answers that the tight cap is expected to cut.
        cut: CutShare,
        /// AWS's default, where AWS Support restores it for the lean demand.
        lean_restore_to: Option<Limit>,
        /// AWS's default, where AWS Support restores it for the demand as configured.
        restore_to: Option<Limit>,
    },
    /// With the tight cap no increase is needed.
    LeanFits {
        /// What is required at the tight cap.
        lean: QuotaAmount,
        /// The tight cap.
        max_tokens: Option<Tokens>,
        /// AWS's default, which holds it, where the applied value is not known.
        default: Option<Limit>,
    },
    /// The value is above what the API takes.
    AboveMaximum {
        /// The value.
        desired: QuotaAmount,
    },
    /// Stages are multiples of an applied value, and none is given.
    StagesWithoutApplied,
}

impl Refusal {
    /// Its word in JSON and CSV.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotOffered => "not-offered",
            Self::CodeUnknown => "code-unknown",
            Self::Legacy => "legacy",
            Self::Residency { .. } => "residency",
            Self::ResidencyUnknown { .. } => "residency-unknown",
            Self::Fits { .. } => "fits",
            Self::LookUpFirst { .. } => "look-up-first",
            Self::NothingKnown => "nothing-known",
            Self::Restore { .. } => "restore",
            Self::NotAdjustable => "not-adjustable",
            Self::RateUnknown { .. } => "rate-unknown",
            Self::RequiredUnknown => "required-unknown",
            Self::Undecided { .. } => "undecided",
            Self::LeanFits { .. } => "lean-fits",
            Self::AboveMaximum { .. } => "above-maximum",
            Self::StagesWithoutApplied => "stages-without-applied",
        }
    }

    /// Whether a person has to decide before it can be told what to ask for: an option decides each.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        match self {
            Self::Undecided { .. }
            | Self::RateUnknown { .. }
            | Self::RequiredUnknown
            | Self::ResidencyUnknown { .. }
            | Self::StagesWithoutApplied => true,
            Self::NotOffered
            | Self::CodeUnknown
            | Self::Legacy
            | Self::Residency { .. }
            | Self::Fits { .. }
            | Self::LookUpFirst { .. }
            | Self::NothingKnown
            | Self::Restore { .. }
            | Self::NotAdjustable
            | Self::LeanFits { .. }
            | Self::AboveMaximum { .. } => false,
        }
    }
}
