//! From the requests of a trace to what a token quota charges for each.

use crate::catalog::Model;
use crate::config::Speed;
use crate::engine::{reservation, settled};
use crate::simulate::{Arrival, PeakTooLarge, Traffic, TrafficFault};
use crate::text::FactDate;
use crate::trace::{OutputLimit, Request, Trace};
use crate::units::{BurndownRate, FIGURE_MAXIMUM, Fact, MILLIONTHS, QuotaAmount};

/// What max_tokens the requests of a trace are sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxTokens {
    /// The trace's own: what it states, the model's maximum where it sets none (or the output where that is
    /// more), and what [`UnknownLimit`] says where it is not known.
    Actual,
    /// So many tokens, or the output where that is more.
    AtLeast(u64),
    /// Not set: the model's maximum, or the output where that is more.
    Unset,
}

/// What stands for a max_tokens that is not known: nothing is known but that it lies between these two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownLimit {
    /// The output itself, as if each limit equalled the length of its answer.
    AsAnswered,
    /// The model's maximum, or the output where that is more, as if none were set.
    AtMaximum,
}

/// How a model's token quota charges requests (guide/sizing.md, section 1), in whole tokens.
#[derive(Debug, Clone)]
pub struct Charging {
    /// Quota tokens per output token.
    pub rate: BurndownRate,
    /// Whether the model generates tokens; max_tokens counts for nothing where it does not.
    pub generates: bool,
    /// The model's maximum output, where it is known.
    pub maximum: Option<u64>,
    /// The max_tokens requests are sent with.
    pub max_tokens: MaxTokens,
    /// What stands for one that is not known.
    pub unknown: UnknownLimit,
    /// From which the latency follows where the trace states none.
    pub speed: Speed,
    /// Whether cache reads count in the reservation.
    pub reserve_cache_reads: bool,
}

/// Why requests cannot be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChargeFault {
    /// max_tokens is not set and the model's maximum not known, so neither is any reservation.
    #[error("max_tokens is not set and the model's maximum output is not known")]
    MaximumUnknown,
    /// A charge above 10^18 tokens.
    #[error("a request is charged more than 10^18 tokens")]
    TooLarge,
    /// The requests cannot be replayed.
    #[error(transparent)]
    Traffic(#[from] TrafficFault),
}

/// Why requests are not replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplayFault {
    /// They cannot be charged.
    #[error(transparent)]
    Charge(#[from] ChargeFault),
    /// Their unthrottled use is too large.
    #[error(transparent)]
    Peak(#[from] PeakTooLarge),
}

impl Charging {
    /// The charging of a model by the burndown statement that holds at a date, the newest where that
    /// is `None`.
    #[must_use]
    pub fn new(model: &Model, rates_as_of: Option<FactDate>, max_tokens: MaxTokens, speed: Speed) -> Self {
        let maximum = match model.max_output_tokens {
            Fact::Known(tokens) => Some(tokens.millionths() / MILLIONTHS),
            Fact::Absent | Fact::Unknown => None,
        };
        Self {
            rate: model.rate_as_of(rates_as_of).rate,
            generates: model.kind.generates(),
            maximum,
            max_tokens,
            unknown: UnknownLimit::AsAnswered,
            speed,
            reserve_cache_reads: false,
        }
    }

    /// `M`: the max_tokens a request is sent with, 0 where the model generates nothing; `None` where it
    /// is not known.
    #[must_use]
    pub fn max_tokens_of(&self, request: &Request) -> Option<u64> {
        let output = request.output_tokens;
        match self.max_tokens {
            _ if !self.generates => Some(0),
            MaxTokens::AtLeast(most) => Some(most.max(output)),
            MaxTokens::Unset => self.unset(output),
            MaxTokens::Actual => match (request.max_tokens, self.unknown) {
                (OutputLimit::Stated(tokens), _) => Some(tokens),
                (OutputLimit::Unknown, UnknownLimit::AsAnswered) => Some(output),
                (OutputLimit::Unset, _) | (OutputLimit::Unknown, UnknownLimit::AtMaximum) => {
                    self.unset(output)
                }
            },
        }
    }

    /// `M` of a request that sets none.
    fn unset(&self, output: u64) -> Option<u64> {
        self.maximum.map(|maximum| maximum.max(output))
    }

    /// `H = I + W + M (+ R)` at a max_tokens, in tokens; at most 2^64.
    #[must_use]
    pub fn reservation(&self, request: &Request, max_tokens: u64) -> u64 {
        let reads = if self.reserve_cache_reads { request.cache_read_tokens } else { 0 };
        let [input, write, reads, max_tokens] =
            [request.input_tokens, request.cache_write_tokens, reads, max_tokens].map(u128::from);
        u64::try_from(reservation(input, write, reads, max_tokens)).unwrap_or(u64::MAX)
    }

    /// `S = I + W + b·O`, in tokens; at most 2^64.
    #[must_use]
    pub fn settled(&self, request: &Request) -> u64 {
        let output = if self.generates { request.output_tokens } else { 0 };
        let [input, write, output] =
            [request.input_tokens, request.cache_write_tokens, output].map(u128::from);
        let burndown = u128::from(self.rate.quota_tokens_per_output_token());
        u64::try_from(settled(input, write, output, burndown)).unwrap_or(u64::MAX)
    }

    /// From arrival to completion: the trace's own where it states one, else the time to the first
    /// token and that of the output at the model's speed, rounded down to a microsecond.
    #[must_use]
    pub fn latency_microseconds(&self, request: &Request) -> u64 {
        request.latency_microseconds.unwrap_or_else(|| {
            // A second has as many microseconds as a unit has millionths.
            let first = self.speed.seconds_to_first_token.millionths();
            let speed = u128::from(self.speed.output_tokens_per_second.millionths()).max(1);
            let unit = u128::from(MILLIONTHS);
            let rest = u128::from(request.output_tokens) * unit * unit / speed;
            first.saturating_add(u64::try_from(rest).unwrap_or(u64::MAX))
        })
    }

    fn arrival(&self, request: &Request, workload: u32) -> Result<Arrival, ChargeFault> {
        let max_tokens = self.max_tokens_of(request).ok_or(ChargeFault::MaximumUnknown)?;
        let amount = |tokens: u64| QuotaAmount::new(tokens).ok_or(ChargeFault::TooLarge);
        Ok(Arrival {
            time_microseconds: request.arrival_microseconds,
            latency_microseconds: self.latency_microseconds(request),
            reservation: amount(self.reservation(request, max_tokens))?,
            settled: amount(self.settled(request))?,
            workload,
        })
    }

    /// What each request would reserve at another max_tokens, the output where that is more; for
    /// [`crate::simulate::largest_safe_max_tokens`].
    #[must_use]
    pub fn reservation_at(&self, trace: &Trace, index: usize, max_tokens: u64) -> u64 {
        trace.get(index).map_or(FIGURE_MAXIMUM, |request| {
            let max_tokens = if self.generates { max_tokens.max(request.output_tokens) } else { 0 };
            self.reservation(&request, max_tokens)
        })
    }
}

/// The requests of a trace as a quota sees them; `by_target` counts each target as a workload.
///
/// # Errors
/// What cannot be charged.
pub fn arrivals(trace: &Trace, charging: &Charging, by_target: bool) -> Result<Vec<Arrival>, ChargeFault> {
    let mut arrivals = Vec::with_capacity(trace.len());
    for request in trace.requests() {
        let workload = if by_target { u32::try_from(request.target.get()).unwrap_or(u32::MAX) } else { 0 };
        arrivals.push(charging.arrival(&request, workload)?);
    }
    Ok(arrivals)
}

/// The same requests as a quota of requests per minute sees them: each counts as one from its arrival on,
/// whatever its tokens and its latency (AWS gives no other rule; assumed).
#[must_use]
pub fn counted(requests: &[Arrival]) -> Vec<Arrival> {
    let one = QuotaAmount::new(1).unwrap_or_default();
    let counted = |request: &Arrival| Arrival {
        time_microseconds: request.time_microseconds,
        latency_microseconds: 0,
        reservation: one,
        settled: one,
        workload: 0,
    };
    requests.iter().map(counted).collect()
}

/// The same, ready to be replayed.
///
/// # Errors
/// What cannot be charged, or replayed.
pub fn traffic(trace: &Trace, charging: &Charging, by_target: bool) -> Result<Traffic, ChargeFault> {
    Ok(Traffic::new(arrivals(trace, charging, by_target)?)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Charging, MaxTokens, UnknownLimit};
    use crate::config::{Config, Speed};
    use crate::trace::{Builder, Format, OutputLimit, Request, Target};
    use crate::units::{BurndownRate, Seconds, TokensPerSecond};

    fn request() -> Request {
        let target = Builder::new(Format::Own).target(Target::default());
        Request {
            arrival_microseconds: 0,
            input_tokens: 3_000,
            output_tokens: 1_001,
            cache_read_tokens: 4_000,
            cache_write_tokens: 1_000,
            max_tokens: OutputLimit::Unknown,
            latency_microseconds: None,
            target,
        }
    }

    fn charging(max_tokens: MaxTokens) -> Charging {
        Charging {
            rate: BurndownRate::new(5).unwrap(),
            generates: true,
            maximum: Some(64_000),
            max_tokens,
            unknown: UnknownLimit::AsAnswered,
            speed: Config::default().speed,
            reserve_cache_reads: false,
        }
    }

    #[test]
    fn a_request_is_charged_as_the_notes_say() {
        let actual = charging(MaxTokens::Actual);
        assert_eq!(actual.settled(&request()), 9_005);
        assert_eq!(actual.max_tokens_of(&request()), Some(1_001));
        assert_eq!(
            actual.max_tokens_of(&Request { max_tokens: OutputLimit::Stated(900), ..request() }),
            Some(900)
        );
        assert_eq!(charging(MaxTokens::AtLeast(4_096)).max_tokens_of(&request()), Some(4_096));
        assert_eq!(charging(MaxTokens::AtLeast(1)).max_tokens_of(&request()), Some(1_001));
        assert_eq!(charging(MaxTokens::Unset).max_tokens_of(&request()), Some(64_000));
        let unset = Request { max_tokens: OutputLimit::Unset, ..request() };
        assert_eq!(actual.max_tokens_of(&unset), Some(64_000));
        assert_eq!(Charging { maximum: None, ..actual }.max_tokens_of(&unset), None);
        let at_maximum = Charging { unknown: UnknownLimit::AtMaximum, ..actual };
        assert_eq!(at_maximum.max_tokens_of(&request()), Some(64_000));
        assert_eq!(Charging { maximum: Some(1_000), ..at_maximum }.max_tokens_of(&request()), Some(1_001));
        let unknown = Charging { maximum: None, ..charging(MaxTokens::Unset) };
        assert_eq!(unknown.max_tokens_of(&request()), None);
        assert_eq!(actual.reservation(&request(), 32_000), 36_000);
        let with_reads = Charging { reserve_cache_reads: true, ..actual };
        assert_eq!(with_reads.reservation(&request(), 32_000), 40_000);
        let embedding = Charging { generates: false, ..charging(MaxTokens::Unset) };
        assert_eq!(embedding.max_tokens_of(&request()), Some(0));
        assert_eq!(embedding.settled(&request()), 4_000);
    }

    #[test]
    fn a_latency_is_rounded_down_once() {
        let speed = Speed {
            seconds_to_first_token: Seconds::parse("0.6").unwrap(),
            output_tokens_per_second: TokensPerSecond::parse("60").unwrap(),
        };
        let charging = Charging { speed, ..charging(MaxTokens::Actual) };
        assert_eq!(charging.latency_microseconds(&request()), 600_000 + 1_001 * 1_000_000 / 60);
        let stated = Request { latency_microseconds: Some(7), ..request() };
        assert_eq!(charging.latency_microseconds(&stated), 7);
    }
}
