//! Caps on max_tokens: the tight one, and the largest that fits.

use std::fmt;

use super::TooLarge;
use super::assumptions::{TIGHT_MARGIN_HUNDREDTHS, TIGHT_MEANS};
use super::burst::Spread;
use super::estimate::Estimate;
use super::evaluation::Evaluation;
use super::pool::Prepared;
use super::sums::Variant;
use crate::catalog::Model;
use crate::units::{Fact, MILLIONTHS, QuotaAmount, Ratio, Tokens, percent_of};
use crate::workload::Workload;

/// What a tight cap on max_tokens rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TightBasis {
    /// [`TIGHT_MEANS`] times the mean output, of a row with neither p95 nor p99.
    #[default]
    Means,
    /// [`TIGHT_MARGIN_HUNDREDTHS`] hundredths of the p99 of the output.
    P99,
    /// The p95 of the output: the quantile of its log-normal, or a quarter above the p95 where that is more.
    P95,
    /// The model's maximum, which no answer exceeds.
    Maximum,
}

impl TightBasis {
    /// What the cap is, in words.
    #[must_use]
    pub fn words(self, confidence: Ratio) -> String {
        match self {
            Self::Means => {
                format!("{TIGHT_MEANS} x the mean output, since no p95 or p99 is stated (assumed)")
            }
            Self::P99 => "1.25 x the p99 of the output (assumed)".to_owned(),
            Self::P95 => format!(
                "the larger of 1.25 x the p95 of the output (assumed) and its {} % quantile, as a log-normal",
                percent_of(confidence.millionths())
            ),
            Self::Maximum => "the model's maximum".to_owned(),
        }
    }
}

/// The share of answers that a cap on max_tokens is expected to cut, the larger one last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct CutShare {
    millionths: u64,
    /// Whether it is about the share, not above it.
    is_estimate: bool,
}

impl CutShare {
    const NONE: Self = Self { millionths: 0, is_estimate: false };
    /// What 7 means cut, on public traces (sizing notes, "What to do with it").
    const OF_MEANS: Self = Self { millionths: 1_000, is_estimate: true };
    /// Above a p95 lie 5 % of the answers by definition.
    const ABOVE_P95: Self = Self { millionths: 50_000, is_estimate: false };
    /// Above a p99 lies 1 %.
    const ABOVE_P99: Self = Self { millionths: 10_000, is_estimate: false };
}

impl fmt::Display for CutShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = percent_of(self.millionths);
        match self {
            Self { millionths: 0, .. } => f.write_str("none"),
            Self { is_estimate: true, .. } => write!(f, "about {percent} %"),
            Self { is_estimate: false, .. } => write!(f, "less than {percent} %"),
        }
    }
}

/// The tight cap on max_tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tight {
    pub(super) tokens: Tokens,
    pub(super) basis: TightBasis,
    pub(super) cut: CutShare,
}

/// The longest answer to expect, in hundredths of a millionth of a token, what that rests on, and the share
/// of answers that are longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct LongestAnswer {
    hundredths: u128,
    basis: TightBasis,
    cut: CutShare,
}

impl LongestAnswer {
    /// The longest answer to expect of a row; `spread` is that of its log-normal and `z` the normal quantile
    /// of the confidence (sizing notes, "What to do with it").
    ///
    /// With a p95 the larger of 1.25 × p95 and `m·e^(zσ − σ²/2)`, rounded to the sixth decimal; with a p99 at
    /// least 1.25 × p99; with neither 7 × mean (assumed). Never less than the mean.
    ///
    /// The confidence's share lies above the quantile where the log-normal has the row's p95; above a
    /// quarter more than a p95 or a p99 lies less than 5 % or 1 % whatever the distribution.
    pub(super) fn of(row: &Workload, spread: Spread, confidence: Ratio, z: f64) -> Self {
        let above = MILLIONTHS.saturating_sub(confidence.millionths());
        let is_log_normal = spread.sigma > 0.0 && !spread.capped;
        let margin = |tokens: Tokens| u128::from(tokens.millionths()) * u128::from(TIGHT_MARGIN_HUNDREDTHS);
        let mean = u128::from(row.output().millionths()) * 100;
        let of_p95 = row.output_p95().map(|p95| {
            let (margin, quantile) = (margin(p95), quantile(row.output(), spread.sigma, z) * 100);
            let cut = if !is_log_normal {
                CutShare::ABOVE_P95
            } else {
                CutShare { millionths: above, is_estimate: quantile > margin }.min(CutShare::ABOVE_P95)
            };
            Self { hundredths: margin.max(quantile), basis: TightBasis::P95, cut }
        });
        let of_p99 = row.output_p99().map(|p99| Self {
            hundredths: margin(p99).max(mean),
            basis: TightBasis::P99,
            cut: CutShare::ABOVE_P99,
        });
        match (of_p95, of_p99) {
            // The p99 bounds what lies above a longer answer too.
            (Some(p95), Some(p99)) if p95.hundredths >= p99.hundredths => {
                Self { cut: p95.cut.min(p99.cut), ..p95 }
            }
            (_, Some(p99)) => p99,
            (Some(p95), None) => p95,
            (None, None) => Self {
                hundredths: mean * u128::from(TIGHT_MEANS),
                basis: TightBasis::Means,
                cut: CutShare::OF_MEANS,
            },
        }
    }

    /// That of two sets of rows: the longer answer, and the larger share that is cut.
    pub(super) fn and(self, other: Self) -> Self {
        Self { cut: self.cut.max(other.cut), ..self.max(other) }
    }
}

/// `m·e^(zσ − σ²/2)` in millionths, rounded to the nearest: the quantile of the log-normal with that mean.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn quantile(mean: Tokens, sigma: f64, z: f64) -> u128 {
    let factor = libm::exp(z * sigma - sigma * sigma / 2.0);
    // At most 10^18 millionths times e^6.5: far within the integers.
    libm::round(mean.millionths() as f64 * factor) as u128
}

/// `tight_max_tokens`: the longest answer to expect of the rows with a busiest minute above 0, rounded up to
/// two significant digits, at least 1 and at most the model's maximum, with what it rests on and the share of
/// answers it cuts; `None` where the model generates nothing, or no row has such a minute.
pub(super) fn tight(prepared: &Prepared, model: &Model) -> Option<Tight> {
    if !model.kind.generates() || prepared.rows.iter().all(|row| row.peak == 0) {
        return None;
    }
    let LongestAnswer { hundredths, basis, cut } = prepared.longest_answer;
    let whole = hundredths.div_ceil(100 * u128::from(MILLIONTHS)).max(1);
    let rounded =
        u64::try_from(whole).ok().and_then(QuotaAmount::new).map(QuotaAmount::rounded_up_to_two_digits);
    // Above what an input may hold, only a maximum can be stated.
    let tight = rounded.and_then(|rounded| Tokens::from_whole(rounded.get()));
    match (tight, model.max_output_tokens) {
        (Some(tokens), Fact::Known(maximum)) if tokens < maximum => Some(Tight { tokens, basis, cut }),
        (_, Fact::Known(maximum)) => {
            Some(Tight { tokens: maximum, basis: TightBasis::Maximum, cut: CutShare::NONE })
        }
        (tight, Fact::Absent | Fact::Unknown) => tight.map(|tokens| Tight { tokens, basis, cut }),
    }
}

impl Evaluation<'_> {
    /// Whether `required` is at most `capacity` with max_tokens capped at `cap` whole tokens.
    fn fits(&self, base: &Variant, cap: u64, capacity: QuotaAmount) -> Result<bool, TooLarge> {
        let variant = Variant { cap: Tokens::from_whole(cap), ..*base };
        Ok(self.figures(&variant)?.required.is_some_and(|required| required <= capacity))
    }

    /// `fitting_max_tokens`: the largest whole cap of at least 1 at which `required` is at most
    /// `capacity`, given that the rows as they are need more; `None` where none fits.
    ///
    /// `required` never falls as the cap grows, so the answer is next to a cap that does not fit.
    /// An estimate tells where to look; only exact figures decide.
    pub(super) fn fitting(&self, base: &Variant, capacity: QuotaAmount) -> Result<Option<u64>, TooLarge> {
        let largest = self.prepared.rows.iter().filter_map(|row| row.max_tokens).max().unwrap_or(0);
        let beyond = largest.div_ceil(MILLIONTHS).max(2);
        let guess = Estimate::new(self, base).largest_fitting(capacity, beyond).max(1);
        largest_fitting_near(guess, beyond, |cap| self.fits(base, cap, capacity))
    }
}

/// The largest number from 1 on for which `fits` holds, given that it holds for no number from
/// `beyond` on and for all below any for which it holds; `None` where it holds for none.
///
/// From `guess` ever longer steps find a number that fits below one that does not, and halving finds
/// the boundary: a good guess costs two questions, a bad one some more.
fn largest_fitting_near<E>(
    guess: u64,
    beyond: u64,
    mut fits: impl FnMut(u64) -> Result<bool, E>,
) -> Result<Option<u64>, E> {
    let (mut low, mut high);
    let mut step = 1;
    if fits(guess)? {
        (low, high) = (guess, beyond);
        while low + step < high {
            if !fits(low + step)? {
                high = low + step;
                break;
            }
            low += step;
            step *= 2;
        }
    } else {
        (low, high) = (0, guess);
        while low == 0 && high > 1 {
            let cap = high.saturating_sub(step).max(1);
            if fits(cap)? {
                low = cap;
            } else {
                high = cap;
                step *= 2;
            }
        }
        if low == 0 {
            return Ok(None);
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fits(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(Some(low))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::largest_fitting_near;

    /// Every boundary is found from every guess, and a right guess takes two questions.
    #[test]
    fn the_boundary_is_found_from_any_guess() {
        for beyond in 2..70 {
            for (boundary, guess) in (0..beyond).flat_map(|b| (1..beyond).map(move |g| (b, g))) {
                let mut asked = 0;
                let found = largest_fitting_near(guess, beyond, |cap| {
                    assert!((1..beyond).contains(&cap), "{cap} was asked");
                    asked += 1;
                    Ok::<_, Infallible>(cap <= boundary)
                });
                assert_eq!(found, Ok((boundary > 0).then_some(boundary)), "from {guess} below {beyond}");
                assert!(guess != boundary || asked <= 2, "{asked} questions from a right guess");
            }
        }
    }
}
