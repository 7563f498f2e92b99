//! What must be known before a number of a simulation is acted on, with every digit.

use super::shared::{sentence, tokens};
use crate::catalog::LimitField;
use crate::experiment::MaxTokens;
use crate::report::words::sentence::Sentence;
use crate::report::{ScopeSimulation, ShortTrace, SimulateReport, TrafficSource};
use crate::trace::{LeftOutReason, left_out_words};
use crate::units::{duration, grouped};

/// From how many files a trace was read, where several paths were named, or a folder.
pub(super) fn files_read(source: &TrafficSource) -> Option<String> {
    let TrafficSource::Trace { files: Some(files), .. } = source else { return None };
    let read = if files.count == 1 {
        "The trace was read from 1 file".to_owned()
    } else {
        format!("The trace was read from {} files", grouped(files.count as u128))
    };
    Some(match files.skipped.count() {
        0 => format!("{read}."),
        1 => format!("{read}; 1 entry of its folders was skipped."),
        count => format!("{read}; {} entries of its folders were skipped.", grouped(count.into())),
    })
}

/// What the file holds besides the requests that are replayed, and what that means for the result.
pub(super) fn records_left_out(source: &TrafficSource) -> Option<String> {
    let TrafficSource::Trace { counts, left_out, .. } = source else { return None };
    if left_out.is_empty() {
        return None;
    }
    let count: u64 = left_out.iter().map(|left_out| left_out.records).sum();
    let mut text = format!(
        "Of {} records {} {} left out: {}.",
        grouped(counts.records.into()),
        grouped(count.into()),
        if count == 1 { "is" } else { "are" },
        left_out_words(left_out).join("; ")
    );
    if left_out.iter().any(|left_out| left_out.reason == LeftOutReason::Failed) {
        text.push_str(" The record of a failed call does not show what it would have used.");
    }
    Some(text)
}

/// That calls which were throttled, or may have been, are missing from the traffic.
pub(super) fn throttled_missing(source: &TrafficSource) -> Option<String> {
    let TrafficSource::Trace { left_out, .. } = source else { return None };
    let of_failed = || left_out.iter().filter(|left_out| left_out.reason == LeftOutReason::Failed);
    if of_failed().any(|left_out| left_out.name.contains("Throttl")) {
        Some("Throttled calls are missing from the trace, so more may be needed than shown here.".to_owned())
    } else if of_failed().any(|left_out| left_out.name.is_empty()) {
        Some(
            "Failed calls are missing from the trace. Some may have been throttled, so more may be needed than shown \
             here."
                .to_owned(),
        )
    } else {
        None
    }
}

/// What would be needed if inputs included what was cached, where records leave that open.
pub(super) fn cache_open(simulated: &ScopeSimulation<'_>) -> Option<String> {
    let open = simulated.cache_open?;
    let (apart, included) = simulated.simulation.band.zip(open.band_if_included)?;
    Some(format!(
        "{} of {} records do not show whether their input includes the cached tokens, as it does in some GPT \
         records: {} per minute are needed if it does not (assumed here), and {} if it does.",
        grouped(open.requests.into()),
        grouped(simulated.simulation.requests.into()),
        tokens(apart.high.get().into()),
        included.high
    ))
}

/// What is not known about max_tokens, with the two results between which the answer lies; `None` where nothing is
/// open.
pub(super) fn max_tokens_unknown(simulated: &ScopeSimulation<'_>) -> Option<Sentence> {
    let (at_maximum, band) = (simulated.at_maximum.as_ref()?, simulated.simulation.band?);
    let head = unknown_count(simulated.limits.unknown, simulated.simulation.requests);
    let answered = band.high;
    let message = match at_maximum.as_ref().map(|at_maximum| at_maximum.simulation.band) {
        Ok(Some(at_maximum)) => format!(
            "{head}: {} per minute are needed if it is unset ({}), and {answered} if it equals the length of each \
             answer.",
            tokens(at_maximum.high.get().into()),
            the_maximum(simulated)
        ),
        Ok(None) => format!("{head}."),
        Err(reason) => format!(
            "{head}: {} per minute are needed if it equals the length of each answer. It is not known what is needed \
             if it is unset: {reason}.",
            tokens(answered.get().into())
        ),
    };
    let help = "look up the limit in your clients, and state it with --max-tokens N or --max-tokens unset";
    Some(sentence(message, help))
}

/// Of how many requests max_tokens is not known.
pub(super) fn unknown_count(unknown: u64, requests: u64) -> String {
    format!(
        "max_tokens is not known for {} of {} requests",
        grouped(unknown.into()),
        grouped(requests.into())
    )
}

/// That the format of a trace has no max_tokens at all: a clause.
pub(super) fn without_column(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> Option<String> {
    match &all.source {
        TrafficSource::Trace { format, .. }
            if !format.states_max_tokens() && simulated.limits.unknown > 0 =>
        {
            Some(format!("the format ({}) does not state it", format.as_str()))
        }
        _ => None,
    }
}

/// The model's maximum in words.
pub(super) fn the_maximum(simulated: &ScopeSimulation<'_>) -> String {
    let other = simulated.model.smallest_disputed(LimitField::MaxOutputTokens);
    match (simulated.charging.maximum, other) {
        (Some(maximum), Some(other)) => {
            format!("the model's maximum, {}; another source says {}", grouped(maximum.into()), other.value)
        }
        (Some(maximum), None) => format!("the model's maximum, {}", grouped(maximum.into())),
        (None, _) => "the model's maximum".to_owned(),
    }
}

/// Requests that set no max_tokens, and what that makes them reserve; `None` where all set it, or the command
/// line does.
pub(super) fn unset_limits(simulated: &ScopeSimulation<'_>) -> Option<String> {
    let is_own = simulated.charging.max_tokens == MaxTokens::Actual && simulated.charging.generates;
    let (unset, requests) = (simulated.limits.unset, simulated.simulation.requests);
    (is_own && unset > 0 && simulated.planned.is_none()).then(|| {
        format!(
            "{} of {} requests set no max_tokens: each of them reserves {}.",
            grouped(unset.into()),
            grouped(requests.into()),
            the_maximum(simulated)
        )
    })
}

/// That requests state a max_tokens above the model's maximum.
pub(super) fn above_maximum(simulated: &ScopeSimulation<'_>) -> Option<Sentence> {
    let above = simulated.above_maximum;
    (above > 0).then(|| {
        let (state, is_charged) = if above == 1 {
            ("states", "it is replayed as it is")
        } else {
            ("state", "they are replayed as they are")
        };
        let message = format!(
            "{} of {} requests {state} a max_tokens above the maximum of {} ({}), which AWS refuses: {is_charged}.",
            grouped(above.into()),
            grouped(simulated.simulation.requests.into()),
            simulated.model.name,
            grouped(simulated.charging.maximum.unwrap_or_default().into())
        );
        sentence(message, "compare the log with the model's maximum in the model table, or set --max-tokens N")
    })
}

/// That a trace is too short to base a quota request on.
pub(super) fn short_trace(simulated: &ScopeSimulation<'_>) -> Option<Sentence> {
    let why = too_short(simulated)?;
    let message = format!("The trace is too short to base a quota request on: {why}.");
    Some(sentence(message, "replay a longer trace, with its busiest hour in it"))
}

/// What a trace has too little of: a clause.
pub(super) fn too_short(simulated: &ScopeSimulation<'_>) -> Option<String> {
    let ShortTrace { requests, duration_microseconds } = simulated.short?;
    let (least, minutes) = (grouped(ShortTrace::REQUESTS.into()), ShortTrace::MINUTES);
    let requests = requests.map(|requests| {
        let requests_are = if requests == 1 {
            "1 request".to_owned()
        } else {
            format!("{} requests", grouped(requests.into()))
        };
        format!("{requests_are} of {} {}", simulated.model.name, simulated.scope)
    });
    let length = duration_microseconds.map(duration);
    match (length, requests) {
        (Some(length), Some(requests)) => Some(format!(
            "it covers {length} and has {requests}; it should cover at least {minutes} minutes and have at least \
             {least}"
        )),
        (Some(length), None) => {
            Some(format!("it covers {length}; it should cover at least {minutes} minutes"))
        }
        (None, Some(requests)) => Some(format!("it has {requests}; it should have at least {least}")),
        (None, None) => None,
    }
}
