//! What prompts and answers came to: means and percentiles, and the cells of a workloads row.

use std::io::Write;

use super::result::SampleReport;
use crate::contract::parts::{Cells, Decimal, LeftOut as LeftOutRecords};
use crate::contract::sample as json;
use crate::report::words::language;
use crate::report::{Block, Column, Detail, Mark, Records, Report, SCHEMA_VERSION};
use crate::sampling::{Spread, Statistics};
use crate::text::plain::write_json;
use crate::trace::LeftOut;
use crate::units::{Seconds, Tokens};

/// A figure's name, its column, and mean, p50, p95 and maximum as written, where it is known.
struct Figure {
    name: &'static str,
    spread: Option<[(String, String); 4]>,
}

fn words<T: Copy + std::fmt::Display>(spread: Spread<T>, written: fn(T) -> String) -> [(String, String); 4] {
    [spread.mean, spread.p50, spread.p95, spread.maximum].map(|value| (value.to_string(), written(value)))
}

fn figures(statistics: &Statistics) -> [Figure; 5] {
    let tokens = |spread: Option<Spread<Tokens>>| spread.map(|spread| words(spread, Tokens::written));
    let latency = statistics.latency.map(|spread| words(spread, Seconds::written));
    let spreads = [
        tokens(Some(statistics.input)),
        tokens(statistics.output),
        tokens(statistics.cache_read),
        tokens(statistics.cache_write),
        latency,
    ];
    let mut names = language().sample_figures().into_iter();
    spreads.map(|spread| Figure { name: names.next().unwrap_or_default(), spread })
}

impl Report for SampleReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let Self { target, statistics, .. } = *self;
        let language = language();
        let titles = language.sample_titles();
        let rows = figures(statistics).into_iter().map(|figure| {
            let unknown =
                || std::array::from_fn(|_| (language.mark(Mark::NotApplicable).to_owned(), String::new()));
            let spread = figure.spread.unwrap_or_else(unknown);
            std::iter::once(figure.name.to_owned()).chain(spread.map(|(shown, _)| shown)).collect()
        });
        let columns = vec![
            Column::words(titles.figure),
            Column::numbers(titles.mean),
            Column::numbers(titles.p50),
            Column::numbers(titles.p95),
            Column::numbers(titles.largest),
        ];
        let cells = statistics.cells().into_iter();
        let shown = cells.map(|(column, value)| vec![column.name().to_owned(), value]);
        vec![
            Block::Heading(language.sample_heading(target, statistics.answers)),
            Block::Table { columns, rows: rows.collect() },
            Block::Paragraph(language.sample_notes(self).join(" ")),
            Block::Heading(language.cells_heading().to_owned()),
            Block::Table {
                columns: vec![Column::words(titles.column), Column::numbers(titles.cell)],
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

fn left_out_report(left_out: &LeftOut) -> LeftOutRecords {
    LeftOutRecords {
        reason: left_out.reason.as_str().into(),
        name: Some(left_out.name.clone()).filter(|name| !name.is_empty()),
        records: left_out.records,
    }
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
