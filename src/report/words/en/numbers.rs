//! How English writes numbers, and the words that stand where there is none.

use crate::report::Mark;
use crate::report::words::traits::NumberWords;
use crate::units::{QuotaAmount, grouped};

const MILLION: u64 = 1_000_000;

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

    fn change(&self, by: Option<i128>) -> String {
        change(by)
    }

    fn left_out_columns(&self, titles: &[String]) -> String {
        format!("Columns left out because the table would be too wide: {}.", titles.join(", "))
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

/// An amount in a few digits: all of them below a hundred million, then tenths of a million.
fn short(stated: QuotaAmount, divide: fn(u64, u64) -> u64) -> String {
    let (unit, word) = match stated.get() {
        0..100_000_000 => return amount(stated),
        100_000_000..100_000_000_000_000 => (MILLION, "M"),
        _ => (MILLION * MILLION, "T"),
    };
    let tenths = divide(stated.get(), unit / 10);
    format!("{}.{} {word}", grouped(u128::from(tenths / 10)), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{short_capacity, short_demand};
    use crate::units::QuotaAmount;

    fn demand(amount: u64) -> Option<String> {
        QuotaAmount::new(amount).map(short_demand)
    }

    fn capacity(amount: u64) -> Option<String> {
        QuotaAmount::new(amount).map(short_capacity)
    }

    #[test]
    fn a_demand_is_rounded_up_and_a_capacity_down() {
        assert_eq!(demand(600_550_000).as_deref(), Some("600.6 M"));
        assert_eq!(capacity(600_550_000).as_deref(), Some("600.5 M"));
        assert_eq!(demand(99_999_999).as_deref(), Some("99,999,999"));
        assert_eq!(capacity(99_999_999).as_deref(), Some("99,999,999"));
        assert_eq!(demand(100_000_000_000_001).as_deref(), Some("100.1 T"));
        assert_eq!(capacity(199_999_999_999_999).as_deref(), Some("199.9 T"));
    }
}
