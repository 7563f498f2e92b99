//! Laws of sampling: statistics against the definition, cells that change alone, and texts that stay inside.

use std::sync::OnceLock;

use proptest::prelude::*;
use quotaplan::answers::CallUsage;
use quotaplan::catalog::{self, Catalog};
use quotaplan::render::{Colour, diagnostic};
use quotaplan::sampling::{self, Reply, Statistics};
use quotaplan::saved;
use quotaplan::text::{Diagnostics, Sources, decode};
use quotaplan::workload::{self, Column, ReadOptions};

use super::cases;

fn table() -> &'static Catalog {
    static TABLE: OnceLock<Catalog> = OnceLock::new();
    TABLE.get_or_init(|| {
        catalog::load(&mut Sources::new(), None, &mut Diagnostics::new()).expect("the table is valid")
    })
}

fn values() -> impl Strategy<Value = Vec<u64>> {
    prop_oneof![
        prop::collection::vec(0_u64..60_000, 1..60),
        prop::collection::vec(0_u64..=1_000_000_000_000, 1..10),
    ]
}

proptest! {
    #![proptest_config(cases(300))]

    /// A mean rounded up is less than a millionth above the exact one; a percentile is the smallest value that
    /// so many do not exceed.
    #[test]
    fn statistics_are_what_they_are_called(inputs in values()) {
        let replies: Vec<Reply> = inputs
            .iter()
            .map(|&input_tokens| Reply::Usage(CallUsage { input_tokens, output_tokens: input_tokens / 3, ..CallUsage::default() }))
            .collect();
        let statistics = Statistics::from_replies(&replies).expect("small enough");
        let count = inputs.len() as u128;
        let sum: u128 = inputs.iter().map(|value| u128::from(*value) * 1_000_000).sum();
        let mean = u128::from(statistics.input.mean.millionths());
        prop_assert!(mean * count >= sum && (mean * count) - sum < count);
        for (percent, found) in [(50, statistics.input.p50), (95, statistics.input.p95), (100, statistics.input.maximum)] {
            let found = found.millionths() / 1_000_000;
            let not_above = inputs.iter().filter(|value| **value <= found).count();
            let below = inputs.iter().filter(|value| **value < found).count();
            prop_assert!(inputs.contains(&found));
            prop_assert!(not_above * 100 >= percent * inputs.len() && below * 100 < percent * inputs.len());
        }
        let long = inputs.iter().filter(|value| **value > 25_000).count() as u128;
        let share = u128::from(statistics.share_over_25k.millionths());
        prop_assert!(share * count >= long * 1_000_000 && share * count - long * 1_000_000 < count);
    }
}

/// A cell as it stands in a file: what is before the value, the value, what is behind it.
#[derive(Debug, Clone)]
struct Cell(String, String, String);

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..5000).prop_map(|number| number.to_string()),
        (0_u32..5000, 0_u32..1000).prop_map(|(whole, rest)| format!("{whole}.{rest:03}5")),
    ]
}

/// A value with blanks or quotes around it.
fn around(value: String) -> impl Strategy<Value = Cell> {
    prop::sample::select(vec![("", ""), (" ", "  "), ("\"", "\""), ("\" ", "\""), ("\"", " \" ")]).prop_map(
        move |(before, behind)| {
            // Into an empty cell a number goes behind its blanks.
            let blanks = if value.is_empty() { behind.len() - behind.trim_start().len() } else { 0 };
            let (blanks, behind) = behind.split_at(blanks);
            Cell(format!("{before}{blanks}"), value.clone(), behind.to_owned())
        },
    )
}

const FIGURES: [Column; 8] = [
    Column::InputTokens,
    Column::OutputTokens,
    Column::CacheReadTokens,
    Column::CacheWriteTokens,
    Column::LatencySeconds,
    Column::InputTokensP95,
    Column::OutputTokensP95,
    Column::ShareOver25k,
];

/// A file in pieces: mark, head, header, lines between rows, rows, and how they are put together.
#[derive(Debug, Clone)]
struct File {
    mark: bool,
    delimiter: char,
    ends: Vec<&'static str>,
    between: Vec<String>,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    last_end: bool,
}

impl File {
    /// The file's bytes.
    fn text(&self) -> String {
        let mut ends = self.ends.iter().cycle();
        let mut end = || *ends.next().expect("there is one");
        let mut text = String::from(if self.mark { "\u{feff}" } else { "" });
        text.push_str(&self.columns.join(&self.delimiter.to_string()));
        for (at, row) in self.rows.iter().enumerate() {
            text.push_str(end());
            if let Some(line) = self.between.get(at) {
                text.push_str(line);
                text.push_str(end());
            }
            let cells: Vec<String> =
                row.iter().map(|Cell(before, value, behind)| format!("{before}{value}{behind}")).collect();
            text.push_str(&cells.join(&self.delimiter.to_string()));
        }
        if self.last_end {
            text.push_str(end());
        }
        text
    }
}

fn cell_of(column: &str, row: usize) -> BoxedStrategy<Cell> {
    let value = match column {
        "workload" => Just(format!("row {row}")).boxed(),
        "model" => Just("haiku-4.5".to_owned()).boxed(),
        "scope" => Just("us".to_owned()).boxed(),
        "requests_per_minute" => Just("10".to_owned()).boxed(),
        "note" => prop::sample::select(vec!["", "é", "a b"]).prop_map(str::to_owned).boxed(),
        "share_over_25k" => prop::sample::select(vec!["", "0", "0.5"]).prop_map(str::to_owned).boxed(),
        "input_tokens" | "output_tokens" => number().boxed(),
        _ => prop_oneof![Just(String::new()), number()].boxed(),
    };
    value.prop_flat_map(around).boxed()
}

fn file() -> impl Strategy<Value = File> {
    let optional = prop::sample::subsequence(
        vec![
            "cache_read_tokens",
            "cache_write_tokens",
            "latency_seconds",
            "input_tokens_p95",
            "output_tokens_p95",
            "share_over_25k",
            "note",
        ],
        0..=7,
    );
    optional
        .prop_flat_map(|optional| {
            let mut columns =
                vec!["workload", "model", "scope", "requests_per_minute", "input_tokens", "output_tokens"];
            columns.extend(optional);
            Just(columns).prop_shuffle()
        })
        .prop_flat_map(|columns| {
            let rows: Vec<_> = (0..4_usize)
                .map(|row| columns.iter().map(|column| cell_of(column, row)).collect::<Vec<_>>())
                .collect();
            let delimiters = prop::sample::select(vec![',', ';', '\t']);
            let ends = prop::collection::vec(prop::sample::select(vec!["\n", "\r\n"]), 1..4);
            let between = prop::sample::select(vec!["# a comment; with, all\tof \"them", "", "#"]);
            let between = prop::collection::vec(between.prop_map(str::to_owned), 0..4);
            let columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
            (any::<bool>(), delimiters, ends, between, Just(columns), rows, any::<bool>())
        })
        .prop_map(|(mark, delimiter, ends, between, columns, rows, last_end)| File {
            mark,
            delimiter,
            ends,
            between,
            columns,
            rows,
            last_end,
        })
}

proptest! {
    #![proptest_config(cases(300))]

    /// Cells that are set hold the new number, and every other byte of the file is what it was.
    #[test]
    fn set_cells_change_alone(
        file in file(),
        row in 0_usize..4,
        set in prop::sample::subsequence(FIGURES.to_vec(), 1..=8),
        figures in prop::collection::vec(number(), 8),
    ) {
        let cells: Vec<(Column, String)> = set
            .into_iter()
            .zip(figures)
            .map(|(column, figure)| (column, if column == Column::ShareOver25k { "0.25".to_owned() } else { figure }))
            .collect();
        let mut sources = Sources::new();
        let catalog = table();
        let text = file.text();
        let mut read = |bytes: Vec<u8>| {
            let mut diagnostics = Diagnostics::new();
            let file = decode(&mut sources, "w.csv", bytes, &mut diagnostics).expect("UTF-8");
            let set = workload::parse(&sources, file, catalog, &ReadOptions::default(), &mut diagnostics);
            set.ok_or_else(|| format!("{:?}", diagnostics.into_sorted()))
        };
        let rows = read(text.clone().into_bytes()).map_err(TestCaseError::fail)?;
        let rewrite = rows.rewrite(&sources, &rows.rows()[row], &cells);
        let bytes = rewrite.apply(text.as_bytes());
        let mut expected = file;
        let mut missing = Vec::new();
        for (column, figure) in &cells {
            match expected.columns.iter().position(|name| name == column.name()) {
                Some(index) => expected.rows[row][index].1.clone_from(figure),
                None => missing.push(*column),
            }
        }
        prop_assert_eq!(String::from_utf8(bytes.clone()).expect("UTF-8"), expected.text());
        prop_assert_eq!(&rewrite.missing, &missing);
        let mut sources = Sources::new();
        let catalog = table();
        let mut diagnostics = Diagnostics::new();
        let again = decode(&mut sources, "w.csv", bytes, &mut diagnostics).expect("UTF-8");
        let again = workload::parse(&sources, again, catalog, &ReadOptions::default(), &mut diagnostics).expect("valid");
        for (column, figure) in cells.iter().filter(|(column, _)| !missing.contains(column)) {
            let span = again.cell(&sources, &again.rows()[row], *column).expect("the column is there");
            prop_assert_eq!(sources.text(span), figure.as_str());
        }
    }
}

/// Prompts and answers in which every text is the mark.
const MARKED: [&str; 6] = [
    "{\"prompt\":\"KUMQUAT KUMQUAT\",\"system\":\"KUMQUAT\",\"max_tokens\":5}\n",
    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"KUMQUAT\"},{\"cachePoint\":{\"type\":\"default\"}}]}],\"inferenceConfig\":{\"maxTokens\":9}}\r\n",
    "{\"text\":\"KUMQUAT\"}\n",
    "{\"output\":{\"message\":{\"content\":[{\"text\":\"KUMQUAT\"}]}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":5,\"outputTokens\":6}}\n",
    "[{\"inputTokens\":42,\"KUMQUAT\":\"KUMQUAT\"}]",
    "\"KUMQUAT\" KUMQUAT",
];

proptest! {
    #![proptest_config(cases(400))]

    /// Whatever is wrong with a file of texts, what is said of it shows none of them.
    #[test]
    fn no_diagnostic_shows_a_text(
        lines in prop::collection::vec(prop::sample::select(MARKED.to_vec()), 1..6),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, prop::sample::select(vec!["", "\"", "{", "}", "[", "]", ",", ":", "\\", "7", "\u{0}", "é"])), 0..6),
        embedding in any::<bool>(),
    ) {
        let mut bytes = lines.concat().into_bytes();
        for (at, cut, insert) in cuts {
            let at = at.index(bytes.len());
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, insert.bytes());
        }
        let mut sources = Sources::new();
        let catalog = table();
        let name = if embedding { "embed-v4" } else { "haiku-4.5" };
        let model = catalog.model(catalog.find(name).expect("a model").model);
        let mut diagnostics = Diagnostics::new();
        let file = decode(&mut sources, "texts", bytes, &mut diagnostics);
        if let Some(file) = file {
            sources.conceal(file);
            sampling::parse(&sources, file, model, &mut diagnostics);
            saved::usages(&sources, file, &mut diagnostics);
        }
        let said = diagnostic::render(&diagnostics.into_sorted(), &sources, 0, Colour::Off);
        prop_assert!(!said.contains("UMQ"), "{}", said);
    }
}
