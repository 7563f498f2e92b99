//! From requests in any order to a trace.

use std::ops::Range;

use super::left_out::{Foreign, LeftOutReason};
use super::packed_numbers::{self, Column, Limits, Optional};
use super::{Counts, Format, OutputLimit, Request, Target, TargetIndex, Trace};

/// Takes requests in, in the order of their file.
///
/// ```
/// use quotaplan::trace::{Builder, Format, OutputLimit, Request, Target};
///
/// let mut builder = Builder::new(Format::Own);
/// let target = builder.target(Target::default());
/// let request = |arrival_microseconds| Request {
///     arrival_microseconds,
///     input_tokens: 1_000,
///     output_tokens: 100,
///     cache_read_tokens: 0,
///     cache_write_tokens: 0,
///     max_tokens: OutputLimit::Stated(4_096),
///     latency_microseconds: None,
///     target,
/// };
/// [2_000_000, -1].map(|at| builder.push(request(at)));
/// let trace = builder.finish();
/// assert_eq!(trace.arrivals_microseconds(), [-1, 2_000_000]);
/// assert_eq!(trace.counts().out_of_order, 1);
/// ```
#[derive(Debug)]
pub struct Builder {
    pub(super) trace: Trace,
    latest: i64,
    foreign: Foreign,
    /// Where the requests of each file start.
    starts: Vec<usize>,
}

impl Builder {
    /// Nothing yet.
    #[must_use]
    pub fn new(format: Format) -> Self {
        let trace = Trace {
            format,
            arrivals: Vec::new(),
            input: Column::default(),
            output: Column::default(),
            cache_read: Column::default(),
            cache_write: Column::default(),
            max_tokens: Limits::default(),
            latency: Optional::default(),
            target: Column::default(),
            targets: Vec::new(),
            cache_open: Column::default(),
            left_out: Vec::new(),
            counts: Counts::default(),
        };
        Self { trace, latest: i64::MIN, foreign: Foreign::default(), starts: Vec::new() }
    }

    /// What follows is of another file: a request is out of order only within its file.
    pub(super) fn next_file(&mut self) {
        self.latest = i64::MIN;
        self.starts.push(self.trace.len());
    }

    /// Requests since the start of the file.
    pub(super) fn requests_of_file(&self) -> usize {
        self.trace.len() - self.starts.last().copied().unwrap_or(0).min(self.trace.len())
    }

    /// Takes a target in; the same one twice becomes one.
    ///
    /// The index holds for requests pushed into this builder, not for the finished trace.
    pub fn target(&mut self, target: Target) -> TargetIndex {
        let index = u32::try_from(self.trace.targets.len()).unwrap_or(u32::MAX);
        self.trace.targets.push(target);
        TargetIndex(index)
    }

    /// Takes a request in.
    pub fn push(&mut self, request: Request) {
        let trace = &mut self.trace;
        let counts = &mut trace.counts;
        counts.records += 1;
        counts.out_of_order += u64::from(request.arrival_microseconds < self.latest);
        counts.max_tokens_unset += u64::from(request.max_tokens == OutputLimit::Unset);
        counts.max_tokens_unknown += u64::from(request.max_tokens == OutputLimit::Unknown);
        counts.without_latency += u64::from(request.latency_microseconds.is_none());
        counts.without_output += u64::from(request.output_tokens == 0);
        self.latest = self.latest.max(request.arrival_microseconds);
        trace.arrivals.push(request.arrival_microseconds);
        trace.input.push(request.input_tokens);
        trace.output.push(request.output_tokens);
        trace.cache_read.push(request.cache_read_tokens);
        trace.cache_write.push(request.cache_write_tokens);
        trace.max_tokens.push(request.max_tokens);
        trace.latency.push(request.latency_microseconds);
        trace.target.push(u64::from(request.target.0));
        trace.cache_open.push(0);
    }

    /// Marks the last request as one whose input may include what was cached.
    pub(crate) fn open_cache(&mut self) {
        self.trace.counts.cache_open += 1;
        self.trace.cache_open.pop();
        self.trace.cache_open.push(1);
    }

    /// Counts a record that is left out; the name is what [`super::LeftOut::name`] says.
    pub(super) fn leave_out(&mut self, reason: LeftOutReason, name: &str) {
        let counts = &mut self.trace.counts;
        counts.records += 1;
        match reason {
            LeftOutReason::Failed => counts.failed += 1,
            LeftOutReason::Unmetered => counts.unmetered += 1,
            _ => counts.left_out += 1,
        }
        self.foreign.add(reason, name);
    }

    /// The trace.
    #[must_use]
    pub fn finish(mut self) -> Trace {
        self.trace.left_out = std::mem::take(&mut self.foreign).into_list();
        self.sort();
        self.trace.finish_targets();
        self.trace.shrink();
        self.trace
    }

    /// Puts the requests into the order of arrival, those of one instant into that of their files; gives the old index
    /// of each where that changed.
    pub(super) fn sort(&mut self) -> Option<Vec<usize>> {
        let files = file_order(&self.trace.arrivals, &self.starts);
        let trace = &mut self.trace;
        if trace.arrivals.is_sorted() && files.is_sorted_by_key(|file| file.start) {
            return None;
        }
        let mut order: Vec<usize> = files.into_iter().flatten().collect();
        order.sort_by_key(|index| trace.arrivals.get(*index).copied());
        packed_numbers::reorder(&mut trace.arrivals, &order);
        for column in [
            &mut trace.input,
            &mut trace.output,
            &mut trace.cache_read,
            &mut trace.cache_write,
            &mut trace.target,
            &mut trace.cache_open,
        ] {
            column.reorder(&order);
        }
        trace.max_tokens.reorder(&order);
        trace.latency.reorder(&order);
        Some(order)
    }
}

/// The requests of each file, in the order of the files: those that overlap in time as they were read, the others by
/// time. So the parts of a sorted file are in its order, however they are named.
fn file_order(arrivals: &[i64], starts: &[usize]) -> Vec<Range<usize>> {
    /// A file: the first and last arrival, and where its requests are.
    type File = (i64, i64, Range<usize>);
    let ends = starts.iter().skip(1).copied().chain([arrivals.len()]);
    let starts = starts.first().map_or_else(|| vec![0], |_| starts.to_vec());
    let file = |(start, end): (usize, usize)| {
        let of_file = arrivals.get(start..end)?;
        Some((*of_file.iter().min()?, *of_file.iter().max()?, start..end))
    };
    let mut files: Vec<File> = starts.into_iter().zip(ends).filter_map(file).collect();
    files.sort_by_key(|(first, last, _)| (*first, *last));
    let (mut ordered, mut overlapping, mut latest) = (Vec::new(), Vec::new(), i64::MIN);
    for (first, last, requests) in files {
        if first >= latest {
            settle(&mut overlapping, &mut ordered);
        }
        latest = latest.max(last);
        overlapping.push(requests);
    }
    settle(&mut overlapping, &mut ordered);
    ordered
}

/// Adds files that overlap in time, in the order in which they were read.
fn settle(overlapping: &mut Vec<Range<usize>>, ordered: &mut Vec<Range<usize>>) {
    overlapping.sort_by_key(|requests| requests.start);
    ordered.append(overlapping);
}

impl Trace {
    /// Keeps the targets that a request has, sorted, so that their numbers do not depend on the order of
    /// the rows.
    fn finish_targets(&mut self) {
        let mut is_used = vec![false; self.targets.len()];
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        for index in 0..self.arrivals.len() {
            if let Some(used) = is_used.get_mut(place(self.target.get(index))) {
                *used = true;
            }
        }
        let used = self.targets.iter().zip(is_used).filter(|(_, is_used)| *is_used);
        let mut sorted: Vec<Target> = used.map(|(target, _)| target.clone()).collect();
        sorted.sort();
        sorted.dedup();
        let number = |target: &Target| sorted.binary_search(target).unwrap_or(0) as u64;
        let numbers: Vec<u64> = self.targets.iter().map(number).collect();
        let unchanged = (0_u64..).zip(&numbers).all(|(old, new)| old == *new);
        if !unchanged {
            self.target.replace(|old| numbers.get(place(old)).copied().unwrap_or(0));
        }
        self.targets = sorted;
    }

    fn shrink(&mut self) {
        self.arrivals.shrink_to_fit();
        let columns = [&mut self.input, &mut self.output, &mut self.cache_read, &mut self.cache_write];
        columns.into_iter().for_each(Column::shrink);
        self.max_tokens.shrink();
        self.latency.shrink();
        self.target.shrink();
        self.cache_open.shrink();
    }
}
