//! Whole numbers of millionths: their bounds, and how they are written.

use std::fmt;

/// Millionths in one unit: every decimal input is held as a whole number of these.
pub const MILLIONTHS: u64 = 1_000_000;

/// Largest number accepted in an input, in whole units (guide/sizing.md, section 2).
pub const INPUT_MAXIMUM: u64 = 1_000_000_000_000;

/// Largest figure that may arise on the way, in whole units (guide/sizing.md, section 2).
pub const FIGURE_MAXIMUM: u64 = 1_000_000_000_000_000_000;

/// Writes millionths as a decimal: thousands separated by commas, no trailing zeros.
pub(super) fn write_millionths(f: &mut fmt::Formatter<'_>, millionths: u128) -> fmt::Result {
    let unit = u128::from(MILLIONTHS);
    let (whole, fraction) = (millionths / unit, millionths % unit);
    f.write_str(&grouped(whole))?;
    if fraction > 0 {
        let digits = format!("{fraction:06}");
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    Ok(())
}

/// A whole number with commas between groups of three digits.
///
/// ```
/// assert_eq!(quotaplan::units::grouped(2_250_000), "2,250,000");
/// ```
#[must_use]
pub fn grouped(value: u128) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Millionths as an input writes them.
pub(super) fn written(millionths: u64) -> String {
    let whole = millionths / MILLIONTHS;
    match millionths % MILLIONTHS {
        0 => whole.to_string(),
        fraction => format!("{whole}.{}", format!("{fraction:06}").trim_end_matches('0')),
    }
}
