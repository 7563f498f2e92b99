//! Dates of facts: a day, or a month that stands for its first day.

use std::fmt;

use jiff::civil::Date;

/// A date as a fact carries it: `YYYY-MM-DD`, or `YYYY-MM` where the day is not known.
///
/// A month orders and ages as its first day; it is printed as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FactDate {
    day: Date,
    month_only: bool,
}

impl FactDate {
    /// Reads `YYYY-MM-DD` or `YYYY-MM`; `None` for anything else or a day that does not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let month_only = text.len() == 7;
        if !matches!(text.len(), 7 | 10) || text.bytes().any(|b| b != b'-' && !b.is_ascii_digit()) {
            return None;
        }
        let mut parts = text.split('-');
        let year: i16 = parts.next().filter(|p| p.len() == 4)?.parse().ok()?;
        let month: i8 = parts.next().filter(|p| p.len() == 2)?.parse().ok()?;
        let day: i8 = match parts.next() {
            None if month_only => 1,
            Some(part) if !month_only && part.len() == 2 => part.parse().ok()?,
            _ => return None,
        };
        let day = Date::new(year, month, day).ok()?;
        Some(Self { day, month_only })
    }

    /// The day it stands for.
    #[must_use]
    pub fn day(self) -> Date {
        self.day
    }

    /// Whole days from `self` to `later`, negative where `later` is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        (later.day - self.day).get_days()
    }
}

impl PartialOrd for FactDate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FactDate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.day.cmp(&other.day).then(self.month_only.cmp(&other.month_only).reverse())
    }
}

impl fmt::Display for FactDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.day.year(), self.day.month())?;
        if !self.month_only {
            write!(f, "-{:02}", self.day.day())?;
        }
        Ok(())
    }
}
