//! The head of the file: its delimiter and its header record.

use super::cell::{self, Quoting};
use super::columns::Header;
use crate::text::{Code, Diagnostics, FileId, Place, Span};

/// The delimiter a header line uses: `,`, `;` or tab, whichever stands in it most.
///
/// Quoted parts do not count; without any, a comma.
#[must_use]
pub fn sniff_delimiter(header: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == byte);
                }
            }
        }
    }
    // `max_by_key` keeps the last of equals: the comma comes last.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

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
    text: &str,
    delimiter: Option<u8>,
    strict: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Head> {
    let mut start = cell::record_start(text.as_bytes(), 0);
    // A line of blanks alone is no header.
    while text[start..].starts_with([' ', '\t']) {
        let line = text[start..].find(['\n', '\r']).map_or(text.len(), |n| start + n);
        if !text[start..line].trim().is_empty() {
            break;
        }
        start = cell::record_start(text.as_bytes(), line);
    }
    if start >= text.len() {
        diagnostics.add(
            Code::EmptyFile,
            Place::File(file),
            "the file has no header",
            "write a header row and one row a workload; `quotaplan init` makes an example",
        );
        return None;
    }
    let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(&text[start..]));
    let fields = cell::fields(text, start, delimiter);
    let body = fields.last().map_or(text.len(), |field| field.end);
    let mut names = Vec::with_capacity(fields.len());
    for field in fields {
        let span = cell::trimmed(file, text, field);
        if field.quoting != Quoting::Fine {
            let code =
                if field.quoting == Quoting::Unclosed { Code::UnclosedQuote } else { Code::StrayQuote };
            diagnostics.at(
                code,
                span,
                "the quotes of a column name do not match",
                "write the name without quotes",
            );
        }
        names.push((text[span.start..span.end].trim().to_owned(), span));
    }
    let at = Span { file, start, end: start };
    Some(Head { header: Header::read(&names, at, strict, diagnostics), delimiter, start, body })
}
