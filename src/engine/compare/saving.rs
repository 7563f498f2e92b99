//! What one place saves against another, from their exact costs.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::engine::cost::MonthlyCost;
use crate::engine::rounding::cents;

/// A saving a month, exact; negative where it costs more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    usd: BigRational,
    /// Share of what is paid now; `None` where that is nothing.
    share: Option<BigRational>,
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
        Some(Self { usd, share })
    }

    /// US cents, half-even; `None` above 127 bits.
    #[must_use]
    pub fn cents(&self) -> Option<i128> {
        signed_cents(&self.usd)
    }

    /// The same as a share of the present cost, in hundredths of a percent, half-even; `None`
    /// where nothing is paid now.
    #[must_use]
    pub fn hundredths_of_a_percent(&self) -> Option<i64> {
        let share = self.share.as_ref()? * BigRational::from(BigInt::from(100_u8));
        signed_cents(&share)?.to_i64()
    }
}
