//! The one request-trace type, and the readers of every format it is taken from.
//!
//! A trace is read in blocks, so that a file of any size costs what its requests cost; nothing of a
//! prompt or an answer is kept. It simulates nothing.

mod builder;
mod clock;
mod detect;
mod faults;
mod format;
mod header;
mod invocation;
mod joined;
mod left_out;
mod lines;
mod load;
mod mooncake;
mod open;
mod packed_numbers;
mod prefix;
mod table;
mod targets;
mod write;

use std::collections::BTreeMap;
use std::time::Duration;

pub use crate::logs::{LimitCounts, OutputLimit};
pub use builder::Builder;
pub use detect::is_log;
pub use format::Format;
pub(crate) use left_out::left_out_words;
pub use left_out::{LeftOut, LeftOutReason, merge_left_out};
pub use load::{FilesRead, LoadedTrace, load, load_all, read, skipped_in_folders};
pub use mooncake::BLOCK_TOKENS;
pub use write::write;

use crate::catalog::{ModelIndex, Scope};
use packed_numbers::{Column, Limits, Optional};

/// Life of a cached prefix where the options name none: AWS's default of five minutes (user guide,
/// prompt-caching, 2026-10).
pub const CACHE_LIFE: Duration = Duration::from_secs(300);

/// Faults of a file that are listed where the options name no other number; the rest is counted.
pub const LISTED_FAULTS: usize = 1_000;

/// How a trace is read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The delimiter of a CSV; taken from the header where `None`.
    pub delimiter: Option<u8>,
    /// Own names of models, each for a name the model table knows.
    pub aliases: BTreeMap<String, String>,
    /// Whether the caller names model and scope of all requests: then names that lead to no model are
    /// no fault, and the columns may be missing.
    pub model_given: bool,
    /// How long a prefix stays in the cache after the last request that has it, for traces of blocks.
    pub cache_life: Duration,
    /// Faults that are listed one by one; the rest is counted, so that a file of faults alone stays small.
    pub listed_faults: usize,
    /// The calls that are taken of an invocation log, where not all are: the others are left out and counted, and a log
    /// without any of these is no fault.
    pub only: Option<Calls>,
}

/// The calls of one model in one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
    /// The name under which it is called, such as the ARN of an application inference profile; any where `None`.
    pub name: Option<String>,
}

impl Calls {
    fn contains(&self, target: &Target) -> bool {
        target.resolved() == Some((self.model, self.scope))
            && self.name.as_ref().is_none_or(|name| target.name.as_ref() == Some(name))
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            aliases: BTreeMap::new(),
            model_given: false,
            cache_life: CACHE_LIFE,
            listed_faults: LISTED_FAULTS,
            only: None,
        }
    }
}

/// One request of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// When it arrived, in microseconds since 1970 (negative before), or since the trace's own start
    /// where the format has no dates.
    pub arrival_microseconds: i64,
    /// Input neither read from nor written to the cache.
    pub input_tokens: u64,
    /// Output, reasoning included.
    pub output_tokens: u64,
    /// Input read from the cache.
    pub cache_read_tokens: u64,
    /// Input written to the cache.
    pub cache_write_tokens: u64,
    /// The max_tokens it was sent with.
    pub max_tokens: OutputLimit,
    /// From arrival to completion, where the trace has it.
    pub latency_microseconds: Option<u64>,
    /// What it calls.
    pub target: TargetIndex,
}

/// One of the [`Target`]s of a [`Trace`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetIndex(u32);

/// What requests call, as their file names it and as the model table knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The model as written; `None` where the file does not say.
    pub name: Option<String>,
    /// The scope as written, as the profile carries it or as the format implies it.
    pub scope: Option<Scope>,
    /// The model, where the name leads to one that is offered in the scope.
    pub model: Option<ModelIndex>,
}

impl Target {
    /// Model and scope, where both are known.
    #[must_use]
    pub fn resolved(&self) -> Option<(ModelIndex, Scope)> {
        self.model.zip(self.scope)
    }
}

/// What was counted on reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records, those that are no request included.
    pub records: u64,
    /// Requests that stood behind a later one and were sorted in.
    pub out_of_order: u64,
    /// Requests whose time has no offset from UTC and was taken as UTC.
    pub without_offset: u64,
    /// Requests that set no max_tokens.
    pub max_tokens_unset: u64,
    /// Requests whose max_tokens is not known.
    pub max_tokens_unknown: u64,
    /// Requests to models that generate nothing and take no max_tokens; 0 on reading, which does not look at the
    /// model.
    pub max_tokens_needless: u64,
    /// Requests without a latency.
    pub without_latency: u64,
    /// Requests without output.
    pub without_output: u64,
    /// Requests of a trace of blocks that name no blocks and so use no cache.
    pub without_blocks: u64,
    /// Records of failed calls, which are left out.
    pub failed: u64,
    /// Records without any count of tokens, which are left out.
    pub unmetered: u64,
    /// Lines that a log holds besides its records.
    pub notices: u64,
    /// Requests sent to another source Region than ca-central-1.
    pub other_region: u64,
    /// Records that are no traffic of the on-demand quotas here, which are left out: see [`Trace::left_out`].
    pub left_out: u64,
    /// Requests whose record counted what was cached in the input too, which was taken off it.
    pub cache_included: u64,
    /// Requests whose record may count what was cached in the input too, and shows neither.
    pub cache_open: u64,
}

impl Counts {
    /// Requests that state no max_tokens, whether they set none or it is not known.
    #[must_use]
    pub const fn without_max_tokens(&self) -> u64 {
        self.max_tokens_unset + self.max_tokens_unknown
    }

    /// Records that became requests.
    #[must_use]
    pub const fn taken(&self) -> u64 {
        self.records.saturating_sub(self.failed + self.unmetered + self.left_out)
    }

    /// Leaves requests out whose model generates nothing: it takes no max_tokens, so that none is unset or
    /// unknown.
    pub const fn take_no_max_tokens(&mut self, limits: LimitCounts) {
        self.max_tokens_unset = self.max_tokens_unset.saturating_sub(limits.unset);
        self.max_tokens_unknown = self.max_tokens_unknown.saturating_sub(limits.unknown);
        self.max_tokens_needless += limits.stated + limits.unset + limits.unknown;
    }
}

/// Requests by arrival; those of one instant in the order of their file.
///
/// A number takes four bytes while all of its column fit, and none while all are zero, absent or unknown: 16
/// bytes a request for an Azure trace, 40 at most where no number is above 2^32.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    format: Format,
    arrivals: Vec<i64>,
    input: Column,
    output: Column,
    cache_read: Column,
    cache_write: Column,
    max_tokens: Limits,
    latency: Optional,
    target: Column,
    targets: Vec<Target>,
    /// 1 for each request whose input may include what was cached.
    cache_open: Column,
    left_out: Vec<LeftOut>,
    counts: Counts,
}

impl Trace {
    /// The format it was read from.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// What was counted on reading.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What a log holds besides its requests, by reason and name.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Whether the input of a request may include what was read from the cache or written to it.
    #[must_use]
    pub fn is_cache_open(&self, index: usize) -> bool {
        self.cache_open.get(index) > 0
    }

    /// The trace if the inputs that may include what was cached did, and how many these are; `None` where there are
    /// none.
    #[must_use]
    pub fn with_cached_in_input(&self) -> Option<(u64, Self)> {
        if self.counts.cache_open == 0 && matches!(self.cache_open, Column::Zeros(_)) {
            return None;
        }
        let mut input = Column::default();
        let mut open = 0;
        for (index, request) in self.requests().enumerate() {
            let is_open = self.is_cache_open(index);
            open += u64::from(is_open);
            let cached = request.cache_read_tokens.saturating_add(request.cache_write_tokens);
            input.push(request.input_tokens.saturating_sub(if is_open { cached } else { 0 }));
        }
        Some((open, Self { input, cache_open: Column::default(), ..self.clone() })).filter(|_| open > 0)
    }

    /// How many of the requests state a max_tokens, set none, or do not tell.
    #[must_use]
    pub fn limits(&self) -> LimitCounts {
        let (unset, unknown) = (self.counts.max_tokens_unset, self.counts.max_tokens_unknown);
        LimitCounts { stated: (self.len() as u64).saturating_sub(unset + unknown), unset, unknown }
    }

    /// How many requests there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arrivals.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arrivals.is_empty()
    }

    /// All arrivals, ascending, in microseconds.
    #[must_use]
    pub fn arrivals_microseconds(&self) -> &[i64] {
        &self.arrivals
    }

    /// From the first arrival to the last, in microseconds; 0 with fewer than two requests.
    #[must_use]
    pub fn duration_microseconds(&self) -> u64 {
        match (self.arrivals.first(), self.arrivals.last()) {
            (Some(first), Some(last)) => last.abs_diff(*first),
            _ => 0,
        }
    }

    /// The request of an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Request> {
        let arrival_microseconds = *self.arrivals.get(index)?;
        Some(Request {
            arrival_microseconds,
            input_tokens: self.input.get(index),
            output_tokens: self.output.get(index),
            cache_read_tokens: self.cache_read.get(index),
            cache_write_tokens: self.cache_write.get(index),
            max_tokens: self.max_tokens.get(index),
            latency_microseconds: self.latency.get(index),
            target: TargetIndex(u32::try_from(self.target.get(index)).unwrap_or(u32::MAX)),
        })
    }

    /// All requests, by arrival.
    pub fn requests(&self) -> impl ExactSizeIterator<Item = Request> {
        // Every index below the length has one.
        let none = Request {
            arrival_microseconds: 0,
            input_tokens: 0,
            output_tokens: 0,
            cache_read_tokens: 0,
            cache_write_tokens: 0,
            max_tokens: OutputLimit::Unknown,
            latency_microseconds: None,
            target: TargetIndex(0),
        };
        (0..self.len()).map(move |index| self.get(index).unwrap_or(none))
    }

    /// What the requests call, sorted, each once.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The target of an index that a request of this trace has.
    #[must_use]
    pub fn target(&self, index: TargetIndex) -> Option<&Target> {
        self.targets.get(index.0 as usize)
    }

    /// Bytes that the requests take in memory.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let columns = [&self.input, &self.output, &self.cache_read, &self.cache_write, &self.target];
        let columns = columns.into_iter().map(Column::heap_bytes).sum::<usize>();
        let optional = self.max_tokens.heap_bytes() + self.latency.heap_bytes();
        self.arrivals.capacity() * size_of::<i64>() + columns + optional
    }
}

impl TargetIndex {
    /// Its place in [`Trace::targets`].
    #[must_use]
    pub fn get(self) -> usize {
        self.0 as usize
    }
}
