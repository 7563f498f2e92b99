//! The headings, titles and names of a simulation's tables.

use super::shared::{as_sentence, percent, tokens, window};
use super::simulate_findings::{
    above_maximum, cache_open, files_read, max_tokens_unknown, records_left_out, short_trace, the_maximum,
    unset_limits,
};
use super::{simulate, simulate_method};
use crate::engine::long_context_words;
use crate::experiment::{Band, Measure, Origin, Requested, Simulation};
use crate::report::simulate::ThrottledRange;
use crate::report::words::actions::ActionSentence;
use crate::report::words::sentence::Sentence;
use crate::report::words::simulate::{MaxTokensAssumed, SimulateTitles, SimulateWords};
use crate::report::{RequestQuota, ScopeSimulation, SimulateReport, TrafficSource};
use crate::text::Code;
use crate::text::plain::cell_name;
use crate::units::{Limit, duration, grouped};

/// A requirement behind what it is of.
const fn assumed_words(assumed: MaxTokensAssumed) -> &'static str {
    match assumed {
        MaxTokensAssumed::Nothing => "",
        MaxTokensAssumed::AsAnswered => ", max_tokens equal to the length of each answer",
        MaxTokensAssumed::Unset => ", max_tokens unset",
    }
}

/// What is needed of requests per minute, and what the applied quota or the default throttles, with every digit.
fn requests_judged(all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Option<String> {
    let RequestQuota { limits, simulation, .. } = of.requests_per_minute.as_ref()?;
    let band = simulation.band?;
    let code = limits.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    let are = if band.high.get() == 1 { "is" } else { "are" };
    let needed = match simulation.windows.as_slice() {
        [only] => format!("{} {are} needed if the window is {}", band.high, window(only.measure)),
        _ if band.low == band.high => format!("{} {are} needed in every window", band.high),
        _ => format!("{} to {} are needed, depending on the window", band.low, band.high),
    };
    let whose = |origin| if origin == Origin::Granted { "the applied quota" } else { "AWS's default" };
    let judged = match limits.capacity() {
        None => "neither an applied quota nor AWS's default is known".to_owned(),
        Some((Limit::Unlimited, origin)) => format!("{} is unlimited", whose(origin)),
        Some((Limit::Amount(amount), origin)) => {
            let lower = if origin == Origin::Granted { "" } else { "; the applied quota may be lower" };
            format!("{} of {amount} {}{lower}", whose(origin), throttles(all, &simulation.requested))
        }
    };
    Some(format!("Requests per minute{code}: {needed}; {judged}."))
}

/// What a quota throttles over all windows, and whether that is more than was allowed.
fn throttles(all: &SimulateReport<'_>, requested: &[Requested]) -> String {
    let total = requested.first().map_or(0, |requested| requested.dropped.total.requests);
    let Some(range) = ThrottledRange::of(requested.iter()) else { return "throttles none".to_owned() };
    let allowed = all.allowed(total);
    let too_low = match range {
        ThrottledRange { least, .. } if least > allowed => ", so it is too low",
        ThrottledRange { most, .. } if most > allowed => ", so it may be too low",
        ThrottledRange { .. } => "",
    };
    match range {
        ThrottledRange { most: 0, .. } => "throttles none".to_owned(),
        ThrottledRange { least, most } if least == most => {
            format!("throttles {} of them at their first attempt{too_low}", percent(most, total))
        }
        ThrottledRange { least, most } => format!(
            "throttles {} of them at their first attempt, depending on the window{too_low}",
            simulate::shares(least, most, total)
        ),
    }
}

impl SimulateWords for super::English {
    fn simulate_verdict(&self, all: &SimulateReport<'_>) -> Vec<String> {
        simulate::verdict(all)
    }

    fn simulate_steps(&self, all: &SimulateReport<'_>) -> Vec<(&'static str, ActionSentence)> {
        simulate::steps(all)
    }

    fn simulate_method(&self, all: &SimulateReport<'_>) -> Vec<String> {
        simulate::method(all)
    }

    fn trace_read(&self, source: &TrafficSource) -> Vec<String> {
        files_read(source).into_iter().chain(records_left_out(source)).collect()
    }

    fn simulated_quota(&self, of: &ScopeSimulation<'_>) -> String {
        let planned = of.planned.as_ref();
        let long = long_context_words(planned.is_some_and(|planned| planned.id.long_context));
        let account = planned.and_then(|planned| planned.id.account.as_ref());
        let account = account.map(|account| format!(", account {}", cell_name(account))).unwrap_or_default();
        format!("{} {}{long}{account}", of.model.name, of.scope)
    }

    fn simulate_heading(&self, all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> String {
        let requests = of.simulation.requests;
        let plural = if requests == 1 { "" } else { "s" };
        let (name, requests) = (self.simulated_quota(of), grouped(requests.into()));
        let (Some(planned), TrafficSource::Drawn(drawing)) = (&of.planned, &all.source) else {
            return format!("{name}: {requests} request{plural} in {}", duration(of.duration_microseconds));
        };
        let hour = planned.hour.map(|hour| format!(" as at {hour:02}:00")).unwrap_or_default();
        let period = planned.period.as_ref().map(|period| format!(" in {}", cell_name(period)));
        let minutes = grouped(drawing.minutes.into());
        let expected = grouped(planned.expected_requests.into());
        format!(
            "{name}, {}: {requests} request{plural} drawn ({expected} expected), {minutes} min{hour}{}",
            planned.id.code_words(),
            period.unwrap_or_default()
        )
    }

    fn no_requests(&self, of: &ScopeSimulation<'_>) -> String {
        simulate::no_requests(of)
    }

    fn max_tokens_unknown(&self, of: &ScopeSimulation<'_>) -> Option<Sentence> {
        max_tokens_unknown(of)
    }

    fn above_maximum(&self, of: &ScopeSimulation<'_>) -> Option<Sentence> {
        above_maximum(of)
    }

    fn short_trace(&self, of: &ScopeSimulation<'_>) -> Option<Sentence> {
        short_trace(of)
    }

    fn simulate_lead(&self, all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> Vec<String> {
        let kept = of.simulation.band.filter(|_| of.at_maximum.is_none());
        let kept = kept.map(|band| self.kept(all, &of.simulation, band));
        let above = above_maximum(of)
            .filter(|_| all.asking.policy.severity_of(Code::StatedAboveMaximum).is_some())
            .map(|said| said.message);
        // The verdict of a single simulation has said the rest.
        if all.simulated.len() == 1 {
            return [kept, requests_judged(all, of), above].into_iter().flatten().collect();
        }
        let with_help = |said: Sentence| format!("{} {}", said.message, as_sentence(&said.help));
        let short = short_trace(of)
            .filter(|_| all.asking.policy.severity_of(Code::ShortTrace).is_some())
            .map(with_help);
        let unknown = max_tokens_unknown(of).map(|said| said.message);
        let paragraphs =
            [unknown, unset_limits(of), kept, cache_open(of), requests_judged(all, of), above, short];
        paragraphs.into_iter().flatten().collect()
    }

    fn kept(&self, all: &SimulateReport<'_>, simulation: &Simulation, band: Band) -> String {
        simulate_method::kept(all, simulation, band)
    }

    fn unthrottled(&self, simulation: &Simulation, explains: bool) -> String {
        let unthrottled = format!(
            "If nothing is throttled, no 60 seconds use more than {}: a quota of at least that throttles nothing in \
             any window.",
            tokens(simulation.peak_unthrottled)
        );
        if !explains {
            return unthrottled;
        }
        format!(
            "{unthrottled} A larger quota may throttle more requests. Below the safe quota, a quota that meets the \
             target (\"First passing\") can therefore be smaller than one that does not."
        )
    }

    fn formulas(&self, all: &SimulateReport<'_>, of: &ScopeSimulation<'_>) -> String {
        simulate_method::formula(all, of)
    }

    fn times_rolling(&self, of: &ScopeSimulation<'_>) -> Option<String> {
        simulate_method::times_rolling(&of.closed_form, &of.simulation)
    }

    fn simulate_assumptions(&self, all: &SimulateReport<'_>) -> Vec<String> {
        simulate_method::assumptions(all)
    }

    fn if_assumed(&self, of: &ScopeSimulation<'_>, assumed: MaxTokensAssumed) -> String {
        match assumed {
            MaxTokensAssumed::Nothing | MaxTokensAssumed::AsAnswered => {
                "If max_tokens equals the length of each answer".to_owned()
            }
            MaxTokensAssumed::Unset => format!("If max_tokens is unset: {}", the_maximum(of)),
        }
    }

    fn tried_heading(&self, source: &TrafficSource, assumed: MaxTokensAssumed) -> String {
        let title = match source {
            TrafficSource::Trace { .. } => "What these quotas would have done",
            TrafficSource::Drawn(_) => "What these quotas would do",
        };
        format!("{title}{}", assumed_words(assumed))
    }

    fn by_workload_heading(&self, measure: Measure, left: usize) -> String {
        match left {
            0 => format!("By workload, window {}", measure.as_str()),
            _ => format!("By workload, window {}; {left} more in JSON and CSV", measure.as_str()),
        }
    }

    fn curve_heading(&self, assumed: MaxTokensAssumed) -> String {
        format!("Throttled at their first attempt, by quota{}", assumed_words(assumed))
    }

    fn solutions_heading(&self, of: &ScopeSimulation<'_>) -> String {
        match of.charging.maximum {
            _ if !of.charging.generates => {
                format!("{} generates nothing and takes no max_tokens.", of.model.name)
            }
            Some(_) => "The largest max_tokens that is safe".to_owned(),
            None => "The largest max_tokens that is safe; the model's maximum is not known".to_owned(),
        }
    }

    fn requests_heading(&self, quota: &RequestQuota) -> String {
        let period = quota.period.as_ref().map(|period| format!(" in {}", cell_name(period)));
        let hour = quota.hour.map(|hour| format!(" as at {hour:02}:00")).unwrap_or_default();
        let peak = grouped(quota.simulation.peak_unthrottled);
        format!("Requests per minute{hour}{}: at most {peak} in 60 seconds", period.unwrap_or_default())
    }

    fn window(&self, measure: Measure) -> &'static str {
        window(measure)
    }

    fn window_word(&self, measure: Measure) -> &'static str {
        match measure {
            Measure::Rolling => "rolling",
            Measure::Minute => "minute",
            Measure::Bucket => "bucket",
        }
    }

    fn worst_phase_row(&self) -> &'static str {
        "minute (from the worst second)"
    }

    fn quota_origin(&self, origin: Origin) -> &'static str {
        match origin {
            Origin::Asked => "--quota",
            Origin::MeanRate => "mean rate",
            Origin::PeakMinute => "busiest minute",
            Origin::Formula => "AWS's formula",
            Origin::Required => "plan requires",
            Origin::Granted => "applied",
            Origin::Default => "AWS's default",
        }
    }

    fn requests_origin(&self, origin: Origin) -> String {
        format!("requests per minute, {}", self.quota_origin(origin))
    }

    fn share_of_requests(&self, part: u64, whole: u64) -> String {
        percent(part, whole)
    }

    fn shares_of_requests(&self, least: u64, most: u64, whole: u64) -> String {
        simulate::shares(least, most, whole)
    }

    fn curve_name(&self, assumed: MaxTokensAssumed, measure: Measure, simulation: &Simulation) -> String {
        let range = simulate::curve_range(simulation);
        match assumed {
            MaxTokensAssumed::Nothing => format!("{}, {range}", self.window_word(measure)),
            MaxTokensAssumed::AsAnswered => format!("if tight, {range}"),
            MaxTokensAssumed::Unset => format!("if unset, {range}"),
        }
    }

    fn simulate_titles(&self) -> SimulateTitles {
        SimulateTitles {
            simulated: "Quota",
            requests: "Requests",
            least: "Least",
            most: "Most",
            most_if_unset: "If unset",
            requests_short: "RPM",
            required: "Required by\nthe formulas",
            over_rolling: "Of the rolling\nsafe quota",
            window: "Window",
            tokens: "Tokens per minute",
            if_tight: "If tight",
            if_unset: "If unset",
            requests_a_minute: "Requests per minute",
            safe: "Safe quota",
            first_passing: "First passing",
            worst_phase: "Worst of 60 phases",
            quota: "Quota",
            origin: "Quota tried",
            throttled: "Throttled",
            peak_use: "Peak use",
            lost: "Lost with\nretries",
            attempts: "Attempts\nwith retries",
            workload: "Workload",
            max_tokens: "max_tokens",
            curve: "Throttled as the quota rises",
            curve_unit: "requests",
        }
    }

    fn no_quota(&self) -> &'static str {
        "none"
    }
}
