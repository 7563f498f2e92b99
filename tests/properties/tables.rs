//! A table that is laid out part by part is the one that comfy-table makes of all rows at once.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};
use proptest::prelude::*;
use quotaplan::render::{View, write_text};
use quotaplan::report::{Block, Column};
use quotaplan::text::plain::{one_line, without_bracket_commands, without_commands};
use unicode_width::UnicodeWidthStr;

use super::cases;

/// Titles, each with whether its cells are aligned to the right.
type Columns = Vec<(&'static str, bool)>;

/// All rows in one table, with at least these widths for its first and last column of words.
fn laid_out(columns: &Columns, rows: &[Vec<String>], first: u16, last: u16) -> String {
    let mut table = Table::new();
    let mut style = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    if rows.iter().flatten().any(|cell| cell.contains('\n')) {
        // Rows of several lines are told apart by an empty one.
        style = style.row_separator(LineStyle::none().fill(' ').junction(' '));
    }
    table.load_style(style);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(100);
    let cell = |text: &str, right: bool| {
        let lines: Vec<_> =
            text.split('\n').map(|line| without_bracket_commands(&one_line(line)).into_owned()).collect();
        Cell::new(lines.join("\n")).set_alignment(if right {
            CellAlignment::Right
        } else {
            CellAlignment::Left
        })
    };
    table.set_header(columns.iter().map(|(title, right)| cell(title, *right)));
    for row in rows {
        table.add_row(row.iter().zip(columns).map(|(text, (_, right))| cell(text, *right)));
    }
    let names = rows.iter().flat_map(|row| row[0].lines()).map(UnicodeWidthStr::width).max().unwrap_or(0);
    let first = u16::try_from(names).unwrap().min(first).max(1);
    for (index, (_, right)) in columns.iter().enumerate() {
        let column = table.column_mut(index).unwrap();
        let is_last = index + 1 == columns.len();
        column.set_padding((0, u16::from(!is_last)));
        if *right {
            column.set_constraint(ColumnConstraint::ContentWidth);
        } else if index == 0 {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(first + 1)));
        } else if is_last {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(last)));
        }
    }
    table.to_string()
}

/// The table as it was made when it was held whole.
fn at_once(columns: &Columns, rows: &[Vec<String>]) -> String {
    let mut text = laid_out(columns, rows, 30, 15);
    if text.lines().any(|line| line.width() > View::WIDTH) {
        text = laid_out(columns, rows, 1, 1);
    }
    let lines = text.lines().map(|line| line.trim_end().to_owned() + "\n");
    without_commands(&lines.collect::<String>())
}

fn in_parts(columns: &Columns, rows: &[Vec<String>]) -> String {
    let typed = columns.iter().map(|(title, right)| match right {
        true => Column::numbers(title),
        false => Column::words(title),
    });
    let table = Block::Table { columns: typed.collect(), rows: rows.to_vec().into() };
    let mut bytes = Vec::new();
    write_text(&[table], View::default(), &mut bytes).expect("it renders");
    String::from_utf8(bytes).expect("text")
}

/// Words that are broken in different ways: long ones, wide ones, those with marks, and none.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{1,9}",
        3 => "[0-9,.]{1,14}",
        2 => "[A-Za-z0-9./:-]{20,60}",
        1 => "[a-z]{90,130}",
        1 => "[à-öŁ-ž…≥]{1,12}",
        1 => "[表計算量枠]{1,30}",
        1 => "[😀🇨🇦e\u{301}ก็ﷺ가]{1,8}",
        1 => "[\t\u{202e}\u{7}]{1,3}",
        1 => Just("##[group]".to_owned()),
        1 => Just("::warning".to_owned()),
        1 => Just(String::new()),
    ]
}

fn cell() -> impl Strategy<Value = String> {
    let line = prop::collection::vec(word(), 0..5).prop_map(|words| words.join(" "));
    prop_oneof![
        3 => word(),
        2 => prop::collection::vec(line, 1..4).prop_map(|lines| lines.join("\n")),
    ]
}

fn columns() -> impl Strategy<Value = Columns> {
    let title =
        prop::sample::select(vec!["", "Quota", "US dollars\na month", "What the row is called", "Why"]);
    prop::collection::vec((title, prop::bool::weighted(0.3)), 1..7)
}

/// Rows of a few cells that are drawn again and again, so that many rows cost little.
fn tables() -> impl Strategy<Value = (Columns, Vec<Vec<String>>)> {
    let count = prop_oneof![2 => 0_usize..6, 1 => 60_usize..70, 1 => 126_usize..140];
    (columns(), prop::collection::vec(cell(), 1..12), count).prop_flat_map(|(columns, cells, count)| {
        let row = prop::collection::vec(prop::sample::select(cells), columns.len());
        (Just(columns), prop::collection::vec(row, count))
    })
}

proptest! {
    #![proptest_config(cases(50))]

    #[test]
    fn a_table_in_parts_is_the_one_made_at_once((columns, rows) in tables()) {
        prop_assert_eq!(in_parts(&columns, &rows), at_once(&columns, &rows));
    }
}

#[test]
fn a_wide_character_in_a_column_of_one_is_where_it_was() {
    // Seven columns of words beside a number that leaves them no room.
    let mut columns: Columns = vec![("a", false); 7];
    columns.push(("n", true));
    let row = |text: &str, number: usize| {
        let mut row = vec![text.to_owned(); 7];
        row.push("9".repeat(number));
        row
    };
    for number in [80, 86, 92, 120] {
        let rows: Vec<_> = (0..70).map(|n| row(if n == 66 { "表計算" } else { "abc" }, number)).collect();
        assert_eq!(in_parts(&columns, &rows), at_once(&columns, &rows), "{number}");
    }
}

#[test]
fn rows_follow_each_other_without_lines_between_them() {
    let columns: Columns = vec![("Name", false), ("Count", true)];
    for count in [0, 1, 63, 64, 65, 128] {
        let rows: Vec<_> = (0..count).map(|n| vec![format!("row {n}"), n.to_string()]).collect();
        let text = in_parts(&columns, &rows);
        assert_eq!(text, at_once(&columns, &rows));
        assert_eq!(text.lines().count(), 2 + count, "{text}");
    }
}
