//! Active hours of the day.

use std::fmt;

/// A set of whole hours of the day, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hours(std::num::NonZeroU32);

impl Hours {
    /// All 24.
    pub const ALL_DAY: Self = match std::num::NonZeroU32::new(0xff_ffff) {
        Some(mask) => Self(mask),
        None => unreachable!(),
    };

    /// Reads `08-18` (08:00 to 17:59) or `08-12,22-02` (past midnight).
    ///
    /// # Errors
    /// What is wrong, as a sentence part.
    ///
    /// ```
    /// # use quotaplan::workload::Hours;
    /// let night = Hours::parse("22-02").unwrap();
    /// assert_eq!(night.count(), 4);
    /// assert!(night.contains(23) && night.contains(1) && !night.contains(2));
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut mask = 0_u32;
        for range in text.split(',') {
            let (from, to) =
                range.trim().split_once('-').ok_or_else(|| format!("`{}` is not a range", range.trim()))?;
            let (from, to) = (hour(from, 23)?, hour(to, 24)?);
            if from == to % 24 && to != 24 {
                return Err(format!("`{}` is an empty range", range.trim()));
            }
            let mut at = from;
            loop {
                mask |= 1 << at;
                at = (at + 1) % 24;
                if at == to % 24 {
                    break;
                }
            }
        }
        std::num::NonZeroU32::new(mask).map(Self).ok_or_else(|| "no hour is named".to_owned())
    }

    /// Whether the hour from `hour`:00 is one of them.
    #[must_use]
    pub const fn contains(self, hour: u32) -> bool {
        hour < 24 && self.0.get() & (1 << hour) != 0
    }

    /// How many hours a day.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.get().count_ones()
    }
}

fn hour(text: &str, maximum: u32) -> Result<u32, String> {
    let text = text.trim();
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse().ok().filter(|hour| digits && *hour <= maximum);
    value.ok_or_else(|| format!("`{text}` is not a whole hour from 0 to {maximum}"))
}

impl fmt::Display for Hours {
    /// The ranges, from midnight on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL_DAY {
            return f.write_str("all day");
        }
        let mut first = true;
        let mut hour = 0;
        while hour < 24 {
            if !self.contains(hour) {
                hour += 1;
                continue;
            }
            let from = hour;
            while self.contains(hour) {
                hour += 1;
            }
            if !first {
                f.write_str(",")?;
            }
            first = false;
            write!(f, "{from:02}-{hour:02}")?;
        }
        Ok(())
    }
}
