//! Reading the per-minute table, reporting every fault in one run.

use std::collections::btree_map::Entry;

use jiff::Timestamp;

use super::minute::{Minute, Names, Seen, place_words};
use crate::catalog::{Named, Scope, naming_fault};
use crate::text::table::columns::{Columns, Header, is_name_of};
use crate::text::table::head::{self, Head, Room};
use crate::text::table::records::{Record, Records, Shape};
use crate::text::table::{self, Fault, grouped_words, looks_grouped};
use crate::text::{Code, Diagnostics, FileId, Place, Sources, Span};
use crate::units::{MILLIONTHS, NumberFault, parse_millionths};

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

const TIME: usize = 0;
const MODEL: usize = 1;
const SCOPE: usize = 2;

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
    let Some(source) = sources.file(file) else { return Vec::new() };
    let text = source.text();
    let mut own = Diagnostics::new();
    let mut report = |Fault { at, code, message, help }: Fault| {
        own.at(code, Span { file, start: at.start, end: at.end }, message, help);
    };
    let column = |name: &str| COLUMNS.iter().position(|column| is_name_of(column, name));
    let room = Room { column: &column, line: &|at| source.position(at).line, has_delimiter_option: false };
    let head = match head::start(text, None) {
        Ok(start) if start.at >= text.len() => {
            let help = format!("write the columns {}", COLUMNS.join(","));
            diagnostics.add(Code::EmptyFile, Place::File(file), "the file has no header", help);
            return Vec::new();
        }
        Ok(start) => head::head(text, start, &room, &mut report),
        Err(fault) => {
            report(fault);
            None
        }
    };
    let Some(head) = head else {
        diagnostics.append(own);
        return Vec::new();
    };
    let index = header(&head, &mut report);
    let delimiter = head.delimiter;
    let mut reader = Reader { file, text, sources, delimiter, names, index, diagnostics: own };
    let minutes = reader.records(&head, seen);
    let mut own = reader.diagnostics;
    if minutes.is_empty() && !own.has_errors() {
        own.add(
            Code::NoRows,
            Place::File(file),
            "the file has a header and no rows",
            "write one row for each minute, model and scope",
        );
    }
    diagnostics.append(own);
    minutes
}

/// Where each column stands. A missing column is looked for among misspelt names alone: the synonyms of the workloads
/// are words for demand, and this table states measured use.
fn header(head: &Head<'_>, report: &mut dyn FnMut(Fault)) -> Vec<Option<usize>> {
    let mut columns = Columns::find(&head.names, &COLUMNS, report);
    let required = COLUMNS.iter().zip(&columns.index).take(THROTTLED);
    let missing: Vec<&str> = required.filter(|(_, at)| at.is_none()).map(|(name, _)| *name).collect();
    let header = Header { names: &head.names, start: head.start, delimiter: head.delimiter, format: None };
    let add = |open: &[&str]| {
        let all = format!("the columns are {}", COLUMNS.join(","));
        if open.is_empty() { Vec::new() } else { vec![all] }
    };
    columns.judge(header, &COLUMNS, &missing, add, report);
    columns.index
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    sources: &'a Sources,
    delimiter: u8,
    names: &'a Names<'a>,
    /// The field of each of [`COLUMNS`].
    index: Vec<Option<usize>>,
    diagnostics: Diagnostics,
}

impl Reader<'_> {
    fn records(&mut self, head: &Head<'_>, seen: &mut Seen) -> Vec<Minute> {
        let shape = Shape { delimiter: head.delimiter, width: Some(head.names.len()), is_by_hand: true };
        let quoted = memchr::memchr(b'"', self.text.as_bytes()).is_some();
        let mut records = Records::new(self.text, head.body..self.text.len(), shape, quoted);
        let mut minutes = Vec::new();
        let file = self.file;
        while let Some(record) = records.next(|at, fault| {
            let (message, help) = fault.words();
            self.diagnostics.at(fault.code(), Span { file, start: at.start, end: at.end }, message, help);
        }) {
            let Some(minute) = self.minute(&record) else { continue };
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
            let message = format!("{} of this model and scope appears twice", minute.at);
            (message, "add the two rows up, or remove one")
        } else {
            let first = place_words(self.sources, first);
            let message =
                format!("{} of this model and scope is in two files; the other place is {first}", minute.at);
            (message, "remove one of the two rows, or leave one of the two files out")
        };
        self.diagnostics.at(Code::DuplicateName, minute.span, message, help);
    }

    /// A cell's text, trimmed; empty where the column is absent.
    fn get<'r>(&self, record: &Record<'r>, column: usize) -> &'r str {
        let cell = self.index[column].and_then(|index| record.cells.get(index)).unwrap_or_default();
        table::text_of(table::trimmed(cell))
    }

    fn span(&self, record: &Record<'_>, column: usize) -> Span {
        let start = record.start();
        let here = Span { file: self.file, start, end: start };
        let cell = self.index[column]
            .and_then(|index| table::span(self.file, self.text, start, self.delimiter, index));
        cell.unwrap_or(here)
    }

    fn minute(&mut self, record: &Record<'_>) -> Option<Minute> {
        let at = self.time(record);
        let place = self.place(record);
        let requests = self.count(record, 3);
        let input_tokens = self.count(record, 4);
        let cache_read = self.count(record, 5);
        let cache_write_tokens = self.count(record, 6);
        let output_tokens = self.count(record, 7);
        let settled_tokens = self.count(record, 8);
        let throttled_requests = match self.get(record, THROTTLED) {
            "" => Some(None),
            _ => self.count(record, THROTTLED).map(Some),
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
            span: self.span(record, TIME),
        })
    }

    fn time(&mut self, record: &Record<'_>) -> Option<Timestamp> {
        // A required column that is missing has been reported once.
        self.index[TIME]?;
        let written = self.get(record, TIME);
        let whole = |at: &Timestamp| at.as_second() % 60 == 0 && at.subsec_nanosecond() == 0;
        let at = written.parse::<Timestamp>().ok().filter(whole);
        if at.is_none() {
            let message = format!("`minute` is not the start of a minute: `{written}`");
            let help = "write it in UTC, for example 2026-11-22T14:05Z";
            self.diagnostics.at(Code::BadValue, self.span(record, TIME), message, help);
        }
        at
    }

    fn place(&mut self, record: &Record<'_>) -> Option<(Named, Scope)> {
        let (written, scope) = (self.get(record, MODEL), self.get(record, SCOPE));
        let named = self.named(record, written);
        let typed = scope.to_ascii_lowercase().parse::<Scope>().ok();
        if typed.is_none() && !scope.is_empty() {
            let message = format!("`{scope}` is not a scope");
            self.diagnostics.at(
                Code::UnknownScope,
                self.span(record, SCOPE),
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
                    self.span(record, SCOPE),
                    message,
                    "correct one of the two",
                );
                None
            }
            (Some(scope), _) | (None, Some(scope)) => Some((named, scope)),
            (None, None) => {
                self.index[SCOPE]?;
                let help = "write us, global, ca or in-region";
                self.diagnostics.at(
                    Code::MissingScope,
                    self.span(record, SCOPE),
                    "the row has no scope",
                    help,
                );
                None
            }
        }
    }

    /// The model of a row; a column that is missing has been reported once.
    fn named(&mut self, record: &Record<'_>, written: &str) -> Option<Named> {
        self.index[MODEL]?;
        match self.names.find(written) {
            Ok(named) => Some(named),
            Err(fault) => {
                let (code, message, help) = naming_fault(written, &fault, Some(self.names.catalog));
                self.diagnostics.at(code, self.span(record, MODEL), message, help);
                None
            }
        }
    }

    /// A whole number.
    fn count(&mut self, record: &Record<'_>, column: usize) -> Option<u64> {
        self.index[column]?;
        let written = self.get(record, column);
        if written.is_empty() {
            let message = format!("`{}` is empty", COLUMNS[column]);
            let help = "write a whole number, or 0 if there were none";
            self.diagnostics.at(Code::MissingValue, self.span(record, column), message, help);
            return None;
        }
        let parsed = parse_millionths(written);
        if parsed.is_ok() && self.delimiter == b';' && looks_grouped(written.as_bytes()) {
            let (message, help) = grouped_words(COLUMNS[column], written);
            self.diagnostics.at(Code::AmbiguousNumber, self.span(record, column), message, help);
        }
        let fault = match parsed {
            Ok(value) if value % MILLIONTHS == 0 => return Some(value / MILLIONTHS),
            Ok(_) => NumberFault::NotWhole,
            Err(fault) => fault,
        };
        let message = format!("`{}` {}: `{written}`", COLUMNS[column], fault.reason());
        self.diagnostics.at(Code::BadNumber, self.span(record, column), message, fault.remedy());
        None
    }
}
