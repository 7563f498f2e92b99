//! The figures of a quota of tokens per day.

use std::collections::HashMap;

use num_bigint::BigInt;

use super::figure::Figures;
use super::level::ten_to;
use crate::engine::TooLarge;
use crate::engine::assumptions::Assumptions;
use crate::engine::pool::{Class, Prepared};
use crate::engine::rounding::whole_up;
use crate::engine::slots::Slot;
use crate::engine::sums::Sums;
use crate::units::{MILLIONTHS, QuotaAmount};
use crate::workload::Symbol;

/// What the figures of a tokens-per-day quota are computed by.
pub(in crate::engine) struct DayTerms {
    unit: BigInt,
    headroom: BigInt,
    with_headroom: BigInt,
}

impl DayTerms {
    /// Of pools whose factors have this unit.
    pub(in crate::engine) fn new(unit: &BigInt, assumptions: &Assumptions) -> Self {
        let unit = unit * ten_to(12);
        Self {
            headroom: BigInt::from(MILLIONTHS + assumptions.config.headroom.millionths()),
            with_headroom: &unit * MILLIONTHS,
            unit,
        }
    }

    /// Steady, peak and required of one day; `None` where one passes 10^18.
    pub(in crate::engine) fn at(
        &self,
        steady: &BigInt,
        peak: &BigInt,
    ) -> Option<(QuotaAmount, QuotaAmount, QuotaAmount)> {
        let required = whole_up(&(steady * &self.headroom), &self.with_headroom)?;
        Some((whole_up(steady, &self.unit)?, whole_up(peak, &self.unit)?, required))
    }
}

/// What a class adds to a day: steady and peak.
pub(in crate::engine) fn of_a_day(class: &Class, sums: &Sums) -> (BigInt, BigInt) {
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
