//! A check made ready for every format: its findings with their places, what was judged, and one line
//! that says how it ended.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use super::gate::{Gate, GateFinding, GateStatus, Region, Subject, SubjectOutcome};
use super::input_subjects::input_subjects;
use super::result::{CheckResult, budget_name, counted, held_against};
use super::{json as check_json, table as check_view};
use crate::engine::{AccountDaily, BudgetOutcome, CheckFinding, FindingPlace, Plan, QuotaOutcome};
use crate::report::words::{BudgetTally, CheckVerdict, Failing, FindingIn, QuotaTally, Sentence, language};
use crate::report::{Block, Detail, Records, Report};
use crate::text::{Code, Diagnostic, Place, Severity, Sources, Span};

/// A check, or inputs that cannot be planned, with the gate that says how it ended.
#[derive(Debug)]
pub struct CheckReport<'a> {
    /// How it ended, with its findings.
    pub gate: Gate,
    /// The check; `None` where the inputs cannot be planned.
    checked: Option<CheckResult<'a>>,
    /// The inputs as words of another command; `None` where no command comes next.
    pub typed: Option<String>,
}

impl Report for CheckReport<'_> {
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        match &self.checked {
            Some(checked) => check_view::blocks(checked, &self.gate, detail, self.typed.as_deref()),
            None => check_view::blocks_of_faults(&self.gate),
        }
    }

    fn records(&self) -> Records {
        check_json::finding_records(&self.gate.findings)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        match &self.checked {
            Some(checked) => check_json::write(checked, &self.gate, out),
            None => check_json::write_faults(&self.gate, out),
        }
    }
}

/// The report of a check.
#[must_use]
pub fn check<'a>(checked: &CheckResult<'a>) -> CheckReport<'a> {
    let CheckResult { sources, input, check, .. } = *checked;
    let subjects = subjects(checked);
    let mut seen = HashMap::new();
    let findings: Vec<GateFinding> = check
        .findings
        .iter()
        .map(|found| {
            let mut finding = finding(checked, found);
            tell_apart(&mut finding, &mut seen);
            finding
        })
        .collect();
    let status = status(&findings);
    let summary = summary(checked, status);
    let file = sources.file(input.workloads.first_file()).map_or("", |file| file.name()).to_owned();
    let verdict = language().check_verdict(&verdict(checked, status));
    let gate = Gate { status, summary, verdict, file, findings, subjects };
    CheckReport { gate, checked: Some(*checked), typed: None }
}

/// The report of inputs that cannot be planned: their faults are its findings. `delimiter` is that of the workloads, where
/// one was named.
#[must_use]
pub fn faulty_inputs(
    sources: &Sources,
    diagnostics: &[Diagnostic],
    file: &str,
    delimiter: Option<u8>,
) -> CheckReport<'static> {
    let mut seen = HashMap::new();
    let findings: Vec<GateFinding> = diagnostics
        .iter()
        .zip(input_subjects(sources, diagnostics, delimiter))
        .map(|(diagnostic, subject)| {
            let place = match &diagnostic.place {
                Place::Span(span) => region(sources, *span),
                Place::File(file) => sources.file(*file).map(|file| whole(file.name())),
                Place::Path(path) => Some(whole(path)),
            };
            let mut finding = GateFinding {
                code: diagnostic.code.as_str(),
                meaning: diagnostic.code.meaning(),
                severity: diagnostic.severity,
                usual_severity: diagnostic.code.severity(),
                fails: diagnostic.severity == Severity::Error,
                message: diagnostic.message.clone(),
                help: diagnostic.help.clone(),
                place,
                related: None,
                identity: subject.unwrap_or_default(),
                subject: None,
                change: None,
            };
            tell_apart(&mut finding, &mut seen);
            finding
        })
        .collect();
    let errors = findings.iter().filter(|finding| finding.fails).count();
    let others_count = findings.len() - errors;
    let others = match others_count {
        0 => String::new(),
        others => format!(", {}", counted(others, "warning")),
    };
    let summary = format!("check failed: the inputs cannot be planned: {}{others}", counted(errors, "error"));
    let mut findings = findings;
    let mut subjects = Vec::new();
    for finding in &mut findings {
        finding.subject = Some(subjects.len());
        let place = finding.place.as_ref().map(|place| match place.start {
            Some((line, column)) => format!(" {}:{line}:{column}", place.file),
            None => format!(" {}", place.file),
        });
        let outcome = if finding.fails { SubjectOutcome::Fails } else { SubjectOutcome::Holds };
        let name = format!("{}{}", finding.code, place.unwrap_or_default());
        subjects.push(Subject { suite: "inputs", name, outcome, detail: String::new() });
    }
    let verdict = vec![language().faulty_inputs(errors, others_count)];
    let gate = Gate { status: GateStatus::Fail, summary, verdict, file: file.to_owned(), findings, subjects };
    CheckReport { gate, checked: None, typed: None }
}

fn whole(name: &str) -> Region {
    Region { file: name.to_owned(), start: None, end: None }
}

/// A span as an editor shows it.
fn region(sources: &Sources, span: Span) -> Option<Region> {
    let file = sources.file(span.file)?;
    let (start, end) = (file.position(span.start), file.position(span.end));
    Some(Region {
        file: file.name().to_owned(),
        start: Some((start.line, start.column)),
        end: Some((end.line, end.column)),
    })
}

fn region_of(checked: &CheckResult<'_>, place: FindingPlace) -> Option<Region> {
    let CheckResult { sources, input, .. } = *checked;
    match place {
        FindingPlace::Key(span) => region(sources, span),
        FindingPlace::Cell { row, column } => {
            let row = input.workloads.rows().get(row)?;
            let cell = input.workloads.cell(sources, row, column);
            region(sources, cell.unwrap_or_else(|| input.workloads.start(row)))
        }
    }
}

/// Findings of one code about one thing are numbered, so that each keeps an identity of its own.
fn tell_apart(finding: &mut GateFinding, seen: &mut HashMap<(&'static str, String), usize>) {
    let count = seen.entry((finding.code, finding.identity.clone())).or_insert(0);
    *count += 1;
    if *count > 1 {
        finding.identity = format!("{} #{count}", finding.identity).trim_start().to_owned();
    }
}

fn finding(checked: &CheckResult<'_>, found: &CheckFinding) -> GateFinding {
    let CheckResult { input, plan, check, .. } = *checked;
    let finding = &found.finding;
    let budget = found.budget.and_then(|index| check.budgets.get(index));
    let identity = match (plan.about(finding, input.catalog), budget) {
        (Some(about), _) => about,
        (None, Some(budget)) => budget_name(input, budget),
        (None, None) => String::new(),
    };
    let Sentence { message, help } = language().finding(&FindingIn { input, plan, finding });
    GateFinding {
        code: finding.code.as_str(),
        meaning: finding.code.meaning(),
        severity: finding.severity,
        usual_severity: finding.code.severity(),
        fails: found.fails,
        message,
        help,
        place: finding.place.and_then(|place| region_of(checked, place)),
        related: found.related.and_then(|place| region_of(checked, place)),
        identity,
        subject: subject_of(plan, found),
        change: found.change,
    }
}

fn status(findings: &[GateFinding]) -> GateStatus {
    if findings.iter().any(|finding| finding.fails) {
        GateStatus::Fail
    } else if findings.iter().any(|finding| finding.severity >= Severity::Warning) {
        GateStatus::Warn
    } else {
        GateStatus::Pass
    }
}

/// Quotas are the first subjects, budgets follow.
fn subject_of(plan: &Plan, found: &CheckFinding) -> Option<usize> {
    found.finding.quota.or(found.budget.map(|index| plan.quotas.len() + index))
}

fn subjects(checked: &CheckResult<'_>) -> Vec<Subject> {
    let CheckResult { input, plan, check, .. } = *checked;
    let failing = check.findings.iter().filter(|found| found.fails);
    let failing: HashSet<usize> = failing.filter_map(|found| subject_of(plan, found)).collect();
    let fails = |subject: usize| failing.contains(&subject);
    let outcome = |subject: usize, undetermined: bool| match (fails(subject), undetermined) {
        (true, _) => SubjectOutcome::Fails,
        (false, true) => SubjectOutcome::Undetermined,
        (false, false) => SubjectOutcome::Holds,
    };
    let quotas =
        plan.quotas.iter().zip(&check.quotas).enumerate().map(|(index, (quota, judgement))| Subject {
            suite: "quotas",
            name: format!("{} {}", quota.id.subject(input.catalog), quota.id.code_words()),
            outcome: outcome(index, judgement.outcome == QuotaOutcome::Undetermined),
            detail: held_against(quota, judgement),
        });
    let budgets = check.budgets.iter().enumerate().map(|(index, judgement)| Subject {
        suite: "budgets",
        name: budget_name(input, judgement),
        outcome: outcome(
            plan.quotas.len() + index,
            matches!(judgement.outcome, BudgetOutcome::Undetermined | BudgetOutcome::Unused),
        ),
        detail: check_view::budget_detail(judgement),
    });
    quotas.chain(budgets).collect()
}

/// What the verdict rests on.
fn verdict<'a>(checked: &CheckResult<'a>, status: GateStatus) -> CheckVerdict<'a> {
    let CheckResult { plan, check, strictness, .. } = *checked;
    let mut failing = Failing::default();
    for found in check.findings.iter().filter(|found| found.fails) {
        let counter = match found.finding.code {
            Code::ExceedsGranted | Code::ExceedsDefault => &mut failing.exceeded,
            Code::OverUtilisation => &mut failing.above_policy,
            Code::QuotaUndetermined => &mut failing.not_judged,
            Code::Residency => &mut failing.residencies,
            Code::ResidencyUnknown => &mut failing.residencies_unknown,
            Code::OverBudget => &mut failing.budgets,
            Code::BudgetUndetermined => &mut failing.budgets_not_judged,
            other => {
                failing.others.push(other.as_str());
                continue;
            }
        };
        *counter += 1;
    }
    let quotas = |outcome| check.quotas.iter().filter(|judgement| judgement.outcome == outcome).count();
    let budgets = |outcome| check.budgets.iter().filter(|judgement| judgement.outcome == outcome).count();
    CheckVerdict {
        status,
        failing,
        quotas: QuotaTally {
            exceeded: quotas(QuotaOutcome::Exceeds),
            above_policy: quotas(QuotaOutcome::AboveUtilisation),
            not_judged: quotas(QuotaOutcome::Undetermined),
            fit: quotas(QuotaOutcome::Fits),
        },
        budgets: BudgetTally {
            exceeded: budgets(BudgetOutcome::Exceeds),
            not_judged: budgets(BudgetOutcome::Undetermined),
            unused: budgets(BudgetOutcome::Unused),
            kept: budgets(BudgetOutcome::Holds),
        },
        by_default: check.quotas.iter().filter(|judgement| judgement.assumed_default).count(),
        above_default: plan
            .quotas
            .iter()
            .zip(&check.quotas)
            .filter(|(quota, judgement)| {
                judgement.outcome == QuotaOutcome::Undetermined && quota.exceeds_default()
            })
            .count(),
        days_exceeded: days_exceeded(plan),
        strictness,
    }
}

/// The accounts whose tokens per day over all models exceed the quota, by estimate.
fn days_exceeded(plan: &Plan) -> Vec<Option<String>> {
    let exceeds = |daily: &&AccountDaily| daily.capacity().is_some_and(|limit| !limit.holds(daily.larger()));
    plan.account_daily.iter().filter(exceeds).map(|daily| daily.account.clone()).collect()
}

/// How the check ended, in one line.
fn summary(checked: &CheckResult<'_>, status: GateStatus) -> String {
    let CheckResult { check, strictness, .. } = *checked;
    let severities = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let found = severities.into_iter().filter_map(|(severity, word)| {
        let count = check.findings.iter().filter(|found| found.finding.severity == severity).count();
        (count > 0).then(|| counted(count, word))
    });
    let found: Vec<String> = found.collect();
    let mut parts = vec![if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") }];
    let quotas = [
        (QuotaOutcome::Exceeds, "exceeded"),
        (QuotaOutcome::AboveUtilisation, "above the policy"),
        (QuotaOutcome::Undetermined, "not judged"),
        (QuotaOutcome::Fits, "fit"),
    ];
    let quotas = quotas.into_iter().filter_map(|(outcome, word)| {
        let count = check.quotas.iter().filter(|judgement| judgement.outcome == outcome).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    parts.push(format!("quotas: {}", quotas.collect::<Vec<_>>().join(", ")));
    let budgets = [
        (BudgetOutcome::Exceeds, "exceeded"),
        (BudgetOutcome::Undetermined, "not judged"),
        (BudgetOutcome::Unused, "unused"),
        (BudgetOutcome::Holds, "kept"),
    ];
    let budgets = budgets.into_iter().filter_map(|(outcome, word)| {
        let count = check.budgets.iter().filter(|judgement| judgement.outcome == outcome).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let budgets: Vec<String> = budgets.collect();
    if !budgets.is_empty() {
        parts.push(format!("budgets: {}", budgets.join(", ")));
    }
    if strictness.only_worsened {
        parts.push("only what is new or worse than the baseline counts".to_owned());
    }
    if strictness.warn_only {
        parts.push("warnings only".to_owned());
    }
    format!("check {}: {}", status.words(), parts.join("; "))
}
