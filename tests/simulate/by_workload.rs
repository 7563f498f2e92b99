//! The peak use of each workload alone: examples worked by hand, and what holds of every trace.

use proptest::prelude::*;
use quotaplan::simulate::{
    LATENCY_MAXIMUM, Phase, ReplayResult, Retries, TIME_MAXIMUM, Window, replay, replay_with_retries,
};

use crate::properties::cases;

use super::random::{measure, requests_and_quotas, small_requests};
use super::twin::{self, Measure, Request};
use super::{tokens, traffic, window};

/// A request of a workload by whole seconds and tokens.
fn request(workload: u32, [second, latency]: [u32; 2], [reservation, settled]: [u64; 2]) -> Request {
    let microseconds = |seconds: u32| u64::from(seconds) * 1_000_000;
    let time = microseconds(second).cast_signed();
    Request { time, latency: microseconds(latency), reservation, settled, workload }
}

/// Throttled requests, and the peaks: of all together, and by workload.
fn figures(requests: &[Request], window: Window, quota: u64) -> (u64, u128, Vec<u128>) {
    let outcome = replay(&traffic(requests), window, tokens(quota));
    (outcome.total.throttled, outcome.peak_use, outcome.peak_use_by_workload)
}

/// Replays with what is throttled dropped, and sent again.
fn both(requests: &[Request], measure: Measure, quota: u64, seed: u64) -> [ReplayResult; 2] {
    let (traffic, window, quota) = (traffic(requests), window(measure), tokens(quota));
    let retries = Retries { most: 5, seed };
    [replay(&traffic, window, quota), replay_with_retries(&traffic, window, quota, retries)]
}

#[test]
fn two_workloads_in_a_rolling_window() {
    let requests = [
        request(0, [0, 10], [100, 40]), //   0 s: 100 and 0; 10 s: 60 come back, 40 and 90
        request(1, [5, 10], [90, 120]), //   5 s: 100 and 90; 15 s: a debt of 30, 40 and 120
        request(0, [20, 1], [40, 40]),  //  20 s: 80 and 120, together 200, the quota
        request(1, [21, 1], [10, 900]), //  21 s: throttled, so that it owes nothing either
        request(0, [65, 0], [90, 0]),   //  65 s: both first starts have left: 40 + 90 and the debt of 30
    ];
    assert_eq!(figures(&requests, Window::Rolling, 200), (1, 200, vec![130, 120]));
}

#[test]
fn a_workload_has_the_minutes_of_all() {
    let requests = [
        request(0, [0, 0], [1, 1]),
        request(1, [30, 50], [50, 10]), // comes back at 80 s: to nothing where the minute turned
        request(1, [70, 0], [45, 45]),
        request(1, [85, 9], [20, 20]),
    ];
    let peaks = |phase| figures(&requests, Window::Minute(Phase::new(phase).unwrap()), 1_000);
    // Minutes at 60 s: 50, then 45 + 20. At 30 s: 50 + 45, from 80 s 55, then 75. At 40 s: as at 60 s.
    // At 20 s: 50 + 45 and 55 from 80 s, when the minute turns, and 20 in the next.
    assert_eq!(peaks(0), (0, 65, vec![1, 65]));
    assert_eq!(peaks(30), (0, 95, vec![1, 95]));
    assert_eq!(peaks(40), (0, 65, vec![1, 65]));
    assert_eq!(peaks(20), (0, 95, vec![1, 95]));
}

#[test]
fn refunds_of_others_let_a_workload_drain_a_bucket_further_alone() {
    let requests = [
        request(1, [0, 61], [60, 0]),  //  0 s: all 60 are taken; by 60 s refilled
        request(0, [60, 1], [60, 60]), // 60 s: again; 61 s: 60 come back, and the bucket is full
        request(0, [61, 1], [60, 60]), // 61 s: again; without the 60 of the other 59 and 60 are taken
    ];
    assert_eq!(figures(&requests, Window::Bucket, 60), (0, 60, vec![119, 60]));
    // 118 below full when its last completes at 62 s, its own bucket is full again at 180 s, after
    // longer than one that never falls below zero can take. All of it again, from 121 s on:
    let later = requests.map(|request| Request { time: request.time + 121_000_000, ..request });
    assert_eq!(figures(&[requests, later].concat(), Window::Bucket, 60), (0, 60, vec![119, 60]));
}

#[test]
fn each_workload_alone_has_the_whole_refill() {
    // A token a second flows in. Both take one in each of ten seconds: together 2 x 10 - 9.
    let both = |second| [0, 1].map(|workload| request(workload, [second, 0], [1, 1]));
    let requests: Vec<Request> = (0..10).flat_map(both).collect();
    assert_eq!(figures(&requests, Window::Bucket, 60), (0, 11, vec![1, 1]));
    // Between whole tokens each is rounded up: 20 - 50 / 60 + 20 and 3 more.
    let requests = [request(0, [0, 0], [20, 20]), request(1, [0, 0], [3, 3]), request(0, [1, 0], [20, 20])];
    assert_eq!(figures(&requests, Window::Bucket, 50), (0, 43, vec![40, 3]));
}

#[test]
fn what_is_lost_uses_nothing_and_what_is_sent_again_does() {
    let requests = [request(0, [0, 90], [100, 100]), request(1, [59, 1], [100, 130])];
    let with = |most| {
        let retries = Retries { most, seed: 5 };
        replay_with_retries(&traffic(&requests), Window::Rolling, tokens(100), retries)
    };
    assert_eq!(with(0).peak_use_by_workload, [100, 0]);
    // Half a minute is drawn sooner or later; then the first has left.
    assert_eq!((with(25).total.lost, with(25).peak_use), (0, 130));
    assert_eq!(with(25).peak_use_by_workload, [100, 130]);
}

#[test]
fn workloads_of_the_largest_numbers_do_not_wrap() {
    large_numbers_hold(10_u64.pow(18));
    // 64 bits hold the bucket of all, which no debt takes below zero, but not the first workload's.
    large_numbers_hold(30_000_000_000);
}

fn large_numbers_hold(largest: u64) {
    let extreme = |workload, time, latency, [reservation, settled]: [u64; 2]| Request {
        time,
        latency,
        reservation,
        settled,
        workload,
    };
    let mut requests = vec![extreme(2, TIME_MAXIMUM, LATENCY_MAXIMUM, [largest, 0])];
    // A hundred that each give the whole quota back a microsecond before the next of the other comes.
    for n in 0..100 {
        let time = -TIME_MAXIMUM + n * 60_000_000;
        requests.push(extreme(1, time, 6_000_000_000 - n.unsigned_abs() * 59_999_999, [largest, 0]));
        let time = -TIME_MAXIMUM + 6_000_000_000 + n;
        requests.push(extreme(0, time, LATENCY_MAXIMUM, [largest, largest]));
    }
    for measure in [Measure::Rolling, Measure::Minute(0), Measure::Bucket] {
        for outcome in both(&requests, measure, largest, 3) {
            assert!(outcome.peak_use_by_workload[0] >= u128::from(largest), "{measure:?}");
        }
        let seen = twin::drop_throttled(&requests, measure, largest);
        let expected: Vec<u128> = (0..3)
            .map(|workload| twin::alone(&requests, measure, largest, &seen.history, workload))
            .collect();
        let outcome = replay(&traffic(&requests), window(measure), tokens(largest));
        assert_eq!(outcome.peak_use_by_workload, expected, "{measure:?}");
        if measure == Measure::Bucket {
            assert!(expected[0] > 90 * u128::from(largest), "{expected:?}: far below an empty bucket");
        }
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn the_only_workload_uses_all(
        (mut requests, quotas) in requests_and_quotas(40),
        measure in measure(),
        only in 0..4_u32,
        seed in any::<u64>(),
    ) {
        requests.iter_mut().for_each(|request| request.workload = only);
        for quota in quotas {
            for outcome in both(&requests, measure, quota, seed) {
                let mut expected = vec![0; if requests.is_empty() { 0 } else { only as usize + 1 }];
                expected.last_mut().into_iter().for_each(|last| *last = outcome.peak_use);
                prop_assert_eq!(outcome.peak_use_by_workload, expected);
            }
            // Nor does it use less where another comes last and asks for nothing.
            let mut with_another = requests.clone();
            let time = requests.iter().map(|request| request.time).max().unwrap_or(0);
            with_another.push(Request { time, latency: 0, reservation: 0, settled: 0, workload: 4 });
            for outcome in both(&with_another, measure, quota, seed) {
                let mut expected = [0; 5];
                expected[only as usize] = outcome.peak_use;
                prop_assert_eq!(outcome.peak_use_by_workload, expected);
            }
        }
    }

    #[test]
    fn where_use_is_a_sum_peaks_lie_between_the_largest_and_the_sum(
        (requests, quotas) in requests_and_quotas(40),
        measure in measure(),
        seed in any::<u64>(),
    ) {
        // Every charge is some workload's, and none is below zero, refunded or not.
        prop_assume!(measure != Measure::Bucket);
        for quota in quotas {
            for outcome in both(&requests, measure, quota, seed) {
                let peaks = &outcome.peak_use_by_workload;
                prop_assert!(peaks.iter().all(|&peak| peak <= outcome.peak_use));
                prop_assert!(peaks.iter().sum::<u128>() >= outcome.peak_use);
            }
        }
    }

    #[test]
    fn without_refunds_none_drains_a_bucket_further_than_all(
        (mut requests, quotas) in requests_and_quotas(40),
        seed in any::<u64>(),
    ) {
        for request in &mut requests {
            request.settled = request.settled.max(request.reservation);
        }
        for quota in quotas {
            for outcome in both(&requests, Measure::Bucket, quota, seed) {
                prop_assert!(outcome.peak_use_by_workload.iter().all(|&peak| peak <= outcome.peak_use));
            }
        }
    }

    #[test]
    fn workloads_may_be_renumbered(
        (requests, quotas) in requests_and_quotas(40),
        measure in measure(),
        numbers in Just([0, 1, 2, 3, 9]).prop_shuffle(),
        seed in any::<u64>(),
    ) {
        let renumbered: Vec<Request> = requests
            .iter()
            .map(|request| Request { workload: numbers[request.workload as usize], ..*request })
            .collect();
        for quota in quotas {
            let one = both(&requests, measure, quota, seed);
            for (one, other) in one.iter().zip(both(&renumbered, measure, quota, seed)) {
                let mut expected = vec![0; other.by_workload.len()];
                for (&number, &peak) in numbers.iter().zip(&one.peak_use_by_workload) {
                    // Beyond the highest with requests there is nothing to be said.
                    if let Some(expected) = expected.get_mut(number as usize) {
                        *expected = peak;
                    } else {
                        prop_assert_eq!(peak, 0);
                    }
                }
                prop_assert_eq!(other.peak_use_by_workload, expected);
                prop_assert_eq!(other.peak_use, one.peak_use);
            }
        }
    }

    #[test]
    fn below_every_reservation_none_uses_anything(
        (mut requests, _) in requests_and_quotas(40),
        measure in measure(),
        quota in 0..10_u64,
        seed in any::<u64>(),
    ) {
        for request in &mut requests {
            request.reservation = request.reservation.max(quota + 1);
        }
        for outcome in both(&requests, measure, quota, seed) {
            prop_assert!(outcome.peak_use_by_workload.iter().all(|&peak| peak == 0));
        }
    }

    #[test]
    fn where_all_is_admitted_a_workload_uses_what_a_replay_of_it_does(
        requests in small_requests(40),
        measure in measure(),
        more in 0..1_000_u64,
        seed in any::<u64>(),
    ) {
        let everything = requests.iter().map(|request| request.reservation + request.settled).sum::<u64>();
        let first = requests.iter().map(|request| request.time).min().unwrap_or(0);
        for outcome in both(&requests, measure, everything + more, seed) {
            for (workload, &peak) in (0..).zip(&outcome.peak_use_by_workload) {
                // Minutes count from the first event, whosever it is.
                let mut own = vec![Request { time: first, latency: 0, reservation: 0, settled: 0, workload }];
                own.extend(requests.iter().filter(|request| request.workload == workload));
                for alone in both(&own, measure, everything + more, seed) {
                    prop_assert_eq!(alone.peak_use, peak);
                }
            }
        }
    }
}
