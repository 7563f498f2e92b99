//! The numbers a quota is looked for among: whole, from 1, of at most three significant digits.

use crate::units::QuotaAmount;

/// Numbers below 1,000, all of which are on the grid.
const SMALL: u64 = 999;

/// Numbers in each decade above.
const DECADE: u64 = 900;

/// Index of 10^18, the largest.
const LAST: u64 = SMALL + 15 * DECADE;

/// The number at an index: 1 at 0, and 10^18 from the last index up.
pub(super) fn number(index: usize) -> QuotaAmount {
    let index = (index as u64).min(LAST);
    let number = match index.checked_sub(SMALL) {
        None => index + 1,
        Some(above) => (100 + above % DECADE) * 10_u64.pow(1 + u32::try_from(above / DECADE).unwrap_or(0)),
    };
    QuotaAmount::new(number).unwrap_or_default()
}

/// The index of the smallest number that is not below an amount.
pub(super) fn index_at_or_above(amount: QuotaAmount) -> usize {
    let (mut digits, mut decades) = (amount.get(), 0);
    while digits > SMALL {
        digits = digits.div_ceil(10);
        decades += 1;
    }
    let index = match decades {
        0 => digits.saturating_sub(1),
        _ => SMALL + (decades - 1) * DECADE + digits - 100,
    };
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// The smallest grid number that is not below an amount; 1 for 0 (guide/sizing.md, section 6).
///
/// ```
/// # use quotaplan::simulate::grid_at_or_above;
/// # use quotaplan::units::QuotaAmount;
/// let peak = QuotaAmount::new(1_479_222).unwrap();
/// assert_eq!(grid_at_or_above(peak).get(), 1_480_000);
/// ```
#[must_use]
pub fn grid_at_or_above(amount: QuotaAmount) -> QuotaAmount {
    number(index_at_or_above(amount))
}

/// The largest grid number that is not above an amount; `None` for 0.
///
/// ```
/// # use quotaplan::simulate::grid_at_most;
/// # use quotaplan::units::QuotaAmount;
/// let peak = QuotaAmount::new(1_479_222).unwrap();
/// assert_eq!(grid_at_most(peak).unwrap().get(), 1_470_000);
/// ```
#[must_use]
pub fn grid_at_most(amount: QuotaAmount) -> Option<QuotaAmount> {
    let index = index_at_or_above(amount);
    let above = number(index);
    match index {
        _ if above <= amount => Some(above),
        0 => None,
        _ => Some(number(index - 1)),
    }
}
