//! How to measure a burndown rate with one call.

use crate::catalog::RateStatus;
use crate::report::{MetricWindow, RateReport};
use crate::sampling::{Measurement, Target};

/// What is measured.
pub(super) fn heading(target: &Target<'_>) -> String {
    format!("The burndown rate of {} {}", target.model.name, target.scope.scope)
}

/// How the rate follows from the metric.
pub(super) fn method(report: &RateReport<'_>) -> Vec<String> {
    let RateReport { target, measurement, .. } = *report;
    let Measurement { input, cache_write, output } = measurement;
    let planned = target.model.rate_as_of(None);
    let in_table = match planned.status {
        RateStatus::Unknown => {
            format!("The model table does not know the rate; plans use {}.", planned.rate)
        }
        status => format!("The model table has {} ({}).", planned.rate, status.as_str()),
    };
    let mut sentences = vec![
        format!("The call used {input} input, {cache_write} cache-write and {output} output tokens."),
        format!("Rate = (EstimatedTPMQuotaUsage - {input} - {cache_write}) / {output}."),
        in_table,
        format!(
            "The call must be the only traffic on {} in these minutes, because the metric counts every call: if the \
             result is not a whole number, there was another call.",
            target.called
        ),
    ];
    if measurement.is_short() {
        sentences.push("The answer was short; a longer one gives a more reliable rate.".to_owned());
    }
    sentences
}

/// How to read the metric.
pub(super) fn metric_advice(window: Option<&MetricWindow>) -> Vec<String> {
    let minutes = match window {
        Some(window) => vec![format!(
            "The call was made in the minutes from {} to {} (UTC).",
            window.start, window.end
        )],
        None => vec![
            "Replace START and END with whole minutes around the call, such as 2026-11-25T14:04:00Z, with two \
             minutes to spare."
                .to_owned(),
            "A saved answer does not state the time of its call: state it with --at TIME, which fills them in.".to_owned(),
        ],
    };
    let before =
        "Run this a few minutes after the call; it needs the permission cloudwatch:GetMetricStatistics.";
    std::iter::once(before.to_owned())
        .chain(minutes)
        .chain(["Add up the sums of all the minutes.".to_owned()])
        .collect()
}

/// What to do with the overlay.
pub(super) fn overlay_advice(window: Option<&MetricWindow>) -> &'static str {
    match window {
        Some(_) => "Save this as a file for --models, with the rate in place of RATE.",
        None => {
            "Save this as a file for --models, with the rate in place of RATE and the day of the call in place of DATE."
        }
    }
}

/// What a measured rate rests on, as an overlay names its source.
pub(super) fn measured_source(measurement: Measurement) -> String {
    let Measurement { input, cache_write, output } = measurement;
    format!(
        "measured: EstimatedTPMQuotaUsage of one call of {} input, {} cache-write and {} output tokens",
        input.written(),
        cache_write.written(),
        output.written()
    )
}
