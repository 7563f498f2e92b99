//! Numbers whose point may be one of thousands, beside `;`: a trace, a table of minutes and a plan say the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quotaplan::minutes::{self, Evidence};
use quotaplan::text::{Code, Diagnostics, SourceFile, Sources};
use quotaplan::trace::{self, ReadOptions};
use quotaplan::workload;

use super::table;
use crate::properties::cases;

/// What is said of a number that may be ambiguous: message, help, line and column.
type Said = Vec<(String, String, usize, usize)>;

fn said(sources: &Sources, diagnostics: Diagnostics) -> Said {
    let sorted = diagnostics.into_sorted();
    let ambiguous = sorted.into_iter().filter(|found| found.code == Code::AmbiguousNumber);
    ambiguous
        .map(|found| {
            let quotaplan::text::Place::Span(span) = found.place else { panic!("it has a place") };
            let (_, position) = sources.locate(span).expect("a place");
            (found.message, found.help, position.line, position.column)
        })
        .collect()
}

fn of_trace(text: &str) -> Said {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    trace::read("t", text.as_bytes(), table(), &ReadOptions::default(), &mut sources, &mut diagnostics);
    said(&sources, diagnostics)
}

fn of_minutes(text: &str) -> Said {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add(SourceFile::new("minutes.csv", text.to_owned()));
    minutes::parse(&sources, &[Evidence { file, of: None }], table(), &BTreeMap::new(), &mut diagnostics);
    said(&sources, diagnostics)
}

fn of_plan(text: &str) -> Said {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add(SourceFile::new("workloads.csv", text.to_owned()));
    workload::parse(&sources, file, table(), &workload::ReadOptions::default(), &mut diagnostics);
    said(&sources, diagnostics)
}

/// A row of each kind with this number of input tokens.
fn rows(number: &str, delimiter: char) -> [String; 3] {
    let with = |header: &str, row: &str| format!("{header}\n{row}\n").replace(';', &delimiter.to_string());
    [
        with(
            "timestamp;model;scope;input_tokens;output_tokens",
            &format!("2026-10-05 14:00:01;haiku-4.5;us;{number};100"),
        ),
        with(
            "minute;model;scope;requests;input_tokens;cache_read_tokens;cache_write_tokens;output_tokens;settled_tokens",
            &format!("2026-10-05T14:00Z;haiku-4.5;us;1;{number};0;0;0;1"),
        ),
        with(
            "workload;model;scope;requests_per_minute;input_tokens;output_tokens",
            &format!("w;haiku-4.5;us;1;{number};100"),
        ),
    ]
}

#[test]
fn every_column_of_numbers_is_looked_at() {
    let header = "timestamp;model;scope;input_tokens;output_tokens;cache_read_tokens;cache_write_tokens;max_tokens;latency_seconds";
    let columns = |text: &str| of_trace(text).into_iter().map(|(.., column)| column).collect::<Vec<_>>();
    let row = "12.000;haiku-4.5;us;1.000;2.000;3.000;4.000;5.000;6.500";
    assert_eq!(columns(&format!("{header}\r\n{row}\r\n")), [1, 21, 27, 33, 39, 45, 51]);
    // The point of a name or a date is none of a number.
    let fine = "2026-10-05T14:00:01.000;haiku-4.5;us;1000;2.0;3.0000;0.000;1000.000;0.500";
    assert_eq!(columns(&format!("{header}\n{fine}\n")), [0_usize; 0]);
    // Beside a fault it is said too, as in a plan.
    assert_eq!(columns(&format!("{header}\n1;haiku-4.5;us;1.234;many;0;0;;\n")), [16]);
    let minute = "2026-10-05T14:00Z;haiku-4.5;us;1.000;2.000;3.000;4.000;5.000;6.000;7.000\n";
    let header = "minute;model;scope;requests;input_tokens;cache_read_tokens;cache_write_tokens;output_tokens;settled_tokens;throttled_requests";
    assert_eq!(of_minutes(&format!("{header}\n{minute}")).len(), 7);
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn a_trace_and_minutes_say_what_a_plan_says(
        number in "[0-9]{1,4}(\\.[0-9]{1,4})?",
        delimiter in prop::sample::select(vec![';', ',', '\t']),
    ) {
        let [trace, minutes, plan] = rows(&number, delimiter);
        let words = |said: Said| said.into_iter().map(|(message, help, ..)| (message, help)).collect::<Vec<_>>();
        let of_plan = words(of_plan(&plan));
        prop_assert_eq!(words(of_trace(&trace)), &of_plan[..]);
        prop_assert_eq!(words(of_minutes(&minutes)), &of_plan[..]);
        let (whole, decimals) = number.split_once('.').unwrap_or((&number, ""));
        let is_grouped = whole.len() <= 3 && !whole.starts_with('0') && decimals.len() == 3 && delimiter == ';';
        prop_assert_eq!(of_plan.len(), usize::from(is_grouped));
    }
}
