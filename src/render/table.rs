//! A table for a terminal, at most 100 columns, laid out part by part: a long one is not held.
//!
//! How wide a column becomes depends on all of its cells. A table of one row stands for them: each of its
//! cells holds a line of every shape that the column has. Its widths are those of the whole table.

use std::collections::BTreeSet;
use std::io;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::UnicodeWidthStr;

use super::WIDTH;
use crate::report::Rows;
use crate::text::plain::{one_line, without_bracket_commands};

/// Widest first column that is kept in one piece.
const NAME_WIDTH: u16 = 30;

/// Narrowest last column, which holds running words.
const LAST_WIDTH: u16 = 15;

/// Rows laid out at once.
const PART: usize = 64;

/// Where columns meet in a border from which widths are read.
const MEET: char = '┬';

/// Titles, each with whether its cells are aligned to the right.
type Columns = [(&'static str, bool)];

/// Gives the lines of a table, a part at a time. Columns of numbers are never wrapped; the others share what is left.
pub(super) fn each_part(
    columns: &Columns,
    rows: &Rows<'_>,
    mut take: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let shapes = Shapes::of(columns, rows);
    let mut widths = shapes.widths(columns, (NAME_WIDTH, LAST_WIDTH));
    // With very long numbers the words give way.
    if widths.as_ref().is_some_and(|widths| total(widths) > WIDTH) {
        widths = shapes.widths(columns, (1, 1));
    }
    let Some(widths) = widths else {
        return take(&at_once(columns, rows, shapes.widest_name));
    };
    let mut rows = rows.iter();
    let mut is_first = true;
    loop {
        let part: Vec<_> = rows.by_ref().take(PART).collect();
        if part.is_empty() && !is_first {
            return Ok(());
        }
        let mut table = empty();
        if is_first {
            table.set_header(titles(columns));
        }
        table.add_rows(part.iter().map(|row| cells(columns, row)));
        for (column, width) in table.column_iter_mut().zip(&widths) {
            column.set_padding((0, 0));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(*width)));
        }
        // The border under a part is the line between two rows, so the next part begins without one.
        take(&trimmed(table.lines().skip(usize::from(!is_first))))?;
        is_first = false;
    }
}

/// Columns of text, and the blanks between them.
fn total(widths: &[u16]) -> usize {
    widths.iter().copied().map(usize::from).sum::<usize>() + widths.len().saturating_sub(1)
}

fn empty() -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(WIDTH).unwrap_or(u16::MAX));
    table
}

fn aligned(text: String, right: bool) -> Cell {
    Cell::new(text).set_alignment(if right { CellAlignment::Right } else { CellAlignment::Left })
}

fn titles(columns: &Columns) -> Vec<Cell> {
    columns.iter().map(|(title, right)| aligned((*title).to_owned(), *right)).collect()
}

fn cells(columns: &Columns, row: &[String]) -> Vec<Cell> {
    let texts = row.iter().map(String::as_str).chain(std::iter::repeat(""));
    let cells = columns.iter().zip(texts).map(|((_, right), text)| {
        let lines: Vec<_> = text.split('\n').map(uncommanding).collect();
        aligned(lines.join("\n"), *right)
    });
    cells.collect()
}

fn trimmed(lines: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Sets what columns may be: a first and a last column of words at least so wide, numbers in one piece.
fn constrain(table: &mut Table, columns: &Columns, (first, last): (u16, u16)) {
    let end = columns.len().saturating_sub(1);
    for (index, (column, (_, right))) in table.column_iter_mut().zip(columns).enumerate() {
        column.set_padding((0, 0));
        if *right {
            column.set_constraint(ColumnConstraint::ContentWidth);
        } else if index == 0 {
            // The first column names the row, and names read badly in pieces.
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(first.max(1))));
        } else if index == end {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(last)));
        }
    }
}

/// The whole table.
fn at_once(columns: &Columns, rows: &Rows<'_>, widest_name: u16) -> String {
    let laid_out = |(first, last): (u16, u16)| {
        let mut table = empty();
        table.set_header(titles(columns));
        table.add_rows(rows.iter().map(|row| cells(columns, &row)));
        constrain(&mut table, columns, (widest_name.min(first), last));
        table.to_string()
    };
    let mut text = laid_out((NAME_WIDTH, LAST_WIDTH));
    if text.lines().any(|line| line.width() > WIDTH) {
        text = laid_out((1, 1));
    }
    trimmed(text.lines().map(str::to_owned))
}

/// What decides how wide the columns become.
struct Shapes {
    /// By column, lines that are broken as the lines of its cells are.
    lines: Vec<BTreeSet<String>>,
    /// Of the lines of the first column.
    widest_name: u16,
}

impl Shapes {
    fn of(columns: &Columns, rows: &Rows<'_>) -> Self {
        let mut lines = vec![BTreeSet::new(); columns.len()];
        let mut widest = 0;
        for row in rows {
            let names = row.first().into_iter().flat_map(|cell| cell.lines());
            widest = widest.max(names.map(UnicodeWidthStr::width).max().unwrap_or(0));
            for (lines, cell) in lines.iter_mut().zip(row.iter()) {
                for line in cell.split('\n') {
                    let shape = shape(uncommanding(line));
                    if !lines.contains(&shape) {
                        lines.insert(shape);
                    }
                }
            }
        }
        Self { lines, widest_name: u16::try_from(widest).unwrap_or(u16::MAX) }
    }

    /// The widths of the whole table; `None` where a cell has a line that is wider than its column, as a wide
    /// character is that has one column.
    fn widths(&self, columns: &Columns, (first, last): (u16, u16)) -> Option<Vec<u16>> {
        let mut table = empty();
        table.style_mut().top_border.junction = Some(MEET);
        table.set_header(titles(columns));
        if self.lines.iter().any(|lines| !lines.is_empty()) {
            let cell = |lines: &BTreeSet<String>| lines.iter().cloned().collect::<Vec<_>>().join("\n");
            table.add_row(self.lines.iter().map(|lines| Cell::new(cell(lines))));
        }
        constrain(&mut table, columns, (self.widest_name.min(first), last));
        let mut lines = table.lines();
        let border = lines.next()?;
        let parts = border.split(MEET).map(|part| u16::try_from(part.chars().count()).ok());
        let widths: Vec<u16> = parts.collect::<Option<_>>()?;
        lines.all(|line| line.width() == total(&widths)).then_some(widths)
    }
}

/// A line that is broken where another is: letters that are one column wide are all alike. A line with other
/// characters stands for itself.
fn shape(line: String) -> String {
    let is_narrow = |c: char| matches!(c, '!'..='~' | 'À'..='ɏ' | '…' | '≥');
    if !line.chars().all(|c| c == ' ' || is_narrow(c)) {
        return line;
    }
    line.chars().map(|c| if c == ' ' { ' ' } else { 'x' }).collect()
}

/// A line in which no bracket makes a command to a runner: before it is laid out, since the
/// backslash takes room.
pub(super) fn uncommanding(line: &str) -> String {
    without_bracket_commands(&one_line(line)).into_owned()
}
