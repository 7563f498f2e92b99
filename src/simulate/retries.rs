//! A replay at one quota in which throttled requests are sent again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::QuotaAmount;

use super::alone::peak_use_by_workload;
use super::meter::{Charge, Meter, Replay, with_meter};
use super::random::draw;
use super::result::{Counts, ReplayResult};
use super::traffic::{Event, Traffic};
use super::window::Window;

/// How often the longest delay doubles at most: from a second to 2^20 seconds, twelve days.
pub const BACKOFF_DOUBLINGS: u8 = 20;

/// How a throttled request is sent again (guide/sizing.md, section 6).
///
/// After its `k`-th throttled attempt it waits a whole number of microseconds from 1 to
/// 2^(k - 1) seconds, all equally likely (full jitter), then is sent again. The draw depends on the
/// seed, the request's place in the order of arrival and `k` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Retries {
    /// Attempts after the first; AWS's example budget of six attempts is 5.
    pub most: u8,
    /// Seed of the random draws.
    pub seed: u64,
}

/// Replays a trace at one quota, throttled requests being sent again.
///
/// At one instant: expiry, then completions, then first and repeated attempts together, each in the
/// order in which their requests first arrived; without latency a request settles directly after
/// its admission. A latency counts from the admission.
#[must_use]
pub fn replay_with_retries(
    traffic: &Traffic,
    window: Window,
    quota: QuotaAmount,
    retries: Retries,
) -> ReplayResult {
    // Retries move requests, so that any number of debts may be in flight together.
    let bounds = (traffic.charges(), traffic.charges());
    let (mut outcome, log) = with_meter(traffic, window, quota, bounds, Retrying { traffic, retries });
    let peak_use = outcome.peak_use;
    let admitted = log.timed(traffic);
    outcome.peak_use_by_workload = peak_use_by_workload(traffic, window, quota, peak_use, admitted);
    outcome
}

/// What was admitted and completed, in its order; kept where there is more than one workload.
struct Log {
    is_kept: bool,
    events: Vec<Event>,
    /// When each request was admitted.
    admitted_at: Vec<i64>,
}

impl Log {
    fn new(traffic: &Traffic) -> Self {
        let is_kept = traffic.workloads() > 1;
        let admitted_at = if is_kept { vec![0; traffic.len()] } else { Vec::new() };
        Self { is_kept, events: Vec::new(), admitted_at }
    }

    fn admitted(&mut self, now: i64, index: u32) {
        if self.is_kept {
            self.admitted_at[index as usize] = now;
            self.events.push(Event::arrival(index));
        }
    }

    fn completed(&mut self, index: u32) {
        if self.is_kept {
            self.events.push(Event::completion(index));
        }
    }

    /// The events with their times.
    fn timed<'a>(&'a self, traffic: &'a Traffic) -> impl Iterator<Item = (i64, Event)> {
        self.events.iter().map(|event| {
            let admitted_at = self.admitted_at[event.index()];
            let latency = traffic.requests()[event.index()].latency();
            (if event.completes() { admitted_at + latency } else { admitted_at }, *event)
        })
    }
}

struct Retrying<'a> {
    traffic: &'a Traffic,
    retries: Retries,
}

/// An attempt: its time, its request, and how many attempts were throttled before it.
type Attempt = (i64, u32, u8);

impl Replay for Retrying<'_> {
    /// Peaks by workload are left out.
    type Result = (ReplayResult, Log);

    fn run<M: Meter>(self, mut meter: M) -> (ReplayResult, Log) {
        let requests = self.traffic.requests();
        let mut log = Log::new(self.traffic);
        let mut by_workload = Counts::before_replay(self.traffic);
        let mut first_attempts = (0_u32..)
            .zip(requests)
            .map(|(index, request)| -> Attempt { (request.time_microseconds, index, 0) })
            .peekable();
        let mut repeated: BinaryHeap<Reverse<Attempt>> = BinaryHeap::new();
        let mut in_flight: BinaryHeap<Reverse<(i64, u32)>> = BinaryHeap::new();
        loop {
            let again = match (first_attempts.peek(), repeated.peek()) {
                (Some(first), Some(Reverse(again))) => again < first,
                (None, Some(_)) => true,
                (_, None) => false,
            };
            let next =
                if again { repeated.pop().map(|Reverse(attempt)| attempt) } else { first_attempts.next() };
            let until = next.map_or(i64::MAX, |(time, _, _)| time);
            while let Some(&Reverse((completion, index))) = in_flight.peek()
                && completion <= until
            {
                in_flight.pop();
                meter.settle(completion, Charge::from_arrival(&requests[index as usize]));
                log.completed(index);
            }
            let Some((time, index, throttled_before)) = next else {
                break;
            };
            let request = &requests[index as usize];
            let counts = &mut by_workload[request.workload as usize];
            if meter.admit(time, Charge::from_arrival(request)) {
                log.admitted(time, index);
                if request.latency_microseconds == 0 {
                    meter.settle(time, Charge::from_arrival(request));
                    log.completed(index);
                } else {
                    in_flight.push(Reverse((time + request.latency(), index)));
                }
                continue;
            }
            counts.throttled_attempts += 1;
            counts.throttled += u64::from(throttled_before == 0);
            if throttled_before < self.retries.most {
                let longest = 1_000_000_u64 << throttled_before.min(BACKOFF_DOUBLINGS);
                let delay = draw(self.retries.seed, index, throttled_before, longest);
                repeated.push(Reverse((time + delay.cast_signed(), index, throttled_before + 1)));
            } else {
                counts.lost += 1;
            }
        }
        (ReplayResult::from_counts(by_workload, meter.peak_use()), log)
    }
}
