//! Text for a terminal: tables and wrapped sentences, at most 100 columns.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::chart;
use super::table::{self, uncommanding};
use super::{Colour, WIDTH};
use crate::report::{BlockOf, Entry, Note};
use crate::text::plain::{one_line, without_bracket_commands, without_commands};

pub(super) fn write(blocks: &[BlockOf<'_>], colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let mut is_begun = false;
    for block in blocks {
        if is_begun {
            out.write_all(b"\n")?;
        }
        // Whole lines, each of them for itself no command.
        let mut take = |lines: &str| {
            is_begun |= !lines.is_empty();
            out.write_all(without_commands(lines).as_bytes())
        };
        match block {
            BlockOf::Heading(text) => {
                let mut wrapped = String::new();
                wrap(&mut wrapped, &one_line(text), "", "");
                wrapped.lines().try_for_each(|line| take(&(colour.paint("1", line) + "\n")))?;
            }
            BlockOf::Paragraph(text) => {
                let mut wrapped = String::new();
                wrap(&mut wrapped, &one_line(text), "", "");
                take(&wrapped)?;
            }
            BlockOf::Table { columns, rows } => table::each_part(columns, rows, WIDTH, take)?,
            BlockOf::Chart(chart) => {
                chart::lines(chart).iter().try_for_each(|line| take(&(uncommanding(line) + "\n")))?;
            }
            BlockOf::Entries(entries) => take(&entries_of(entries))?,
            BlockOf::Verbatim(text) => {
                text.lines().try_for_each(|line| take(&(uncommanding(line) + "\n")))?;
            }
            BlockOf::Notes(notes) => {
                notes.iter().try_for_each(|note| take(&self::note(note, colour)))?;
            }
        }
    }
    Ok(())
}

/// Writes wrapped text with an indent for its first and for its other lines.
fn wrap(out: &mut String, text: &str, first: &str, others: &str) {
    // A path or a command is not broken inside: it would no longer work when copied.
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(first)
        .subsequent_indent(others)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    for line in textwrap::wrap(&without_bracket_commands(text), options) {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn entries_of(entries: &[Entry]) -> String {
    let mut out = String::new();
    let labels = entries.iter().map(|entry| entry.label.width()).max().unwrap_or(0).min(30);
    let indent = " ".repeat(labels + 4);
    for entry in entries {
        let pad = " ".repeat(labels.saturating_sub(entry.label.width()));
        let first = format!("  {}{pad}  ", one_line(&entry.label));
        wrap(&mut out, &one_line(&entry.value), &first, &indent);
        for note in &entry.notes {
            wrap(&mut out, &one_line(note), &format!("{indent}- "), &format!("{indent}  "));
        }
    }
    out
}

fn note(note: &Note, colour: Colour) -> String {
    let label = format!("{}[{}]", note.severity.as_str(), note.code);
    let place = if note.place.is_empty() { String::new() } else { format!(" {}", one_line(&note.place)) };
    let mut out = format!("{}{place}\n", colour.severity(note.severity, &label));
    wrap(&mut out, &one_line(&note.text), "  ", "  ");
    if !note.help.is_empty() {
        wrap(&mut out, &one_line(&note.help), "  > ", "    ");
    }
    out
}
