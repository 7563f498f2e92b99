//! What prompts and answers came to: means and percentiles, and the cells of a workloads row.

use std::io::Write;

use crate::contract::parts::{Cells, Decimal, LeftOut as LeftOutRecords};
use crate::contract::sample as json;
use crate::report::{Block, Column, Detail, Records, Report, SCHEMA_VERSION};
use crate::sampling::{Spread, Statistics, Target};
use crate::text::plain::write_json;
use crate::trace::{LeftOut, left_out_words, merge_left_out};
use crate::units::{Seconds, Tokens, grouped};

/// What was sampled, and what became of the calls.
#[derive(Debug, Clone, Copy)]
pub struct SampleReport<'a> {
    /// What was called.
    pub target: &'a Target<'a>,
    /// Statistics of the answers.
    pub statistics: &'a Statistics,
    /// Calls that AWS throttled.
    pub throttled: usize,
    /// Calls that failed otherwise, or were not sent after one that did.
    pub failed: usize,
    /// Of invocation logs, where any was read.
    pub logs: Option<&'a SampleLogs>,
}

/// What invocation logs say besides the figures of the calls that are sampled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SampleLogs {
    /// Calls that are sampled.
    pub records: u64,
    /// Records that are left out, by reason and name.
    pub left_out: Vec<LeftOut>,
    /// Calls whose record may count what was cached in the input too.
    pub cache_open: u64,
    /// Calls of which it is not known whether max_tokens cut the answer.
    pub cut_unknown: u64,
}

impl SampleLogs {
    /// Adds what another log says.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.left_out = merge_left_out(&[&self.left_out, &other.left_out]);
        self.cache_open += other.cache_open;
        self.cut_unknown += other.cut_unknown;
    }
}

/// A figure's name, its column, and mean, p50, p95 and maximum as written, where it is known.
struct Figure {
    name: &'static str,
    spread: Option<[(String, String); 4]>,
}

fn words<T: Copy + std::fmt::Display>(spread: Spread<T>, written: fn(T) -> String) -> [(String, String); 4] {
    [spread.mean, spread.p50, spread.p95, spread.maximum].map(|value| (value.to_string(), written(value)))
}

fn figures(statistics: &Statistics) -> [Figure; 5] {
    let tokens = |name, spread: Option<Spread<Tokens>>| Figure {
        name,
        spread: spread.map(|spread| words(spread, Tokens::written)),
    };
    [
        tokens("input tokens", Some(statistics.input)),
        tokens("output tokens", statistics.output),
        tokens("cache reads", statistics.cache_read),
        tokens("cache writes", statistics.cache_write),
        Figure {
            name: "latency, seconds",
            spread: statistics.latency.map(|spread| words(spread, Seconds::written)),
        },
    ]
}

impl Report for SampleReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let Self { target, statistics, .. } = *self;
        let plural = if statistics.answers == 1 { "" } else { "s" };
        let heading = format!(
            "{} {}: {} answer{plural}",
            target.model.name,
            target.scope.scope,
            grouped(statistics.answers as u128)
        );
        let rows = figures(statistics).into_iter().map(|figure| {
            let unknown = || std::array::from_fn(|_| ("-".to_owned(), String::new()));
            let spread = figure.spread.unwrap_or_else(unknown);
            std::iter::once(figure.name.to_owned()).chain(spread.map(|(shown, _)| shown)).collect()
        });
        let columns = vec![
            Column::words("Each call"),
            Column::numbers("Mean"),
            Column::numbers("p50"),
            Column::numbers("p95"),
            Column::numbers("Largest"),
        ];
        let cells = statistics.cells().into_iter();
        let shown = cells.map(|(column, value)| vec![column.name().to_owned(), value]);
        vec![
            Block::Heading(heading),
            Block::Table { columns, rows: rows.collect() },
            Block::Paragraph(remarks(self)),
            Block::Heading("The cells of workloads.csv".to_owned()),
            Block::Table {
                columns: vec![Column::words("Column"), Column::numbers("Cell")],
                rows: shown.collect(),
            },
        ]
    }

    fn records(&self) -> Records {
        let [input, output, cache_read, cache_write, latency] =
            figures(self.statistics).map(|figure| figure.spread);
        records(self, [&input, &output, &cache_read, &cache_write, &latency])
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let Self { target, statistics, throttled, failed, logs } = *self;
        let report = |figure: Figure| {
            figure.spread.map(|spread| {
                let [mean, p50, p95, max] = spread.map(|(_, written)| Decimal::from_digits(written));
                json::Spread { mean, p50, p95, max }
            })
        };
        let [input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, latency_seconds] =
            figures(statistics).map(report);
        let cells = statistics.cells().into_iter();
        let workload = cells.map(|(column, value)| (column.name().into(), Decimal::from_digits(value)));
        let document = json::SampleDocument {
            schema_version: SCHEMA_VERSION,
            model: target.model.id.clone(),
            scope: target.scope.scope.as_str().into(),
            called: target.called.to_owned(),
            answers: statistics.answers,
            throttled,
            failed,
            output_cut: statistics.cut(),
            stop_reasons: statistics.stop_reasons.clone(),
            left_out: logs.map(|logs| logs.left_out.iter().map(left_out_report).collect()),
            input_tokens,
            output_tokens,
            cache_read_tokens,
            cache_write_tokens,
            latency_seconds,
            workload: Cells(workload.collect()),
        };
        write_json(out, &document)
    }
}

/// What there is to know beside the figures.
fn remarks(sampled: &SampleReport<'_>) -> String {
    let SampleReport { statistics, throttled, failed, .. } = *sampled;
    let mut said = Vec::new();
    if statistics.output.is_none() {
        said.push("Input tokens were counted, and nothing was generated: output is not known.".to_owned());
    }
    if !statistics.stop_reasons.is_empty() {
        let reasons = statistics.stop_reasons.iter().map(|(reason, count)| format!("{reason} {count}"));
        said.push(format!("Stop reasons: {}.", reasons.collect::<Vec<_>>().join(", ")));
    }
    match sampled.logs {
        None => said.push(format!("Calls throttled: {throttled}, failed otherwise: {failed}.")),
        Some(logs) => said.extend(of_logs(logs)),
    }
    if statistics.cut() > 0 {
        let remedy = match sampled.logs {
            None => "allow more with --max-tokens",
            Some(_) => "sample calls that were sent with more",
        };
        said.push(format!(
            "{} of {} answers were cut at max_tokens, so the mean output is too low: {remedy}.",
            statistics.cut(),
            statistics.answers
        ));
    }
    said.push(
        "A mean is exact and rounded up at the sixth decimal; p50 and p95 are by nearest rank.".to_owned(),
    );
    said.join(" ")
}

fn left_out_report(left_out: &LeftOut) -> LeftOutRecords {
    LeftOutRecords {
        reason: left_out.reason.as_str().into(),
        name: Some(left_out.name.clone()).filter(|name| !name.is_empty()),
        records: left_out.records,
    }
}

/// What to know about figures that come out of invocation logs.
fn of_logs(logs: &SampleLogs) -> Vec<String> {
    let mut said = Vec::new();
    let number = |count: u64| grouped(count.into());
    let left_out = logs.left_out.iter().map(|left_out| left_out.records).sum::<u64>();
    if left_out > 0 {
        let words = left_out_words(&logs.left_out).join("; ");
        let (records, are) = if left_out == 1 { ("record", "is") } else { ("records", "are") };
        said.push(format!("{} {records} of the log {are} left out: {words}.", number(left_out)));
    }
    said.push(
        "A record of a log does not state why its answer ended: an answer as long as its max_tokens is taken as cut."
            .to_owned(),
    );
    if logs.cut_unknown > 0 {
        said.push(format!(
            "For {} of {} calls max_tokens is not known, so answers that it cut cannot be recognised.",
            number(logs.cut_unknown),
            number(logs.records)
        ));
    }
    if logs.cache_open > 0 {
        said.push(format!(
            "{} of {} records may count cached tokens in the input too: the mean input may be too high.",
            number(logs.cache_open),
            number(logs.records)
        ));
    }
    said
}

/// One record: the cells of a workloads row under their own names, and everything else behind them.
fn records(sampled: &SampleReport<'_>, spreads: [&Option<[(String, String); 4]>; 5]) -> Records {
    let [input, output, cache_read, cache_write, latency] = spreads;
    let value = |spread: &Option<[(String, String); 4]>, index: usize| {
        spread.as_ref().map(|values| values[index].1.clone()).unwrap_or_default()
    };
    let (target, statistics) = (sampled.target, sampled.statistics);
    let fields: Vec<(&'static str, String)> = vec![
        ("model", target.model.id.clone()),
        ("scope", target.scope.scope.to_string()),
        ("input_tokens", value(input, 0)),
        ("output_tokens", value(output, 0)),
        ("cache_read_tokens", value(cache_read, 0)),
        ("cache_write_tokens", value(cache_write, 0)),
        ("latency_seconds", value(latency, 0)),
        ("input_tokens_p95", value(input, 2)),
        ("output_tokens_p95", value(output, 2)),
        ("share_over_25k", statistics.share_over_25k.written()),
        ("answers", statistics.answers.to_string()),
        ("throttled", sampled.throttled.to_string()),
        ("failed", sampled.failed.to_string()),
        ("output_cut", statistics.cut().to_string()),
        ("input_tokens_p50", value(input, 1)),
        ("input_tokens_max", value(input, 3)),
        ("output_tokens_p50", value(output, 1)),
        ("output_tokens_max", value(output, 3)),
        ("cache_read_tokens_p50", value(cache_read, 1)),
        ("cache_read_tokens_p95", value(cache_read, 2)),
        ("cache_read_tokens_max", value(cache_read, 3)),
        ("cache_write_tokens_p50", value(cache_write, 1)),
        ("cache_write_tokens_p95", value(cache_write, 2)),
        ("cache_write_tokens_max", value(cache_write, 3)),
        ("latency_seconds_p50", value(latency, 1)),
        ("latency_seconds_p95", value(latency, 2)),
        ("latency_seconds_max", value(latency, 3)),
    ];
    let (columns, row) = fields.into_iter().unzip();
    Records { columns, rows: vec![row].into() }
}
