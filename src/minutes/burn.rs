//! Fourteen days of measured use in a few figures.

use jiff::{SignedDuration, Timestamp};

use super::minute::Minute;
use crate::catalog::{ModelIndex, Scope};
use crate::units::{BurndownRate, QuotaAmount, Utilisation};

/// Days of use that are looked at: those that end with the table's newest minute.
pub const EVIDENCE_DAYS: i64 = 14;

/// Use below this share of the applied quota, in percent, may have an increase denied: AWS gives
/// priority to customers who use what they have (user guide, quotas-runtime, 2026) and names no figure
/// (assumed).
pub const LITTLE_USED: u64 = 50;

/// What a model in a scope took in the minutes that had traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burn {
    /// The first minute looked at.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
    /// Minutes with traffic.
    pub minutes: usize,
    /// Settled tokens per minute.
    pub settled: Ranked,
    /// Requests per minute.
    pub requests: Ranked,
    /// Minutes in which requests were throttled; `None` where the table does not say of every minute.
    pub throttled_minutes: Option<usize>,
    /// Requests that were throttled, where the table says so of every minute.
    pub throttled_requests: Option<u64>,
    /// Whether each sum is known to be of one minute.
    pub is_period_known: bool,
    minutes_of: Vec<Minute>,
}

/// A quantity over the minutes with traffic; percentiles by nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// The median.
    pub p50: QuotaAmount,
    /// The 90th percentile.
    pub p90: QuotaAmount,
    /// The busiest minute.
    pub maximum: QuotaAmount,
}

impl Ranked {
    fn rank(minutes: &[Minute], quantity: fn(&Minute) -> u64) -> Option<Self> {
        let mut values: Vec<u64> = minutes.iter().map(quantity).collect();
        values.sort_unstable();
        Some(Self {
            p50: nearest_rank(&values, 50)?,
            p90: nearest_rank(&values, 90)?,
            maximum: nearest_rank(&values, 100)?,
        })
    }

    /// The busiest minute as a share of the applied quota; `None` where that is 0.
    #[must_use]
    pub fn share_of(&self, applied: QuotaAmount) -> Option<Utilisation> {
        Utilisation::new(self.maximum, applied)
    }

    /// Whether the busiest minute is below half of the applied quota.
    #[must_use]
    pub fn is_little_of(&self, applied: QuotaAmount) -> bool {
        u128::from(self.maximum.get()) * 100 < u128::from(applied.get()) * u128::from(LITTLE_USED)
    }
}

pub(super) fn measured_use(minutes: &[Minute], model: ModelIndex, scope: Scope) -> Option<Burn> {
    // The days end with the newest minute of the whole table: a model that has been quiet since is
    // seen to be.
    let newest = minutes.iter().map(|minute| minute.at).max()?;
    let oldest = newest.checked_sub(SignedDuration::from_hours(24 * EVIDENCE_DAYS)).unwrap_or(Timestamp::MIN);
    let chosen: Vec<Minute> = minutes
        .iter()
        .filter(|minute| minute.model == model && minute.scope == scope && minute.at > oldest)
        .copied()
        .collect();
    let (first, last) = (chosen.iter().map(|m| m.at).min()?, chosen.iter().map(|m| m.at).max()?);
    let throttled: Option<Vec<u64>> = chosen.iter().map(|minute| minute.throttled_requests).collect();
    Some(Burn {
        first,
        last,
        minutes: chosen.len(),
        settled: Ranked::rank(&chosen, |minute| minute.settled_tokens)?,
        requests: Ranked::rank(&chosen, |minute| minute.requests)?,
        throttled_minutes: throttled.as_ref().map(|counts| counts.iter().filter(|count| **count > 0).count()),
        throttled_requests: throttled
            .map(|counts| counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count))),
        is_period_known: true,
        minutes_of: chosen,
    })
}

/// The smallest value that at least this percentage of the values do not exceed.
fn nearest_rank(ascending: &[u64], percent: usize) -> Option<QuotaAmount> {
    let rank = (ascending.len() * percent).div_ceil(100).max(1);
    ascending.get(rank - 1).copied().and_then(QuotaAmount::new)
}

impl Burn {
    /// Whether AWS may deny an increase for want of use: the busiest minute is below half of the applied
    /// quota, and no minute is known to have been throttled.
    #[must_use]
    pub fn shows_little_use(&self, ranked: Ranked, applied: QuotaAmount) -> bool {
        ranked.is_little_of(applied) && self.throttled_minutes.unwrap_or(0) == 0
    }

    /// Minutes whose settled tokens are not input + cache writes + rate x output (guide/sizing.md, section 1):
    /// the table was made with another rate.
    #[must_use]
    pub fn minutes_of_another_rate(&self, rate: BurndownRate) -> usize {
        let b = u128::from(rate.quota_tokens_per_output_token());
        let settled = |m: &Minute| {
            u128::from(m.input_tokens) + u128::from(m.cache_write_tokens) + b * u128::from(m.output_tokens)
        };
        self.minutes_of.iter().filter(|minute| settled(minute) != u128::from(minute.settled_tokens)).count()
    }
}
