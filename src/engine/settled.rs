//! How much settled use goes with a quota that is partly reserved: what AWS's metrics show, against what
//! AWS throttles on.

use super::result::{QuotaKind, QuotaPlan};
use crate::units::QuotaAmount;

/// Settled use over use with reservations, peak / in flight: at most 1.
///
/// CloudWatch shows settled use alone, so a level of it that warns of throttling is this share of the quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledShare {
    peak: QuotaAmount,
    in_flight: QuotaAmount,
}

impl SettledShare {
    /// The share of a quota's traffic: 1 for requests, which are not reserved, and without traffic; `None`
    /// where reservations are not known.
    #[must_use]
    pub fn of(quota: &QuotaPlan) -> Option<Self> {
        let peak = quota.figures.peak.max(QuotaAmount::new(1)?);
        match quota.kind {
            QuotaKind::Rpm => Some(Self { peak, in_flight: peak }),
            QuotaKind::Tpm => Some(Self { peak, in_flight: quota.figures.in_flight?.max(peak) }),
            QuotaKind::Tpd => None,
        }
    }

    /// The settled use at which `percent` of an amount is in use with reservations, rounded down so that an
    /// alarm on it does not go off late; at least 1.
    #[must_use]
    pub fn level(self, amount: QuotaAmount, percent: u64) -> u128 {
        let [amount, peak, in_flight] = [amount, self.peak, self.in_flight].map(|a| u128::from(a.get()));
        // Amounts are at most 10^18, so this stays below 10^38.
        (amount * peak * u128::from(percent.min(100)) / (in_flight * 100)).max(1)
    }

    /// The same of an amount of 1, in thousandths, rounded down.
    #[must_use]
    pub fn thousandths(self, percent: u64) -> u128 {
        u128::from(self.peak.get()) * u128::from(percent.min(100)) * 10 / u128::from(self.in_flight.get())
    }
}
