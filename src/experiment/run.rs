//! One simulation: safe quotas in each window, the band over them, the curve around it, and what the
//! quotas asked about would have done.

use crate::simulate::{
    PeakTooLarge, Phase, ReplayResult, Retries, Traffic, Window, WorstPhase, curve, first_passing,
    grid_at_or_above, peak_unthrottled, replay, replay_with_retries, safe_quota, worst_phase,
};
use crate::threads::Workers;
use crate::units::{QuotaAmount, QuotaKind, Ratio, words};

/// The quotas of the curve, in percent of the band's high end.
pub const CURVE_PERCENTS: [u64; 8] = [50, 60, 70, 80, 90, 100, 110, 120];

words! {
    /// A model of how a quota a minute is enforced.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Measure {
        /// The last 60 seconds.
        Rolling = "rolling",
        /// Calendar minutes, which begin with the first event unless a phase is named.
        Minute = "minute",
        /// A bucket that refills evenly.
        Bucket = "bucket",
    }
}

impl Measure {
    /// The window of a replay.
    #[must_use]
    pub const fn window(self) -> Window {
        match self {
            Self::Rolling => Window::Rolling,
            Self::Minute => Window::Minute(Phase::FIRST_EVENT),
            Self::Bucket => Window::Bucket,
        }
    }
}

words! {
    /// Why a quota is looked at.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Origin {
        /// It was named.
        Asked = "asked",
        /// AWS's formula at the mean rate.
        MeanRate = "mean-rate",
        /// AWS's formula at the busiest minute.
        PeakMinute = "peak-minute",
        /// AWS's formula at the busiest minute, with headroom: what the plan's formula asks for.
        Formula = "formula",
        /// What the plan requires.
        Required = "required",
        /// The applied quota.
        Granted = "granted",
        /// AWS's default, where the applied quota is not known.
        Default = "default",
    }
}

/// What is asked of a simulation.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the quotas, and all amounts of the result, count.
    pub kind: QuotaKind,
    /// The windows, in the order of results.
    pub measures: Vec<Measure>,
    /// The share of first attempts that may be throttled.
    pub target: Ratio,
    /// Quotas to look at.
    pub quotas: Vec<(QuotaAmount, Origin)>,
    /// How throttled requests are sent again, beside what happens without.
    pub retries: Option<Retries>,
    /// Threads to use; the result does not depend on it.
    pub workers: Workers,
}

/// The safe quotas that the unknown window spans, in the unit of the simulation's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Of the window that needs least.
    pub low: QuotaAmount,
    /// Of the one that needs most, the worst phase of calendar minutes included.
    pub high: QuotaAmount,
}

/// A quota and how many first attempts it throttles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurvePoint {
    /// The quota, in the unit of the simulation's kind.
    pub quota: QuotaAmount,
    /// Throttled first attempts, throttled requests being dropped.
    pub throttled: u64,
}

/// What was found for one window; quotas are `None` where there are no requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowResult {
    /// The window.
    pub measure: Measure,
    /// The safe quota.
    pub safe_quota: Option<QuotaAmount>,
    /// The smallest quota that meets the target, whatever larger ones do.
    pub first_passing: Option<QuotaAmount>,
    /// The worst phase, for calendar minutes.
    pub worst_phase: Option<WorstPhase>,
    /// Around the band.
    pub curve: Vec<CurvePoint>,
}

/// What one quota would have done in one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// The window.
    pub measure: Measure,
    /// The quota, in the unit of the simulation's kind.
    pub quota: QuotaAmount,
    /// Why it is looked at.
    pub origin: Origin,
    /// With throttled requests dropped.
    pub dropped: ReplayResult,
    /// With throttled requests sent again.
    pub retried: Option<ReplayResult>,
}

/// The result of a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// What its quotas count.
    pub kind: QuotaKind,
    /// Requests replayed.
    pub requests: u64,
    /// The highest rolling use when nothing is throttled, tokens.
    pub peak_unthrottled: u128,
    /// `None` where there are no requests.
    pub band: Option<Band>,
    /// By window.
    pub windows: Vec<WindowResult>,
    /// By quota, then window.
    pub requested: Vec<Requested>,
}

/// Runs a simulation; `done` hears the share that is done, in steps of a percent at most.
///
/// # Errors
/// The unthrottled use exceeds 10^18 tokens.
pub fn run(traffic: &Traffic, setup: &Setup, done: &dyn Fn(u64)) -> Result<Simulation, PeakTooLarge> {
    let Setup { target, workers, .. } = *setup;
    let steps = setup.measures.len() as u64 * 3 + 1;
    let mut step = 0;
    let mut next = || {
        step += 1;
        done(100 * step / steps);
    };
    let mut windows = Vec::new();
    for &measure in &setup.measures {
        let window = measure.window();
        let safe_quota = safe_quota(traffic, window, target, workers)?;
        next();
        let first_passing = first_passing(traffic, window, target, workers)?;
        let worst_phase = match measure {
            Measure::Minute => worst_phase(traffic, target, workers)?,
            Measure::Rolling | Measure::Bucket => None,
        };
        next();
        windows.push(WindowResult { measure, safe_quota, first_passing, worst_phase, curve: Vec::new() });
    }
    let band = band(&windows);
    if let Some(band) = band {
        let quotas = curve_quotas(band);
        for result in &mut windows {
            let throttled = curve(traffic, result.measure.window(), &quotas, workers);
            let points = quotas.iter().zip(throttled);
            result.curve = points.map(|(&quota, throttled)| CurvePoint { quota, throttled }).collect();
            next();
        }
    }
    let requested = requested(traffic, setup);
    next();
    Ok(Simulation {
        kind: setup.kind,
        requests: traffic.len() as u64,
        peak_unthrottled: peak_unthrottled(traffic),
        band,
        windows,
        requested,
    })
}

fn band(windows: &[WindowResult]) -> Option<Band> {
    let safe = || windows.iter().filter_map(|result| result.safe_quota);
    let worst = windows.iter().filter_map(|result| result.worst_phase).map(|worst| worst.safe_quota);
    Some(Band { low: safe().min()?, high: safe().chain(worst).max()? })
}

/// The quotas of the curve, each once, ascending.
fn curve_quotas(band: Band) -> Vec<QuotaAmount> {
    let part = |percent: u64| {
        let whole = (u128::from(band.high.get()) * u128::from(percent)).div_ceil(100);
        u64::try_from(whole).ok().and_then(QuotaAmount::new).map(grid_at_or_above)
    };
    let mut quotas: Vec<QuotaAmount> = CURVE_PERCENTS.into_iter().filter_map(part).collect();
    quotas.dedup();
    quotas
}

fn requested(traffic: &Traffic, setup: &Setup) -> Vec<Requested> {
    let mut pieces = Vec::new();
    for &(quota, origin) in &setup.quotas {
        pieces.extend(setup.measures.iter().map(|&measure| (quota, origin, measure)));
    }
    let (retries, workers) = (setup.retries, setup.workers);
    // Replays with and without retries are pieces of their own: those with take longest.
    let outcomes = workers.map(2 * pieces.len(), |piece| {
        let (quota, _, measure) = pieces[piece / 2];
        match (piece % 2, retries) {
            (0, _) => Some(replay(traffic, measure.window(), quota)),
            (_, Some(retries)) => Some(replay_with_retries(traffic, measure.window(), quota, retries)),
            (_, None) => None,
        }
    });
    let mut outcomes = outcomes.into_iter();
    let mut found = Vec::new();
    for (quota, origin, measure) in pieces {
        let (dropped, retried) = (outcomes.next().flatten(), outcomes.next().flatten());
        found.extend(dropped.map(|dropped| Requested { measure, quota, origin, dropped, retried }));
    }
    found
}
