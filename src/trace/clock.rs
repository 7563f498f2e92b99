//! The unit of times that count from a trace's own start: seconds or milliseconds.
//!
//! A format says which. Where a file's times fit the other unit better, its reader is told of both durations.

use super::faults::Faults;
use crate::text::Code;
use crate::text::instant::{self, Unit};
use crate::units::duration;

/// Mean pauses between two requests that are usual: from 1/30 s to ten minutes, in microseconds.
const USUAL: std::ops::RangeInclusive<u64> = 33_333..=600_000_000;

/// Fewer requests show no rate.
const TELLING: usize = 3;

/// The times of a trace, read in the other unit than that of its format too.
pub(super) struct Clock {
    unit: Unit,
    /// By request, in microseconds; empty from the first time on that the other unit cannot hold.
    others: Vec<i64>,
    is_out: bool,
    has_fractions: bool,
}

impl Clock {
    pub(super) fn new(unit: Unit) -> Self {
        Self { unit, others: Vec::new(), is_out: false, has_fractions: false }
    }

    /// A time read in the other unit, in microseconds; `None` where that is no time.
    pub(super) fn other(&mut self, written: &str) -> Option<i64> {
        let fraction = written.split_once('.').map_or("", |(_, fraction)| fraction);
        self.has_fractions |= fraction.bytes().any(|digit| matches!(digit, b'1'..=b'9'));
        let other = if self.unit == Unit::Seconds { Unit::Milliseconds } else { Unit::Seconds };
        instant::offset(written, other).ok()
    }

    pub(super) fn push(&mut self, other: Option<i64>) {
        match other {
            Some(other) if !self.is_out => self.others.push(other),
            _ => {
                self.is_out = true;
                self.others = Vec::new();
            }
        }
    }

    /// Puts seconds in the place of milliseconds where the times have fractions, which milliseconds do not need, and
    /// warns where the file leaves the unit open.
    pub(super) fn settle(self, arrivals: &mut Vec<i64>, faults: &mut Faults) {
        if self.is_out || self.others.len() != arrivals.len() {
            return;
        }
        let (own, other) = (span(arrivals), span(&self.others));
        let fits = |span: u64| is_usual(span, arrivals.len());
        if self.unit == Unit::Seconds {
            if !self.has_fractions && !fits(own) && fits(other) {
                ambiguous(Unit::Seconds, (other, own), faults);
            }
            return;
        }
        let takes_seconds = self.has_fractions && (fits(other) || !fits(own));
        let is_open = if takes_seconds { fits(own) } else { !fits(own) && fits(other) };
        if is_open {
            ambiguous(if takes_seconds { Unit::Seconds } else { Unit::Milliseconds }, (own, other), faults);
        }
        if takes_seconds {
            *arrivals = self.others;
        }
    }
}

/// Says of a trace whose times count seconds when they fit milliseconds better.
pub(super) fn judge_seconds(arrivals: &[i64], faults: &mut Faults) {
    let seconds = span(arrivals);
    let milliseconds = seconds / 1_000;
    if !is_usual(seconds, arrivals.len()) && is_usual(milliseconds, arrivals.len()) {
        ambiguous(Unit::Seconds, (milliseconds, seconds), faults);
    }
}

fn ambiguous(taken: Unit, (milliseconds, seconds): (u64, u64), faults: &mut Faults) {
    let (unit, remedy) = match taken {
        Unit::Seconds => ("seconds", "if they count milliseconds, divide them by 1,000"),
        _ => ("milliseconds", "if they count seconds, multiply them by 1,000"),
    };
    let message = format!(
        "the times are read as {unit}, but may be in another unit: the trace lasts {} in seconds, {} in milliseconds",
        duration(seconds),
        duration(milliseconds)
    );
    faults.whole(Code::AmbiguousTime, message, remedy);
}

fn span(arrivals: &[i64]) -> u64 {
    let ends = arrivals.iter().min().zip(arrivals.iter().max());
    ends.map_or(0, |(first, last)| last.abs_diff(*first))
}

/// Whether so many requests in so many microseconds are usual traffic, or too few to show it.
fn is_usual(microseconds: u64, requests: usize) -> bool {
    if requests < TELLING || microseconds == 0 {
        return true;
    }
    USUAL.contains(&(microseconds / (requests as u64 - 1)))
}
