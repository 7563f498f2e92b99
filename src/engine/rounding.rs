//! From exact figures to whole ones, each rounded once.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

use crate::units::QuotaAmount;

/// Rounds demand up to a whole amount; `None` above 10^18.
pub(super) fn rounded_up(value: &BigRational) -> Option<QuotaAmount> {
    value.ceil().to_integer().to_u64().and_then(QuotaAmount::new)
}

/// The nearest whole number, a half to the even one.
pub(super) fn half_even(value: &BigRational) -> u32 {
    let doubled = (value * BigInt::from(2)).floor().to_integer();
    let is_half = (value * BigInt::from(2)).is_integer() && (&doubled % 2_u8) == BigInt::one();
    let down = value.floor().to_integer();
    let up: BigInt = &down + 1_u8;
    let nearest = if is_half {
        if (&down % 2_u8).is_zero() { down } else { up }
    } else if value - BigRational::from(down.clone()) < BigRational::new(1.into(), 2.into()) {
        down
    } else {
        up
    };
    nearest.to_u32().unwrap_or(u32::MAX)
}
