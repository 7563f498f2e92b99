//! The whole numbers that use is counted in: 64 bits where they hold, 128 elsewhere.

use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};

use crate::units::QuotaAmount;

use super::window::WINDOW_MICROSECONDS;

/// A bucket's level is counted in tokens times this, so that what it gains in a microsecond is whole.
pub(super) const SCALE: i64 = WINDOW_MICROSECONDS;

/// A whole number with a sign.
pub(super) trait Whole:
    Copy
    + Ord
    + From<i64>
    + Into<i128>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + AddAssign
    + SubAssign
{
}

impl Whole for i64 {}
impl Whole for i128 {}

/// Tokens as a signed number: at most 10^18, which both hold.
pub(super) const fn signed(tokens: u64) -> i64 {
    tokens.cast_signed()
}

/// Whether sums of charges and a quota hold in 64 bits.
pub(super) const fn sums_hold(charges: u128) -> bool {
    // A quota is at most 10^18, below a quarter of what is left.
    charges <= 1 << 62
}

/// Whether a bucket's level holds in 64 bits: it is never above the quota, and never further below
/// zero than the debts in flight at the last admission, at which it was not below zero.
pub(super) const fn level_holds(quota: QuotaAmount, debt: u128) -> bool {
    // A quarter of the range, for a sum of two of them and the refill of a microsecond.
    quota.get() as u128 + debt <= (1 << 61) / SCALE as u128
}
