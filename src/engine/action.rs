//! What to do with a quota: the first rule that matches decides (sizing notes, section 2).

use crate::units::{Limit, QuotaAmount};

/// Whether the required amount fits the applied quota; a default is never taken for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It fits.
    Fits,
    /// It does not.
    Exceeds,
    /// The applied quota or the required amount is not known.
    Undetermined,
}

impl Verdict {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Exceeds => "exceeds",
            Self::Undetermined => "undetermined",
        }
    }

    /// The verdict of a required amount under an applied quota.
    #[must_use]
    pub fn of(required: Option<QuotaAmount>, granted: Option<Limit>) -> Self {
        match (required, granted) {
            (Some(required), Some(granted)) if granted.holds(required) => Self::Fits,
            (Some(_), Some(_)) => Self::Exceeds,
            _ => Self::Undetermined,
        }
    }
}

/// What a person does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    None,
    /// Look the applied value up before asking.
    VerifyApplied,
    /// Lower max_tokens: then no increase is needed, or the demand becomes known.
    LowerMaxTokens,
    /// Ask for an increase.
    Request,
}

impl Action {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::VerifyApplied => "verify_applied",
            Self::LowerMaxTokens => "lower_max_tokens",
            Self::Request => "request",
        }
    }
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) required: Option<QuotaAmount>,
    pub(super) lean_required: Option<QuotaAmount>,
    pub(super) granted: Option<Limit>,
    pub(super) default: Option<Limit>,
}

/// The action, and the two amounts to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) action: Action,
    pub(super) ask: Option<QuotaAmount>,
    pub(super) lean_ask: Option<QuotaAmount>,
}

/// Decides.
pub(super) fn decide(case: &Case) -> Decision {
    let capacity = case.granted.or(case.default);
    let holds = |limit: Option<Limit>, demand: Option<QuotaAmount>| matches!((limit, demand), (Some(limit), Some(demand)) if limit.holds(demand));
    let lean_ask = || {
        case.lean_required
            .filter(|lean| !holds(capacity, Some(*lean)))
            .map(QuotaAmount::rounded_up_to_two_digits)
    };
    let Some(required) = case.required else {
        return Decision { action: Action::LowerMaxTokens, ask: None, lean_ask: lean_ask() };
    };
    let action = if capacity.is_none() {
        return Decision { action: Action::VerifyApplied, ask: None, lean_ask: None };
    } else if holds(case.granted, Some(required)) {
        Action::None
    } else if case.granted.is_none() && holds(case.default, Some(required)) {
        Action::VerifyApplied
    } else if holds(capacity, case.lean_required) {
        Action::LowerMaxTokens
    } else {
        Action::Request
    };
    let ask = match action {
        Action::None | Action::VerifyApplied => None,
        Action::LowerMaxTokens | Action::Request => Some(required.rounded_up_to_two_digits()),
    };
    Decision { action, ask, lean_ask: lean_ask() }
}
