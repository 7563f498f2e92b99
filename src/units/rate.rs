//! Request rates, exact whatever unit they are stated in.

use std::cmp::Ordering;
use std::fmt;

use ethnum::U256;

use super::digits::write_millionths;
use super::{INPUT_MAXIMUM, MILLIONTHS, Ratio, RequestsPerMinute};

/// Requests per minute, exact: a number of millionths over a divisor.
///
/// A rate an hour or a day is no decimal of a minute, so the division is kept for the sums.
#[derive(Debug, Clone, Copy)]
pub struct ExactRate {
    millionths: u64,
    divisor: u64,
}

/// Decimals beyond the sixth that a product keeps.
const KEPT_DECIMALS: u32 = 12;

/// Largest number of millionths of a rate with decimals beyond the sixth, so that sums of products
/// stay within their bounds.
const FINE_MAXIMUM: U256 = U256::new(1_000_000_000_000_000);

impl ExactRate {
    /// A multiple of every divisor: a rate a minute, an hour, or a day of 1 to 24 active hours, with
    /// the decimals of a product.
    pub(crate) const COMMON: u128 = 60 * 5_354_228_880 * 1_000_000_000_000;

    /// The product of numbers in millionths, spread over so many minutes.
    ///
    /// Exact up to the 18th decimal and 15 digits, beyond that rounded up: rates are demand. `None`
    /// above what an input may hold.
    #[must_use]
    pub(crate) fn product(factors: &[u64], minutes: u32) -> Option<Self> {
        let ten = U256::new(10);
        let mut number = U256::ONE;
        // Decimals beyond the sixth.
        let mut decimals: u32 = 0;
        for (index, factor) in factors.iter().enumerate() {
            number = number.checked_mul(U256::from(*factor))?;
            decimals += if index == 0 { 0 } else { 6 };
        }
        while decimals > 0 && number % ten == U256::ZERO {
            number /= ten;
            decimals -= 1;
        }
        let mut rest = U256::ZERO;
        while decimals > KEPT_DECIMALS || (decimals > 0 && number > FINE_MAXIMUM) {
            rest |= number % ten;
            number /= ten;
            decimals -= 1;
        }
        if rest != U256::ZERO {
            number += U256::ONE;
        }
        if number > U256::from(INPUT_MAXIMUM * MILLIONTHS) {
            return None;
        }
        let divisor = u64::from(minutes.max(1)) * 10_u64.pow(decimals);
        Some(Self { millionths: u64::try_from(number).ok()?, divisor })
    }

    /// Reads back what [`ExactRate::millionths`] and [`ExactRate::divisor`] gave.
    pub(crate) const fn from_parts(millionths: u64, divisor: u64) -> Self {
        Self { millionths, divisor: if divisor == 0 { 1 } else { divisor } }
    }

    /// Millionths of a request a minute, times the divisor.
    #[must_use]
    pub const fn millionths(self) -> u64 {
        self.millionths
    }

    /// What the millionths are divided by.
    #[must_use]
    pub const fn divisor(self) -> u64 {
        self.divisor
    }

    /// The same to six decimals of a request a minute, rounded up.
    #[must_use]
    pub const fn millionths_up(self) -> u64 {
        self.millionths.div_ceil(self.divisor)
    }

    /// Whether nothing is requested.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.millionths == 0
    }

    /// The millionths in a unit that all rates share.
    pub(crate) const fn common(self) -> (u64, u128) {
        (self.millionths, Self::COMMON / self.divisor as u128)
    }

    /// The rate times a factor, rounded up in the unit it is stated in; `None` above what an input
    /// may hold.
    #[must_use]
    pub fn times(self, factor: Ratio) -> Option<Self> {
        let product = u128::from(self.millionths) * u128::from(factor.millionths());
        let millionths = u64::try_from(product.div_ceil(u128::from(MILLIONTHS))).ok()?;
        (millionths <= INPUT_MAXIMUM * MILLIONTHS).then_some(Self { millionths, ..self })
    }

    /// The same over another, times a third, rounded up in its own unit: a busiest minute that keeps
    /// its ratio to the mean. `None` above what an input may hold, and where `old` is zero.
    pub(crate) fn in_proportion(self, old: Self, new: Self) -> Option<Self> {
        let wide = |rate: Self, other: Self| U256::from(rate.millionths) * U256::from(other.divisor);
        let (above, below) = (wide(new, old), wide(old, new));
        if below == U256::ZERO {
            return None;
        }
        let product = U256::from(self.millionths).checked_mul(above)?;
        let (whole, rest) = (product / below, product % below);
        let millionths = u64::try_from(if rest == U256::ZERO { whole } else { whole + U256::ONE }).ok()?;
        (millionths <= INPUT_MAXIMUM * MILLIONTHS).then_some(Self { millionths, ..self })
    }

    /// The nearest float, for statistics and display alone.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.millionths as f64 / MILLIONTHS as f64 / self.divisor as f64
    }
}

impl From<RequestsPerMinute> for ExactRate {
    fn from(rate: RequestsPerMinute) -> Self {
        Self { millionths: rate.millionths(), divisor: 1 }
    }
}

impl PartialEq for ExactRate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ExactRate {}

impl PartialOrd for ExactRate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ExactRate {
    fn cmp(&self, other: &Self) -> Ordering {
        // Two factors of at most 10^18 fit.
        let cross = |rate: &Self, other: &Self| u128::from(rate.millionths) * u128::from(other.divisor);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl fmt::Display for ExactRate {
    /// To six decimals, rounded up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_millionths(f, u128::from(self.millionths_up()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::ExactRate;

    const UNIT: u64 = 1_000_000;

    #[test]
    fn a_rate_an_hour_keeps_its_division() {
        let rate = ExactRate::product(&[1_000 * UNIT], 60).unwrap();
        assert_eq!(
            (rate.millionths(), rate.divisor(), rate.to_string()),
            (1_000 * UNIT, 60, "16.666667".to_owned())
        );
    }

    #[test]
    fn products_keep_the_decimals_they_need() {
        // 1,000 people x 2.5 x 1.1 has one decimal; 0.333333 x 0.000001 has twelve.
        let rate = ExactRate::product(&[1_000 * UNIT, 2_500_000, 1_100_000], 60).unwrap();
        assert_eq!((rate.millionths(), rate.divisor()), (2_750 * UNIT, 60));
        let rate = ExactRate::product(&[333_333, 1], 1).unwrap();
        assert_eq!((rate.millionths(), rate.divisor()), (333_333, 1_000_000));
    }

    #[test]
    fn what_is_too_fine_is_rounded_up() {
        let rate = ExactRate::product(&[1, 1, 1, 1], 1).unwrap();
        assert_eq!((rate.millionths(), rate.divisor()), (1, 1_000_000_000_000));
        // 999,999.999999 x 1.000001 = 1,000,000.999998999999: eighteen digits are too many.
        let rate = ExactRate::product(&[999_999_999_999, 1_000_001], 1).unwrap();
        assert_eq!((rate.millionths(), rate.divisor()), (100_000_099_999_900, 100));
    }

    #[test]
    fn above_what_an_input_holds_there_is_no_rate() {
        assert_eq!(ExactRate::product(&[1_000_000_000_000 * UNIT, 2 * UNIT], 1), None);
        assert!(ExactRate::product(&[1_000_000_000_000 * UNIT], 1440).is_some());
    }

    #[test]
    fn every_divisor_divides_the_common_one() {
        for hours in 1..=24 {
            for factors in [&[1_u64, 1, 1, 1][..], &[UNIT][..]] {
                let rate = ExactRate::product(factors, 60 * hours).unwrap();
                assert_eq!(ExactRate::COMMON % u128::from(rate.divisor()), 0, "{rate:?}");
            }
        }
    }
}
