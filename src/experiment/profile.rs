//! What a trace comes to when it is described the way a workloads row describes traffic.

use super::charges::Charging;
use crate::simulate::WINDOW_MICROSECONDS;
use crate::trace::{Request, Trace};
use crate::units::{MILLIONTHS, QuotaAmount, Ratio};

/// Means, percentiles and the busiest minute of a trace with requests.
///
/// Everything is exact and rounded up once, the way demand is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Requests per minute over the trace's duration, or over a minute where it is shorter, in
    /// millionths.
    pub mean_rate_millionths: u64,
    /// Settled tokens per minute over the same time: AWS's formula at the mean rate.
    pub mean: QuotaAmount,
    /// Requests in the busiest calendar minute, counted from the first arrival.
    pub peak_requests: u64,
    /// Settled tokens of the requests that arrive in the calendar minute that has most of them.
    pub peak_minute: QuotaAmount,
    /// Mean input, output, cache reads, cache writes, in millionths.
    pub(super) means: [u64; 4],
    /// 95th percentiles of input and output by linear interpolation, in millionths.
    pub(super) p95: [u64; 2],
    /// Mean max_tokens, rounded up to a whole token; `None` where it is not known.
    pub(super) mean_max_tokens: Option<u64>,
    /// Mean latency in microseconds.
    pub(super) mean_latency_microseconds: u64,
}

impl Profile {
    /// Describes a trace; `None` where there is nothing in it, or a figure exceeds 10^18.
    #[must_use]
    pub fn new(trace: &Trace, charging: &Charging) -> Option<Self> {
        let count = u128::try_from(trace.len()).ok().filter(|count| *count > 0)?;
        let minute = u128::from(WINDOW_MICROSECONDS.unsigned_abs());
        let duration = u128::from(trace.duration_microseconds()).max(minute);
        let up = |value: u128| u64::try_from(value).ok();
        let mean = |sum: u128| up((sum * u128::from(MILLIONTHS)).div_ceil(count));
        let mut sums = [0_u128; 4];
        let (mut settled, mut max_tokens, mut latency) = (0_u128, Some(0_u128), 0_u128);
        let mut busiest = Busiest::new(trace);
        for request in trace.requests() {
            let parts = [
                request.input_tokens,
                request.output_tokens,
                request.cache_read_tokens,
                request.cache_write_tokens,
            ];
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += u128::from(part));
            let charge = charging.settled(&request);
            settled += u128::from(charge);
            busiest.add(request.arrival_microseconds, charge);
            max_tokens = max_tokens.zip(charging.max_tokens_of(&request)).map(|(sum, m)| sum + u128::from(m));
            latency += u128::from(charging.latency_microseconds(&request));
        }
        let [input, output, reads, writes] = sums.map(mean);
        Some(Self {
            mean_rate_millionths: up((count * minute * u128::from(MILLIONTHS)).div_ceil(duration))?,
            mean: up((settled * minute).div_ceil(duration)).and_then(QuotaAmount::new)?,
            peak_requests: busiest.requests,
            peak_minute: up(busiest.settled).and_then(QuotaAmount::new)?,
            means: [input?, output?, reads?, writes?],
            p95: [p95(trace, |request| request.input_tokens), p95(trace, |request| request.output_tokens)],
            mean_max_tokens: max_tokens.and_then(|sum| up(sum.div_ceil(count))),
            mean_latency_microseconds: up(latency.div_ceil(count))?,
        })
    }
}

impl Profile {
    /// The busiest minute with a headroom on it, rounded up: what AWS's formula would ask for; `None`
    /// above 10^18.
    #[must_use]
    pub fn formula(&self, headroom: Ratio) -> Option<QuotaAmount> {
        let factor = u128::from(MILLIONTHS) + u128::from(headroom.millionths());
        let whole = (u128::from(self.peak_minute.get()) * factor).div_ceil(u128::from(MILLIONTHS));
        u64::try_from(whole).ok().and_then(QuotaAmount::new)
    }
}

/// The busiest calendar minute, of requests and of settled tokens each on its own.
struct Busiest {
    first: i64,
    minute: u64,
    in_minute: (u64, u128),
    requests: u64,
    settled: u128,
}

impl Busiest {
    fn new(trace: &Trace) -> Self {
        let first = trace.arrivals_microseconds().first().copied().unwrap_or(0);
        Self { first, minute: 0, in_minute: (0, 0), requests: 0, settled: 0 }
    }

    fn add(&mut self, time: i64, settled: u64) {
        let minute = time.abs_diff(self.first) / WINDOW_MICROSECONDS.unsigned_abs();
        if minute != self.minute {
            self.minute = minute;
            self.in_minute = (0, 0);
        }
        self.in_minute.0 += 1;
        self.in_minute.1 += u128::from(settled);
        self.requests = self.requests.max(self.in_minute.0);
        self.settled = self.settled.max(self.in_minute.1);
    }
}

/// The 95th percentile by linear interpolation between the ranks, in millionths.
fn p95(trace: &Trace, of: impl Fn(&Request) -> u64) -> u64 {
    let mut values: Vec<u64> = trace.requests().map(|request| of(&request)).collect();
    let rank = 95 * values.len().saturating_sub(1);
    let (below, hundredths) = (rank / 100, (rank % 100) as u64);
    if below >= values.len() {
        return 0;
    }
    let (_, &mut lower, above) = values.select_nth_unstable(below);
    let upper = above.iter().min().copied().unwrap_or(lower);
    // A hundredth of a unit is a whole number of millionths.
    lower
        .saturating_mul(MILLIONTHS)
        .saturating_add((upper - lower).saturating_mul(MILLIONTHS / 100 * hundredths))
}
