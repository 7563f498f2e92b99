//! The simulated safe quota of a planned one: traffic drawn from its rows, replayed in every window.

use super::charges::{ChargeFault, MaxTokens, traffic};
use super::projection::{Drawing, DrawingFault, charging, projected};
use super::run::{Band, Measure, Setup, run};
use crate::engine::{Plan, PlanInput, QuotaPlan};
use crate::simulate::PeakTooLarge;
use crate::threads::Workers;
use crate::units::{QuotaAmount, Ratio};

/// The share of first attempts that may be throttled where none is named: 0.1 % (guide/sizing.md,
/// section 6).
pub const THROTTLED_TARGET: Ratio = match Ratio::from_millionths(1_000) {
    Some(target) => target,
    None => Ratio::ZERO,
};

/// What replaying drawn traffic says of a quota: figure by figure the largest over its periods and hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulatedQuota {
    /// Requests drawn, of all periods and hours tried.
    pub requests: u64,
    /// The safe quota in the rolling window, tokens per minute; `None` where no request was drawn.
    pub safe_quota: Option<QuotaAmount>,
    /// The safe quotas that the unknown window spans; `None` where no request was drawn.
    pub band: Option<Band>,
}

/// Why a quota is not simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RehearsalFault {
    /// Nothing can be drawn.
    #[error(transparent)]
    Drawing(#[from] DrawingFault),
    /// What was drawn cannot be charged or replayed.
    #[error(transparent)]
    Charge(#[from] ChargeFault),
    /// The unthrottled use is too large.
    #[error(transparent)]
    Peak(#[from] PeakTooLarge),
}

/// Draws requests for every period and hour of a quota of a plan and replays them; `done` hears the share that is done, in
/// percent.
///
/// # Errors
/// What cannot be drawn, charged or replayed.
pub fn rehearse(
    input: &PlanInput<'_>,
    plan: &Plan,
    quota: &QuotaPlan,
    drawing: Drawing,
    (target, workers): (Ratio, Workers),
    done: &dyn Fn(u64),
) -> Result<SimulatedQuota, RehearsalFault> {
    let slots = plan.slots(input, quota);
    let mut found = SimulatedQuota { requests: 0, safe_quota: None, band: None };
    for (index, &slot) in (0..).zip(&slots) {
        let drawn = projected(input, plan, quota, slot, drawing)?;
        let traffic = traffic(&drawn.trace, &charging(input, quota, MaxTokens::Actual), false)?;
        let setup = Setup {
            kind: quota.id.kind,
            measures: Measure::ALL.to_vec(),
            target,
            quotas: Vec::new(),
            retries: None,
            workers,
        };
        let of_slot = |percent: u64| done((100 * index + percent) / slots.len() as u64);
        let simulation = run(&traffic, &setup, &of_slot)?;
        let rolling = simulation.windows.iter().find(|result| result.measure == Measure::Rolling);
        found.requests += simulation.requests;
        found.safe_quota = found.safe_quota.max(rolling.and_then(|result| result.safe_quota));
        found.band = match (found.band, simulation.band) {
            (Some(one), Some(other)) => {
                Some(Band { low: one.low.max(other.low), high: one.high.max(other.high) })
            }
            (one, other) => one.or(other),
        };
    }
    Ok(found)
}
