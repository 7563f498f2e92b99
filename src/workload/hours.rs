//! Active hours of the day.

use std::fmt;

/// A set of whole hours of the day, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hours(std::num::NonZeroU32);

/// Hours as they are written, and what was probably meant where they look like a working day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenHours {
    /// The hours as written.
    pub hours: Hours,
    /// The hours probably meant, where a range passes midnight and is longer than 12 hours:
    /// `09-17` of `9-5`.
    pub probably: Option<String>,
}

impl Hours {
    /// All 24.
    pub const ALL_DAY: Self = match std::num::NonZeroU32::new(0xff_ffff) {
        Some(mask) => Self(mask),
        None => unreachable!(),
    };

    /// Reads `08-18` (08:00 to 17:59) or `08-12,22-02` (past midnight), and other ways to write
    /// whole hours: `8-18`, `08:00-18:00`, `9h-17h`, `9am-5pm`; a dash may be a long one.
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
        Self::read(text).map(|written| written.hours)
    }

    /// The same, with what was probably meant where a range is longer than 12 hours and passes
    /// midnight.
    ///
    /// # Errors
    /// What is wrong, as a sentence part.
    ///
    /// ```
    /// # use quotaplan::workload::Hours;
    /// let written = Hours::read("9-5").unwrap();
    /// assert_eq!((written.hours.count(), written.probably.as_deref()), (20, Some("09-17")));
    /// ```
    pub fn read(text: &str) -> Result<WrittenHours, String> {
        let mut mask = 0_u32;
        let mut meant = Vec::new();
        let mut doubtful = false;
        for range in text.split(',') {
            let range = range.trim();
            let (from, to) = range.split_once(DASHES).ok_or_else(|| format!("`{range}` is not a range"))?;
            let (from, to) = (hour(from, 23)?, hour(to, 24)?);
            if from == to % 24 && to != 24 {
                return Err(format!("`{range}` is an empty range"));
            }
            let mut at = from;
            loop {
                mask |= 1 << at;
                at = (at + 1) % 24;
                if at == to % 24 {
                    break;
                }
            }
            let (first, last) = working_day(from, to).unwrap_or((from, to));
            doubtful |= (first, last) != (from, to);
            meant.push(format!("{first:02}-{last:02}"));
        }
        let hours = std::num::NonZeroU32::new(mask).map(Self).ok_or_else(|| "no hour is named".to_owned())?;
        Ok(WrittenHours { hours, probably: doubtful.then(|| meant.join(",")) })
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

/// A hyphen, and what word processors and spreadsheets make of it.
const DASHES: [char; 7] = ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'];

/// The range probably meant by one that passes midnight and is longer than 12 hours: the end in the
/// afternoon (`9-5`), or the two ends the other way round (`17-9`).
fn working_day(from: u32, to: u32) -> Option<(u32, u32)> {
    let passes_midnight = (1..from).contains(&to);
    let long = 24 - from + to > 12;
    (passes_midnight && long).then(|| if from <= 12 { (from, to + 12) } else { (to, from) })
}

/// A whole hour: `8`, `08`, `08:00`, `8h`, `8h00`, `0800`, `8am`.
fn hour(text: &str, maximum: u32) -> Result<u32, String> {
    let text = text.trim();
    let wrong = || format!("`{text}` is not a whole hour from 0 to {maximum}");
    let lower = text.to_ascii_lowercase().replace([' ', '\u{a0}', '\u{202f}'], "");
    let half = |suffixes: [&str; 2]| suffixes.into_iter().find_map(|suffix| lower.strip_suffix(suffix));
    let (clock, afternoon) = match (half(["am", "a.m."]), half(["pm", "p.m."])) {
        (Some(clock), _) => (clock, Some(false)),
        (None, Some(clock)) => (clock, Some(true)),
        (None, None) => (lower.as_str(), None),
    };
    let hour = match clock.find([':', 'h', '.']) {
        Some(at) => {
            // Minutes and seconds, which must be 0; `8h` may leave them out.
            let rest = clock.get(at + 1..).unwrap_or_default();
            let zero = |part: &str| part.len() == 2 && part.bytes().all(|b| b == b'0');
            let may_be_bare = clock.as_bytes().get(at) == Some(&b'h');
            if !(rest.is_empty() && may_be_bare || rest.split(':').all(zero)) {
                return Err(wrong());
            }
            clock.get(..at).unwrap_or_default()
        }
        // Military time.
        None if clock.len() == 4 => clock.strip_suffix("00").ok_or_else(wrong)?,
        None => clock,
    };
    let digits = (1..=2).contains(&hour.len()) && hour.bytes().all(|b| b.is_ascii_digit());
    let hour: u32 = hour.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
    let hour = match afternoon {
        None => Some(hour),
        Some(_) if !(1..=12).contains(&hour) => None,
        Some(afternoon) => Some(hour % 12 + if afternoon { 12 } else { 0 }),
    };
    hour.filter(|hour| *hour <= maximum).ok_or_else(wrong)
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
