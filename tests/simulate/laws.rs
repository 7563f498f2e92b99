//! What holds of every trace.

use proptest::prelude::*;
use quotaplan::simulate::{
    ReplayResult, Retries, Window, curve, first_passing, grid_at_or_above, peak_unthrottled, replay,
    replay_with_retries, safe_quota,
};
use quotaplan::units::{QuotaAmount, Ratio};

use crate::properties::cases;

use super::random::{measure, requests_and_quotas, small_requests};
use super::twin::{self, Measure, Request};
use super::{TWO, tokens, traffic, window};

/// Replays with what is throttled dropped, and sent again.
fn both(requests: &[Request], window: Window, quota: u64, seed: u64) -> [ReplayResult; 2] {
    let (traffic, retries) = (traffic(requests), Retries { most: 5, seed });
    [replay(&traffic, window, tokens(quota)), replay_with_retries(&traffic, window, tokens(quota), retries)]
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn nothing_is_throttled_at_the_unthrottled_peak(
        requests in small_requests(60),
        measure in measure(),
        more in 0..1_000_u64,
        seed in any::<u64>(),
    ) {
        let peak = u64::try_from(peak_unthrottled(&traffic(&requests))).unwrap();
        for outcome in both(&requests, window(measure), peak + more, seed) {
            prop_assert_eq!(outcome.total.throttled_attempts, 0);
            prop_assert!(outcome.peak_use <= u128::from(peak));
        }
    }

    #[test]
    fn identical_requests_of_one_instant_may_be_permuted(
        (requests, quotas) in requests_and_quotas(30),
        measure in measure(),
        copies in 2..6_u32,
        seed in any::<u64>(),
    ) {
        let window = window(measure);
        let (mut there, mut back) = (Vec::new(), Vec::new());
        for request in requests {
            let twins = (0..copies).map(|workload| Request { workload, ..request });
            there.extend(twins.clone());
            back.extend(twins.rev());
        }
        for quota in quotas {
            let (one, other) = (both(&there, window, quota, seed), both(&back, window, quota, seed));
            for (one, other) in one.iter().zip(&other) {
                prop_assert_eq!((one.total, one.peak_use), (other.total, other.peak_use));
            }
        }
    }

    #[test]
    fn all_times_may_be_shifted_by_minutes(
        (requests, quotas) in requests_and_quotas(40),
        measure in measure(),
        minutes in -1_000_000_000..1_000_000_000_i64,
        seed in any::<u64>(),
    ) {
        let later = |request: &Request| Request { time: request.time + minutes * 60_000_000, ..*request };
        let shifted: Vec<Request> = requests.iter().map(later).collect();
        for quota in quotas {
            let window = window(measure);
            prop_assert_eq!(both(&requests, window, quota, seed), both(&shifted, window, quota, seed));
        }
    }

    #[test]
    fn instants_may_be_given_in_any_order((requests, quotas) in requests_and_quotas(40), measure in measure()) {
        let mut sorted = requests.clone();
        sorted.sort_by_key(|request| request.time);
        // The last instant first, each in its own order.
        let mut instants: Vec<&[Request]> = sorted.chunk_by(|a, b| a.time == b.time).collect();
        instants.reverse();
        let backwards = instants.concat();
        for quota in quotas {
            let window = window(measure);
            prop_assert_eq!(both(&requests, window, quota, 1), both(&backwards, window, quota, 1));
        }
    }

    #[test]
    fn without_a_budget_retries_are_drops((requests, quotas) in requests_and_quotas(40), measure in measure()) {
        let traffic = traffic(&requests);
        for quota in quotas {
            let (window, quota) = (window(measure), tokens(quota));
            let retried = replay_with_retries(&traffic, window, quota, Retries { most: 0, seed: 1 });
            prop_assert_eq!(replay(&traffic, window, quota), retried);
        }
    }

    #[test]
    fn every_request_is_admitted_or_lost(
        (requests, quotas) in requests_and_quotas(40),
        measure in measure(),
        seed in any::<u64>(),
    ) {
        for quota in quotas {
            let [dropped, retried] = both(&requests, window(measure), quota, seed);
            prop_assert_eq!(dropped.total.lost, dropped.total.throttled);
            let counts = retried.total;
            prop_assert!(counts.lost <= counts.throttled && counts.throttled <= counts.requests);
            prop_assert!(counts.throttled_attempts >= counts.throttled + 5 * counts.lost);
            prop_assert!(counts.throttled_attempts <= 5 * counts.throttled + counts.lost);
            let too_large = requests.iter().filter(|request| request.reservation > quota).count() as u64;
            prop_assert!(counts.lost >= too_large);
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_safe_quota_and_all_above_meet_the_target(
        requests in small_requests(60),
        measure in measure(),
        target in prop_oneof![Just(0_u64), Just(50_000), Just(200_000)],
    ) {
        prop_assume!(!requests.is_empty());
        let (traffic, window) = (traffic(&requests), window(measure));
        let ratio = Ratio::from_millionths(target).unwrap();
        let safe = safe_quota(&traffic, window, ratio, TWO).unwrap().unwrap();
        let passing = first_passing(&traffic, window, ratio, TWO).unwrap().unwrap();
        let top = u64::try_from(peak_unthrottled(&traffic)).unwrap();
        prop_assert!(passing <= safe && safe <= grid_at_or_above(tokens(top)));
        let above: Vec<QuotaAmount> =
            twin::grid(6).into_iter().map(tokens).filter(|&number| number >= safe).collect();
        let allowed = requests.len() as u64 * target / 1_000_000;
        prop_assert!(curve(&traffic, window, &above, TWO).into_iter().all(|throttled| throttled <= allowed));
    }

    #[test]
    fn a_minute_of_the_calendar_asks_for_no_more_than_a_rolling_one(
        requests in small_requests(60),
        phase in 0..60_i128,
    ) {
        let traffic = traffic(&requests);
        let safe = |window| safe_quota(&traffic, window, Ratio::ZERO, TWO).unwrap();
        prop_assert!(safe(window(Measure::Minute(phase))) <= safe(Window::Rolling));
    }

    #[test]
    fn without_debts_a_bucket_asks_for_no_more_than_a_rolling_minute(requests in small_requests(60)) {
        // With debts it may: one that is posted while nothing arrives is gone from the window by the
        // next arrival, but not yet refilled.
        let without = |request: &Request| {
            Request { settled: request.settled.min(request.reservation), ..*request }
        };
        let traffic = traffic(&requests.iter().map(without).collect::<Vec<_>>());
        let safe = |window| safe_quota(&traffic, window, Ratio::ZERO, TWO).unwrap();
        prop_assert!(safe(Window::Bucket) <= safe(Window::Rolling));
    }
}
