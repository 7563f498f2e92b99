//! The replay against a plain event loop with a binary heap, on a trace of four million requests.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

use quotaplan::simulate::{
    Arrival, Phase, Traffic, Window, first_passing, peak_unthrottled, replay, safe_quota, worst_phase,
};
use quotaplan::threads::Workers;
use quotaplan::units::{QuotaAmount, Ratio};

use super::random;

const REQUESTS: usize = 4_000_000;
const RUNS: usize = 5;

/// Requests, events and all that a search adds: 64 bytes a request, and 64 MiB.
pub(crate) const MEBIBYTES: u64 = ((64 * REQUESTS as u64) >> 20) + 64;

/// A thousandth.
const TARGET_MILLIONTHS: u64 = 1_000;

/// A day and a bit of chat and code, the same on every run: in each minute a rate that wanders, and
/// in it tokens and latencies with long tails.
fn generate() -> Vec<Arrival> {
    let mut random = random();
    let (mut clock, mut gap) = (0_i64, 20_000_u64);
    let mut arrivals = Vec::with_capacity(REQUESTS);
    for number in 0..REQUESTS {
        if number % 3_000 == 0 {
            gap = 14_000 + random(12_000);
        }
        // The difference of two draws is peaked, and a third of the requests come in bunches.
        clock += if random(3) == 0 { random(500) } else { random(gap) + random(gap) }.cast_signed();
        let input = 200 + random(1_500) * (1 + random(4) * random(2));
        let output = 20 + random(400) * (1 + random(3) * random(2));
        arrivals.push(Arrival {
            time_microseconds: clock,
            latency_microseconds: 600_000 + output * 1_000_000 / 60,
            reservation: amount(input + output.max(4_096)),
            settled: amount(input + 5 * output),
            workload: 0,
        });
    }
    arrivals
}

fn amount(tokens: u64) -> QuotaAmount {
    QuotaAmount::new(tokens).expect("at most 10^18")
}

/// The yardstick: one quota, a bucket, what is throttled dropped, completions in a binary heap.
/// Returns the throttled requests, stopping at one more than `allowed`.
fn heap_loop(requests: &[Arrival], quota: u64, allowed: u64) -> u64 {
    const SCALE: i64 = 60_000_000;
    let refill = quota.cast_signed();
    let full = refill * SCALE;
    let (mut level, mut last, mut throttled) = (full, 0_i64, 0);
    // When, and what it returns.
    let mut in_flight: BinaryHeap<Reverse<(i64, i64)>> = BinaryHeap::new();
    for request in requests {
        let now = request.time_microseconds;
        while let Some(&Reverse((completion, returned))) = in_flight.peek()
            && completion <= now
        {
            in_flight.pop();
            level = full.min(level + refill * (completion - last));
            level = full.min(level + returned);
            last = completion;
        }
        level = full.min(level + refill * (now - last));
        last = now;
        let needed = request.reservation.get().cast_signed() * SCALE;
        if level < needed {
            throttled += 1;
            if throttled > allowed {
                return throttled;
            }
            continue;
        }
        level -= needed;
        let returned = needed - request.settled.get().cast_signed() * SCALE;
        in_flight.push(Reverse((now + request.latency_microseconds.cast_signed(), returned)));
    }
    throttled
}

/// The crossing that plain bisection with the yardstick finds on whole numbers up to a top; a replay
/// that has failed goes on to its end only if `to_the_end`.
fn bisect(requests: &[Arrival], top: u64, allowed: u64, to_the_end: bool) -> u64 {
    let (mut fails, mut passes) = (0, top);
    let upto = if to_the_end { u64::MAX } else { allowed };
    while passes - fails > 1 {
        let middle = fails.midpoint(passes);
        if heap_loop(requests, middle, upto) <= allowed { passes = middle } else { fails = middle }
    }
    passes
}

fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed().as_secs_f64(), result)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints the ratios.
pub(crate) fn run() {
    let requests = generate();
    let workers = Workers::of_this_machine();
    let traffic = Traffic::new(requests.clone()).expect("within bounds");
    let target = Ratio::from_millionths(TARGET_MILLIONTHS).expect("a ratio");
    let allowed = REQUESTS as u64 * TARGET_MILLIONTHS / 1_000_000;
    let top = u64::try_from(peak_unthrottled(&traffic)).expect("a peak below 2^64");
    let crossing = bisect(&requests, top, allowed, false);
    println!(
        "replay of {REQUESTS} requests, {} threads, target 0.1 %; median of {RUNS} runs",
        workers.count()
    );
    let quota = amount(crossing / 10 * 9);
    let (heap, one) = in_turn(
        || heap_loop(&requests, quota.get(), u64::MAX),
        || replay(&traffic, Window::Bucket, quota).total.throttled,
        |heap, replayed| assert_eq!(heap, replayed, "the yardstick counts the same"),
    );
    println!("one quota of {quota}, bucket, events built: heap {heap:.3} s, replay {one:.3} s");
    println!("ratio: {:.2} (wanted: at least 2)", heap / one);
    let safe = |window| {
        // The events are built anew for each search; bisection does without.
        let traffic = Traffic::new(requests.clone()).expect("within bounds");
        safe_quota(&traffic, window, target, workers).expect("below 10^18")
    };
    for (window, to_the_end, wanted) in [
        (Window::Bucket, true, "wanted: at most 0.5"),
        (Window::Rolling, true, "wanted: at most 1"),
        (Window::Bucket, false, "where the yardstick stops once it has failed"),
    ] {
        let bisection = || bisect(&requests, top, allowed, to_the_end);
        let (bisection, search) = in_turn(bisection, || safe(window), |_, _| {});
        println!("safe quota, {window:?}: bisection {bisection:.2} s, whole grid {search:.2} s");
        println!("ratio: {:.2} ({wanted})", search / bisection);
    }
}

/// The searches of all windows, for a process whose memory is measured.
pub(crate) fn search_all() {
    let traffic = Traffic::new(generate()).expect("within bounds");
    let target = Ratio::from_millionths(TARGET_MILLIONTHS).expect("a ratio");
    let workers = Workers::of_this_machine();
    for window in [Window::Rolling, Window::Minute(Phase::FIRST_EVENT), Window::Bucket] {
        let (seconds, safe) = time(|| safe_quota(&traffic, window, target, workers));
        let (more, passing) = time(|| first_passing(&traffic, window, target, workers));
        println!("{window:?}: safe quota {safe:?} {seconds:.2} s, first passing {passing:?} {more:.2} s");
    }
    let (seconds, worst) = time(|| worst_phase(&traffic, target, workers));
    println!("{worst:?} {seconds:.2} s");
}

/// Times two pieces of work in turn, and gives their medians in seconds.
fn in_turn<A, B>(a: impl Fn() -> A, b: impl Fn() -> B, compare: impl Fn(A, B)) -> (f64, f64) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let ((seconds, one), (other_seconds, other)) = (time(&a), time(&b));
        first.push(seconds);
        second.push(other_seconds);
        compare(one, other);
    }
    (median(first), median(second))
}
