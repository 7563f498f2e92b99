//! A request for increases in JSON: what a pack's manifest holds.

use super::gaps::gaps;
use super::result::{QuotaIncrease, RequestReport};
use crate::catalog::REGION;
use crate::contract::request as json;
use crate::engine::{QuotaPlan, Refusal};
use crate::minutes::{Burn, Ranked};
use crate::report::plan::json::{QuotaToWrite, assumptions, daily_report, quota_report};
use crate::report::words::{Sentence, language};
use crate::units::MILLIONTHS;

/// The report of a request.
#[must_use]
pub fn request_report<'a>(requesting: &RequestReport<'a>) -> json::Request<QuotaToWrite<'a>> {
    let daily = requesting.plan.account_daily.iter();
    let daily = daily.filter(|daily| daily.account.as_deref() == requesting.account);
    json::Request {
        region: REGION.into(),
        account: requesting.account.map(str::to_owned),
        assumptions: assumptions(requesting.input.assumptions),
        requests: requesting.asked().map(|asked| ask(requesting, &asked)).collect(),
        refused: requesting.refused().map(|(quota, refusal)| refused(requesting, quota, refusal)).collect(),
        account_daily: daily.map(|daily| daily_report(requesting.input, daily)).collect(),
        missing_answers: gaps(requesting)
            .into_iter()
            .map(|gap| json::MissingAnswer { what: gap.what, place: gap.place })
            .collect(),
    }
}

fn ask<'a>(requesting: &RequestReport<'a>, asked: &QuotaIncrease<'a>) -> json::Ask<QuotaToWrite<'a>> {
    let QuotaIncrease { quota, ask } = asked;
    let stages = ask.stages.iter().map(|stage| json::Stage {
        desired_value: stage.desired.get(),
        after_use_of: stage.after_use_of.map(|used| used.get()),
        ask_by: stage.ask_by.map(|date| date.to_string()),
    });
    json::Ask {
        desired_value: ask.now().get(),
        desired_in_the_end: ask.desired.get(),
        max_tokens: ask.max_tokens.map(|tokens| tokens.millionths() / MILLIONTHS),
        stages: stages.collect(),
        measured: requesting.burn(quota).as_ref().map(burn),
        quota: quota_report(
            requesting.sources,
            requesting.input,
            requesting.plan.detail(requesting.input, quota),
        ),
    }
}

fn burn(burn: &Burn) -> json::Measured {
    json::Measured {
        first: burn.first.to_string(),
        last: burn.last.to_string(),
        minutes: burn.minutes,
        settled: ranked(burn.settled),
        requests: ranked(burn.requests),
        throttled_minutes: burn.throttled_minutes,
        throttled_requests: burn.throttled_requests,
    }
}

fn ranked(ranked: Ranked) -> json::Ranked {
    json::Ranked { p50: ranked.p50.get(), p90: ranked.p90.get(), maximum: ranked.maximum.get() }
}

fn refused<'a>(
    requesting: &RequestReport<'a>,
    quota: &'a QuotaPlan,
    refusal: &Refusal,
) -> json::Refused<QuotaToWrite<'a>> {
    let Sentence { message, help } = language().refusal(refusal);
    json::Refused {
        reason: refusal.as_str().into(),
        undecided: refusal.is_undecided(),
        message,
        help,
        quota: quota_report(
            requesting.sources,
            requesting.input,
            requesting.plan.detail(requesting.input, quota),
        ),
    }
}
