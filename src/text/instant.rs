//! Points in time as files write them, in whole microseconds.
//!
//! What lies between two microseconds is rounded half up.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::units::NumberFault;

/// A point in time in microseconds since 1970, and whether it was written with an offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant {
    pub(crate) microseconds: i64,
    pub(crate) has_offset: bool,
}

/// ISO 8601 with at most nine decimals of a second; without an offset it is UTC.
pub(crate) fn iso(text: &str) -> Option<Instant> {
    let behind_the_date = text.as_bytes().get(8..)?;
    let has_offset = behind_the_date.iter().any(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'-'));
    let timestamp = if has_offset {
        text.parse::<Timestamp>().ok()?
    } else {
        // A zone in brackets would be passed over.
        let civil = Some(text).filter(|text| !text.contains('['))?.parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()?
    };
    let microseconds = (timestamp.as_nanosecond() + 500).div_euclid(1_000);
    Some(Instant { microseconds: i64::try_from(microseconds).ok()?, has_offset })
}

/// Seconds to the end of the year 9999: what is above is most likely in milliseconds.
const LATEST_SECONDS: u64 = 253_402_300_800;

/// Digits behind the point that remain: seconds become microseconds with six, milliseconds with three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
}

impl Unit {
    const fn decimals(self) -> usize {
        match self {
            Self::Seconds => 6,
            Self::Milliseconds => 3,
            Self::Microseconds => 0,
        }
    }
}

/// Digits in front of the point from which on a number counts a smaller unit since 1970: in seconds these would be
/// after the year 5000.
const EPOCH_DIGITS: [(usize, Unit); 3] =
    [(11, Unit::Seconds), (14, Unit::Milliseconds), (17, Unit::Microseconds)];

/// Seconds, milliseconds, microseconds or nanoseconds since 1970: its length shows which.
pub(crate) fn epoch(text: &str) -> Option<Instant> {
    let (sign, digits) = text.split_at(usize::from(text.starts_with('-')));
    let whole = digits.split('.').next().unwrap_or_default();
    let unit = EPOCH_DIGITS.into_iter().find(|(most, _)| whole.len() <= *most);
    let microseconds = match unit {
        Some((_, unit)) => offset(text, unit),
        None if whole.len() <= 20 && digits.is_ascii() => {
            let (micros, rest) = digits.split_at(whole.len() - 3);
            offset(&format!("{sign}{micros}.{}", rest.replace('.', "")), Unit::Microseconds)
        }
        None => return None,
    };
    Some(Instant { microseconds: microseconds.ok()?, has_offset: true })
}

/// A decimal number of seconds or milliseconds, negative before the start.
pub(crate) fn offset(text: &str, unit: Unit) -> Result<i64, NumberFault> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let magnitude = scaled(digits, unit, negative)?;
    let value = i64::try_from(magnitude).map_err(|_| NumberFault::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// A length of time, never negative.
pub(crate) fn length(text: &str, unit: Unit) -> Result<u64, NumberFault> {
    scaled(text, unit, false)
}

/// A decimal in microseconds; half of one is rounded up, or towards zero where that is up.
fn scaled(text: &str, unit: Unit, half_down: bool) -> Result<u64, NumberFault> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return Err(named_fault(text));
    }
    let decimals = unit.decimals();
    let seconds_in = match unit {
        Unit::Seconds => 1,
        Unit::Milliseconds => 1_000,
        Unit::Microseconds => 1_000_000,
    };
    let whole = whole.trim_start_matches('0');
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| NumberFault::TooLarge)? };
    if whole / seconds_in >= LATEST_SECONDS {
        return Err(NumberFault::TooLarge);
    }
    let scale = 10_u64.pow(u32::try_from(decimals).unwrap_or(0));
    let kept = fraction.as_bytes().iter().chain(std::iter::repeat(&b'0')).take(decimals);
    let kept = kept.fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
    let rest = fraction.as_bytes().get(decimals..).unwrap_or_default();
    let up = match rest.split_first() {
        None | Some((b'0'..=b'4', _)) => false,
        Some((b'5', behind)) if half_down => behind.iter().any(|digit| *digit != b'0'),
        Some(_) => true,
    };
    Ok(whole * scale + kept + u64::from(up))
}

/// What is wrong with a text that is no decimal.
fn named_fault(text: &str) -> NumberFault {
    match crate::units::parse_millionths(text) {
        // A sign alone is empty to it.
        Ok(_) | Err(NumberFault::TooManyDecimals | NumberFault::TooLarge | NumberFault::Empty) => {
            NumberFault::Text
        }
        Err(fault) => fault,
    }
}

/// What is wrong with a time, as a predicate of the written text.
pub(crate) fn reason(fault: NumberFault) -> &'static str {
    match fault {
        NumberFault::TooLarge => "is longer than 8,000 years",
        fault => fault.reason(),
    }
}

/// What to write instead.
pub(crate) fn remedy(fault: NumberFault) -> &'static str {
    match fault {
        NumberFault::TooLarge => "check the unit: are these milliseconds instead of seconds?",
        fault => fault.remedy(),
    }
}
