//! The rows of a trace in CSV.

use std::ops::Range;

use csv::ByteRecord;

use super::faults::Faults;
use super::format::Format;
use super::header::{Header, Role};
use super::left_out::LeftOutReason;
use super::targets::Targets;
use super::write::UNKNOWN;
use super::{Builder, OutputLimit, Request, TargetIndex};
use crate::catalog::Scope;
use crate::stream::blocks::Block;
use crate::text::Code;
use crate::text::instant::{self, Instant, Unit};
use crate::text::table::records::{Record, Records, Shape};
use crate::text::table::{self, grouped_words, looks_grouped, text_of};
use crate::units::{NumberFault, parse_whole};

/// Reads rows, block by block.
pub(super) struct Table<'a> {
    pub(super) header: Header,
    pub(super) targets: Targets<'a>,
    pub(super) builder: Builder,
    /// Whether a time counts seconds from the trace's own start.
    pub(super) counts_seconds: bool,
    /// Whether a time is that of a date.
    has_dates: bool,
}

/// What is said of a time on another clock than those above it.
fn other_clock(name: &str, counts_from_start: bool) -> (Code, String, String) {
    let (this, others) = if counts_from_start {
        ("counts seconds from a start", "are dates")
    } else {
        ("is a date", "count seconds from a start")
    };
    let message = format!("this `{name}` {this}, but those above it {others}");
    (Code::BadValue, message, "write all times of a file in the same way".to_owned())
}

/// The columns that may hold a number.
const NUMBERS: [Role; 7] = [
    Role::Time,
    Role::Input,
    Role::Output,
    Role::CacheRead,
    Role::CacheWrite,
    Role::MaxTokens,
    Role::Latency,
];

/// Digits from which on a time in seconds counts from 1970, not from the trace's own start.
const EPOCH_DIGITS: usize = 10;

/// What is wrong with the target of a row: in which column, which code, and in which words.
type OfTarget = (Role, Code, String, String);

/// A row's place, for what is wrong with it.
struct Row<'r> {
    block: &'r Block<'r>,
    record: Record<'r>,
}

impl<'a> Table<'a> {
    /// Rows under a header, taken into a builder.
    pub(super) fn new(header: Header, (builder, targets): (Builder, Targets<'a>)) -> Self {
        Self { header, targets, builder, counts_seconds: false, has_dates: false }
    }

    /// What the reader was lent.
    pub(super) fn into_lent(self) -> (Builder, Targets<'a>) {
        (self.builder, self.targets)
    }

    /// Reads the rows of a block from an offset on.
    pub(super) fn block(&mut self, block: &Block<'_>, from: usize, faults: &mut Faults) {
        let quoted = memchr::memchr(b'"', &block.text.as_bytes()[from..]).is_some();
        let shape =
            Shape { delimiter: self.header.delimiter, width: Some(self.header.width), is_by_hand: true };
        let mut records = Records::new(block.text, from..block.text.len(), shape, quoted);
        while let Some(record) =
            records.next(|at, fault| faults.at(block, at, fault.code(), || fault.words()))
        {
            match self.row(record.cells) {
                // Its own notes: a call that failed has no response tokens.
                Ok(request) if request.output_tokens == 0 && self.header.format == Format::BurstGpt => {
                    self.builder.leave_out(LeftOutReason::Failed, "");
                }
                Ok(request) if !faults.has_errors() => self.builder.push(request),
                Ok(_) => {}
                Err(told) => self.explain(&Row { block, record }, told, faults),
            }
            if self.header.delimiter == b';' && self.has_grouped(record.cells) {
                self.ambiguous(&Row { block, record }, faults);
            }
        }
    }

    fn cell<'r>(&self, record: &'r ByteRecord, role: Role) -> Option<&'r [u8]> {
        self.header.index(role).and_then(|index| record.get(index)).map(table::trimmed)
    }

    /// A row in which nothing is wrong: the usual one.
    ///
    /// # Errors
    /// What is wrong with its target, which is told once alone, where nothing else is wrong.
    fn row(&mut self, record: &ByteRecord) -> Result<Request, Option<OfTarget>> {
        let instant = self.time(record).map_err(|_| None)?;
        let count = |role| self.count(record, role).map_err(|_| None);
        let input_tokens = count(Role::Input)?.ok_or(None)?;
        let is_burst_gpt = self.header.format == Format::BurstGpt;
        let output_tokens = count(Role::Output)?.or(is_burst_gpt.then_some(0)).ok_or(None)?;
        let (cache_read, cache_write) = (count(Role::CacheRead)?, count(Role::CacheWrite)?);
        let max_tokens = self.limit(record).map_err(|_| None)?;
        let latency_microseconds = self.latency(record).map_err(|_| None)?;
        let target = self.target(record)?;
        let format = self.header.format;
        self.builder.trace.counts.without_offset += u64::from(!instant.has_offset && format.has_dates());
        Ok(Request {
            arrival_microseconds: instant.microseconds,
            input_tokens,
            output_tokens,
            cache_read_tokens: cache_read.unwrap_or(0),
            cache_write_tokens: cache_write.unwrap_or(0),
            max_tokens,
            latency_microseconds,
            target,
        })
    }

    /// Everything that is wrong with a row; what is wrong with its target may have been told.
    fn explain(&mut self, row: &Row<'_>, told: Option<OfTarget>, faults: &mut Faults) {
        // A required column that is missing has been reported once.
        if self.header.index(Role::Time).is_some()
            && let Err((code, message, help)) = self.time(row.record.cells)
        {
            faults.at(row.block, self.place(row, Role::Time), code, || (message, help));
        }
        for role in [Role::Input, Role::Output, Role::CacheRead, Role::CacheWrite, Role::MaxTokens] {
            let is_failed = role == Role::Output && self.header.format == Format::BurstGpt;
            let required = matches!(role, Role::Input | Role::Output) && !is_failed;
            let Some(written) = self.cell(row.record.cells, role) else { continue };
            let at = self.place(row, role);
            let name = self.header.name(role);
            match parse_whole(written) {
                _ if written.is_empty() && !required => {}
                _ if role == Role::MaxTokens && is_unknown(written) => {}
                _ if written.is_empty() => faults.at(row.block, at, Code::MissingValue, || {
                    (format!("`{name}` is empty"), "write a whole number, or 0 if there are none".to_owned())
                }),
                Ok(_) => {}
                Err(fault) => {
                    let remedy = match (role, fault) {
                        (Role::MaxTokens, NumberFault::Text) => {
                            "write a whole number; leave the cell empty if it is unset, or write `unknown` if it is \
                             not known"
                        }
                        _ => fault.remedy(),
                    };
                    bad_number(row, at, (name, written), (fault.reason(), remedy), faults);
                }
            }
        }
        if let (Some(written), Err(fault)) =
            (self.cell(row.record.cells, Role::Latency), self.latency(row.record.cells))
        {
            let at = self.place(row, Role::Latency);
            let words = (instant::reason(fault), instant::remedy(fault));
            bad_number(row, at, (self.header.name(Role::Latency), written), words, faults);
        }
        let of_target = told.or_else(|| self.target(row.record.cells).err().flatten());
        if let Some((role, code, message, help)) = of_target {
            faults.at(row.block, self.place(row, role), code, || (message, help));
        }
    }

    /// Whether a number of the row has a point that may be one of thousands.
    fn has_grouped(&self, record: &ByteRecord) -> bool {
        NUMBERS.into_iter().any(|role| self.cell(record, role).is_some_and(is_grouped))
    }

    /// Says of which numbers of a row that holds.
    fn ambiguous(&self, row: &Row<'_>, faults: &mut Faults) {
        for role in NUMBERS {
            let Some(written) = self.cell(row.record.cells, role).filter(|written| is_grouped(written))
            else {
                continue;
            };
            faults.at(row.block, self.place(row, role), Code::AmbiguousNumber, || {
                grouped_words(self.header.name(role), text_of(written))
            });
        }
    }

    fn place(&self, row: &Row<'_>, role: Role) -> Range<usize> {
        let start = row.record.start();
        let fields = table::fields(row.block.text, start, self.header.delimiter);
        let field = self.header.index(role).and_then(|index| fields.get(index));
        field.map_or(start..start, |field| table::trimmed_range(row.block.text, *field))
    }

    fn time(&mut self, record: &ByteRecord) -> Result<Instant, (Code, String, String)> {
        let name = self.header.name(Role::Time);
        let written = text_of(self.cell(record, Role::Time).unwrap_or_default());
        let from_start = self.header.format == Format::BurstGpt;
        if written.is_empty() {
            let help = "every request needs its arrival time";
            return Err((Code::MissingValue, format!("`{name}` is empty"), help.to_owned()));
        }
        let digits = written.strip_prefix('-').unwrap_or(written);
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        // What is too long for seconds counts a smaller part of a second since 1970.
        let whole = digits.split('.').next().unwrap_or_default().len();
        let seconds = instant::offset(written, Unit::Seconds);
        if from_start || (is_number && self.header.format == Format::Own) {
            let is_too_long = !from_start && seconds == Err(NumberFault::TooLarge);
            if let Some(instant) = instant::epoch(written).filter(|_| is_too_long) {
                if self.counts_seconds {
                    return Err(other_clock(name, false));
                }
                self.has_dates = true;
                return Ok(instant);
            }
            let counts_from_start = from_start || whole < EPOCH_DIGITS;
            if counts_from_start == self.has_dates && counts_from_start != self.counts_seconds {
                return Err(other_clock(name, counts_from_start));
            }
            self.counts_seconds |= counts_from_start;
            self.has_dates |= !counts_from_start;
            return match seconds {
                Ok(microseconds) => Ok(Instant { microseconds, has_offset: true }),
                Err(fault) => Err((
                    Code::BadNumber,
                    format!("`{name}` {}: `{written}`", instant::reason(fault)),
                    instant::remedy(fault).to_owned(),
                )),
            };
        }
        if self.counts_seconds {
            return Err(other_clock(name, false));
        }
        self.has_dates = true;
        instant::iso(written).ok_or_else(|| {
            let help = "write a date and a time such as 2026-11-22T14:05:00.25Z; at most nine decimals";
            (Code::BadValue, format!("`{name}` is not a time: `{written}`"), help.to_owned())
        })
    }

    /// A count of tokens; `None` where there is none.
    fn count(&self, record: &ByteRecord, role: Role) -> Result<Option<u64>, NumberFault> {
        match self.cell(record, role) {
            None | Some(b"") => Ok(None),
            Some(written) => parse_whole(written).map(Some),
        }
    }

    /// max_tokens: unset where the cell is empty, not known where there is no column for it.
    fn limit(&self, record: &ByteRecord) -> Result<OutputLimit, NumberFault> {
        match self.cell(record, Role::MaxTokens) {
            None => Ok(OutputLimit::Unknown),
            Some(b"") => Ok(OutputLimit::Unset),
            Some(written) if is_unknown(written) => Ok(OutputLimit::Unknown),
            Some(written) => parse_whole(written).map(OutputLimit::Stated),
        }
    }

    fn latency(&self, record: &ByteRecord) -> Result<Option<u64>, NumberFault> {
        match self.cell(record, Role::Latency) {
            None | Some(b"") => Ok(None),
            Some(written) => instant::length(text_of(written), Unit::Seconds).map(Some),
        }
    }

    fn target(&mut self, record: &ByteRecord) -> Result<TargetIndex, Option<OfTarget>> {
        let name = self.cell(record, Role::Model).map(text_of).unwrap_or_default();
        let scope = match self.cell(record, Role::Scope).map(text_of).unwrap_or_default() {
            "" => None,
            written => {
                match Scope::ALL.into_iter().find(|scope| scope.as_str().eq_ignore_ascii_case(written)) {
                    Some(scope) => Some(scope),
                    None => {
                        let help = "write us, global, ca or in-region".to_owned();
                        let message = format!("`{written}` is not a scope");
                        return Err(Some((Role::Scope, Code::UnknownScope, message, help)));
                    }
                }
            }
        };
        self.targets.of(name, scope, &mut self.builder).map_err(|fault| {
            fault.map(|fault| {
                let in_scope = fault.in_scope && self.header.index(Role::Scope).is_some();
                let role = if in_scope { Role::Scope } else { Role::Model };
                (role, fault.code, fault.message, fault.help)
            })
        })
    }
}

/// Whether a number reads as one of thousands and as one of thousandths; a word or a date never does.
fn is_grouped(written: &[u8]) -> bool {
    looks_grouped(written) && written.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// Whether a cell says that its value is not known.
fn is_unknown(written: &[u8]) -> bool {
    written.eq_ignore_ascii_case(UNKNOWN.as_bytes())
}

fn bad_number(
    row: &Row<'_>,
    at: Range<usize>,
    (name, written): (&str, &[u8]),
    (reason, remedy): (&str, &str),
    faults: &mut Faults,
) {
    faults.at(row.block, at, Code::BadNumber, || {
        (format!("`{name}` {reason}: `{}`", text_of(written)), remedy.to_owned())
    });
}
