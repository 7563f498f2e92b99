//! The requests of a replay, sorted, with the order of their events.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::QuotaAmount;

/// Latest time, and earliest below zero, in microseconds from 1970: some 31,700 years.
pub const TIME_MAXIMUM: i64 = 1_000_000_000_000_000_000;

/// Longest latency in microseconds.
pub const LATENCY_MAXIMUM: u64 = 1_000_000_000_000_000_000;

/// Largest number of requests in one replay.
pub const REQUESTS_MAXIMUM: usize = (1 << 31) - 1;

/// Workload indexes are below this: counts are kept for each up to the largest.
pub const WORKLOADS_MAXIMUM: u32 = 1 << 24;

/// One request, as a quota sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When it is first sent, microseconds from 1970, negative before; at most [`TIME_MAXIMUM`] away.
    pub time_microseconds: i64,
    /// From its admission to its completion, at most [`LATENCY_MAXIMUM`].
    pub latency_microseconds: u64,
    /// What must fit for it to be admitted (guide/sizing.md, section 1), whole tokens.
    pub reservation: QuotaAmount,
    /// What it has consumed once complete (guide/sizing.md, section 1), whole tokens.
    pub settled: QuotaAmount,
    /// Whose request it is, for the counts; below [`WORKLOADS_MAXIMUM`].
    pub workload: u32,
}

impl Arrival {
    /// When it completes if admitted at once.
    pub(super) const fn completion(&self) -> i64 {
        self.time_microseconds + self.latency()
    }

    /// The latency as signed microseconds: bounded where the traffic was made.
    pub(super) const fn latency(&self) -> i64 {
        self.latency_microseconds.cast_signed()
    }

    /// What is charged beyond the reservation at completion.
    pub(super) const fn debt(&self) -> u64 {
        self.settled.get().saturating_sub(self.reservation.get())
    }
}

/// Why requests cannot be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrafficFault {
    /// More requests than [`REQUESTS_MAXIMUM`].
    #[error("a replay takes at most {REQUESTS_MAXIMUM} requests")]
    TooMany,
    /// A time, a latency or a workload index beyond its bound.
    #[error("request {index} (from 0) has a time, latency or workload index out of bounds")]
    OutOfBounds {
        /// Which request, from 0, as given.
        index: usize,
    },
}

/// An event without retries: the index of its request, and whether it arrives or completes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event(u32);

impl Event {
    pub(super) const fn arrival(index: u32) -> Self {
        Self(index << 1)
    }

    pub(super) const fn completion(index: u32) -> Self {
        Self(index << 1 | 1)
    }

    /// The request's place in [`Traffic::requests`].
    pub(super) const fn index(self) -> usize {
        (self.0 >> 1) as usize
    }

    pub(super) const fn completes(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Requests in the order of their arrival, and their events in order.
///
/// 48 bytes a request, 52 where the requests came out of order; a search adds 4 a thread. While it
/// is made, a request adds up to 32 as long as it is in flight.
#[derive(Debug, Clone)]
pub struct Traffic {
    requests: Vec<Arrival>,
    /// Arrivals and completions: by time, at one instant completions first, then by index; the
    /// completion of a request without latency directly behind its arrival.
    events: Vec<Event>,
    /// Places as given, where they differ from the places here.
    given: Option<Vec<u32>>,
    workloads: usize,
    /// An upper bound of any sum of charges, in tokens.
    charges: u128,
    /// The most debt that is ever in flight, in tokens, whichever requests are admitted.
    debt_in_flight: u128,
    /// The same for what requests settle at.
    settled_in_flight: u128,
}

impl Traffic {
    /// Sorts requests by time, those of one instant kept in the order given.
    ///
    /// # Errors
    /// Too many requests, or one out of bounds.
    pub fn new(requests: Vec<Arrival>) -> Result<Self, TrafficFault> {
        if requests.len() > REQUESTS_MAXIMUM {
            return Err(TrafficFault::TooMany);
        }
        let within = |request: &Arrival| {
            request.time_microseconds.unsigned_abs() <= TIME_MAXIMUM.unsigned_abs()
                && request.latency_microseconds <= LATENCY_MAXIMUM
                && request.workload < WORKLOADS_MAXIMUM
        };
        if let Some(index) = requests.iter().position(|request| !within(request)) {
            return Err(TrafficFault::OutOfBounds { index });
        }
        let mut traffic = Self {
            workloads: requests.iter().map(|request| request.workload as usize + 1).max().unwrap_or(0),
            charges: 0,
            debt_in_flight: 0,
            settled_in_flight: 0,
            events: Vec::new(),
            given: None,
            requests,
        };
        traffic.sort();
        traffic.order_events();
        Ok(traffic)
    }

    fn sort(&mut self) {
        if self.requests.is_sorted_by_key(|request| request.time_microseconds) {
            return;
        }
        let mut given: Vec<u32> = (0..).take(self.requests.len()).collect();
        given.sort_by_key(|&index| self.requests[index as usize].time_microseconds);
        self.requests.sort_by_key(|request| request.time_microseconds);
        self.given = Some(given);
    }

    fn order_events(&mut self) {
        let mut events = Vec::with_capacity(2 * self.requests.len());
        let (mut debt, mut settled) = (0_u128, 0_u128);
        let mut in_flight: BinaryHeap<Reverse<(i64, u32)>> = BinaryHeap::new();
        for (index, request) in (0_u32..).zip(&self.requests) {
            while let Some(&Reverse((completion, earlier))) = in_flight.peek()
                && completion <= request.time_microseconds
            {
                in_flight.pop();
                let earlier_request = &self.requests[earlier as usize];
                debt -= u128::from(earlier_request.debt());
                settled -= u128::from(earlier_request.settled.get());
                events.push(Event::completion(earlier));
            }
            events.push(Event::arrival(index));
            self.charges += u128::from(request.reservation.get()) + u128::from(request.settled.get());
            self.debt_in_flight = self.debt_in_flight.max(debt + u128::from(request.debt()));
            self.settled_in_flight = self.settled_in_flight.max(settled + u128::from(request.settled.get()));
            if request.latency_microseconds == 0 {
                events.push(Event::completion(index));
            } else {
                debt += u128::from(request.debt());
                settled += u128::from(request.settled.get());
                in_flight.push(Reverse((request.completion(), index)));
            }
        }
        while let Some(Reverse((_, index))) = in_flight.pop() {
            events.push(Event::completion(index));
        }
        self.events = events;
    }

    /// The number of requests.
    #[must_use]
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether there are no requests.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// The number of workloads that counts are kept for: the largest index and one.
    #[must_use]
    pub fn workloads(&self) -> usize {
        self.workloads
    }

    /// The requests in the order of their arrival.
    #[must_use]
    pub fn requests(&self) -> &[Arrival] {
        &self.requests
    }

    /// Where the request at this place in the order of arrival stood among the requests given.
    pub(super) fn given(&self, index: usize) -> usize {
        self.given.as_ref().map_or(index, |given| given[index] as usize)
    }

    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// When the first request arrives; 0 where there is none.
    pub(super) fn first_event(&self) -> i64 {
        self.requests.first().map_or(0, |request| request.time_microseconds)
    }

    pub(super) const fn charges(&self) -> u128 {
        self.charges
    }

    pub(super) const fn debt_in_flight(&self) -> u128 {
        self.debt_in_flight
    }

    pub(super) const fn settled_in_flight(&self) -> u128 {
        self.settled_in_flight
    }
}
