//! The most that requests can use at any `max_tokens` up to one.
//!
//! Use does not simply grow with `max_tokens`: where a request settles above its reservation, less of it
//! is charged at the start, which leaves the window first, and more at completion. So a request is taken
//! at the larger of the two at every moment: while it runs its largest reservation, then what it settled
//! at, and once its start has left the window its largest debt. At each `max_tokens` up to that one the
//! events come in the same order, and no request uses more after any of them.

use super::traffic::{Arrival, Event, Traffic};
use super::window::WINDOW_MICROSECONDS;

/// An upper bound of the rolling use after any event if nothing is throttled, whatever the requests
/// reserve between `lowest` and `highest`, which give it by place in the order of arrival.
pub(super) fn peak_at_most(
    traffic: &Traffic,
    lowest: impl Fn(usize) -> u64,
    highest: impl Fn(usize) -> u64,
) -> i128 {
    let requests = traffic.requests();
    let settled = |index: usize| i128::from(requests[index].settled.get());
    let debt = |index: usize| (settled(index) - i128::from(lowest(index))).max(0);
    let reserved = |index: usize| i128::from(highest(index));
    // What an event posts leaves the window a minute later: the same events once more, behind.
    let mut leaving = traffic.events().iter().map(|event| {
        let request = &requests[event.index()];
        (time_of(*event, request) + WINDOW_MICROSECONDS, *event)
    });
    let mut next_leaving = leaving.next();
    let (mut used, mut peak) = (0_i128, 0_i128);
    for event in traffic.events() {
        let index = event.index();
        let now = time_of(*event, &requests[index]);
        while let Some((end, past)) = next_leaving
            && end <= now
        {
            let index = past.index();
            used += match (past.completes(), settles_in_window(&requests[index])) {
                (true, _) => -debt(index),
                (false, true) => debt(index) - settled(index),
                (false, false) => -reserved(index),
            };
            next_leaving = leaving.next();
        }
        used += match (event.completes(), settles_in_window(&requests[index])) {
            (false, _) => reserved(index),
            (true, true) => settled(index) - reserved(index),
            (true, false) => debt(index),
        };
        peak = peak.max(used);
    }
    peak
}

/// Whether a request completes while its start is in the window: at one instant expiry comes first.
fn settles_in_window(request: &Arrival) -> bool {
    request.latency() < WINDOW_MICROSECONDS
}

fn time_of(event: Event, request: &Arrival) -> i64 {
    if event.completes() { request.completion() } else { request.time_microseconds }
}
