//! What `sample` says of answers, and before and after live calls; burndown rates are in `sample_rate`.

use super::sample_rate;
use super::shared::counted;
use crate::catalog::Destinations;
use crate::report::words::sample::{
    CallsCost, RateTitles, SampleRemark, SampleTitles, SampleWords, ScriptComments,
};
use crate::report::{MetricWindow, RateReport, SampleLogs, SampleReport};
use crate::sampling::{COUNT_TOKENS_AS_OF, FRAME_TOKENS, Measurement, Target};
use crate::trace::left_out_words;
use crate::units::grouped;

impl SampleWords for super::English {
    fn sample_heading(&self, target: &Target<'_>, answers: usize) -> String {
        format!("{} {}: {}", target.model.name, target.scope.scope, many(answers as u64, "answer"))
    }

    fn sample_titles(&self) -> SampleTitles {
        SampleTitles {
            figure: "Each call",
            mean: "Mean",
            p50: "p50",
            p95: "p95",
            largest: "Largest",
            column: "Column",
            cell: "Cell",
        }
    }

    fn sample_figures(&self) -> [&'static str; 5] {
        ["input tokens", "output tokens", "cache reads", "cache writes", "latency, seconds"]
    }

    fn cells_heading(&self) -> &'static str {
        "Cells for workloads.csv"
    }

    fn sample_notes(&self, report: &SampleReport<'_>) -> Vec<String> {
        let SampleReport { statistics, throttled, failed, logs, .. } = *report;
        let mut notes = Vec::new();
        if statistics.output.is_none() {
            notes.push("Only input tokens were counted, so the output is not known.".to_owned());
        }
        if !statistics.stop_reasons.is_empty() {
            let reasons = statistics.stop_reasons.iter().map(|(reason, count)| format!("{reason} {count}"));
            notes.push(format!("Stop reasons: {}.", reasons.collect::<Vec<_>>().join(", ")));
        }
        match logs {
            None => notes.push(format!("Throttled calls: {throttled}; other failed calls: {failed}.")),
            Some(logs) => notes.extend(of_logs(logs)),
        }
        if statistics.cut() > 0 {
            notes.push(self.answers_cut(statistics.cut(), statistics.answers, logs.is_some()) + ".");
        }
        notes.push(
            "Means are exact and rounded up at the sixth decimal; p50 and p95 are nearest-rank percentiles."
                .to_owned(),
        );
        notes
    }

    fn answers_cut(&self, cut: usize, answers: usize, of_logs: bool) -> String {
        let remedy =
            if of_logs { "sample calls with a larger max_tokens" } else { "allow more with --max-tokens" };
        let were = if cut == 1 { "was" } else { "were" };
        format!(
            "{cut} of {} {were} cut off at max_tokens, so the mean output is too low: {remedy}",
            many(answers as u64, "answer")
        )
    }

    fn sample_remark(&self, remark: SampleRemark<'_>) -> String {
        match remark {
            SampleRemark::MayNotCount(model) => {
                format!(
                    "it is not known whether bedrock-runtime counts the tokens of {model}, so AWS may refuse"
                )
            }
            SampleRemark::Counting { calls, operation, region, model } => format!(
                "{} of {operation} in {region} for {model}: the prompts are sent to {region}; counting is free of charge",
                counted(calls, "call")
            ),
            SampleRemark::NoCounting(region) => format!(
                "AWS's last published list of Regions with CountTokens ({COUNT_TOKENS_AS_OF}) does not include {region}"
            ),
            SampleRemark::Calling { calls, operation, region, target } => {
                let destinations = match &target.scope.destinations {
                    Destinations::Regions(regions) => regions.join(", "),
                    Destinations::AllCommercial => "any commercial Region".to_owned(),
                    Destinations::Unknown => "Regions that the model table does not know".to_owned(),
                };
                format!(
                    "{} of {operation} in {region} to {} ({} {}), processed in {destinations}",
                    counted(calls, "call"),
                    target.called,
                    target.model.name,
                    target.scope.scope
                )
            }
            SampleRemark::Failed(calls) => counted(calls, "call"),
            SampleRemark::Unsent(1) => "1 call was not sent after that".to_owned(),
            SampleRemark::Unsent(calls) => format!("{calls} calls were not sent after that"),
            SampleRemark::Throttled(attempts) => {
                format!("AWS throttled {}, and the SDK tried again where it could", many(attempts, "attempt"))
            }
            SampleRemark::OutputNotWritten => {
                "output_tokens and its p95 are not written, because answers were cut off".to_owned()
            }
            SampleRemark::OtherScope { row, answers } => format!(
                "the row has scope {row} but the answers have scope {answers}, so their latencies may differ"
            ),
            SampleRemark::Written(cells) => {
                let cells: Vec<String> =
                    cells.iter().map(|(column, cell)| format!("{column} {cell}")).collect();
                format!("wrote {}", cells.join(", "))
            }
            SampleRemark::NoColumns { file, columns: [column], header } => format!(
                "{file} has no column {column}, so this figure was not written. To keep it, use this header and add the \
                 cell to each row: {header}"
            ),
            SampleRemark::NoColumns { file, columns, header } => format!(
                "{file} has no columns {}, so these figures were not written. To keep them, use this header and add the \
                 cells to each row: {header}",
                columns.join(", ")
            ),
            SampleRemark::Kept([column]) => {
                format!("{column} stays as it was, because no answer states it")
            }
            SampleRemark::Kept(columns) => {
                format!("{} stay as they were, because no answer states them", columns.join(", "))
            }
            SampleRemark::Inputs(1) => "1 input, which contains its prompt".to_owned(),
            SampleRemark::Inputs(count) => format!("{count} inputs, each with its prompt"),
        }
    }

    fn calls_cost(&self, cost: &CallsCost<'_>) -> String {
        let CallsCost { bound, priced, unset } = *cost;
        let output = match bound.output_tokens {
            Some(tokens) => format!("{} output tokens", grouped(tokens.into())),
            None => {
                "output tokens without a limit, because the model's maximum is not known: set --max-tokens"
                    .to_owned()
            }
        };
        let cost = match (bound.usd, priced) {
            (Some(usd), Some((region, date))) => format!(
                "cost at most USD {} at the prices of the model table ({region}, {date})",
                usd.plain()
            ),
            _ => "the cost is not known".to_owned(),
        };
        let unset = match unset {
            0 => String::new(),
            1 => "; 1 call sets no max_tokens and counts as the model's maximum".to_owned(),
            unset => format!("; {unset} calls set no max_tokens, and each counts as the model's maximum"),
        };
        format!(
            "{cost}: up to {} input tokens (each byte counts as a token, and each message as {FRAME_TOKENS} more) and \
             {output}{unset}",
            grouped(bound.input_tokens.into())
        )
    }

    fn send_question(&self) -> &'static str {
        "Send them?"
    }

    fn calls_done(&self, done: usize, all: usize) -> String {
        format!("{done} of {all} calls")
    }

    fn script_comments(&self, calls: usize, operation: &str, region: &str, counts: bool) -> ScriptComments {
        let actions =
            if counts { "bedrock:CountTokens and bedrock:InvokeModel" } else { "bedrock:InvokeModel" };
        let cost = if counts { "; free of charge" } else { "" };
        ScriptComments {
            title: format!(
                "{} of {operation} in {region}; permissions: {actions}{cost}",
                counted(calls, "call")
            ),
            inputs: "1. Write one input for each prompt. The inputs contain the prompts.",
            calls: "2. Call Bedrock from where the AWS CLI is installed.",
            answers: "3. Read what the calls used.",
        }
    }

    fn rate_heading(&self, target: &Target<'_>) -> String {
        sample_rate::heading(target)
    }

    fn rate_method(&self, report: &RateReport<'_>) -> Vec<String> {
        sample_rate::method(report)
    }

    fn rate_titles(&self) -> RateTitles {
        RateTitles {
            rate: "Rate",
            metric: "EstimatedTPMQuotaUsage",
            read: "Read the metric",
            overlay: "Use the rate",
        }
    }

    fn metric_advice(&self, window: Option<&MetricWindow>) -> Vec<String> {
        sample_rate::metric_advice(window)
    }

    fn overlay_advice(&self, window: Option<&MetricWindow>) -> &'static str {
        sample_rate::overlay_advice(window)
    }

    fn measured_source(&self, measurement: Measurement) -> String {
        sample_rate::measured_source(measurement)
    }
}

/// `1,234 records`.
fn many(count: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(count.into()), if count == 1 { "" } else { "s" })
}

/// What to know about figures that come out of invocation logs.
fn of_logs(logs: &SampleLogs) -> Vec<String> {
    let number = |count: u64| grouped(count.into());
    let left_out = logs.left_out.iter().map(|left_out| left_out.records).sum::<u64>();
    let mut notes = Vec::new();
    if left_out > 0 {
        notes.push(format!(
            "{} of the log {} left out: {}.",
            many(left_out, "record"),
            if left_out == 1 { "is" } else { "are" },
            left_out_words(&logs.left_out).join("; ")
        ));
    }
    notes.push(
        "The records do not state why an answer ended, so an answer as long as its max_tokens counts as cut off."
            .to_owned(),
    );
    if logs.cut_unknown > 0 {
        notes.push(format!(
            "For {} of {} calls, max_tokens is not known, so it is not known whether their answers were cut off.",
            number(logs.cut_unknown),
            number(logs.records)
        ));
    }
    if logs.cache_open > 0 {
        notes.push(format!(
            "{} of {} records may count cached tokens as input too, so the mean input may be too high.",
            number(logs.cache_open),
            number(logs.records)
        ));
    }
    notes
}
