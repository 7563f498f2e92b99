//! How English writes numbers, and the words that stand where there is none.

use crate::report::Mark;
use crate::report::words::traits::NumberWords;
use crate::units::{QuotaAmount, Utilisation, grouped};

impl NumberWords for super::English {
    fn amount(&self, stated: QuotaAmount) -> String {
        amount(stated)
    }

    fn short_demand(&self, amount: QuotaAmount) -> String {
        short_demand(amount)
    }

    fn short_capacity(&self, amount: QuotaAmount) -> String {
        short_capacity(amount)
    }

    fn short_use(&self, share: Utilisation) -> String {
        format!("{} %", grouped(share.ten_thousandths().div_ceil(100)))
    }

    fn change(&self, by: Option<i128>) -> String {
        change(by)
    }

    fn left_out_columns(&self, titles: &[String]) -> String {
        format!("Columns left out because the table would be too wide: {}.", titles.join(", "))
    }

    fn next_label(&self) -> &'static str {
        "Next:"
    }

    fn mark(&self, sign: Mark) -> &'static str {
        mark(sign)
    }
}

/// What is required or used, in a few digits.
pub(super) fn short_demand(stated: QuotaAmount) -> String {
    short(stated, u64::div_ceil)
}

/// What there is, in a few digits.
pub(super) fn short_capacity(stated: QuotaAmount) -> String {
    short(stated, u64::div_euclid)
}

/// By how much something changes, with its sign.
pub(super) fn change(change: Option<i128>) -> String {
    match change {
        None => "unknown".to_owned(),
        Some(0) => "0".to_owned(),
        Some(change) => {
            let sign = if change > 0 { "+" } else { "-" };
            format!("{sign}{}", grouped(change.unsigned_abs()))
        }
    }
}

/// A sign in words.
pub(super) const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::NotApplicable => "-",
        Mark::Unknown => "unknown",
        Mark::Unlimited => "unlimited",
    }
}

/// An amount with all of its digits.
pub(super) fn amount(amount: QuotaAmount) -> String {
    grouped(u128::from(amount.get()))
}

/// An amount in at most three significant digits: all of them below a thousand, then k, M, B (thousand million) and T
/// (million million).
fn short(stated: QuotaAmount, divide: fn(u64, u64) -> u64) -> String {
    let value = stated.get();
    if value < 1_000 {
        return value.to_string();
    }
    // A value that is rounded up may need the next unit, as 999,999 does.
    for (unit, word) in UNITS {
        for decimals in (0..3).rev() {
            let step = unit / 10_u64.pow(decimals);
            let steps = divide(value, step);
            if steps < 1_000 {
                return format!("{} {word}", decimal(steps, decimals));
            }
        }
    }
    let (unit, word) = (1_000_000_000_000, "T");
    let whole = divide(value, unit);
    // Above 999 million million, three digits and zeros.
    let zeros = 10_u64.pow(whole.to_string().len().saturating_sub(3).try_into().unwrap_or(0));
    format!("{} {word}", grouped(u128::from(divide(whole, zeros)) * u128::from(zeros)))
}

/// Units from the smallest, and their words.
const UNITS: [(u64, &str); 4] =
    [(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "B"), (1_000_000_000_000, "T")];

/// Steps of a tenth or a hundredth as a decimal number.
fn decimal(steps: u64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let width = usize::try_from(decimals).unwrap_or(0);
    if decimals == 0 { steps.to_string() } else { format!("{}.{:0width$}", steps / unit, steps % unit) }
}

#[cfg(test)]
mod tests {
    use super::{short_capacity, short_demand};
    use crate::report::words::traits::NumberWords;
    use crate::units::{QuotaAmount, Utilisation};

    fn demand(amount: u64) -> Option<String> {
        QuotaAmount::new(amount).map(short_demand)
    }

    fn capacity(amount: u64) -> Option<String> {
        QuotaAmount::new(amount).map(short_capacity)
    }

    #[test]
    fn a_demand_is_rounded_up_and_a_capacity_down() {
        let both = |amount| [demand(amount), capacity(amount)].map(Option::unwrap_or_default);
        assert_eq!(both(0), ["0", "0"]);
        assert_eq!(both(999), ["999", "999"]);
        assert_eq!(both(1_000), ["1.00 k", "1.00 k"]);
        assert_eq!(both(6_233_364), ["6.24 M", "6.23 M"]);
        assert_eq!(both(248_707), ["249 k", "248 k"]);
        assert_eq!(both(600_550_000), ["601 M", "600 M"]);
        assert_eq!(both(99_999_999), ["100 M", "99.9 M"]);
        assert_eq!(both(5_007_831_096), ["5.01 B", "5.00 B"]);
        assert_eq!(both(999_999), ["1.00 M", "999 k"]);
        assert_eq!(both(999_999_999_999_999), ["1,000 T", "999 T"]);
        assert_eq!(both(123_456_000_000_000_000), ["124,000 T", "123,000 T"]);
    }

    #[test]
    fn a_share_above_the_limit_never_reads_as_100_percent() {
        let share = |demand| {
            let [demand, limit] = [demand, 1_000_000].map(QuotaAmount::new);
            demand.zip(limit).and_then(|(demand, limit)| Utilisation::new(demand, limit))
        };
        let words = |demand| share(demand).map(|share| super::super::English.short_use(share));
        assert_eq!(words(1_000_000).as_deref(), Some("100 %"));
        assert_eq!(words(1_000_001).as_deref(), Some("101 %"));
        assert_eq!(words(1).as_deref(), Some("1 %"));
        assert_eq!(words(0).as_deref(), Some("0 %"));
    }
}
