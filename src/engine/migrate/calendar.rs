//! When stages begin, and how long before its day an increase is asked for.

use jiff::Span;
use jiff::civil::Date;

use crate::text::FactDate;

/// Time between stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageInterval {
    /// Days, also from weeks.
    Days(u32),
    /// Calendar months: the same day of the month, or its last where there is none.
    Months(u32),
}

impl StageInterval {
    /// Two weeks.
    pub const DEFAULT: Self = Self::Days(14);

    /// Reads `7d`, `2w` or `1m`; `None` for anything else, for nothing and for more than 9,999.
    ///
    /// ```
    /// use quotaplan::engine::StageInterval;
    /// assert_eq!(StageInterval::parse("2w"), Some(StageInterval::Days(14)));
    /// assert_eq!(StageInterval::parse("0d"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unit = text.chars().next_back()?;
        let digits = text.strip_suffix(unit)?;
        if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let count: u32 = digits.parse().ok().filter(|count| *count > 0)?;
        match unit {
            'd' => Some(Self::Days(count)),
            'w' => Some(Self::Days(count * 7)),
            'm' => Some(Self::Months(count)),
            _ => None,
        }
    }

    /// The form that is read, in days or months.
    #[must_use]
    pub fn plain(self) -> String {
        match self {
            Self::Days(days) => format!("{days}d"),
            Self::Months(months) => format!("{months}m"),
        }
    }

    /// So many of it.
    fn times(self, count: u32) -> Option<Span> {
        match self {
            Self::Days(days) => Span::new().try_days(days.checked_mul(count)?).ok(),
            Self::Months(months) => Span::new().try_months(months.checked_mul(count)?).ok(),
        }
    }
}

/// The dates of a migration.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    /// When the first stage begins; without it there are no dates.
    pub start: Option<FactDate>,
    /// Time between stages.
    pub every: StageInterval,
    /// Days before a stage in which to ask for what it needs.
    pub lead_days: u32,
}

impl Calendar {
    /// When the stage of an index, from 0, begins: `Ok(None)` without a start, `Err` beyond the
    /// year 9999.
    pub(super) fn stage(&self, index: u32) -> Result<Option<FactDate>, ()> {
        let Some(start) = self.start else { return Ok(None) };
        let later = self.every.times(index).and_then(|span| start.day().checked_add(span).ok());
        later.and_then(fact).map(Some).ok_or(())
    }

    /// The latest start at which the stage of an index begins before a date.
    pub(super) fn latest_start(&self, index: u32, end: FactDate) -> Option<FactDate> {
        let span = self.every.times(index)?;
        let begins_before = |start: Date| start.checked_add(span).is_ok_and(|begin| begin < end.day());
        // Months have no exact inverse: from where it may hold, back to where it does.
        let mut start = end.day().checked_sub(span).ok()?.checked_add(Span::new().days(4)).ok()?;
        while !begins_before(start) {
            start = start.yesterday().ok()?;
        }
        fact(start)
    }

    /// The day so many days before a date on which to ask at the latest.
    pub(super) fn lead_before(&self, date: FactDate) -> Option<FactDate> {
        let lead = Span::new().try_days(self.lead_days).ok()?;
        date.day().checked_sub(lead).ok().and_then(fact)
    }
}

/// A day as dates are shown.
fn fact(day: Date) -> Option<FactDate> {
    FactDate::parse(&day.to_string())
}
