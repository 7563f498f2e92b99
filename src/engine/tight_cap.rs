//! What a tight cap on max_tokens rests on: the longest answer to expect of a row, which it lets through, and the share
//! of answers that it cuts.

use super::assumptions::{TIGHT_MARGIN_HUNDREDTHS, TIGHT_MEANS};
use super::burst::Spread;
use crate::units::{MILLIONTHS, Ratio, Tokens};
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

/// The share of answers that a cap on max_tokens is expected to cut, the larger one last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct CutShare {
    millionths: u64,
    /// Whether it is about the share, not above it.
    is_estimate: bool,
}

impl CutShare {
    pub(super) const NONE: Self = Self { millionths: 0, is_estimate: false };
    /// What the cap of 7 means aims to stay within (guide/sizing.md, section 3).
    const OF_MEANS: Self = Self { millionths: 1_000, is_estimate: true };
    /// Above a p95 lie 5 % of the answers by definition.
    const ABOVE_P95: Self = Self { millionths: 50_000, is_estimate: false };
    /// Above a p99 lies 1 %.
    const ABOVE_P99: Self = Self { millionths: 10_000, is_estimate: false };

    /// The share; 0 where none is cut.
    #[must_use]
    pub fn share(self) -> Ratio {
        Ratio::from_millionths(self.millionths).unwrap_or_default()
    }

    /// Whether it is about the share; else it is less.
    #[must_use]
    pub const fn is_estimate(self) -> bool {
        self.is_estimate
    }
}

/// The longest answer to expect, in hundredths of a millionth of a token, what that rests on, and the share
/// of answers that are longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct LongestAnswer {
    pub(super) hundredths: u128,
    pub(super) basis: TightBasis,
    pub(super) cut: CutShare,
}

impl LongestAnswer {
    /// The longest answer to expect of a row; `spread` is that of its log-normal and `z` the normal quantile
    /// of the confidence (guide/sizing.md, section 3).
    ///
    /// With a p95 the larger of 1.25 × p95 and `m·e^(zσ − σ²/2)`, rounded to the sixth decimal; with a p99 at
    /// least 1.25 × p99; with neither 7 × mean (assumed). Never less than the mean.
    ///
    /// The confidence's share lies above the quantile where the log-normal has the row's p95; above a
    /// quarter more than a p95 or a p99 lies less than 5 % or 1 % whatever the distribution.
    pub(super) fn of_row(row: &Workload, spread: Spread, confidence: Ratio, z: f64) -> Self {
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
