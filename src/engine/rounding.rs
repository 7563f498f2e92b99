//! From exact figures to whole ones, each rounded once, and the one error of the arithmetic.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::units::{QuotaAmount, UsdCents};

/// A figure above 10^18, and the row it comes from: the one that passes it alone, else the one that
/// adds most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a figure exceeds 10^18")]
pub struct TooLarge {
    /// Index of the row in the workload set.
    pub row: Option<usize>,
}

/// Rounds demand up to a whole amount; `None` above 10^18.
pub(super) fn rounded_up(value: &BigRational) -> Option<QuotaAmount> {
    whole_up(value.numer(), value.denom())
}

/// The same of a fraction that need not be reduced.
pub(super) fn whole_up(numerator: &BigInt, denominator: &BigInt) -> Option<QuotaAmount> {
    numerator.div_ceil(denominator).to_u64().and_then(QuotaAmount::new)
}

/// The nearest whole number, a half to the even one.
fn nearest(value: &BigRational) -> BigInt {
    let down = value.numer().div_floor(value.denom());
    let twice_rest: BigInt = (value.numer() - &down * value.denom()) * 2_u8;
    match twice_rest.cmp(value.denom()) {
        Ordering::Less => down,
        Ordering::Equal if down.is_even() => down,
        Ordering::Equal | Ordering::Greater => down + 1_u8,
    }
}

/// The nearest whole number, a half to the even one; the largest there is above it.
pub(super) fn half_even(value: &BigRational) -> u32 {
    nearest(value).to_u32().unwrap_or(u32::MAX)
}

/// An amount of money to the cent, half a cent to the even one; `None` above 128 bits.
pub(super) fn cents(usd: &BigRational) -> Option<UsdCents> {
    let cents = BigRational::new_raw(usd.numer() * 100_u8, usd.denom().clone());
    nearest(&cents).to_u128().map(UsdCents::new)
}
