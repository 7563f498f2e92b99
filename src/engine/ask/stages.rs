//! An increase in stages: each at most a multiple of the one before, the next one asked for when the
//! last is in use.
//!
//! AWS gives priority to customers who use what they have (user guide, quotas-runtime, 2026) and
//! publishes no figures: factor, use and lead time are this product's own.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::text::FactDate;
use crate::units::{MILLIONTHS, QuotaAmount, Ratio};

/// How an increase is divided (assumed).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staging {
    /// The largest a stage may be, in multiples of the value before it: above 1, at most 2.
    pub factor: Ratio,
    /// Share of a stage's value that is in use before the next is asked for.
    pub used: Ratio,
    /// Days from asking to granting.
    pub lead_days: u32,
    /// The day on which the last stage must be there; `None`: as early as the lead times allow.
    pub needed_by: Option<FactDate>,
}

/// One part of an increase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskStage {
    /// The value to ask for, in the quota's own unit.
    pub desired: QuotaAmount,
    /// The use of the value before it that should be seen first, rounded up; `None` for the first.
    pub after_use_of: Option<QuotaAmount>,
    /// The day to ask by; `None` where the calendar ends.
    pub ask_by: Option<Date>,
}

impl Staging {
    /// The stages from the value that each must exceed, the larger of the applied one and AWS's default, to
    /// a desired one; one alone where that value is 0 or the first may be the whole.
    pub(super) fn divide(self, above: QuotaAmount, desired: QuotaAmount, today: FactDate) -> Vec<AskStage> {
        let mut values = Vec::new();
        let mut last = above;
        while last < desired && last.get() > 0 {
            let most = u128::from(last.get()) * u128::from(self.factor.millionths()) / u128::from(MILLIONTHS);
            let most = u64::try_from(most).unwrap_or(u64::MAX).min(desired.get());
            // A factor so near 1 that nothing is gained asks for the rest at once.
            last = QuotaAmount::new(most).filter(|next| *next > last).unwrap_or(desired);
            values.push(last);
        }
        if values.is_empty() {
            values.push(desired);
        }
        let count = values.len();
        let stage = |(index, value): (usize, &QuotaAmount)| AskStage {
            desired: *value,
            after_use_of: index
                .checked_sub(1)
                .and_then(|before| values.get(before))
                .map(|v| self.used_of(*v)),
            ask_by: self.ask_by(index, count, today),
        };
        values.iter().enumerate().map(stage).collect()
    }

    fn used_of(self, value: QuotaAmount) -> QuotaAmount {
        let used =
            (u128::from(value.get()) * u128::from(self.used.millionths())).div_ceil(u128::from(MILLIONTHS));
        u64::try_from(used).ok().and_then(QuotaAmount::new).unwrap_or(value)
    }

    /// One lead time between a stage and the next; the last so that it is granted when it is needed.
    fn ask_by(self, index: usize, count: usize, today: FactDate) -> Option<Date> {
        let days = |stages: usize| -> Option<Span> {
            let days = i64::from(self.lead_days).checked_mul(i64::try_from(stages).ok()?)?;
            (days <= 3_660_000).then(|| days.days())
        };
        let date = match self.needed_by {
            Some(needed) => needed.day().checked_sub(days(count - index)?).ok(),
            None => today.day().checked_add(days(index)?).ok(),
        };
        date.filter(|date| date.year() > 0)
    }
}
