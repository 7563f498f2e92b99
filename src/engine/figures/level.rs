//! What the figures of several kinds are made with: exact numbers, and the level of a burst.

use ethnum::U256;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, ToPrimitive};

use crate::engine::rounding::whole_up;
use crate::units::QuotaAmount;

/// 10^power.
pub(super) fn ten_to(power: u32) -> BigInt {
    BigInt::from(10_u8).pow(power)
}

pub(super) fn wide(value: U256) -> BigInt {
    BigInt::from(BigUint::from_bytes_be(&value.to_be_bytes()))
}

/// The root of a variance over its unit: the same float whether the fraction is reduced or not.
pub(super) fn deviation(variance: &BigInt, unit: &BigInt) -> f64 {
    let variance = BigRational::new_raw(variance.clone(), unit.clone());
    libm::sqrt(variance.to_f64().unwrap_or(f64::MAX).max(0.0))
}

/// A denominator for all of these at once: there are one or two.
pub(in crate::engine) fn shared(denominators: impl Iterator<Item = u128>) -> BigInt {
    let mut denominators: Vec<u128> = denominators.collect();
    denominators.sort_unstable();
    denominators.dedup();
    denominators.iter().fold(BigInt::one(), |all, own| all.lcm(&BigInt::from(*own)))
}

/// `mean + z·deviation + room`, rounded up; the mean and the room over their units.
pub(super) fn burst_level(
    mean: (&BigInt, &BigInt),
    z_deviations: f64,
    room: (BigInt, &BigInt),
) -> Option<QuotaAmount> {
    let spread = BigRational::from_f64(z_deviations)?;
    let (mean, mean_unit) = mean;
    let (room, room_unit) = room;
    let over = |value: BigInt, by: &BigInt, and: &BigInt| value * by * and;
    let sum = over(mean.clone(), spread.denom(), room_unit)
        + over(spread.numer().clone(), mean_unit, room_unit)
        + over(room, mean_unit, spread.denom());
    whole_up(&sum, &(mean_unit * spread.denom() * room_unit))
}
