//! Why nothing is asked for, in words that say what to do instead.

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

    /// The reason, and what to do instead.
    #[must_use]
    pub fn words(&self) -> (String, String) {
        let cap = |tokens: &Option<Tokens>| tokens.map(|tokens| tokens.to_string()).unwrap_or_default();
        let (reason, help) = match self {
            Self::NotOffered => (
                "the model is not callable from ca-central-1 in this scope, so it has no quota there".to_owned(),
                "plan the model it is migrated to".to_owned(),
            ),
            Self::CodeUnknown => (
                "the model table has no quota code for it".to_owned(),
                "find the code in the Service Quotas console and add it with --models".to_owned(),
            ),
            Self::Legacy => (
                "the model is Legacy or retired, and AWS grants no increases for such models".to_owned(),
                "move to another model: `quotaplan plan` names successors, and `quotaplan migrate` plans the move".to_owned(),
            ),
            Self::Residency { residency, outside } => (
                format!("rows of it must stay in `{residency}`, and the scope may process requests in {outside}"),
                "use a scope that stays there, or accept this with --accept-residency".to_owned(),
            ),
            Self::ResidencyUnknown { residency } => (
                format!(
                    "rows of it must stay in `{residency}`, and the model table does not know the scope's destination Regions"
                ),
                "look them up and add them with --models, or accept not knowing them with --accept-residency".to_owned(),
            ),
            Self::Fits { required, granted } => (
                format!("it fits: {required} required, {granted} granted"),
                "nothing to ask for: AWS takes no value at or below the applied one".to_owned(),
            ),
            Self::LookUpFirst { required, default } => (
                format!("the applied value is not given, and AWS's default of {default} would hold the {required} required"),
                "look the applied value up first, `quotaplan quotas`, and put it into [granted]; where it is lower than what is \
                 required, AWS Support restores the default"
                    .to_owned(),
            ),
            Self::NothingKnown => (
                "neither the applied value nor AWS's default is known".to_owned(),
                "look the applied value up first, `quotaplan quotas`, and put it into [granted]".to_owned(),
            ),
            Self::Restore { required, granted, default, max_tokens } => {
                let with = max_tokens.map(|cap| format!(" with max_tokens lowered to {cap}")).unwrap_or_default();
                (
                    format!(
                        "the applied value of {granted} is below AWS's default of {default}, which would hold the \
                         {required} required{with}; Service Quotas refuses any value at or below the default"
                    ),
                    "restore-case.md asks AWS Support to restore the default".to_owned(),
                )
            }
            Self::NotAdjustable => (
                "Service Quotas cannot raise it".to_owned(),
                "it stands in support-case.md: ask AWS Support".to_owned(),
            ),
            Self::RateUnknown { planned } => (
                format!("AWS states no burndown rate for the model: {planned} is planned, its worst case"),
                "measure the rate first, `quotaplan sample --measure-rate`, or accept the worst case with --accept-unknown"
                    .to_owned(),
            ),
            Self::RequiredUnknown => (
                "max_tokens is not set and the model's maximum is not known, so neither is what is required".to_owned(),
                "set max_tokens, or lower it to the tight cap with --accept-max-tokens".to_owned(),
            ),
            Self::Undecided { required, lean, lean_ask, max_tokens, cut, lean_restore_to, restore_to } => {
                let required =
                    required.map_or_else(|| "an unknown amount".to_owned(), |required| required.to_string());
                let lean = lean.map_or_else(|| "an unknown amount".to_owned(), |lean| lean.to_string());
                let lean_plan = match (lean_ask, lean_restore_to) {
                    (Some(ask), _) => format!("to ask for {ask} with it"),
                    (None, Some(default)) => {
                        format!("and restore-case.md asks AWS Support to restore AWS's default of {default}")
                    }
                    (None, None) => "which needs no increase, so nothing is asked for".to_owned(),
                };
                let whole_plan = match restore_to {
                    Some(default) => {
                        format!("keeps it, and restore-case.md asks AWS Support to restore AWS's default of {default}")
                    }
                    None => "asks for all of it".to_owned(),
                };
                (
                    format!(
                        "reservations make the difference: {required} required as configured, {lean} with max_tokens lowered to {}, which is \
                         expected to cut {cut} of answers",
                        cap(max_tokens)
                    ),
                    format!(
                        "choose: --accept-max-tokens lowers max_tokens, {lean_plan}; --with-reservations REASON {whole_plan}"
                    ),
                )
            }
            Self::LeanFits { lean, max_tokens, default: Some(default) } => (
                format!(
                    "the applied value is not given, and AWS's default of {default} would hold the {lean} required with max_tokens \
                     lowered to {}",
                    cap(max_tokens)
                ),
                "lower max_tokens, and look the applied value up, `quotaplan quotas`: where it is lower than what is required, AWS \
                 Support restores the default"
                    .to_owned(),
            ),
            Self::LeanFits { lean, max_tokens, default: None } => (
                format!("with max_tokens lowered to {} it fits: {lean} required", cap(max_tokens)),
                "nothing to ask for: lower max_tokens".to_owned(),
            ),
            Self::AboveMaximum { desired } => (
                format!("{desired} is above the 10,000,000,000 that Service Quotas takes"),
                "spread the traffic over both profiles or more accounts, or ask AWS Support".to_owned(),
            ),
            Self::StagesWithoutApplied => (
                "stages are multiples of the applied value, and it is not given".to_owned(),
                "look the applied value up first, `quotaplan quotas`, and put it into [granted]; or ask for all of it at once, without --stages"
                    .to_owned(),
            ),
        };
        (reason, help)
    }
}
