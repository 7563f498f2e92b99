//! Examples worked by hand, and requests at the edges of what there can be.

use quotaplan::simulate::{
    Arrival, LATENCY_MAXIMUM, PeakTooLarge, Phase, ReplayResult, Retries, TIME_MAXIMUM, Traffic,
    TrafficFault, WORKLOADS_MAXIMUM, Window, curve, first_passing, grid_at_most, grid_at_or_above,
    largest_safe_max_tokens, peak_unthrottled, replay, replay_with_retries, safe_quota, worst_phase,
};
use quotaplan::units::Ratio;

use super::twin::{self, Request};
use super::{ONE, TWO, tokens, traffic};

const FIRST_MINUTES: Window = Window::Minute(Phase::FIRST_EVENT);
const WINDOWS: [Window; 3] = [Window::Rolling, FIRST_MINUTES, Window::Bucket];

/// A request by seconds and tokens.
fn request(seconds: f64, latency_seconds: f64, reservation: u64, settled: u64) -> Request {
    #[allow(clippy::cast_possible_truncation)]
    let microseconds = |seconds: f64| (seconds * 1e6).round() as i64;
    let latency = microseconds(latency_seconds).unsigned_abs();
    Request { time: microseconds(seconds), latency, reservation, settled, workload: 0 }
}

fn at(requests: &[Request], window: Window, quota: u64) -> ReplayResult {
    replay(&traffic(requests), window, tokens(quota))
}

/// Throttled requests and peak use.
fn figures(requests: &[Request], window: Window, quota: u64) -> (u64, u128) {
    let outcome = at(requests, window, quota);
    (outcome.total.throttled, outcome.peak_use)
}

#[test]
fn a_charge_leaves_the_rolling_window_after_exactly_a_minute() {
    let requests = |second| [request(0.0, 10.0, 100, 100), request(second, 10.0, 100, 100)];
    assert_eq!(figures(&requests(59.999_999), Window::Rolling, 199), (1, 100));
    assert_eq!(figures(&requests(60.0), Window::Rolling, 199), (0, 100));
    assert_eq!(figures(&requests(59.999_999), Window::Rolling, 200), (0, 200));
}

#[test]
fn a_refund_counts_where_its_start_still_does() {
    // The second fits only if 90 of the first 100 came back by then.
    let rolling = |latency| [request(0.0, latency, 100, 10), request(59.5, 1.0, 50, 50)];
    assert_eq!(figures(&rolling(59.5), Window::Rolling, 100), (0, 100), "completions before arrivals");
    assert_eq!(figures(&rolling(59.6), Window::Rolling, 100), (1, 100), "not yet complete");
    // A latency of a minute or more gives nothing back: the charge has left whole.
    let long = |latency| [request(0.0, latency, 100, 10), request(60.0, 1.0, 100, 50)];
    assert_eq!(figures(&long(60.0), Window::Rolling, 100), (0, 100));
    assert_eq!(figures(&long(400.0), Window::Rolling, 100), (0, 100));
    // Minutes: a refund of the minute before is nothing to this one.
    let minutes = [request(0.0, 70.0, 100, 10), request(65.0, 1.0, 60, 60), request(71.0, 1.0, 60, 60)];
    assert_eq!(figures(&minutes, FIRST_MINUTES, 100), (1, 100));
    // Bucket: half a minute refills 50, and the refund fills it; what is above full is lost.
    let bucket = [request(0.0, 30.0, 100, 10), request(30.0, 1.0, 100, 100), request(30.0, 1.0, 1, 1)];
    assert_eq!(figures(&bucket, Window::Bucket, 100), (1, 100));
}

#[test]
fn a_debt_is_posted_at_completion_and_stays_a_minute() {
    // Starts at 100, completes at 50 s owing 200 more: until 60 s 300 are used, until 110 s 200.
    let requests = |second| [request(0.0, 50.0, 100, 300), request(second, 1.0, 100, 100)];
    assert_eq!(figures(&requests(59.0), Window::Rolling, 300), (1, 300));
    assert_eq!(figures(&requests(60.0), Window::Rolling, 300), (0, 300));
    assert_eq!(figures(&requests(109.9), Window::Rolling, 299), (1, 300));
    assert_eq!(figures(&requests(110.0), Window::Rolling, 299), (0, 300));
    // The minute of completion, although the start was in the one before.
    let minutes = |second| [request(0.0, 70.0, 100, 300), request(second, 1.0, 100, 100)];
    assert_eq!(figures(&minutes(69.0), FIRST_MINUTES, 299), (0, 300));
    assert_eq!(figures(&minutes(71.0), FIRST_MINUTES, 299), (1, 200));
    assert_eq!(figures(&minutes(120.0), FIRST_MINUTES, 299), (0, 200));
    // The bucket of 120 gains two a second: 20 after the start, full at 60, -80 with the debt,
    // and it covers 100 again after 90 seconds more.
    let bucket = |second| [request(0.0, 60.0, 100, 300), request(second, 0.0, 100, 100)];
    assert_eq!(figures(&bucket(149.9), Window::Bucket, 120), (1, 200));
    assert_eq!(figures(&bucket(150.0), Window::Bucket, 120), (0, 200));
}

#[test]
fn calendar_minutes_turn_at_their_phase() {
    let requests = [request(7.0, 1.0, 60, 60), request(36.0, 1.0, 60, 60), request(67.0, 1.0, 60, 60)];
    let throttled = |phase| figures(&requests, Window::Minute(Phase::new(phase).unwrap()), 100).0;
    // From the first event: minutes at 7 and 67 s. Shifted by 29 s: at 36 s and 96 s. By 30 s: at 37 s.
    assert_eq!([throttled(0), throttled(29), throttled(30)], [1, 1, 1]);
    assert_eq!(throttled(28), 1, "36 and 67 s lie in the minute from 35 s");
    let worst = worst_phase(&traffic(&requests), Ratio::ZERO, TWO).unwrap().unwrap();
    assert_eq!((worst.phase.seconds(), worst.safe_quota.get()), (0, 120));
    assert_eq!(Phase::new(60), None);
}

#[test]
fn a_phase_may_fail_just_below_its_peak_and_far_above_where_it_passes() {
    // The large request and the small ones behind it share a minute at every phase but 0. There
    // 1,100 fit; from 1,000 to 1,099 the large one displaces both small ones; below it alone is
    // throttled, which one in four may be, down to 100.
    let requests = [
        request(0.0, 0.0, 1, 1),
        request(59.5, 0.0, 1_000, 1_000),
        request(60.5, 0.0, 100, 0),
        request(60.6, 0.0, 100, 0),
    ];
    let (traffic, quarter) = (traffic(&requests), Ratio::parse("0.25").unwrap());
    let safe = |phase| {
        let window = Window::Minute(Phase::new(phase).unwrap());
        safe_quota(&traffic, window, quarter, ONE).unwrap().unwrap().get()
    };
    assert_eq!([safe(0), safe(1), safe(59)], [100, 1_100, 1_100]);
    let worst = worst_phase(&traffic, quarter, ONE).unwrap().unwrap();
    assert_eq!((worst.phase.seconds(), worst.safe_quota.get()), (1, 1_100));
}

#[test]
fn the_worst_phase_of_one_request_needs_the_request() {
    // Wherever the request stands among the quotas that are tried in one pass. All phases are equally
    // bad, so that the first is named.
    for amount in 1..=200 {
        let worst = worst_phase(&traffic(&[request(0.0, 1.0, amount, amount)]), Ratio::ZERO, ONE);
        let worst = worst.unwrap().unwrap();
        assert_eq!((worst.phase.seconds(), worst.safe_quota.get()), (0, amount));
    }
}

#[test]
fn a_bucket_refills_by_a_sixtieth_a_second() {
    let requests = |second| [request(0.0, 0.0, 100, 100), request(second, 0.0, 1, 1)];
    assert_eq!(figures(&requests(0.599_999), Window::Bucket, 100), (1, 100));
    assert_eq!(figures(&requests(0.6), Window::Bucket, 100), (0, 100));
    // A peak between whole tokens is rounded up: 100 less 50.5 gained, and 60.
    let rounded = [request(0.0, 0.0, 100, 100), request(30.3, 0.0, 50, 50)];
    assert_eq!(figures(&rounded, Window::Bucket, 100), (0, 100));
    let rounded = [request(0.0, 0.0, 60, 60), request(30.3, 0.0, 60, 60)];
    assert_eq!(figures(&rounded, Window::Bucket, 100), (0, 70), "60 - 50.5 + 60 = 69.5");
}

#[test]
fn without_latency_a_request_settles_before_the_next_of_its_instant() {
    let requests = [request(5.0, 0.0, 100, 10), request(5.0, 0.0, 90, 10), request(5.0, 3.0, 80, 80)];
    for window in WINDOWS {
        assert_eq!(figures(&requests, window, 100), (0, 100), "{window:?}");
        assert_eq!(figures(&requests, window, 99), (1, 100 - 10), "{window:?}");
    }
}

#[test]
fn a_larger_quota_may_throttle_more() {
    // At 100 the large request is let in and displaces two small ones.
    let requests = [request(0.0, 90.0, 100, 100), request(1.0, 1.0, 40, 40), request(2.0, 1.0, 40, 40)];
    for window in [Window::Rolling, FIRST_MINUTES] {
        assert_eq!(curve(&traffic(&requests), window, &[tokens(99), tokens(100)], ONE), [1, 2], "{window:?}");
        let third = Ratio::parse("0.34").unwrap();
        assert_eq!(first_passing(&traffic(&requests), window, third, ONE), Ok(Some(tokens(80))));
        assert_eq!(safe_quota(&traffic(&requests), window, third, ONE), Ok(Some(tokens(140))));
    }
}

#[test]
fn a_throttled_request_is_sent_again_within_its_backoff() {
    let requests = [request(0.0, 90.0, 100, 100), request(59.0, 1.0, 100, 100)];
    let with = |most, seed| {
        replay_with_retries(&traffic(&requests), Window::Rolling, tokens(100), Retries { most, seed }).total
    };
    for seed in 0..200 {
        // A second brings it to a minute at the earliest, three do for certain only by a long draw.
        let counts = with(1, seed);
        assert_eq!((counts.throttled, counts.lost + 1), (1, counts.throttled_attempts), "{seed}");
        assert_eq!(with(25, seed).lost, 0, "{seed}: half a minute is drawn sooner or later");
    }
    let lost = (0..2_000).filter(|&seed| with(2, seed).lost == 1).count();
    // u + 2v < 1 for even draws: a quarter.
    assert!((430..570).contains(&lost), "{lost} of 2000");
}

#[test]
fn an_empty_trace_has_no_safe_quota() {
    let nothing = traffic(&[]);
    assert!(nothing.is_empty());
    assert_eq!(peak_unthrottled(&nothing), 0);
    for window in WINDOWS {
        assert_eq!(safe_quota(&nothing, window, Ratio::ZERO, TWO), Ok(None));
        assert_eq!(first_passing(&nothing, window, Ratio::ZERO, TWO), Ok(None));
        assert_eq!(curve(&nothing, window, &[tokens(1)], TWO), [0]);
        let outcome = replay(&nothing, window, tokens(5));
        assert_eq!((outcome.total.requests, outcome.by_workload.len(), outcome.peak_use), (0, 0, 0));
        let cap =
            largest_safe_max_tokens(&nothing, window, tokens(5), Ratio::ZERO, tokens(9), ONE, |_, cap| cap);
        assert_eq!(cap, None);
    }
    assert_eq!(worst_phase(&nothing, Ratio::ZERO, TWO), Ok(None));
}

#[test]
fn one_request_needs_what_it_reserves() {
    let one = traffic(&[request(-5e9, 3.0, 12_341, 5_000)]);
    for window in WINDOWS {
        assert_eq!(safe_quota(&one, window, Ratio::ZERO, TWO), Ok(Some(tokens(12_400))), "{window:?}");
        assert_eq!(first_passing(&one, window, Ratio::ZERO, TWO), Ok(Some(tokens(12_400))), "{window:?}");
        assert_eq!(replay(&one, window, tokens(12_340)).total.lost, 1);
        assert_eq!(replay(&one, window, tokens(12_341)).peak_use, 12_341);
        // A target of all of them is met by anything.
        assert_eq!(safe_quota(&one, window, Ratio::from_whole(1).unwrap(), TWO), Ok(Some(tokens(1))));
    }
}

#[test]
fn requests_without_tokens_need_next_to_nothing() {
    let none = traffic(&[request(0.0, 1.0, 0, 0), request(0.0, 0.0, 0, 0)]);
    for window in WINDOWS {
        assert_eq!(safe_quota(&none, window, Ratio::ZERO, TWO), Ok(Some(tokens(1))));
        assert_eq!(replay(&none, window, tokens(0)).total.throttled, 0);
    }
}

#[test]
fn a_quota_below_every_request_throttles_all() {
    let requests: Vec<Request> = (0..50).map(|n| request(f64::from(n), 2.0, 1_000, 10)).collect();
    for window in WINDOWS {
        assert_eq!(figures(&requests, window, 999), (50, 0), "{window:?}");
        let retries = Retries { most: 5, seed: 3 };
        let retried = replay_with_retries(&traffic(&requests), window, tokens(999), retries).total;
        assert_eq!((retried.throttled, retried.lost, retried.throttled_attempts), (50, 50, 300));
    }
}

#[test]
fn requests_of_2_to_the_40_tokens_are_exact() {
    let size = 1_u64 << 40;
    let requests: Vec<Request> = (0..5).map(|n| request(f64::from(n), 70.0, size, 6 * size)).collect();
    for window in WINDOWS {
        let seen = [5 * size - 1, 5 * size].map(|quota| figures(&requests, window, quota).0);
        assert_eq!(seen, if window == Window::Bucket { [0, 0] } else { [1, 0] }, "{window:?}");
        let safe = safe_quota(&traffic(&requests), window, Ratio::ZERO, TWO).unwrap().unwrap();
        assert_eq!(replay(&traffic(&requests), window, safe).total.throttled, 0);
    }
    assert_eq!(peak_unthrottled(&traffic(&requests)), 25 * u128::from(size), "all debts together");
}

#[test]
fn what_is_out_of_bounds_is_an_error() {
    let fine = Arrival {
        time_microseconds: 0,
        latency_microseconds: 0,
        reservation: tokens(1),
        settled: tokens(1),
        workload: 0,
    };
    let made = |arrival| Traffic::new(vec![fine, arrival]).map(|traffic| traffic.len());
    let out = Err(TrafficFault::OutOfBounds { index: 1 });
    for time in [TIME_MAXIMUM, -TIME_MAXIMUM] {
        assert_eq!(made(Arrival { time_microseconds: time, ..fine }), Ok(2));
        assert_eq!(made(Arrival { time_microseconds: time + time.signum(), ..fine }), out);
    }
    assert_eq!(made(Arrival { time_microseconds: i64::MIN, ..fine }), out);
    assert_eq!(made(Arrival { latency_microseconds: LATENCY_MAXIMUM, ..fine }), Ok(2));
    assert_eq!(made(Arrival { latency_microseconds: LATENCY_MAXIMUM + 1, ..fine }), out);
    assert_eq!(made(Arrival { workload: WORKLOADS_MAXIMUM, ..fine }), out);
}

#[test]
fn the_largest_numbers_there_can_be_do_not_wrap() {
    let largest = 10_u64.pow(18);
    let extreme =
        |time, latency, reservation, settled| Request { time, latency, reservation, settled, workload: 0 };
    let requests = [
        extreme(-TIME_MAXIMUM, LATENCY_MAXIMUM, largest, largest),
        extreme(-TIME_MAXIMUM, 1, 1, largest),
        extreme(TIME_MAXIMUM, LATENCY_MAXIMUM, largest, 0),
        extreme(TIME_MAXIMUM, 0, largest, 1),
    ];
    let traffic = traffic(&requests);
    for window in WINDOWS {
        // One of the two that meet at each end.
        assert_eq!(replay(&traffic, window, tokens(largest)).total.throttled, 2, "{window:?}");
        assert_eq!(curve(&traffic, window, &[tokens(largest), tokens(1)], ONE), [2, 3], "{window:?}");
        let retries = Retries { most: u8::MAX, seed: 1 };
        let retried = replay_with_retries(&traffic, window, tokens(largest), retries).total;
        assert_eq!((retried.throttled, retried.lost), (2, 0), "{window:?}");
        assert_eq!(safe_quota(&traffic, window, Ratio::ZERO, ONE), Err(PeakTooLarge));
        assert_eq!(first_passing(&traffic, window, Ratio::ZERO, ONE), Err(PeakTooLarge));
    }
    assert_eq!(worst_phase(&traffic, Ratio::ZERO, ONE), Err(PeakTooLarge));
    assert!(peak_unthrottled(&traffic) > u128::from(largest));
}

#[test]
fn the_grid_has_three_digits() {
    let grid = twin::grid(18);
    for (&below, &number) in grid.iter().zip(&grid[1..]) {
        assert_eq!(grid_at_or_above(tokens(number)).get(), number);
        assert_eq!(grid_at_or_above(tokens(below + 1)).get(), number);
        assert_eq!(grid_at_most(tokens(number - 1)).unwrap().get(), below);
        assert_eq!(grid_at_most(tokens(number)).unwrap().get(), number);
    }
    assert_eq!(grid.len(), 999 + 15 * 900);
    assert_eq!(grid_at_or_above(tokens(0)).get(), 1);
    assert_eq!(grid_at_most(tokens(0)), None);
    let largest = 10_u64.pow(18);
    assert_eq!(grid_at_or_above(tokens(largest - 1)).get(), largest);
    assert_eq!(grid_at_most(tokens(largest)).unwrap().get(), largest);
}

#[test]
fn max_tokens_are_solved_at_a_quota() {
    // Four requests of 100 tokens of input within a minute: 4 x 100 + 4 c fits 10,000 up to 2,400.
    let requests: Vec<Request> = (0..4).map(|n| request(f64::from(n), 30.0, 0, 100)).collect();
    let solve = |at_most, quota| {
        let (at_most, quota) = (tokens(at_most), tokens(quota));
        let traffic = traffic(&requests);
        largest_safe_max_tokens(&traffic, Window::Rolling, quota, Ratio::ZERO, at_most, TWO, |_, cap| {
            100 + cap
        })
    };
    assert_eq!(solve(64_000, 10_000), Some(2_400));
    assert_eq!(solve(64_000, 9_999), Some(2_390));
    assert_eq!(solve(2_399, 10_000), Some(2_399), "the model's maximum, off the grid");
    assert_eq!(solve(2_401, 9_700), Some(2_320));
    assert_eq!(solve(64_000, 403), None);
    assert_eq!(solve(64_000, 404), Some(1));
    assert_eq!(solve(0, 10_000), None);
    // A bucket 900 below zero covers 100 again after 600 seconds.
    let owing = |second| traffic(&[request(0.0, 0.0, 0, 1_000), request(second, 0.0, 0, 0)]);
    let solve = |second| {
        let (hundred, many) = (tokens(100), tokens(1_000));
        largest_safe_max_tokens(&owing(second), Window::Bucket, hundred, Ratio::ZERO, many, ONE, |_, cap| cap)
    };
    assert_eq!([solve(600.0), solve(570.0), solve(500.0)], [Some(100), Some(50), None]);
    // Of a request that settles at 1,000 after 30 s, what is not reserved is charged then, and is still in
    // the window at 61 s, where 500 more would fit beside nothing but 500: at 1 they do not, at 1,000 they do.
    let late = traffic(&[request(0.0, 30.0, 0, 1_000), request(61.0, 1.0, 500, 500)]);
    let solve = |least: u64| {
        let (quota, many) = (tokens(1_000), tokens(1_000));
        let reserved = |index, cap: u64| if index == 0 { cap.max(least) } else { 500 };
        largest_safe_max_tokens(&late, Window::Rolling, quota, Ratio::ZERO, many, ONE, reserved)
    };
    assert_eq!([solve(1), solve(499), solve(500)], [None, None, Some(1_000)]);
}

/// The peaks of two workloads, each alone, and of both together.
fn peaks(requests: &[Request], window: Window, quota: u64) -> (Vec<u128>, u128) {
    let outcome = at(requests, window, quota);
    assert_eq!(outcome.total.throttled, 0, "all admitted");
    let retried =
        replay_with_retries(&traffic(requests), window, tokens(quota), Retries { most: 3, seed: 0 });
    assert_eq!(retried, outcome, "nothing is throttled, so nothing is sent again");
    (outcome.peak_use_by_workload, outcome.peak_use)
}

#[test]
fn a_workload_alone_uses_what_its_own_requests_do() {
    let of = |workload, request: Request| Request { workload, ..request };
    let requests = [
        of(0, request(0.0, 10.0, 100, 40)),
        of(2, request(5.0, 1.0, 50, 50)),
        of(0, request(20.0, 10.0, 100, 40)),
    ];
    // The first: 100, 40 from 10 s, 140 from 20 s. The other: 50. Together 190 from 20 s.
    assert_eq!(peaks(&requests, Window::Rolling, 1_000), (vec![140, 0, 50], 190));
    assert_eq!(peaks(&requests, FIRST_MINUTES, 1_000), (vec![140, 0, 50], 190));
    // A request of its own is throttled: 100 and 50 leave no room for the third.
    let outcome = at(&requests, Window::Rolling, 150);
    assert_eq!((outcome.total.throttled, outcome.peak_use_by_workload), (1, vec![100, 0, 50]));
}

#[test]
fn what_returns_to_a_bucket_of_all_is_missing_to_one_alone() {
    // 60 tokens that refill by one a second. At 30 s the first request is refilled and gets 30 back: the
    // bucket of all is full again, that of the second workload alone still misses 19.
    let of = |workload, request: Request| Request { workload, ..request };
    let requests = [
        of(0, request(0.0, 30.0, 30, 0)),
        of(1, request(29.0, 100.0, 20, 20)),
        of(1, request(31.0, 100.0, 20, 20)),
    ];
    assert_eq!(peaks(&requests, Window::Bucket, 60), (vec![30, 38], 30));
}

#[test]
fn a_workload_alone_may_drain_a_bucket_many_times_over() {
    // A request a minute takes the whole bucket and gives it all back, each a microsecond after another
    // at the end; every time the second workload takes the whole again. A microsecond refills 500.
    let quota = 30_000_000_000;
    let of =
        |workload, time, latency, settled| Request { time, latency, reservation: quota, settled, workload };
    let end = 600_000_000;
    let held = (0..8_u32).map(|n| {
        let time = 60_000_000 * i64::from(n);
        of(0, time, u64::try_from(end + i64::from(n) - time).unwrap(), 0)
    });
    let taken = (0..8_u32).map(|n| of(1, end + i64::from(n), 3_600_000_000, quota));
    let requests: Vec<Request> = held.chain(taken).collect();
    let alone = 8 * u128::from(quota) - 7 * 500;
    assert_eq!(peaks(&requests, Window::Bucket, quota), (vec![quota.into(), alone], quota.into()));
}
