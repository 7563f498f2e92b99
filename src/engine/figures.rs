//! From the sums of a pool to the figures of a quota (guide/sizing.md, section 2).

use std::collections::HashMap;

use ethnum::U256;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, ToPrimitive, Zero};

use super::TooLarge;
use super::assumptions::Assumptions;
use super::pool::{Class, Prepared};
use super::rounding::whole_up;
use super::slots::{Slot, Slots, by_group};
use super::sums::Sums;
use crate::units::{MILLIONTHS, QuotaAmount, QuotaKind};
use crate::workload::Symbol;

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

/// The figures of a quota of a kind.
///
/// # Errors
/// [`TooLarge`] above 10^18.
pub(super) fn of_kind(
    kind: QuotaKind,
    prepared: &Prepared,
    slots: &Slots,
    sums: &[Sums],
    assumptions: &Assumptions,
) -> Result<Figures, TooLarge> {
    match kind {
        QuotaKind::Tpm => tokens_per_minute(prepared, slots, sums, assumptions, false),
        QuotaKind::Rpm => requests_per_minute(prepared, slots, sums, assumptions),
        QuotaKind::Tpd => tokens_per_day(prepared, sums, assumptions),
    }
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
    pub(super) in_flight: BigInt,
    pub(super) variance: BigInt,
    /// In millionths.
    pub(super) largest_reservation: u128,
    pub(super) unknown_reservation: bool,
}

/// What the totals of a pool are divided by, the same for all of its slots.
pub(super) struct Units {
    /// Of `steady` and `peak`.
    pub(super) tokens: BigInt,
    pub(super) in_flight: BigInt,
    pub(super) variance: BigInt,
}

impl Units {
    /// Of pools whose factors have this unit and whose occupancies this denominator.
    pub(super) fn new(unit: &BigInt, occupancy: &BigInt) -> Self {
        let tokens = unit * ten_to(12);
        Self { in_flight: &tokens * occupancy, variance: unit * ten_to(24) * occupancy * occupancy, tokens }
    }
}

impl Totals {
    /// What a class adds; the denominators of all occupancies divide `occupancy`.
    pub(super) fn of_class(prepared: &Prepared, sums: &[Sums], index: usize, occupancy: &BigInt) -> Self {
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

    pub(super) fn add(&mut self, other: &Self) {
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
    let occupancy = shared(prepared.classes.iter().map(|class| class.occupancy_denominator));
    let of_class = |index: usize| Totals::of_class(prepared, sums, index, &occupancy);
    let units = Units::new(&prepared.unit, &occupancy);
    (units, slots.sums(by_group(prepared, of_class, Totals::add), Totals::add))
}

/// A denominator for all of these at once: there are one or two.
pub(super) fn shared(denominators: impl Iterator<Item = u128>) -> BigInt {
    let mut denominators: Vec<u128> = denominators.collect();
    denominators.sort_unstable();
    denominators.dedup();
    denominators.iter().fold(BigInt::one(), |all, own| all.lcm(&BigInt::from(*own)))
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

/// What the figures of a tokens-per-minute quota are computed by.
pub(super) struct TokenTerms {
    pub(super) units: Units,
    headroom: BigInt,
    /// The unit of a peak with its headroom.
    with_headroom: BigInt,
    z: f64,
}

/// The figures of one slot.
pub(super) struct TokensAt {
    steady: QuotaAmount,
    peak: QuotaAmount,
    formula: QuotaAmount,
    /// In flight and burst; `None` where a reservation is not known.
    reservation: Option<(QuotaAmount, QuotaAmount)>,
}

impl TokensAt {
    /// `None` where a reservation is not known.
    pub(super) fn required(&self) -> Option<QuotaAmount> {
        self.reservation.map(|(_, burst)| burst.max(self.formula))
    }
}

impl TokenTerms {
    pub(super) fn new(units: Units, assumptions: &Assumptions) -> Self {
        Self {
            headroom: BigInt::from(MILLIONTHS + assumptions.config.headroom.millionths()),
            with_headroom: &units.tokens * MILLIONTHS,
            z: assumptions.z(),
            units,
        }
    }

    /// `None` where a figure passes 10^18.
    pub(super) fn at(&self, level: &Totals) -> Option<TokensAt> {
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
pub(super) fn tokens_per_minute(
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

/// Requests of one slot: whole numbers over the pool's unit and a power of ten.
#[derive(Debug, Clone, Default)]
pub(super) struct Requests {
    pub(super) steady: BigInt,
    pub(super) peak: BigInt,
    pub(super) dispersed: BigInt,
}

impl Requests {
    /// What a class adds.
    pub(super) fn of_class(prepared: &Prepared, sums: &[Sums], index: usize) -> Self {
        let (class, sums) = (&prepared.classes[index], &sums[index]);
        Self {
            steady: &class.rate_factor * sums.requests,
            peak: &class.peak_factor * sums.peak_requests,
            dispersed: &class.peak_factor * sums.dispersed_requests,
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.steady += &other.steady;
        self.peak += &other.peak;
        self.dispersed += &other.dispersed;
    }
}

/// What the figures of a requests-per-minute quota are computed by.
pub(super) struct RequestTerms {
    pub(super) unit: BigInt,
    /// In 10^-12: the unit of the headroom, too.
    pub(super) fine: BigInt,
    headroom: BigInt,
    z: f64,
}

/// The figures of one slot.
pub(super) struct RequestsAt {
    steady: QuotaAmount,
    peak: QuotaAmount,
    formula: QuotaAmount,
    burst: QuotaAmount,
}

impl RequestsAt {
    pub(super) fn required(&self) -> QuotaAmount {
        self.formula.max(self.burst)
    }
}

impl RequestTerms {
    /// Of pools whose factors have this unit.
    pub(super) fn new(unit: &BigInt, assumptions: &Assumptions) -> Self {
        let unit = unit * MILLIONTHS;
        Self {
            fine: &unit * MILLIONTHS,
            unit,
            headroom: BigInt::from(MILLIONTHS + assumptions.config.headroom.millionths()),
            z: assumptions.z(),
        }
    }

    /// `None` where a figure passes 10^18.
    pub(super) fn at(&self, level: &Requests) -> Option<RequestsAt> {
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

/// What the figures of a tokens-per-day quota are computed by.
pub(super) struct DayTerms {
    unit: BigInt,
    headroom: BigInt,
    with_headroom: BigInt,
}

impl DayTerms {
    /// Of pools whose factors have this unit.
    pub(super) fn new(unit: &BigInt, assumptions: &Assumptions) -> Self {
        let unit = unit * ten_to(12);
        Self {
            headroom: BigInt::from(MILLIONTHS + assumptions.config.headroom.millionths()),
            with_headroom: &unit * MILLIONTHS,
            unit,
        }
    }

    /// Steady, peak and required of one day; `None` where one passes 10^18.
    pub(super) fn at(
        &self,
        steady: &BigInt,
        peak: &BigInt,
    ) -> Option<(QuotaAmount, QuotaAmount, QuotaAmount)> {
        let required = whole_up(&(steady * &self.headroom), &self.with_headroom)?;
        Some((whole_up(steady, &self.unit)?, whole_up(peak, &self.unit)?, required))
    }
}

/// What a class adds to a day: steady and peak.
pub(super) fn of_a_day(class: &Class, sums: &Sums) -> (BigInt, BigInt) {
    let minutes = 60 * class.hours.count();
    (&class.rate_factor * sums.steady * minutes, &class.peak_factor * sums.peak * minutes)
}

/// Figures of a tokens-per-day quota: each period's whole day, `required = steady·(1 + headroom)`.
pub(super) fn tokens_per_day(
    prepared: &Prepared,
    sums: &[Sums],
    assumptions: &Assumptions,
) -> Result<Figures, TooLarge> {
    let terms = DayTerms::new(&prepared.unit, assumptions);
    // Steady and peak of a day, by period; rows without one are in each.
    let mut days: HashMap<Option<Symbol>, (BigInt, BigInt), foldhash::fast::FixedState> = HashMap::default();
    for (class, sums) in prepared.classes.iter().zip(sums) {
        let (steady, peak) = of_a_day(class, sums);
        let day = days.entry(class.period).or_default();
        day.0 += steady;
        day.1 += peak;
    }
    let always = days.remove(&None).unwrap_or_default();
    let mut figures: Option<Figures> = None;
    for &period in &prepared.periods {
        let (mut steady_exact, mut peak_exact) = always.clone();
        if let Some((steady, peak)) = days.get(&period) {
            steady_exact += steady;
            peak_exact += peak;
        }
        let (steady, peak, required) = terms.at(&steady_exact, &peak_exact).ok_or(TooLarge { row: None })?;
        let new = Figures {
            steady,
            peak,
            in_flight: None,
            burst: None,
            formula: None,
            required: Some(required),
            slot: Slot { period, hour: None },
        };
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
