//! A table for a terminal, laid out part by part: a long one is not held.
//!
//! How wide a column becomes depends on all of its cells. A table of one row stands for them: each of its
//! cells holds a line of every shape that the column has. Its widths are those of the whole table.

use std::collections::BTreeSet;
use std::io;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};
use unicode_width::UnicodeWidthStr;

use super::shared::{Colour, Digits};
use super::{View, cell};
use crate::report::words::language;
use crate::report::{Cell, Column, Flag, Holds, Rows};
use crate::text::plain::{one_line, without_bracket_commands};

/// How narrow the first and the last column may become. The first is kept in one piece up to this width, since names
/// read badly in pieces; the last holds running words.
const LOWEST: (u16, u16) = (30, 15);

/// The same where numbers are so long that the words give way.
const LOWEST_BESIDE_LONG_NUMBERS: (u16, u16) = (1, 1);

/// Narrowest first column in which names can be read: below it columns are left out instead.
const LEGIBLE: u16 = 30;

/// The same of the last column.
const LEGIBLE_LAST: u16 = 10;

/// Rows laid out at once.
const PART: usize = 64;

/// Where columns meet in a border from which widths are read.
const MEET: char = '┬';

/// A thin line under the titles, and no other.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A line without anything between rows, for tables whose cells have several lines.
const BLANK: LineStyle = LineStyle::none().fill(' ').junction(' ');

/// Blanks between two columns, beside the one that always stands there.
const GAP: u16 = 1;

/// Gives the lines of a table at most as wide as the view, a part at a time. Columns of numbers are never wrapped;
/// the others share what is left. Where that is not enough, columns are left out in their order.
pub(super) fn each_part(
    columns: &[Column],
    rows: &Rows<'_, Cell>,
    view: View,
    mut take: impl FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let (width, digits) = (view.width, view.digits());
    let shapes = Shapes::read(columns, rows, digits);
    let mut layout = Layout { columns: columns.iter().copied().enumerate().collect(), width, digits };
    let mut left_out = Vec::new();
    let widths = loop {
        let mut widths = layout.widths(&shapes, LOWEST);
        let mut reads_well = true;
        if widths.as_ref().is_some_and(|widths| total(widths) > width) {
            widths = layout.widths(&shapes, LOWEST_BESIDE_LONG_NUMBERS);
            reads_well = widths.as_ref().is_none_or(|widths| layout.reads_well(widths, &shapes));
        }
        match if reads_well { None } else { layout.drop_one() } {
            Some(column) => left_out.push(column.title),
            None => break widths,
        }
    };
    let Some(widths) = widths else {
        return take(&layout.at_once(rows, &shapes, view.colour));
    };
    let mut rows = rows.iter();
    let mut is_first = true;
    loop {
        let part: Vec<_> = rows.by_ref().take(PART).collect();
        if part.is_empty() && !is_first {
            let left_out: Vec<_> = left_out.iter().map(|title| title.replace('\n', " ")).collect();
            return if left_out.is_empty() {
                Ok(())
            } else {
                take(&(textwrap::fill(&language().left_out_columns(&left_out), width) + "\n"))
            };
        }
        let mut table = layout.empty();
        if is_first {
            table.set_header(layout.titles());
        } else if shapes.has_several_lines {
            take("\n")?;
        }
        if shapes.has_several_lines {
            table.style_mut().row_separator = BLANK;
        }
        table.add_rows(part.iter().map(|row| layout.cells(row)));
        let padding = layout.padding();
        for ((column, width), padding) in table.column_iter_mut().zip(&widths).zip(padding) {
            column.set_padding(padding);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(*width)));
        }
        take(&layout.finished(table.lines(), view.colour))?;
        is_first = false;
    }
}

/// Columns of text, and the blanks between them.
fn total(widths: &[u16]) -> usize {
    widths.iter().copied().map(usize::from).sum::<usize>() + widths.len().saturating_sub(1)
}

fn aligned(text: String, column: Column) -> comfy_table::Cell {
    let alignment = if column.holds_numbers() { CellAlignment::Right } else { CellAlignment::Left };
    comfy_table::Cell::new(text).set_alignment(alignment)
}

/// The columns that are shown, each with its place in a row, and how wide they may be together.
struct Layout {
    columns: Vec<(usize, Column)>,
    width: usize,
    digits: Digits,
}

impl Layout {
    /// Leaves out the column whose turn it is; `None` where all others stay.
    fn drop_one(&mut self) -> Option<Column> {
        let next = self.columns.iter().filter_map(|(place, column)| Some((column.drop_order?, *place))).max();
        let at = self.columns.iter().position(|(place, _)| next.is_some_and(|(_, next)| next == *place))?;
        Some(self.columns.remove(at).1)
    }

    /// The place of the column of names: the first that holds no flags.
    fn names(&self) -> usize {
        names(self.columns.iter().map(|(_, column)| column))
    }

    /// Blanks before and behind the cells of each column.
    fn padding(&self) -> impl Iterator<Item = (u16, u16)> {
        let last = self.columns.len().saturating_sub(1);
        let columns = self.columns.iter().enumerate();
        columns.map(move |(index, (_, column))| {
            (0, if index == last || column.holds == Holds::Flags { 0 } else { GAP })
        })
    }

    /// Whether a table of these widths fits and its words are not cut into bits.
    fn reads_well(&self, widths: &[u16], shapes: &Shapes) -> bool {
        let is_words =
            |column: Option<&(usize, Column)>| column.is_some_and(|(_, column)| column.holds == Holds::Words);
        let names = self.names();
        let name = !is_words(self.columns.get(names))
            || widths.get(names).is_some_and(|width| *width >= shapes.widest_name.min(LEGIBLE) + GAP);
        let last =
            !is_words(self.columns.last()) || widths.last().is_some_and(|width| *width >= LEGIBLE_LAST);
        total(widths) <= self.width && name && last
    }

    /// Lines without blanks at their ends, painted by the flag that they begin with.
    fn finished(&self, lines: impl Iterator<Item = String>, colour: Colour) -> String {
        let has_flags = self.columns.first().is_some_and(|(_, column)| column.holds == Holds::Flags);
        let mut out = String::new();
        for line in lines {
            let line = line.trim_end();
            let begins_with = |flag: &Flag| has_flags && line.starts_with(flag.sign());
            let flag = [Flag::Bad, Flag::Unknown, Flag::Near].into_iter().find(begins_with);
            match flag {
                Some(flag) => out.push_str(&colour.flag(flag, line)),
                None => out.push_str(line),
            }
            out.push('\n');
        }
        out
    }

    fn empty(&self) -> Table {
        let mut table = Table::new();
        table.load_style(STYLE);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.width).unwrap_or(u16::MAX));
        table
    }

    fn titles(&self) -> Vec<comfy_table::Cell> {
        self.columns.iter().map(|(_, column)| aligned(column.title.to_owned(), *column)).collect()
    }

    fn cells(&self, row: &[Cell]) -> Vec<comfy_table::Cell> {
        let cell = |(place, column): &(usize, Column)| {
            let text = row.get(*place).map(|cell| cell::text(cell, self.digits)).unwrap_or_default();
            let lines: Vec<_> = text.split('\n').map(uncommanding).collect();
            aligned(lines.join("\n"), *column)
        };
        self.columns.iter().map(cell).collect()
    }

    /// Sets what columns may be: a first and a last column of words at least so wide, numbers in one piece.
    fn constrain(&self, table: &mut Table, (first, last): (u16, u16)) {
        let end = self.columns.len().saturating_sub(1);
        let columns = table.column_iter_mut().zip(&self.columns).zip(self.padding());
        for (index, ((column, (_, shown)), padding)) in columns.enumerate() {
            column.set_padding(padding);
            if shown.holds != Holds::Words {
                column.set_constraint(ColumnConstraint::ContentWidth);
            } else if index == self.names() {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(first.max(1) + GAP)));
            } else if index == end {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(last)));
            }
        }
    }

    /// The widths of the whole table; `None` where a cell has a line that is wider than its column, as a wide
    /// character is that has one column.
    fn widths(&self, shapes: &Shapes, (first, last): (u16, u16)) -> Option<Vec<u16>> {
        let mut table = self.empty();
        table.style_mut().top_border = LineStyle::none().fill('─').junction(MEET);
        table.set_header(self.titles());
        let shapes_of = |(place, _): &(usize, Column)| shapes.lines.get(*place);
        if self.columns.iter().filter_map(shapes_of).any(|lines| !lines.is_empty()) {
            let cell = |lines: &BTreeSet<String>| lines.iter().cloned().collect::<Vec<_>>().join("\n");
            let cells = self.columns.iter().map(|column| shapes_of(column).map(cell).unwrap_or_default());
            table.add_row(cells.map(comfy_table::Cell::new));
        }
        self.constrain(&mut table, (shapes.widest_name.min(first), last));
        let mut lines = table.lines();
        let border = lines.next()?;
        let parts = border.split(MEET).map(|part| u16::try_from(part.chars().count()).ok());
        let widths: Vec<u16> = parts.collect::<Option<_>>()?;
        lines.all(|line| line.width() == total(&widths)).then_some(widths)
    }

    /// The whole table, its first and its last column at least so wide.
    fn laid_out(&self, rows: &Rows<'_, Cell>, shapes: &Shapes, (first, last): (u16, u16)) -> String {
        let mut table = self.empty();
        if shapes.has_several_lines {
            table.style_mut().row_separator = BLANK;
        }
        table.set_header(self.titles());
        table.add_rows(rows.iter().map(|row| self.cells(&row)));
        self.constrain(&mut table, (shapes.widest_name.min(first), last));
        table.to_string()
    }

    fn fits(&self, text: &str) -> bool {
        text.lines().all(|line| line.width() <= self.width)
    }

    /// The whole table.
    fn at_once(&self, rows: &Rows<'_, Cell>, shapes: &Shapes, colour: Colour) -> String {
        let mut text = self.laid_out(rows, shapes, LOWEST);
        if !self.fits(&text) {
            text = self.laid_out(rows, shapes, LOWEST_BESIDE_LONG_NUMBERS);
        }
        self.finished(text.lines().map(str::to_owned), colour)
    }
}

/// The place of the first column that holds no flags.
fn names<'c>(mut columns: impl Iterator<Item = &'c Column>) -> usize {
    columns.position(|column| column.holds != Holds::Flags).unwrap_or(0)
}

/// What decides how wide the columns become.
struct Shapes {
    /// By column, lines that are broken as the lines of its cells are.
    lines: Vec<BTreeSet<String>>,
    /// Of the lines of the column of names.
    widest_name: u16,
    /// Whether a cell has several lines, so that rows must be told apart.
    has_several_lines: bool,
}

impl Shapes {
    fn read(columns: &[Column], rows: &Rows<'_, Cell>, digits: Digits) -> Self {
        let names = names(columns.iter());
        let mut lines = vec![BTreeSet::new(); columns.len()];
        let mut widest = 0;
        let mut has_several_lines = false;
        for row in rows {
            for (place, (lines, cell)) in lines.iter_mut().zip(row.iter()).enumerate() {
                let text = cell::text(cell, digits);
                if place == names {
                    widest = widest.max(text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0));
                }
                has_several_lines |= text.contains('\n');
                for line in text.split('\n') {
                    let shape = shape(uncommanding(line));
                    if !lines.contains(&shape) {
                        lines.insert(shape);
                    }
                }
            }
        }
        Self { lines, widest_name: u16::try_from(widest).unwrap_or(u16::MAX), has_several_lines }
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

#[cfg(test)]
mod tests {
    use super::super::View;
    use super::each_part;
    use crate::report::{Cell, Column, Mark, Rows};
    use crate::units::QuotaAmount;

    fn lines(width: usize) -> Vec<String> {
        let columns = [
            Column::words("Quota"),
            Column::numbers("Mean").dropped(2),
            Column::numbers("Peak").dropped(1),
            Column::numbers("Required"),
            Column::words("What to do"),
        ];
        let amount = |amount| QuotaAmount::new(amount).map_or(Cell::Mark(Mark::Unknown), Cell::Exact);
        let row = vec![
            Cell::from("Claude Haiku 4.5 us"),
            amount(3_109_345),
            amount(5_194_470),
            amount(6_233_364),
            Cell::from("ask for 6,300,000"),
        ];
        let rows: Rows<'_, Cell> = [row].into_iter().collect();
        let mut text = String::new();
        let view = View { width, ..View::default() };
        let written = each_part(&columns, &rows, view, |part| {
            text.push_str(part);
            Ok(())
        });
        assert!(written.is_ok());
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn columns_are_left_out_in_their_order_where_it_is_narrow() {
        let titles = |width| lines(width)[0].split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(titles(100), ["Quota", "Mean", "Peak", "Required", "What", "to", "do"]);
        assert_eq!(titles(80)[..3], ["Quota", "Mean", "Peak"]);
        assert_eq!(titles(60)[..3], ["Quota", "Peak", "Required"]);
        assert_eq!(titles(50)[..2], ["Quota", "Required"]);
        assert_eq!(titles(40)[..2], ["Quota", "Required"]);
        let below = lines(40).into_iter().skip_while(|line| !line.starts_with("Columns")).collect::<Vec<_>>();
        assert_eq!(below.join(" "), "Columns left out because the table would be too wide: Mean, Peak.");
        assert!(!lines(80).concat().contains("left out"));
        for width in [100, 60, 50, 42] {
            let wide: Vec<_> = lines(width).into_iter().filter(|line| line.chars().count() > width).collect();
            assert!(wide.is_empty(), "{width}: {wide:?}");
        }
    }

    #[test]
    fn a_number_is_never_broken() {
        for width in 12..100 {
            assert!(lines(width).concat().contains("6,233,364"), "{width}");
        }
    }
}
