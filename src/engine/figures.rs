//! From the sums of a pool to the figures of a quota (sizing notes, section 2).

use ethnum::U256;
use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, ToPrimitive, Zero};

use super::TooLarge;
use super::assumptions::Assumptions;
use super::pool::{Class, Prepared, exact};
use super::rounding::rounded_up;
use super::sums::Sums;
use crate::units::{MILLIONTHS, QuotaAmount};
use crate::workload::Symbol;

/// A period and an hour of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The period; `None` where the quota's rows name none.
    pub period: Option<Symbol>,
    /// The hour; `None` for a daily quota.
    pub hour: Option<u32>,
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

/// A slot and the classes active in it.
#[derive(Debug, Clone)]
pub(super) struct ActiveSlot {
    pub(super) slot: Slot,
    pub(super) classes: Vec<usize>,
}

/// The slots of a pool; of hours in which the same classes are active only the first is kept.
pub(super) fn slots(prepared: &Prepared) -> Vec<ActiveSlot> {
    let mut found: Vec<ActiveSlot> = Vec::new();
    for &period in &prepared.periods {
        let of_period = found.len();
        for hour in 0..24 {
            let active = |class: &Class| {
                (class.period.is_none() || class.period == period) && class.hours.contains(hour)
            };
            let indexed = prepared.classes.iter().enumerate();
            let classes: Vec<usize> =
                indexed.filter(|(_, class)| active(class)).map(|(index, _)| index).collect();
            if found[of_period..].iter().all(|other| other.classes != classes) {
                found.push(ActiveSlot { slot: Slot { period, hour: Some(hour) }, classes });
            }
        }
    }
    // In an hour without rows nothing is asked of the quota.
    if found.iter().any(|slot| !slot.classes.is_empty()) {
        found.retain(|slot| !slot.classes.is_empty());
    }
    found
}

/// 10^power as a rational's denominator.
fn ten_to(power: u32) -> BigInt {
    BigInt::from(10_u8).pow(power)
}

pub(super) fn wide(value: U256) -> BigInt {
    BigInt::from(BigUint::from_bytes_be(&value.to_be_bytes()))
}

/// The totals of one slot, exact.
pub(super) struct Totals {
    pub(super) steady: BigRational,
    pub(super) peak: BigRational,
    /// `None` where a reservation is not known.
    pub(super) in_flight: Option<BigRational>,
    pub(super) variance: BigRational,
    pub(super) largest_reservation: u128,
}

/// `√V`.
pub(super) fn deviation(variance: &BigRational) -> f64 {
    libm::sqrt(variance.to_f64().unwrap_or(f64::MAX).max(0.0))
}

/// Whether a class's factor is one, which most are.
fn times(factor: &BigRational, sum: BigRational) -> BigRational {
    if factor.is_one() { sum } else { factor * sum }
}

/// The totals of one slot.
pub(super) fn totals(prepared: &Prepared, sums: &[Sums], active: &ActiveSlot) -> Totals {
    let mut level = Totals {
        steady: BigRational::zero(),
        peak: BigRational::zero(),
        in_flight: Some(BigRational::zero()),
        variance: BigRational::zero(),
        largest_reservation: 0,
    };
    for &index in &active.classes {
        let (class, sums) = (&prepared.classes[index], &sums[index]);
        let denominator = BigInt::from(class.occupancy_denominator);
        let unit = ten_to(12);
        level.steady += times(&class.rate_factor, BigRational::new(sums.steady.into(), unit.clone()));
        level.peak += times(&class.peak_factor, BigRational::new(sums.peak.into(), unit.clone()));
        let in_flight = BigInt::from(sums.peak) * &denominator + wide(sums.held);
        let in_flight = times(&class.peak_factor, BigRational::new(in_flight, unit * &denominator));
        level.in_flight = level.in_flight.filter(|_| !sums.unknown_reservation).map(|sum| sum + in_flight);
        let spread = BigRational::new(wide(sums.spread), ten_to(18) * &denominator);
        level.variance += times(&class.peak_factor, spread);
        if sums.bunching != sums.evenness {
            // A variance stays one: the square of a mean is never above the mean of the squares.
            let squares = wide(sums.bunching) - wide(sums.evenness);
            let squares = BigRational::new(squares, ten_to(24) * &denominator * &denominator);
            level.variance += times(&class.peak_factor, squares);
        }
        level.largest_reservation = level.largest_reservation.max(sums.largest_reservation);
    }
    level
}

/// `mean + z·√variance + room`, rounded up.
fn burst_level(mean: BigRational, variance: &BigRational, z: f64, room: BigRational) -> Option<QuotaAmount> {
    rounded_up(&(mean + BigRational::from_f64(z * deviation(variance))? + room))
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
    slots: &[ActiveSlot],
    sums: &[Sums],
    assumptions: &Assumptions,
    halved: bool,
) -> Result<Figures, TooLarge> {
    let headroom = BigRational::one() + exact(assumptions.headroom);
    let z = assumptions.z();
    let mut largest = Largest::default();
    for active in slots {
        let level = totals(prepared, sums, active);
        let scale = |value: BigRational| {
            if halved { value / BigInt::from(2) } else { value }
        };
        let peak_exact = scale(level.peak);
        let figures = || {
            let steady = rounded_up(&scale(level.steady))?;
            let peak = rounded_up(&peak_exact)?;
            let formula = rounded_up(&(&peak_exact * &headroom))?;
            let reservation = match level.in_flight {
                None => None,
                Some(mean) => {
                    let mean = scale(mean);
                    let in_flight = rounded_up(&mean)?;
                    let room = BigRational::new(level.largest_reservation.into(), MILLIONTHS.into());
                    let burst = burst_level(mean, &scale(level.variance), z, room)?;
                    Some((in_flight, burst))
                }
            };
            Some((steady, peak, formula, reservation))
        };
        let (steady, peak, formula, reservation) = figures().ok_or(TooLarge { row: None })?;
        largest.steady = largest.steady.max(steady);
        largest.formula = largest.formula.max(formula);
        if largest.peak_slot.is_none() || peak > largest.peak {
            largest.peak = peak;
            largest.peak_slot = Some(active.slot);
        }
        let Some((in_flight, burst)) = reservation else {
            largest.unknown = true;
            continue;
        };
        largest.in_flight = largest.in_flight.max(Some(in_flight));
        largest.burst = largest.burst.max(Some(burst));
        let required = formula.max(burst);
        if largest.required.is_none_or(|(so_far, _)| required > so_far) {
            largest.required = Some((required, active.slot));
        }
    }
    Ok(largest.finish())
}

/// Figures of a requests-per-minute quota.
pub(super) fn requests_per_minute(
    prepared: &Prepared,
    slots: &[ActiveSlot],
    sums: &[Sums],
    assumptions: &Assumptions,
) -> Result<Figures, TooLarge> {
    let headroom = BigRational::one() + exact(assumptions.headroom);
    let z = assumptions.z();
    let mut largest = Largest::default();
    for active in slots {
        let total = |of: fn(&Sums) -> u128, factor: fn(&Class) -> &BigRational, power: u32| {
            active.classes.iter().fold(BigRational::zero(), |sum, &index| {
                let own = BigRational::new(of(&sums[index]).into(), ten_to(power));
                sum + times(factor(&prepared.classes[index]), own)
            })
        };
        let rate = total(|s| s.requests, |c| &c.rate_factor, 6);
        let peak_exact = total(|s| s.peak_requests, |c| &c.peak_factor, 6);
        let dispersed = total(|s| s.dispersed_requests, |c| &c.peak_factor, 12);
        let figures = || {
            // Without demand there is no next request to leave room for.
            let room = if peak_exact.is_zero() { BigRational::zero() } else { BigRational::one() };
            let burst = burst_level(peak_exact.clone(), &dispersed, z, room)?;
            Some((
                rounded_up(&rate)?,
                rounded_up(&peak_exact)?,
                rounded_up(&(&peak_exact * &headroom))?,
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
            largest.required = Some((required, active.slot));
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
    let headroom = BigRational::one() + exact(assumptions.headroom);
    let mut figures: Option<Figures> = None;
    for &period in &prepared.periods {
        let day = |of: fn(&Sums) -> u128, factor: fn(&Class) -> &BigRational| {
            let classes = prepared.classes.iter().zip(sums);
            let active = classes.filter(|(class, _)| class.period.is_none() || class.period == period);
            active.fold(BigRational::zero(), |sum, (class, sums)| {
                let minutes = BigInt::from(60 * class.hours.count());
                sum + times(factor(class), BigRational::new(BigInt::from(of(sums)) * minutes, ten_to(12)))
            })
        };
        let steady_exact = day(|s| s.steady, |c| &c.rate_factor);
        let peak_exact = day(|s| s.peak, |c| &c.peak_factor);
        let of_period = || {
            Some(Figures {
                steady: rounded_up(&steady_exact)?,
                peak: rounded_up(&peak_exact)?,
                in_flight: None,
                burst: None,
                formula: None,
                required: Some(rounded_up(&(&steady_exact * &headroom))?),
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
