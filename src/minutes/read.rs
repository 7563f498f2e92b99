//! Reading the per-minute table, reporting every fault in one run.

use std::collections::btree_map::Entry;

use csv::{ByteRecord, ReaderBuilder};
use jiff::Timestamp;

use super::{Minute, Names, Seen, place_words};
use crate::catalog::{Named, Scope};
use crate::text::suggest::did_you_mean;
use crate::text::{Code, Diagnostics, FileId, Place, Sources, Span};
use crate::units::{MILLIONTHS, NumberFault, parse_millionths};
use crate::workload::{cell, grouped_words, looks_grouped, naming_fault, sniff_delimiter};

/// The columns, in the order of the per-minute table; the last may be missing.
const COLUMNS: [&str; 10] = [
    "minute",
    "model",
    "scope",
    "requests",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "settled_tokens",
    "throttled_requests",
];

/// Index of the one column that may be missing.
const THROTTLED: usize = 9;

/// Reads a table; no minutes where there is an error. A (minute, model, scope) that stands in `seen` already is an
/// error.
pub(super) fn table(
    (sources, file): (&Sources, FileId),
    names: &Names<'_>,
    seen: &mut Seen,
    diagnostics: &mut Diagnostics,
) -> Vec<Minute> {
    let text = sources.file(file).map_or("", |file| file.text());
    let start = cell::record_start(text.as_bytes(), 0);
    if text.get(start..).is_none_or(|rest| rest.trim().is_empty()) {
        let help = format!("write the columns {}", COLUMNS.join(","));
        diagnostics.add(Code::EmptyFile, Place::File(file), "the file has no header", help);
        return Vec::new();
    }
    let mut own = Diagnostics::new();
    let delimiter = sniff_delimiter(&text[start..]);
    let fields = cell::fields(text, start, delimiter);
    let body = fields.last().map_or(text.len(), |field| field.end);
    let columns: Vec<Span> = fields.into_iter().map(|field| cell::trimmed(file, text, field)).collect();
    let index = header(file, text, &columns, &mut own);
    let mut reader = Reader { file, text, sources, delimiter, names, index, diagnostics: own };
    let minutes = reader.records(body, columns.len(), seen);
    let mut own = reader.diagnostics;
    if minutes.is_empty() && !own.has_errors() {
        own.add(
            Code::NoRows,
            Place::File(file),
            "the file has a header and no rows",
            "write one row a minute, model and scope",
        );
    }
    diagnostics.append(own);
    minutes
}

/// Where each column stands.
fn header(file: FileId, text: &str, names: &[Span], diagnostics: &mut Diagnostics) -> [Option<usize>; 10] {
    let mut index = [None; 10];
    let start = Span {
        file,
        start: names.first().map_or(0, |span| span.start),
        end: names.first().map_or(0, |span| span.start),
    };
    for (at, span) in names.iter().enumerate() {
        let name = text[span.start..span.end].trim();
        match COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(name)) {
            Some(column) => {
                if index[column].replace(at).is_some() {
                    let message = format!("the column `{name}` appears twice");
                    diagnostics.at(Code::DuplicateColumn, *span, message, "keep one of the two columns");
                }
            }
            None if name.is_empty() => {}
            None => {
                let meant = did_you_mean(name, COLUMNS.iter().copied());
                let help = if meant.is_empty() { "the column is not read".to_owned() } else { meant };
                diagnostics.at(Code::UnknownColumn, *span, format!("unknown column `{name}`"), help);
            }
        }
    }
    for (column, at) in COLUMNS.iter().zip(index).take(THROTTLED) {
        if at.is_none() {
            let message = format!("the required column `{column}` is missing");
            diagnostics.at(
                Code::MissingColumn,
                start,
                message,
                format!("the columns are {}", COLUMNS.join(",")),
            );
        }
    }
    index
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    sources: &'a Sources,
    delimiter: u8,
    names: &'a Names<'a>,
    index: [Option<usize>; 10],
    diagnostics: Diagnostics,
}

impl Reader<'_> {
    fn records(&mut self, body: usize, width: usize, seen: &mut Seen) -> Vec<Minute> {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .comment(Some(b'#'))
            .from_reader(&self.text.as_bytes()[body..]);
        let mut minutes = Vec::new();
        let mut record = ByteRecord::new();
        // Bytes in memory: reading them cannot fail.
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            let from = record.position().map_or(0, csv::Position::byte);
            let from = body + usize::try_from(from).unwrap_or(0);
            let start = cell::record_start(self.text.as_bytes(), from);
            if record.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            if record.len() != width {
                let span = Span { file: self.file, start, end: start };
                let message = format!("the row has {} cells and the header {width}", record.len());
                self.diagnostics.at(
                    Code::RowLength,
                    span,
                    message,
                    "add or remove cells; quote a cell that holds a delimiter",
                );
                continue;
            }
            let Some(minute) = self.minute(&record, start) else { continue };
            match seen.entry((minute.at, (minute.model, minute.scope))) {
                Entry::Vacant(vacant) => {
                    vacant.insert(minute.span);
                }
                Entry::Occupied(first) => {
                    self.twice(&minute, *first.get());
                    continue;
                }
            }
            minutes.push(minute);
        }
        minutes
    }

    fn twice(&mut self, minute: &Minute, first: Span) {
        let (message, help) = if first.file == self.file {
            let message = format!("{} of this model and scope stands twice", minute.at);
            (message, "add the two rows up, or remove one")
        } else {
            let first = place_words(self.sources, first);
            let message =
                format!("{} of this model and scope stands in two files: the other is at {first}", minute.at);
            (message, "remove one of the two rows, or leave one of the two files out")
        };
        self.diagnostics.at(Code::DuplicateName, minute.span, message, help);
    }

    /// A cell's text, trimmed; empty where the column is absent.
    fn get<'r>(&self, record: &'r ByteRecord, column: usize) -> &'r str {
        let bytes = self.index[column].and_then(|index| record.get(index)).unwrap_or_default();
        // The text is UTF-8 as a whole and a field ends at ASCII characters.
        std::str::from_utf8(bytes).unwrap_or_default().trim()
    }

    fn span(&self, start: usize, column: usize) -> Span {
        let here = Span { file: self.file, start, end: start };
        let cell = self.index[column]
            .and_then(|index| cell::span(self.file, self.text, start, self.delimiter, index));
        cell.unwrap_or(here)
    }

    fn minute(&mut self, record: &ByteRecord, start: usize) -> Option<Minute> {
        let at = self.time(record, start);
        let place = self.place(record, start);
        let requests = self.count(record, start, 3);
        let input_tokens = self.count(record, start, 4);
        let cache_read = self.count(record, start, 5);
        let cache_write_tokens = self.count(record, start, 6);
        let output_tokens = self.count(record, start, 7);
        let settled_tokens = self.count(record, start, 8);
        let throttled_requests = match self.get(record, THROTTLED) {
            "" => Some(None),
            _ => self.count(record, start, THROTTLED).map(Some),
        };
        cache_read?;
        let (named, scope) = place?;
        Some(Minute {
            at: at?,
            model: named.model,
            scope,
            requests: requests?,
            input_tokens: input_tokens?,
            cache_write_tokens: cache_write_tokens?,
            output_tokens: output_tokens?,
            settled_tokens: settled_tokens?,
            throttled_requests: throttled_requests?,
            span: self.span(start, 0),
        })
    }

    fn time(&mut self, record: &ByteRecord, start: usize) -> Option<Timestamp> {
        let written = self.get(record, 0);
        let whole = |at: &Timestamp| at.as_second() % 60 == 0 && at.subsec_nanosecond() == 0;
        let at = written.parse::<Timestamp>().ok().filter(whole);
        if at.is_none() {
            let message = format!("`minute` is not the start of a minute: `{written}`");
            let help = "write it in UTC, for example 2026-11-22T14:05Z";
            self.diagnostics.at(Code::BadValue, self.span(start, 0), message, help);
        }
        at
    }

    fn place(&mut self, record: &ByteRecord, start: usize) -> Option<(Named, Scope)> {
        let (written, scope) = (self.get(record, 1), self.get(record, 2));
        let named = match self.names.find(written) {
            Ok(named) => Some(named),
            Err(fault) => {
                let (code, message, help) = naming_fault(written, &fault, Some(self.names.catalog));
                self.diagnostics.at(code, self.span(start, 1), message, help);
                None
            }
        };
        let typed = scope.to_ascii_lowercase().parse::<Scope>().ok();
        if typed.is_none() && !scope.is_empty() {
            let message = format!("`{scope}` is not a scope");
            self.diagnostics.at(
                Code::UnknownScope,
                self.span(start, 2),
                message,
                "write us, global, ca or in-region",
            );
            return None;
        }
        let named = named?;
        match (named.scope, typed) {
            (Some(own), Some(typed)) if own != typed => {
                let message = format!("the scope `{typed}` contradicts `{written}`, which names `{own}`");
                self.diagnostics.at(
                    Code::ScopeConflict,
                    self.span(start, 2),
                    message,
                    "correct one of the two",
                );
                None
            }
            (Some(scope), _) | (None, Some(scope)) => Some((named, scope)),
            (None, None) => {
                let help = "write us, global, ca or in-region";
                self.diagnostics.at(Code::MissingScope, self.span(start, 2), "the row has no scope", help);
                None
            }
        }
    }

    /// A whole number.
    fn count(&mut self, record: &ByteRecord, start: usize, column: usize) -> Option<u64> {
        // A required column that is missing has been reported once.
        self.index[column]?;
        let written = self.get(record, column);
        if written.is_empty() {
            let message = format!("`{}` is empty", COLUMNS[column]);
            let help = "write a whole number; a minute without any is 0";
            self.diagnostics.at(Code::MissingValue, self.span(start, column), message, help);
            return None;
        }
        let parsed = parse_millionths(written);
        if parsed.is_ok() && self.delimiter == b';' && looks_grouped(written.as_bytes()) {
            let (message, help) = grouped_words(COLUMNS[column], written);
            self.diagnostics.at(Code::AmbiguousNumber, self.span(start, column), message, help);
        }
        let fault = match parsed {
            Ok(value) if value % MILLIONTHS == 0 => return Some(value / MILLIONTHS),
            Ok(_) => NumberFault::NotWhole,
            Err(fault) => fault,
        };
        let message = format!("`{}` {}: `{written}`", COLUMNS[column], fault.reason());
        self.diagnostics.at(Code::BadNumber, self.span(start, column), message, fault.remedy());
        None
    }
}
