//! What each workload uses taken alone: its admitted requests in a window of their own.

use super::meter::{Charge, Meter, Replay, with_meter};
use super::traffic::{Event, Traffic};
use super::window::Window;
use crate::units::QuotaAmount;

/// The most that the admitted requests of each workload use, in tokens, by workload index.
///
/// `admitted` gives their arrivals and completions with their times, in the order they happened in;
/// `together` is the most that all of them use.
pub(super) fn peak_use_by_workload(
    traffic: &Traffic,
    window: Window,
    quota: QuotaAmount,
    together: u128,
    admitted: impl Iterator<Item = (i64, Event)>,
) -> Vec<u128> {
    match traffic.workloads() {
        0 => Vec::new(),
        1 => vec![together],
        _ => {
            // Nobody asks whether a charge fits: what was returned to all together may be missing to one
            // alone, so that its level falls as far as its charges go.
            let bounds = (traffic.charges(), traffic.charges());
            with_meter(traffic, window, quota, bounds, Alone { traffic, admitted })
        }
    }
}

struct Alone<'a, I> {
    traffic: &'a Traffic,
    admitted: I,
}

impl<I: Iterator<Item = (i64, Event)>> Replay for Alone<'_, I> {
    type Result = Vec<u128>;

    fn run<M: Meter>(self, meter: M) -> Vec<u128> {
        let requests = self.traffic.requests();
        // Indexes may have gaps: only a workload with something admitted gets a window.
        let mut places: Vec<Option<u32>> = vec![None; self.traffic.workloads()];
        let mut meters: Vec<M> = Vec::new();
        for (now, event) in self.admitted {
            let request = &requests[event.index()];
            let charge = Charge::from_arrival(request);
            let place = *places[request.workload as usize].get_or_insert_with(|| {
                meters.push(meter.clone());
                u32::try_from(meters.len() - 1).unwrap_or(u32::MAX)
            });
            let meter = &mut meters[place as usize];
            if event.completes() {
                meter.settle(now, charge);
            } else {
                meter.take(now, charge);
            }
        }
        let peak = |place: Option<u32>| place.map_or(0, |place| meters[place as usize].peak_use());
        places.into_iter().map(peak).collect()
    }
}
