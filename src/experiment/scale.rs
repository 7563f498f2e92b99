//! A trace with more or less traffic than was measured: by pressing its times together, or by
//! repeating its requests.

use crate::simulate::{WINDOW_MICROSECONDS, random_bits};
use crate::trace::{Builder, Request, Trace};
use crate::units::{MILLIONTHS, Ratio};

/// Largest factor.
pub const SCALE_MAXIMUM: u64 = 1_000;

/// By how much the rate of a trace is multiplied, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The factor, above 0 and at most [`SCALE_MAXIMUM`].
    pub factor: Ratio,
    /// Whether requests are repeated instead of coming sooner.
    pub replicate: bool,
    /// Seed of the random draws.
    pub seed: u64,
}

impl Scale {
    /// Whether it changes anything.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.factor.millionths() == MILLIONTHS
    }
}

/// The trace at another rate.
///
/// By compression a request comes at `t0 + floor((t - t0) / factor)`, `t0` being the first arrival; its
/// latency stays. With `replicate` times stay, and each request comes `floor(factor)` times, and with
/// a probability of `factor - floor(factor)` once more. The first of a request's copies comes when the
/// request did, the others up to a minute later: by a whole number of microseconds below 60 s, all
/// equally likely, drawn from the seed, the request's place in the order of arrival and the copy.
#[must_use]
pub fn scaled(trace: &Trace, scale: Scale) -> Trace {
    let mut builder = Builder::new(trace.format());
    // Targets are sorted already, so that they keep their places.
    let targets: Vec<_> = trace.targets().iter().map(|target| builder.target(target.clone())).collect();
    let first = trace.arrivals_microseconds().first().copied().unwrap_or(0);
    for (index, request) in trace.requests().enumerate() {
        let is_open = trace.is_cache_open(index);
        let mut push = |request: Request| {
            builder.push(request);
            if is_open {
                builder.open_cache();
            }
        };
        let target = targets.get(request.target.get()).copied().unwrap_or(request.target);
        let request = Request { target, ..request };
        if scale.replicate {
            replicated(request, index as u64, scale, push);
        } else {
            let since = u128::from(request.arrival_microseconds.abs_diff(first)) * u128::from(MILLIONTHS)
                / u128::from(scale.factor.millionths().max(1));
            let arrival = first.saturating_add(i64::try_from(since).unwrap_or(i64::MAX));
            push(Request { arrival_microseconds: arrival, ..request });
        }
    }
    builder.finish()
}

fn replicated(request: Request, place: u64, scale: Scale, mut push: impl FnMut(Request)) {
    let of_request = random_bits(scale.seed, place);
    let (whole, rest) = (scale.factor.millionths() / MILLIONTHS, scale.factor.millionths() % MILLIONTHS);
    // The first number decides on the additional copy, each later one on a shift.
    let once_more = below(random_bits(of_request, 0), MILLIONTHS) < rest;
    for copy in 0..whole + u64::from(once_more) {
        let shift = match copy {
            0 => 0,
            _ => below(random_bits(of_request, copy), WINDOW_MICROSECONDS.unsigned_abs()),
        };
        let arrival = request.arrival_microseconds.saturating_add(shift.cast_signed());
        push(Request { arrival_microseconds: arrival, ..request });
    }
}

/// A whole number below `bound` from 64 random bits.
fn below(bits: u64, bound: u64) -> u64 {
    // The upper half of the product is below `bound`.
    ((u128::from(bits) * u128::from(bound)) >> 64) as u64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Scale, scaled};
    use crate::trace::{Builder, Format, OutputLimit, Request, Target, Trace};
    use crate::units::Ratio;

    fn trace(times: &[i64]) -> Trace {
        let mut builder = Builder::new(Format::Own);
        let target = builder.target(Target::default());
        for &arrival_microseconds in times {
            builder.push(Request {
                arrival_microseconds,
                input_tokens: 1,
                output_tokens: 0,
                cache_read_tokens: 0,
                cache_write_tokens: 0,
                max_tokens: OutputLimit::Unknown,
                latency_microseconds: None,
                target,
            });
        }
        builder.finish()
    }

    fn scale(factor: &str, replicate: bool) -> Scale {
        Scale { factor: Ratio::parse(factor).unwrap(), replicate, seed: 3 }
    }

    #[test]
    fn compression_rounds_down_from_the_first_arrival() {
        let pressed = scaled(&trace(&[-7, 0, 4]), scale("2", false));
        assert_eq!(pressed.arrivals_microseconds(), [-7, -4, -2]);
        let stretched = scaled(&trace(&[-7, 0, 4]), scale("0.5", false));
        assert_eq!(stretched.arrivals_microseconds(), [-7, 7, 15]);
    }

    #[test]
    fn replication_keeps_the_share() {
        let times: Vec<i64> = (0..20_000).map(|n| n * 1_000).collect();
        let twice = scaled(&trace(&times), scale("2.25", true));
        assert!((44_700..45_300).contains(&twice.len()), "{}", twice.len());
        let half = scaled(&trace(&times), scale("0.5", true));
        assert!((9_800..10_200).contains(&half.len()), "{}", half.len());
        let times_of_half = half.arrivals_microseconds();
        assert!(times_of_half.iter().all(|time| time % 1_000 == 0), "the first copy is not shifted");
        assert_ne!(
            scaled(&trace(&times), Scale { seed: 4, ..scale("0.5", true) }).arrivals_microseconds(),
            times_of_half
        );
    }
}
