//! Where the fields of a CSV record stand in the text.
//!
//! The CSV reader tells where a record starts, soundly only as a byte offset; this walk finds
//! its fields again when one of them has to be pointed at.

use std::ops::Range;

use crate::text::{FileId, Span};

/// A field's bytes, quotes included, and what is wrong with its quoting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoting: Quoting,
    /// Where the quoting goes wrong, or the start.
    pub(crate) fault: usize,
}

/// How a field is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// Not, or as it should be.
    Fine,
    /// It opens a quote that never closes.
    Unclosed,
    /// Text follows the closing quote, or a quote stands inside an unquoted field.
    Stray,
}

/// The fields of the record that starts at `start`.
pub(crate) fn fields(text: &str, start: usize, delimiter: u8) -> Vec<Field> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = start;
    loop {
        let field = field(bytes, at, delimiter);
        at = field.end;
        found.push(field);
        if bytes.get(at) != Some(&delimiter) {
            return found;
        }
        at += 1;
    }
}

fn field(bytes: &[u8], start: usize, delimiter: u8) -> Field {
    let ends = |b: u8| b == delimiter || b == b'\n' || b == b'\r';
    let until_end = |from: usize| {
        bytes.get(from..).unwrap_or_default().iter().position(|&b| ends(b)).map_or(bytes.len(), |n| from + n)
    };
    if bytes.get(start) != Some(&b'"') {
        let end = until_end(start);
        let quoting = if bytes[start.min(end)..end].contains(&b'"') { Quoting::Stray } else { Quoting::Fine };
        let fault = bytes[start.min(end)..end].iter().position(|b| *b == b'"').map_or(start, |n| start + n);
        return Field { start, end, quoting, fault };
    }
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None => {
                return Field { start, end: bytes.len(), quoting: Quoting::Unclosed, fault: start };
            }
            Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
            Some(b'"') => break,
            Some(_) => at += 1,
        }
    }
    let end = until_end(at + 1);
    let rest = &bytes[at + 1..end];
    let quoting = if rest.iter().all(|b| matches!(b, b' ' | b'\t')) { Quoting::Fine } else { Quoting::Stray };
    let stray = rest.iter().position(|b| !matches!(b, b' ' | b'\t')).map_or(start, |n| at + 1 + n);
    Field { start, end, quoting, fault: stray }
}

/// The span of one field of a record, without surrounding blanks and quotes.
pub(crate) fn span(file: FileId, text: &str, record: usize, delimiter: u8, index: usize) -> Option<Span> {
    fields(text, record, delimiter).get(index).map(|field| trimmed(file, text, *field))
}

/// A field's span without surrounding blanks and, where it is quoted, quotes.
pub(crate) fn trimmed(file: FileId, text: &str, field: Field) -> Span {
    let Range { start, end } = trimmed_range(text, field);
    Span { file, start, end }
}

/// The same, of a text that belongs to no file.
pub(crate) fn trimmed_range(text: &str, field: Field) -> Range<usize> {
    let raw = &text[field.start..field.end];
    let inner = raw.trim();
    let start = field.start + (raw.len() - raw.trim_start().len());
    let quoted = inner.len() >= 2 && inner.starts_with('"') && inner.ends_with('"');
    let (start, inner) = if quoted {
        let within = &inner[1..inner.len() - 1];
        (start + 1 + (within.len() - within.trim_start().len()), within.trim())
    } else {
        (start, inner)
    };
    start..start + inner.len()
}

/// The start of the record at or after `from`: line ends and comment lines are passed over.
pub(crate) fn record_start(bytes: &[u8], mut from: usize) -> usize {
    loop {
        match bytes.get(from) {
            Some(b'\n' | b'\r') => from += 1,
            Some(b'#') => {
                let rest = bytes.get(from..).unwrap_or_default();
                // As the CSV reader has it: a lone CR does not end a comment.
                from = rest.iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| from + n);
            }
            _ => return from,
        }
    }
}
