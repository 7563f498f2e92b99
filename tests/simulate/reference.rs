//! Reference figures of two public traces, and an excerpt of one against the slow twin.
//!
//! The traces are Azure LLM inference traces of 2023 from the Azure public dataset, licence
//! CC-BY-4.0 (Patel et al., Splitwise, ISCA 2024). `data` holds an excerpt; the whole files are read
//! where `QUOTAPLAN_TRACES` names their folder, or where it lies beside the repository.

use std::path::{Path, PathBuf};

use quotaplan::simulate::{Phase, Traffic, Window, first_passing, peak_unthrottled, safe_quota, worst_phase};
use quotaplan::units::{QuotaAmount, Ratio};

use crate::support::root;

use super::twin::{self, Measure, Request};
use super::{TWO, traffic, window};

/// Output tokens of quota per token at the rate of the reference figures.
const RATE: u64 = 5;

/// Reads `TIMESTAMP,ContextTokens,GeneratedTokens`, `max_tokens` being `max(output, cap)`, or the
/// output where that is `None`.
fn azure(text: &str, cap: Option<u64>) -> Vec<Request> {
    let lines = text.lines().skip_while(|line| !line.starts_with("TIMESTAMP")).skip(1);
    lines.map(|line| request(line.trim_end(), cap)).collect()
}

fn request(line: &str, cap: Option<u64>) -> Request {
    let mut cells = line.split(',');
    let mut cell = || cells.next().expect("three cells");
    let time = microseconds(cell());
    let [input, output] = [cell(), cell()].map(|cell| cell.parse::<u64>().expect("tokens"));
    Request {
        time,
        latency: 600_000 + output * 1_000_000 / 60,
        reservation: input + output.max(cap.unwrap_or(0)),
        settled: input + RATE * output,
        workload: 0,
    }
}

/// A time of November 2023 with seven decimals as microseconds from the month's start, rounded.
fn microseconds(text: &str) -> i64 {
    let (date, time) = text.split_once(' ').expect("a date and a time");
    let day: i64 = date.strip_prefix("2023-11-").expect("of that month").parse().expect("a day");
    let (clock, decimals) = time.split_once('.').expect("decimals");
    let clock = clock.split(':').fold(0, |sum, part| sum * 60 + part.parse::<i64>().expect("a number"));
    assert_eq!(decimals.len(), 7, "{text}");
    let tenths: i64 = decimals.parse().expect("digits");
    (day * 86_400 + clock) * 1_000_000 + (tenths + 5) / 10
}

/// A row of the reference table: trace, cap, unthrottled peak, then safe quota and first passing of
/// the rolling window, the same of the minute from the first event, the safe quota at the worst of 60
/// phases, and safe quota and first passing of the bucket.
type Row = (&'static str, Option<u64>, u128, [u64; 2], [u64; 2], u64, [u64; 2]);

const TABLE: [Row; 6] = [
    ("code", None, 1_479_222, [1_460_000; 2], [1_390_000; 2], 1_450_000, [833_000, 831_000]),
    ("code", Some(4_096), 1_524_155, [1_500_000; 2], [1_450_000; 2], 1_480_000, [956_000; 2]),
    (
        "code",
        Some(32_000),
        3_247_439,
        [3_090_000, 3_070_000],
        [3_090_000, 3_070_000],
        3_090_000,
        [2_520_000; 2],
    ),
    ("chat", None, 1_114_830, [1_090_000; 2], [1_030_000; 2], 1_080_000, [866_000; 2]),
    ("chat", Some(4_096), 1_221_920, [1_180_000; 2], [1_090_000; 2], 1_120_000, [872_000; 2]),
    ("chat", Some(32_000), 2_280_773, [2_120_000; 2], [1_930_000; 2], 2_000_000, [946_000; 2]),
];

/// Where the traces are; a folder that is named must have them.
fn folder() -> Option<PathBuf> {
    let code = "azure-llm-2023-code.csv";
    if let Some(named) = std::env::var_os("QUOTAPLAN_TRACES").map(PathBuf::from) {
        assert!(named.join(code).is_file(), "QUOTAPLAN_TRACES: {code} is not in {}", named.display());
        return Some(named);
    }
    let beside = root().join("../shared/traces");
    beside.join(code).is_file().then_some(beside)
}

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).expect("a share")
}

/// The safe quota and the first passing one.
fn found(traffic: &Traffic, window: Window, target: Ratio) -> [u64; 2] {
    let safe = safe_quota(traffic, window, target, TWO);
    let passing = first_passing(traffic, window, target, TWO);
    [safe, passing].map(|found| found.expect("below 10^18").map_or(0, QuotaAmount::get))
}

fn hold(folder: &Path, row: &Row) {
    let (name, cap, peak, rolling, minute, worst, bucket) = *row;
    let text = std::fs::read_to_string(folder.join(format!("azure-llm-2023-{name}.csv"))).expect("a trace");
    let requests = azure(&text, cap);
    assert_eq!(requests.len(), if name == "code" { 8_819 } else { 19_366 });
    let (traffic, target) = (traffic(&requests), ratio("0.001"));
    assert_eq!(peak_unthrottled(&traffic), peak, "{row:?}");
    assert_eq!(found(&traffic, Window::Rolling, target), rolling, "{row:?}");
    assert_eq!(found(&traffic, Window::Minute(Phase::FIRST_EVENT), target), minute, "{row:?}");
    let worst_found = worst_phase(&traffic, target, TWO).expect("below 10^18").expect("requests");
    assert_eq!(worst_found.safe_quota.get(), worst, "{row:?}");
    assert_eq!(found(&traffic, Window::Bucket, target), bucket, "{row:?}");
}

#[test]
fn the_reference_table_where_the_traces_are() {
    let Some(folder) = folder() else {
        eprintln!("reference traces: not here, the table is not held");
        return;
    };
    for row in &TABLE {
        hold(&folder, row);
    }
    eprintln!("reference traces: all {} rows of the table hold in {}", TABLE.len(), folder.display());
}

/// The excerpt's peak at a cap, and for a target of a hundredth the safe quota and the first passing
/// one: rolling, minutes from the first event, bucket.
type ExcerptRow = (Option<u64>, u128, [[u64; 2]; 3]);

const EXCERPT: [ExcerptRow; 3] = [
    (None, 749_150, [[723_000; 2], [723_000; 2], [428_000; 2]]),
    (Some(4_096), 862_139, [[826_000; 2], [826_000; 2], [492_000; 2]]),
    (Some(32_000), 1_680_590, [[1_620_000; 2], [1_620_000; 2], [1_050_000; 2]]),
];

#[test]
fn the_excerpt_against_the_twin() {
    let path = root().join("tests/simulate/data/azure-llm-2023-code-excerpt.csv");
    let text = std::fs::read_to_string(path).expect("the excerpt");
    let grid = twin::grid(7);
    for (cap, peak, figures) in EXCERPT {
        let requests = azure(&text, cap);
        assert_eq!(requests.len(), 400);
        let traffic = traffic(&requests);
        assert_eq!(peak_unthrottled(&traffic), peak, "{cap:?}");
        assert_eq!(twin::drop_throttled(&requests, Measure::Rolling, u64::MAX).peak_use, peak, "{cap:?}");
        for (measure, figures) in
            [Measure::Rolling, Measure::Minute(0), Measure::Bucket].into_iter().zip(figures)
        {
            let [safe, passing] = figures;
            assert_eq!(found(&traffic, window(measure), ratio("0.01")), figures, "{cap:?} {measure:?}");
            let passes = |quota: u64| twin::drop_throttled(&requests, measure, quota).throttled.len() <= 4;
            let at = grid.binary_search(&safe).expect("on the grid");
            assert!(!passes(grid[at - 1]) && passes(passing), "{cap:?} {measure:?}");
            assert!(grid[at..at + 4].iter().all(|&quota| passes(quota)), "{cap:?} {measure:?}");
        }
    }
}
