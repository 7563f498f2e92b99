//! Random requests in which everything that is awkward comes often.

use proptest::collection::vec;
use proptest::prelude::*;

use super::twin::{Measure, Request};

const SECOND: i64 = 1_000_000;

/// Gaps between arrivals: none, around the window, between.
fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => Just(0),
        3 => 0..=20_i64.pow(6),
        2 => (0..=70_i64).prop_map(|seconds| seconds * SECOND),
        1 => 59_999_999..=60_000_001_i64,
        1 => 0..=400 * SECOND,
    ]
}

fn latency() -> impl Strategy<Value = u64> {
    prop_oneof![
        2 => Just(0),
        3 => (0..=90_u64).prop_map(|seconds| seconds * 1_000_000),
        3 => 0..=60_000_000_u64,
        1 => 59_999_999..=60_000_001_u64,
        1 => 0..=400_000_000_u64,
    ]
}

/// Tokens of a size: few different ones, so that sums meet the quota exactly.
fn tokens(size: u64) -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0), 4 => (0..=10_u64).prop_map(move |n| n * size / 10), 4 => 0..=size]
}

/// Up to `most` requests of a size, in order of time but for a few.
fn of_size(size: u64, most: usize) -> impl Strategy<Value = Vec<Request>> {
    let request = (gap(), latency(), tokens(size), tokens(size), 0..3_u32, 0..20_u8);
    let from = prop_oneof![Just(0), -100_000_000_000_i64..100_000_000_000];
    (from, vec(request, 0..=most)).prop_map(|(from, rows)| {
        let mut clock = from;
        let rows = rows.into_iter().map(|(gap, latency, reservation, settled, workload, early)| {
            clock += gap;
            // One in twenty stands behind where it belongs.
            let time = if early == 0 { clock - 30 * SECOND } else { clock };
            Request { time, latency, reservation, settled, workload }
        });
        rows.collect()
    })
}

/// Sizes of requests: small, usual, and so large that no float and no 64 bits hold a level.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(20_u64), 3 => Just(5_000), 1 => Just(40_000_000), 1 => Just(1 << 40), 1 => Just(10_u64.pow(18))]
}

/// Requests, and quotas from nothing to more than they ever use.
pub(crate) fn requests_and_quotas(most: usize) -> impl Strategy<Value = (Vec<Request>, Vec<u64>)> {
    size().prop_flat_map(move |size| {
        let highest = (size * 8).min(10_u64.pow(18));
        let quota = prop_oneof![
            4 => 0..=size,
            4 => 0..=highest,
            2 => (0..=40_u64).prop_map(move |n| highest / 40 * n),
        ];
        (of_size(size, most), vec(quota, 1..6))
    })
}

/// Requests of sizes that a grid of some thousand numbers spans.
pub(crate) fn small_requests(most: usize) -> impl Strategy<Value = Vec<Request>> {
    prop_oneof![Just(20_u64), Just(300), Just(2_000)].prop_flat_map(move |size| of_size(size, most))
}

pub(crate) fn measure() -> impl Strategy<Value = Measure> {
    prop_oneof![
        Just(Measure::Rolling),
        Just(Measure::Minute(0)),
        (0..60_i128).prop_map(Measure::Minute),
        Just(Measure::Bucket),
        Just(Measure::Bucket),
    ]
}
