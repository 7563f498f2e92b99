//! Many quotas in one pass: what is asked of them, and when the answer is known.

use crate::units::QuotaAmount;

/// Quotas in a pass: one bit each in a mask.
pub(super) const LANES: usize = 32;

/// What a pass is to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// How many first attempts each quota throttles.
    Counts,
    /// The highest quota that throttles more than allowed.
    HighestFailing,
    /// The lowest quota that does not.
    LowestPassing,
}

/// Quotas of one pass, ascending, at most [`LANES`], and what has become of them.
#[derive(Debug, Clone)]
pub(super) struct Lanes {
    quotas: [u64; LANES],
    count: usize,
    goal: Goal,
    allowed: u64,
    throttled: [u64; LANES],
    /// The quotas that throttled more than allowed so far.
    failed: u32,
    /// Quotas below this index can no longer be the answer.
    first: usize,
}

impl Lanes {
    pub(super) fn new(amounts: &[QuotaAmount], goal: Goal, allowed: u64) -> Self {
        let mut quotas = [0; LANES];
        for (quota, amount) in quotas.iter_mut().zip(amounts) {
            *quota = amount.get();
        }
        let count = amounts.len().min(LANES);
        Self { quotas, count, goal, allowed, throttled: [0; LANES], failed: 0, first: 0 }
    }

    /// The quotas, in tokens per minute.
    pub(super) fn quotas(&self) -> &[u64] {
        &self.quotas[..self.count]
    }

    pub(super) fn highest(&self) -> u64 {
        self.quotas().last().copied().unwrap_or(0)
    }

    /// The first quota that still matters.
    pub(super) const fn first(&self) -> usize {
        self.first
    }

    /// The bits of the quotas that still matter.
    pub(super) fn live(&self) -> u32 {
        let upto = |count: usize| u32::try_from((1_u64 << count) - 1).unwrap_or(u32::MAX);
        upto(self.count) & !upto(self.first)
    }

    /// Whether the answer is known before the end.
    pub(super) const fn decided(&self) -> bool {
        self.first >= self.count
    }

    /// Counts a throttled first attempt at each quota of the mask.
    pub(super) fn throttle(&mut self, mask: u32) {
        let mut rest = mask & self.live();
        while rest != 0 {
            let lane = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            self.throttled[lane] += 1;
            if self.throttled[lane] > self.allowed {
                self.failed |= 1 << lane;
            }
        }
        self.first = match self.goal {
            Goal::Counts => 0,
            Goal::HighestFailing => LANES - self.failed.leading_zeros() as usize,
            Goal::LowestPassing => self.failed.trailing_ones() as usize,
        };
    }

    /// First attempts that each quota throttled, after a pass for [`Goal::Counts`].
    pub(super) fn throttled(&self) -> &[u64] {
        &self.throttled[..self.count]
    }

    /// The index sought, after a pass.
    pub(super) fn found(&self) -> Option<usize> {
        match self.goal {
            Goal::Counts => None,
            Goal::HighestFailing => self.first.checked_sub(1),
            Goal::LowestPassing => (self.first < self.count).then_some(self.first),
        }
    }
}
