//! JSON numbers without a float: AWS writes quotas and times as doubles, such as `200000.0` or `5e6`.

use crate::units::QuotaAmount;

/// A number of at least 0, cut off after nine decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    /// What stands before the point, at most 10^18.
    pub(super) whole: QuotaAmount,
    /// The first nine decimals.
    pub(super) billionths: u32,
}

/// Why a number is none that an answer may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalFault {
    Negative,
    TooLarge,
}

/// Digits of 10^18.
const DIGITS: i64 = 19;

/// Whether a text has the form of a JSON number.
pub(super) fn is_number(text: &str) -> bool {
    let has_space = text.bytes().any(|byte| byte.is_ascii_whitespace());
    !has_space && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// Reads a number that has the form of JSON.
pub(super) fn parse(text: &str) -> Result<Decimal, DecimalFault> {
    let (unsigned, negative) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    // What does not fit moves the point beyond every digit all the same.
    let far = if exponent.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 };
    let exponent = exponent.parse::<i64>().map_or(far, |exponent| exponent.clamp(i64::MIN / 4, i64::MAX / 4));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = before.bytes().chain(after.bytes()).map(|byte| byte.wrapping_sub(b'0')).collect();
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = &digits[zeros..];
    if digits.is_empty() {
        return Ok(Decimal { whole: QuotaAmount::default(), billionths: 0 });
    }
    if negative {
        return Err(DecimalFault::Negative);
    }
    let length = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 4);
    let point = length(before.len()) - length(zeros) + exponent;
    if point > DIGITS {
        return Err(DecimalFault::TooLarge);
    }
    let digit = |at: i64| usize::try_from(at).ok().and_then(|at| digits.get(at)).copied().unwrap_or(0);
    let whole = (0..point).fold(0_u64, |sum, at| sum * 10 + u64::from(digit(at)));
    let billionths = (point..point + 9).fold(0_u32, |sum, at| sum * 10 + u32::from(digit(at)));
    let whole = QuotaAmount::new(whole).ok_or(DecimalFault::TooLarge)?;
    Ok(Decimal { whole, billionths })
}

#[cfg(test)]
mod tests {
    use super::{DecimalFault, parse};

    #[test]
    fn numbers_are_read_to_the_last_digit_and_cut_off() {
        for (text, whole, billionths) in [
            ("200000.0", 200_000, 0),
            ("5e6", 5_000_000, 0),
            ("5E+06", 5_000_000, 0),
            ("1.152E10", 11_520_000_000, 0),
            ("0.999999999999", 0, 999_999_999),
            ("4999999.9999", 4_999_999, 999_900_000),
            ("1580446904.067", 1_580_446_904, 67_000_000),
            ("123456e-3", 123, 456_000_000),
            ("12e-4", 0, 1_200_000),
            ("-0.0", 0, 0),
            ("0e99999999999999999999", 0, 0),
            ("7e-99999999999999999999", 0, 0),
            ("1000000000000000000", 1_000_000_000_000_000_000, 0),
            ("1e18", 1_000_000_000_000_000_000, 0),
            ("9007199254740993", 9_007_199_254_740_993, 0),
        ] {
            let read = parse(text).map(|decimal| (decimal.whole.get(), decimal.billionths));
            assert_eq!(read, Ok((whole, billionths)), "{text}");
        }
        for text in ["1000000000000000001", "1e19", "1e400", "1e99999999999999999999"] {
            assert_eq!(parse(text), Err(DecimalFault::TooLarge), "{text}");
        }
        assert_eq!(parse("-1"), Err(DecimalFault::Negative));
        assert_eq!(parse("-1e-999999999999999999999"), Err(DecimalFault::Negative));
    }
}
