//! What is said of a simulation in sentences: whether a formula would have done, and what was assumed.

use super::result::{ScopeSimulation, ShortTrace, SimulateReport, TrafficSource, times_rolling};
use crate::catalog::{LimitField, RateStatus};
use crate::experiment::{Band, MaxTokens, Measure, Simulation};
use crate::trace::{Counts, LeftOutReason, left_out_words};
use crate::units::{MILLIONTHS, QuotaAmount, duration, grouped, percent_of};

/// A number of tokens.
pub(in crate::report) fn tokens(amount: u128) -> String {
    format!("{} token{}", grouped(amount), if amount == 1 { "" } else { "s" })
}

/// From how many files a trace was read, where several paths were named, or a folder.
pub(super) fn files_read(source: &TrafficSource) -> Option<String> {
    let TrafficSource::Trace { files: Some(files), .. } = source else { return None };
    let read = if files.count == 1 {
        "The trace is read from 1 file".to_owned()
    } else {
        format!("The trace is read from {} files", grouped(files.count as u128))
    };
    Some(match files.skipped.count() {
        0 => format!("{read}."),
        1 => format!("{read}; 1 entry of its folders is skipped."),
        count => format!("{read}; {} entries of its folders are skipped.", grouped(count.into())),
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
    let of_failed = || left_out.iter().filter(|left_out| left_out.reason == LeftOutReason::Failed);
    if of_failed().next().is_some() {
        text.push_str(" What a failed call would have used is not known from its record.");
    }
    if of_failed().any(|left_out| left_out.name.contains("Throttl")) {
        text.push_str(
            " What was throttled is not in this traffic, so more may be needed than is said below.",
        );
    } else if of_failed().any(|left_out| left_out.name.is_empty()) {
        text.push_str(" Some of them may have been throttled, so more may be needed than is said below.");
    }
    Some(text)
}

/// What would be needed if inputs included what was cached, where records leave that open.
pub(in crate::report) fn cache_open(simulated: &ScopeSimulation<'_>) -> Option<String> {
    let open = simulated.cache_open?;
    let (apart, included) = simulated.simulation.band.zip(open.band_if_included)?;
    Some(format!(
        "The records of {} of {} requests do not show whether their input includes the cached tokens, as that of some \
         GPT records does: {} a minute are needed if it does not, which is assumed here, {} if it does.",
        grouped(open.requests.into()),
        grouped(simulated.simulation.requests.into()),
        tokens(apart.high.get().into()),
        included.high
    ))
}

/// What is not known about max_tokens, with the two results between which the answer lies: the sentence that
/// leads; `None` where nothing is open.
pub(super) fn unknown_limits(simulated: &ScopeSimulation<'_>) -> Option<String> {
    let (at_maximum, band) = (simulated.at_maximum.as_ref()?, simulated.simulation.band?);
    let head = format!(
        "max_tokens is not known for {} of {} requests",
        grouped(simulated.limits.unknown.into()),
        grouped(simulated.simulation.requests.into())
    );
    let answered = band.high;
    Some(match at_maximum.as_ref().map(|at_maximum| at_maximum.simulation.band) {
        Ok(Some(at_maximum)) => format!(
            "{head}: {} a minute are needed if it is unset ({}), {answered} if it equals the length of each answer.",
            tokens(at_maximum.high.get().into()),
            the_maximum(simulated)
        ),
        Ok(None) => format!("{head}."),
        Err(reason) => format!(
            "{head}: {} a minute are needed if it equals the length of each answer. What is needed if it is unset is not known: \
             {reason}.",
            tokens(answered.get().into())
        ),
    })
}

/// What to do, as a sentence.
pub(in crate::report) fn sentence(help: &str) -> String {
    let mut chars = help.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).chain(['.']).collect()
}

/// That the format of a trace has no max_tokens at all; empty where it has.
pub(super) fn without_column(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> String {
    match &all.source {
        TrafficSource::Trace { format, .. }
            if !format.states_max_tokens() && simulated.limits.unknown > 0 =>
        {
            format!(" The format ({}) does not state it.", format.as_str())
        }
        _ => String::new(),
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
pub(super) fn above_maximum(simulated: &ScopeSimulation<'_>) -> Option<String> {
    let above = simulated.above_maximum;
    (above > 0).then(|| {
        let (state, is_charged) =
            if above == 1 { ("states", "it is replayed as it is") } else { ("state", "they are replayed as they are") };
        format!(
            "{} of {} requests {state} a max_tokens above the maximum of {} ({}), which AWS refuses: {is_charged}.",
            grouped(above.into()),
            grouped(simulated.simulation.requests.into()),
            simulated.model.name,
            grouped(simulated.charging.maximum.unwrap_or_default().into())
        )
    })
}

/// That a trace is too short to base a quota request on.
pub(super) fn short_trace(simulated: &ScopeSimulation<'_>) -> Option<String> {
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
    let why = match (length, requests) {
        (Some(length), Some(requests)) => {
            format!(
                "it covers {length} and has {requests}, and should cover at least {minutes} minutes and have at least {least}"
            )
        }
        (Some(length), None) => format!("it covers {length}, and should cover at least {minutes} minutes"),
        (None, Some(requests)) => format!("it has {requests}, and should have at least {least}"),
        (None, None) => return None,
    };
    Some(format!("The trace is too short to base a quota request on: {why}."))
}

/// Which quota keeps to the target, in the windows tried.
pub(in crate::report) fn kept(all: &SimulateReport<'_>, simulation: &Simulation, band: Band) -> String {
    let target = all.asking.target.millionths();
    let allowed = u128::from(simulation.requests) * u128::from(target) / u128::from(MILLIONTHS);
    let within = format!(
        "at most {} % of the requests ({} of {}) throttled at their first attempt",
        percent_of(target),
        grouped(allowed),
        grouped(simulation.requests.into())
    );
    let keep = |quota: QuotaAmount| {
        format!(
            "{} a minute keep{} {within}",
            tokens(quota.get().into()),
            if quota.get() == 1 { "s" } else { "" }
        )
    };
    match simulation.windows.as_slice() {
        [only] => {
            let safe = only.safe_quota.unwrap_or(band.high);
            let worst = only.worst_phase.map(|worst| worst.safe_quota).filter(|worst| *worst > safe);
            let whenever = worst.map(|worst| format!("; {worst}, whenever the minutes turn"));
            format!(
                "{}, if the window is {}{}.",
                keep(safe),
                label(only.measure),
                whenever.unwrap_or_default()
            )
        }
        _ if band.low == band.high => format!("{}, whichever the window.", keep(band.high)),
        _ => format!(
            "Between {} and {} tokens a minute keep {within}: how many depends on the window, which AWS does not \
             publish. {} are enough in all of those below.",
            band.low, band.high, band.high
        ),
    }
}

/// Whether a formula would have done.
pub(in crate::report) fn formula(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> String {
    let beside = simulated.at_maximum.as_ref().and_then(|at_maximum| at_maximum.as_ref().ok());
    let beside = beside.and_then(|beside| {
        let required = beside.closed_form.as_ref().ok()?.required?;
        let times = times_rolling(&beside.closed_form, &beside.simulation)?;
        Some(format!(
            "With max_tokens unset it requires {required}, which is {times} that replay's rolling safe quota."
        ))
    });
    let sentences = [against_band(all, simulated), closed_form(simulated), beside];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// AWS's formula against what the windows need.
fn against_band(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> Option<String> {
    let (band, ask) = (simulated.simulation.band?, simulated.formula?.ask?);
    let headroom = percent_of(all.asking.headroom.millionths());
    if !simulated.limits_are_known() {
        return Some(either_way(simulated, band, ask, &headroom));
    }
    let (would_do, would_not) = match simulated.planned {
        Some(_) => ("The formula would do", "The formula would be too low"),
        None => ("The formula would have done", "The formula would have been too low"),
    };
    let whole = format!("the busiest minute's settled tokens and {headroom} % headroom come to {ask}");
    let all_set = match simulated.charging.max_tokens {
        MaxTokens::AtLeast(_) => true,
        MaxTokens::Actual => simulated.limits.unset == 0,
        MaxTokens::Unset => false,
    };
    let tight = if simulated.charging.generates && all_set { " and max_tokens tight enough" } else { "" };
    let short = |needed: QuotaAmount| grouped(needed.get().saturating_sub(ask.get()).into());
    Some(if ask >= band.high {
        format!(
            "{would_do}: {whole}, at or above what every window needs; traffic is smooth enough{tight} for it."
        )
    } else if ask >= band.low || band.low == band.high {
        format!(
            "The formula may be too low: {whole}; that is {} short of what the strictest window needs.",
            short(band.high)
        )
    } else {
        format!("{would_not}: {whole}; that is {} to {} short.", short(band.low), short(band.high))
    })
}

/// The formula where the answer depends on limits that are not known: whether it would have done is not said.
fn either_way(simulated: &ScopeSimulation<'_>, band: Band, ask: QuotaAmount, headroom: &str) -> String {
    let judged = |band: Band| {
        let short = |needed: QuotaAmount| grouped(needed.get().saturating_sub(ask.get()).into());
        match () {
            () if ask >= band.high => "enough".to_owned(),
            () if ask >= band.low || band.low == band.high => {
                format!("{} short of what the strictest window needs", short(band.high))
            }
            () => format!("{} to {} short", short(band.low), short(band.high)),
        }
    };
    let beside = match &simulated.at_maximum {
        None => String::new(),
        Some(Err(_)) => ", and not known if it is unset".to_owned(),
        Some(Ok(beside)) => beside
            .simulation
            .band
            .map(|band| format!(", {} if it is unset", judged(band)))
            .unwrap_or_default(),
    };
    format!(
        "The formula (the busiest minute's settled tokens and {headroom} % headroom) comes to {ask}: {} if max_tokens \
         equals the length of each answer{beside}.",
        judged(band)
    )
}

/// What the plan requires, against the rolling safe quota.
fn closed_form(simulated: &ScopeSimulation<'_>) -> Option<String> {
    let form = match &simulated.closed_form {
        Ok(form) => form,
        Err(reason) => return Some(format!("No row of workloads.csv can say the same: {reason}.")),
    };
    let times = times_rolling(&simulated.closed_form, &simulated.simulation)
        .map(|times| format!(", {times} the rolling safe quota"));
    let (required, times) = (form.required?, times.unwrap_or_default());
    Some(match simulated.planned {
        Some(_) => format!("The plan of these rows requires {required}{times}."),
        None => format!(
            "Planned as one row of workloads.csv with its means and the number of requests of its busiest minute, this \
             traffic requires {required}{times}."
        ),
    })
}

/// What was assumed about all of it.
pub(in crate::report) fn assumptions(all: &SimulateReport<'_>) -> String {
    let mut text = Vec::new();
    if let TrafficSource::Drawn(drawing) = all.source {
        text.push(format!(
            "Requests are drawn, not measured (seed {}; another seed gives other numbers, the more so the fewer requests \
             there are): the rows active in one hour, at their busiest minute's rate for {} minute{}. Arrivals are \
             Poisson, in batches where a row states a dispersion above 1 (one below 1 counts as 1); tokens are log-normal where it states a p95, else the \
             mean, and not cut at max_tokens or the context window.",
            drawing.seed,
            grouped(drawing.minutes.into()),
            if drawing.minutes == 1 { "" } else { "s" }
        ));
    }
    let unknown = all.simulated.iter().filter(|simulated| simulated.rate.status == RateStatus::Unknown);
    let as_of = all.asking.rates_as_of.map(|date| format!(" as of {date}")).unwrap_or_default();
    let mut of_rates: Vec<String> = unknown
        .map(|simulated| {
            format!(
                "The burndown rate of {} is unknown{as_of}: {} is charged, the worst case.",
                simulated.model.name, simulated.rate.rate
            )
        })
        .collect();
    if !as_of.is_empty() {
        of_rates.push(format!("Burndown rates are those stated{as_of}."));
    }
    // A model may be simulated in several scopes and accounts.
    of_rates.dedup();
    text.extend(of_rates);
    text.extend(all.simulated.first().map(|first| holding(all, first)));
    if let Some(retries) = all.asking.retries {
        text.push(format!(
            "Lost and attempts are with {} retr{} a request, after pauses of up to 1 s that double; first attempts and \
             peak use are without any.",
            retries.most,
            if retries.most == 1 { "y" } else { "ies" }
        ));
    }
    if let Some(scale) = all.asking.scale.filter(|scale| !scale.is_one()) {
        let how = match (scale.replicate, scale.factor.millionths() < MILLIONTHS) {
            (true, false) => "requests repeated",
            (true, true) => "requests left out",
            (false, false) => "times pressed together",
            (false, true) => "times stretched",
        };
        text.push(format!("The rate is multiplied by {}, {how}.", scale.factor));
    }
    let requested = || all.simulated.iter().flat_map(|simulated| &simulated.simulation.requested);
    if requested().any(|of| of.dropped.peak_use > u128::from(of.quota.get())) {
        text.push(
            "Peak use may exceed the quota: tokens used beyond a reservation are charged when the request completes, even \
             above the quota."
                .to_owned(),
        );
    }
    if requested().any(|of| of.measure == Measure::Bucket) {
        text.push("Peak use of a bucket is the most that was missing from a full one.".to_owned());
    }
    if all.simulated.iter().any(|simulated| simulated.requests_per_minute.is_some()) {
        text.push(
            "A request counts as one against the quota of requests from its arrival on (assumed); each quota is replayed \
             on its own."
                .to_owned(),
        );
    }
    text.extend(left_out(&all.source));
    text.join(" ")
}

/// The max_tokens of a trace that is taken as it is.
fn own_limits(all: &SimulateReport<'_>, counts: &Counts) -> String {
    let stated = counts.taken().saturating_sub(counts.without_max_tokens() + counts.max_tokens_needless);
    let needless = all.simulated.iter().any(|simulated| !simulated.charging.generates);
    let beside = match all.simulated.iter().any(|simulated| simulated.at_maximum.is_some()) {
        true => ", and the model's maximum beside it",
        false => "",
    };
    let parts = [
        (stated, "the trace's own".to_owned()),
        (counts.max_tokens_unset, "the model's maximum where it is unset".to_owned()),
        (counts.max_tokens_unknown, format!("the output where it is not known{beside}")),
        (u64::from(needless), "none where the model generates nothing".to_owned()),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, what)| what).collect();
    said.join("; ")
}

/// What a request holds, and for how long.
fn holding(all: &SimulateReport<'_>, first: &ScopeSimulation<'_>) -> String {
    let charging = &first.charging;
    let max_tokens = match (charging.max_tokens, &all.source) {
        (MaxTokens::AtLeast(most), _) => {
            format!("{}, or the output where that is more", grouped(most.into()))
        }
        (MaxTokens::Unset, _) => "the model's maximum".to_owned(),
        (MaxTokens::Actual, TrafficSource::Drawn(_)) => "the row's, else the model's maximum".to_owned(),
        (MaxTokens::Actual, TrafficSource::Trace { counts, .. }) => own_limits(all, counts),
    };
    let one_speed = all.simulated.iter().all(|simulated| simulated.charging.speed == charging.speed);
    let assumed = |extra: &str| {
        if !one_speed {
            return format!("that of the model's configured speed{extra}");
        }
        let speed = charging.speed.output_tokens_per_second;
        let plural = if speed.millionths() == MILLIONTHS { "" } else { "s" };
        format!(
            "{} s and the output at {speed} token{plural} a second{extra}",
            charging.speed.seconds_to_first_token
        )
    };
    let latency = match &all.source {
        TrafficSource::Drawn(_) => format!("the row's, else {}", assumed("")),
        TrafficSource::Trace { counts, .. } => match counts.without_latency {
            0 => "the trace's own".to_owned(),
            without if without < counts.taken() => assumed(", where the trace states none"),
            _ => assumed(""),
        },
    };
    format!(
        "A request holds its input and max_tokens ({max_tokens}) until it completes (assumed) and is then charged what it \
         used; its latency is {latency}."
    )
}

/// What was not taken as it stands.
fn left_out(source: &TrafficSource) -> Option<String> {
    let TrafficSource::Trace { counts, .. } = source else { return None };
    let parts = [
        (counts.out_of_order, "sorted in behind later ones"),
        (counts.cache_included, "with the cached tokens in their input, which were taken off it"),
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

/// A window in words.
pub(in crate::report) fn label(measure: Measure) -> &'static str {
    match measure {
        Measure::Rolling => "rolling, the last 60 s",
        Measure::Minute => "minute, from the first request",
        Measure::Bucket => "bucket, refilled evenly",
    }
}

/// An amount, or that there is none.
pub(super) fn or_none(amount: Option<QuotaAmount>) -> String {
    amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string())
}

/// A share of requests in percent; what is not nothing never reads as nothing.
pub(in crate::report) fn percent(part: u64, whole: u64) -> String {
    // Half up, once.
    let twice = (2 * 10_000 * u128::from(part) + u128::from(whole)).checked_div(2 * u128::from(whole));
    match (part, twice) {
        (_, None) => "-".to_owned(),
        (0, _) => "0 %".to_owned(),
        (_, Some(0)) => "< 0.01 %".to_owned(),
        (_, Some(10_000)) if part < whole => "> 99.99 %".to_owned(),
        (_, Some(hundredths)) => format!("{}.{:02} %", hundredths / 100, hundredths % 100),
    }
}
