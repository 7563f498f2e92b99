//! A request for increases in JSON: what a pack's manifest holds.

use serde::Serialize;

use super::gaps::gaps;
use super::requesting::{Asked, Requesting};
use crate::catalog::REGION;
use crate::engine::{QuotaPlan, Refusal};
use crate::minutes::{Burn, Ranked};
use crate::report::plan_contribution_json::EachContribution;
use crate::report::plan_json::{
    AssumptionsReport, DailyReport, QuotaReport, assumptions, daily_report, quota_report_to_write,
};
use crate::units::MILLIONTHS;

/// A request, with every number of it.
#[derive(Debug, Serialize)]
pub struct RequestReport<'a> {
    region: &'static str,
    account: Option<String>,
    assumptions: AssumptionsReport,
    requests: Vec<AskReport<'a>>,
    refused: Vec<RefusedReport<'a>>,
    account_daily: Vec<DailyReport>,
    missing_answers: Vec<GapReport>,
}

#[derive(Debug, Serialize)]
struct AskReport<'a> {
    desired_value: u64,
    desired_in_the_end: u64,
    max_tokens: Option<u64>,
    stages: Vec<StageReport>,
    measured: Option<BurnReport>,
    quota: QuotaReport<EachContribution<'a>>,
}

#[derive(Debug, Serialize)]
struct StageReport {
    desired_value: u64,
    after_use_of: Option<u64>,
    ask_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct BurnReport {
    first: String,
    last: String,
    minutes: usize,
    settled: RankedReport,
    requests: RankedReport,
    throttled_minutes: Option<usize>,
    throttled_requests: Option<u64>,
}

#[derive(Debug, Serialize)]
struct RankedReport {
    p50: u64,
    p90: u64,
    maximum: u64,
}

#[derive(Debug, Serialize)]
struct RefusedReport<'a> {
    reason: &'static str,
    undecided: bool,
    message: String,
    help: String,
    quota: QuotaReport<EachContribution<'a>>,
}

#[derive(Debug, Serialize)]
struct GapReport {
    what: String,
    place: String,
}

/// The report of a request.
#[must_use]
pub fn request_report<'a>(requesting: &Requesting<'a>) -> RequestReport<'a> {
    let daily = requesting.plan.account_daily.iter();
    let daily = daily.filter(|daily| daily.account.as_deref() == requesting.account);
    RequestReport {
        region: REGION,
        account: requesting.account.map(str::to_owned),
        assumptions: assumptions(requesting.input.assumptions),
        requests: requesting.asked().map(|asked| ask(requesting, &asked)).collect(),
        refused: requesting.refused().map(|(quota, refusal)| refused(requesting, quota, refusal)).collect(),
        account_daily: daily.map(|daily| daily_report(requesting.input, daily)).collect(),
        missing_answers: gaps(requesting)
            .into_iter()
            .map(|gap| GapReport { what: gap.what, place: gap.place })
            .collect(),
    }
}

fn ask<'a>(requesting: &Requesting<'a>, asked: &Asked<'a>) -> AskReport<'a> {
    let Asked { quota, ask } = asked;
    let stages = ask.stages.iter().map(|stage| StageReport {
        desired_value: stage.desired.get(),
        after_use_of: stage.after_use_of.map(|used| used.get()),
        ask_by: stage.ask_by.map(|date| date.to_string()),
    });
    AskReport {
        desired_value: ask.now().get(),
        desired_in_the_end: ask.desired.get(),
        max_tokens: ask.max_tokens.map(|tokens| tokens.millionths() / MILLIONTHS),
        stages: stages.collect(),
        measured: requesting.burn(quota).as_ref().map(burn),
        quota: quota_report_to_write(requesting.sources, requesting.input, requesting.plan, quota),
    }
}

fn burn(burn: &Burn) -> BurnReport {
    BurnReport {
        first: burn.first.to_string(),
        last: burn.last.to_string(),
        minutes: burn.minutes,
        settled: ranked(burn.settled),
        requests: ranked(burn.requests),
        throttled_minutes: burn.throttled_minutes,
        throttled_requests: burn.throttled_requests,
    }
}

fn ranked(ranked: Ranked) -> RankedReport {
    RankedReport { p50: ranked.p50.get(), p90: ranked.p90.get(), maximum: ranked.maximum.get() }
}

fn refused<'a>(requesting: &Requesting<'a>, quota: &'a QuotaPlan, refusal: &Refusal) -> RefusedReport<'a> {
    let (message, help) = refusal.words();
    RefusedReport {
        reason: refusal.as_str(),
        undecided: refusal.is_undecided(),
        message,
        help,
        quota: quota_report_to_write(requesting.sources, requesting.input, requesting.plan, quota),
    }
}
