//! What stands above the rows: comments, Excel's `sep=` line, titles, and the header record with its delimiter.

use std::ops::Range;

use super::{Fault, Quoting, fields, record_start, trimmed_range};
use crate::text::Code;

/// Where the first record of a table starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// Its offset; the end of the text where there is none.
    pub(crate) at: usize,
    /// The delimiter as far as it is known: from the command line, or from a line `sep=`.
    pub(crate) delimiter: Option<u8>,
}

/// The header record.
#[derive(Debug)]
pub(crate) struct Head<'t> {
    pub(crate) delimiter: u8,
    /// Its offset.
    pub(crate) start: usize,
    /// The offset at which the rows start.
    pub(crate) body: usize,
    pub(crate) names: Vec<Name<'t>>,
}

/// A name in the header, without blanks and quotes around it.
#[derive(Debug, Clone)]
pub(crate) struct Name<'t> {
    pub(crate) text: &'t str,
    pub(crate) at: Range<usize>,
}

/// What a room knows of its tables.
pub(crate) struct Room<'r> {
    /// The number of the column that a name means, if it means any.
    pub(crate) column: &'r dyn Fn(&str) -> Option<usize>,
    /// The number of the line of an offset, from 1.
    pub(crate) line: &'r dyn Fn(usize) -> usize,
    /// Whether `--delimiter` is of these tables.
    pub(crate) has_delimiter_option: bool,
}

/// The delimiter a header line uses: `,`, `;` or tab, whichever stands in it most.
///
/// Quoted parts do not count; without any, a comma.
pub(crate) fn sniff_delimiter(header: &str) -> u8 {
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

/// Finds the first record, behind comments, blank lines and a line `sep=`.
///
/// # Errors
/// The line `sep=` names no delimiter, and nobody else does.
pub(crate) fn start(text: &str, delimiter: Option<u8>) -> Result<Start, Fault> {
    let at = record(text, 0);
    let Some(separator) = Separator::read(text, at) else {
        return Ok(Start { at, delimiter });
    };
    let own = separator.delimiter.filter(|own| DELIMITERS.contains(own));
    if own.is_none() && delimiter.is_none() {
        return Err(Fault::new(
            at..separator.end,
            Code::BadChoice,
            "`sep=` must name a comma, a semicolon or a tab",
            "write sep=, or sep=; or sep= and a tab, or delete the line",
        ));
    }
    Ok(Start { at: record(text, separator.end), delimiter: delimiter.or(own) })
}

/// Reads the header at the start, or below the titles that stand there; `None`, reported, where it has another
/// delimiter than the one that is named.
pub(crate) fn head<'t>(
    text: &'t str,
    Start { at: mut start, delimiter }: Start,
    room: &Room<'_>,
    report: &mut dyn FnMut(Fault),
) -> Option<Head<'t>> {
    if let Some(header) = below_a_title(text, start, delimiter, room) {
        let (title, found) = ((room.line)(start), (room.line)(header));
        let above = match found - 1 {
            last if last == title => format!("line {title}"),
            last => format!("lines {title} to {last}"),
        };
        report(Fault::new(
            start..line_end(text, start),
            Code::MissingColumn,
            format!("there is a title above the header, which is on line {found}"),
            format!("delete {above}, or put # at the start"),
        ));
        start = header;
    }
    let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(&text[start..]));
    let fields = fields(text, start, delimiter);
    let body = fields.last().map_or(text.len(), |field| field.end);
    let other = sniff_delimiter(&text[start..body]);
    if fields.len() == 1 && other != delimiter && score(text, start, other, room) > 1 {
        let other = name_of(other);
        let help = if room.has_delimiter_option {
            format!("its columns are separated by {other}: add --delimiter {other}")
        } else {
            format!("its columns are separated by {other}: delete the line `sep=`")
        };
        let message = format!("the columns of the header are not separated by {}", name_of(delimiter));
        report(Fault::new(start..body, Code::MissingColumn, message, help));
        return None;
    }
    let mut names = Vec::with_capacity(fields.len());
    for field in fields {
        let at = trimmed_range(text, field);
        let code = match field.quoting {
            Quoting::Fine => None,
            Quoting::Unclosed => Some(Code::UnclosedQuote),
            Quoting::Stray => Some(Code::StrayQuote),
        };
        if let Some(code) = code {
            let help = "write the name without quotes";
            report(Fault::new(at.clone(), code, "the quotes of a column name do not match", help));
        }
        names.push(Name { text: text[at.clone()].trim(), at });
    }
    Some(Head { delimiter, start, body, names })
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
    let mut start = record_start(text.as_bytes(), from);
    while text[start..].starts_with([' ', '\t']) {
        let line = line_end(text, start);
        if !text[start..line].trim().is_empty() {
            break;
        }
        start = record_start(text.as_bytes(), line);
    }
    start
}

fn line_end(text: &str, start: usize) -> usize {
    text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length)
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
        let end = line_end(text, start);
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
fn below_a_title(text: &str, start: usize, delimiter: Option<u8>, room: &Room<'_>) -> Option<usize> {
    let judge = |at: usize| {
        let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(&text[at..]));
        let end = fields(text, at, delimiter).last().map_or(text.len(), |field| field.end);
        (score(text, at, delimiter, room), end)
    };
    let (own, mut end) = judge(start);
    for _ in 0..TITLES {
        let at = record(text, end);
        if at >= text.len() {
            return None;
        }
        let (names, next) = judge(at);
        if names >= own + NAMES {
            return Some(at);
        }
        end = next;
    }
    None
}

/// How many columns the cells of a record name; 0 where one of them is a number, as in a row.
fn score(text: &str, start: usize, delimiter: u8, room: &Room<'_>) -> usize {
    let mut found: Vec<usize> = Vec::new();
    for field in fields(text, start, delimiter) {
        let name = text.get(trimmed_range(text, field)).unwrap_or_default();
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_' | '%' | '-');
        if !name.is_empty() && name.chars().all(is_number) {
            return 0;
        }
        found.extend((room.column)(name));
    }
    found.sort_unstable();
    found.dedup();
    found.len()
}
