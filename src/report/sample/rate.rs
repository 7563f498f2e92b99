//! How to read a burndown rate off CloudWatch after one call of known tokens.

use std::io::Write;

use crate::catalog::{REGION, RateStatus};
use crate::contract::sample as json;
use crate::report::columns::{Columns, columns, records_of};
use crate::report::{Block, Column, Detail, Records, Report, SCHEMA_VERSION};
use crate::sampling::{Measurement, RATES, Target};
use crate::text::plain::{toml_string, write_json};
use crate::units::{BurndownRate, grouped};

/// One call, and the minutes to look at.
#[derive(Debug, Clone, Copy)]
pub struct RateReport<'a> {
    /// What was called.
    pub target: &'a Target<'a>,
    /// Its tokens.
    pub measurement: Measurement,
    /// The minutes that hold the call; `None` where nobody said when it ran.
    pub window: Option<&'a MetricWindow>,
}

/// Whole minutes around a call, as ISO 8601 in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricWindow {
    /// The first minute.
    pub start: String,
    /// The minute after the last.
    pub end: String,
    /// The day of the call.
    pub day: String,
}

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
    let Measurement { input, cache_write, output } = rating.measurement;
    format!(
        "[[model]]\nid = {}\n\n[[model.burndown]]\noutput = RATE\nstatus = \"known\"\nas_of = \"{}\"\n\
         source = \"measured: EstimatedTPMQuotaUsage of one call of {} input, {} cache-write and {} output tokens\"\n",
        toml_string(&rating.target.model.id),
        rating.window.map_or("DATE", |window| &window.day),
        input.written(),
        cache_write.written(),
        output.written()
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
        let Measurement { input, cache_write, output } = measurement;
        let planned = target.model.rate_as_of(None);
        let status = match planned.status {
            RateStatus::Unknown => format!("the model table knows none and plans {}", planned.rate),
            status => format!("the model table has {} ({})", planned.rate, status.as_str()),
        };
        let minutes = match window {
            Some(window) => format!("Minutes from {} to {} (UTC) hold the call.", window.start, window.end),
            None => {
                "START and END stand for whole minutes around the call, such as 2026-11-25T14:04:00Z, with two \
                     minutes to spare: a saved answer does not say when it was given (--at TIME fills them in)."
                    .to_owned()
            }
        };
        let mut first = format!(
            "The call used {input} input, {cache_write} cache-write and {output} output tokens. Rate = \
             (EstimatedTPMQuotaUsage - {input} - {cache_write}) / {output}; {status}. It must be the only traffic on {} in \
             these minutes: every other call counts in the same metric, so a result that is no whole number means that there \
             was one.",
            target.called
        );
        if measurement.is_short() {
            first.push_str(" The answer was short: a longer one tells the rate more surely.");
        }
        let rows = expected(measurement).map(|(rate, tokens)| vec![format!("{rate}x"), grouped(tokens)]);
        vec![
            Block::Heading(format!("The burndown rate of {} {}", target.model.name, target.scope.scope)),
            Block::Paragraph(first),
            Block::Table {
                columns: vec![Column::numbers("Rate"), Column::numbers("EstimatedTPMQuotaUsage")],
                rows: rows.collect(),
            },
            Block::Heading("Read the metric".to_owned()),
            Block::Paragraph(format!(
                "Some minutes after the call, with cloudwatch:GetMetricStatistics allowed. {minutes} Add the sums of all its \
                 minutes up."
            )),
            Block::Verbatim(command(self)),
            Block::Heading("Tell the planner".to_owned()),
            Block::Paragraph(
                "As a file for --models, with the rate for RATE and the day of the call as its date."
                    .to_owned(),
            ),
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
