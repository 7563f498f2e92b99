//! The same demand written another way is the same demand.

use proptest::prelude::*;

use super::cases;
use super::facts::MODELS;
use super::rows::{COLUMNS, Decimal, Row, csv, rows};
use super::settings::{Settings, plan, settings};
use super::summary::{json, quotas_alone, summary};

/// A row as two rows of the same requests; `part` thousandths are in the first.
pub(super) fn halves(row: &Row, part: u64) -> [Row; 2] {
    let share = |whole: u64| whole / 1_000 * part + whole % 1_000 * part / 1_000;
    let rate = share(row.rate.0);
    // The excess over the mean is shared apart, so that neither peak is below its mean.
    let peak = row.peak.map(|peak| rate + share(peak.0 - row.rate.0));
    let first = Row { rate: Decimal(rate), peak: peak.map(Decimal), ..row.clone() };
    let second = Row {
        name: format!("{} too", row.name),
        rate: Decimal(row.rate.0 - rate),
        peak: row.peak.zip(peak).map(|(all, first)| Decimal(all.0 - first)),
        ..row.clone()
    };
    [first, second]
}

/// The same cells in another layout.
fn written(rows: &[Row], order: &[usize], delimiter: char, blanks: &str, between: &str) -> String {
    let line = |cells: &[String]| {
        let cells = order.iter().map(|&column| {
            let cell = &cells[column];
            match cell.contains([',', ';']) || cell.len().is_multiple_of(3) {
                true => format!("\"{blanks}{cell}{blanks}\""),
                false => format!("{blanks}{cell}{blanks}"),
            }
        });
        cells.collect::<Vec<_>>().join(&delimiter.to_string())
    };
    let header: Vec<String> = order.iter().map(|&column| COLUMNS[column].to_owned()).collect();
    let mut text = format!("{between}{}", header.join(&delimiter.to_string()));
    for row in rows {
        text += &format!("\n{between}{}", line(&row.cells()));
    }
    text
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn the_order_of_rows_never_matters(
        (rows, other) in rows(&MODELS, 2..=6).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        settings in settings(),
    ) {
        let (one, other) = (plan(&csv(&rows), &settings), plan(&csv(&other), &settings));
        prop_assert_eq!(summary(&one), summary(&other));
    }

    #[test]
    fn a_row_in_two_halves_is_the_same_demand(
        rows in rows(&MODELS, 1..=4), at in any::<prop::sample::Index>(), part in 0_u64..=1_000, settings in settings(),
    ) {
        let at = at.index(rows.len());
        let mut split = rows.clone();
        split.splice(at..=at, halves(&rows[at], part));
        let (whole, split) = (plan(&csv(&rows), &settings), plan(&csv(&split), &settings));
        prop_assert_eq!(quotas_alone(&whole), quotas_alone(&split));
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_change_nothing(rows in rows(&MODELS, 1..=4), settings in settings()) {
        let text = csv(&rows);
        let wanted = json(&plan(&text, &settings));
        let marked = format!("\u{feff}{text}");
        for other in [text.replace('\n', "\r\n"), marked.replace('\n', "\r\n"), marked, text.trim_end().to_owned()] {
            prop_assert_eq!(&json(&plan(&other, &settings)), &wanted);
        }
    }

    #[test]
    fn layout_changes_nothing(
        rows in rows(&MODELS, 1..=4),
        order in Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle(),
        delimiter in prop::sample::select(vec![',', ';', '\t']),
        blanks in prop::sample::select(vec!["", " "]),
        between in prop::sample::select(vec!["", "\n\n", "# a comment, with \"a quote\n", "#\n  \n"]),
    ) {
        let settings = Settings::default();
        // A blank before a quote would be text outside the quotes; inside it is trimmed.
        let other = written(&rows, &order, delimiter, blanks, between);
        let (one, other) = (plan(&csv(&rows), &settings), plan(&other, &settings));
        prop_assert_eq!(summary(&one), summary(&other));
    }
}
