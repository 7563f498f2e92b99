//! Any bytes give a plan or diagnostics that point into the file, never a panic.

use proptest::prelude::*;
use quotaplan::catalog::{self, EMBEDDED};
use quotaplan::config;
use quotaplan::engine::Assumptions;
use quotaplan::render::{self, Colour};
use quotaplan::text::{Diagnostic, Diagnostics, FileId, Place, SourceFile, Sources, decode};
use quotaplan::workload::{Column, ReadOptions, parse};

use super::cases;
use super::facts::MODELS;
use super::rows::{csv, rows};
use super::settings::{Settings, settings, table, try_plan};
use super::summary::json;

/// A change to a file.
#[derive(Debug, Clone)]
enum Edit {
    Flip(prop::sample::Index, u8),
    Delete(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Copy(prop::sample::Index, prop::sample::Index, usize),
}

/// Pieces that mean something to one of the formats.
const PIECES: [&str; 36] = [
    ",",
    ";",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\"",
    "\"\"",
    "#",
    "=",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "'",
    "\"\"\"",
    ".",
    "-",
    "_",
    "0",
    "1e5",
    "1_000",
    "\u{feff}",
    "é",
    "日本",
    "🚀",
    "\u{0}",
    "workload",
    "model",
    "granted",
    "us",
    "unknown",
    "\u{202e}",
    "99999999999999999999999999",
];

fn pieces(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..=most)
        .prop_map(|parts| parts.concat().into_bytes())
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = any::<prop::sample::Index>;
    let edit = prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, bits)| Edit::Flip(at, bits)),
        (at(), 1_usize..20).prop_map(|(at, length)| Edit::Delete(at, length)),
        (at(), pieces(3)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (at(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (at(), at(), 1_usize..60).prop_map(|(from, to, length)| Edit::Copy(from, to, length)),
    ];
    prop::collection::vec(edit, 1..6)
}

fn edited(text: &str, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        // One past the end is a place too.
        let place = |at: &prop::sample::Index, bytes: &Vec<u8>| at.index(bytes.len() + 1);
        match edit {
            Edit::Flip(at, bits) => {
                let at = place(at, &bytes);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= bits;
                }
            }
            Edit::Delete(at, length) => {
                let at = place(at, &bytes);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Edit::Insert(at, new) => {
                let at = place(at, &bytes);
                bytes.splice(at..at, new.iter().copied());
            }
            Edit::Copy(from, to, length) => {
                let (from, to) = (place(from, &bytes), place(to, &bytes));
                let copy = bytes[from..(from + length).min(bytes.len())].to_vec();
                bytes.splice(to..to, copy);
            }
        }
    }
    bytes
}

/// A valid file with some changes, or bytes of any kind.
fn bytes(valid: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => (valid, edits()).prop_map(|(text, edits)| edited(&text, &edits)),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        2 => pieces(60),
    ]
}

/// A small valid model table: the head of the product's own, and its first model.
fn small_table() -> &'static str {
    static TABLE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    TABLE.get_or_init(|| {
        let mut models = EMBEDDED.match_indices("\n[[model]]\n").map(|(at, _)| at);
        let (first, second) = (models.next().unwrap(), models.next().unwrap());
        // Without the statements, some of which are about models that are left out.
        let (head, statements) =
            (EMBEDDED.find("schema = 1").unwrap(), EMBEDDED.find("\n[[statement]]\n").unwrap());
        format!("{}{}", &EMBEDDED[head..statements], &EMBEDDED[first..second])
    })
}

const CONFIGURATION: &str = r#"region = "ca-central-1"
account = "production"
timezone = "America/Toronto"
headroom = 0.20
confidence = 0.999
peak_factor = 1
seconds_to_first_token = 1.0
output_tokens_per_second = 60
reserve_cache_reads = false
[latency."haiku-4.5"]
seconds_to_first_token = 0.6
[aliases]
"arn:aws:bedrock:ca-central-1:111122223333:application-inference-profile/abc" = "sonnet-4.5/us"
[granted]
"L-27C57EE8" = 5_000_000
"L-58BE175A" = { value = "unlimited", as_of = "2026-11-20" }
[accounts.sandbox.granted]
L-D4FBCF4E = "unknown"
[budget]
monthly_usd = 40_000
team = { claims = 12_000 }
model = { sonnet-5 = "20000.50" }
[policy]
max_utilisation = 0.80
retirement_days = 180
table_age_days = 90
severity = { unknown-rate = "error", account-daily = "off" }
[request]
use_case = "claims"
[[scenario]]
name = "tax season"
[[scenario.change]]
where = { team = "claims" }
set = { rate = "*1.5", max_tokens = 4096 }
"#;

const GRANTED: &str = r#"[granted]
"L-27C57EE8" = 5_000_000
"L-58BE175A" = { value = "unlimited", as_of = 2026-11-20 }
[accounts."a b".granted]
L-D4FBCF4E = "unknown"
"#;

fn assert_place_in_file(diagnostic: &Diagnostic, sources: &Sources) {
    let Place::Span(span) = &diagnostic.place else {
        return;
    };
    let text = sources.file(span.file).expect("a known file").text();
    assert!(span.start <= span.end && span.end <= text.len(), "{diagnostic:?} in {text:?}");
    let whole = text.is_char_boundary(span.start) && text.is_char_boundary(span.end);
    assert!(whole, "{diagnostic:?} cuts a character of {text:?}");
    let (_, position) = sources.locate(*span).unwrap();
    assert!(position.line >= 1 && position.column >= 1);
}

/// Checks all diagnostics, and that they can be shown; tells whether one is an error.
fn judged(diagnostics: Diagnostics, sources: &Sources) -> bool {
    let failed = diagnostics.has_errors();
    let all = diagnostics.into_sorted();
    for diagnostic in &all {
        assert_place_in_file(diagnostic, sources);
        assert!(!diagnostic.message.is_empty());
    }
    let shown = render::diagnostic::render(&all, sources, 20, Colour::Off);
    assert_eq!(shown.is_empty(), all.is_empty());
    failed
}

/// Reads bytes with one of the product's readers; what it refuses it explains.
fn read<T>(
    bytes: Vec<u8>,
    reader: impl Fn(&Sources, FileId, &mut Diagnostics) -> Option<T>,
    accept: impl Fn(&Sources, T, &mut Diagnostics),
) {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    sources.add(SourceFile::new("another", ""));
    let file = decode(&mut sources, "file", bytes, &mut diagnostics);
    let before = diagnostics.has_errors();
    let result = file.and_then(|file| reader(&sources, file, &mut diagnostics));
    match result {
        Some(result) if !diagnostics.has_errors() => accept(&sources, result, &mut diagnostics),
        Some(_) => {}
        None => assert!(before || diagnostics.has_errors(), "refused without an error"),
    }
    judged(diagnostics, &sources);
}

#[test]
fn the_valid_files_are_valid() {
    for (text, reader) in [
        (CONFIGURATION, |s: &Sources, f, d: &mut Diagnostics| config::parse(s, f, d).is_some()),
        (GRANTED, |s: &Sources, f, d: &mut Diagnostics| config::parse_granted(s, f, d).is_some()),
        (small_table(), |s: &Sources, f, d: &mut Diagnostics| catalog::parse(s, f, d).is_some()),
    ] as [(&str, fn(&Sources, FileId, &mut Diagnostics) -> bool); 3]
    {
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::new();
        let file = sources.add(SourceFile::new("file", text));
        assert!(reader(&sources, file, &mut diagnostics));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
    }
}

proptest! {
    #![proptest_config(cases(768))]

    #[test]
    fn any_bytes_as_workloads(bytes in bytes(rows(&MODELS, 1..=3).prop_map(|rows| csv(&rows)))) {
        let options = ReadOptions::default();
        read(bytes, |s, f, d| parse(s, f, table(), &options, d), |sources, set, _| {
            let file = sources.file(set.first_file()).unwrap();
            for row in set.rows().iter() {
                let cells = Column::ALL.iter().filter_map(|column| set.cell(sources, row, *column));
                for span in cells.chain([set.start(row)]) {
                    assert!(file.text().get(span.start..span.end).is_some(), "{span:?} in {:?}", file.text());
                }
                // The cell that is shown is the cell that was read.
                let cell = set.cell(sources, row, Column::Workload).unwrap();
                assert_eq!(sources.text(cell).replace("\"\"", "\"").trim(), row.name());
            }
        });
    }

    #[test]
    fn any_bytes_as_configuration(bytes in bytes(Just(CONFIGURATION.to_owned()))) {
        read(bytes, config::parse, |_, config, diagnostics| {
            let assumptions = Assumptions::new(&config, table(), diagnostics);
            assert!(assumptions.z() >= 0.0);
        });
    }

    #[test]
    fn any_bytes_as_granted_quotas(bytes in bytes(Just(GRANTED.to_owned()))) {
        read(bytes, config::parse_granted, |_, granted, _| assert!(granted.codes().count() < 1_000));
    }

    #[test]
    fn any_bytes_as_a_model_table(bytes in bytes(Just(small_table().to_owned()))) {
        read(bytes, catalog::parse, |_, catalog, _| assert!(!catalog.models().is_empty()));
    }
}

proptest! {
    #![proptest_config(cases(12))]

    /// Few, because each lays the file on the whole table.
    #[test]
    fn any_bytes_as_an_overlay(bytes in bytes(Just(small_table().to_owned()))) {
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::new();
        let file = decode(&mut sources, "overlay.toml", bytes, &mut diagnostics);
        let catalog = file.and_then(|file| catalog::load(&mut sources, Some(file), &mut diagnostics));
        let failed = judged(diagnostics, &sources);
        prop_assert!(failed || catalog.is_some(), "refused without an error");
    }
}

proptest! {
    #![proptest_config(cases(128))]

    /// Whatever is accepted can be planned and reported, or a figure is too large.
    #[test]
    fn any_workloads_that_are_accepted_can_be_planned(
        rows in rows(&MODELS, 1..=3), edits in edits(), settings in settings(),
    ) {
        let bytes = edited(&csv(&rows), &edits);
        for settings in [settings, Settings::default()] {
            if let Ok(planned) = try_plan(&bytes, &settings) {
                json(&planned);
            }
        }
    }
}
