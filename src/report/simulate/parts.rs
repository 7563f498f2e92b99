//! What the JSON of tokens and of requests share.

use crate::contract::simulate as json;
use crate::experiment::Band;
use crate::simulate::WorstPhase;
use crate::units::Ratio;

/// Use as JSON holds it: what a run without faults uses is below 2^64.
pub(in crate::report) fn tokens(tokens: u128) -> u64 {
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

pub(in crate::report) fn share_of(part: u64, whole: u64) -> Option<f64> {
    Ratio::of_parts(part.into(), whole.into()).map(|share| share.to_f64())
}

pub(super) fn band_report(band: Option<Band>) -> Option<json::Band> {
    band.map(|band| json::Band { low: band.low.get(), high: band.high.get() })
}

pub(super) fn phase_report(worst: WorstPhase) -> json::Phase {
    json::Phase { phase_seconds: worst.phase.seconds(), safe_quota: worst.safe_quota.get() }
}
