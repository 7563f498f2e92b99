//! What prompts and answers came to: means and percentiles, and the cells of a workloads row.

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Block, Records, SCHEMA_VERSION, View};
use crate::sampling::{Spread, Statistics, Target};
use crate::units::{Seconds, Tokens};

/// What was sampled, and what became of the calls.
#[derive(Debug, Clone, Copy)]
pub struct Sampled<'a> {
    /// What was called.
    pub target: &'a Target<'a>,
    /// Statistics of the answers.
    pub statistics: &'a Statistics,
    /// Calls that AWS throttled.
    pub throttled: usize,
    /// Calls that failed otherwise, or were not sent after one that did.
    pub failed: usize,
}

/// An exact decimal as JSON writes it.
struct Decimal(String);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// A row's cells in the order of its columns.
struct Cells(Vec<(&'static str, Decimal)>);

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, value) in &self.0 {
            map.serialize_entry(column, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct SampleReport {
    schema_version: u32,
    model: String,
    scope: &'static str,
    called: String,
    answers: usize,
    throttled: usize,
    failed: usize,
    output_cut: usize,
    stop_reasons: std::collections::BTreeMap<String, usize>,
    input_tokens: Option<SpreadReport>,
    output_tokens: Option<SpreadReport>,
    cache_read_tokens: Option<SpreadReport>,
    cache_write_tokens: Option<SpreadReport>,
    latency_seconds: Option<SpreadReport>,
    workload: Cells,
}

#[derive(Serialize)]
struct SpreadReport {
    mean: Decimal,
    p50: Decimal,
    p95: Decimal,
    max: Decimal,
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

/// The view of a sample.
#[must_use]
pub fn sample(sampled: &Sampled<'_>) -> View {
    let Sampled { target, statistics, throttled, failed } = *sampled;
    let figures = figures(statistics);
    let plural = if statistics.answers == 1 { "" } else { "s" };
    let heading = format!(
        "{} {}: {} answer{plural}",
        target.model.name,
        target.scope.scope,
        crate::units::grouped(statistics.answers as u128)
    );
    let rows = figures.iter().map(|figure| {
        let unknown = || std::array::from_fn(|_| ("-".to_owned(), String::new()));
        let spread = figure.spread.clone().unwrap_or_else(unknown);
        std::iter::once(figure.name.to_owned()).chain(spread.map(|(shown, _)| shown)).collect()
    });
    let columns = vec![("Each call", false), ("Mean", true), ("p50", true), ("p95", true), ("Largest", true)];
    let cells = statistics.cells();
    let shown: Vec<Vec<String>> =
        cells.iter().map(|(column, value)| vec![column.name().to_owned(), value.clone()]).collect();
    let blocks = vec![
        Block::Heading(heading),
        Block::Table { columns, rows: rows.collect() },
        Block::Paragraph(remarks(sampled)),
        Block::Heading("The cells of workloads.csv".to_owned()),
        Block::Table { columns: vec![("Column", false), ("Cell", true)], rows: shown.into() },
    ];
    let [input, output, cache_read, cache_write, latency] = figures.map(|figure| figure.spread);
    let records = records(sampled, [&input, &output, &cache_read, &cache_write, &latency]);
    let report = |spread: Option<[(String, String); 4]>| {
        spread.map(|spread| {
            let [mean, p50, p95, max] = spread.map(|(_, written)| Decimal(written));
            SpreadReport { mean, p50, p95, max }
        })
    };
    let workload = cells.into_iter().map(|(column, value)| (column.name(), Decimal(value))).collect();
    let json = SampleReport {
        schema_version: SCHEMA_VERSION,
        model: target.model.id.clone(),
        scope: target.scope.scope.as_str(),
        called: target.called.to_owned(),
        answers: statistics.answers,
        throttled,
        failed,
        output_cut: statistics.cut(),
        stop_reasons: statistics.stop_reasons.clone(),
        input_tokens: report(input),
        output_tokens: report(output),
        cache_read_tokens: report(cache_read),
        cache_write_tokens: report(cache_write),
        latency_seconds: report(latency),
        workload: Cells(workload),
    };
    View { blocks, records, json: Box::new(json) }
}

/// What there is to know beside the figures.
fn remarks(sampled: &Sampled<'_>) -> String {
    let Sampled { statistics, throttled, failed, .. } = *sampled;
    let mut said = Vec::new();
    if statistics.output.is_none() {
        said.push("Input tokens were counted, and nothing was generated: output is not known.".to_owned());
    }
    if !statistics.stop_reasons.is_empty() {
        let reasons = statistics.stop_reasons.iter().map(|(reason, count)| format!("{reason} {count}"));
        said.push(format!("Stop reasons: {}.", reasons.collect::<Vec<_>>().join(", ")));
    }
    said.push(format!("Calls throttled: {throttled}, failed otherwise: {failed}."));
    if statistics.cut() > 0 {
        said.push(format!(
            "{} of {} answers were cut at max_tokens, so the mean output is too low: allow more with --max-tokens.",
            statistics.cut(),
            statistics.answers
        ));
    }
    said.push(
        "A mean is exact and rounded up at the sixth decimal; p50 and p95 are by nearest rank.".to_owned(),
    );
    said.join(" ")
}

/// One record: the cells of a workloads row under their own names, and everything else behind them.
fn records(sampled: &Sampled<'_>, spreads: [&Option<[(String, String); 4]>; 5]) -> Records {
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
