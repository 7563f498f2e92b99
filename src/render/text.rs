//! Text for a terminal: tables and wrapped sentences, at most 100 columns.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::UnicodeWidthStr;

use super::{Colour, WIDTH};
use crate::report::{Block, Entry, Note, View};
use crate::text::plain::{one_line, without_bracket_commands};

pub(super) fn render(view: &View, colour: Colour) -> String {
    let mut out = String::new();
    for block in &view.blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading(text) => {
                let mut wrapped = String::new();
                wrap(&mut wrapped, &one_line(text), "", "");
                wrapped.lines().for_each(|line| out.push_str(&(colour.paint("1", line) + "\n")));
            }
            Block::Paragraph(text) => wrap(&mut out, &one_line(text), "", ""),
            Block::Table { columns, rows } => table(&mut out, columns, rows),
            Block::Entries(entries) => entries_of(&mut out, entries),
            Block::Verbatim(text) => text.lines().for_each(|line| out.push_str(&(uncommanding(line) + "\n"))),
            Block::Notes(notes) => notes.iter().for_each(|note| self::note(&mut out, note, colour)),
        }
    }
    out
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

/// A line in which no bracket makes a command to a runner: before it is laid out, since the
/// backslash takes room.
fn uncommanding(line: &str) -> String {
    without_bracket_commands(&one_line(line)).into_owned()
}

/// Widest first column that is kept in one piece.
const NAME_WIDTH: u16 = 30;

/// Narrowest last column, which holds running words.
const LAST_WIDTH: u16 = 15;

/// Columns of numbers are never wrapped; the others share what is left.
fn table(out: &mut String, columns: &[(&'static str, bool)], rows: &[Vec<String>]) {
    let mut text = laid_out(columns, rows, (NAME_WIDTH, LAST_WIDTH));
    // With very long numbers the words give way.
    if text.lines().any(|line| line.width() > WIDTH) {
        text = laid_out(columns, rows, (1, 1));
    }
    for line in text.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// The table with at least these widths for its first and last column of words.
fn laid_out(columns: &[(&'static str, bool)], rows: &[Vec<String>], (first, last): (u16, u16)) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(WIDTH).unwrap_or(u16::MAX));
    let aligned = |text: String, right: bool| {
        Cell::new(text).set_alignment(if right { CellAlignment::Right } else { CellAlignment::Left })
    };
    let titles = columns.iter();
    table.set_header(titles.map(|(title, right)| aligned((*title).to_owned(), *right)));
    for row in rows {
        let cells = row.iter().zip(columns).map(|(text, (_, right))| {
            let lines: Vec<_> = text.split('\n').map(uncommanding).collect();
            aligned(lines.join("\n"), *right)
        });
        table.add_row(cells);
    }
    let first_cells = rows.iter().filter_map(|row| row.first());
    let widest = first_cells.flat_map(|cell| cell.lines()).map(UnicodeWidthStr::width).max();
    let names = u16::try_from(widest.unwrap_or(0)).unwrap_or(u16::MAX).min(first);
    let end = columns.len().saturating_sub(1);
    for (index, (column, (_, right))) in table.column_iter_mut().zip(columns).enumerate() {
        column.set_padding((0, 0));
        if *right {
            column.set_constraint(ColumnConstraint::ContentWidth);
        } else if index == 0 {
            // The first column names the row, and names read badly in pieces.
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(names.max(1))));
        } else if index == end {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(last)));
        }
    }
    table.to_string()
}

fn entries_of(out: &mut String, entries: &[Entry]) {
    let labels = entries.iter().map(|entry| entry.label.width()).max().unwrap_or(0).min(30);
    let indent = " ".repeat(labels + 4);
    for entry in entries {
        let pad = " ".repeat(labels.saturating_sub(entry.label.width()));
        let first = format!("  {}{pad}  ", one_line(&entry.label));
        wrap(out, &one_line(&entry.value), &first, &indent);
        for note in &entry.notes {
            wrap(out, &one_line(note), &format!("{indent}- "), &format!("{indent}  "));
        }
    }
}

fn note(out: &mut String, note: &Note, colour: Colour) {
    let label = format!("{}[{}]", note.severity.as_str(), note.code);
    let place = if note.place.is_empty() { String::new() } else { format!(" {}", one_line(&note.place)) };
    out.push_str(&format!("{}{place}\n", colour.severity(note.severity, &label)));
    wrap(out, &one_line(&note.text), "  ", "  ");
    if !note.help.is_empty() {
        wrap(out, &one_line(&note.help), "  > ", "    ");
    }
}
