//! The JSON contract of `check`, and the columns of its findings in CSV.

use std::io::Write;

use super::gate::{Gate, GateFinding, Region};
use super::result::CheckResult;
use crate::contract::check as json;
use crate::contract::cost::WorkloadCost;
use crate::contract::quota::Quota;
use crate::engine::{BudgetJudgement, Changes, MoneyOf, MonthlySum, PlanInput, Strictness};
use crate::report::actions::actions;
use crate::report::columns::{Columns, columns, records_of};
use crate::report::cost;
use crate::report::plan::json::{assumptions, budget_words, daily_report, limits, quota_report};
use crate::report::{Items, Records, SCHEMA_VERSION};
use crate::text::plain::write_json;
use crate::units::Fact;
use crate::units::{QuotaAmount, UsdCents};

/// A finding of a check, about so many rows.
pub(in crate::report) fn finding_report(finding: &GateFinding, rows: usize) -> json::Finding {
    let place = finding.place.as_ref();
    let (start, end) = (place.and_then(|place| place.start), place.and_then(|place| place.end));
    let place_report = |region: &Region| json::Place {
        file: region.file.clone(),
        line: region.start.map(|(line, _)| line),
        column: region.start.map(|(_, column)| column),
    };
    json::Finding {
        code: finding.code.into(),
        severity: finding.severity.as_str().into(),
        fails: finding.fails,
        change: finding.change.map(|change| change.as_str().into()),
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

/// The columns of a check's finding.
pub(in crate::report) const FINDING: Columns<json::Finding> = columns!(json::Finding {
    severity;
    code;
    fails;
    change;
    message;
    help;
    about;
    file;
    line;
    column;
});

/// The findings under their columns.
pub(super) fn finding_records(findings: &[GateFinding]) -> Records {
    records_of(FINDING, findings.iter().map(|finding| finding_report(finding, 0)))
}

fn budget_report(input: &PlanInput<'_>, judgement: &BudgetJudgement) -> json::JudgedBudget {
    let (of, name) = budget_words(input, &judgement.budget.of);
    let cost = judgement.cost.as_ref();
    json::JudgedBudget {
        of: of.into(),
        name,
        limit_usd: judgement.budget.limit.plain(),
        monthly_usd: cost.and_then(|cost| cost.usd()).map(UsdCents::plain),
        priced_monthly_usd: cost.map(|cost| cost.priced_usd().plain()),
        period: judgement.period.map(|period| input.workloads.text(period).to_owned()),
        outcome: judgement.outcome.as_str().into(),
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

fn changes_report(changes: &Changes) -> json::Changes {
    let amount = |fact: &Fact<QuotaAmount>| fact.known().map(QuotaAmount::get);
    let usd = |sum: Option<MonthlySum>| sum.and_then(|sum| sum.usd).map(UsdCents::plain);
    let priced = |sum: Option<MonthlySum>| sum.map(|sum| sum.priced.plain());
    let quotas = changes.quotas.iter().map(|change| json::QuotaChange {
        account: change.account.clone(),
        model: change.model.clone(),
        scope: change.scope.clone(),
        kind: change.kind.clone(),
        code: change.code.clone(),
        change: change_word(change.before != Fact::Absent, change.now != Fact::Absent).into(),
        before: amount(&change.before),
        now: amount(&change.now),
    });
    let money = changes.money.iter().map(|change| {
        let (of, name) = match &change.of {
            MoneyOf::Total => ("total", None),
            MoneyOf::Team(name) => ("team", name.clone()),
            MoneyOf::Model(id) => ("model", Some(id.clone())),
        };
        json::MoneyChange {
            of: of.into(),
            name,
            change: change_word(change.before.is_some(), change.now.is_some()).into(),
            before: usd(change.before),
            now: usd(change.now),
            priced_before: priced(change.before),
            priced_now: priced(change.now),
        }
    });
    json::Changes {
        quotas: quotas.collect(),
        quotas_unchanged: changes.quotas_unchanged,
        money: money.collect(),
    }
}

fn strictness_report(strictness: Strictness) -> json::Strictness {
    json::Strictness {
        assume_defaults: strictness.assume_defaults,
        fail_on: strictness.fail_on.as_str().into(),
        warn_only: strictness.warn_only,
        only_worsened: strictness.only_worsened,
    }
}

/// Writes the JSON of a check; what is as long as the files is made while it is written.
pub(in crate::report) fn write(
    checked: &CheckResult<'_>,
    gate: &Gate,
    out: &mut dyn Write,
) -> Result<(), serde_json::Error> {
    let CheckResult { sources, input, plan, check, strictness } = *checked;
    let rows = || check.findings.iter().map(|found| found.finding.rows);
    let findings = || gate.findings.iter().zip(rows()).map(|(finding, rows)| finding_report(finding, rows));
    let judged = || {
        plan.details(input).zip(&check.quotas).map(|(detail, judgement)| Quota {
            outcome: Some(judgement.outcome.as_str().into()),
            judged_against: Some(judgement.limit.map(Into::into)),
            assumed_default: Some(judgement.assumed_default),
            ..quota_report(sources, input, detail)
        })
    };
    let by_workload = Items(|| cost::by_workload(sources, input, plan));
    let document = json::CheckDocument {
        schema_version: SCHEMA_VERSION,
        status: gate.status.as_str().into(),
        summary: gate.summary.clone(),
        strictness: Some(strictness_report(strictness)),
        assumptions: Some(assumptions(input.assumptions)),
        findings: Items(findings),
        budgets: check.budgets.iter().map(|judgement| budget_report(input, judgement)).collect(),
        changes: check.changes.as_ref().map(changes_report),
        limits: Some(limits(input)),
        cost: Some(cost::document(input, plan, by_workload)),
        quotas: Items(judged),
        account_daily: plan.account_daily.iter().map(|daily| daily_report(input, daily)).collect(),
        actions: actions(input, plan, &plan.actions(input)),
    };
    write_json(out, &document)
}

/// Writes the JSON of faulty inputs: nothing was planned.
pub(super) fn write_faults(gate: &Gate, out: &mut dyn Write) -> Result<(), serde_json::Error> {
    let findings = || gate.findings.iter().map(|finding| finding_report(finding, 0));
    let document: json::CheckDocument<Vec<Quota>, Vec<WorkloadCost>, _> = json::CheckDocument {
        schema_version: SCHEMA_VERSION,
        status: gate.status.as_str().into(),
        summary: gate.summary.clone(),
        strictness: None,
        assumptions: None,
        findings: Items(findings),
        budgets: Vec::new(),
        changes: None,
        limits: None,
        cost: None,
        quotas: Vec::new(),
        account_daily: Vec::new(),
        actions: Vec::new(),
    };
    write_json(out, &document)
}
