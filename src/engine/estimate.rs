//! A float estimate of `required` under a cap, to aim the exact search for the cap that fits.
//!
//! The exact pass costs several times as much; whatever this says is verified by it.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::charge;
use super::evaluation::Evaluation;
use super::slots::by_group;
use super::sums::Variant;
use crate::units::{MILLIONTHS, QuotaAmount, Ratio};

/// A row in tokens, requests and shares of a minute.
struct Row {
    class: usize,
    peak: f64,
    occupancy: f64,
    input: f64,
    cache_write: f64,
    /// Cache reads that count in the reservation.
    reserved_reads: f64,
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
            let (input, cache_write) = (unit(row.input), unit(row.cache_write));
            let reads = if variant.reserve_cache_reads { unit(row.cache_read) } else { 0.0 };
            let settled = charge::settled(input, cache_write, unit(row.output), burndown);
            let input_variance = row.input_variance as f64 * 1e-12;
            let output_variance = row.output_variance as f64 * 1e-12;
            let denominator = classes[row.class as usize].occupancy_denominator as f64;
            Row {
                class: row.class as usize,
                peak: unit(row.peak),
                occupancy: row.occupancy as f64 / denominator,
                input,
                cache_write,
                reserved_reads: reads,
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
            headroom: 1.0 + Ratio::to_f64(evaluation.assumptions.config.headroom),
        }
    }

    /// About `required` at a cap.
    fn required(&self, cap: f64) -> f64 {
        let mut classes = vec![Level::default(); self.factors.len()];
        for row in &self.rows {
            let level = &mut classes[row.class];
            let max_tokens = row.max_tokens.min(cap);
            let reservation = charge::reservation(row.input, row.cache_write, row.reserved_reads, max_tokens);
            let hold = charge::beyond(reservation, row.settled);
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::cast_precision_loss)]
mod tests {
    use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, proptest};

    use super::super::pool::{group, prepare};
    use super::super::slots::Slots;
    use super::super::{Assumptions, PlanInput};
    use super::{Estimate, Evaluation, Variant};
    use crate::catalog;
    use crate::config::Config;
    use crate::text::{Diagnostics, SourceFile, Sources};
    use crate::units::{BurndownRate, Tokens};
    use crate::workload::{self, ReadOptions};

    const HEADER: &str = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,\
        cache_read_tokens,cache_write_tokens,output_tokens,max_tokens,latency_seconds,input_tokens_p95,dispersion\n";

    fn row() -> impl Strategy<Value = String> {
        let rates = (0_u32..100, 0_u32..100);
        let tokens = (1_u32..9_000, 0_u32..9_000, 0_u32..9_000, 1_u32..3_000, 0_u32..9_000);
        let rest = (0_u32..90, 100_u32..300, 0_u32..5);
        (rates, tokens, rest).prop_map(|((mean, more), (input, read, write, output, room), rest)| {
            let (latency, p95, dispersion) = rest;
            let (peak, max, p95) = (mean + more, output + room, input * p95 / 100);
            format!("haiku-4.5,us,{mean},{peak},{input},{read},{write},{output},{max},{latency},{p95},{dispersion}\n")
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

        /// It is what the exact pass finds, but for the rounding.
        #[test]
        fn the_estimate_is_the_exact_figure_nearly(
            rows in prop::collection::vec(row(), 1..6), cap in 1_u64..12_000, reads: bool,
        ) {
            let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
            let catalog = catalog::load(&mut sources, None, &mut diagnostics).unwrap();
            let named = rows.iter().enumerate().map(|(index, row)| format!("w{index},{row}"));
            let text = HEADER.to_owned() + &named.collect::<String>();
            let file = sources.add(SourceFile::new("workloads.csv", text));
            let options = ReadOptions::default();
            let workloads = workload::parse(&sources, file, &catalog, &options, &mut diagnostics).unwrap();
            let assumptions = Assumptions::new(&Config::default(), &catalog, &mut diagnostics);
            let input = PlanInput { catalog: &catalog, workloads: &workloads, assumptions: &assumptions };
            let pool = group(&workloads, &catalog, &assumptions).swap_remove(0);
            let prepared = prepare(&pool, &input, &pool.growth(&input), Vec::new(), |_, _| {});
            let slots = Slots::new(&prepared);
            let evaluation = Evaluation { prepared: &prepared, slots: &slots, assumptions: &assumptions };
            let base = Variant::plain(BurndownRate::new(5).unwrap(), reads);
            let capped = Variant { cap: Tokens::from_whole(cap), ..base };
            let exact = evaluation.figures(&capped).unwrap().required.unwrap().get() as f64;
            let found = Estimate::new(&evaluation, &base).required(cap as f64);
            prop_assert!((exact - found).abs() <= 1.0 + 1e-9 * exact, "{found} for {exact}");
        }
    }
}
