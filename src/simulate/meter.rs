//! The windows, one quota at a time: what is admitted, and what completion gives back or adds.

use std::collections::VecDeque;

use crate::units::QuotaAmount;

use super::traffic::{Arrival, Traffic};
use super::whole::{SCALE, Whole, level_holds, signed, sums_hold};
use super::window::{Phase, WINDOW_MICROSECONDS, Window};

/// What a request charges, in tokens and microseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charge {
    pub(super) reservation: u64,
    pub(super) settled: u64,
    pub(super) latency: i64,
}

impl Charge {
    /// What a request charges as it is.
    pub(super) const fn from_arrival(request: &Arrival) -> Self {
        Self {
            reservation: request.reservation.get(),
            settled: request.settled.get(),
            latency: request.latency(),
        }
    }
}

/// A window with a quota. Times never go back; microseconds.
pub(super) trait Meter: Clone {
    /// Admits a request, or leaves everything as it is.
    fn admit(&mut self, now: i64, charge: Charge) -> bool;

    /// Charges a request whether it fits or not.
    fn take(&mut self, now: i64, charge: Charge);

    /// Settles a request that was admitted `charge.latency` before now.
    fn settle(&mut self, now: i64, charge: Charge);

    /// The most that was used so far, in tokens, rounded up.
    fn peak_use(&self) -> u128;
}

/// Something to do with a window, whichever it is.
pub(super) trait Replay {
    type Result;

    fn run<M: Meter>(self, meter: M) -> Self::Result;
}

/// Runs a replay with a window and the narrowest numbers in which it is exact.
///
/// `charges` bounds every sum of charges, `debt` the debts in flight, both in tokens.
pub(super) fn with_meter<R: Replay>(
    traffic: &Traffic,
    window: Window,
    quota: QuotaAmount,
    (charges, debt): (u128, u128),
    replay: R,
) -> R::Result {
    let first = traffic.first_event();
    match (window, sums_hold(charges)) {
        (Window::Rolling, true) => replay.run(Rolling::<i64>::new(quota)),
        (Window::Rolling, false) => replay.run(Rolling::<i128>::new(quota)),
        (Window::Minute(phase), true) => replay.run(Minute::<i64>::new(quota, phase, first)),
        (Window::Minute(phase), false) => replay.run(Minute::<i128>::new(quota, phase, first)),
        (Window::Bucket, _) if level_holds(quota, debt) => {
            replay.run(Bucket::<i64>::new(quota, longest_refill(quota, debt), first))
        }
        (Window::Bucket, _) => replay.run(Bucket::<i128>::new(quota, i64::MAX, first)),
    }
}

/// Microseconds that fill a bucket from as far below zero as `debt` tokens.
fn longest_refill(quota: QuotaAmount, debt: u128) -> i64 {
    let missing = (u128::from(quota.get()) + debt) * u128::from(SCALE.unsigned_abs());
    let microseconds = missing.checked_div(quota.get().into());
    microseconds.and_then(|whole| i64::try_from(whole + 1).ok()).unwrap_or(i64::MAX)
}

#[derive(Clone)]
struct Rolling<N> {
    quota: N,
    used: N,
    peak: N,
    /// What leaves the window and when: charges of starts, each what will be left of it by then.
    starts: VecDeque<(i64, N)>,
    /// The same for debts.
    debts: VecDeque<(i64, N)>,
}

impl<N: Whole> Rolling<N> {
    fn new(quota: QuotaAmount) -> Self {
        let zero = N::from(0);
        let quota = N::from(signed(quota.get()));
        Self { quota, used: zero, peak: zero, starts: VecDeque::new(), debts: VecDeque::new() }
    }

    fn expire(&mut self, now: i64) {
        for charges in [&mut self.starts, &mut self.debts] {
            while let Some(&(end, amount)) = charges.front()
                && end <= now
            {
                charges.pop_front();
                self.used -= amount;
            }
        }
    }
}

impl<N: Whole> Meter for Rolling<N> {
    fn admit(&mut self, now: i64, charge: Charge) -> bool {
        self.expire(now);
        let fits = self.used + N::from(signed(charge.reservation)) <= self.quota;
        if fits {
            self.take(now, charge);
        }
        fits
    }

    #[inline]
    fn take(&mut self, now: i64, charge: Charge) {
        self.expire(now);
        self.used += N::from(signed(charge.reservation));
        self.peak = self.peak.max(self.used);
        let in_window = charge.latency < WINDOW_MICROSECONDS;
        let left = if in_window { charge.reservation.min(charge.settled) } else { charge.reservation };
        self.starts.push_back((now + WINDOW_MICROSECONDS, N::from(signed(left))));
    }

    fn settle(&mut self, now: i64, charge: Charge) {
        self.expire(now);
        // Expiry comes first at one instant: a latency of exactly the window is outside it.
        if charge.latency < WINDOW_MICROSECONDS {
            self.used -= N::from(signed(charge.reservation.saturating_sub(charge.settled)));
        }
        let debt = charge.settled.saturating_sub(charge.reservation);
        if debt > 0 {
            self.used += N::from(signed(debt));
            self.peak = self.peak.max(self.used);
            self.debts.push_back((now + WINDOW_MICROSECONDS, N::from(signed(debt))));
        }
    }

    fn peak_use(&self) -> u128 {
        unsigned(self.peak)
    }
}

#[derive(Clone)]
struct Minute<N> {
    quota: N,
    used: N,
    peak: N,
    phase: Phase,
    first_event: i64,
    /// Start of the current minute.
    start: i64,
}

impl<N: Whole> Minute<N> {
    fn new(quota: QuotaAmount, phase: Phase, first_event: i64) -> Self {
        let zero = N::from(0);
        let quota = N::from(signed(quota.get()));
        let start = phase.minute_of(first_event, first_event);
        Self { quota, used: zero, peak: zero, phase, first_event, start }
    }

    fn turn(&mut self, now: i64) {
        if now - self.start >= WINDOW_MICROSECONDS {
            self.start = self.phase.minute_of(self.first_event, now);
            self.used = N::from(0);
        }
    }
}

impl<N: Whole> Meter for Minute<N> {
    fn admit(&mut self, now: i64, charge: Charge) -> bool {
        self.turn(now);
        let fits = self.used + N::from(signed(charge.reservation)) <= self.quota;
        if fits {
            self.take(now, charge);
        }
        fits
    }

    #[inline]
    fn take(&mut self, now: i64, charge: Charge) {
        self.turn(now);
        self.used += N::from(signed(charge.reservation));
        self.peak = self.peak.max(self.used);
    }

    fn settle(&mut self, now: i64, charge: Charge) {
        self.turn(now);
        if now - charge.latency >= self.start {
            self.used -= N::from(signed(charge.reservation.saturating_sub(charge.settled)));
        }
        self.used += N::from(signed(charge.settled.saturating_sub(charge.reservation)));
        self.peak = self.peak.max(self.used);
    }

    fn peak_use(&self) -> u128 {
        unsigned(self.peak)
    }
}

#[derive(Clone)]
struct Bucket<N> {
    /// Tokens.
    quota: u64,
    /// What a microsecond adds to the level.
    refill: N,
    full: N,
    level: N,
    lowest: N,
    last: i64,
    /// Microseconds that fill the bucket from any level it can have, so that no product overflows.
    longest: i64,
}

impl<N: Whole> Bucket<N> {
    fn new(quota: QuotaAmount, longest: i64, first_event: i64) -> Self {
        let refill = N::from(signed(quota.get()));
        let full = refill * N::from(SCALE);
        Self { quota: quota.get(), refill, full, level: full, lowest: full, last: first_event, longest }
    }

    #[inline]
    fn fill(&mut self, now: i64) {
        let passed = (now - self.last).min(self.longest);
        self.last = now;
        self.level = self.full.min(self.level + self.refill * N::from(passed));
    }
}

impl<N: Whole> Meter for Bucket<N> {
    #[inline]
    fn admit(&mut self, now: i64, charge: Charge) -> bool {
        self.fill(now);
        // More than the quota never fits, and may not hold when scaled.
        let fits = charge.reservation <= self.quota;
        let needed = N::from(signed(charge.reservation.min(self.quota))) * N::from(SCALE);
        let admitted = fits & (self.level >= needed);
        self.level -= if admitted { needed } else { N::from(0) };
        self.lowest = self.lowest.min(self.level);
        admitted
    }

    fn take(&mut self, now: i64, charge: Charge) {
        self.fill(now);
        self.level -= N::from(signed(charge.reservation)) * N::from(SCALE);
        self.lowest = self.lowest.min(self.level);
    }

    #[inline]
    fn settle(&mut self, now: i64, charge: Charge) {
        self.fill(now);
        let difference = signed(charge.reservation) - signed(charge.settled);
        self.level = self.full.min(self.level + N::from(difference) * N::from(SCALE));
        self.lowest = self.lowest.min(self.level);
    }

    fn peak_use(&self) -> u128 {
        let scale = SCALE.unsigned_abs().into();
        unsigned(self.full - self.lowest).div_ceil(scale)
    }
}

fn unsigned<N: Whole>(amount: N) -> u128 {
    u128::try_from(amount.into()).unwrap_or(0)
}
