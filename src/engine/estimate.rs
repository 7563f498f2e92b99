//! A float estimate of `required` under a cap, to aim the exact search for the cap that fits.
//!
//! The exact pass costs several times as much; whatever this says is verified by it.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::evaluation::Evaluation;
use super::slots::by_group;
use super::sums::Variant;
use crate::units::{MILLIONTHS, QuotaAmount, Ratio};

/// A row in tokens, requests and shares of a minute.
struct Row {
    class: usize,
    peak: f64,
    occupancy: f64,
    /// Reservation without max_tokens.
    base: f64,
    max_tokens: f64,
    settled: f64,
    input_variance: f64,
    /// `S² + vS`.
    settled_square: f64,
    bunching: f64,
}

/// Sums of one class, or of the classes of one slot.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    in_flight: f64,
    variance: f64,
    largest: f64,
    peak: f64,
}

impl Level {
    fn add(&mut self, other: &Self) {
        self.in_flight += other.in_flight;
        self.variance += other.variance;
        self.largest = self.largest.max(other.largest);
        self.peak += other.peak;
    }
}

/// The rows of a pool, ready to be estimated at many caps.
pub(super) struct Estimate<'a> {
    evaluation: &'a Evaluation<'a>,
    rows: Vec<Row>,
    factors: Vec<f64>,
    z: f64,
    headroom: f64,
}

#[allow(clippy::cast_precision_loss)]
fn unit(millionths: u64) -> f64 {
    millionths as f64 / MILLIONTHS as f64
}

impl<'a> Estimate<'a> {
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn new(evaluation: &'a Evaluation<'a>, variant: &Variant) -> Self {
        let burndown = f64::from(variant.rate.quota_tokens_per_output_token());
        let classes = &evaluation.prepared.classes;
        let unit_of_factors = &evaluation.prepared.unit;
        let factor = |factor: &BigInt| {
            let factor = BigRational::new_raw(factor.clone(), unit_of_factors.clone());
            factor.to_f64().unwrap_or(f64::MAX)
        };
        let requested = evaluation.prepared.rows.iter().filter(|row| row.peak > 0);
        let rows = requested.map(|row| {
            let input = unit(row.input) + unit(row.cache_write);
            let reads = if variant.reserve_cache_reads { unit(row.cache_read) } else { 0.0 };
            let settled = input + burndown * unit(row.output);
            let input_variance = row.input_variance as f64 * 1e-12;
            let output_variance = row.output_variance as f64 * 1e-12;
            let denominator = classes[row.class as usize].occupancy_denominator as f64;
            Row {
                class: row.class as usize,
                peak: unit(row.peak),
                occupancy: row.occupancy as f64 / denominator,
                base: input + reads,
                max_tokens: row.max_tokens.map_or(f64::MAX, unit),
                settled,
                input_variance,
                settled_square: settled * settled + input_variance + burndown * burndown * output_variance,
                bunching: unit(row.dispersion) - 1.0,
            }
        });
        Self {
            evaluation,
            rows: rows.collect(),
            factors: classes.iter().map(|class| factor(&class.peak_factor)).collect(),
            z: evaluation.assumptions.z(),
            headroom: 1.0 + Ratio::to_f64(evaluation.assumptions.headroom),
        }
    }

    /// About `required` at a cap.
    fn required(&self, cap: f64) -> f64 {
        let mut classes = vec![Level::default(); self.factors.len()];
        for row in &self.rows {
            let level = &mut classes[row.class];
            let reservation = row.base + row.max_tokens.min(cap);
            let hold = (reservation - row.settled).max(0.0);
            let mean = row.settled + row.occupancy * hold;
            let during = (reservation * reservation + row.input_variance).max(row.settled_square);
            let spread = row.occupancy * during + (1.0 - row.occupancy) * row.settled_square;
            level.in_flight += row.peak * mean;
            level.variance += row.peak * (spread + row.bunching * mean * mean);
            level.largest = level.largest.max(reservation);
            level.peak += row.peak * row.settled;
        }
        let of_class = |index: usize| {
            let (class, factor): (&Level, f64) = (&classes[index], self.factors[index]);
            Level {
                in_flight: factor * class.in_flight,
                variance: factor * class.variance,
                largest: class.largest,
                peak: factor * class.peak,
            }
        };
        let Evaluation { prepared, slots, .. } = self.evaluation;
        let slots = slots.sums(by_group(prepared, of_class, Level::add), Level::add).map(|(_, level)| {
            let burst = level.in_flight + self.z * libm::sqrt(level.variance.max(0.0)) + level.largest;
            burst.max(level.peak * self.headroom)
        });
        slots.fold(0.0, f64::max)
    }

    /// About the largest cap from 1 on and below `high` at which `required` is at most `capacity`;
    /// 0 where there is none.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn largest_fitting(&self, capacity: QuotaAmount, high: u64) -> u64 {
        let capacity = capacity.get() as f64;
        let (mut low, mut high) = ((0, self.required(0.0)), (high, self.required(high as f64)));
        let mut halve = false;
        while high.0 - low.0 > 1 {
            let width = high.0 - low.0;
            // Where a straight line between the two reaches the capacity; the curve is nearly one.
            let share = ((capacity - low.1) / (high.1 - low.1)).clamp(0.0, 1.0);
            let line = low.0 + (width as f64 * share) as u64;
            let guess = if halve || share.is_nan() { low.0 + width / 2 } else { line };
            // Judged with its neighbour, so that a good guess ends the search.
            for cap in [guess, guess + 1] {
                if cap > low.0 && cap < high.0 {
                    let required = self.required(cap as f64);
                    if required <= capacity {
                        low = (cap, required);
                    } else {
                        high = (cap, required);
                    }
                }
            }
            halve = high.0 - low.0 > width / 4;
        }
        low.0
    }
}
