//! A trace drawn for a quota of a plan: what its rows might send in the minutes the quota is sized for.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::charges::{Charging, MaxTokens};
use super::draws::{Amount, Batches, Draws, microseconds};
use crate::engine::{Contribution, Plan, PlanInput, QuotaPlan, Slot};
use crate::simulate::random_bits;
use crate::trace::{Builder, Format, OutputLimit, Request, Target, TargetIndex, Trace};
use crate::units::{MILLIONTHS, QuotaAmount, Ratio, grouped};
use crate::workload::Workload;

/// Longest time drawn for, in minutes: a week.
pub const MINUTES_MAXIMUM: u32 = 10_080;

/// Largest number of requests drawn for one quota.
pub const DRAWN_MAXIMUM: u64 = 10_000_000;

/// For how long is drawn, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    /// Minutes, at least 1 and at most [`MINUTES_MAXIMUM`].
    pub minutes: u32,
    /// Seed of the random draws.
    pub seed: u64,
}

/// Requests drawn for a period and hour of a quota, and what they were drawn from.
#[derive(Debug, Clone)]
pub struct Projected {
    /// The requests.
    pub trace: Trace,
    /// How many there are in the mean of all seeds, rounded.
    pub expected_requests: u64,
    /// The rows' settled tokens per minute at their mean rates, exact.
    steady: BigRational,
    /// The same at their busiest minute.
    peak: BigRational,
}

impl Projected {
    /// AWS's formula at the rows' mean rates, rounded up; `None` above 10^18, as the others.
    #[must_use]
    pub fn mean_rate(&self) -> Option<QuotaAmount> {
        rounded_up(&self.steady)
    }

    /// AWS's formula at their busiest minute, rounded up.
    #[must_use]
    pub fn peak_minute(&self) -> Option<QuotaAmount> {
        rounded_up(&self.peak)
    }

    /// The same with a headroom on it, rounded up.
    #[must_use]
    pub fn formula(&self, headroom: Ratio) -> Option<QuotaAmount> {
        let factor = BigRational::new((MILLIONTHS + headroom.millionths()).into(), MILLIONTHS.into());
        rounded_up(&(&self.peak * factor))
    }
}

fn rounded_up(exact: &BigRational) -> Option<QuotaAmount> {
    exact.ceil().to_integer().to_u64().and_then(QuotaAmount::new)
}

/// Why nothing can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DrawingFault {
    /// The rates of the rows come to more requests than [`DRAWN_MAXIMUM`].
    #[error(
        "{minutes} minutes at the busiest rate are more than {} requests: draw for fewer --minutes",
        grouped(u128::from(DRAWN_MAXIMUM))
    )]
    TooMany {
        /// The minutes.
        minutes: u32,
    },
    /// max_tokens is not set and the model's maximum not known, so neither is any reservation.
    #[error("max_tokens is not set and the model's maximum output is not known")]
    MaximumUnknown,
}

/// Draws requests of the rows that are active in a period and hour of a quota, at the rate of their
/// busiest minute throughout.
///
/// - Arrivals are a Poisson process; with a dispersion `d` above 1 they come in batches at one instant,
///   of a geometric number with the mean `(d + 1)/2`, so that the count of any length of time varies by
///   `d` times its mean, as the plan's burst has it. With a `d` below 1 the share `1 − d` of them comes at
///   equal distances and the rest is a Poisson process, so that a count varies by `d` times its mean too, to
///   within a quarter of a request: with 0, every minute has the same count, to within one.
/// - Input and output tokens are log-normal where the row states a p95 (guide/sizing.md, section 2), else
///   the mean itself; cache tokens are their mean. They are whole numbers that keep the mean: a fraction
///   is the chance of one token more. Outputs are not cut at max_tokens, as the plan does not cut them.
/// - max_tokens is the row's, or the model's maximum; the latency is the row's where it states one.
///
/// Each row draws from streams of its own name, so that other rows, and their order, change nothing of
/// it, and neither does a change of its other columns. Times are microseconds from the start.
///
/// # Errors
/// More requests than can be drawn, or a row whose max_tokens is not known.
pub fn projected(
    input: &PlanInput<'_>,
    plan: &Plan,
    quota: &QuotaPlan,
    slot: Slot,
    drawing: Drawing,
) -> Result<Projected, DrawingFault> {
    let too_many = DrawingFault::TooMany { minutes: drawing.minutes };
    let charging = charging(input, quota, MaxTokens::Unset);
    let active = plan.contributions_at(input, quota, slot);
    let active: Vec<Contribution> = active.filter(|contribution| contribution.active).collect();
    let sum = |of: fn(&Contribution) -> &BigRational| active.iter().map(of).sum::<BigRational>();
    let (steady, peak) = (sum(|row| &row.steady_exact), sum(|row| &row.peak_exact));
    let mut builder = Builder::new(Format::Own);
    let mut rows = Vec::new();
    for contribution in &active {
        let Some(row) = input.workloads.rows().get(contribution.row) else { continue };
        let target = builder.target(Target {
            name: Some(row.name().to_owned()),
            scope: Some(quota.id.scope),
            model: Some(quota.id.model),
        });
        let row = RowDraws::new(row, contribution, target, drawing);
        if row.max_tokens == OutputLimit::Unset && charging.maximum.is_none() && charging.generates {
            return Err(DrawingFault::MaximumUnknown);
        }
        rows.push(row);
    }
    // In the order of their names, so that requests of one instant do not depend on the file's order.
    rows.sort_by(|a, b| a.name.cmp(b.name));
    let expected: f64 = rows.iter().map(|row| row.requests_per_minute * f64::from(drawing.minutes)).sum();
    if expected > DRAWN_MAXIMUM.to_f64().unwrap_or(0.0) {
        return Err(too_many);
    }
    let mut next: BinaryHeap<Reverse<(i64, usize)>> = (rows.iter_mut().zip(0..))
        .filter_map(|(row, index)| Some(Reverse((row.next_instant()?, index))))
        .collect();
    let mut drawn = 0_u64;
    while let Some(Reverse((instant, index))) = next.pop() {
        let Some(row) = rows.get_mut(index) else { continue };
        let batch = row.batches.draw(&mut row.batch_sizes);
        drawn = drawn.saturating_add(batch);
        if drawn > DRAWN_MAXIMUM {
            return Err(too_many);
        }
        for _ in 0..batch {
            builder.push(row.request(instant));
        }
        next.extend(row.next_instant().map(|instant| Reverse((instant, index))));
    }
    Ok(Projected { trace: builder.finish(), expected_requests: rounded(expected), steady, peak })
}

/// A count as a whole number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rounded(count: f64) -> u64 {
    libm::round(count) as u64
}

/// How the requests of a plan's quota are charged.
#[must_use]
pub fn charging(input: &PlanInput<'_>, quota: &QuotaPlan, max_tokens: MaxTokens) -> Charging {
    let (model, assumptions) = (input.catalog.model(quota.id.model), input.assumptions);
    let speed = assumptions.speed_of(quota.id.model);
    Charging {
        reserve_cache_reads: assumptions.config.reserve_cache_reads,
        ..Charging::new(model, assumptions.rates_as_of, max_tokens, speed)
    }
}

/// A Poisson process of batches.
struct RandomArrivals {
    /// Requests per minute.
    rate: f64,
    /// Requests in a batch, in the mean.
    batch: f64,
    /// The next arrival, in minutes.
    next: f64,
    gaps: Draws,
}

impl RandomArrivals {
    fn new(rate: f64, batch: f64, gaps: Draws) -> Self {
        let mut arrivals = Self { rate, batch, next: 0.0, gaps };
        arrivals.advance();
        arrivals
    }

    /// Goes on behind the next arrival, and gives its time.
    fn advance(&mut self) -> f64 {
        let is_any = self.rate > 0.0;
        let gap = if is_any { self.gaps.exponential() * self.batch / self.rate } else { f64::INFINITY };
        let next = self.next + gap;
        std::mem::replace(&mut self.next, next)
    }
}

/// Arrivals at equal distances, from an instant that is drawn.
struct RegularArrivals {
    /// Arrivals a minute.
    rate: f64,
    /// Arrivals so far, and the share of a distance in front of the first.
    place: f64,
}

impl RegularArrivals {
    fn new(rate: f64, draws: &mut Draws) -> Self {
        Self { rate, place: draws.uniform() }
    }

    /// The next arrival, in minutes.
    fn next(&self) -> f64 {
        if self.rate > 0.0 { self.place / self.rate } else { f64::INFINITY }
    }

    /// Goes on behind the next arrival, and gives its time.
    fn advance(&mut self) -> f64 {
        let now = self.next();
        self.place += 1.0;
        now
    }
}

/// What a row sends.
struct RowDraws<'a> {
    name: &'a str,
    requests_per_minute: f64,
    minutes: f64,
    /// Those of the Poisson process.
    random: RandomArrivals,
    /// Those at equal distances.
    regular: RegularArrivals,
    batches: Batches,
    batch_sizes: Draws,
    /// Input, output, cache reads, cache writes.
    tokens: [(Amount, Draws); 4],
    max_tokens: OutputLimit,
    latency_microseconds: Option<u64>,
    target: TargetIndex,
}

impl<'a> RowDraws<'a> {
    fn new(row: &'a Workload, contribution: &Contribution, target: TargetIndex, drawing: Drawing) -> Self {
        // A name is a row's own within its period.
        let seed = row.name().bytes().fold(drawing.seed, |seed, byte| random_bits(seed, u64::from(byte)));
        let stream = |number| Draws::new(seed, number);
        let max_tokens = row.max_tokens().map(|max_tokens| max_tokens.millionths() / MILLIONTHS);
        let requests_per_minute = contribution.peak_rate.to_f64().unwrap_or(f64::MAX);
        let dispersion = row.dispersion().map_or(1.0, Ratio::to_f64);
        let batches = Batches::with_dispersion(dispersion.max(1.0));
        let random_share = dispersion.min(1.0);
        Self {
            name: row.name(),
            requests_per_minute,
            minutes: f64::from(drawing.minutes),
            random: RandomArrivals::new(requests_per_minute * random_share, batches.mean, stream(0)),
            regular: RegularArrivals::new(requests_per_minute * (1.0 - random_share), &mut stream(6)),
            batches,
            batch_sizes: stream(1),
            tokens: [
                (Amount::with_mean(row.input(), row.input_p95()), stream(2)),
                (Amount::with_mean(row.output(), row.output_p95()), stream(3)),
                (Amount::with_mean(row.cache_read(), None), stream(4)),
                (Amount::with_mean(row.cache_write(), None), stream(5)),
            ],
            max_tokens: max_tokens.map_or(OutputLimit::Unset, OutputLimit::Stated),
            latency_microseconds: row.latency().map(|latency| latency.millionths()),
            target,
        }
    }

    /// When the next batch arrives; `None` behind the end.
    fn next_instant(&mut self) -> Option<i64> {
        let (random, regular) = (self.random.next, self.regular.next());
        let now = if random <= regular { self.random.advance() } else { self.regular.advance() };
        (now < self.minutes).then(|| microseconds(now))
    }

    fn request(&mut self, instant: i64) -> Request {
        let [input, output, reads, writes] = self.tokens.each_mut().map(|(amount, draws)| amount.draw(draws));
        Request {
            arrival_microseconds: instant,
            input_tokens: input,
            output_tokens: output,
            cache_read_tokens: reads,
            cache_write_tokens: writes,
            max_tokens: self.max_tokens,
            latency_microseconds: self.latency_microseconds,
            target: self.target,
        }
    }
}
