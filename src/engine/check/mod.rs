//! The gate: a plan held against applied quotas, budgets and policies.
//!
//! Pure like the plan: it takes a finished plan and says what of it fails, and why.

use std::cmp::Reverse;

use super::assumptions::PlanInput;
use super::finding::{Finding, FindingFact, FindingPlace};
use super::result::Plan;
use crate::baseline::Baseline;
use crate::text::{Code, Diagnostic, Place, Severity};

mod age;
mod budgets;
mod changes;
mod collect;
mod quotas;
mod worsened;

use collect::Gate;

pub use budgets::{BudgetJudgement, BudgetOutcome};
pub use changes::{Changes, MoneyChange, MoneyOf, QuotaChange};
pub use collect::{CheckFinding, FindingChange};
pub use quotas::{QuotaJudgement, QuotaOutcome};

/// How strict a check is.
#[derive(Debug, Clone, Copy)]
pub struct Strictness {
    /// Judge a quota without an applied value by AWS's default.
    pub assume_defaults: bool,
    /// The least severity that fails.
    pub fail_on: Severity,
    /// Nothing fails: errors are warnings.
    pub warn_only: bool,
    /// What the baseline has no better is a note.
    pub only_worsened: bool,
}

impl Default for Strictness {
    fn default() -> Self {
        Self { assume_defaults: false, fail_on: Severity::Error, warn_only: false, only_worsened: false }
    }
}

/// The result of a check.
#[derive(Debug, Clone)]
pub struct Check {
    /// What was found, the most severe first.
    pub findings: Vec<CheckFinding>,
    /// What became of each quota, in the plan's order.
    pub quotas: Vec<QuotaJudgement>,
    /// What became of each budget: the total, then teams, then models.
    pub budgets: Vec<BudgetJudgement>,
    /// What changed since the baseline, where there is one.
    pub changes: Option<Changes>,
}

impl Check {
    /// Whether anything fails it.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.findings.iter().any(|finding| finding.fails)
    }
}

/// What there was to say about an input that a plan was made from, as a finding; `subject` is what it is about, without
/// positions and words: a row and a column, or the path of a key.
#[must_use]
pub fn remark(input: &PlanInput<'_>, diagnostic: &Diagnostic, subject: Option<String>) -> Option<Finding> {
    let severity = input.assumptions.config.policy.severity_of(diagnostic.code)?;
    let place = match diagnostic.place {
        Place::Span(span) => Some(FindingPlace::Key(span)),
        Place::File(_) | Place::Path(_) => None,
    };
    let Diagnostic { code, message, help, .. } = diagnostic;
    Some(Finding {
        fact: FindingFact::Remark { code: *code, message: message.clone(), help: help.clone() },
        code: *code,
        severity,
        quota: None,
        place,
        rows: 0,
        detail: subject,
    })
}

/// What the gate is for comes first among findings of one severity.
fn rank(code: Code) -> u8 {
    match code {
        Code::ExceedsGranted | Code::ExceedsDefault => 0,
        Code::OverUtilisation => 1,
        Code::OverBudget => 2,
        _ => 3,
    }
}

/// Checks a plan; `remarks` are what there was to say about its inputs.
#[must_use]
pub fn check(
    input: &PlanInput<'_>,
    plan: &Plan,
    strictness: Strictness,
    baseline: Option<&Baseline>,
    remarks: Vec<Finding>,
) -> Check {
    let mut gate = Gate { plan, input, found: Vec::new() };
    let judged = quotas::judge(&mut gate, strictness.assume_defaults);
    let budgets = budgets::judge(&mut gate);
    age::add(&mut gate, &judged);
    // The gate says of each quota what this one says of all.
    let of_plan = plan.findings.iter().filter(|finding| finding.code != Code::AppliedNotGiven);
    of_plan.cloned().chain(remarks).for_each(|finding| gate.take(finding));
    if let Some(baseline) = baseline {
        changes::note_assumptions(&mut gate, baseline);
        let earlier = changes::Earlier::new(baseline);
        let compared = worsened::Comparison { input, plan, baseline, earlier, budgets: &budgets };
        gate.found.iter_mut().for_each(|found| found.change = compared.change(found));
    }
    for found in &mut gate.found {
        let worsened = matches!(found.change, Some(FindingChange::New | FindingChange::Worse));
        let severity = &mut found.finding.severity;
        if strictness.only_worsened && !worsened {
            *severity = Severity::Note;
        } else if strictness.warn_only {
            *severity = (*severity).min(Severity::Warning);
        }
        let counts = !strictness.warn_only && (worsened || !strictness.only_worsened);
        found.fails = counts && *severity >= strictness.fail_on;
    }
    gate.found.sort_by_key(|found| {
        let Finding { code, severity, .. } = found.finding;
        (Reverse(found.fails), Reverse(severity), rank(code))
    });
    let changes = baseline.map(|baseline| changes::since(input, plan, baseline));
    Check { findings: gate.found, quotas: judged, budgets, changes }
}
