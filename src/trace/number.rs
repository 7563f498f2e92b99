//! Counts of tokens as files write them.

use crate::units::{INPUT_MAXIMUM, MILLIONTHS, NumberFault, parse_millionths};

/// A whole number of at most 10^12.
pub(super) fn whole(text: &[u8]) -> Result<u64, NumberFault> {
    // Twelve digits are below the maximum whatever they are.
    if (1..=12).contains(&text.len()) && text.iter().all(u8::is_ascii_digit) {
        return Ok(text.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')));
    }
    let text = std::str::from_utf8(text).map_err(|_| NumberFault::Text)?;
    match parse_millionths(text)? {
        value if value % MILLIONTHS == 0 => Ok((value / MILLIONTHS).min(INPUT_MAXIMUM)),
        _ => Err(NumberFault::NotWhole),
    }
}
