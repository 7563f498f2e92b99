//! A trace as one workloads row, fitted to its own replay: the row's burst is at least what the rolling window needs.

use std::collections::BTreeSet;

use super::charges::{ChargeFault, Charging, traffic};
use super::closed_form::{ClosedForm, ClosedFormFault, cells, of_cells};
use super::profile::Profile;
use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::engine::Assumptions;
use crate::simulate::{PeakTooLarge, WINDOW_MICROSECONDS, Window, safe_quota};
use crate::threads::Workers;
use crate::trace::Trace;
use crate::units::{MILLIONTHS, QuotaAmount, Ratio, RequestsPerMinute, Seconds, Tokens};
use crate::workload::RowCells;

/// An hour in microseconds.
const HOUR: i64 = 3_600_000_000;

/// Dispersions are multiples of this, in millionths: a hundredth.
const STEP: u64 = MILLIONTHS / 100;

/// Steps of the largest dispersion that is fitted: a thousand. Arrivals that vary more come all at once.
const STEPS: u64 = 100_000;

/// The row of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FittedRow {
    /// Mean requests per minute over the hours with traffic, rounded up to a millionth.
    pub requests_per_minute: RequestsPerMinute,
    /// Requests in the busiest rolling 60 seconds.
    pub peak_requests_per_minute: RequestsPerMinute,
    /// Mean input neither read from nor written to the cache.
    pub input: Tokens,
    /// Mean output.
    pub output: Tokens,
    /// Mean cache reads.
    pub cache_read: Tokens,
    /// Mean cache writes.
    pub cache_write: Tokens,
    /// 95th percentile of the input; `None` where the busiest minute holds the spread of sizes already, so that a plan
    /// would count it twice.
    pub input_p95: Option<Tokens>,
    /// 95th percentile of the output, likewise.
    pub output_p95: Option<Tokens>,
    /// Mean latency.
    pub latency: Seconds,
    /// The max_tokens of the row: the mean of the requests' own; `None` where the model takes none or none is set.
    pub max_tokens: Option<Tokens>,
    /// The smallest dispersion, in hundredths, at which the burst of the row alone reaches the safe quota; the
    /// largest that is tried where none does.
    pub dispersion: Ratio,
    /// What the rolling window needs by replay: the safe quota.
    pub safe_quota: QuotaAmount,
    /// The burst of the row alone with that dispersion.
    pub burst: QuotaAmount,
}

/// Why a trace has no such row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitFault {
    /// It has no plan.
    #[error(transparent)]
    ClosedForm(#[from] ClosedFormFault),
    /// Its requests cannot be charged.
    #[error(transparent)]
    Charge(#[from] ChargeFault),
    /// Its use is too large to be replayed.
    #[error(transparent)]
    Peak(#[from] PeakTooLarge),
    /// max_tokens is not known, so neither is any reservation.
    #[error("max_tokens is not known, so it is not known what requests reserve")]
    LimitUnknown,
}

/// Describes a trace as one row, with the dispersion that makes the row's burst what replay needs.
///
/// The busiest minute is a measured maximum: with a dispersion of 0 nothing is added to it. What is fitted is the
/// smallest dispersion, from 0 in hundredths, at which `burst` (guide/sizing.md, section 2) of the row alone is at
/// least the safe quota of the rolling window, at most `target` of the requests being throttled.
///
/// # Errors
/// A [`FitFault`] where the trace is empty, or cannot be charged or replayed.
pub fn fitted_row(
    trace: &Trace,
    charging: &Charging,
    place: (ModelIndex, Scope),
    (catalog, assumptions): (&Catalog, &Assumptions),
    (target, workers): (Ratio, Workers),
) -> Result<FittedRow, FitFault> {
    let profile = Profile::new(trace, charging).ok_or(ClosedFormFault::NoProfile)?;
    let too_large = || FitFault::from(ClosedFormFault::FigureTooLarge);
    let mut row = cells(&profile, charging, place).ok_or_else(too_large)?;
    let mean = mean_rate(trace).ok_or_else(too_large)?;
    let busiest = RequestsPerMinute::from_whole(busiest_window(trace)).ok_or_else(too_large)?;
    row.requests_per_minute = mean.min(busiest);
    row.peak_requests_per_minute = Some(busiest);
    let replayed = traffic(trace, charging, false)?;
    let safe = safe_quota(&replayed, Window::Rolling, target, workers)?.ok_or(ClosedFormFault::NoProfile)?;
    drop(replayed);
    let planned = |row: &RowCells<'_>, steps: u64| -> Result<ClosedForm, FitFault> {
        let dispersion = Ratio::from_millionths(steps * STEP);
        Ok(of_cells(&RowCells { dispersion, ..*row }, catalog, assumptions)?)
    };
    let burst = |row: &RowCells<'_>, steps: u64| planned(row, steps)?.burst.ok_or(FitFault::LimitUnknown);
    // The measured maximum holds the spread of sizes as well: where the percentiles alone exceed it, they would count it
    // twice.
    if burst(&row, 0)? > safe {
        (row.input_p95, row.output_p95) = (None, None);
    }
    // The burst grows with the dispersion, so the first that reaches is found by halving.
    let (mut too_low, mut enough) = (None, STEPS);
    let mut at = 0;
    while too_low.map_or(0, |low: u64| low + 1) < enough {
        if burst(&row, at)? >= safe {
            enough = at;
        } else {
            too_low = Some(at);
        }
        let from = too_low.map_or(0, |low| low + 1);
        // Most need little: the steps grow before they are halved.
        at = if enough == STEPS { (2 * at + 1).min(STEPS - 1).max(from) } else { from + (enough - from) / 2 };
    }
    let [input, output, cache_read, cache_write] = [row.input, row.output, row.cache_read, row.cache_write];
    Ok(FittedRow {
        requests_per_minute: row.requests_per_minute,
        peak_requests_per_minute: busiest,
        input,
        output,
        cache_read,
        cache_write,
        input_p95: row.input_p95,
        output_p95: row.output_p95,
        latency: row.latency.unwrap_or_default(),
        max_tokens: row.max_tokens,
        dispersion: Ratio::from_millionths(enough * STEP).unwrap_or_default(),
        safe_quota: safe,
        burst: burst(&row, enough)?,
    })
}

/// Most requests that arrive in 60 seconds, of which the first or the last moment does not count.
#[must_use]
pub fn busiest_window(trace: &Trace) -> u64 {
    let arrivals = trace.arrivals_microseconds();
    let (mut first, mut most) = (0, 0);
    for (index, at) in arrivals.iter().enumerate() {
        while arrivals.get(first).is_some_and(|earlier| at - earlier >= WINDOW_MICROSECONDS) {
            first += 1;
        }
        most = most.max(index + 1 - first);
    }
    most as u64
}

/// Requests per minute over the hours of the clock that have any, as far as the trace covers them; over a minute where
/// that is less. `None` above what an input may hold.
fn mean_rate(trace: &Trace) -> Option<RequestsPerMinute> {
    let arrivals = trace.arrivals_microseconds();
    let (first, last) = (*arrivals.first()?, *arrivals.last()?);
    let hours: BTreeSet<i64> = arrivals.iter().map(|at| at.div_euclid(HOUR)).collect();
    let covered = |hour: i64| (hour * HOUR + HOUR).min(last) - (hour * HOUR).max(first);
    let microseconds: i128 = hours.into_iter().map(|hour| i128::from(covered(hour))).sum();
    let minutes = microseconds.max(i128::from(WINDOW_MICROSECONDS)).unsigned_abs();
    let rate =
        (arrivals.len() as u128 * u128::from(WINDOW_MICROSECONDS.unsigned_abs()) * u128::from(MILLIONTHS))
            .div_ceil(minutes);
    u64::try_from(rate).ok().and_then(RequestsPerMinute::from_millionths)
}
