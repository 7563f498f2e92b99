//! Longer parts of what a request says: measured use, warnings, stages, and where answers come from.

use num_rational::BigRational;

use super::exact::whole;
use super::numbers::amount;
use super::shared::{counted, limit};
use crate::engine::Staging;
use crate::minutes::LITTLE_USED;
use crate::report::explain::row::decimal;
use crate::report::words::request::{MeasuredEntry, RequestWarning};
use crate::report::words::support_case::AwsQuestion;
use crate::text::plain::cell_name;
use crate::units::{Limit, grouped, percent_of};

/// `1 request is`, `3 requests are`.
pub(super) fn are(count: usize) -> String {
    if count == 1 { "1 request is".to_owned() } else { format!("{count} requests are") }
}

/// A number of minutes.
pub(super) fn minutes(count: usize) -> String {
    if count == 1 { "1 minute".to_owned() } else { format!("{} minutes", grouped(count as u128)) }
}

pub(super) fn rows_come_to(
    slot: (Option<u32>, Option<&str>),
    zone: &str,
    requests: (&BigRational, &BigRational),
    tokens: Option<(&BigRational, &BigRational)>,
) -> String {
    let period = slot.1.map(|period| format!("in {}", cell_name(period)));
    let hour = slot.0.map(|hour| format!("from {hour:02}:00 {zone}"));
    let when: Vec<String> = period.into_iter().chain(hour).collect();
    let when = if when.is_empty() { String::new() } else { format!(", {}", when.join(", ")) };
    let tokens = tokens
        .map(|(mean, peak)| format!(", which take {} and {} tokens per minute", whole(mean), whole(peak)));
    format!(
        "Rows marked * run in the hour of the largest requirement{when}: together {} requests per minute at the mean \
         and {} in the busiest minute{}.",
        decimal(requests.0),
        decimal(requests.1),
        tokens.unwrap_or_default()
    )
}

pub(super) fn measured_entries(of: &MeasuredEntry<'_>) -> Vec<(String, String, Vec<String>)> {
    let MeasuredEntry { files, span: (first, last), days, unit, ranks: [p50, p90, most], .. } = *of;
    let period = (!of.is_period_known).then(|| {
        "CloudWatch's output does not state its period, and these minutes do not show it: the sums may cover more \
         than a minute"
            .to_owned()
    });
    let about = std::iter::once(format!("{first} to {last}, the last {days} days of {files}")).chain(period);
    let throttled = match of.throttled {
        Some((requests, minutes)) => format!(
            "{} requests, in {} of {} minutes",
            grouped(u128::from(requests)),
            grouped(minutes as u128),
            grouped(of.minutes as u128)
        ),
        None => "not known: the table does not say".to_owned(),
    };
    let share = of.share.map(|share| share.to_string());
    let share = share.unwrap_or_else(|| "not known: the applied value is not given".to_owned());
    let busiest = vec!["in the busiest minute".to_owned()];
    vec![
        ("minutes with traffic".to_owned(), grouped(of.minutes as u128), about.collect()),
        (format!("{unit}, p50"), amount(p50), Vec::new()),
        (format!("{unit}, p90"), amount(p90), Vec::new()),
        (format!("{unit}, busiest"), amount(most), Vec::new()),
        ("throttled".to_owned(), throttled, Vec::new()),
        ("share of the applied quota used".to_owned(), share, busiest),
    ]
}

pub(super) fn warning(of: &RequestWarning) -> String {
    match *of {
        RequestWarning::LittleUse => format!(
            "less than {LITTLE_USED} % of the applied quota was in use in the busiest minute, and no throttling is \
             known: AWS may deny the increase, because it prefers customers who already use their quota (the \
             threshold of {LITTLE_USED} % is ours; AWS states none). Explain why the traffic will grow"
        ),
        RequestWarning::MeasuredAbove(measured, asked) => format!(
            "{} were measured in the busiest minute, more than the {} asked for. AWS will ask why: correct the \
             workloads or the evidence",
            amount(measured),
            amount(asked)
        ),
        RequestWarning::ShortEvidence(minutes) => format!(
            "the evidence has only {} with traffic, but AWS wants to see several days that include the busiest hours",
            counted(minutes, "minute")
        ),
        RequestWarning::Late => {
            "the date by which to ask for the first stage has passed: ask now, and expect the last stage later than \
             you need it"
                .to_owned()
        }
        RequestWarning::ManyStages(count) => format!(
            "there are {count} stages, because the applied value is far below what is needed: one request that \
             explains the reasons may work better"
        ),
        RequestWarning::NoMinutes => {
            "the evidence has no minute of this model and scope in its last 14 days".to_owned()
        }
        RequestWarning::OtherRate(differing, all, rate) => format!(
            "in {} of {} of the evidence the settled tokens are not input + cache writes + {} x output, so the table was \
             made with another burndown rate",
            grouped(differing as u128),
            minutes(all),
            rate.quota_tokens_per_output_token()
        ),
        RequestWarning::OldEvidence(last, days, today) => {
            format!("the evidence ends on {last}, {days} days before {today}")
        }
        RequestWarning::LaterEvidence(last, today) => {
            format!("the evidence ends on {last}, after the day of the pack, {today}: check --today")
        }
    }
}

pub(super) fn stages_rule(staging: &Staging, from_default: Option<(Limit, Limit)>) -> String {
    let used = percent_of(staging.used.millionths());
    let factor = staging.factor;
    let most = match from_default {
        Some((applied, default)) => format!(
            "The first stage is at most {factor} times AWS's default of {}, not the applied {}, because Service \
             Quotas accepts no value at or below the default; each further stage is at most {factor} times the one \
             before it",
            limit(default),
            limit(applied)
        ),
        None => format!("Each stage is at most {factor} times the value before it"),
    };
    format!(
        "{most}. The next stage is asked for when {used} % of the previous one is in use, {} days before it is \
         needed. These thresholds are ours: AWS publishes none. The first stage is asked for now.",
        staging.lead_days
    )
}

pub(super) fn answer_source(question: AwsQuestion, evidence: Option<&str>) -> String {
    let measured = evidence.map(|files| format!("; measured: {files}")).unwrap_or_default();
    let table = "the model table; see the section of the quota";
    let text = match question {
        AwsQuestion::UseCase => "quotaplan.toml [request] use_case; names and hours from the workloads",
        AwsQuestion::Model | AwsQuestion::Limit => table,
        AwsQuestion::CrossRegion => "the model table; quotaplan.toml [request] cross_region",
        AwsQuestion::Region => "the only source Region that this version supports",
        AwsQuestion::Tokens => {
            return format!(
                "requests per minute x settled cost, summed over the rows that run in the binding hour{measured}"
            );
        }
        AwsQuestion::Requests => {
            return format!(
                "sums of requests_per_minute and peak_requests_per_minute over the rows that run in the binding hour{measured}"
            );
        }
        AwsQuestion::Input => "input_tokens + cache_write_tokens, weighted by the rows' busiest minutes",
        AwsQuestion::Output => "output_tokens, weighted by the rows' busiest minutes",
        AwsQuestion::LongInput => {
            "share_over_25k, weighted by the rows' busiest minutes, rounded up to a tenth"
        }
    };
    text.to_owned()
}
