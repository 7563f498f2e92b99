//! The head of the file: its delimiter and its header record.

use super::cell::{self, Quoting};
use super::columns::{self, Column, Header};
use super::synonyms;
use crate::text::{Code, Diagnostics, FileId, Place, SourceFile, Span};

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
    source: &SourceFile,
    delimiter: Option<u8>,
    strict: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Head> {
    let text = source.text();
    let mut start = record(text, 0);
    let mut delimiter = delimiter;
    if let Some(separator) = Separator::read(text, start) {
        let own = separator.delimiter.filter(|own| DELIMITERS.contains(own));
        if own.is_none() && delimiter.is_none() {
            let span = Span { file, start, end: separator.end };
            let help = "write sep=, or sep=; or sep= and a tab, or delete the line";
            diagnostics.at(Code::BadChoice, span, "`sep=` must name a comma, a semicolon or a tab", help);
            return None;
        }
        delimiter = delimiter.or(own);
        start = record(text, separator.end);
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
    if is_json(&text[start..]) {
        let span = Span { file, start, end: start };
        let help = "write a CSV file of workloads; `quotaplan simulate FILE` replays a log";
        diagnostics.at(Code::MissingColumn, span, "this is JSON, not CSV", help);
        return None;
    }
    if let Some(header) = below_a_title(text, start, delimiter) {
        let line = |at: usize| source.position(at).line;
        let (title, found) = (line(start), line(header));
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |n| start + n);
        let above = match found - 1 {
            last if last == title => format!("line {title}"),
            last => format!("lines {title} to {last}"),
        };
        diagnostics.at(
            Code::MissingColumn,
            Span { file, start, end },
            format!("a title stands above the header, which is on line {found}"),
            format!("delete {above}, or write # before each of them"),
        );
        start = header;
    }
    let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(&text[start..]));
    let fields = cell::fields(text, start, delimiter);
    let body = fields.last().map_or(text.len(), |field| field.end);
    let other = sniff_delimiter(&text[start..body]);
    if fields.len() == 1 && other != delimiter && score(text, start, other) > 1 {
        let span = Span { file, start, end: body };
        let message = format!("the header is not divided by {}", name_of(delimiter));
        let help = format!("it is divided by {0}: add --delimiter {0}", name_of(other));
        diagnostics.at(Code::MissingColumn, span, message, help);
        return None;
    }
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
    Some(Head { header: Header::read(&names, at, (delimiter, strict), diagnostics), delimiter, start, body })
}

/// Whether a text is an object or an array of JSON, or begins as one; `[name]` may be a column.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let in_array = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || in_array.is_some_and(|rest| rest.starts_with(['{', '[', ']', '"']))
}

/// Delimiters that are read.
const DELIMITERS: [u8; 3] = *b",;\t";

/// The word of a delimiter on the command line.
fn name_of(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolon",
        b'\t' => "tab",
        _ => "comma",
    }
}

/// The start of the record at or after `from`: comments, and lines of blanks alone, are passed over.
fn record(text: &str, from: usize) -> usize {
    let mut start = cell::record_start(text.as_bytes(), from);
    while text[start..].starts_with([' ', '\t']) {
        let line = text[start..].find(['\n', '\r']).map_or(text.len(), |n| start + n);
        if !text[start..line].trim().is_empty() {
            break;
        }
        start = cell::record_start(text.as_bytes(), line);
    }
    start
}

/// Excel's line `sep=;`, which names the delimiter of the lines below it.
struct Separator {
    /// `None` where it names none, or several.
    delimiter: Option<u8>,
    /// The end of the line.
    end: usize,
}

impl Separator {
    fn read(text: &str, start: usize) -> Option<Self> {
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |n| start + n);
        let line = text[start..end].trim_matches(['"', ' ']);
        let rest = line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).and(line.get(4..))?;
        // A program that saved the file again puts a delimiter behind each cell there might be.
        let rest = rest.trim_start_matches(' ');
        let first = rest.bytes().next();
        let delimiter = first.filter(|first| rest.bytes().all(|b| b == *first || matches!(b, b'"' | b' ')));
        Some(Self { delimiter, end })
    }
}

/// Records below the first among which the header is looked for.
const TITLES: usize = 20;

/// How many names more than the first record's make a later one the header.
const NAMES: usize = 3;

/// Where the header starts, when what stands at `start` is a title above it.
fn below_a_title(text: &str, start: usize, delimiter: Option<u8>) -> Option<usize> {
    let of = |at: usize| {
        let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(&text[at..]));
        (score(text, at, delimiter), cell::fields(text, at, delimiter).last().map_or(text.len(), |f| f.end))
    };
    let (own, mut end) = of(start);
    for _ in 0..TITLES {
        let at = record(text, end);
        if at >= text.len() {
            return None;
        }
        let (names, next) = of(at);
        if names >= own + NAMES {
            return Some(at);
        }
        end = next;
    }
    None
}

/// How many columns the cells of a record name; 0 where one of them is a number, as in a row.
fn score(text: &str, start: usize, delimiter: u8) -> usize {
    let mut found: Vec<Column> = Vec::new();
    for field in cell::fields(text, start, delimiter) {
        let name = text.get(cell::trimmed_range(text, field)).unwrap_or_default();
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_' | '%' | '-');
        if !name.is_empty() && name.chars().all(is_number) {
            return 0;
        }
        found.extend(columns::own(name).or_else(|| synonyms::meant(name).map(|meant| meant.column)));
    }
    found.sort_unstable();
    found.dedup();
    found.len()
}
