//! Requests out of model-invocation logs of Amazon Bedrock, as [`crate::logs`] reads their records.
//!
//! AWS writes these records, so what cannot be replayed among them is no fault: it is left out, counted and named.

use std::borrow::Cow;
use std::ops::Range;

use csv::ByteRecord;

use super::faults::Faults;
use super::left_out::LeftOutReason;
use super::targets::Targets;
use super::{Builder, Calls, ReadOptions, Request};
use crate::catalog::REGION;
use crate::logs::{CachedInput, Entry, Fields, LogRecord, RecordFault, Scanner, Step, read_fields};
use crate::stream::blocks::Block;
use crate::text::Code;
use crate::text::table::records::{Records, Shape};
use crate::text::table::{self, text_of, trimmed};

/// Reads records, block by block.
pub(super) struct Log<'a> {
    targets: Targets<'a>,
    builder: Builder,
    options: &'a ReadOptions,
    scanner: Scanner,
}

impl<'a> Log<'a> {
    pub(super) fn new((builder, targets): (Builder, Targets<'a>), options: &'a ReadOptions) -> Self {
        Self { targets, builder, options, scanner: Scanner::default() }
    }

    /// What the reader was lent.
    pub(super) fn into_lent(self) -> (Builder, Targets<'a>) {
        (self.builder, self.targets)
    }

    /// Reads the records of a block from an offset on, and gives the offset up to which it is read: what stands
    /// behind it is not whole.
    pub(super) fn block(&mut self, block: &Block<'_>, from: usize, faults: &mut Faults) -> usize {
        let mut at = from;
        loop {
            let step = self.scanner.next(block.text, &mut at, block.is_last);
            match step {
                Step::Entry { start, read } => self.take(read, (block, start), faults),
                Step::More => return at,
                Step::End => return block.text.len(),
            }
        }
    }

    /// Takes a record in, or counts it; `start` is what the places in it count from.
    fn take(
        &mut self,
        read: Result<Entry<'_>, RecordFault>,
        (block, start): (&Block<'_>, usize),
        faults: &mut Faults,
    ) {
        let place = |at: &Range<usize>| start + at.start..start + at.end;
        match read {
            Ok(Entry::Notice) => self.builder.trace.counts.notices += 1,
            Ok(Entry::NoRecord) => self.builder.leave_out(LeftOutReason::NoRecord, ""),
            Ok(Entry::Failed(code)) => {
                self.builder.leave_out(LeftOutReason::Failed, &code.unwrap_or_default());
            }
            Ok(Entry::Unmetered(model)) => {
                self.builder.leave_out(LeftOutReason::Unmetered, &model.unwrap_or_default());
            }
            Ok(Entry::Request(record)) => {
                let at = place(&record.model_at);
                if let Err((code, message, help)) = self.request(&record, faults.has_errors()) {
                    faults.at(block, at, code, || (message, help));
                }
            }
            Err(RecordFault { at, code, message, help }) => {
                faults.at(block, place(&at), code, || (message, help.to_owned()));
            }
        }
    }

    fn request(&mut self, record: &LogRecord<'_>, has_errors: bool) -> Result<(), (Code, String, String)> {
        let region = record.region.as_deref().filter(|region| *region != REGION);
        if let Some(region) = region {
            if self.options.model_given {
                self.builder.trace.counts.other_region += 1;
            } else {
                self.builder
                    .leave_out(LeftOutReason::OtherRegion, if is_region(region) { region } else { "" });
                return Ok(());
            }
        }
        let found = self.targets.of(&record.model, None, &mut self.builder);
        let target = match found {
            Ok(target) => target,
            Err(Some(fault)) if fault.code == Code::BadValue => {
                return Err((fault.code, fault.message, fault.help));
            }
            Err(fault) => {
                let code = fault.map_or(Code::UnknownModel, |fault| fault.code);
                self.builder.leave_out(LeftOutReason::of_name(&record.model, code), &record.model);
                return Ok(());
            }
        };
        let known = self.builder.trace.targets.get(target.get());
        let is_known = self.options.model_given || known.is_some_and(|target| target.model.is_some());
        if !is_known {
            // The scope is known only where the model is, and is not offered in it.
            let is_offered = known.is_none_or(|target| target.scope.is_none());
            let code = if is_offered { Code::UnknownModel } else { Code::ScopeNotOffered };
            self.builder.leave_out(LeftOutReason::of_name(&record.model, code), &record.model);
            return Ok(());
        }
        let is_other = |only: &Calls| known.is_some_and(|target| !only.contains(target));
        if self.options.only.as_ref().is_some_and(is_other) {
            self.builder.leave_out(LeftOutReason::OtherModel, &record.model);
            return Ok(());
        }
        if has_errors {
            return Ok(());
        }
        let counts = &mut self.builder.trace.counts;
        counts.without_offset += u64::from(!record.has_offset);
        counts.cache_included += u64::from(record.cached == CachedInput::Included);
        let is_open = record.cached == CachedInput::Open;
        self.builder.push(Request {
            arrival_microseconds: record.arrival_microseconds,
            input_tokens: record.input_tokens,
            output_tokens: record.output_tokens,
            cache_read_tokens: record.cache_read_tokens,
            cache_write_tokens: record.cache_write_tokens,
            max_tokens: record.max_tokens,
            latency_microseconds: record.latency_microseconds,
            target,
        });
        if is_open {
            self.builder.open_cache();
        }
        Ok(())
    }
}

/// Whether a text can be shown as the name of a Region.
fn is_region(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The columns of a query's result: rows of it are records.
pub(super) struct LogTable<'a> {
    pub(super) log: Log<'a>,
    delimiter: u8,
    names: Vec<String>,
}

impl<'a> LogTable<'a> {
    pub(super) fn new(log: Log<'a>, delimiter: u8, names: Vec<String>) -> Self {
        Self { log, delimiter, names }
    }

    /// Reads the rows of a block from an offset on.
    pub(super) fn block(&mut self, block: &Block<'_>, from: usize, faults: &mut Faults) {
        let shape = Shape { delimiter: self.delimiter, width: None, is_by_hand: false };
        let mut records = Records::new(block.text, from..block.text.len(), shape, false);
        while let Some(record) = records.next(|_, _| {}) {
            self.row(record.cells, (block, record.start()), faults);
        }
    }

    fn row(&mut self, record: &ByteRecord, (block, start): (&Block<'_>, usize), faults: &mut Faults) {
        let mut fields = Fields::default();
        let number = |index: usize| index..index + 1;
        for (index, (name, cell)) in self.names.iter().zip(record).enumerate() {
            let text = text_of(trimmed(cell));
            // The place is that of the cell, which is looked for only where something is wrong.
            fields.put_cell(name, Cow::Borrowed(text), number(index));
        }
        let read = if record.len() == self.names.len() {
            read_fields(&fields, 0..1)
        } else {
            let (found, wanted) = (record.len(), self.names.len());
            Err(RecordFault {
                at: 0..1,
                code: Code::RowLength,
                message: format!("the row has {found} cells, but the header has {wanted}"),
                help: "save the result of the query again; the content of the row is not shown",
            })
        };
        match read {
            Err(fault) => {
                let cells = table::fields(block.text, start, self.delimiter);
                let at = cells
                    .get(fault.at.start)
                    .map_or(start..start, |cell| table::trimmed_range(block.text, *cell));
                self.log.take(Err(RecordFault { at, ..fault }), (block, 0), faults);
            }
            read => self.log.take(read, (block, start), faults),
        }
    }
}
