//! Exact numbers in a few digits.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::units::grouped;

/// A demand as a whole number, rounded up.
pub(super) fn whole(value: &BigRational) -> String {
    value.ceil().to_integer().to_u128().map_or_else(|| value.to_string(), grouped)
}

/// A number in at least four significant digits, to the nearest: whole numbers from a thousand on. Products of such
/// numbers are exact to less than two tenths of a percent.
pub(super) fn digits(value: &BigRational) -> String {
    let decimals: u32 = [(1_000_u32, 0), (100, 1), (10, 2), (1, 3)]
        .into_iter()
        .find(|(from, _)| value >= &BigRational::from(BigInt::from(*from)))
        .map_or(6, |(_, decimals)| decimals);
    let unit = 10_u128.pow(decimals);
    let scaled = (value * BigInt::from(unit)).round().to_integer();
    let Some(scaled) = scaled.to_u128() else { return value.to_string() };
    let (head, tail) = (grouped(scaled / unit), scaled % unit);
    if tail == 0 {
        return head;
    }
    let width = decimals as usize;
    format!("{head}.{}", format!("{tail:0width$}").trim_end_matches('0'))
}

/// Three significant digits, to the nearest: `5.19 million`.
pub(super) fn rounded(value: &BigRational) -> String {
    let Some(value) = value.round().to_integer().to_u128() else { return value.to_string() };
    let step = 10_u128.pow(value.checked_ilog10().unwrap_or(0).saturating_sub(2));
    let value = (value + step / 2) / step * step;
    for (unit, word) in [(1_000_000_000_u128, "billion"), (1_000_000, "million")] {
        if value >= unit {
            // Three digits at most stand before the point, and then none behind it.
            let hundredths = value / (unit / 100);
            let (head, tail) = (hundredths / 100, hundredths % 100);
            let digits = match head {
                0..10 => format!("{head}.{tail:02}"),
                10..100 => format!("{head}.{}", tail / 10),
                _ => grouped(head),
            };
            return format!("{digits} {word}");
        }
    }
    grouped(value)
}

/// A share in percent, rounded up to a tenth.
pub(super) fn percent(share: &BigRational) -> String {
    let tenths = (share * BigInt::from(1_000)).ceil().to_integer().to_u128().unwrap_or(0);
    let whole = grouped(tenths / 10);
    if tenths.is_multiple_of(10) { format!("{whole} %") } else { format!("{whole}.{} %", tenths % 10) }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use num_rational::BigRational;

    use super::{digits, rounded};

    fn ratio(numerator: u64, denominator: u64) -> BigRational {
        BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
    }

    #[test]
    fn a_number_has_four_digits_at_least() {
        let cases = [
            (ratio(1_437, 1), "1,437"),
            (ratio(19_979, 10), "1,998"),
            (ratio(32_347, 100), "323.5"),
            (ratio(323, 1), "323"),
            (ratio(1, 3), "0.333333"),
            (ratio(55, 10), "5.5"),
            (ratio(0, 1), "0"),
        ];
        for (value, expected) in cases {
            assert_eq!(digits(&value), expected);
        }
    }

    #[test]
    fn a_sentence_has_three_digits() {
        let cases = [
            (5_194_470, "5.19 million"),
            (6_233_364, "6.23 million"),
            (248_707, "249,000"),
            (999_999, "1.00 million"),
            (12_345_678, "12.3 million"),
            (999_600_000, "1.00 billion"),
            (5_069_000_000, "5.07 billion"),
            (42, "42"),
            (0, "0"),
        ];
        for (value, expected) in cases {
            assert_eq!(rounded(&ratio(value, 1)), expected);
        }
    }
}
