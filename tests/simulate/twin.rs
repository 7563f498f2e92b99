//! The slow twin: one quota at a time, every charge kept, every sum made anew.
//!
//! It is written from `guide/sizing.md` alone and shares no code with what it judges.

use std::collections::HashMap;

/// A request: microseconds and tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) time: i64,
    pub(crate) latency: u64,
    pub(crate) reservation: u64,
    pub(crate) settled: u64,
    pub(crate) workload: u32,
}

/// How use is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Rolling,
    /// Minutes that turn over this many seconds after the first event.
    Minute(i128),
    Bucket,
}

/// What became of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    /// The places, as given, of the requests throttled at first.
    pub(crate) throttled: Vec<usize>,
    pub(crate) lost: Vec<usize>,
    /// The place of a request for each attempt that was throttled.
    pub(crate) throttled_attempts: Vec<usize>,
    pub(crate) peak_use: u128,
    /// What was admitted and completed, in order.
    pub(crate) history: Vec<Event>,
}

/// An admission, or a completion of what was admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event {
    time: i128,
    /// The place of the request as given.
    place: usize,
    completes: bool,
}

const MINUTE: i128 = 60_000_000;

/// A bucket gains a whole number of these parts of a token in every microsecond.
const PARTS: i128 = MINUTE;

struct Charge {
    owner: usize,
    posted: i128,
    amount: i128,
    is_start: bool,
}

/// What is still to come.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
struct Due {
    time: i128,
    /// Completions before arrivals.
    arrives: bool,
    /// The place among the requests sorted by time.
    order: usize,
    throttled_before: u32,
}

struct World<'a> {
    sorted: Vec<(usize, &'a Request)>,
    measure: Measure,
    quota: i128,
    charges: Vec<Charge>,
    /// Of the bucket: its level in parts, and when it was that.
    level: (i128, i128),
    /// In parts.
    peak: i128,
}

impl World<'_> {
    fn counts(&self, posted: i128, now: i128) -> bool {
        counts(self.measure, self.sorted[0].1.time.into(), posted, now)
    }

    /// What is used, in parts of a token.
    fn used(&mut self, now: i128) -> i128 {
        if self.measure == Measure::Bucket {
            let full = self.quota * PARTS;
            self.level = (full.min(self.level.0 + self.quota * (now - self.level.1)), now);
            return full - self.level.0;
        }
        let counted = self.charges.iter().filter(|charge| self.counts(charge.posted, now));
        counted.map(|charge| charge.amount * PARTS).sum()
    }

    fn note(&mut self, now: i128) {
        self.peak = self.peak.max(self.used(now));
    }

    fn admit(&mut self, order: usize, now: i128) -> bool {
        let reservation = i128::from(self.sorted[order].1.reservation);
        if self.used(now) + reservation * PARTS > self.quota * PARTS {
            return false;
        }
        self.level.0 -= reservation * PARTS;
        self.charges.push(Charge { owner: order, posted: now, amount: reservation, is_start: true });
        self.note(now);
        true
    }

    fn complete(&mut self, order: usize, now: i128) {
        let request = self.sorted[order].1;
        let (reservation, settled) = (i128::from(request.reservation), i128::from(request.settled));
        if self.measure == Measure::Bucket {
            self.used(now);
            let returned = (reservation - settled) * PARTS;
            self.level.0 = (self.level.0 + returned).min(self.quota * PARTS);
        } else {
            let start =
                self.charges.iter().position(|charge| charge.owner == order && charge.is_start).unwrap();
            if self.counts(self.charges[start].posted, now) {
                self.charges[start].amount = reservation.min(settled);
            }
            if settled > reservation {
                let amount = settled - reservation;
                self.charges.push(Charge { owner: order, posted: now, amount, is_start: false });
            }
        }
        self.note(now);
    }
}

/// Whether what was posted then counts now, the first request having come at `first`.
fn counts(measure: Measure, first: i128, posted: i128, now: i128) -> bool {
    match measure {
        Measure::Rolling => posted > now - MINUTE && posted <= now,
        Measure::Minute(phase) => {
            let minute = |time: i128| (time - first - phase * 1_000_000).div_euclid(MINUTE);
            minute(posted) == minute(now)
        }
        Measure::Bucket => panic!("not of the bucket"),
    }
}

/// The most that the admitted requests of a workload use without the others: at each event of them
/// all, found anew from what happened up to it.
pub(crate) fn alone(
    requests: &[Request],
    measure: Measure,
    quota: u64,
    history: &[Event],
    workload: u32,
) -> u128 {
    let mine = |event: &&Event| requests[event.place].workload == workload;
    let used = |upto: usize| match measure {
        Measure::Bucket => {
            let now = history[upto].time;
            drained(requests, quota, history[..=upto].iter().rev().filter(mine), now)
        }
        _ => posted(requests, measure, &history[..=upto], mine),
    };
    let most = (0..history.len()).map(used).max().unwrap_or(0);
    ((most + PARTS - 1) / PARTS).unsigned_abs()
}

/// How far a bucket is drained, in parts: there was an event before which it was full for the last
/// time, and had it been full before any other, it would be no less full now.
fn drained<'a>(
    requests: &[Request],
    quota: u64,
    latest_first: impl Iterator<Item = &'a Event>,
    now: i128,
) -> i128 {
    let (mut taken, mut most) = (0, 0);
    for event in latest_first {
        let request = &requests[event.place];
        let (reservation, settled) = (i128::from(request.reservation), i128::from(request.settled));
        taken += PARTS * if event.completes { settled - reservation } else { reservation };
        most = most.max(taken - i128::from(quota) * (now - event.time));
    }
    most
}

/// The charges that count at the last event, in parts.
fn posted(requests: &[Request], measure: Measure, history: &[Event], mine: impl Fn(&&Event) -> bool) -> i128 {
    let first = requests.iter().map(|request| i128::from(request.time)).min().unwrap();
    let now = history.last().unwrap().time;
    let completions: HashMap<usize, i128> =
        history.iter().filter(|event| event.completes).map(|event| (event.place, event.time)).collect();
    let mut used = 0;
    for event in history.iter().filter(mine).filter(|event| counts(measure, first, event.time, now)) {
        let request = &requests[event.place];
        let refunded = |done: &i128| counts(measure, first, event.time, *done);
        used += i128::from(if event.completes {
            request.settled.saturating_sub(request.reservation)
        } else if completions.get(&event.place).is_some_and(refunded) {
            request.reservation.min(request.settled)
        } else {
            request.reservation
        });
    }
    used * PARTS
}

/// Replays requests at a quota; `retries` gives the most attempts after the first and the delay in
/// microseconds after so many throttled attempts of the request at a place in the order of arrival.
pub(crate) fn replay(
    requests: &[Request],
    measure: Measure,
    quota: u64,
    retries: (u32, &dyn Fn(usize, u32) -> u64),
) -> Seen {
    let mut sorted: Vec<(usize, &Request)> = requests.iter().enumerate().collect();
    sorted.sort_by_key(|(place, request)| (request.time, *place));
    let mut seen = Seen::default();
    if sorted.is_empty() {
        return seen;
    }
    let mut due: Vec<Due> = sorted
        .iter()
        .enumerate()
        .map(|(order, (_, request))| Due {
            time: request.time.into(),
            arrives: true,
            order,
            throttled_before: 0,
        })
        .collect();
    let quota = i128::from(quota);
    let level = (quota * PARTS, i128::from(sorted[0].1.time));
    let mut world = World { sorted, measure, quota, charges: Vec::new(), level, peak: 0 };
    while let Some(next) = due.iter().min().copied() {
        due.retain(|other| *other != next);
        let Due { time, order, .. } = next;
        let (place, request) = world.sorted[order];
        if !next.arrives {
            world.complete(order, time);
            seen.history.push(Event { time, place, completes: true });
        } else if world.admit(order, time) {
            seen.history.push(Event { time, place, completes: false });
            if request.latency == 0 {
                world.complete(order, time);
                seen.history.push(Event { time, place, completes: true });
            } else {
                due.push(Due { time: time + i128::from(request.latency), arrives: false, ..next });
            }
        } else {
            seen.throttled_attempts.push(place);
            if next.throttled_before == 0 {
                seen.throttled.push(place);
            }
            if next.throttled_before == retries.0 {
                seen.lost.push(place);
            } else {
                let delay = retries.1(order, next.throttled_before + 1);
                let again = next.throttled_before + 1;
                due.push(Due { time: time + i128::from(delay), throttled_before: again, ..next });
            }
        }
    }
    seen.peak_use = ((world.peak + PARTS - 1) / PARTS).unsigned_abs();
    seen
}

/// Replays requests at a quota, dropping what is throttled.
pub(crate) fn drop_throttled(requests: &[Request], measure: Measure, quota: u64) -> Seen {
    replay(requests, measure, quota, (0, &|_, _| 0))
}

/// The whole numbers from 1 of at most three significant digits, up to a number of digits.
pub(crate) fn grid(digits: u32) -> Vec<u64> {
    let mut numbers: Vec<u64> = (1..=999).collect();
    for zeros in 1..=digits.saturating_sub(3) {
        numbers.extend((100..=999).map(|leading| leading * 10_u64.pow(zeros)));
    }
    numbers
}
