//! Simulations for people: the band first, then each window, the quotas asked about, the curve, and
//! how far the formulas were off.

use super::plan_view::percent_of;
use super::simulate_json::simulate_report;
use super::simulate_records::records;
use super::simulating::{Simulated, Simulating, share};
use super::{Block, View};
use crate::catalog::RateStatus;
use crate::experiment::{MaxTokens, Measure, Origin, Requested};
use crate::simulate::Outcome;
use crate::units::{MILLIONTHS, QuotaAmount, grouped};

/// The view of simulations.
#[must_use]
pub fn simulate(all: &Simulating<'_>) -> View {
    let mut blocks = Vec::new();
    for simulated in &all.simulated {
        blocks.extend(of_one(all, simulated));
    }
    blocks.push(Block::Paragraph(assumptions(all)));
    View { blocks, records: records(all), json: Box::new(simulate_report(all)) }
}

fn of_one(all: &Simulating<'_>, simulated: &Simulated<'_>) -> Vec<Block> {
    let simulation = &simulated.simulation;
    let requests = grouped(simulation.requests.into());
    let plural = if simulation.requests == 1 { "" } else { "s" };
    let mut blocks = vec![Block::Heading(format!(
        "{} {}: {requests} request{plural} in {}",
        simulated.model.name,
        simulated.scope,
        duration(simulated.duration_microseconds)
    ))];
    let Some(band) = simulation.band else {
        blocks.push(Block::Paragraph("There are no requests, and so no safe quota.".to_owned()));
        return blocks;
    };
    let target = percent_of(all.asking.target.millionths());
    let allowed = u128::from(simulation.requests) * u128::from(all.asking.target.millionths());
    let within = format!(
        "at most {target} % of the requests ({} of {requests}) throttled at their first attempt",
        grouped(allowed / u128::from(MILLIONTHS))
    );
    let tried = simulation.windows.len();
    blocks.push(Block::Paragraph(if tried == 1 {
        let only = simulation.windows.first().map(|result| label(result.measure)).unwrap_or_default();
        format!("{} tokens a minute keep {within}, if the window is {only}.", band.high)
    } else if band.low == band.high {
        format!("{} tokens a minute keep {within}, whichever the window.", band.high)
    } else {
        format!(
            "Between {} and {} tokens a minute keep {within}: how many depends on the window, which AWS does not \
             publish. {} are enough in all of those below.",
            band.low, band.high, band.high
        )
    }));
    blocks.push(windows(simulated));
    blocks.push(Block::Paragraph(format!(
        "With nothing throttled, 60 seconds never hold more than {} tokens: from there on no window throttles \
         anything. More quota may throttle more: below the safe quota a number that passes (the first passing) can \
         lie under one that does not.",
        grouped(simulation.peak_unthrottled)
    )));
    blocks.push(Block::Paragraph(formula(all, simulated)));
    if !simulation.requested.is_empty() {
        blocks.push(Block::Heading("What these quotas would have done".to_owned()));
        blocks.push(requested(all, simulated));
    }
    if let Some(solutions) = &simulated.solutions {
        blocks.push(Block::Heading("The largest max_tokens that is safe".to_owned()));
        let rows = solutions.iter().map(|answer| {
            let value = answer.max_tokens.map(|max_tokens| grouped(max_tokens.into()));
            vec![
                answer.quota.to_string(),
                label(answer.measure).to_owned(),
                value.unwrap_or_else(|| "none".to_owned()),
            ]
        });
        let columns = vec![("Quota", true), ("Window", false), ("max_tokens", true)];
        blocks.push(Block::Table { columns, rows: rows.collect() });
    }
    blocks.push(Block::Heading("Throttled at their first attempt, by quota".to_owned()));
    blocks.push(curve(simulated));
    blocks
}

fn label(measure: Measure) -> &'static str {
    match measure {
        Measure::Rolling => "rolling, the last 60 s",
        Measure::Minute => "minute, from the first request",
        Measure::Bucket => "bucket, refilled evenly",
    }
}

/// A duration in its two largest units.
fn duration(microseconds: u64) -> String {
    let seconds = microseconds / MILLIONTHS;
    match (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0, _) => {
            let tenths = microseconds / (MILLIONTHS / 10);
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (0, hours, minutes, _) => format!("{hours} h {minutes} min"),
        (days, hours, ..) => format!("{} d {hours} h", grouped(days.into())),
    }
}

fn or_none(amount: Option<QuotaAmount>) -> String {
    amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string())
}

fn windows(simulated: &Simulated<'_>) -> Block {
    let columns =
        vec![("Window", false), ("Safe quota", true), ("First passing", true), ("Worst of 60 phases", true)];
    let rows = simulated.simulation.windows.iter().map(|result| {
        let worst =
            result.worst_phase.map(|worst| format!("{} at {} s", worst.safe_quota, worst.phase.seconds()));
        vec![
            label(result.measure).to_owned(),
            or_none(result.safe_quota),
            or_none(result.first_passing),
            worst.unwrap_or_else(|| "-".to_owned()),
        ]
    });
    Block::Table { columns, rows: rows.collect() }
}

/// A share of requests in percent; what is not nothing never reads as nothing.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let Some(share) = share(part.into(), whole.into()) else { return "-".to_owned() };
    let hundredths = (share.millionths() + 50) / 100;
    match (part, hundredths) {
        (0, _) => "0 %".to_owned(),
        (_, 0) => "< 0.01 %".to_owned(),
        (_, 10_000) if part < whole => "> 99.99 %".to_owned(),
        _ => format!("{}.{:02} %", hundredths / 100, hundredths % 100),
    }
}

fn requested(all: &Simulating<'_>, simulated: &Simulated<'_>) -> Block {
    let mut columns =
        vec![("Quota", true), ("Window", false), ("Throttled at\nfirst attempt", true), ("Peak use", true)];
    if all.asking.retries.is_some() {
        columns.extend([("Lost in\nthe end", true), ("Attempts", true)]);
    }
    let mut above = None;
    let rows = simulated.simulation.requested.iter().map(|requested| {
        let is_new = above.replace(requested.quota) != Some(requested.quota);
        requested_row(requested, is_new)
    });
    Block::Table { columns, rows: rows.collect() }
}

fn requested_row(requested: &Requested, is_new: bool) -> Vec<String> {
    let origin = match requested.origin {
        Origin::Asked => "",
        Origin::MeanRate => "\nmean rate",
        Origin::PeakMinute => "\nbusiest minute",
    };
    let name = if is_new { format!("{}{origin}", requested.quota) } else { String::new() };
    let share = |outcome: &Outcome, part: u64| percent(part, outcome.total.requests);
    let mut cells = vec![
        name,
        requested.measure.as_str().to_owned(),
        share(&requested.dropped, requested.dropped.total.throttled),
        grouped(requested.dropped.peak_use),
    ];
    if let Some(retried) = &requested.retried {
        let total = &retried.total;
        cells.push(share(retried, total.lost));
        cells.push(grouped((total.throttled_attempts + (total.requests - total.lost)).into()));
    }
    cells
}

fn curve(simulated: &Simulated<'_>) -> Block {
    let windows = &simulated.simulation.windows;
    let mut columns = vec![("Quota", true)];
    columns.extend(windows.iter().map(|result| match result.measure {
        Measure::Rolling => ("rolling", true),
        Measure::Minute => ("minute", true),
        Measure::Bucket => ("bucket", true),
    }));
    let quotas = windows.first().map(|result| result.curve.as_slice()).unwrap_or_default();
    let rows = quotas.iter().enumerate().map(|(index, point)| {
        let shares = windows.iter().map(|result| {
            let throttled = result.curve.get(index).map(|point| point.throttled);
            throttled.map_or_else(String::new, |part| percent(part, simulated.simulation.requests))
        });
        std::iter::once(point.quota.to_string()).chain(shares).collect()
    });
    Block::Table { columns, rows: rows.collect() }
}

/// Whether a formula would have done.
fn formula(all: &Simulating<'_>, simulated: &Simulated<'_>) -> String {
    let headroom = percent_of(all.asking.headroom.millionths());
    let mut text = String::new();
    if let (Some(profile), Some(band)) = (&simulated.profile, simulated.simulation.band)
        && let Some(ask) = profile.formula(all.asking.headroom)
    {
        let whole = format!("The busiest minute's settled tokens and {headroom} % headroom come to {ask}");
        text = if ask >= band.high {
            format!(
                "The formula would have done: {}, at or above what every window needs; traffic is smooth enough and \
                 max_tokens tight enough for it.",
                whole.replacen("The", "the", 1)
            )
        } else if ask >= band.low || band.low == band.high {
            format!(
                "The formula may be too low: {}, {} short of what the strictest window needs.",
                whole.replacen("The", "the", 1),
                grouped((band.high.get() - ask.get()).into())
            )
        } else {
            format!(
                "The formula would have been too low: {}, {} to {} short.",
                whole.replacen("The", "the", 1),
                grouped((band.low.get() - ask.get()).into()),
                grouped((band.high.get() - ask.get()).into())
            )
        };
    }
    let of_the_plan = match &simulated.closed_form {
        Ok(form) => {
            let times = simulated.ratio_to_rolling().map(|ratio| {
                let hundredths = (ratio.millionths() + 5_000) / 10_000;
                format!(", {}.{:02} times the rolling safe quota", hundredths / 100, hundredths % 100)
            });
            form.required.map(|required| {
                format!(
                    " Planned as one row of workloads.csv with its own means and busiest minute, this traffic \
                     requires {required}{}.",
                    times.unwrap_or_default()
                )
            })
        }
        Err(reason) => Some(format!(" No row of workloads.csv can say the same: {reason}.")),
    };
    text + &of_the_plan.unwrap_or_default()
}

fn assumptions(all: &Simulating<'_>) -> String {
    let mut text = Vec::new();
    for simulated in &all.simulated {
        if simulated.rate.status == RateStatus::Unknown {
            text.push(format!(
                "The burndown rate of {} is unknown: {} is charged, the worst case.",
                simulated.model.name, simulated.rate.rate
            ));
        }
    }
    if let Some(first) = all.simulated.first() {
        let charging = &first.charging;
        let counts = &all.source.counts;
        let max_tokens = match charging.max_tokens {
            MaxTokens::Actual if counts.without_max_tokens == 0 => "the trace's own".to_owned(),
            MaxTokens::Actual if counts.without_max_tokens == counts.records => {
                "the output itself, for the trace states none".to_owned()
            }
            MaxTokens::Actual => "the trace's own, or the output where it states none".to_owned(),
            MaxTokens::AtLeast(most) => format!("{}, or the output where that is more", grouped(most.into())),
            MaxTokens::Unset => "the model's maximum".to_owned(),
        };
        let latency = if counts.without_latency == 0 {
            "the trace's own".to_owned()
        } else {
            format!(
                "{} s and the output at {} tokens a second{}",
                charging.speed.seconds_to_first_token,
                charging.speed.output_tokens_per_second,
                if counts.without_latency < counts.records { ", where the trace states none" } else { "" }
            )
        };
        text.push(format!(
            "A request holds its input and max_tokens ({max_tokens}) until it completes (assumed) and is then charged \
             what it used; its latency is {latency}."
        ));
    }
    if let Some(retries) = all.asking.retries {
        text.push(format!(
            "Lost and attempts are with {} retr{} a request, after pauses of up to 1 s that double; first attempts and \
             peak use are without any.",
            retries.most,
            if retries.most == 1 { "y" } else { "ies" }
        ));
    }
    if let Some(scale) = all.asking.scale.filter(|scale| !scale.is_one()) {
        let how = if scale.replicate { "requests repeated" } else { "times pressed together" };
        text.push(format!("The rate is multiplied by {}, {how}.", scale.factor));
    }
    text.extend(left_out(all));
    text.join(" ")
}

/// What was not taken as it stands.
fn left_out(all: &Simulating<'_>) -> Option<String> {
    let counts = &all.source.counts;
    let parts = [
        (counts.out_of_order, "sorted in behind later ones"),
        (counts.failed, "left out as failed"),
        (counts.unmetered, "left out without token counts"),
        (counts.other_region, "sent to another Region"),
        (counts.without_blocks, "without blocks, so without a cache"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(count.into())))
        .collect();
    (!said.is_empty()).then(|| format!("Records: {}.", said.join("; ")))
}
