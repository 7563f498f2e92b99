//! Caps on max_tokens: the tight one, and the largest that fits.

use num_bigint::BigUint;
use num_traits::ToPrimitive;

use super::TooLarge;
use super::assumptions::{Assumptions, TIGHT_MARGIN_HUNDREDTHS};
use super::figures::{ActiveSlot, Figures, tokens_per_minute};
use super::pool::Prepared;
use super::sums::{Variant, pass};
use crate::catalog::Model;
use crate::text::tree::Fact;
use crate::units::{MILLIONTHS, QuotaAmount, Tokens};

/// `tight_max_tokens`: 1.25 × the largest of mean output, p95 output, or three means where there
/// is no p95 (both factors assumed), rounded up to two significant digits, at least 1 and at most
/// the model's maximum; `None` where the model generates nothing.
pub(super) fn tight(prepared: &Prepared, model: &Model) -> Option<Tokens> {
    if !model.kind.generates() {
        return None;
    }
    let scaled = prepared.longest_output * u128::from(TIGHT_MARGIN_HUNDREDTHS);
    let whole = u64::try_from(scaled.div_ceil(100 * u128::from(MILLIONTHS))).ok()?.max(1);
    let rounded = QuotaAmount::new(whole)?.rounded_up_to_two_digits().get();
    let tight = Tokens::from_whole(rounded)?;
    Some(match model.max_output_tokens {
        Fact::Known(maximum) => tight.min(maximum),
        Fact::Absent | Fact::Unknown => tight,
    })
}

/// Everything a figure of a pool is computed from.
pub(super) struct Evaluation<'a> {
    pub(super) prepared: &'a Prepared,
    pub(super) slots: &'a [ActiveSlot],
    pub(super) assumptions: &'a Assumptions,
}

impl Evaluation<'_> {
    /// The figures with the rows changed.
    pub(super) fn figures(&self, variant: &Variant) -> Result<Figures, TooLarge> {
        let sums = pass(self.prepared, variant)?;
        tokens_per_minute(self.prepared, self.slots, &sums, self.assumptions, false)
    }

    /// `required` with max_tokens capped at `cap` whole tokens.
    fn required_at(&self, base: &Variant, cap: u64) -> Result<Option<QuotaAmount>, TooLarge> {
        let variant = Variant { cap: Tokens::from_whole(cap), ..*base };
        Ok(self.figures(&variant)?.required)
    }

    /// `fitting_max_tokens`: the largest whole cap of at least 1 at which `required` is at most
    /// `capacity`, given that the rows as they are need more; `None` where none fits.
    ///
    /// `required` never falls as the cap grows, so the answer is between a cap that fits and one
    /// that does not; interpolation narrows it in a few passes where halving would take many.
    pub(super) fn fitting(
        &self,
        base: &Variant,
        as_is: QuotaAmount,
        capacity: QuotaAmount,
    ) -> Result<Option<u64>, TooLarge> {
        let largest = self.prepared.rows.iter().filter_map(|row| row.max_tokens).max().unwrap_or(0);
        let (mut low, mut high) = (1, largest.div_ceil(MILLIONTHS).max(2));
        let Some(at_low) = self.required_at(base, low)? else {
            return Ok(None);
        };
        if at_low > capacity {
            return Ok(None);
        }
        let (mut below, mut above) = (at_low, as_is);
        let mut halve = false;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let guess =
                if halve { middle } else { between((low, below), (high, above), capacity).unwrap_or(middle) };
            let before = high - low;
            // A guess is judged with its neighbour, so that a good one ends the search.
            for cap in [guess, guess + 1] {
                if cap <= low || cap >= high {
                    continue;
                }
                let Some(required) = self.required_at(base, cap)? else {
                    return Ok(None);
                };
                if required <= capacity {
                    (low, below) = (cap, required);
                } else {
                    (high, above) = (cap, required);
                }
            }
            halve = high - low > before / 4;
        }
        Ok(Some(low))
    }
}

/// The cap at which a straight line between two caps reaches `capacity`, strictly between them.
fn between(low: (u64, QuotaAmount), high: (u64, QuotaAmount), capacity: QuotaAmount) -> Option<u64> {
    let rise = BigUint::from(high.1.get().checked_sub(low.1.get())?);
    let wanted = BigUint::from(capacity.get().checked_sub(low.1.get())?);
    let steps = wanted * BigUint::from(high.0 - low.0);
    let cap = low.0 + (steps / rise.max(BigUint::from(1_u8))).to_u64()?;
    Some(cap.clamp(low.0 + 1, high.0 - 1))
}
