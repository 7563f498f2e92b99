//! The largest `max_tokens` that is safe at a quota, by replay.

use crate::threads::Workers;
use crate::units::{FIGURE_MAXIMUM, QuotaAmount, Ratio};

use super::envelope::peak_at_most;
use super::grid::{grid_at_most, index_at_or_above, number};
use super::meter::{Charge, Meter, Replay, with_meter};
use super::search::allowed;
use super::single::pass;
use super::traffic::{Arrival, Traffic};
use super::window::Window;

/// The largest `max_tokens` at which a quota meets the target and at every smaller one of which, on
/// the grid of whole numbers of at most three significant digits, it does too; `None` where it does
/// not even at 1, or for an empty trace.
///
/// Throttled requests need not grow with `max_tokens` any more than they fall with the quota, so
/// every grid number is replayed up to the first that misses the target, or to `at_most` (the model's
/// maximum), which is tried although it may not be on the grid; but for those at which no window can
/// throttle anything, since all requests together never use more than the quota. `reservation` gives
/// what the request at an index of the requests as given reserves, in tokens, at a `max_tokens`, and
/// must not fall as that grows; more than 10^18 counts as that. The reservations in `traffic` itself
/// are not looked at.
pub fn largest_safe_max_tokens(
    traffic: &Traffic,
    window: Window,
    quota: QuotaAmount,
    target: Ratio,
    at_most: QuotaAmount,
    workers: Workers,
    reservation: impl Fn(usize, u64) -> u64 + Sync,
) -> Option<u64> {
    let last = grid_at_most(at_most).filter(|_| !traffic.is_empty())?;
    let on_grid = index_at_or_above(last) + 1;
    let tried = on_grid + usize::from(last < at_most);
    let max_tokens = |index: usize| if index < on_grid { number(index) } else { at_most };
    let allowed = allowed(traffic, target);
    let reserved = |place: usize, index: usize| {
        reservation(traffic.given(place), max_tokens(index).get()).min(FIGURE_MAXIMUM)
    };
    let is_quiet = |index: usize| {
        let peak = peak_at_most(traffic, |place| reserved(place, 0), |place| reserved(place, index));
        peak <= i128::from(quota.get())
    };
    // The bound never falls, so all numbers below one at which it holds are quiet too.
    let (mut quiet, mut loud) = (0, tried);
    while quiet < loud {
        let middle = quiet.midpoint(loud);
        if is_quiet(middle) { quiet = middle + 1 } else { loud = middle }
    }
    let failing = workers.first_some(tried - quiet, |above, (): &mut ()| {
        let index = quiet + above;
        fails(traffic, window, quota, allowed, |place| reserved(place, index)).then_some(index)
    });
    match failing {
        None => Some(max_tokens(tried - 1).get()),
        Some(index) => index.checked_sub(1).map(|below| max_tokens(below).get()),
    }
}

/// Whether more than allowed is throttled with these reservations.
fn fails(
    traffic: &Traffic,
    window: Window,
    quota: QuotaAmount,
    allowed: u64,
    reservation: impl Fn(usize) -> u64,
) -> bool {
    // What is admitted reserves no more than the quota, and its debt is no more than it settles at.
    let charges = traffic.len() as u128 * u128::from(quota.get()) + traffic.charges();
    let bounds = (charges, traffic.settled_in_flight());
    with_meter(traffic, window, quota, bounds, Trial { traffic, allowed, reservation })
}

struct Trial<'a, F> {
    traffic: &'a Traffic,
    allowed: u64,
    reservation: F,
}

impl<F: Fn(usize) -> u64> Replay for Trial<'_, F> {
    type Result = bool;

    fn run<M: Meter>(self, mut meter: M) -> bool {
        let charge = |index, request: &Arrival| Charge {
            reservation: (self.reservation)(index),
            settled: request.settled.get(),
            latency: request.latency(),
        };
        let mut throttled = 0;
        pass(self.traffic, &mut meter, charge, |_| {
            throttled += 1;
            throttled <= self.allowed
        });
        throttled > self.allowed
    }
}
