//! What was sampled or measured: the data of the reports of `sample`.

use crate::sampling::{Measurement, Statistics, Target};
use crate::trace::{LeftOut, merge_left_out};

/// What was sampled, and what became of the calls.
#[derive(Debug, Clone, Copy)]
pub struct SampleReport<'a> {
    /// What was called.
    pub target: &'a Target<'a>,
    /// Statistics of the answers.
    pub statistics: &'a Statistics,
    /// Calls that AWS throttled.
    pub throttled: usize,
    /// Calls that failed otherwise, or were not sent after one that did.
    pub failed: usize,
    /// Of invocation logs, where any was read.
    pub logs: Option<&'a SampleLogs>,
}

/// What invocation logs say besides the figures of the calls that are sampled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SampleLogs {
    /// Calls that are sampled.
    pub records: u64,
    /// Records that are left out, by reason and name.
    pub left_out: Vec<LeftOut>,
    /// Calls whose record may count what was cached in the input too.
    pub cache_open: u64,
    /// Calls of which it is not known whether max_tokens cut the answer.
    pub cut_unknown: u64,
}

impl SampleLogs {
    /// Adds what another log says.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.left_out = merge_left_out(&[&self.left_out, &other.left_out]);
        self.cache_open += other.cache_open;
        self.cut_unknown += other.cut_unknown;
    }
}

/// One call, and the minutes to look at.
#[derive(Debug, Clone, Copy)]
pub struct RateReport<'a> {
    /// What was called.
    pub target: &'a Target<'a>,
    /// Its tokens.
    pub measurement: Measurement,
    /// The minutes that hold the call; `None` where nobody said when it ran.
    pub window: Option<&'a MetricWindow>,
}

/// Whole minutes around a call, as ISO 8601 in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricWindow {
    /// The first minute.
    pub start: String,
    /// The minute after the last.
    pub end: String,
    /// The day of the call.
    pub day: String,
}
