//! What a simulation says on one screen.

use super::English;
use super::numbers::{short_capacity, short_demand};
use super::shared::{counted, percent, window};
use super::simulate_findings::{
    cache_open, the_maximum, throttled_missing, too_short, unknown_count, without_column,
};
use crate::catalog::RateStatus;
use crate::experiment::{Band, MaxTokens, Origin, Simulation};
use crate::report::simulate::{HeldAgainst, ThrottledRange};
use crate::report::words::actions::ActionSentence;
use crate::report::words::simulate::SimulateWords;
use crate::report::words::traits::NumberWords;
use crate::report::{RequestQuota, ScopeSimulation, SimulateReport, TrafficSource};
use crate::text::Code;
use crate::units::{Limit, QuotaAmount, QuotaKind, grouped, percent_of};

/// The verdict, the assumption that matters most first.
pub(super) fn verdict(all: &SimulateReport<'_>) -> Vec<String> {
    match all.simulated.as_slice() {
        [only] => verdict_of_one(all, only),
        several => verdict_of_several(all, several),
    }
}

fn verdict_of_one(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Vec<String> {
    let Some(band) = of.simulation.band else { return vec![no_requests(of)] };
    let needed = match unknown(of) {
        Some(unknown) => unknown,
        None => format!("{}{}.", needed(&of.simulation, band), unset(of)),
    };
    let held = of.held_against().map(|held| against(all, of, held));
    let formula = of
        .formula_beside_default()
        .filter(|_| of.at_maximum.is_none())
        .map(|formula| against(all, of, formula));
    let is_short = of.short.is_some() && all.asking.policy.severity_of(Code::ShortTrace).is_some();
    let short = is_short.then(|| "The trace is too short to base a quota request on.".to_owned());
    let above = (of.above_maximum > 0 && all.asking.policy.severity_of(Code::StatedAboveMaximum).is_some())
        .then(|| {
            let above = grouped(of.above_maximum.into());
            format!(
                "{above} of the requests state a max_tokens above the model's maximum, which AWS refuses."
            )
        });
    let missing = throttled_missing(&all.source);
    let sentences =
        [Some(needed), missing, held, formula, requests_a_minute(all, of), cache_open(of), above, short];
    sentences.into_iter().flatten().collect()
}

/// The two results between which the answer lies, where max_tokens is not known.
fn unknown(of: &ScopeSimulation<'_>) -> Option<String> {
    let (at_maximum, band) = (of.at_maximum.as_ref()?, of.simulation.band?);
    let head = unknown_count(of.limits.unknown, of.simulation.requests);
    let tight = short_demand(band.high);
    Some(match at_maximum.as_ref().map(|unset| unset.simulation.band) {
        Ok(Some(unset)) => format!(
            "{head}: {} tokens per minute are needed if it is unset ({}), and {tight} if it is only as long as each \
             answer.",
            short_demand(unset.high),
            the_maximum(of)
        ),
        Ok(None) => format!("{head}."),
        Err(reason) => format!(
            "{head}: {tight} tokens per minute are needed if it is only as long as each answer. It is not known what \
             is needed if it is unset: {reason}."
        ),
    })
}

/// What is needed, and what that depends on.
fn needed(simulation: &Simulation, band: Band) -> String {
    let (low, high) = (short_demand(band.low), short_demand(band.high));
    let are = if band.high.get() == 1 { "token per minute is" } else { "tokens per minute are" };
    match simulation.windows.as_slice() {
        [only] => format!("{high} {are} needed if the window is {}", window(only.measure)),
        _ if low == high => format!("{high} {are} needed, however AWS counts a minute"),
        _ => format!(
            "{low} to {high} {are} needed: how many depends on how AWS counts a minute, which it does not publish"
        ),
    }
}

/// That requests without max_tokens reserve the model's maximum.
fn unset(of: &ScopeSimulation<'_>) -> String {
    let is_own = of.charging.max_tokens == MaxTokens::Actual && of.charging.generates;
    let unset = of.limits.unset;
    if !is_own || unset == 0 || of.planned.is_some() {
        return String::new();
    }
    format!(
        "; {} of {} requests set no max_tokens, and each of these reserves {}",
        grouped(unset.into()),
        grouped(of.simulation.requests.into()),
        the_maximum(of)
    )
}

/// What a quota does to the requests.
fn against(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>, held: HeldAgainst) -> String {
    let requests = of.simulation.requests;
    let quota = match held.origin {
        Origin::Granted => format!("The applied quota of {}", short_capacity(held.quota)),
        Origin::Default => format!("AWS's default of {} (yours may be lower)", short_capacity(held.quota)),
        Origin::Formula => format!("AWS's formula asks for {}, which", short_demand(held.quota)),
        _ => format!("A quota of {}", short_capacity(held.quota)),
    };
    let too_low = too_low(held.whole(), all.allowed(requests));
    match held.unset {
        Some(unset) if unset.most == 0 && held.throttled.most == 0 => {
            format!("{quota} throttles no request either way.")
        }
        Some(unset) => format!(
            "{quota} throttles {} if max_tokens is that short, and {} if it is unset{too_low}.",
            throttled(held.throttled, requests, true),
            throttled(unset, requests, false)
        ),
        None => format!("{quota} throttles {}{too_low}.", throttled(held.throttled, requests, true)),
    }
}

fn too_low(range: ThrottledRange, allowed: u64) -> &'static str {
    match () {
        () if range.least > allowed => ": the quota is too low",
        () if range.most > allowed => ": the quota may be too low",
        () => "",
    }
}

/// What is throttled, in words; where `whole`, with what it is a share of.
fn throttled(range: ThrottledRange, requests: u64, whole: bool) -> String {
    match range {
        ThrottledRange { most: 0, .. } if whole => "no request".to_owned(),
        ThrottledRange { most: 0, .. } => "none".to_owned(),
        ThrottledRange { least, most } => {
            let of = if whole { " of the requests" } else { "" };
            format!("{}{of}", shares(least, most, requests))
        }
    }
}

/// A range of shares: `2.95 to 6.88 %`.
pub(super) fn shares(least: u64, most: u64, whole: u64) -> String {
    let (low, high) = (percent(least, whole), percent(most, whole));
    if low == high {
        return high;
    }
    format!("{} to {high}", low.trim_end_matches(" %"))
}

/// Requests per minute beside tokens: what is needed, and what the applied quota or the default throttles.
fn requests_a_minute(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Option<String> {
    let RequestQuota { limits, simulation, .. } = of.requests_per_minute.as_ref()?;
    let band = simulation.band?;
    let (low, high) = (short_demand(band.low), short_demand(band.high));
    let needed = if low == high { high } else { format!("{low} to {high}") };
    let are = if band.high.get() == 1 { "is" } else { "are" };
    let judged = match limits.capacity() {
        None => "their quota is not known".to_owned(),
        Some((Limit::Unlimited, _)) => "they are unlimited".to_owned(),
        Some((Limit::Amount(amount), origin)) => {
            let whose = if origin == Origin::Granted { "the applied quota" } else { "AWS's default" };
            let range = ThrottledRange::of(simulation.requested.iter())?;
            let requests = simulation.requests;
            let too_low = too_low(range, all.allowed(requests));
            format!(
                "{whose} of {} throttles {}{too_low}",
                short_capacity(amount),
                throttled(range, requests, true)
            )
        }
    };
    Some(format!("Requests per minute: {needed} {are} needed; {judged}."))
}

/// That there is nothing to replay.
pub(super) fn no_requests(of: &ScopeSimulation<'_>) -> String {
    match of.planned.as_ref().map(|planned| planned.expected_requests) {
        Some(expected) if expected > 0 => format!(
            "None of about {} expected requests was drawn, so there is no result: increase --minutes.",
            grouped(expected.into())
        ),
        _ => "There are no requests, so there is no safe quota.".to_owned(),
    }
}

fn verdict_of_several(all: &SimulateReport<'_>, several: &[ScopeSimulation<'_>]) -> Vec<String> {
    let open = several.iter().filter(|of| of.at_maximum.is_some());
    let (unknown, requests) = open.fold((0, 0), |(unknown, requests), of| {
        (unknown + of.limits.unknown, requests + of.simulation.requests)
    });
    let mut sentences = Vec::new();
    if unknown > 0 {
        sentences.push(format!("{}: what is needed depends on it.", unknown_count(unknown, requests)));
    }
    sentences.extend(throttled_missing(&all.source));
    let judged = several.iter().filter_map(|of| Some((of, of.held_against()?.whole())));
    let (mut low, mut open, mut enough) = (0, 0, 0);
    for (of, range) in judged {
        match all.allowed(of.simulation.requests) {
            allowed if range.least > allowed => low += 1,
            allowed if range.most > allowed => open += 1,
            _ => enough += 1,
        }
    }
    let count = several.len();
    let is = |count: usize, word: &str| format!("{count} {} {word}", if count == 1 { "is" } else { "are" });
    let others = count - low - open - enough;
    let parts = [
        (low > 0).then(|| is(low, "too low")),
        (open > 0).then(|| format!("{open} may be too low")),
        (enough > 0).then(|| is(enough, "enough")),
        (others > 0).then(|| is(others, "not judged")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    sentences.push(format!("{} simulated: {}.", counted(count, "quota"), parts.join(", ")));
    sentences.extend(worst(all, several));
    let short = several.iter().filter(|of| of.short.is_some()).count();
    if short > 0 && all.asking.policy.severity_of(Code::ShortTrace).is_some() {
        let of = if short == count { String::new() } else { format!(" for {short} of them") };
        sentences.push(format!("The trace is too short to base a quota request on{of}."));
    }
    sentences
}

/// The quota that throttles the largest share, where that is more than is allowed.
fn worst(all: &SimulateReport<'_>, several: &[ScopeSimulation<'_>]) -> Option<String> {
    let held = several.iter().filter_map(|of| Some((of, of.held_against()?)));
    let share = |of: &ScopeSimulation<'_>, held: &HeldAgainst| {
        let millionths = u128::from(held.whole().most) * 1_000_000;
        millionths.checked_div(of.simulation.requests.into()).unwrap_or(0)
    };
    let (of, held) = held.max_by_key(|(of, held)| share(of, held))?;
    let ThrottledRange { least, most } = held.whole();
    let requests = of.simulation.requests;
    (most > all.allowed(requests)).then(|| {
        format!(
            "The worst is {}: {} throttles {} of its requests.",
            English.simulated_quota(of),
            short_capacity(held.quota),
            shares(least, most, requests)
        )
    })
}

/// What to do before a number is acted on.
pub(super) fn steps(all: &SimulateReport<'_>) -> Vec<(&'static str, ActionSentence)> {
    let open = all.simulated.iter().find(|of| of.at_maximum.is_some());
    let look_up = open.map(|of| {
        let what = "max_tokens in your clients; state it with --max-tokens N, or unset".to_owned();
        ("LOOK UP", ActionSentence { what, why: without_column(all, of).into_iter().collect() })
    });
    let is_told = all.asking.policy.severity_of(Code::ShortTrace).is_some();
    let short = all.simulated.iter().filter(|_| is_told).find_map(too_short);
    let record = short.map(|why| {
        let what = "a longer trace, with its busiest hour in it".to_owned();
        ("REPLAY", ActionSentence { what, why: vec![why] })
    });
    look_up
        .into_iter()
        .chain(record)
        .chain(all.simulated.iter().flat_map(|of| quota_steps(all, of)))
        .collect()
}

/// What to do where a quota that there is throttles too much.
fn quota_steps(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Vec<(&'static str, ActionSentence)> {
    let mut steps = Vec::new();
    let held = of.held_against().filter(|held| held.origin != Origin::Formula);
    let needed = of.simulation.band.filter(|_| of.at_maximum.is_none()).map(|band| band.high);
    if let Some((held, needed)) = held.zip(needed)
        && held.whole().most > all.allowed(of.simulation.requests)
    {
        let settled = of.formula.filter(|_| of.charging.generates);
        let fits_settled = settled.is_some_and(|formula| formula.peak_minute <= held.quota);
        let mut why: Vec<String> = settled
            .map(|formula| {
                format!(
                    "settled tokens, which CloudWatch shows, are {} a minute on average and {} in the busiest minute",
                    short_demand(formula.mean_rate),
                    short_demand(formula.peak_minute)
                )
            })
            .into_iter()
            .collect();
        match (safe_max_tokens(of, held.quota), of.solutions.is_some()) {
            (Some(most), _) => {
                let what = format!("max_tokens to at most {}", grouped(most.into()));
                let fits = format!("{} is enough then, in every window", short_capacity(held.quota));
                steps.push(("LOWER", ActionSentence { what, why: vec![fits] }));
            }
            (None, false) if fits_settled => {
                let what = "max_tokens: --solve max-tokens says how far".to_owned();
                let because =
                    "the settled tokens of every minute fit, and the reservations do not".to_owned();
                steps.push(("LOWER", ActionSentence { what, why: vec![because] }));
            }
            (None, _) if settled.is_some() && !fits_settled => {
                why.push("that alone is more than the quota, whatever max_tokens is".to_owned());
            }
            (None, _) => {}
        }
        steps.push(raised(all, of, (held.quota, needed), why));
    }
    steps.extend(more_requests(all, of));
    steps
}

/// The largest max_tokens at which a quota is safe in every window, where that was asked and there is one.
fn safe_max_tokens(of: &ScopeSimulation<'_>, quota: QuotaAmount) -> Option<u64> {
    let answers = of.solutions.as_ref()?.iter().filter(|answer| answer.quota == quota);
    answers.map(|answer| answer.max_tokens).min().flatten()
}

/// How a quota comes to hold what is needed: AWS's default restored, another model, or an increase.
fn raised(
    all: &SimulateReport<'_>,
    of: &ScopeSimulation<'_>,
    (quota, needed): (QuotaAmount, QuotaAmount),
    mut why: Vec<String>,
) -> (&'static str, ActionSentence) {
    let entry = of.model.scope(of.scope).and_then(|entry| entry.quota(QuotaKind::Tpm));
    let code = entry.and_then(|entry| entry.known_code()).map(|code| format!(", {code}")).unwrap_or_default();
    let title = format!("{}, tokens per minute{code}", English.simulated_quota(of));
    if let Some(default) = of.default_quota().filter(|default| *default >= needed && *default > quota) {
        why.push(format!("{} are needed, which AWS's default holds", short_demand(needed)));
        let what = format!("{title}: to AWS's default, {}", grouped(default.get().into()));
        return ("RESTORE", ActionSentence { what, why });
    }
    if of.model.takes_no_increases(all.asking.today) {
        why.push(format!(
            "{} are needed, and AWS grants no increases for a Legacy model",
            short_demand(needed)
        ));
        return ("MIGRATE", ActionSentence { what: format!("off {}", of.model.name), why });
    }
    let what = format!("{title}: {}", grouped(needed.get().into()));
    ("ASK", ActionSentence { what, why })
}

/// What to ask for where the quota of requests per minute throttles too much.
fn more_requests(
    all: &SimulateReport<'_>,
    of: &ScopeSimulation<'_>,
) -> Option<(&'static str, ActionSentence)> {
    let RequestQuota { limits, simulation, .. } = of.requests_per_minute.as_ref()?;
    let range = ThrottledRange::of(simulation.requested.iter())?;
    let needed = simulation.band.filter(|_| range.most > all.allowed(simulation.requests))?.high;
    let code = limits.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
    let title = format!("{}, requests per minute{code}", English.simulated_quota(of));
    if of.model.takes_no_increases(all.asking.today) {
        return None;
    }
    Some((
        "ASK",
        ActionSentence { what: format!("{title}: {}", grouped(needed.get().into())), why: Vec::new() },
    ))
}

/// How the figures come about.
pub(super) fn method(all: &SimulateReport<'_>) -> Vec<String> {
    let target = percent_of(all.asking.target.millionths());
    let only = match all.simulated.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let of = only.map_or_else(String::new, |of| {
        let requests = of.simulation.requests;
        format!(" ({} of {})", grouped(all.allowed(requests).into()), grouped(requests.into()))
    });
    let is_one = only.is_some_and(|of| of.simulation.windows.len() == 1);
    let tried = if is_one { "this is one of three windows" } else { "several windows are tried" };
    let mut sentences = vec![format!(
        "Needed: at most {target} % of first attempts{of} are throttled. AWS does not publish how it counts a minute: \
         {tried}."
    )];
    if all.simulated.iter().any(|of| of.at_maximum.is_some()) {
        sentences.push(
            "Tight: max_tokens is as long as each answer. Unset: it is the model's maximum.".to_owned(),
        );
    }
    if only.is_none() {
        sentences.push(
            "Quota: the applied value, else AWS's default, else what AWS's formula asks for.".to_owned(),
        );
    }
    let has_formula = |of: &ScopeSimulation<'_>| {
        let mut tried = of.simulation.requested.iter().chain(&of.at_ask);
        tried.any(|tried| tried.origin == Origin::Formula)
    };
    if all.simulated.iter().any(has_formula) {
        let headroom = percent_of(all.asking.headroom.millionths());
        sentences.push(format!(
            "AWS's formula: the settled tokens of the busiest minute plus {headroom} % headroom."
        ));
    }
    if let TrafficSource::Drawn(drawing) = all.source {
        sentences.push(format!(
            "Requests are drawn for {} at the busiest rate (seed {}): another seed gives other numbers.",
            counted(drawing.minutes as usize, "minute"),
            drawing.seed
        ));
    }
    sentences.extend(rates(all));
    sentences
}

/// Which burndown rates are charged, where that is not plain.
pub(super) fn rates(all: &SimulateReport<'_>) -> Vec<String> {
    let unknown = all.simulated.iter().filter(|of| of.rate.status == RateStatus::Unknown);
    let as_of = all.asking.rates_as_of.map(|date| format!(" as of {date}")).unwrap_or_default();
    let mut sentences: Vec<String> = unknown
        .map(|of| {
            format!(
                "The burndown rate of {} is unknown{as_of}, so the worst case, {}, is charged.",
                of.model.name, of.rate.rate
            )
        })
        .collect();
    if !as_of.is_empty() {
        sentences.push(format!("Burndown rates are those stated{as_of}."));
    }
    // A model may be simulated in several scopes and accounts.
    sentences.dedup();
    sentences
}

/// The name of a range of quotas: `540 k to 1.30 M`.
pub(super) fn curve_range(simulation: &Simulation) -> String {
    let curve = simulation.windows.first().map(|result| result.curve.as_slice()).unwrap_or_default();
    let quota = |at: Option<QuotaAmount>| at.map(|quota| English.short_capacity(quota)).unwrap_or_default();
    let (first, last) = (curve.first(), curve.last());
    format!("{} to {}", quota(first.map(|point| point.quota)), quota(last.map(|point| point.quota)))
}
