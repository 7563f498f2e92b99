//! How to read a burndown rate off CloudWatch after one call of known tokens.

use std::io::Write;

use super::result::RateReport;
use crate::catalog::REGION;
use crate::contract::sample as json;
use crate::report::columns::{Columns, columns, records_of};
use crate::report::words::language;
use crate::report::{Block, Column, Detail, Records, Report, SCHEMA_VERSION};
use crate::sampling::{Measurement, RATES};
use crate::text::plain::{toml_string, write_json};
use crate::units::{BurndownRate, grouped};

/// The command that reads the metric (CloudWatch API 2010-08-01, `GetMetricStatistics`).
fn command(rating: &RateReport<'_>) -> String {
    let (start, end) = match rating.window {
        Some(window) => (window.start.as_str(), window.end.as_str()),
        None => ("START", "END"),
    };
    format!(
        "aws cloudwatch get-metric-statistics --region {REGION} --namespace AWS/Bedrock \\\n  \
         --metric-name EstimatedTPMQuotaUsage --dimensions Name=ModelId,Value={} \\\n  \
         --statistics Sum --period 60 --start-time {start} --end-time {end} --output json",
        rating.target.called
    )
}

/// The overlay that states the rate; RATE stands for it.
fn overlay(rating: &RateReport<'_>) -> String {
    format!(
        "[[model]]\nid = {}\n\n[[model.burndown]]\noutput = RATE\nstatus = \"known\"\nas_of = \"{}\"\nsource = {}\n",
        toml_string(&rating.target.model.id),
        rating.window.map_or("DATE", |window| &window.day),
        toml_string(&language().measured_source(rating.measurement))
    )
}

/// What the metric shows at each rate.
fn expected(measurement: Measurement) -> impl Iterator<Item = (u32, u128)> {
    let rates = RATES.into_iter().filter_map(BurndownRate::new);
    rates.map(move |rate| (rate.quota_tokens_per_output_token(), measurement.at_rate(rate).rounded_up()))
}

/// The columns of what a metric shows at a burndown rate.
pub(in crate::report) const EXPECTED: Columns<json::Expected> = columns!(json::Expected {
    rate;
    quota_tokens;
});

fn expected_report(measurement: Measurement) -> impl Iterator<Item = json::Expected> {
    expected(measurement)
        .filter_map(|(rate, tokens)| Some(json::Expected { rate, quota_tokens: u64::try_from(tokens).ok()? }))
}

impl Report for RateReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let Self { target, measurement, window } = *self;
        let language = language();
        let titles = language.rate_titles();
        let rows = expected(measurement).map(|(rate, tokens)| vec![format!("{rate}x"), grouped(tokens)]);
        vec![
            Block::Heading(language.rate_heading(target)),
            Block::Paragraph(language.rate_method(self).join(" ")),
            Block::Table {
                columns: vec![Column::numbers(titles.rate), Column::numbers(titles.metric)],
                rows: rows.collect(),
            },
            Block::Heading(titles.read.to_owned()),
            Block::Paragraph(language.metric_advice(window).join(" ")),
            Block::Verbatim(command(self)),
            Block::Heading(titles.overlay.to_owned()),
            Block::Paragraph(language.overlay_advice(window).to_owned()),
            Block::Verbatim(overlay(self)),
        ]
    }

    fn records(&self) -> Records {
        records_of(EXPECTED, expected_report(self.measurement))
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let Self { target, measurement, window } = *self;
        let Measurement { input, cache_write, output } = measurement;
        let planned = target.model.rate_as_of(None);
        let whole = |tokens: crate::units::Tokens| tokens.millionths() / crate::units::MILLIONTHS;
        let document = json::RateDocument {
            schema_version: SCHEMA_VERSION,
            model: target.model.id.clone(),
            scope: target.scope.scope.as_str().into(),
            called: target.called.to_owned(),
            region: REGION.into(),
            input_tokens: whole(input),
            cache_write_tokens: whole(cache_write),
            output_tokens: whole(output),
            planned_rate: planned.rate.quota_tokens_per_output_token(),
            planned_status: planned.status.as_str().into(),
            metric: json::Metric {
                namespace: "AWS/Bedrock".into(),
                name: "EstimatedTPMQuotaUsage".into(),
                dimension: "ModelId".into(),
                value: target.called.to_owned(),
                statistic: "Sum".into(),
                period_seconds: 60,
                start: window.map(|window| window.start.clone()),
                end: window.map(|window| window.end.clone()),
            },
            expected: expected_report(measurement).collect(),
            command: command(self),
            overlay: overlay(self),
        };
        write_json(out, &document)
    }
}
