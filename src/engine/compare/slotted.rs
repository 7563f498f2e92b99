//! The sums of a pool, kept so that one more row can be added to them.
//!
//! Sums are kept for each set of hours in which the same rows are active. A row adds to the sums of its own
//! hours, exactly, and nowhere else; a requirement grows with its sums, so only these are to be judged again.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::catalog::ModelIndex;
use crate::engine::assumptions::PlanInput;
use crate::engine::figures::{DayTerms, RequestTerms, Requests, TokenTerms, Totals, Units, shared};
use crate::engine::growth::Growth;
use crate::engine::pool::{Prepared, occupancy_denominators};
use crate::engine::slots::by_group;
use crate::engine::sums::Variant;
use crate::units::{MILLIONTHS, QuotaAmount};
use crate::workload::{Hours, Symbol};

/// The hours of a day, one bit each.
const ALL_DAY: u32 = 0xff_ffff;

/// Near 10^18, where figures end, the long way says what is too large.
const LARGE: f64 = 1e17;

/// Far more than what floats lose: sums that are less by this share need less, too.
const CLEARLY_LESS: f64 = 1.0 - 1e-9;

/// What all pools of a model are computed by.
pub(super) struct Terms {
    pub(super) variant: Variant,
    /// A denominator for the occupancies of all rows.
    pub(super) occupancy: BigInt,
    tokens: TokenTerms,
    requests: RequestTerms,
    pub(super) days: DayTerms,
    headroom: f64,
    z: f64,
}

impl Terms {
    pub(super) fn new(input: &PlanInput<'_>, model: ModelIndex, growth: &Growth) -> Self {
        let assumptions = input.assumptions;
        let (unit, rate) =
            (growth.unit(), input.catalog.model(model).rate_as_of(assumptions.rates_as_of).rate);
        let occupancy = shared(occupancy_denominators(assumptions, model).into_iter());
        Self {
            variant: Variant::plain(rate, assumptions.config.reserve_cache_reads),
            tokens: TokenTerms::new(Units::new(&unit, &occupancy), assumptions),
            occupancy,
            requests: RequestTerms::new(&unit, assumptions),
            days: DayTerms::new(&unit, assumptions),
            headroom: 1.0 + assumptions.config.headroom.to_f64(),
            z: assumptions.z(),
        }
    }
}

/// Sums in floats: what cannot be the largest is not computed exactly.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RoughSums {
    steady: f64,
    peak: f64,
    mean: f64,
    variance: f64,
    room: f64,
    /// Whether a reservation is not known.
    is_unknown: bool,
}

impl RoughSums {
    fn plus(self, other: Self) -> Self {
        Self {
            steady: self.steady + other.steady,
            peak: self.peak + other.peak,
            mean: self.mean + other.mean,
            variance: self.variance + other.variance,
            room: self.room.max(other.room),
            is_unknown: self.is_unknown || other.is_unknown,
        }
    }

    fn required(self, terms: &Terms) -> f64 {
        let burst = self.mean + terms.z * libm::sqrt(self.variance.max(0.0)) + self.room;
        burst.max(self.peak * terms.headroom)
    }
}

fn over(value: &BigInt, unit: &BigInt) -> f64 {
    BigRational::new_raw(value.clone(), unit.clone()).to_f64().unwrap_or(f64::INFINITY)
}

/// Sums of the rows that are active together.
pub(super) trait SlotSums: Clone + Default {
    fn add(&mut self, other: &Self);
    fn rough(&self, terms: &Terms) -> RoughSums;
    /// What they require where all reservations are known; `None` where a figure passes 10^18.
    fn required(&self, terms: &Terms) -> Option<QuotaAmount>;
}

impl SlotSums for Totals {
    fn add(&mut self, other: &Self) {
        Self::add(self, other);
    }

    #[allow(clippy::cast_precision_loss)]
    fn rough(&self, terms: &Terms) -> RoughSums {
        let units = &terms.tokens.units;
        RoughSums {
            steady: over(&self.steady, &units.tokens),
            peak: over(&self.peak, &units.tokens),
            mean: over(&self.in_flight, &units.in_flight),
            variance: over(&self.variance, &units.variance),
            room: self.largest_reservation as f64 / MILLIONTHS as f64,
            is_unknown: self.unknown_reservation,
        }
    }

    fn required(&self, terms: &Terms) -> Option<QuotaAmount> {
        terms.tokens.at(self)?.required()
    }
}

impl SlotSums for Requests {
    fn add(&mut self, other: &Self) {
        Self::add(self, other);
    }

    fn rough(&self, terms: &Terms) -> RoughSums {
        let peak = over(&self.peak, &terms.requests.unit);
        RoughSums {
            steady: over(&self.steady, &terms.requests.unit),
            peak,
            mean: peak,
            variance: over(&self.dispersed, &terms.requests.fine),
            room: 1.0,
            is_unknown: false,
        }
    }

    fn required(&self, terms: &Terms) -> Option<QuotaAmount> {
        terms.requests.at(self).map(|figures| figures.required())
    }
}

/// Hours in which the same rows are active, with their sums.
#[derive(Clone)]
struct Slot<T> {
    hours: u32,
    sums: T,
    rough: RoughSums,
}

/// What rows that are active together add.
pub(super) struct Share<T> {
    hours: u32,
    sums: T,
    rough: RoughSums,
}

impl<T: SlotSums> Share<T> {
    pub(super) fn new(hours: Hours, sums: T, terms: &Terms) -> Self {
        let rough = sums.rough(terms);
        let bits = (0..24).filter(|hour| hours.contains(*hour)).fold(0, |bits, hour| bits | 1 << hour);
        Self { hours: bits, sums, rough }
    }
}

/// The sums of a pool, hour by hour.
pub(super) struct Slotted<T> {
    /// Of the rows without a period, over the whole day.
    always: Vec<Slot<T>>,
    /// The groups of each period, which are active besides.
    own: BTreeMap<Symbol, Vec<Share<T>>>,
    /// What the pool requires as it is; `None` where a reservation is not known.
    required: Option<QuotaAmount>,
}

/// Adds a share, and divides the slots that are not wholly within its hours.
fn add<T: SlotSums>(slots: &mut Vec<Slot<T>>, share: &Share<T>) {
    for at in 0..slots.len() {
        let Some(slot) = slots.get_mut(at).filter(|slot| slot.hours & share.hours != 0) else { continue };
        let outside = slot.hours & !share.hours;
        let rest = (outside != 0).then(|| Slot { hours: outside, ..slot.clone() });
        slot.hours &= share.hours;
        slot.sums.add(&share.sums);
        slot.rough = slot.rough.plus(share.rough);
        slots.extend(rest);
    }
}

/// The largest requirement of slots, `None` where a reservation is not known; nothing where a figure may pass
/// 10^18. A row that joins counts in the slots of its hours, and only these are judged.
fn largest<T: SlotSums>(
    slots: &[Slot<T>],
    joining: Option<&Share<T>>,
    terms: &Terms,
) -> Option<Option<QuotaAmount>> {
    let touched = slots.iter().filter(|slot| joining.is_none_or(|share| slot.hours & share.hours != 0));
    let with = |slot: &Slot<T>| joining.map_or(slot.rough, |share| slot.rough.plus(share.rough));
    let judged: Vec<(RoughSums, f64, &T)> = touched
        .map(|slot| (with(slot), &slot.sums))
        .map(|(rough, sums)| (rough, rough.required(terms), sums))
        .collect();
    let most = judged.iter().map(|(_, required, _)| *required).fold(0.0, f64::max);
    if !judged.iter().all(|(rough, required, _)| rough.steady.max(rough.peak) < LARGE && *required < LARGE) {
        return None;
    }
    if judged.iter().any(|(rough, _, _)| rough.is_unknown) {
        return Some(None);
    }
    let mut found = QuotaAmount::default();
    for (_, _, sums) in judged.into_iter().filter(|(_, required, _)| *required >= most * CLEARLY_LESS) {
        let mut sums = sums.clone();
        if let Some(share) = joining {
            sums.add(&share.sums);
        }
        found = found.max(sums.required(terms)?);
    }
    Some(Some(found))
}

impl<T: SlotSums> Slotted<T> {
    /// Nothing where a figure may pass 10^18.
    pub(super) fn new(prepared: &Prepared, of_class: impl Fn(usize) -> T, terms: &Terms) -> Option<Self> {
        let groups = by_group(prepared, of_class, T::add);
        let mut always = vec![Slot { hours: ALL_DAY, sums: T::default(), rough: RoughSums::default() }];
        let mut own: BTreeMap<Symbol, Vec<Share<T>>> = BTreeMap::new();
        for (group, sums) in prepared.groups.iter().zip(groups) {
            let share = Share::new(group.hours, sums, terms);
            match group.period {
                None => add(&mut always, &share),
                Some(period) => own.entry(period).or_default().push(share),
            }
        }
        let mut slotted = Self { always, own, required: None };
        slotted.required = slotted.most(slotted.own.keys().copied(), None, terms)?;
        Some(slotted)
    }

    /// The slots of a period.
    fn slots(&self, period: Symbol) -> Vec<Slot<T>> {
        let mut slots = self.always.clone();
        self.own.get(&period).into_iter().flatten().for_each(|share| add(&mut slots, share));
        slots
    }

    /// The largest requirement in these periods; without one, of the rows that are active in all.
    fn most(
        &self,
        periods: impl Iterator<Item = Symbol>,
        joining: Option<&Share<T>>,
        terms: &Terms,
    ) -> Option<Option<QuotaAmount>> {
        let mut periods = periods.peekable();
        if periods.peek().is_none() {
            return largest(&self.always, joining, terms);
        }
        let mut most = Some(QuotaAmount::default());
        for period in periods {
            let required = largest(&self.slots(period), joining, terms)?;
            most = most.zip(required).map(|(most, required)| most.max(required));
        }
        Some(most)
    }

    /// What the pool requires with one more row.
    pub(super) fn with(
        &self,
        period: Option<Symbol>,
        share: &Share<T>,
        terms: &Terms,
    ) -> Option<Option<QuotaAmount>> {
        let required = match period {
            None => self.most(self.own.keys().copied(), Some(share), terms)?,
            Some(period) => {
                let known = Some(period).filter(|period| self.own.contains_key(period));
                self.most(known.into_iter(), Some(share), terms)?
            }
        };
        Some(self.required.zip(required).map(|(before, then)| before.max(then)))
    }
}
