//! The head of a file of workloads: its delimiter and its header record.

use super::foreign_names;
use super::header::{self, Header};
use crate::text::table::Fault;
use crate::text::table::head::{self, Room};
use crate::text::{Code, Diagnostics, FileId, Place, SourceFile, Span};

/// The header, and where the rows begin.
pub(super) struct Head {
    pub(super) header: Header,
    pub(super) delimiter: u8,
    pub(super) start: usize,
    pub(super) body: usize,
}

/// Reads delimiter and header; `None`, reported, where there is no header.
pub(super) fn head(
    file: FileId,
    source: &SourceFile,
    delimiter: Option<u8>,
    strict: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Head> {
    let text = source.text();
    let mut report = |Fault { at, code, message, help }: Fault| {
        diagnostics.at(code, Span { file, start: at.start, end: at.end }, message, help);
    };
    let start = match head::start(text, delimiter) {
        Ok(start) => start,
        Err(fault) => {
            report(fault);
            return None;
        }
    };
    if start.at >= text.len() {
        diagnostics.add(
            Code::EmptyFile,
            Place::File(file),
            "the file has no header",
            "write a header row and one row for each workload; `quotaplan init` writes an example",
        );
        return None;
    }
    if is_json(&text[start.at..]) {
        let span = Span { file, start: start.at, end: start.at };
        let help = "write a CSV file of workloads; `quotaplan simulate FILE` replays a log";
        diagnostics.at(Code::MissingColumn, span, "this is JSON, not CSV", help);
        return None;
    }
    let column = |name: &str| {
        let column = header::own(name).or_else(|| foreign_names::meant(name).map(|meant| meant.column));
        column.map(|column| column as usize)
    };
    let room = Room { column: &column, line: &|at| source.position(at).line, has_delimiter_option: true };
    let head = head::head(text, start, &room, &mut report)?;
    let header = Header::read(file, &head, strict, diagnostics);
    Some(Head { header, delimiter: head.delimiter, start: head.start, body: head.body })
}

/// Whether a text is an object or an array of JSON, or begins as one; `[name]` may be a column.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let in_array = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || in_array.is_some_and(|rest| rest.starts_with(['{', '[', ']', '"']))
}
