//! Levers: what would lower the required quota, and how far.
//!
//! The halves of `caching` and `split` are illustrations (assumed).

use super::TooLarge;
use super::assumptions::PlanInput;
use super::evaluation::Evaluation;
use super::figures::{Figures, tokens_per_minute};
use super::pool::{self, Prepared};
use super::result::{Plan, QuotaPlan};
use super::slots::Slots;
use super::sums::{Variant, pass};
use crate::catalog::Scope;
use crate::units::{Fact, QuotaAmount, Tokens, words};

words! {
    /// A way to need less.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum LeverKind {
        /// Lower max_tokens to the tight cap.
        MaxTokens = "max_tokens",
        /// Read half of each request's input from the prompt cache.
        Caching = "caching",
        /// Spread the busiest minute to the mean.
        Spread = "spread",
        /// Send half of the requests through the other of US and Global.
        Split = "split",
        /// Move what can wait to batch inference, which has quotas of its own.
        Batch = "batch",
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

impl Plan {
    /// The levers of a tokens-per-minute quota that free anything, those that free most first;
    /// `batch`, which has no figure, last.
    #[must_use]
    pub fn levers(&self, input: &PlanInput<'_>, quota: &QuotaPlan) -> Vec<Lever> {
        rank(self, input, quota)
    }
}

fn rank(plan: &Plan, input: &PlanInput<'_>, quota: &QuotaPlan) -> Vec<Lever> {
    let Some(pool) = plan.pool_of(quota).filter(|_| quota.id.kind.reserves_tokens()) else {
        return Vec::new();
    };
    let (model, required) = (input.catalog.model(quota.id.model), quota.figures.required);
    let mut prepared = pool::prepare(pool, input, &pool.growth(input), Vec::new(), |_, _| {});
    let slots = Slots::new(&prepared);
    let evaluation = Evaluation { prepared: &prepared, slots: &slots, assumptions: input.assumptions };
    let base = Variant::plain(quota.rate.rate, input.assumptions.config.reserve_cache_reads);
    let mut levers = Vec::new();
    // Near the largest figure there is, a lever may have none of its own: the others are named all the same.
    let required_of = |figures: Result<Figures, TooLarge>| figures.ok().and_then(|figures| figures.required);
    let mut offer = |kind: LeverKind, left: Option<QuotaAmount>| {
        // Where the demand is not known, whatever makes it known frees something.
        if let Some(left) = left
            && required.is_none_or(|required| left < required)
        {
            levers.push(Lever { kind, required: Some(left) });
        }
    };
    offer(LeverKind::MaxTokens, quota.lean_required);
    let priced = model.scope(quota.id.scope).and_then(|entry| entry.price_at(longest_input(&prepared)));
    if priced.is_some_and(|price| matches!(price.cache_read, Fact::Known(_))) {
        offer(LeverKind::Caching, required_of(evaluation.figures(&Variant { half_cached: true, ..base })));
    }
    let other = match quota.id.scope {
        Scope::Us => Some(Scope::Global),
        Scope::Global => Some(Scope::Us),
        Scope::Ca | Scope::InRegion => None,
    };
    if model.offered && other.is_some_and(|other| model.scope(other).is_some()) {
        let half = pass(&prepared, &base)
            .and_then(|sums| tokens_per_minute(&prepared, &slots, &sums, input.assumptions, true));
        offer(LeverKind::Split, required_of(half));
    }
    // Last, since it changes what the rows are multiplied by: a peak that is not stated is the mean too.
    for class in &mut prepared.classes {
        class.peak_factor = class.rate_factor.clone();
    }
    let evaluation = Evaluation { prepared: &prepared, slots: &slots, assumptions: input.assumptions };
    offer(LeverKind::Spread, required_of(evaluation.figures(&Variant { peak_is_mean: true, ..base })));
    levers.sort_by_key(|lever| (lever.required, lever.kind));
    if model.batch == Fact::Known(true) {
        levers.push(Lever { kind: LeverKind::Batch, required: None });
    }
    levers
}

/// The largest mean input of the rows: it chooses the price tier that `caching` looks at.
fn longest_input(prepared: &Prepared) -> Tokens {
    let all = prepared.rows.iter().map(|row| row.input + row.cache_read + row.cache_write);
    all.max().and_then(Tokens::from_millionths).unwrap_or_default()
}
