//! What a replay counts.

use super::traffic::Traffic;

/// Requests by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Counts {
    /// All of them.
    pub requests: u64,
    /// Throttled at their first attempt.
    pub throttled: u64,
    /// Throttled at every attempt; without retries the same as `throttled`.
    pub lost: u64,
    /// Attempts that were throttled, all attempts of a request together.
    pub throttled_attempts: u64,
}

impl Counts {
    /// Attempts of all requests: each that is not lost had one attempt that was not throttled.
    #[must_use]
    pub const fn attempts(&self) -> u64 {
        self.throttled_attempts + (self.requests - self.lost)
    }
}

/// What one quota did to a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayResult {
    /// All requests.
    pub total: Counts,
    /// By workload index; an index without requests has zeros.
    pub by_workload: Vec<Counts>,
    /// The most that was ever used, in tokens, looked at after every event in its order, a reservation
    /// counting in full at its admission. In the bucket: how far the level was below the quota,
    /// rounded up to a whole token. Debts may take it above the quota.
    pub peak_use: u128,
    /// The same of the admitted requests of each workload taken alone, by workload index: in a window
    /// of the same kind, quota and phase that nothing else is charged to; 0 where none is admitted.
    ///
    /// Where use is a sum, in the rolling window and in minutes, none exceeds `peak_use`, and all
    /// together do not fall short of it. In the bucket neither holds: each has the whole refill to
    /// itself, and what others gave back may have made room for what then drains its own bucket
    /// further, even beyond the quota.
    pub peak_use_by_workload: Vec<u128>,
}

impl ReplayResult {
    /// What was counted; peaks by workload are left out.
    pub(super) fn from_counts(by_workload: Vec<Counts>, peak_use: u128) -> Self {
        Self { total: Counts::sum(&by_workload), by_workload, peak_use, peak_use_by_workload: Vec::new() }
    }
}

impl Counts {
    /// Counts of requests nothing has happened to yet, by workload.
    pub(super) fn before_replay(traffic: &Traffic) -> Vec<Self> {
        let mut counts = vec![Self::default(); traffic.workloads()];
        for request in traffic.requests() {
            counts[request.workload as usize].requests += 1;
        }
        counts
    }

    /// The sum.
    pub(super) fn sum(by_workload: &[Self]) -> Self {
        by_workload.iter().fold(Self::default(), |sum, counts| Self {
            requests: sum.requests + counts.requests,
            throttled: sum.throttled + counts.throttled,
            lost: sum.lost + counts.lost,
            throttled_attempts: sum.throttled_attempts + counts.throttled_attempts,
        })
    }
}
