//! The totals behind a tokens-per-minute figure in its binding period and hour, for `explain`.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::TooLarge;
use super::assumptions::PlanInput;
use super::figures;
use super::pool;
use super::result::{Plan, QuotaPlan};
use super::slots::Slots;
use super::sums::{Variant, pass};
use crate::units::QuotaTokens;

/// The totals of one slot, exact up to the root.
#[derive(Debug, Clone)]
pub struct Working {
    /// Indices of the rows active in the slot.
    pub rows: Vec<usize>,
    /// `Σ n·S`.
    pub steady: BigRational,
    /// `Σ p·S`.
    pub peak: BigRational,
    /// `μ = Σ p·(S + φ·D)`; `None` where a reservation is not known.
    pub in_flight: Option<BigRational>,
    /// `√V`.
    pub deviation: f64,
    /// `h`, the largest reservation.
    pub room: QuotaTokens,
}

impl Plan {
    /// The totals of a tokens-per-minute quota in the slot of its figures.
    ///
    /// # Errors
    /// [`TooLarge`], which a plan that was made has ruled out.
    pub fn working(&self, input: &PlanInput<'_>, quota: &QuotaPlan) -> Result<Option<Working>, TooLarge> {
        let Some(pool) = self.pool_of(quota) else {
            return Ok(None);
        };
        let prepared = pool::prepare(pool, input, &pool.growth(input), Vec::new(), |_, _| {});
        let variant = Variant::plain(quota.rate.rate, input.assumptions.config.reserve_cache_reads);
        let sums = pass(&prepared, &variant)?;
        let slots = Slots::new(&prepared);
        let slot = quota.figures.slot;
        let (units, mut levels) = figures::totals(&prepared, &sums, &slots);
        let level = levels.find(|(found, _)| *found == slot);
        let (Some((_, level)), Some(active)) = (level, slots.active_in(slot, &prepared.groups)) else {
            return Ok(None);
        };
        let in_slot = |class: u32| active[prepared.classes[class as usize].group];
        let rows = prepared.rows.iter().filter(|row| in_slot(row.class)).map(|row| row.index as usize);
        let tokens = |value: &BigInt| BigRational::new(value.clone(), units.tokens.clone());
        Ok(Some(Working {
            rows: rows.collect(),
            steady: tokens(&level.steady),
            peak: tokens(&level.peak),
            in_flight: level.in_flight(&units),
            deviation: level.deviation(&units),
            room: QuotaTokens::from_millionths(level.largest_reservation),
        }))
    }
}
