//! What one place saves against another, from their exact costs.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::engine::cost::MonthlyCost;
use crate::engine::rounding::cents;

/// A saving a month; negative where it costs more. It is computed exactly and kept as it is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saving {
    cents: Option<i128>,
    hundredths_of_a_percent: Option<i64>,
}

/// Rounded half-even, away from its sign: a saving and the like loss look alike.
fn signed_cents(value: &BigRational) -> Option<i128> {
    let magnitude = i128::try_from(cents(&value.abs())?.get()).ok()?;
    Some(if value.is_negative() { -magnitude } else { magnitude })
}

impl Saving {
    /// What `then` saves against `now`; `None` where either is not known.
    pub(super) fn between(now: &MonthlyCost, then: &MonthlyCost) -> Option<Self> {
        if !now.is_complete() || !then.is_complete() {
            return None;
        }
        let usd = now.priced() - then.priced();
        let share = (!now.priced().is_zero()).then(|| &usd / now.priced());
        let hundredths =
            |share: BigRational| signed_cents(&(share * BigRational::from(BigInt::from(100_u8))))?.to_i64();
        Some(Self { cents: signed_cents(&usd), hundredths_of_a_percent: share.and_then(hundredths) })
    }

    /// US cents, half-even; `None` above 127 bits.
    #[must_use]
    pub fn cents(&self) -> Option<i128> {
        self.cents
    }

    /// The same as a share of the present cost, in hundredths of a percent, half-even; `None`
    /// where nothing is paid now.
    #[must_use]
    pub fn hundredths_of_a_percent(&self) -> Option<i64> {
        self.hundredths_of_a_percent
    }
}
