//! The totals behind a tokens-per-minute figure in its binding period and hour, for `explain`.

use num_rational::BigRational;

use super::TooLarge;
use super::figures::{self, Totals};
use super::input::PlanInput;
use super::pool;
use super::result::{Plan, QuotaPlan};
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
        let prepared = pool::prepare(pool, input, Vec::new(), |_, _| {});
        let variant = Variant::plain(quota.rate.rate, input.assumptions.reserve_cache_reads);
        let sums = pass(&prepared, &variant)?;
        let slots = figures::slots(&prepared);
        let Some(active) = slots.iter().find(|active| active.slot == quota.figures.slot) else {
            return Ok(None);
        };
        let Totals { steady, peak, in_flight, variance, largest_reservation } =
            figures::totals(&prepared, &sums, active);
        let in_slot = |class: u32| active.classes.contains(&(class as usize));
        let rows = prepared.rows.iter().filter(|row| in_slot(row.class)).map(|row| row.index as usize);
        Ok(Some(Working {
            rows: rows.collect(),
            steady,
            peak,
            in_flight,
            deviation: figures::deviation(&variance),
            room: QuotaTokens::from_millionths(largest_reservation),
        }))
    }
}
