//! The figures of a quota of tokens per minute.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::figure::{Figures, Largest};
use super::level::{burst_level, deviation, shared, ten_to, wide};
use crate::engine::TooLarge;
use crate::engine::assumptions::Assumptions;
use crate::engine::pool::Prepared;
use crate::engine::rounding::whole_up;
use crate::engine::slots::{Slot, Slots, by_group};
use crate::engine::sums::Sums;
use crate::units::{MILLIONTHS, QuotaAmount};

/// The totals of one slot, exact: whole numbers in the units of [`Units`].
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Totals {
    pub(in crate::engine) steady: BigInt,
    pub(in crate::engine) peak: BigInt,
    pub(in crate::engine) in_flight: BigInt,
    pub(in crate::engine) variance: BigInt,
    /// In millionths.
    pub(in crate::engine) largest_reservation: u128,
    pub(in crate::engine) unknown_reservation: bool,
}

/// What the totals of a pool are divided by, the same for all of its slots.
pub(in crate::engine) struct Units {
    /// Of `steady` and `peak`.
    pub(in crate::engine) tokens: BigInt,
    pub(in crate::engine) in_flight: BigInt,
    pub(in crate::engine) variance: BigInt,
}

impl Units {
    /// Of pools whose factors have this unit and whose occupancies this denominator.
    pub(in crate::engine) fn new(unit: &BigInt, occupancy: &BigInt) -> Self {
        let tokens = unit * ten_to(12);
        Self { in_flight: &tokens * occupancy, variance: unit * ten_to(24) * occupancy * occupancy, tokens }
    }
}

impl Totals {
    /// What a class adds; the denominators of all occupancies divide `occupancy`.
    pub(in crate::engine) fn of_class(
        prepared: &Prepared,
        sums: &[Sums],
        index: usize,
        occupancy: &BigInt,
    ) -> Self {
        let (class, sums) = (&prepared.classes[index], &sums[index]);
        let times = occupancy / class.occupancy_denominator;
        let mut variance = wide(sums.spread) * MILLIONTHS * &times * occupancy;
        if sums.bunching != sums.evenness {
            // A variance stays one: the square of a mean is never above the mean of the squares.
            variance += (wide(sums.bunching) - wide(sums.evenness)) * &times * &times;
        }
        Self {
            steady: &class.rate_factor * sums.steady,
            peak: &class.peak_factor * sums.peak,
            in_flight: (occupancy * sums.peak + wide(sums.held) * &times) * &class.peak_factor,
            variance: variance * &class.peak_factor,
            largest_reservation: sums.largest_reservation,
            unknown_reservation: sums.unknown_reservation,
        }
    }

    pub(in crate::engine) fn add(&mut self, other: &Self) {
        self.steady += &other.steady;
        self.peak += &other.peak;
        self.in_flight += &other.in_flight;
        self.variance += &other.variance;
        self.largest_reservation = self.largest_reservation.max(other.largest_reservation);
        self.unknown_reservation |= other.unknown_reservation;
    }

    /// `Σ p·(S + φ·D)`; `None` where a reservation is not known.
    pub(in crate::engine) fn in_flight(&self, units: &Units) -> Option<BigRational> {
        (!self.unknown_reservation).then(|| BigRational::new(self.in_flight.clone(), units.in_flight.clone()))
    }

    /// `√V`.
    pub(in crate::engine) fn deviation(&self, units: &Units) -> f64 {
        deviation(&self.variance, &units.variance)
    }
}

/// The totals of each slot, and what they are divided by.
pub(in crate::engine) fn totals(
    prepared: &Prepared,
    sums: &[Sums],
    slots: &Slots,
) -> (Units, impl Iterator<Item = (Slot, Totals)>) {
    let occupancy = shared(prepared.classes.iter().map(|class| class.occupancy_denominator));
    let of_class = |index: usize| Totals::of_class(prepared, sums, index, &occupancy);
    let units = Units::new(&prepared.unit, &occupancy);
    (units, slots.sums(by_group(prepared, of_class, Totals::add), Totals::add))
}

/// What the figures of a tokens-per-minute quota are computed by.
pub(in crate::engine) struct TokenTerms {
    pub(in crate::engine) units: Units,
    headroom: BigInt,
    /// The unit of a peak with its headroom.
    with_headroom: BigInt,
    z: f64,
}

/// The figures of one slot.
pub(in crate::engine) struct TokensAt {
    steady: QuotaAmount,
    peak: QuotaAmount,
    formula: QuotaAmount,
    /// In flight and burst; `None` where a reservation is not known.
    reservation: Option<(QuotaAmount, QuotaAmount)>,
}

impl TokensAt {
    /// `None` where a reservation is not known.
    pub(in crate::engine) fn required(&self) -> Option<QuotaAmount> {
        self.reservation.map(|(_, burst)| burst.max(self.formula))
    }
}

impl TokenTerms {
    pub(in crate::engine) fn new(units: Units, assumptions: &Assumptions) -> Self {
        Self {
            headroom: BigInt::from(MILLIONTHS + assumptions.config.headroom.millionths()),
            with_headroom: &units.tokens * MILLIONTHS,
            z: assumptions.z(),
            units,
        }
    }

    /// `None` where a figure passes 10^18.
    pub(in crate::engine) fn at(&self, level: &Totals) -> Option<TokensAt> {
        let units = &self.units;
        let reservation = if level.unknown_reservation {
            None
        } else {
            let in_flight = whole_up(&level.in_flight, &units.in_flight)?;
            let mean = (&level.in_flight, &units.in_flight);
            let room = (level.largest_reservation.into(), &BigInt::from(MILLIONTHS));
            Some((in_flight, burst_level(mean, self.z * level.deviation(units), room)?))
        };
        Some(TokensAt {
            steady: whole_up(&level.steady, &units.tokens)?,
            peak: whole_up(&level.peak, &units.tokens)?,
            formula: whole_up(&(&level.peak * &self.headroom), &self.with_headroom)?,
            reservation,
        })
    }
}

/// Figures of a tokens-per-minute quota; `halved` takes half of every rate.
pub(in crate::engine) fn tokens_per_minute(
    prepared: &Prepared,
    slots: &Slots,
    sums: &[Sums],
    assumptions: &Assumptions,
    halved: bool,
) -> Result<Figures, TooLarge> {
    let mut largest = Largest::default();
    let (mut units, levels) = totals(prepared, sums, slots);
    if halved {
        for unit in [&mut units.tokens, &mut units.in_flight, &mut units.variance] {
            *unit *= 2_u8;
        }
    }
    let terms = TokenTerms::new(units, assumptions);
    for (slot, level) in levels {
        let TokensAt { steady, peak, formula, reservation } =
            terms.at(&level).ok_or(TooLarge { row: None })?;
        largest.steady = largest.steady.max(steady);
        largest.formula = largest.formula.max(formula);
        if largest.peak_slot.is_none() || peak > largest.peak {
            largest.peak = peak;
            largest.peak_slot = Some(slot);
        }
        let Some((in_flight, burst)) = reservation else {
            largest.unknown = true;
            continue;
        };
        largest.in_flight = largest.in_flight.max(Some(in_flight));
        largest.burst = largest.burst.max(Some(burst));
        let required = formula.max(burst);
        if largest.required.is_none_or(|(so_far, _)| required > so_far) {
            largest.required = Some((required, slot));
        }
    }
    Ok(largest.finish())
}
