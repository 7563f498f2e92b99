//! A replay at one quota in which what is throttled is dropped.

use crate::units::QuotaAmount;

use super::meter::{Charge, Meter, Replay, with_meter};
use super::outcome::{Counts, Outcome};
use super::traffic::{Arrival, Traffic};
use super::window::Window;

/// Replays a trace at one quota; a throttled request is not sent again (sizing notes, section 3).
#[must_use]
pub fn replay(traffic: &Traffic, window: Window, quota: QuotaAmount) -> Outcome {
    let bounds = (traffic.charges(), traffic.debt_in_flight());
    with_meter(traffic, window, quota, bounds, Single { traffic })
}

struct Single<'a> {
    traffic: &'a Traffic,
}

impl Replay for Single<'_> {
    type Result = Outcome;

    fn run<M: Meter>(self, mut meter: M) -> Outcome {
        let mut by_workload = Counts::of(self.traffic);
        let charge = |_, request: &Arrival| Charge {
            reservation: request.reservation.get(),
            settled: request.settled.get(),
            latency: request.latency(),
        };
        pass(self.traffic, &mut meter, charge, |request| {
            by_workload[request.workload as usize].throttled += 1;
            true
        });
        for counts in &mut by_workload {
            counts.lost = counts.throttled;
            counts.throttled_attempts = counts.throttled;
        }
        Outcome { total: Counts::sum(&by_workload), by_workload, peak_use: meter.peak_use() }
    }
}

/// Takes a window through all events; `throttled` says whether to go on.
#[inline]
pub(super) fn pass<M: Meter>(
    traffic: &Traffic,
    meter: &mut M,
    charge: impl Fn(usize, &Arrival) -> Charge,
    mut throttled: impl FnMut(&Arrival) -> bool,
) {
    let requests = traffic.requests();
    let mut admitted = vec![false; requests.len()];
    for event in traffic.events() {
        let index = event.index();
        let request = &requests[index];
        if event.completes() {
            if admitted[index] {
                meter.settle(request.completion(), charge(index, request));
            }
        } else {
            let fits = meter.admit(request.time_microseconds, charge(index, request));
            admitted[index] = fits;
            if !fits && !throttled(request) {
                return;
            }
        }
    }
}
