//! A replay at one quota in which what is throttled is dropped.

use crate::units::QuotaAmount;

use super::alone::peak_use_by_workload;
use super::meter::{Charge, Meter, Replay, with_meter};
use super::result::{Counts, ReplayResult};
use super::traffic::{Arrival, Traffic};
use super::window::Window;

/// Replays a trace at one quota; a throttled request is not sent again (guide/sizing.md, section 6).
#[must_use]
pub fn replay(traffic: &Traffic, window: Window, quota: QuotaAmount) -> ReplayResult {
    let bounds = (traffic.charges(), traffic.debt_in_flight());
    let (mut outcome, admitted) = with_meter(traffic, window, quota, bounds, Single { traffic });
    let events = traffic.events().iter().filter(|event| admitted[event.index()]).map(|event| {
        let request = &traffic.requests()[event.index()];
        (if event.completes() { request.completion() } else { request.time_microseconds }, *event)
    });
    outcome.peak_use_by_workload = peak_use_by_workload(traffic, window, quota, outcome.peak_use, events);
    outcome
}

struct Single<'a> {
    traffic: &'a Traffic,
}

impl Replay for Single<'_> {
    /// Peaks by workload are left out; beside it which requests were admitted.
    type Result = (ReplayResult, Vec<bool>);

    fn run<M: Meter>(self, mut meter: M) -> (ReplayResult, Vec<bool>) {
        let mut by_workload = Counts::before_replay(self.traffic);
        let charge = |_, request: &Arrival| Charge::from_arrival(request);
        let admitted = pass(self.traffic, &mut meter, charge, |request| {
            by_workload[request.workload as usize].throttled += 1;
            true
        });
        for counts in &mut by_workload {
            counts.lost = counts.throttled;
            counts.throttled_attempts = counts.throttled;
        }
        (ReplayResult::from_counts(by_workload, meter.peak_use()), admitted)
    }
}

/// Takes a window through all events; `throttled` says whether to go on. Which requests were admitted.
#[inline]
pub(super) fn pass<M: Meter>(
    traffic: &Traffic,
    meter: &mut M,
    charge: impl Fn(usize, &Arrival) -> Charge,
    mut throttled: impl FnMut(&Arrival) -> bool,
) -> Vec<bool> {
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
                return admitted;
            }
        }
    }
    admitted
}
