//! Levers: what would lower the required quota, and how far.
//!
//! The halves of `caching` and `split` are illustrations (assumed).

use super::TooLarge;
use super::caps::Evaluation;
use super::figures::tokens_per_minute;
use super::sums::{Sums, Variant};
use crate::catalog::{Model, Scope};
use crate::text::tree::Fact;
use crate::units::{QuotaAmount, Tokens};

/// A way to need less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeverKind {
    /// Lower max_tokens to the tight cap.
    MaxTokens,
    /// Read half of each request's input from the prompt cache.
    Caching,
    /// Spread the busiest minute to the mean.
    Spread,
    /// Send half of the requests through the other of US and Global.
    Split,
    /// Move what can wait to batch inference, which has quotas of its own.
    Batch,
}

impl LeverKind {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MaxTokens => "max_tokens",
            Self::Caching => "caching",
            Self::Spread => "spread",
            Self::Split => "split",
            Self::Batch => "batch",
        }
    }
}

/// A lever and the quota it would leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lever {
    /// Which.
    pub kind: LeverKind,
    /// The required amount with it; `None` where no figure is given.
    pub required: Option<QuotaAmount>,
}

/// The levers that free anything, those that free most first; `batch`, which has no figure, last.
pub(super) fn rank(
    evaluation: &Evaluation<'_>,
    base: &Variant,
    sums: &[Sums],
    (required, lean_required): (Option<QuotaAmount>, Option<QuotaAmount>),
    (model, scope, price_of): (&Model, Scope, Tokens),
) -> Result<Vec<Lever>, TooLarge> {
    let mut levers = Vec::new();
    let mut offer = |kind: LeverKind, left: Option<QuotaAmount>| {
        // Where the demand is not known, whatever makes it known frees something.
        if let Some(left) = left
            && required.is_none_or(|required| left < required)
        {
            levers.push(Lever { kind, required: Some(left) });
        }
    };
    offer(LeverKind::MaxTokens, lean_required);
    let priced = model.scope(scope).and_then(|entry| entry.price_at(price_of));
    if priced.is_some_and(|price| matches!(price.cache_read, Fact::Known(_))) {
        offer(LeverKind::Caching, evaluation.figures(&Variant { half_cached: true, ..*base })?.required);
    }
    offer(LeverKind::Spread, evaluation.figures(&Variant { peak_is_mean: true, ..*base })?.required);
    let other = match scope {
        Scope::Us => Some(Scope::Global),
        Scope::Global => Some(Scope::Us),
        Scope::Ca | Scope::InRegion => None,
    };
    if model.offered && other.is_some_and(|other| model.scope(other).is_some()) {
        let half =
            tokens_per_minute(evaluation.prepared, evaluation.slots, sums, evaluation.assumptions, true)?;
        offer(LeverKind::Split, half.required);
    }
    levers.sort_by_key(|lever| (lever.required, lever.kind));
    if model.batch == Fact::Known(true) {
        levers.push(Lever { kind: LeverKind::Batch, required: None });
    }
    Ok(levers)
}
