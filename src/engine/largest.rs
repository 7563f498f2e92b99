//! The largest of many exact amounts, most of them never computed, and the row to which a sum that is too large is put down.
//!
//! An estimate decides wherever it can; amounts too near to each other for it are compared exactly.

use num_bigint::BigInt;

use super::TooLarge;
use super::assumptions::PlanInput;
use super::pool::Pool;

/// Estimates are products of a few floats: far nearer to the exact amount than this share of it.
const DOUBT: f64 = 1e-9;

/// The item with the largest exact amount, the first where several are equal; `estimate` and
/// `exact` give the same amount.
pub(super) fn largest<T>(
    items: impl IntoIterator<Item = T>,
    estimate: impl Fn(&T) -> f64,
    exact: impl Fn(&T) -> BigInt,
) -> Option<T> {
    let mut most: Option<(T, f64, Option<BigInt>)> = None;
    for item in items {
        let about = estimate(&item);
        let Some((best, at_most, known)) = &mut most else {
            most = Some((item, about, None));
            continue;
        };
        if about < *at_most * (1.0 - DOUBT) {
            continue;
        }
        let amount = exact(&item);
        let so_far = known.get_or_insert_with(|| exact(best));
        if amount > *so_far {
            most = Some((item, about, Some(amount)));
        }
    }
    most.map(|(item, _, _)| item)
}

impl TooLarge {
    /// Names the row of a pool that adds most, where no row passes the bound alone.
    pub(super) fn at_largest_row(self, input: &PlanInput<'_>, pool: &Pool) -> Self {
        let weight = |index: &u32| {
            let row = input.workloads.rows().get(*index as usize);
            row.map_or(0, |row| {
                let rate = row.peak_rate().unwrap_or(row.mean_rate());
                let tokens = row.all_input_millionths().saturating_add(row.output().millionths());
                u128::from(rate.millionths()) * u128::from(tokens) / u128::from(rate.divisor())
            })
        };
        let largest = || pool.rows.iter().max_by_key(|index| weight(index)).map(|index| *index as usize);
        Self { row: self.row.or_else(largest) }
    }

    /// Names the row of all pools that adds most, for sums over several.
    pub(super) fn at_largest_of_all(self, input: &PlanInput<'_>, pools: &[Pool]) -> Self {
        let rows: Vec<u32> = pools.iter().flat_map(|pool| pool.rows.iter().copied()).collect();
        match pools.first() {
            Some(pool) => self.at_largest_row(input, &Pool { rows, ..pool.clone() }),
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;

    use super::largest;

    #[test]
    fn amounts_nearer_than_a_float_are_told_apart() {
        let tenth = BigInt::from(10_u8).pow(40);
        let amounts = [&tenth - 1, tenth.clone(), &tenth + 1, tenth.clone(), &tenth + 1];
        let found = largest(0..amounts.len(), |_| 1e40, |&at| amounts[at].clone());
        assert_eq!(found, Some(2), "the first of the largest");
        assert_eq!(largest(0..0, |_| 1.0, |_| tenth.clone()), None);
    }

    #[test]
    fn what_an_estimate_rules_out_is_not_computed() {
        let exact = |at: &u32| if *at == 3 { BigInt::from(7) } else { unreachable!("{at} is far below") };
        assert_eq!(largest([3, 1, 2], |&at| if at == 3 { 7.0 } else { 1.0 }, exact), Some(3));
    }
}
