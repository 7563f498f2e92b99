//! Many quotas of a bucket in one pass.
//!
//! Levels are floats where every one of them is a whole number below 2^53, so that the arithmetic is
//! exact and the compiler can make vectors of it on any machine; 128-bit integers elsewhere. The
//! bound: a level lies between the full bucket and the debts in flight below zero. Where a refill is
//! beyond 2^53, and so perhaps rounded, it fills the bucket from any level.

use std::ops::{Add, Mul, Sub};

use super::lanes::{LANES, Lanes};
use super::traffic::Traffic;
use super::whole::{SCALE, signed};

/// Levels that are changed together: vectors of whatever width the machine has.
const WIDTH: usize = 8;

/// Floats hold every whole number up to this.
const EXACT: u128 = 1 << 53;

/// Takes the quotas through the trace; `masks` is room for a number a request.
pub(super) fn pass(traffic: &Traffic, lanes: &mut Lanes, masks: &mut Vec<u32>) {
    masks.resize(traffic.len(), 0);
    let deepest = u128::from(lanes.highest()) + traffic.debt_in_flight();
    if deepest * u128::from(SCALE.unsigned_abs()) <= EXACT {
        run::<f64>(traffic, lanes, masks);
    } else {
        run::<i128>(traffic, lanes, masks);
    }
}

/// A number a level is kept in.
trait Level: Copy + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    fn whole(whole: i64) -> Self;
}

impl Level for f64 {
    // Whole numbers below 2^53, but for a time that fills any bucket.
    #[allow(clippy::cast_precision_loss)]
    fn whole(whole: i64) -> Self {
        whole as Self
    }
}

impl Level for i128 {
    fn whole(whole: i64) -> Self {
        whole.into()
    }
}

#[derive(Clone, Copy)]
struct Group<L> {
    level: [L; WIDTH],
    /// What a microsecond adds.
    refill: [L; WIDTH],
    full: [L; WIDTH],
}

fn smaller<L: Level>(a: L, b: L) -> L {
    if a < b { a } else { b }
}

impl<L: Level> Group<L> {
    fn new(quotas: &[u64], highest: u64) -> Self {
        let mut refill = [L::whole(signed(highest)); WIDTH];
        for (refill, &quota) in refill.iter_mut().zip(quotas) {
            *refill = L::whole(signed(quota));
        }
        let full = refill.map(|refill| refill * L::whole(SCALE));
        Self { level: full, refill, full }
    }

    /// Refills and takes a reservation, which may leave levels below zero; `lowest` follows them.
    #[inline]
    fn reserve(&mut self, passed: L, needed: L, lowest: &mut [L; WIDTH]) {
        for (lane, lowest) in lowest.iter_mut().enumerate() {
            let filled = smaller(self.level[lane] + self.refill[lane] * passed, self.full[lane]);
            self.level[lane] = filled - needed;
            *lowest = smaller(self.level[lane], *lowest);
        }
    }

    /// Gives a reservation back to the levels that did not cover it, and returns their bits.
    fn refuse(&mut self, needed: L) -> u32 {
        let mut mask = 0;
        for lane in 0..WIDTH {
            if self.level[lane] < L::whole(0) {
                self.level[lane] = self.level[lane] + needed;
                mask |= 1 << lane;
            }
        }
        mask
    }

    /// Refills and adds what completion returns, or what it takes where that is negative.
    #[inline]
    fn settle(&mut self, passed: L, returned: L) {
        for lane in 0..WIDTH {
            let filled = smaller(self.level[lane] + self.refill[lane] * passed, self.full[lane]);
            self.level[lane] = smaller(filled + returned, self.full[lane]);
        }
    }

    /// The same, for the levels that admitted the request.
    fn settle_but(&mut self, passed: L, returned: L, throttled: u32) {
        for lane in 0..WIDTH {
            let filled = smaller(self.level[lane] + self.refill[lane] * passed, self.full[lane]);
            let returned = if throttled >> lane & 1 == 1 { L::whole(0) } else { returned };
            self.level[lane] = smaller(filled + returned, self.full[lane]);
        }
    }
}

fn run<L: Level>(traffic: &Traffic, lanes: &mut Lanes, masks: &mut [u32]) {
    let highest = lanes.highest();
    let mut groups = [Group::<L>::new(&[], highest); LANES / WIDTH];
    for (group, quotas) in groups.iter_mut().zip(lanes.quotas().chunks(WIDTH)) {
        *group = Group::new(quotas, highest);
    }
    let used = lanes.quotas().len().div_ceil(WIDTH);
    // Groups below the first have no answer to give any more.
    let (mut first, mut live) = (0, lanes.live());
    let requests = traffic.requests();
    let mut last = traffic.first_event();
    for event in traffic.events() {
        let index = event.index();
        let request = &requests[index];
        let (reservation, settled) = (request.reservation.get(), request.settled.get());
        if event.completes() {
            let mask = masks[index] & live;
            // A level is refilled when it is next needed: nothing is lost by waiting.
            if mask == live || reservation == settled {
                continue;
            }
            let now = request.completion();
            let passed = L::whole(now - last);
            last = now;
            let returned = L::whole(signed(reservation) - signed(settled)) * L::whole(SCALE);
            for (group, at) in groups[first..used].iter_mut().zip(first..) {
                match mask >> (at * WIDTH) & 0xff {
                    0 => group.settle(passed, returned),
                    throttled => group.settle_but(passed, returned, throttled),
                }
            }
            continue;
        }
        let mut mask = 0;
        if reservation > highest {
            // It never fits, and scaled it may not be exact.
            mask = u32::MAX;
        } else {
            let passed = L::whole(request.time_microseconds - last);
            last = request.time_microseconds;
            let needed = L::whole(signed(reservation)) * L::whole(SCALE);
            let mut lowest = [L::whole(0); WIDTH];
            for group in &mut groups[first..used] {
                group.reserve(passed, needed, &mut lowest);
            }
            if lowest.iter().any(|&level| level < L::whole(0)) {
                for (group, at) in groups[first..used].iter_mut().zip(first..) {
                    mask |= group.refuse(needed) << (at * WIDTH);
                }
            }
        }
        masks[index] = mask;
        if mask & live != 0 {
            lanes.throttle(mask);
            if lanes.decided() {
                return;
            }
            live = lanes.live();
            first = lanes.first() / WIDTH;
        }
    }
}
