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
    /// Whether a range passes midnight and is longer than 12 hours.
    pub doubtful: bool,
    /// The hours probably meant where that is so: `09-17` of `9-5`; `None` where every such reading has an hour
    /// twice.
    pub probably: Option<String>,
}

/// Why a text is not a set of hours; each sentence is a part of a longer one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursFault {
    /// A part between commas has no dash.
    #[error("`{0}` is not a range")]
    NoRange(String),
    /// A range that ends where it begins.
    #[error("`{0}` is an empty range")]
    EmptyRange(String),
    /// An end of a range is not a whole hour.
    #[error("`{written}` is not a whole hour from 0 to {maximum}")]
    NoHour {
        /// The end as it is written.
        written: String,
        /// The last hour that may stand there: 23 at the beginning of a range and 24 at its end.
        maximum: u32,
    },
    /// No range names an hour.
    #[error("there is no hour")]
    None,
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
    /// [`HoursFault`]: a part that is no range, an empty range, or an end that is no whole hour.
    ///
    /// ```
    /// # use quotaplan::workload::Hours;
    /// let night = Hours::parse("22-02").unwrap();
    /// assert_eq!(night.count(), 4);
    /// assert!(night.contains(23) && night.contains(1) && !night.contains(2));
    /// ```
    pub fn parse(text: &str) -> Result<Self, HoursFault> {
        Self::read(text).map(|written| written.hours)
    }

    /// The same, with what was probably meant where a range is longer than 12 hours and passes
    /// midnight.
    ///
    /// # Errors
    /// [`HoursFault`]: a part that is no range, an empty range, or an end that is no whole hour.
    ///
    /// ```
    /// # use quotaplan::workload::Hours;
    /// let written = Hours::read("9-5").unwrap();
    /// assert_eq!((written.hours.count(), written.probably.as_deref()), (20, Some("09-17")));
    /// ```
    pub fn read(text: &str) -> Result<WrittenHours, HoursFault> {
        let mut ranges = Vec::new();
        for range in text.split(',') {
            let range = range.trim();
            let ends = range.split_once(DASHES);
            let (from, to) = ends.ok_or_else(|| HoursFault::NoRange(range.to_owned()))?;
            let (from, to) = (hour(from, 23)?, hour(to, 24)?);
            if from == to % 24 && to != 24 {
                return Err(HoursFault::EmptyRange(range.to_owned()));
            }
            ranges.push((from, to));
        }
        let mask = ranges.iter().fold(0, |mask, range| mask | hours_of(*range));
        let hours = std::num::NonZeroU32::new(mask).map(Self).ok_or(HoursFault::None)?;
        let doubtful = ranges.iter().any(|range| is_doubtful(*range));
        let meant = if doubtful { working_day(&ranges) } else { None };
        let words = |meant: Vec<(u32, u32)>| {
            let words: Vec<String> = meant.iter().map(|(from, to)| format!("{from:02}-{to:02}")).collect();
            words.join(",")
        };
        Ok(WrittenHours { hours, doubtful, probably: meant.map(words) })
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

/// The hours of a range, a bit each; the end may be the next day's.
fn hours_of((from, to): (u32, u32)) -> u32 {
    let mut mask = 0;
    let mut at = from;
    loop {
        mask |= 1 << at;
        at = (at + 1) % 24;
        if at == to % 24 {
            return mask;
        }
    }
}

/// Whether a range passes midnight and is longer than 12 hours.
fn is_doubtful((from, to): (u32, u32)) -> bool {
    (1..from).contains(&to) && 24 - from + to > 12
}

/// The ranges probably meant, each doubtful one replaced: by one whose end is in the afternoon (`9-5`), or by
/// one with the two ends the other way round (`17-9`), whichever leaves the other ranges their hours; `None`
/// where neither does.
fn working_day(ranges: &[(u32, u32)]) -> Option<Vec<(u32, u32)>> {
    let certain = ranges.iter().filter(|range| !is_doubtful(**range));
    let mut taken = certain.fold(0, |mask, range| mask | hours_of(*range));
    let mut meant = Vec::with_capacity(ranges.len());
    for &(from, to) in ranges {
        if !is_doubtful((from, to)) {
            meant.push((from, to));
            continue;
        }
        let afternoon = (to + 12 <= 24).then_some((from, to + 12));
        let swapped = Some((to, from));
        // Who begins in the morning writes the end as on the face of a clock.
        let readings = if from <= 12 { [afternoon, swapped] } else { [swapped, afternoon] };
        let reading = readings.into_iter().flatten().find(|reading| taken & hours_of(*reading) == 0)?;
        taken |= hours_of(reading);
        meant.push(reading);
    }
    Some(meant)
}

/// A whole hour: `8`, `08`, `08:00`, `8h`, `8h00`, `0800`, `8am`.
fn hour(text: &str, maximum: u32) -> Result<u32, HoursFault> {
    let text = text.trim();
    let wrong = || HoursFault::NoHour { written: text.to_owned(), maximum };
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
