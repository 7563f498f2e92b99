//! The figures of a quota of requests per minute.

use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::figure::{Figures, Largest};
use super::level::{burst_level, deviation};
use crate::engine::TooLarge;
use crate::engine::assumptions::Assumptions;
use crate::engine::pool::Prepared;
use crate::engine::rounding::whole_up;
use crate::engine::slots::{Slots, by_group};
use crate::engine::sums::Sums;
use crate::units::{MILLIONTHS, QuotaAmount};

/// Requests of one slot: whole numbers over the pool's unit and a power of ten.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Requests {
    pub(in crate::engine) steady: BigInt,
    pub(in crate::engine) peak: BigInt,
    pub(in crate::engine) dispersed: BigInt,
}

impl Requests {
    /// What a class adds.
    pub(in crate::engine) fn of_class(prepared: &Prepared, sums: &[Sums], index: usize) -> Self {
        let (class, sums) = (&prepared.classes[index], &sums[index]);
        Self {
            steady: &class.rate_factor * sums.requests,
            peak: &class.peak_factor * sums.peak_requests,
            dispersed: &class.peak_factor * sums.dispersed_requests,
        }
    }

    pub(in crate::engine) fn add(&mut self, other: &Self) {
        self.steady += &other.steady;
        self.peak += &other.peak;
        self.dispersed += &other.dispersed;
    }
}

/// What the figures of a requests-per-minute quota are computed by.
pub(in crate::engine) struct RequestTerms {
    pub(in crate::engine) unit: BigInt,
    /// In 10^-12: the unit of the headroom, too.
    pub(in crate::engine) fine: BigInt,
    headroom: BigInt,
    z: f64,
}

/// The figures of one slot.
pub(in crate::engine) struct RequestsAt {
    steady: QuotaAmount,
    peak: QuotaAmount,
    formula: QuotaAmount,
    burst: QuotaAmount,
}

impl RequestsAt {
    pub(in crate::engine) fn required(&self) -> QuotaAmount {
        self.formula.max(self.burst)
    }
}

impl RequestTerms {
    /// Of pools whose factors have this unit.
    pub(in crate::engine) fn new(unit: &BigInt, assumptions: &Assumptions) -> Self {
        let unit = unit * MILLIONTHS;
        Self {
            fine: &unit * MILLIONTHS,
            unit,
            headroom: BigInt::from(MILLIONTHS + assumptions.config.headroom.millionths()),
            z: assumptions.z(),
        }
    }

    /// `None` where a figure passes 10^18.
    pub(in crate::engine) fn at(&self, level: &Requests) -> Option<RequestsAt> {
        // Without demand there is no next request to leave room for.
        let room = if level.peak.is_zero() { BigInt::zero() } else { BigInt::one() };
        let deviation = deviation(&level.dispersed, &self.fine);
        let burst = burst_level((&level.peak, &self.unit), self.z * deviation, (room, &BigInt::one()))?;
        Some(RequestsAt {
            steady: whole_up(&level.steady, &self.unit)?,
            peak: whole_up(&level.peak, &self.unit)?,
            formula: whole_up(&(&level.peak * &self.headroom), &self.fine)?,
            burst,
        })
    }
}

/// Figures of a requests-per-minute quota.
pub(super) fn requests_per_minute(
    prepared: &Prepared,
    slots: &Slots,
    sums: &[Sums],
    assumptions: &Assumptions,
) -> Result<Figures, TooLarge> {
    let terms = RequestTerms::new(&prepared.unit, assumptions);
    let mut largest = Largest::default();
    let of_class = |index: usize| Requests::of_class(prepared, sums, index);
    for (slot, level) in slots.sums(by_group(prepared, of_class, Requests::add), Requests::add) {
        let RequestsAt { steady, peak, formula, burst } = terms.at(&level).ok_or(TooLarge { row: None })?;
        largest.steady = largest.steady.max(steady);
        largest.peak = largest.peak.max(peak);
        largest.formula = largest.formula.max(formula);
        largest.burst = largest.burst.max(Some(burst));
        let required = formula.max(burst);
        if largest.required.is_none_or(|(so_far, _)| required > so_far) {
            largest.required = Some((required, slot));
        }
    }
    Ok(largest.finish())
}
