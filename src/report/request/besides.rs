//! What AWS's template asks besides the ten questions (AWS's community template, 2025-02, revised 2025-04).

use num_rational::BigRational;

use super::parts::minutes_words;
use super::questionnaire::{ANSWERS, Question, TABLE, gap};
use super::result::{QuotaIncrease, RequestReport, listed, percent, sentence};
use crate::engine::{QuotaPlan, QuotaTraffic};
use crate::minutes::EVIDENCE_DAYS;
use crate::units::{Limit, MILLIONTHS, grouped};

/// What the template asks besides.
pub(super) fn besides(
    requesting: &RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    shape: &QuotaTraffic<'_>,
) -> Vec<Question> {
    let quota = asked.quota;
    let own = |question, key: &'static str, what: &str| Question {
        question,
        source: ANSWERS,
        answer: requesting.answer(key, quota).map(str::to_owned).ok_or_else(|| gap(what, key)),
    };
    let profile = requesting.model(quota).scope(quota.id.scope).and_then(|entry| entry.profile.clone());
    let mut questions = vec![own(
        "AWS account manager",
        "account_manager",
        "the name of your AWS account manager or account team",
    )];
    questions.extend(profile.map(|profile| Question {
        question: "Inference profile ID",
        source: TABLE,
        answer: Ok(profile),
    }));
    questions.extend([
        growth(requesting, quota, shape),
        own(
            "Monitoring and alarms",
            "monitoring",
            "what watches the quota; alarms.yaml has alarms on EstimatedTPMQuotaUsage and InvocationThrottles to deploy",
        ),
        own("Previous provider", "previous_provider", "where this traffic runs today, or \"none\""),
        history(requesting, quota),
        own("Billing", "billing", "what this account spends on Bedrock a month"),
        applied(requesting, quota),
    ]);
    questions
}

fn growth(requesting: &RequestReport<'_>, quota: &QuotaPlan, shape: &QuotaTraffic<'_>) -> Question {
    let mut stated = shape
        .rows
        .iter()
        .filter_map(|row| {
            let growth = row.growth_per_month().filter(|growth| growth.millionths() > 0)?;
            let share = BigRational::new(growth.millionths().into(), MILLIONTHS.into());
            Some(format!("{} {} a month", row.name(), percent(&share)))
        })
        .peekable();
    let months = requesting.input.assumptions.months;
    let included =
        if months == 0 { String::new() } else { format!("; {months} months of it are in the figures") };
    let of_rows = stated.peek().is_some().then(|| format!("{}{included}", listed(stated)));
    let answer = match (requesting.answer("growth", quota), of_rows) {
        (Some(own), Some(rows)) => Ok(format!("{own} ({rows})")),
        (Some(own), None) => Ok(own.to_owned()),
        (None, Some(rows)) => Ok(rows),
        (None, None) => Err(gap("how the traffic is expected to grow", "growth")),
    };
    Question { question: "Growth", source: "quotaplan.toml [request] growth; growth_per_month", answer }
}

pub(super) fn history(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> Question {
    let measured = requesting.ranked(quota).map(|(burn, ranked)| {
        let share = match quota.granted_limit() {
            Some(Limit::Amount(applied)) => ranked
                .share_of(applied)
                .map(|share| format!(", {share} of the applied {applied}"))
                .unwrap_or_default(),
            Some(Limit::Unlimited) | None => String::new(),
        };
        let throttled = match (burn.throttled_requests, burn.throttled_minutes) {
            (Some(0), Some(_)) => "; no request was throttled".to_owned(),
            (Some(requests), Some(minutes)) => {
                let (requests, minutes) = (grouped(u128::from(requests)), grouped(minutes as u128));
                format!("; {requests} requests were throttled, in {minutes} of these minutes")
            }
            _ => String::new(),
        };
        let period = if burn.is_period_known {
            ""
        } else {
            "; whether these are sums of one minute is not known"
        };
        format!(
            "Measured in the {EVIDENCE_DAYS} days up to {}: busiest minute {} {}{share}; p50 {}, p90 {} over {} with \
             traffic{throttled}{period}.",
            burn.last,
            ranked.maximum,
            quota.id.kind.unit(),
            ranked.p50,
            ranked.p90,
            minutes_words(burn.minutes)
        )
    });
    let answer = match (requesting.answer("history", quota), measured) {
        (Some(own), Some(measured)) => Ok(format!("{} {measured}", sentence(own))),
        (Some(own), None) => Ok(own.to_owned()),
        (None, Some(measured)) => Ok(measured),
        (None, None) => {
            Err(gap("what this account has used so far, or measured use with --evidence", "history"))
        }
    };
    Question { question: "Historical usage", source: "quotaplan.toml [request] history; {evidence}", answer }
}

/// AWS asks why an applied value is not the default; there is nothing to explain where it is.
pub(super) fn applied(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> Question {
    let question = "Applied limit";
    if let Some(own) = requesting.answer("applied_limits", quota) {
        return Question { question, source: ANSWERS, answer: Ok(own.to_owned()) };
    }
    let code = quota.code().unwrap_or("the quota");
    let answer = match (quota.granted_limit(), quota.default_limit()) {
        (None, _) => Err(gap(
            &format!("the applied value of {code}: look it up and put it into [granted]"),
            "applied_limits",
        )),
        (Some(granted), Some(default)) if granted == default => Ok(format!("{granted}, AWS's default")),
        (Some(granted), default) => {
            let default = default.map_or_else(|| "unknown".to_owned(), |default| default.to_string());
            Err(gap(
                &format!("why {granted} applies to {code}; AWS's default is {default}"),
                "applied_limits",
            ))
        }
    };
    Question { question, source: "[granted] and the model table", answer }
}
