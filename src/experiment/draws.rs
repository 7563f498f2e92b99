//! Random numbers that are the same on every machine: drawn from a seed, by functions whose bits do
//! not depend on the platform.

use crate::engine::{log_normal_spread, normal_quantile};
use crate::simulate::random_bits;
use crate::units::{INPUT_MAXIMUM, MILLIONTHS, Tokens};

/// A stream of draws, none of which depends on another stream's.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    seed: u64,
    place: u64,
}

impl Draws {
    /// The stream of a number below a seed.
    pub(super) const fn new(seed: u64, stream: u64) -> Self {
        Self { seed: random_bits(seed, stream), place: 0 }
    }

    fn bits(&mut self) -> u64 {
        let bits = random_bits(self.seed, self.place);
        self.place += 1;
        bits
    }

    /// Above 0 and below 1: the middle of one of 2^52 equal parts.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn uniform(&mut self) -> f64 {
        // 52 bits and a half are exact in a float.
        ((self.bits() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Exponential of mean 1.
    pub(super) fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Standard normal.
    fn normal(&mut self) -> f64 {
        let u = self.uniform();
        if u < 0.5 { -normal_quantile(u) } else { normal_quantile(1.0 - u) }
    }

    /// A whole number that is `value` in the mean: one of the two beside it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    fn whole(&mut self, value: f64) -> u64 {
        // What an input may hold bounds what is drawn as well.
        let value = value.min(INPUT_MAXIMUM as f64);
        let below = libm::floor(value);
        let more = value - below;
        below as u64 + u64::from(more > 0.0 && self.uniform() < more)
    }
}

/// How many requests arrive at one instant, at least 1: geometric, with the mean `(d + 1)/2` that
/// makes a count of such arrivals vary by `d` times its mean.
///
/// Of a compound Poisson count the variance over the mean is `E[B²]/E[B]`, which for the geometric
/// with mean `m` is `2·m − 1`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batches {
    /// `ln(1 − 1/m)`; `None` where all batches are of 1.
    log_of_more: Option<f64>,
    pub(super) mean: f64,
}

impl Batches {
    /// Batches for a dispersion `d ≥ 1`.
    pub(super) fn with_dispersion(dispersion: f64) -> Self {
        let mean = f64::midpoint(dispersion, 1.0);
        Self { log_of_more: (mean > 1.0).then(|| libm::log1p(-1.0 / mean)), mean }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn draw(self, draws: &mut Draws) -> u64 {
        self.log_of_more.map_or(1, |log| 1 + libm::floor(libm::log(draws.uniform()) / log) as u64)
    }
}

/// Tokens of a request: log-normal with a mean and a 95th percentile, or the mean alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    mean: f64,
    /// Of the logarithm: its mean and standard deviation; `None` where there is no spread.
    logarithm: Option<(f64, f64)>,
}

impl Amount {
    /// The distribution of `guide/sizing.md`, section 2.
    pub(super) fn with_mean(mean: Tokens, p95: Option<Tokens>) -> Self {
        let sigma = p95.map_or(0.0, |p95| log_normal_spread(mean.millionths(), p95.millionths()).sigma);
        let logarithm = (sigma > 0.0).then(|| (libm::log(mean.to_f64()) - sigma * sigma / 2.0, sigma));
        Self { mean: mean.to_f64(), logarithm }
    }

    /// A whole number of tokens; in the mean what the distribution's is.
    pub(super) fn draw(self, draws: &mut Draws) -> u64 {
        let value = match self.logarithm {
            Some((mean, sigma)) => libm::exp(mean + sigma * draws.normal()),
            None => self.mean,
        };
        draws.whole(value)
    }
}

/// An instant in microseconds, rounded down.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(super) fn microseconds(minutes: f64) -> i64 {
    libm::floor(minutes * 60.0 * MILLIONTHS as f64) as i64
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::cast_precision_loss)]
mod tests {
    use super::{Amount, Batches, Draws};
    use crate::units::Tokens;

    const DRAWN: usize = 200_000;

    fn moments(values: &[f64]) -> (f64, f64) {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count)
    }

    fn near(found: f64, expected: f64, share: f64) {
        assert!((found - expected).abs() <= expected.abs() * share, "{found} is not {expected}");
    }

    #[test]
    fn streams_are_their_own() {
        let first = |seed, stream| Draws::new(seed, stream).uniform();
        let bits = [first(0, 0), first(0, 1), first(1, 0)].map(f64::to_bits);
        assert!(bits[0] != bits[1] && bits[0] != bits[2]);
    }

    #[test]
    fn exponentials_have_mean_and_variance_of_one() {
        let mut draws = Draws::new(1, 0);
        let (mean, variance) = moments(&(0..DRAWN).map(|_| draws.exponential()).collect::<Vec<_>>());
        near(mean, 1.0, 0.01);
        near(variance, 1.0, 0.03);
    }

    #[test]
    fn a_batch_varies_as_a_dispersion_needs() {
        // E[B²]/E[B] = d, with E[B] = (d + 1)/2.
        for dispersion in [1.5, 4.0, 40.0] {
            let mut draws = Draws::new(2, 0);
            let batches = Batches::with_dispersion(dispersion);
            let sizes: Vec<f64> = (0..DRAWN).map(|_| batches.draw(&mut draws) as f64).collect();
            let (mean, variance) = moments(&sizes);
            near(mean, f64::midpoint(dispersion, 1.0), 0.01);
            near((variance + mean * mean) / mean, dispersion, 0.03);
        }
        let mut draws = Draws::new(2, 0);
        assert!((0..100).all(|_| Batches::with_dispersion(1.0).draw(&mut draws) == 1));
    }

    #[test]
    fn a_log_normal_has_its_mean_and_its_percentile() {
        let tokens = |text| Tokens::parse(text).unwrap();
        let amount = Amount::with_mean(tokens("1500.5"), Some(tokens("4000")));
        let mut draws = Draws::new(3, 0);
        let drawn: Vec<f64> = (0..DRAWN).map(|_| amount.draw(&mut draws) as f64).collect();
        near(moments(&drawn).0, 1_500.5, 0.01);
        let above = drawn.iter().filter(|&&value| value > 4_000.0).count();
        near(above as f64, DRAWN as f64 * 0.05, 0.03);
    }

    #[test]
    fn a_fraction_is_kept_in_the_mean() {
        let mut draws = Draws::new(4, 0);
        let amount = Amount::with_mean(Tokens::parse("2.25").unwrap(), None);
        let drawn: Vec<f64> = (0..DRAWN).map(|_| amount.draw(&mut draws) as f64).collect();
        assert!(drawn.iter().all(|value| (2.0..=3.0).contains(value)));
        near(moments(&drawn).0, 2.25, 0.002);
        // A whole mean needs no draw.
        assert_eq!(Amount::with_mean(Tokens::parse("7").unwrap(), None).draw(&mut draws), 7);
    }
}
