//! A cell of a CSV: one line, and nothing that a spreadsheet takes for a formula, whichever delimiter it reads by.

use super::{one_line, without_commands};

/// What begins a formula, also in the full-width forms that spreadsheets of East Asia read alike.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The text of a cell, before it is quoted.
///
/// An apostrophe stands before each character that begins a formula, at the start of the cell and behind each
/// `,`, `;` and `|` in it, since a program that reads by another delimiter starts a cell there. A number with a
/// sign stays a number.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let line = without_commands(&one_line(text));
    let mut out = String::with_capacity(line.len());
    for part in line.split_inclusive([',', ';', '|']) {
        let content = part.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        let (before, content) = part.split_at(part.len() - content.len());
        out.push_str(before);
        if content.starts_with(FORMULA) && !is_number(content.trim_end_matches([',', ';', '|', ' '])) {
            out.push('\'');
        }
        out.push_str(content);
    }
    out
}

fn is_number(text: &str) -> bool {
    let digits = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    text.strip_prefix(['+', '-']).is_some_and(digits)
}
