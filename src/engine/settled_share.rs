//! How much settled use goes with a quota that is partly reserved: what AWS's metrics show, against what
//! AWS throttles on.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

use super::TooLarge;
use super::assumptions::PlanInput;
use super::figures;
use super::pool;
use super::result::{Plan, QuotaPlan};
use super::slots::Slots;
use super::sums::{Variant, pass};
use crate::units::{QuotaAmount, Tokens};

/// Settled use over use with reservations: the smallest peak / in flight over the periods and hours with
/// demand, exact and at most 1.
///
/// CloudWatch shows settled use alone, so a level of it that warns of throttling is this share of the quota;
/// the smallest warns in time whatever the hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledShare(BigRational);

impl SettledShare {
    /// The settled use at which `percent` of an amount is in use with reservations, rounded down so that an
    /// alarm on it does not go off late; at least 1.
    #[must_use]
    pub fn level(&self, amount: QuotaAmount, percent: u64) -> u128 {
        self.share_of(BigInt::from(amount.get()), percent).max(1)
    }

    /// The same of an amount of 1, in thousandths, rounded down.
    #[must_use]
    pub fn thousandths(&self, percent: u64) -> u128 {
        self.share_of(BigInt::from(1_000), percent)
    }

    fn share_of(&self, amount: BigInt, percent: u64) -> u128 {
        let used = BigRational::new(amount * BigInt::from(percent.min(100)), BigInt::from(100));
        // Amounts are at most 10^18, and the share at most 1.
        (used * &self.0).floor().to_integer().to_u128().unwrap_or(0)
    }
}

impl Plan {
    /// The share of a quota's traffic with max_tokens capped at `cap`, as configured where that is `None`:
    /// 1 for requests, which are not reserved, and without traffic; `None` for a daily quota and where a
    /// reservation is not known.
    ///
    /// # Errors
    /// [`TooLarge`], which a plan that was made has ruled out for its own caps.
    pub fn settled_share(
        &self,
        input: &PlanInput<'_>,
        quota: &QuotaPlan,
        cap: Option<Tokens>,
    ) -> Result<Option<SettledShare>, TooLarge> {
        if !quota.id.kind.counts_tokens() {
            return Ok(Some(SettledShare(BigRational::one())));
        }
        if !quota.id.kind.reserves_tokens() {
            return Ok(None);
        }
        let Some(pool) = self.pool_of(quota) else {
            return Ok(None);
        };
        let prepared = pool::prepare(pool, input, &pool.growth(input), Vec::new(), |_, _| {});
        let variant =
            Variant { cap, ..Variant::plain(quota.rate.rate, input.assumptions.config.reserve_cache_reads) };
        let sums = pass(&prepared, &variant)?;
        let mut smallest = BigRational::one();
        let slots = Slots::new(&prepared);
        let (units, levels) = figures::totals(&prepared, &sums, &slots);
        for (_, level) in levels {
            let Some(in_flight) = level.in_flight(&units) else {
                return Ok(None);
            };
            if !in_flight.is_zero() {
                smallest = smallest.min(BigRational::new(level.peak, units.tokens.clone()) / in_flight);
            }
        }
        Ok(Some(SettledShare(smallest)))
    }
}
