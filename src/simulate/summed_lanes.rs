//! Many quotas in one pass, where use is a plain sum of charges: the rolling window and the minute.
//!
//! There a request that is not admitted takes its own charges away and nothing else, so use at a
//! quota is the use of all requests less the charges of those it has throttled. The first is kept
//! once for all quotas, and a quota is looked at only where the first and a reservation pass it.

use super::lanes::{LANES, Lanes};
use super::traffic::{Arrival, Traffic};
use super::whole::{Whole, signed, sums_hold};
use super::window::{WINDOW_MICROSECONDS, Window};

/// Takes the quotas through the trace and returns the most that is used if nothing is throttled,
/// as far as the pass went. `masks` is room for a number a request.
pub(super) fn pass(traffic: &Traffic, window: Window, lanes: &mut Lanes, masks: &mut Vec<u32>) -> u128 {
    masks.resize(traffic.len(), 0);
    if sums_hold(traffic.charges()) {
        Pass::<i64>::new(lanes).run(traffic, window, masks)
    } else {
        Pass::<i128>::new(lanes).run(traffic, window, masks)
    }
}

struct Pass<'a, N> {
    lanes: &'a mut Lanes,
    quotas: [N; LANES],
    /// What all requests use together.
    used: N,
    peak: N,
    /// The part of `used` that belongs to requests which each quota has throttled.
    thrown: [N; LANES],
}

impl<'a, N: Whole> Pass<'a, N> {
    fn new(lanes: &'a mut Lanes) -> Self {
        let zero = N::from(0);
        let mut quotas = [zero; LANES];
        for (quota, &amount) in quotas.iter_mut().zip(lanes.quotas()) {
            *quota = N::from(signed(amount));
        }
        Self { lanes, quotas, used: zero, peak: zero, thrown: [zero; LANES] }
    }

    fn run(mut self, traffic: &Traffic, window: Window, masks: &mut [u32]) -> u128 {
        match window {
            Window::Minute(phase) => {
                let minute_of = |time| phase.minute_of(traffic.first_event(), time);
                self.run_minutes(traffic, minute_of, masks);
            }
            Window::Rolling | Window::Bucket => self.run_rolling(traffic, masks),
        }
        u128::try_from(self.peak.into()).unwrap_or(0)
    }

    fn run_rolling(&mut self, traffic: &Traffic, masks: &mut [u32]) {
        let requests = traffic.requests();
        // What an event posts leaves the window a minute later: the same events once more, behind.
        let mut leaving = traffic.events().iter().map(|event| {
            let request = &requests[event.index()];
            let time = if event.completes() { request.completion() } else { request.time_microseconds };
            (time + WINDOW_MICROSECONDS, *event)
        });
        let mut next_leaving = leaving.next();
        for event in traffic.events() {
            let index = event.index();
            let request = &requests[index];
            let now = if event.completes() { request.completion() } else { request.time_microseconds };
            while let Some((end, past)) = next_leaving
                && end <= now
            {
                let past_request = &requests[past.index()];
                let amount = if past.completes() { past_request.debt() } else { left_of(past_request) };
                self.take(amount, masks[past.index()]);
                next_leaving = leaving.next();
            }
            if event.completes() {
                // Expiry comes first at one instant: a latency of exactly the window is outside it.
                self.complete(request, request.latency() < WINDOW_MICROSECONDS, masks[index]);
            } else {
                masks[index] = self.arrive(request.reservation.get());
                if self.lanes.decided() && !self.lanes.quotas().is_empty() {
                    return;
                }
            }
        }
    }

    fn run_minutes(&mut self, traffic: &Traffic, minute_of: impl Fn(i64) -> i64, masks: &mut [u32]) {
        let requests = traffic.requests();
        let mut start = minute_of(traffic.first_event());
        for event in traffic.events() {
            let index = event.index();
            let request = &requests[index];
            let now = if event.completes() { request.completion() } else { request.time_microseconds };
            if now - start >= WINDOW_MICROSECONDS {
                start = minute_of(now);
                self.used = N::from(0);
                self.thrown = [N::from(0); LANES];
            }
            if event.completes() {
                self.complete(request, request.time_microseconds >= start, masks[index]);
            } else {
                masks[index] = self.arrive(request.reservation.get());
                if self.lanes.decided() && !self.lanes.quotas().is_empty() {
                    return;
                }
            }
        }
    }

    /// Returns the quotas that throttle the request.
    fn arrive(&mut self, reservation: u64) -> u32 {
        let reserved = N::from(signed(reservation));
        self.used += reserved;
        self.peak = self.peak.max(self.used);
        let first = self.lanes.first();
        if self.lanes.decided() || self.used <= self.quotas[first] {
            return 0;
        }
        let mut mask = 0;
        for lane in first..self.lanes.quotas().len() {
            if self.used - self.thrown[lane] > self.quotas[lane] {
                self.thrown[lane] += reserved;
                mask |= 1 << lane;
            }
        }
        if mask != 0 {
            self.lanes.throttle(mask);
        }
        mask
    }

    fn complete(&mut self, request: &Arrival, in_window: bool, mask: u32) {
        if in_window {
            let refund = request.reservation.get().saturating_sub(request.settled.get());
            self.take(refund, mask);
        }
        let debt = N::from(signed(request.debt()));
        self.used += debt;
        self.peak = self.peak.max(self.used);
        self.each(mask, |thrown| *thrown += debt);
    }

    fn take(&mut self, tokens: u64, mask: u32) {
        let amount = N::from(signed(tokens));
        self.used -= amount;
        self.each(mask, |thrown| *thrown -= amount);
    }

    fn each(&mut self, mask: u32, change: impl Fn(&mut N)) {
        let mut rest = mask;
        while rest != 0 {
            change(&mut self.thrown[rest.trailing_zeros() as usize]);
            rest &= rest - 1;
        }
    }
}

/// What of a start's charge is left when it leaves the rolling window.
fn left_of(request: &Arrival) -> u64 {
    let reservation = request.reservation.get();
    if request.latency() < WINDOW_MICROSECONDS { reservation.min(request.settled.get()) } else { reservation }
}
