//! What a case says to AWS Support: compact lines, with nothing for whoever sends it.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::exact::{digits, percent, rounded, whole};
use super::numbers::amount;
use super::shared::{counted, limit};
use super::times::{clock, utc_span};
use crate::catalog::{REGION, Scope};
use crate::engine::AskStage;
use crate::report::words::support_case::{
    AloneText, AwsQuestion, CaseArithmetic, CaseTopic, CaseUse, CaseWorkload, MaxTokensUse, QuotaNow, Raise,
    RequestsBeside, RestoreText, SupportCaseWords,
};
use crate::text::plain::cell_name;
use crate::units::{BurndownRate, QuotaAmount, QuotaKind, RequestsPerMinute, grouped, percent_of};

/// A text that ends as a sentence, so that another can follow it.
pub(super) fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?', ':', ';']) { text.to_owned() } else { format!("{text}.") }
}

impl SupportCaseWords for super::English {
    fn missing_answer(&self) -> &'static str {
        "[TO BE FILLED IN]"
    }

    fn question(&self, question: AwsQuestion) -> &'static str {
        match question {
            AwsQuestion::UseCase => "Use case",
            AwsQuestion::Model => "Model",
            AwsQuestion::Region => "Region",
            AwsQuestion::Limit => "Limit",
            AwsQuestion::Tokens => "TPM",
            AwsQuestion::Requests => "RPM",
            AwsQuestion::Input => "Average input",
            AwsQuestion::Output => "Average output",
            AwsQuestion::LongInput => "Share above 25,000 input tokens",
            AwsQuestion::CrossRegion => "Cross-Region",
        }
    }

    fn topic(&self, topic: CaseTopic) -> &'static str {
        match topic {
            CaseTopic::Retries => "Retries",
            CaseTopic::Alarms => "Alarms",
            CaseTopic::Growth => "Growth",
            CaseTopic::History => "History",
            CaseTopic::AppliedValue => "Applied value",
            CaseTopic::AccountManager => "Account manager",
            CaseTopic::Billing => "Billing",
            CaseTopic::PreviousProvider => "Previous provider",
        }
    }

    fn topic_line(&self, topic: CaseTopic, text: &str) -> String {
        let text: Vec<&str> = text.split_whitespace().collect();
        format!("{}: {}", self.topic(topic), ended(&text.join(" ")))
    }

    fn raise(&self, of: &Raise<'_>) -> Vec<String> {
        let Raise { code, name, now, default, to, account_id, needed_by } = *of;
        let name = name.map(|name| format!(", \"{name}\"")).unwrap_or_default();
        let account = account_id.map(|id| format!("Account {id}, ")).unwrap_or_default();
        let by = needed_by.map(|date| format!(", by {date}")).unwrap_or_default();
        let default =
            default.map(|default| format!(" (AWS's default is {})", limit(default))).unwrap_or_default();
        vec![
            format!("Raise {code}{name},"),
            format!("from {} to {}{default}. {account}{REGION}{by}.", value_now(now), amount(to)),
        ]
    }

    fn workloads(
        &self,
        shown: &[CaseWorkload<'_>],
        more: usize,
        zone: &str,
        busiest: (Option<u32>, Option<&str>),
    ) -> String {
        let one = |of: &CaseWorkload<'_>| {
            let period = of.period.map(|period| format!(" in {}", cell_name(period))).unwrap_or_default();
            let hours = of.hours.map(|hours| format!(" {}", clock(hours))).unwrap_or_default();
            format!("{}{period}{hours}", cell_name(of.name))
        };
        let mut listed: Vec<String> = shown.iter().map(one).collect();
        if more > 0 {
            listed.push(format!("{more} more"));
        }
        let at = match busiest {
            (Some(hour), Some(period)) => {
                format!("; busiest from {hour:02}:00 in {}", cell_name(period))
            }
            (Some(hour), None) => format!("; busiest from {hour:02}:00"),
            (None, Some(period)) => format!("; busiest in {}", cell_name(period)),
            (None, None) => String::new(),
        };
        let has_hours = busiest.0.is_some() || shown.iter().any(|of| of.hours.is_some());
        let zone = if has_hours { format!(" ({zone})") } else { String::new() };
        format!("Workloads: {}{at}{zone}.", listed.join(", "))
    }

    fn model(&self, id: &str, profile: Option<&str>) -> String {
        profile.map_or_else(|| id.to_owned(), |profile| format!("{id}, called through {profile}"))
    }

    fn limit_type(&self, tokens: bool, requests: bool) -> &'static str {
        match (tokens, requests) {
            (true, true) => "TPM and RPM",
            (false, true) => "RPM",
            (_, false) => "TPM",
        }
    }

    fn tokens(&self, mean: &BigRational, peak: &BigRational) -> String {
        format!("steady {}, peak {} (projected)", whole(mean), whole(peak))
    }

    fn not_counted(&self) -> &'static str {
        "not counted: the quota counts requests"
    }

    fn no_tokens(&self) -> &'static str {
        "AWS lists no TPM quota for this model"
    }

    fn requests(&self, mean: &BigRational, peak: &BigRational, beside: &RequestsBeside<'_>) -> String {
        // A peak that is the mean is rounded as the mean is.
        let at_peak = if mean == peak { whole(peak) } else { digits(peak) };
        let rates = format!("steady {}, peak {at_peak}", whole(mean));
        match *beside {
            RequestsBeside::AskedFor => format!("{rates} (projected)"),
            RequestsBeside::NotListed => format!("{rates}; AWS lists no RPM quota for this model and scope"),
            RequestsBeside::Suffices(_, QuotaNow::Applied(value, _)) => {
                format!("{rates}; {} applied suffices", limit(value))
            }
            RequestsBeside::Suffices(code, QuotaNow::Default(value)) => {
                format!("{rates}; AWS's default of {} for {code} suffices", limit(value))
            }
            RequestsBeside::Suffices(code, QuotaNow::Unknown) => format!("{rates}; {code} suffices"),
            RequestsBeside::Restored(code) => {
                format!("{rates}; a separate case asks to restore {code} to AWS's default")
            }
            RequestsBeside::RaiseAlong { code, now, to: Some(to) } => {
                format!("{rates}; please raise {code} too, from {} to {}", value_now(now), amount(to))
            }
            RequestsBeside::RaiseAlong { code, now, to: None } => {
                format!("{rates}; {code} is {}", value_now(now))
            }
        }
    }

    fn input(
        &self,
        input: Option<&BigRational>,
        written: Option<&BigRational>,
        read: Option<&BigRational>,
    ) -> String {
        let Some(input) = input else { return "no requests".to_owned() };
        let positive = |tokens: &&BigRational| tokens.is_positive();
        let written = written
            .filter(positive)
            .map(|tokens| format!(", {} of them written to the prompt cache", digits(tokens)));
        let read = read.filter(positive).map(|tokens| {
            format!("; {} more are read from the prompt cache and do not count", digits(tokens))
        });
        format!("{} tokens{}{}", digits(input), written.unwrap_or_default(), read.unwrap_or_default())
    }

    fn output(&self, output: Option<&BigRational>) -> String {
        output.map_or_else(
            || "no requests".to_owned(),
            |output| format!("{} tokens (mix of the busiest minute)", digits(output)),
        )
    }

    fn long_input(&self, share: &BigRational) -> String {
        percent(share)
    }

    fn cross_region(
        &self,
        scope: Scope,
        regions: Option<&[String]>,
        own: Option<&str>,
        is_in_use: bool,
    ) -> String {
        let where_to = match (scope, regions) {
            (Scope::Global, _) => "global: any commercial Region".to_owned(),
            (scope, Some(regions)) => format!("{}: {}", geography(scope), regions.join(", ")),
            (scope, None) => geography(scope).to_owned(),
        };
        let own = own.map(|own| format!("; {own}")).unwrap_or_default();
        let used = if is_in_use { "yes, in use" } else { "yes" };
        format!("{used} ({where_to}){own}")
    }

    fn arithmetic(&self, of: &CaseArithmetic<'_>) -> String {
        let CaseArithmetic { kind, requests, per_request, rate, peak, headroom, required, .. } = *of;
        let rate = rate.quota_tokens_per_output_token();
        let first = match per_request {
            Some((input, output)) if kind.reserves_tokens() && !output.is_zero() => format!(
                "{} x ({} + {rate} x {}) = {} per minute, where {rate} is the burndown rate",
                digits(requests),
                digits(input),
                digits(output),
                rounded(peak)
            ),
            Some((input, _)) if kind.reserves_tokens() => {
                format!("{} x {} = {} per minute", digits(requests), digits(input), rounded(peak))
            }
            _ => format!("{} requests in the busiest minute", digits(requests)),
        };
        // Below a million every digit fits.
        let required = required.map(|required| match required.get() {
            0..1_000_000 => amount(required),
            _ => rounded(&BigRational::from(BigInt::from(required.get()))),
        });
        let then = match required {
            None => String::new(),
            Some(required) if of.is_peak_with_headroom => {
                format!("; with {} % headroom {required}", percent_of(headroom))
            }
            Some(required) if kind.reserves_tokens() && of.has_reservations => {
                let share = percent_of(of.exceeded);
                format!(
                    "; with reservations of input + max_tokens, the level that is exceeded {share} % of the time is \
                     {required}"
                )
            }
            Some(required) if kind.reserves_tokens() => {
                let share = percent_of(of.exceeded);
                format!("; the level that bursts exceed {share} % of the time is {required}")
            }
            Some(required) => format!("; with room for bursts {required}"),
        };
        format!("Arithmetic: {first}{then}; rounded up to {}.", amount(of.asked))
    }

    fn max_tokens(&self, of: &MaxTokensUse<'_>) -> String {
        match *of {
            MaxTokensUse::Lowered(cap) => {
                format!("max_tokens will be at most {cap} on every call before this traffic runs.")
            }
            MaxTokensUse::Set(least, most) if least == most => {
                format!("max_tokens is set on every call, to {most}.")
            }
            MaxTokensUse::Set(least, most) => {
                format!("max_tokens is set on every call, {least} to {most}.")
            }
            MaxTokensUse::SetOnSome => "max_tokens is not set on every call.".to_owned(),
            MaxTokensUse::Unset => "max_tokens is not set.".to_owned(),
            MaxTokensUse::Stays(reason) => {
                format!("max_tokens stays as it is, because: {}", ended(reason))
            }
            MaxTokensUse::StaysUnset(reason, maximum) => {
                let maximum = maximum.map(|maximum| format!(", the model's maximum of {maximum}"));
                format!("max_tokens stays unset{}, because: {}", maximum.unwrap_or_default(), ended(reason))
            }
        }
    }

    fn measured(&self, of: &CaseUse) -> String {
        let CaseUse { span, is_period_known, tokens, requests, share, throttled, minutes } = *of;
        let period = if is_period_known { "one minute" } else { "period not stated" };
        let ranks = |[p50, p90, most]: [QuotaAmount; 3]| {
            format!("p50 {}, p90 {}, max {}", amount(p50), amount(p90), amount(most))
        };
        let share = share.map(|share| format!(" ({share} of the applied value)")).unwrap_or_default();
        let used = match tokens {
            Some(tokens) => {
                format!("EstimatedTPMQuotaUsage {}{share}; Invocations {}", ranks(tokens), ranks(requests))
            }
            None => format!("Invocations {}{share}", ranks(requests)),
        };
        let throttled = match throttled {
            None => String::new(),
            Some((0, _)) => "; no request throttled".to_owned(),
            Some((count, in_minutes)) => format!(
                "; {} requests throttled, in {} of {} minutes with traffic",
                grouped(u128::from(count)),
                grouped(in_minutes as u128),
                grouped(minutes as u128)
            ),
        };
        let minutes = counted(minutes, "minute");
        format!("Measured ({minutes} with traffic, {}, {period}): {used}{throttled}.", utc_span(span))
    }

    fn measured_rates(&self, p50: RequestsPerMinute, p90: RequestsPerMinute) -> String {
        format!("Measured requests per minute: p50 {p50}, p90 {p90}.")
    }

    fn growth(&self, own: Option<&str>, rows: &[(&str, BigRational)], months: u32) -> String {
        let listed: Vec<String> = rows
            .iter()
            .map(|(name, share)| format!("{} {} a month", cell_name(name), percent(share)))
            .collect();
        let included = match months {
            0 => "; not in the figures above".to_owned(),
            1 => "; 1 month of it is in the figures".to_owned(),
            months => format!("; {months} months of it are in the figures"),
        };
        let rows = if listed.is_empty() { String::new() } else { format!("{}{included}", listed.join(", ")) };
        match own {
            Some(own) if rows.is_empty() => own.to_owned(),
            Some(own) => format!("{} ({rows})", own.trim_end_matches('.')),
            None => rows,
        }
    }

    fn fallback(&self, stages: &[AskStage], lead_days: u32, today: Date) -> String {
        const SHOWN: usize = 3;
        let Some((last, before)) = stages.split_last() else { return String::new() };
        let by = |stage: &AskStage| {
            let day = stage.ask_by.and_then(|date| granted_by(date, lead_days));
            let by = day.map(|day| if day < today { " now".to_owned() } else { format!(" by {day}") });
            format!("{}{}", amount(stage.desired), by.unwrap_or_default())
        };
        let mut parts: Vec<String> = before.iter().take(SHOWN).map(by).collect();
        match before.len().saturating_sub(SHOWN) {
            0 => {}
            1 => parts.push("1 more stage".to_owned()),
            more => parts.push(format!("{more} more stages")),
        }
        parts.push(format!("then all of it, {}", by(last)));
        let first = stages.first().map(|stage| amount(stage.desired)).unwrap_or_default();
        format!(
            "If the full increase is not possible at once: {}. Service Quotas already has a request for the \
                 first stage, {first}.",
            parts.join(", ")
        )
    }

    fn assumed(&self, reservations: bool, rate: Option<BurndownRate>) -> Option<String> {
        let reservations = reservations
            .then(|| "a request holds its reservation of input + max_tokens until it completes".to_owned());
        let rate = rate.map(|rate| {
            let rate = rate.quota_tokens_per_output_token();
            format!("the burndown rate is {rate}, since AWS states none for this model")
        });
        let all: Vec<String> = reservations.into_iter().chain(rate).collect();
        (!all.is_empty()).then(|| format!("Assumed: {}.", all.join("; ")))
    }

    fn answers_of(&self, code: &str) -> String {
        format!("This quota serves the same traffic as {code}; the other answers are the same as above.")
    }

    fn sent_too(&self, codes: &[&str], support_case: bool) -> String {
        const SHOWN: usize = 5;
        let subject = match codes {
            [only] => format!("{only} is"),
            codes if codes.len() <= SHOWN => format!("{} are", codes.join(", ")),
            codes => format!("All {} are", codes.len()),
        };
        let case = if support_case { "" } else { ", and no case was opened for them: this is their case" };
        format!(
            "{subject} also requested through Service Quotas, which has no field for these answers{case}."
        )
    }

    fn support_alone(&self, of: &AloneText) -> String {
        let AloneText { kind, without_headroom, headroom, required } = *of;
        let needs = match (required, without_headroom) {
            (Some(required), Some(first)) if first < required => {
                let when = if kind.is_daily() { "per day on average" } else { kind.unit() };
                let what = match kind {
                    QuotaKind::Tpd => "tokens ",
                    QuotaKind::Tpm | QuotaKind::Rpm => "",
                };
                format!(
                    " The traffic takes {} {what}{when}, or {} with {} % headroom.",
                    amount(first),
                    amount(required),
                    percent_of(headroom)
                )
            }
            (Some(required), _) => format!(" The traffic needs {} {}.", amount(required), kind.unit()),
            (None, _) => String::new(),
        };
        format!("Service Quotas cannot raise it: please raise it, or tell us what limits it.{needs}")
    }

    fn support_alone_estimate(&self, low: QuotaAmount, high: QuotaAmount) -> String {
        let [low, high] = [low, high].map(|value| BigRational::from(BigInt::from(value.get())));
        format!(
            "Service Quotas cannot raise it: please raise it, or tell us what limits it. Over all models the traffic takes \
             {} tokens per day by estimate, since AWS does not publish how it counts them: all tokens as billed, or \
             input + cache writes + burndown rate x output.",
            range(&low, &high)
        )
    }

    fn restore_request(&self, account_id: Option<&str>) -> String {
        let account = account_id.map(|id| format!("Account {id}, ")).unwrap_or_default();
        format!(
            "{account}{REGION}: please set these applied Amazon Bedrock quotas to AWS's defaults. We cannot raise them \
             ourselves, since RequestServiceQuotaIncrease refuses any value that is not greater than the default."
        )
    }

    fn restore(&self, of: &RestoreText<'_>) -> Vec<String> {
        let RestoreText { code, name, applied, read, default, required, is_estimate, max_tokens, needed_by } =
            *of;
        let by = needed_by.map(|date| format!(" by {date}")).unwrap_or_default();
        let name = name.map(|name| format!(", \"{name}\"")).unwrap_or_default();
        let read = read.map(|date| format!(", read {date}")).unwrap_or_default();
        let with = max_tokens
            .map(|cap| format!(", with max_tokens of at most {cap} on every call"))
            .unwrap_or_default();
        let estimate = if is_estimate { " (an estimate)" } else { "" };
        vec![
            format!("Restore {code}{name},"),
            format!("from {} (applied{read}) to AWS's default of {}.", limit(applied), limit(default)),
            format!(
                "We need {} {}{estimate}{by}{with}. These commands show both values:",
                amount(required.0),
                required.1
            ),
        ]
    }
}

/// `3.74 to 5.01 billion`.
fn range(low: &BigRational, high: &BigRational) -> String {
    let (low, high) = (rounded(low), rounded(high));
    let unit = |text: &str| text.split_once(' ').map(|(_, unit)| unit.to_owned());
    match (unit(&low), low.split_once(' ')) {
        _ if low == high => low,
        (of_low, Some((number, _))) if of_low == unit(&high) => format!("{number} to {high}"),
        _ => format!("{low} to {high}"),
    }
}

/// Where a scope keeps requests.
const fn geography(scope: Scope) -> &'static str {
    match scope {
        Scope::Us => "US",
        Scope::Global => "global",
        Scope::Ca => "Canada",
        Scope::InRegion => REGION,
    }
}

/// The value that a quota has now.
fn value_now(now: QuotaNow) -> String {
    match now {
        QuotaNow::Applied(value, Some(date)) => format!("{} (applied, read {date})", limit(value)),
        QuotaNow::Applied(value, None) => format!("{} (applied)", limit(value)),
        QuotaNow::Default(value) => {
            format!("{} (AWS's default; the applied value has not been looked up)", limit(value))
        }
        QuotaNow::Unknown => "an unknown value".to_owned(),
    }
}

/// The day on which a stage must be granted that is asked for by another.
fn granted_by(asked: Date, lead_days: u32) -> Option<Date> {
    let days: Span = i64::from(lead_days).days();
    asked.checked_add(days).ok()
}
