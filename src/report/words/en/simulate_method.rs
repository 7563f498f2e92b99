//! Whether a formula would have done for replayed requests, and what was assumed about them.

use super::shared::{tokens, window};
use super::simulate::rates;
use crate::experiment::{Band, ClosedForm, ClosedFormFault, MaxTokens, Measure, Simulation};
use crate::report::{ScopeSimulation, SimulateReport, TrafficSource};
use crate::trace::Counts;
use crate::units::{MILLIONTHS, QuotaAmount, grouped, percent_of};

/// Which quota keeps to the target, in the windows tried.
pub(super) fn kept(all: &SimulateReport<'_>, simulation: &Simulation, band: Band) -> String {
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
            "{} per minute keep{} {within}",
            tokens(quota.get().into()),
            if quota.get() == 1 { "s" } else { "" }
        )
    };
    match simulation.windows.as_slice() {
        [only] => {
            let safe = only.safe_quota.unwrap_or(band.high);
            let worst = only.worst_phase.map(|worst| worst.safe_quota).filter(|worst| *worst > safe);
            let whenever = worst
                .map(|worst| format!("; {worst} keep to it from whichever second the minutes are counted"));
            format!(
                "{} if the window is {}{}.",
                keep(safe),
                window(only.measure),
                whenever.unwrap_or_default()
            )
        }
        _ if band.low == band.high => format!("{} in every window.", keep(band.high)),
        _ => format!(
            "Between {} and {} tokens per minute keep {within}: how many depends on the window, which AWS does not \
             publish. {} are enough in all windows below.",
            band.low, band.high, band.high
        ),
    }
}

/// What a closed form requires over the safe quota of the rolling window, to hundredths.
pub(super) fn times_rolling(
    form: &Result<ClosedForm, ClosedFormFault>,
    simulation: &Simulation,
) -> Option<String> {
    let ratio = form.as_ref().ok()?.over_rolling(simulation)?;
    let hundredths = (ratio.millionths() + 5_000) / 10_000;
    Some(format!("{}.{:02} times", grouped((hundredths / 100).into()), hundredths % 100))
}

/// Whether a formula would have done.
pub(super) fn formula(all: &SimulateReport<'_>, simulated: &ScopeSimulation<'_>) -> String {
    let beside = simulated.at_maximum.as_ref().and_then(|at_maximum| at_maximum.as_ref().ok());
    let beside = beside.and_then(|beside| {
        let required = beside.closed_form.as_ref().ok()?.required?;
        let times = times_rolling(&beside.closed_form, &beside.simulation)?;
        Some(format!(
            "With max_tokens unset the row requires {required}, {times} the rolling safe quota of that replay."
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
            "{would_do}: {whole}, at or above what every window needs; the traffic is smooth enough{tight} for the \
             formula."
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
        Err(reason) => {
            return Some(format!("This traffic cannot be planned as a row of workloads.csv: {reason}."));
        }
    };
    let times = times_rolling(&simulated.closed_form, &simulated.simulation)
        .map(|times| format!(", {times} the rolling safe quota"));
    let (required, times) = (form.required?, times.unwrap_or_default());
    Some(match simulated.planned {
        Some(_) => format!("The plan of these rows requires {required}{times}."),
        None => format!(
            "Planned as one row of workloads.csv, with its mean values and the requests of its busiest minute, this \
             traffic requires {required}{times}."
        ),
    })
}

/// What was assumed about all of it, a sentence each.
pub(super) fn assumptions(all: &SimulateReport<'_>) -> Vec<String> {
    let mut text = Vec::new();
    if let TrafficSource::Drawn(drawing) = all.source {
        text.push(format!(
            "Requests are drawn, not measured: those of the rows active in one hour, at their busiest minute's rate for {} \
             minute{} (seed {}). With few requests, another seed gives clearly different numbers. Arrivals are \
             Poisson; they come in batches if a row states a dispersion above 1, and partly at equal intervals if it \
             states one below 1. Tokens are log-normal if a row states a p95, otherwise the mean; they are not \
             limited by max_tokens or the context window.",
            grouped(drawing.minutes.into()),
            if drawing.minutes == 1 { "" } else { "s" },
            drawing.seed
        ));
    }
    text.extend(rates(all));
    text.extend(all.simulated.first().map(|first| holding(all, first)));
    if let Some(retries) = all.asking.retries {
        text.push(format!(
            "Lost requests and attempts allow for {} retr{} per request, after pauses of up to 1 s that double. First attempts and \
             peak use are without retries.",
            retries.most,
            if retries.most == 1 { "y" } else { "ies" }
        ));
    }
    if let Some(scale) = all.asking.scale.filter(|scale| !scale.is_one()) {
        let how = match (scale.replicate, scale.factor.millionths() < MILLIONTHS) {
            (true, false) => "by repeating requests",
            (true, true) => "by leaving out requests",
            (false, false) => "by compressing the times",
            (false, true) => "by stretching the times",
        };
        text.push(format!("The rate is multiplied by {}, {how}.", scale.factor));
    }
    let requested = || all.simulated.iter().flat_map(|simulated| &simulated.simulation.requested);
    if requested().any(|of| of.dropped.peak_use > u128::from(of.quota.get())) {
        text.push(
            "Peak use may exceed the quota: tokens beyond a reservation are charged when the request completes, whatever the \
             quota."
                .to_owned(),
        );
    }
    if requested().any(|of| of.measure == Measure::Bucket) {
        text.push(
            "The peak use of a bucket is the largest amount that was missing from a full bucket.".to_owned(),
        );
    }
    if all.simulated.iter().any(|simulated| simulated.requests_per_minute.is_some()) {
        text.push(
            "A request counts as one against the requests quota from its arrival (assumed); each quota is replayed \
             on its own."
                .to_owned(),
        );
    }
    text.extend(left_out(&all.source));
    text
}

/// The max_tokens of a trace that is taken as it is.
fn own_limits(all: &SimulateReport<'_>, counts: &Counts) -> String {
    let stated = counts.taken().saturating_sub(counts.without_max_tokens() + counts.max_tokens_needless);
    let needless = all.simulated.iter().any(|simulated| !simulated.charging.generates);
    let beside = match all.simulated.iter().any(|simulated| simulated.at_maximum.is_some()) {
        true => ", and also with the model's maximum",
        false => "",
    };
    let parts = [
        (stated, "the trace's own".to_owned()),
        (counts.max_tokens_unset, "the model's maximum if it is unset".to_owned()),
        (counts.max_tokens_unknown, format!("the output if it is not known{beside}")),
        (u64::from(needless), "none if the model generates nothing".to_owned()),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, what)| what).collect();
    said.join("; ")
}

/// What a request holds, and for how long.
fn holding(all: &SimulateReport<'_>, first: &ScopeSimulation<'_>) -> String {
    let charging = &first.charging;
    let max_tokens = match (charging.max_tokens, &all.source) {
        (MaxTokens::AtLeast(most), _) => {
            format!("{}, or the output if that is more", grouped(most.into()))
        }
        (MaxTokens::Unset, _) => "the model's maximum".to_owned(),
        (MaxTokens::Actual, TrafficSource::Drawn(_)) => "the row's, else the model's maximum".to_owned(),
        (MaxTokens::Actual, TrafficSource::Trace { counts, .. }) => own_limits(all, counts),
    };
    let one_speed = all.simulated.iter().all(|simulated| simulated.charging.speed == charging.speed);
    let assumed = |extra: &str| {
        if !one_speed {
            return format!("the one given by the model's configured speed{extra}");
        }
        let speed = charging.speed.output_tokens_per_second;
        let plural = if speed.millionths() == MILLIONTHS { "" } else { "s" };
        format!(
            "{} s and the output at {speed} token{plural} per second{extra}",
            charging.speed.seconds_to_first_token
        )
    };
    let latency = match &all.source {
        TrafficSource::Drawn(_) => format!("the row's, else {}", assumed("")),
        TrafficSource::Trace { counts, .. } => match counts.without_latency {
            0 => "the trace's own".to_owned(),
            without if without < counts.taken() => assumed(", if the trace states none"),
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
        (counts.out_of_order, "out of order, which were sorted"),
        (counts.cache_included, "whose input included the cached tokens, which were subtracted"),
        (counts.other_region, "sent to another Region"),
        (counts.without_blocks, "without blocks, and so without a cache"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(count.into())))
        .collect();
    (!said.is_empty()).then(|| format!("Records: {}.", said.join("; ")))
}
