//! The pass over a pool's rows: exact sums by class.
//!
//! Plans of large files spend their time here, so the sums are fixed-width integers; nothing is
//! rounded and nothing wraps.

use ethnum::U256;

use super::TooLarge;
use super::charge;
use super::pool::{DemandRow, Prepared};
use crate::units::{BurndownRate, FIGURE_MAXIMUM, MILLIONTHS, Tokens};

/// What a pass changes about the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Variant {
    /// Burndown rate of output.
    pub(super) rate: BurndownRate,
    /// Whether cache reads count in the reservation.
    pub(super) reserve_cache_reads: bool,
    /// A cap on max_tokens of all rows; it replaces an unset one.
    pub(super) cap: Option<Tokens>,
    /// Whether the busiest minute is as the mean.
    pub(super) peak_is_mean: bool,
    /// Whether half of each row's uncached input is read from the cache.
    pub(super) half_cached: bool,
}

impl Variant {
    /// The rows as they are.
    pub(super) fn plain(rate: BurndownRate, reserve_cache_reads: bool) -> Self {
        Self { rate, reserve_cache_reads, cap: None, peak_is_mean: false, half_cached: false }
    }
}

/// Sums over the rows of one class, before the class's factors.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// `Σ n·S`, in 10^-12.
    pub(super) steady: u128,
    /// `Σ p·S`, in 10^-12.
    pub(super) peak: u128,
    /// `Σ p·φ·D`, in 10^-12 over the occupancy denominator.
    pub(super) held: U256,
    /// `Σ p·(φ·max(H² + vI, S² + vS) + (1 − φ)·(S² + vS))`, in 10^-18 over the occupancy denominator.
    pub(super) spread: U256,
    /// `Σ p·(d − 1)·(S + φ·D)²` of the rows with `d > 1`, in 10^-24 over the occupancy denominator
    /// squared.
    pub(super) bunching: U256,
    /// `Σ p·(1 − d)·(S + φ·D)²` of the rows with `d < 1`, in the same unit: what is to be taken off.
    pub(super) evenness: U256,
    /// The largest `H`, in millionths.
    pub(super) largest_reservation: u128,
    /// Whether a reservation is not known.
    pub(super) unknown_reservation: bool,
    /// `Σ n`, in millionths.
    pub(super) requests: u128,
    /// `Σ p`, in millionths.
    pub(super) peak_requests: u128,
    /// `Σ d·p`, in 10^-12.
    pub(super) dispersed_requests: u128,
    /// `Σ n·(I + R + W + O)`, in 10^-12.
    pub(super) billed: u128,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            steady: 0,
            peak: 0,
            held: U256::ZERO,
            spread: U256::ZERO,
            bunching: U256::ZERO,
            evenness: U256::ZERO,
            largest_reservation: 0,
            unknown_reservation: false,
            requests: 0,
            peak_requests: 0,
            dispersed_requests: 0,
            billed: 0,
        }
    }
}

/// 10^18 in units of 10^-12: no product of a row may pass it.
const PRODUCT_MAXIMUM: u128 = FIGURE_MAXIMUM as u128 * MILLIONTHS as u128 * MILLIONTHS as u128;

/// Sums all rows, by class.
pub(super) fn pass(prepared: &Prepared, variant: &Variant) -> Result<Vec<Sums>, TooLarge> {
    let mut sums = vec![Sums::default(); prepared.classes.len()];
    for row in &prepared.rows {
        let class = row.class as usize;
        let denominator = prepared.classes[class].occupancy_denominator;
        add(&mut sums[class], row, denominator, variant)
            .ok_or(TooLarge { row: usize::try_from(row.index).ok() })?;
    }
    Ok(sums)
}

/// Adds one row; `None` where a product passes its bound.
fn add(sums: &mut Sums, row: &DemandRow, denominator: u128, variant: &Variant) -> Option<()> {
    let peak = if variant.peak_is_mean { row.rate } else { row.peak };
    // A half token of the seventh decimal is rounded up: the lever it serves is an illustration.
    let input = if variant.half_cached { row.input.div_ceil(2) } else { row.input };
    let cache_read = u128::from(row.cache_read) + u128::from(row.input - input);
    let (input, cache_write) = (u128::from(input), u128::from(row.cache_write));
    let burndown = u128::from(variant.rate.quota_tokens_per_output_token());
    let settled = charge::settled(input, cache_write, u128::from(row.output), burndown);

    sums.steady = sums.steady.checked_add(bounded(row.rate, settled)?)?;
    sums.peak = sums.peak.checked_add(bounded(peak, settled)?)?;
    sums.requests += u128::from(row.rate);
    sums.peak_requests += u128::from(peak);
    sums.dispersed_requests =
        sums.dispersed_requests.checked_add(bounded(row.dispersion, u128::from(peak))?)?;
    let tokens = u128::from(row.input) + u128::from(row.cache_read) + u128::from(row.cache_write);
    sums.billed = sums.billed.checked_add(bounded(row.rate, tokens + u128::from(row.output))?)?;

    // Nothing is reserved for requests that never come.
    if peak == 0 {
        return Some(());
    }
    let cap = variant.cap.map(|cap| u128::from(cap.millionths()));
    let max_tokens = match (row.max_tokens.map(u128::from), cap) {
        (Some(own), Some(cap)) => own.min(cap),
        (Some(max), None) | (None, Some(max)) => max,
        (None, None) => {
            sums.unknown_reservation = true;
            return Some(());
        }
    };
    let reserved_reads = if variant.reserve_cache_reads { cache_read } else { 0 };
    let reservation = charge::reservation(input, cache_write, reserved_reads, max_tokens);
    sums.largest_reservation = sums.largest_reservation.max(reservation);
    let hold = charge::beyond(reservation, settled);
    let held = bounded(peak, hold)?;
    sums.held = sums.held.checked_add(product(row.occupancy, held)?)?;

    // A quarter of the variance: half of each input is half of its deviation.
    let input_variance = if variant.half_cached { row.input_variance / 4 } else { row.input_variance };
    let settled_variance = input_variance + burndown * burndown * row.output_variance;
    let at_level =
        spread(row.occupancy, denominator, (reservation, input_variance), (settled, settled_variance));
    let spread = match at_level? {
        Spread::Narrow(value) => widening(value, peak),
        Spread::Wide(value) => value.checked_mul(U256::from(peak))?,
    };
    sums.spread = sums.spread.checked_add(spread)?;

    if row.dispersion != MILLIONTHS {
        let level = U256::from(settled)
            .checked_mul(U256::from(denominator))?
            .checked_add(U256::from(hold).checked_mul(U256::from(row.occupancy))?)?;
        let off = u128::from(row.dispersion.abs_diff(MILLIONTHS)) * u128::from(peak);
        let term = level.checked_mul(level)?.checked_mul(U256::from(off))?;
        let sum = if row.dispersion > MILLIONTHS { &mut sums.bunching } else { &mut sums.evenness };
        *sum = sum.checked_add(term)?;
    }
    Some(())
}

/// `a·b` in 10^-12, within the bound on figures.
fn bounded(a: u64, b: u128) -> Option<u128> {
    let product = match u64::try_from(b) {
        // Two words of 64 bits: the usual case, which cannot overflow.
        Ok(b) => u128::from(a) * u128::from(b),
        Err(_) => u128::from(a).checked_mul(b)?,
    };
    (product <= PRODUCT_MAXIMUM).then_some(product)
}

/// `a·b`, exact: 128 by 64 bits always fit.
fn widening(a: u128, b: u64) -> U256 {
    const WORD: u128 = u64::MAX as u128;
    let low = (a & WORD) * u128::from(b);
    let high = (a >> 64) * u128::from(b);
    let (low, carry) = low.overflowing_add(high << 64);
    U256::from_words((high >> 64) + u128::from(carry), low)
}

/// `a·b`, exact; `None` above 256 bits.
fn product(a: u128, b: u128) -> Option<U256> {
    match u64::try_from(a) {
        Ok(a) => Some(widening(b, a)),
        Err(_) => U256::from(a).checked_mul(U256::from(b)),
    }
}

/// A value by the width it needs.
enum Spread {
    Narrow(u128),
    Wide(U256),
}

/// 2^45 millionths are 35 million tokens; its square and a variance of 2^91 sum to less than 2^92,
/// and times a denominator of 2^35 to less than 2^127.
const SMALL_VALUE: u128 = 1 << 45;
const SMALL_VARIANCE: u128 = 1 << 91;
const SMALL_DENOMINATOR: u128 = 1 << 35;

/// `φ·max(H² + vI, S² + vS) + (1 − φ)·(S² + vS)`, times the denominator, in 10^-12.
fn spread(occupancy: u128, denominator: u128, held: (u128, u128), settled: (u128, u128)) -> Option<Spread> {
    let small = |(value, variance): (u128, u128)| value <= SMALL_VALUE && variance <= SMALL_VARIANCE;
    if denominator <= SMALL_DENOMINATOR && small(held) && small(settled) {
        let after = settled.0 * settled.0 + settled.1;
        let during = (held.0 * held.0 + held.1).max(after);
        return Some(Spread::Narrow(occupancy * during + (denominator - occupancy) * after));
    }
    let square = |(value, variance): (u128, u128)| {
        U256::from(value).checked_mul(U256::from(value))?.checked_add(U256::from(variance))
    };
    let after = square(settled)?;
    let during = square(held)?.max(after);
    let during = U256::from(occupancy).checked_mul(during)?;
    during.checked_add(U256::from(denominator - occupancy).checked_mul(after)?).map(Spread::Wide)
}

#[cfg(test)]
mod tests {
    use ethnum::U256;

    use super::{SMALL_DENOMINATOR, SMALL_VALUE, SMALL_VARIANCE, Spread, product, spread, widening};

    /// Numbers whose words are all ones, all zeros or single bits: where carries are.
    fn edges(bits: u32) -> Vec<u128> {
        let powers = (0..bits).map(|bit| 1_u128 << bit);
        powers.flat_map(|power| [power - 1, power, power + (power - 1), power ^ 0x5555]).collect()
    }

    #[test]
    fn products_are_those_of_the_256_bit_crate() {
        for a in edges(128) {
            for b in edges(64) {
                let expected = U256::from(a).checked_mul(U256::from(b));
                let Ok(word) = u64::try_from(b) else { continue };
                assert_eq!(Some(widening(a, word)), expected, "{a} x {word}");
                assert_eq!(product(b, a), expected, "{b} x {a}");
            }
        }
    }

    /// The bounds of the narrow path are its promise that nothing wraps.
    #[test]
    fn the_narrow_spread_is_the_wide_one_up_to_its_bounds() {
        for occupancy in [0, 1, SMALL_DENOMINATOR / 2, SMALL_DENOMINATOR] {
            for value in [0, 1, SMALL_VALUE - 1, SMALL_VALUE] {
                for variance in [0, 1, SMALL_VARIANCE] {
                    let (held, settled) = ((value, variance), (value / 3, variance));
                    let narrow = match spread(occupancy, SMALL_DENOMINATOR, held, settled) {
                        Some(Spread::Narrow(sum)) => U256::from(sum),
                        _ => unreachable!("within the bounds"),
                    };
                    let square = |(v, w): (u128, u128)| U256::from(v) * U256::from(v) + U256::from(w);
                    let after = square(settled);
                    let during = square(held).max(after);
                    let rest = U256::from(SMALL_DENOMINATOR - occupancy);
                    assert_eq!(narrow, U256::from(occupancy) * during + rest * after);
                }
            }
        }
    }
}
