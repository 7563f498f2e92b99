//! The one front end of CSV files, for every room that reads one: what stands in front of the header, the delimiter,
//! the names of the columns, the records, and where each cell stands. [`head`] finds the header, [`columns`] gives its
//! names a meaning, [`records`] walks the rows.
//!
//! A text is a whole file, or a block of one that ends where a record ends; offsets count from its start, so the same
//! code reads a file that is held in memory and one that is read in blocks. Nothing here knows what a column means, and
//! nothing is reported here: faults go to the room, which knows the file. Rooms that know a format of somebody else
//! recognise it by its names before they judge the header.
//!
//! The CSV reader's line numbers are wrong under CRLF, behind blank lines and behind quoted line ends. Its byte offset
//! is right, so the fields of a record are found again from there where one of them has to be pointed at.

pub(crate) mod columns;
pub(crate) mod head;
pub(crate) mod records;

use std::ops::Range;

use super::{Code, Diagnostic, FileId, Place, Span};

/// What is wrong with a header: where, and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: Range<usize>,
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Fault {
    fn new(at: Range<usize>, code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, code, message: message.into(), help: help.into() }
    }

    /// The diagnostic of it in a file that is held whole; its words are not cut.
    pub(crate) fn in_file(self, file: FileId) -> Diagnostic {
        let Self { at, code, message, help } = self;
        let place = Place::Span(Span { file, start: at.start, end: at.end });
        Diagnostic { code, severity: code.severity(), message, help, place }
    }
}

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

/// The span of one field of a record of a file, without surrounding blanks and quotes.
pub(crate) fn span(file: FileId, text: &str, record: usize, delimiter: u8, index: usize) -> Option<Span> {
    let field = fields(text, record, delimiter).get(index).map(|field| trimmed_range(text, *field))?;
    Some(Span { file, start: field.start, end: field.end })
}

/// A field's place without surrounding blanks and, where it is quoted, quotes.
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

/// A cell without the blanks around it, those beyond ASCII included.
pub(crate) fn trimmed(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    let is_ascii = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii);
    if is_ascii(cell.first()) && is_ascii(cell.last()) {
        return cell;
    }
    std::str::from_utf8(cell).map_or(cell, |text| text.trim().as_bytes())
}

/// The text of a cell: a table is UTF-8 as a whole, and its cells end at ASCII characters.
pub(crate) fn text_of(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or_default()
}

/// Whether a number has the form `1.200`: in a file with `;` as delimiter the point may be one of
/// thousands.
pub(crate) fn looks_grouped(bytes: &[u8]) -> bool {
    let at = bytes.iter().position(|byte| *byte == b'.');
    at.is_some_and(|at| (1..=3).contains(&at) && bytes.len() == at + 4 && bytes[0] != b'0')
}

/// What is said of such a number in a column, and what to do.
pub(crate) fn grouped_words(column: &str, written: &str) -> (String, String) {
    let value = written.trim_end_matches('0').trim_end_matches('.');
    let message = format!("`{column}` is read as {value}: `{written}`");
    (message, format!("if thousands are meant, write {}", written.replace('.', "")))
}
