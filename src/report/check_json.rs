//! The JSON contract of `check`.

use serde::Serialize;

use super::checked::Checked;
use super::cost::{self, CostReport};
use super::gate::{GateFinding, GateStatus, Region};
use super::plan_json::{
    AssumptionsReport, DailyReport, JsonLimit, LimitsReport, QuotaReport, assumptions, budget_words,
    daily_report, limits, quota_report,
};
use super::{SCHEMA_VERSION, View};
use crate::engine::{BudgetJudgement, Changes, MoneyOf, MonthlySum, PlanInput, QuotaJudgement, Strictness};
use crate::units::{Fact, QuotaAmount, UsdCents};

/// The result of `check`.
#[derive(Debug, Serialize)]
pub(super) struct CheckReport {
    schema_version: u32,
    status: &'static str,
    summary: String,
    strictness: Option<StrictnessReport>,
    assumptions: Option<AssumptionsReport>,
    findings: Vec<FindingReport>,
    budgets: Vec<BudgetReport>,
    changes: Option<ChangesReport>,
    limits: Option<LimitsReport>,
    cost: Option<CostReport>,
    quotas: Vec<JudgedQuota>,
    account_daily: Vec<DailyReport>,
}

#[derive(Debug, Serialize)]
struct StrictnessReport {
    assume_defaults: bool,
    fail_on: &'static str,
    warn_only: bool,
    only_worsened: bool,
}

#[derive(Debug, Serialize)]
struct FindingReport {
    code: &'static str,
    severity: &'static str,
    fails: bool,
    change: Option<&'static str>,
    message: String,
    help: String,
    about: String,
    rows: usize,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    related: Option<PlaceReport>,
}

#[derive(Debug, Serialize)]
struct PlaceReport {
    file: String,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Debug, Serialize)]
struct BudgetReport {
    of: &'static str,
    name: Option<String>,
    limit_usd: String,
    monthly_usd: Option<String>,
    priced_monthly_usd: Option<String>,
    period: Option<String>,
    outcome: &'static str,
}

#[derive(Debug, Serialize)]
struct ChangesReport {
    quotas: Vec<QuotaChangeReport>,
    quotas_unchanged: usize,
    money: Vec<MoneyChangeReport>,
}

#[derive(Debug, Serialize)]
struct QuotaChangeReport {
    account: Option<String>,
    model: String,
    scope: String,
    kind: String,
    code: Option<String>,
    change: &'static str,
    before: Option<u64>,
    now: Option<u64>,
}

#[derive(Debug, Serialize)]
struct MoneyChangeReport {
    of: &'static str,
    name: Option<String>,
    change: &'static str,
    before: Option<String>,
    now: Option<String>,
    priced_before: Option<String>,
    priced_now: Option<String>,
}

#[derive(Debug, Serialize)]
struct JudgedQuota {
    #[serde(flatten)]
    quota: QuotaReport,
    outcome: &'static str,
    judged_against: Option<JsonLimit>,
    assumed_default: bool,
}

fn finding_report(finding: &GateFinding, rows: usize) -> FindingReport {
    let place = finding.place.as_ref();
    let (start, end) = (place.and_then(|place| place.start), place.and_then(|place| place.end));
    let place_report = |region: &Region| PlaceReport {
        file: region.file.clone(),
        line: region.start.map(|(line, _)| line),
        column: region.start.map(|(_, column)| column),
    };
    FindingReport {
        code: finding.code,
        severity: finding.severity.as_str(),
        fails: finding.fails,
        change: finding.change.map(crate::engine::FindingChange::as_str),
        message: finding.message.clone(),
        help: finding.help.clone(),
        about: finding.identity.clone(),
        rows,
        file: place.map(|place| place.file.clone()),
        line: start.map(|(line, _)| line),
        column: start.map(|(_, column)| column),
        end_line: end.map(|(line, _)| line),
        end_column: end.map(|(_, column)| column),
        related: finding.related.as_ref().map(place_report),
    }
}

fn budget_report(input: &PlanInput<'_>, judgement: &BudgetJudgement) -> BudgetReport {
    let (of, name) = budget_words(input, &judgement.budget.of);
    let cost = judgement.cost.as_ref();
    BudgetReport {
        of,
        name,
        limit_usd: judgement.budget.limit.plain(),
        monthly_usd: cost.and_then(|cost| cost.usd()).map(UsdCents::plain),
        priced_monthly_usd: cost.map(|cost| cost.priced_usd().plain()),
        period: judgement.period.map(|period| input.workloads.text(period).to_owned()),
        outcome: judgement.outcome.as_str(),
    }
}

/// Whether something is new, gone or changed, by where it is.
const fn change_word(before: bool, now: bool) -> &'static str {
    match (before, now) {
        (false, _) => "new",
        (true, false) => "gone",
        (true, true) => "changed",
    }
}

fn changes_report(changes: &Changes) -> ChangesReport {
    let amount = |fact: &Fact<QuotaAmount>| fact.known().map(QuotaAmount::get);
    let usd = |sum: Option<MonthlySum>| sum.and_then(|sum| sum.usd).map(UsdCents::plain);
    let priced = |sum: Option<MonthlySum>| sum.map(|sum| sum.priced.plain());
    let quotas = changes.quotas.iter().map(|change| QuotaChangeReport {
        account: change.account.clone(),
        model: change.model.clone(),
        scope: change.scope.clone(),
        kind: change.kind.clone(),
        code: change.code.clone(),
        change: change_word(change.before != Fact::Absent, change.now != Fact::Absent),
        before: amount(&change.before),
        now: amount(&change.now),
    });
    let money = changes.money.iter().map(|change| {
        let (of, name) = match &change.of {
            MoneyOf::Total => ("total", None),
            MoneyOf::Team(name) => ("team", name.clone()),
            MoneyOf::Model(id) => ("model", Some(id.clone())),
        };
        MoneyChangeReport {
            of,
            name,
            change: change_word(change.before.is_some(), change.now.is_some()),
            before: usd(change.before),
            now: usd(change.now),
            priced_before: priced(change.before),
            priced_now: priced(change.now),
        }
    });
    ChangesReport {
        quotas: quotas.collect(),
        quotas_unchanged: changes.quotas_unchanged,
        money: money.collect(),
    }
}

fn strictness_report(strictness: Strictness) -> StrictnessReport {
    StrictnessReport {
        assume_defaults: strictness.assume_defaults,
        fail_on: strictness.fail_on.as_str(),
        warn_only: strictness.warn_only,
        only_worsened: strictness.only_worsened,
    }
}

/// Gives a view its JSON form.
pub(super) fn with_json(
    view: View,
    checked: &Checked<'_>,
    findings: &[GateFinding],
    status: GateStatus,
    summary: &str,
) -> View {
    let Checked { sources, input, plan, check, strictness } = *checked;
    let rows = check.findings.iter().map(|found| found.finding.rows);
    let judged = |judgement: &QuotaJudgement, quota| JudgedQuota {
        quota,
        outcome: judgement.outcome.as_str(),
        judged_against: judgement.limit.map(JsonLimit),
        assumed_default: judgement.assumed_default,
    };
    let report = CheckReport {
        schema_version: SCHEMA_VERSION,
        status: status.as_str(),
        summary: summary.to_owned(),
        strictness: Some(strictness_report(strictness)),
        assumptions: Some(assumptions(input.assumptions)),
        findings: findings.iter().zip(rows).map(|(finding, rows)| finding_report(finding, rows)).collect(),
        budgets: check.budgets.iter().map(|judgement| budget_report(input, judgement)).collect(),
        changes: check.changes.as_ref().map(changes_report),
        limits: Some(limits(input)),
        cost: Some(cost::report(sources, input, plan)),
        quotas: plan
            .quotas
            .iter()
            .zip(&check.quotas)
            .map(|(quota, judgement)| judged(judgement, quota_report(sources, input, plan, quota)))
            .collect(),
        account_daily: plan.account_daily.iter().map(|daily| daily_report(input, daily)).collect(),
    };
    View { json: Box::new(report), ..view }
}

/// Gives the view of faulty inputs its JSON form: nothing was planned.
pub(super) fn of_faults(view: View, findings: &[GateFinding], summary: &str) -> View {
    let report = CheckReport {
        schema_version: SCHEMA_VERSION,
        status: GateStatus::Fail.as_str(),
        summary: summary.to_owned(),
        strictness: None,
        assumptions: None,
        findings: findings.iter().map(|finding| finding_report(finding, 0)).collect(),
        budgets: Vec::new(),
        changes: None,
        limits: None,
        cost: None,
        quotas: Vec::new(),
        account_daily: Vec::new(),
    };
    View { json: Box::new(report), ..view }
}
