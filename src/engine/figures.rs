//! From the sums of a pool to the figures of a quota (sizing notes, section 2).

use std::collections::HashMap;

use ethnum::U256;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, ToPrimitive, Zero};

use super::TooLarge;
use super::assumptions::Assumptions;
use super::pool::Prepared;
use super::rounding::whole_up;
use super::slots::{Slot, Slots, by_group};
use super::sums::Sums;
use crate::units::{MILLIONTHS, QuotaAmount};
use crate::workload::Symbol;

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

/// 10^power.
fn ten_to(power: u32) -> BigInt {
    BigInt::from(10_u8).pow(power)
}

pub(super) fn wide(value: U256) -> BigInt {
    BigInt::from(BigUint::from_bytes_be(&value.to_be_bytes()))
}

/// The totals of one slot, exact: whole numbers in the units of [`Units`].
#[derive(Debug, Clone, Default)]
pub(super) struct Totals {
    pub(super) steady: BigInt,
    pub(super) peak: BigInt,
    in_flight: BigInt,
    variance: BigInt,
    /// In millionths.
    pub(super) largest_reservation: u128,
    unknown_reservation: bool,
}

/// What the totals of a pool are divided by, the same for all of its slots.
pub(super) struct Units {
    /// Of `steady` and `peak`.
    pub(super) tokens: BigInt,
    in_flight: BigInt,
    variance: BigInt,
}

impl Totals {
    fn add(&mut self, other: &Self) {
        self.steady += &other.steady;
        self.peak += &other.peak;
        self.in_flight += &other.in_flight;
        self.variance += &other.variance;
        self.largest_reservation = self.largest_reservation.max(other.largest_reservation);
        self.unknown_reservation |= other.unknown_reservation;
    }

    /// `Σ p·(S + φ·D)`; `None` where a reservation is not known.
    pub(super) fn in_flight(&self, units: &Units) -> Option<BigRational> {
        (!self.unknown_reservation).then(|| BigRational::new(self.in_flight.clone(), units.in_flight.clone()))
    }

    /// `√V`.
    pub(super) fn deviation(&self, units: &Units) -> f64 {
        deviation(&self.variance, &units.variance)
    }
}

/// The root of a variance over its unit: the same float whether the fraction is reduced or not.
fn deviation(variance: &BigInt, unit: &BigInt) -> f64 {
    let variance = BigRational::new_raw(variance.clone(), unit.clone());
    libm::sqrt(variance.to_f64().unwrap_or(f64::MAX).max(0.0))
}

/// The totals of each slot, and what they are divided by.
pub(super) fn totals(
    prepared: &Prepared,
    sums: &[Sums],
    slots: &Slots,
) -> (Units, impl Iterator<Item = (Slot, Totals)>) {
    // The denominators of all classes' occupancies at once: there are one or two.
    let mut denominators: Vec<u128> =
        prepared.classes.iter().map(|class| class.occupancy_denominator).collect();
    denominators.sort_unstable();
    denominators.dedup();
    let occupancy = denominators.iter().fold(BigInt::one(), |all, own| all.lcm(&BigInt::from(*own)));
    let million = BigInt::from(MILLIONTHS);
    let of_class = |index: usize| {
        let (class, sums) = (&prepared.classes[index], &sums[index]);
        let times = &occupancy / class.occupancy_denominator;
        let mut variance = wide(sums.spread) * &million * &times * &occupancy;
        if sums.bunching != sums.evenness {
            // A variance stays one: the square of a mean is never above the mean of the squares.
            variance += (wide(sums.bunching) - wide(sums.evenness)) * &times * &times;
        }
        Totals {
            steady: &class.rate_factor * sums.steady,
            peak: &class.peak_factor * sums.peak,
            in_flight: (&occupancy * sums.peak + wide(sums.held) * &times) * &class.peak_factor,
            variance: variance * &class.peak_factor,
            largest_reservation: sums.largest_reservation,
            unknown_reservation: sums.unknown_reservation,
        }
    };
    let tokens = &prepared.unit * ten_to(12);
    let units = Units {
        in_flight: &tokens * &occupancy,
        variance: &prepared.unit * ten_to(24) * &occupancy * &occupancy,
        tokens,
    };
    (units, slots.sums(by_group(prepared, of_class, Totals::add), Totals::add))
}

/// `mean + z·deviation + room`, rounded up; the mean and the room over their units.
fn burst_level(mean: (&BigInt, &BigInt), z_deviations: f64, room: (BigInt, &BigInt)) -> Option<QuotaAmount> {
    let spread = BigRational::from_f64(z_deviations)?;
    let (mean, mean_unit) = mean;
    let (room, room_unit) = room;
    let over = |value: BigInt, by: &BigInt, and: &BigInt| value * by * and;
    let sum = over(mean.clone(), spread.denom(), room_unit)
        + over(spread.numer().clone(), mean_unit, room_unit)
        + over(room, mean_unit, spread.denom());
    whole_up(&sum, &(mean_unit * spread.denom() * room_unit))
}

/// The slots' figures so far, figure by figure.
#[derive(Default)]
struct Largest {
    steady: QuotaAmount,
    peak: QuotaAmount,
    peak_slot: Option<Slot>,
    in_flight: Option<QuotaAmount>,
    burst: Option<QuotaAmount>,
    required: Option<(QuotaAmount, Slot)>,
    unknown: bool,
    formula: QuotaAmount,
}

impl Largest {
    fn finish(self) -> Figures {
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

/// Figures of a tokens-per-minute quota; `halved` takes half of every rate.
pub(super) fn tokens_per_minute(
    prepared: &Prepared,
    slots: &Slots,
    sums: &[Sums],
    assumptions: &Assumptions,
    halved: bool,
) -> Result<Figures, TooLarge> {
    let headroom = BigInt::from(MILLIONTHS + assumptions.headroom.millionths());
    let million = BigInt::from(MILLIONTHS);
    let z = assumptions.z();
    let mut largest = Largest::default();
    let (mut units, levels) = totals(prepared, sums, slots);
    if halved {
        for unit in [&mut units.tokens, &mut units.in_flight, &mut units.variance] {
            *unit *= 2_u8;
        }
    }
    let with_headroom = &units.tokens * &million;
    for (slot, level) in levels {
        let figures = || {
            let steady = whole_up(&level.steady, &units.tokens)?;
            let peak = whole_up(&level.peak, &units.tokens)?;
            let formula = whole_up(&(&level.peak * &headroom), &with_headroom)?;
            let reservation = if level.unknown_reservation {
                None
            } else {
                let in_flight = whole_up(&level.in_flight, &units.in_flight)?;
                let mean = (&level.in_flight, &units.in_flight);
                let burst = burst_level(
                    mean,
                    z * level.deviation(&units),
                    (level.largest_reservation.into(), &million),
                )?;
                Some((in_flight, burst))
            };
            Some((steady, peak, formula, reservation))
        };
        let (steady, peak, formula, reservation) = figures().ok_or(TooLarge { row: None })?;
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

/// Requests of one slot: whole numbers over the pool's unit and a power of ten.
#[derive(Debug, Clone, Default)]
struct Requests {
    steady: BigInt,
    peak: BigInt,
    dispersed: BigInt,
}

impl Requests {
    fn add(&mut self, other: &Self) {
        self.steady += &other.steady;
        self.peak += &other.peak;
        self.dispersed += &other.dispersed;
    }
}

/// Figures of a requests-per-minute quota.
pub(super) fn requests_per_minute(
    prepared: &Prepared,
    slots: &Slots,
    sums: &[Sums],
    assumptions: &Assumptions,
) -> Result<Figures, TooLarge> {
    let headroom = BigInt::from(MILLIONTHS + assumptions.headroom.millionths());
    let z = assumptions.z();
    let mut largest = Largest::default();
    let of_class = |index: usize| {
        let (class, sums) = (&prepared.classes[index], &sums[index]);
        Requests {
            steady: &class.rate_factor * sums.requests,
            peak: &class.peak_factor * sums.peak_requests,
            dispersed: &class.peak_factor * sums.dispersed_requests,
        }
    };
    let unit = &prepared.unit * MILLIONTHS;
    // In 10^-12: the unit of the headroom, too.
    let fine = &unit * MILLIONTHS;
    for (slot, level) in slots.sums(by_group(prepared, of_class, Requests::add), Requests::add) {
        let figures = || {
            // Without demand there is no next request to leave room for.
            let room = if level.peak.is_zero() { BigInt::zero() } else { BigInt::one() };
            let deviation = deviation(&level.dispersed, &fine);
            let burst = burst_level((&level.peak, &unit), z * deviation, (room, &BigInt::one()))?;
            Some((
                whole_up(&level.steady, &unit)?,
                whole_up(&level.peak, &unit)?,
                whole_up(&(&level.peak * &headroom), &fine)?,
                burst,
            ))
        };
        let (steady, peak, formula, burst) = figures().ok_or(TooLarge { row: None })?;
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

/// Figures of a tokens-per-day quota: each period's whole day, `required = steady·(1 + headroom)`.
pub(super) fn tokens_per_day(
    prepared: &Prepared,
    sums: &[Sums],
    assumptions: &Assumptions,
) -> Result<Figures, TooLarge> {
    let headroom = BigInt::from(MILLIONTHS + assumptions.headroom.millionths());
    let unit = &prepared.unit * ten_to(12);
    let with_headroom = &unit * MILLIONTHS;
    // Steady and peak of a day, by period; rows without one are in each.
    let mut days: HashMap<Option<Symbol>, (BigInt, BigInt), foldhash::fast::FixedState> = HashMap::default();
    for (class, sums) in prepared.classes.iter().zip(sums) {
        let minutes = 60 * class.hours.count();
        let day = days.entry(class.period).or_default();
        day.0 += &class.rate_factor * sums.steady * minutes;
        day.1 += &class.peak_factor * sums.peak * minutes;
    }
    let always = days.remove(&None).unwrap_or_default();
    let mut figures: Option<Figures> = None;
    for &period in &prepared.periods {
        let (mut steady_exact, mut peak_exact) = always.clone();
        if let Some((steady, peak)) = days.get(&period) {
            steady_exact += steady;
            peak_exact += peak;
        }
        let of_period = || {
            Some(Figures {
                steady: whole_up(&steady_exact, &unit)?,
                peak: whole_up(&peak_exact, &unit)?,
                in_flight: None,
                burst: None,
                formula: None,
                required: Some(whole_up(&(&steady_exact * &headroom), &with_headroom)?),
                slot: Slot { period, hour: None },
            })
        };
        let new = of_period().ok_or(TooLarge { row: None })?;
        figures = Some(match figures {
            None => new,
            Some(old) => Figures {
                steady: old.steady.max(new.steady),
                peak: old.peak.max(new.peak),
                required: old.required.max(new.required),
                slot: if new.required > old.required { new.slot } else { old.slot },
                ..old
            },
        });
    }
    figures.ok_or(TooLarge { row: None })
}
