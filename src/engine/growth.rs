//! Growth over the months of a plan, exact: powers of all rates over one denominator, each computed once.

use std::collections::HashMap;

use num_bigint::BigInt;
use num_traits::One;

use crate::units::{ExactRate, MILLIONTHS, Ratio};
use crate::workload::Workload;

/// `(1 + growth)^months` for the growth rates of some rows.
///
/// A rate is a whole number of millionths, so its power is a whole number over `10^(6·months)`. Sums of
/// such numbers need no common denominator to be found, and no fraction to be reduced.
#[derive(Debug, Clone)]
pub(super) struct Growth {
    /// A growth factor of one: `10^(6·months)`, or 1 where no row grows.
    one: BigInt,
    powers: HashMap<Ratio, BigInt, foldhash::fast::FixedState>,
}

impl Growth {
    /// The powers that some rows need.
    pub(super) fn new<'a>(rows: impl Iterator<Item = &'a Workload>, months: u32) -> Self {
        let mut powers: HashMap<Ratio, BigInt, foldhash::fast::FixedState> = HashMap::default();
        if months > 0 {
            let rates = rows.filter_map(Workload::growth_per_month);
            for rate in rates.filter(|rate| *rate != Ratio::ZERO) {
                powers.entry(rate).or_insert_with(|| power(rate, months));
            }
        }
        let one = if powers.is_empty() { BigInt::one() } else { power(Ratio::ZERO, months) };
        Self { one, powers }
    }

    /// The factor of a growth rate of these rows, times [`Growth::one`].
    pub(super) fn factor(&self, rate: Ratio) -> &BigInt {
        self.powers.get(&rate).unwrap_or(&self.one)
    }

    /// The denominator of all factors.
    pub(super) fn one(&self) -> &BigInt {
        &self.one
    }

    /// The unit of a class's factors: growth, the divisors of all rates, and the peak factor.
    pub(super) fn unit(&self) -> BigInt {
        &self.one * ExactRate::COMMON * MILLIONTHS
    }
}

/// `(1 + rate)^months`, times `10^(6·months)`.
fn power(rate: Ratio, months: u32) -> BigInt {
    BigInt::from(MILLIONTHS + rate.millionths()).pow(months)
}
