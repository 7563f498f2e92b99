//! The largest of many exact amounts, most of them never computed.
//!
//! An estimate decides wherever it can; amounts too near to each other for it are compared exactly.

use num_bigint::BigInt;

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
