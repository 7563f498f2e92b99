//! The figures of a quota, and the largest of several slots.

use crate::engine::slots::Slot;
use crate::units::QuotaAmount;

/// What is required at another busiest minute than the one assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssumedPeak {
    /// The busiest minute over the mean.
    pub times_mean: u32,
    /// The required amount; `None` where it is not known.
    pub required: Option<QuotaAmount>,
}

/// The figures of one quota, each the largest over periods and hours, each rounded up once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// `Σ n·S`: the mean in active hours, AWS's formula at the mean rate.
    pub steady: QuotaAmount,
    /// `Σ p·S`: AWS's formula at the busiest minute.
    pub peak: QuotaAmount,
    /// `Σ p·(S + φ·D)`: mean use of a rolling 60 s window at peak, reservations included.
    pub in_flight: Option<QuotaAmount>,
    /// `μ + z·√V + h`: a level that window exceeds with probability about `1 − confidence`, plus
    /// room for one more request.
    pub burst: Option<QuotaAmount>,
    /// `peak·(1 + headroom)`: the ask AWS can verify.
    pub formula: Option<QuotaAmount>,
    /// `max(formula, burst)`; `None` where a reservation is not known.
    pub required: Option<QuotaAmount>,
    /// The slot of `required`, or of the largest peak where that is not known.
    pub slot: Slot,
}

/// The slots' figures so far, figure by figure.
#[derive(Default)]
pub(super) struct Largest {
    pub(super) steady: QuotaAmount,
    pub(super) peak: QuotaAmount,
    pub(super) peak_slot: Option<Slot>,
    pub(super) in_flight: Option<QuotaAmount>,
    pub(super) burst: Option<QuotaAmount>,
    pub(super) required: Option<(QuotaAmount, Slot)>,
    pub(super) unknown: bool,
    pub(super) formula: QuotaAmount,
}

impl Largest {
    pub(super) fn finish(self) -> Figures {
        let known = |figure: Option<QuotaAmount>| figure.filter(|_| !self.unknown);
        let none = Slot { period: None, hour: None };
        Figures {
            steady: self.steady,
            peak: self.peak,
            in_flight: known(self.in_flight),
            burst: known(self.burst),
            formula: Some(self.formula),
            required: known(self.required.map(|(required, _)| required)),
            slot: self
                .required
                .filter(|_| !self.unknown)
                .map(|(_, slot)| slot)
                .or(self.peak_slot)
                .unwrap_or(none),
        }
    }
}
