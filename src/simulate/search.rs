//! The smallest quota that is safe, the smallest that passes, and the curve between quotas and
//! throttled requests.
//!
//! A larger quota may throttle more, so nothing is inferred from one quota about another but this:
//! where a quota throttles nothing, no larger one does. Every other grid number is replayed.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::threads::Workers;
use crate::units::{MILLIONTHS, QuotaAmount, Ratio};

use super::bucket_lanes;
use super::grid::{index_at_or_above, number};
use super::lanes::{Goal, LANES, Lanes};
use super::summed_lanes;
use super::traffic::Traffic;
use super::window::{PHASES, Phase, Window};

/// The use of a trace of which nothing is throttled exceeds 10^18 tokens per minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("if nothing is throttled, the requests use more than 10^18 tokens per minute")]
pub struct PeakTooLarge;

/// The worst of the phases that calendar minutes may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorstPhase {
    /// The phase, the first of several that are equally bad.
    pub phase: Phase,
    /// The safe quota at it, the largest over the phases.
    pub safe_quota: QuotaAmount,
}

/// Room for a pass.
type Room = Vec<u32>;

/// The highest use of a rolling window when nothing is throttled, in tokens, looked at after every
/// event; 0 for an empty trace.
#[must_use]
pub fn peak_unthrottled(traffic: &Traffic) -> u128 {
    peak(traffic, Window::Rolling)
}

fn peak(traffic: &Traffic, window: Window) -> u128 {
    summed_lanes::pass(traffic, window, &mut Lanes::new(&[], Goal::Counts, 0), &mut Room::new())
}

/// How many throttled first attempts a target allows: `floor(requests x target)`.
pub(super) fn allowed(traffic: &Traffic, target: Ratio) -> u64 {
    let product = traffic.len() as u128 * u128::from(target.millionths()) / u128::from(MILLIONTHS);
    u64::try_from(product).unwrap_or(u64::MAX)
}

/// Whether every request may be throttled, so that no quota fails.
fn allows_all(traffic: &Traffic, target: Ratio) -> bool {
    allowed(traffic, target) >= traffic.len() as u64
}

/// The index of the grid number from which on nothing is ever throttled, in any of the windows.
fn top(traffic: &Traffic) -> Result<usize, PeakTooLarge> {
    let peak = u64::try_from(peak_unthrottled(traffic)).ok().and_then(QuotaAmount::new);
    peak.map(index_at_or_above).ok_or(PeakTooLarge)
}

fn pass(traffic: &Traffic, window: Window, lanes: &mut Lanes, room: &mut Room) {
    match window {
        Window::Bucket => bucket_lanes::pass(traffic, lanes, room),
        Window::Rolling | Window::Minute(_) => {
            summed_lanes::pass(traffic, window, lanes, room);
        }
    }
}

fn numbers(indexes: impl Iterator<Item = usize>) -> Vec<QuotaAmount> {
    indexes.map(number).collect()
}

/// The smallest grid number that meets the target and above which every grid number does, tokens a
/// minute; `None` for an empty trace (guide/sizing.md, section 6). The target is met by at most
/// `floor(requests x target)` throttled first attempts.
///
/// # Errors
/// The unthrottled use exceeds 10^18.
pub fn safe_quota(
    traffic: &Traffic,
    window: Window,
    target: Ratio,
    workers: Workers,
) -> Result<Option<QuotaAmount>, PeakTooLarge> {
    if traffic.is_empty() {
        return Ok(None);
    }
    let top = top(traffic)?;
    if allows_all(traffic, target) {
        return Ok(Some(number(0)));
    }
    let quiet = match window {
        Window::Bucket => first_quiet(traffic, window, top, workers),
        Window::Rolling => top,
        Window::Minute(_) => quiet_in_sum(traffic, window).min(top),
    };
    let failing = highest_failing(traffic, window, 0..quiet, allowed(traffic, target), workers);
    Ok(Some(number(failing.map_or(0, |index| index + 1))))
}

/// The index from which on a window in which use is a sum throttles nothing.
fn quiet_in_sum(traffic: &Traffic, window: Window) -> usize {
    let peak = u64::try_from(peak(traffic, window)).ok().and_then(QuotaAmount::new);
    peak.map_or(usize::MAX, index_at_or_above)
}

/// The lowest index, up to `top`, at which nothing is throttled: there it does hold that no larger
/// quota throttles anything, so a coarse look decides what a finer one need not look at.
fn first_quiet(traffic: &Traffic, window: Window, top: usize, workers: Workers) -> usize {
    // Quiet at `quiet` and above, not quiet below `from`.
    let (mut from, mut quiet) = (0, top);
    while from < quiet {
        let looks = (LANES * workers.count()).min(quiet - from);
        let at = |look: usize| from + (quiet - from) * look / looks;
        let chunks = looks.div_ceil(LANES);
        let loud = workers.first_some(chunks, |chunk, room: &mut Room| {
            // The highest chunk first.
            let chunk = chunks - 1 - chunk;
            let looked = chunk * LANES..(chunk * LANES + LANES).min(looks);
            let amounts = numbers(looked.clone().map(at));
            let mut lanes = Lanes::new(&amounts, Goal::HighestFailing, 0);
            pass(traffic, window, &mut lanes, room);
            lanes.found().map(|lane| looked.start + lane)
        });
        let Some(loud) = loud else {
            return from;
        };
        (from, quiet) = (at(loud) + 1, if loud + 1 < looks { at(loud + 1) } else { quiet });
    }
    quiet
}

/// The highest of the indexes at which more is throttled than allowed.
fn highest_failing(
    traffic: &Traffic,
    window: Window,
    indexes: Range<usize>,
    allowed: u64,
    workers: Workers,
) -> Option<usize> {
    workers.first_some(indexes.len().div_ceil(LANES), |block, room: &mut Room| {
        let end = indexes.end - block * LANES;
        let start = end.saturating_sub(LANES).max(indexes.start);
        let mut lanes = Lanes::new(&numbers(start..end), Goal::HighestFailing, allowed);
        pass(traffic, window, &mut lanes, room);
        lanes.found().map(|lane| start + lane)
    })
}

/// The smallest grid number that meets the target, tokens per minute, whatever larger ones do; `None`
/// for an empty trace (guide/sizing.md, section 6).
///
/// # Errors
/// The unthrottled use exceeds 10^18.
pub fn first_passing(
    traffic: &Traffic,
    window: Window,
    target: Ratio,
    workers: Workers,
) -> Result<Option<QuotaAmount>, PeakTooLarge> {
    if traffic.is_empty() {
        return Ok(None);
    }
    let (top, allowed) = (top(traffic)?, allowed(traffic, target));
    if allows_all(traffic, target) {
        return Ok(Some(number(0)));
    }
    let index = workers.first_some(top.div_ceil(LANES), |block, room: &mut Room| {
        let start = block * LANES;
        let amounts = numbers(start..(start + LANES).min(top));
        let mut lanes = Lanes::new(&amounts, Goal::LowestPassing, allowed);
        pass(traffic, window, &mut lanes, room);
        lanes.found().map(|lane| start + lane)
    });
    Ok(Some(number(index.unwrap_or(top))))
}

/// The phase of calendar minutes with the largest safe quota, and that quota, over 60 phases a second
/// apart; `None` for an empty trace (guide/sizing.md, section 6).
///
/// # Errors
/// The unthrottled use exceeds 10^18.
pub fn worst_phase(
    traffic: &Traffic,
    target: Ratio,
    workers: Workers,
) -> Result<Option<WorstPhase>, PeakTooLarge> {
    if traffic.is_empty() {
        return Ok(None);
    }
    let (top, allowed) = (top(traffic)?, allowed(traffic, target));
    if allows_all(traffic, target) {
        return Ok(Some(WorstPhase { phase: Phase::FIRST_EVENT, safe_quota: number(0) }));
    }
    // A phase matters only if a number fails at it that is not below what failed at others: all
    // numbers below are left alone, whichever thread found them.
    let floor = AtomicUsize::new(0);
    let failing = workers.map_with(PHASES.into(), |seconds, room: &mut Room| {
        let phase = u8::try_from(seconds).ok().and_then(Phase::new)?;
        let window = Window::Minute(phase);
        let from = floor.load(Ordering::Relaxed);
        let failing = highest_failing_in_sum(traffic, window, from..top, allowed, room)?;
        floor.fetch_max(failing, Ordering::Relaxed);
        Some((failing, phase))
    });
    let mut worst = (None, Phase::FIRST_EVENT);
    for (index, phase) in failing.into_iter().flatten() {
        if Some(index) > worst.0 {
            worst = (Some(index), phase);
        }
    }
    let safe_quota = number(worst.0.map_or(0, |index| index + 1));
    Ok(Some(WorstPhase { phase: worst.1, safe_quota }))
}

/// The same as [`highest_failing`], on one thread, for a window in which use is a sum: a pass that
/// comes to its end tells from where on nothing fails.
fn highest_failing_in_sum(
    traffic: &Traffic,
    window: Window,
    indexes: Range<usize>,
    allowed: u64,
    room: &mut Room,
) -> Option<usize> {
    // Most phases are not the worst: the numbers just above what failed elsewhere tell, as a rule,
    // that nothing fails at this one, and where it has no use above them, that is all.
    let probe = indexes.start..(indexes.start + LANES).min(indexes.end);
    let mut lanes = Lanes::new(&numbers(probe.clone()), Goal::HighestFailing, allowed);
    let peak = summed_lanes::pass(traffic, window, &mut lanes, room);
    let lowest = lanes.found().map(|lane| probe.start + lane);
    let peak = u64::try_from(peak).ok().and_then(QuotaAmount::new);
    // A pass that was cut short knows nothing about the numbers above.
    let quiet = if lanes.decided() { None } else { peak.map(index_at_or_above) };
    let mut end = quiet.map_or(indexes.end, |quiet| quiet.min(indexes.end));
    while end > probe.end {
        let start = end.saturating_sub(LANES).max(probe.end);
        let mut lanes = Lanes::new(&numbers(start..end), Goal::HighestFailing, allowed);
        summed_lanes::pass(traffic, window, &mut lanes, room);
        if let Some(lane) = lanes.found() {
            return Some(start + lane);
        }
        end = start;
    }
    lowest
}

/// How many first attempts each of the quotas throttles, in their order, what is throttled being
/// dropped.
#[must_use]
pub fn curve(traffic: &Traffic, window: Window, quotas: &[QuotaAmount], workers: Workers) -> Vec<u64> {
    let mut sorted = quotas.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let blocks: Vec<&[QuotaAmount]> = sorted.chunks(LANES).collect();
    let throttled = workers.map_with(blocks.len(), |block, room: &mut Room| {
        let mut lanes = Lanes::new(blocks[block], Goal::Counts, u64::MAX);
        pass(traffic, window, &mut lanes, room);
        lanes.throttled().to_vec()
    });
    let throttled: Vec<u64> = throttled.into_iter().flatten().collect();
    let count = |quota| sorted.binary_search(quota).ok().and_then(|at| throttled.get(at)).copied();
    quotas.iter().map(|quota| count(quota).unwrap_or(0)).collect()
}
