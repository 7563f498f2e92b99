//! Every count of the simulator against the slow twin.

use proptest::prelude::*;
use quotaplan::simulate::{
    ReplayResult, Retries, curve, first_passing, largest_safe_max_tokens, peak_unthrottled, replay,
    replay_with_retries, safe_quota, worst_phase,
};
use quotaplan::units::Ratio;

use crate::properties::cases;

use super::random::{measure, requests_and_quotas, small_requests};
use super::twin::{self, Measure, Request, Seen};
use super::{ONE, TWO, tokens, traffic, window};

/// The twin's counts in the form of the simulator's.
fn same(
    requests: &[Request],
    (measure, quota): (Measure, u64),
    seen: &Seen,
    outcome: &ReplayResult,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(outcome.peak_use, seen.peak_use);
    prop_assert_eq!(outcome.peak_use_by_workload.len(), outcome.by_workload.len());
    for (workload, &peak) in (0..).zip(&outcome.peak_use_by_workload) {
        let alone = twin::alone(requests, measure, quota, &seen.history, workload);
        prop_assert_eq!(peak, alone, "workload {} at {}", workload, quota);
    }
    let of = |places: &[usize], workload: usize| {
        places.iter().filter(|&&place| requests[place].workload as usize == workload).count() as u64
    };
    for (workload, counts) in outcome.by_workload.iter().enumerate() {
        let all: Vec<usize> = (0..requests.len()).collect();
        prop_assert_eq!(counts.requests, of(&all, workload));
        prop_assert_eq!(counts.throttled, of(&seen.throttled, workload));
        prop_assert_eq!(counts.lost, of(&seen.lost, workload));
        prop_assert_eq!(counts.throttled_attempts, of(&seen.throttled_attempts, workload));
    }
    prop_assert_eq!(outcome.total.requests, requests.len() as u64);
    prop_assert_eq!(outcome.total.throttled, seen.throttled.len() as u64);
    prop_assert_eq!(outcome.total.lost, seen.lost.len() as u64);
    prop_assert_eq!(outcome.total.throttled_attempts, seen.throttled_attempts.len() as u64);
    Ok(())
}

/// `SplitMix64` as its author's C code has it, for the delays.
fn delay(seed: u64, order: usize, throttled: u32) -> u64 {
    let next = |state: u128| {
        let mut z = u64::try_from(state % (1 << 64)).unwrap();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    };
    let step = 0x9e3779b97f4a7c15_u128;
    let request = next(u128::from(seed) + step * (order as u128 + 1));
    let bits = next(u128::from(request) + step * u128::from(throttled));
    let longest = 1_000_000 * 2_u128.pow((throttled - 1).min(20));
    u64::try_from(u128::from(bits) * longest / (1 << 64)).unwrap() + 1
}

/// The largest number of the grid at which too many are throttled, by the twin.
fn highest_failing(requests: &[Request], measure: Measure, grid: &[u64], allowed: usize) -> Option<usize> {
    let fails = |quota: u64| twin::drop_throttled(requests, measure, quota).throttled.len() > allowed;
    grid.iter().rposition(|&quota| fails(quota))
}

/// The grid up to the use of everything at once.
fn grid_for(requests: &[Request]) -> Vec<u64> {
    let most: u64 = requests.iter().map(|request| request.reservation + request.settled).sum();
    let grid = twin::grid(7);
    let end = grid.partition_point(|&number| number < most.max(1)) + 1;
    grid[..end].to_vec()
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn one_quota_without_retries((requests, quotas) in requests_and_quotas(40), measure in measure()) {
        let traffic = traffic(&requests);
        for quota in quotas {
            let seen = twin::drop_throttled(&requests, measure, quota);
            same(&requests, (measure, quota), &seen, &replay(&traffic, window(measure), tokens(quota)))?;
        }
    }

    #[test]
    fn one_quota_with_retries(
        (requests, quotas) in requests_and_quotas(30),
        measure in measure(),
        most in prop_oneof![0..=6_u8, Just(25)],
        seed in any::<u64>(),
    ) {
        let traffic = traffic(&requests);
        for quota in quotas {
            let delay = |order, throttled| delay(seed, order, throttled);
            let seen = twin::replay(&requests, measure, quota, (most.into(), &delay));
            let retries = Retries { most, seed };
            let outcome = replay_with_retries(&traffic, window(measure), tokens(quota), retries);
            same(&requests, (measure, quota), &seen, &outcome)?;
        }
    }

    #[test]
    fn the_unthrottled_peak((requests, _) in requests_and_quotas(40)) {
        let seen = twin::drop_throttled(&requests, Measure::Rolling, u64::MAX);
        prop_assert_eq!(peak_unthrottled(&traffic(&requests)), seen.peak_use);
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn many_quotas_in_a_pass((requests, quotas) in requests_and_quotas(40), measure in measure()) {
        let traffic = traffic(&requests);
        // More than one pass takes, in no order, some twice.
        let spread = |quota: u64| (0..9).map(move |n| quota / 9 * n + quota % 9);
        let mut quotas: Vec<u64> = quotas.iter().copied().flat_map(spread).chain(quotas.clone()).collect();
        quotas.reverse();
        let amounts: Vec<_> = quotas.iter().map(|&quota| tokens(quota)).collect();
        let counts = curve(&traffic, window(measure), &amounts, TWO);
        for (quota, count) in quotas.into_iter().zip(counts) {
            let seen = twin::drop_throttled(&requests, measure, quota);
            prop_assert_eq!(seen.throttled.len() as u64, count, "at {}", quota);
        }
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_quotas_searched(
        requests in small_requests(25),
        measure in measure(),
        target in prop_oneof![Just(0_u64), Just(1_000), Just(40_000), Just(100_000), Just(300_000), Just(999_999)],
    ) {
        let traffic = traffic(&requests);
        let (window, ratio) = (window(measure), Ratio::from_millionths(target).unwrap());
        let found = [ONE, TWO].map(|threads| {
            let safe = safe_quota(&traffic, window, ratio, threads).unwrap();
            (safe, first_passing(&traffic, window, ratio, threads).unwrap())
        });
        prop_assert_eq!(found[0], found[1], "whatever the number of threads");
        let (safe, passing) = found[0];
        if requests.is_empty() {
            prop_assert_eq!((safe, passing), (None, None));
            return Ok(());
        }
        let allowed = requests.len() * usize::try_from(target).unwrap() / 1_000_000;
        let grid = grid_for(&requests);
        let expected = highest_failing(&requests, measure, &grid, allowed).map_or(1, |at| grid[at + 1]);
        prop_assert_eq!(safe.unwrap().get(), expected);
        let passes = |quota: &&u64| twin::drop_throttled(&requests, measure, **quota).throttled.len() <= allowed;
        prop_assert_eq!(passing.unwrap().get(), *grid.iter().find(passes).unwrap());
    }

    #[test]
    fn the_largest_safe_max_tokens(
        requests in small_requests(20),
        measure in measure(),
        quota in 0..6_000_u64,
        target in prop_oneof![Just(0_u64), Just(40_000), Just(100_000), Just(1_000_000)],
        at_most in prop_oneof![1..40_u64, 1..5_000_u64],
    ) {
        let output = |request: &Request| request.settled / 5;
        let reserved = |request: &Request, cap: u64| request.reservation / 2 + output(request).max(cap);
        let found = [ONE, TWO].map(|threads| largest_safe_max_tokens(
            &traffic(&requests),
            window(measure),
            tokens(quota),
            Ratio::from_millionths(target).unwrap(),
            tokens(at_most),
            threads,
            |place, cap| reserved(&requests[place], cap),
        ));
        let allowed = requests.len() * usize::try_from(target).unwrap() / 1_000_000;
        let mut caps: Vec<u64> = twin::grid(5).into_iter().filter(|&cap| cap < at_most).collect();
        caps.push(at_most);
        let passes = |cap: &&u64| {
            let capped: Vec<Request> = requests
                .iter()
                .map(|request| Request { reservation: reserved(request, **cap), ..*request })
                .collect();
            twin::drop_throttled(&capped, measure, quota).throttled.len() <= allowed
        };
        let expected = if requests.is_empty() { None } else { caps.iter().take_while(passes).last().copied() };
        prop_assert_eq!(found, [expected, expected]);
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn the_worst_phase(requests in small_requests(12), target in prop_oneof![Just(0_u64), Just(100_000)]) {
        let traffic = traffic(&requests);
        let ratio = Ratio::from_millionths(target).unwrap();
        let worst = [ONE, TWO].map(|threads| worst_phase(&traffic, ratio, threads).unwrap());
        prop_assert_eq!(worst[0], worst[1], "whatever the number of threads");
        let allowed = requests.len() * usize::try_from(target).unwrap() / 1_000_000;
        let grid = grid_for(&requests);
        let mut expected = (1, 0);
        for phase in (0..60).rev() {
            let failing = highest_failing(&requests, Measure::Minute(phase), &grid, allowed);
            expected = expected.max((failing.map_or(1, |at| grid[at + 1]), -phase));
        }
        match worst[0] {
            None => prop_assert!(requests.is_empty()),
            Some(worst) => prop_assert_eq!(
                (worst.safe_quota.get(), i128::from(worst.phase.seconds())),
                (expected.0, -expected.1)
            ),
        }
    }
}
