//! A check for people: how it ended, what was judged, what changed, and what was found.

use super::gate::{Gate, GateFinding, GateStatus};
use super::result::{CheckResult, counted};
use crate::catalog::code_words;
use crate::engine::{
    AccountDaily, BudgetJudgement, BudgetOf, BudgetOutcome, Changes, Check, MoneyOf, MonthlySum, PlanInput,
    QuotaJudgement, QuotaOutcome, QuotaPlan,
};
use crate::report::actions::LOOK_UP;
use crate::report::cost::usd;
use crate::report::evidence::{EvidenceRow, evidence, left_out_findings};
use crate::report::notes::edition_words;
use crate::report::words::language;
use crate::report::{Block, Cell, Column, Detail, Flag, Mark, Note, Tone};
use crate::text::plain::cell_name;
use crate::units::{Fact, QuotaAmount, UsdCents, Utilisation, is_quota_code};

/// Failing findings of one code on a screen; more are counted.
const FAILING_OF_A_CODE: usize = 5;

/// Rows of what changed since the baseline on a screen.
const CHANGES: usize = 10;

/// The check for people; `typed` are the inputs as words of another command.
pub(in crate::report) fn blocks(
    checked: &CheckResult<'_>,
    gate: &Gate,
    detail: Detail,
    typed: Option<&str>,
) -> Vec<Block> {
    let CheckResult { input, plan, check, .. } = *checked;
    let mut blocks = vec![Block::Verdict { tone: tone(gate.status), sentences: gate.verdict.clone() }];
    let (failing, others): (Vec<&GateFinding>, Vec<&GateFinding>) =
        gate.findings.iter().partition(|finding| finding.fails);
    blocks.extend(failing_notes(&failing, detail));
    if !detail.has_evidence() {
        return blocks;
    }
    blocks.extend(quota_table(checked, detail));
    blocks.extend(budgets(input, check, detail));
    if let Some(changes) = &check.changes {
        blocks.extend(changed(input, changes, detail));
    }
    let mut lines = vec![language().monthly_cost(input, plan)];
    lines.extend(edition_words(&input.assumptions.config.policy));
    if detail.is_everything() {
        blocks.push(Block::Lines(lines));
        if !others.is_empty() {
            blocks.push(Block::Heading(language().other_findings_heading().to_owned()));
            blocks.push(Block::Notes(notes(&others)));
        }
    } else {
        lines.extend(left_out_findings(others.iter().map(|finding| (finding.severity, finding.code))));
        blocks.push(Block::Lines(lines));
    }
    let commands = typed.map(|typed| next_commands(checked, typed)).unwrap_or_default();
    if !commands.is_empty() {
        blocks.push(Block::Commands(commands));
    }
    blocks
}

const fn tone(status: GateStatus) -> Tone {
    match status {
        GateStatus::Pass => Tone::Good,
        GateStatus::Warn => Tone::Unsure,
        GateStatus::Fail => Tone::Bad,
    }
}

/// Inputs that cannot be planned, for people.
pub(super) fn blocks_of_faults(gate: &Gate) -> Vec<Block> {
    let all: Vec<&GateFinding> = gate.findings.iter().collect();
    let verdict = Block::Verdict { tone: Tone::Bad, sentences: gate.verdict.clone() };
    let notes = (!all.is_empty()).then(|| Block::Notes(notes(&all)));
    std::iter::once(verdict).chain(notes).collect()
}

/// What fails the check, by code; of each code the first few on a screen.
fn failing_notes(failing: &[&GateFinding], detail: Detail) -> Vec<Block> {
    let most = if detail.has_all_rows() { usize::MAX } else { FAILING_OF_A_CODE };
    let mut codes: Vec<&'static str> = Vec::new();
    for finding in failing {
        if !codes.contains(&finding.code) {
            codes.push(finding.code);
        }
    }
    let mut blocks = Vec::new();
    for code in codes {
        let of_code: Vec<&GateFinding> =
            failing.iter().copied().filter(|finding| finding.code == code).collect();
        let shown = of_code.len().min(most);
        blocks.push(Block::Notes(notes(&of_code[..shown])));
        if shown < of_code.len() {
            blocks.push(Block::Rest(language().more_failing(of_code.len() - shown, code)));
        }
    }
    blocks
}

/// What comes next: looking applied values up where they are missing, the plan where a quota does not hold.
fn next_commands(checked: &CheckResult<'_>, typed: &str) -> Vec<String> {
    let CheckResult { check, .. } = *checked;
    let has = |outcome| check.quotas.iter().any(|judgement| judgement.outcome == outcome);
    let by_default = check.quotas.iter().any(|judgement| judgement.assumed_default);
    let missing = has(QuotaOutcome::Undetermined);
    let plan = has(QuotaOutcome::Exceeds) || has(QuotaOutcome::AboveUtilisation);
    let commands = [
        (missing || by_default).then(|| LOOK_UP.to_owned()),
        (missing && !checked.strictness.assume_defaults)
            .then(|| format!("quotaplan check {typed} --assume-defaults")),
        plan.then(|| format!("quotaplan plan {typed}")),
    ];
    commands.into_iter().flatten().collect()
}

fn quota_table(checked: &CheckResult<'_>, detail: Detail) -> Vec<Block> {
    let CheckResult { input, plan, check, .. } = *checked;
    let titles = language().check_titles();
    let mut columns = vec![Column::words(titles.quota)];
    columns.extend(detail.has_all_rows().then_some(Column::codes(titles.code)));
    columns.extend([
        Column::numbers(titles.needs),
        Column::numbers(titles.limit),
        Column::numbers(titles.share),
        Column::words(titles.result),
    ]);
    let row = |(quota, judgement): (&QuotaPlan, &QuotaJudgement)| {
        let required = quota.figures.required;
        let flag = match judgement.outcome {
            QuotaOutcome::AboveUtilisation => Flag::Bad,
            QuotaOutcome::Undetermined => Flag::Unknown,
            QuotaOutcome::Fits | QuotaOutcome::Exceeds => EvidenceRow::flag(required, judgement.limit),
        };
        let none = || Cell::Mark(Mark::NotApplicable);
        let share = required
            .zip(judgement.limit)
            .and_then(|(required, limit)| Utilisation::of_limit(required, limit));
        let mut cells: Vec<Cell> = vec![language().quota_line(quota, input).into()];
        cells.extend(detail.has_all_rows().then(|| quota.id.code_words().into()));
        cells.extend([
            Cell::demand_or_unknown(required),
            judgement.limit.map_or_else(none, Cell::limit),
            share.map_or_else(none, Cell::Use),
            language().quota_result(quota, judgement).into(),
        ]);
        // What AWS's default would not hold is looked at first, though the default judges nothing.
        EvidenceRow::new(flag, &[], required, judgement.limit.or(quota.default_limit()), cells)
    };
    let day = |daily: &AccountDaily| {
        let (needed, limit) = (daily.larger(), daily.capacity());
        let flag = EvidenceRow::flag(Some(needed), limit);
        let none = || Cell::Mark(Mark::NotApplicable);
        let share = limit.and_then(|limit| Utilisation::of_limit(needed, limit));
        let mut cells: Vec<Cell> = vec![language().daily_line(daily.account.as_deref()).into()];
        cells.extend(detail.has_all_rows().then(|| daily.entry.code_words().into()));
        cells.extend([
            Cell::Demand(needed),
            limit.map_or_else(none, Cell::limit),
            share.map_or_else(none, Cell::Use),
            language().day_result(flag).into(),
        ]);
        EvidenceRow::new(flag, &[], Some(needed), limit, cells)
    };
    let quotas = plan.quotas.iter().zip(&check.quotas).map(row);
    evidence(columns, quotas.chain(plan.account_daily.iter().map(day)).collect(), detail)
}

/// The budgets: on a screen those that are not kept.
fn budgets(input: &PlanInput<'_>, check: &Check, detail: Detail) -> Vec<Block> {
    let is_shown =
        |judgement: &&BudgetJudgement| detail.has_all_rows() || judgement.outcome != BudgetOutcome::Holds;
    let shown: Vec<_> = check.budgets.iter().filter(is_shown).map(|one| budget_row(input, one)).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        Column::words("Budget"),
        Column::words("Period"),
        Column::numbers("US dollars a month"),
        Column::numbers("Limit"),
        Column::words("Result"),
    ];
    vec![
        Block::Heading(language().budgets_heading().to_owned()),
        Block::Table { columns, rows: shown.into() },
    ]
}

/// A budget's figures in one sentence.
pub(super) fn budget_detail(judgement: &BudgetJudgement) -> String {
    let limit = judgement.budget.limit;
    match &judgement.cost {
        Some(cost) => format!("{} USD a month, the budget is {}", usd(cost), limit.in_cents()),
        None => format!("no row counts towards it, the budget is {}", limit.in_cents()),
    }
}

fn budget_row(input: &PlanInput<'_>, judgement: &BudgetJudgement) -> Vec<String> {
    let name = match &judgement.budget.of {
        BudgetOf::Total => "All workloads".to_owned(),
        BudgetOf::Team(name) => format!("Team {}", cell_name(name)),
        BudgetOf::Model(model) => input.catalog.model(*model).name.clone(),
    };
    let period = judgement.period.map(|period| cell_name(input.workloads.text(period)));
    let cost = judgement.cost.as_ref().map_or_else(|| "no rows".to_owned(), usd);
    let result = match judgement.outcome {
        BudgetOutcome::Unused => "unused",
        BudgetOutcome::Holds => "met",
        BudgetOutcome::Exceeds => "exceeded",
        BudgetOutcome::Undetermined => "prices unknown",
    };
    vec![
        name,
        period.unwrap_or_else(|| "-".to_owned()),
        cost,
        judgement.budget.limit.in_cents(),
        result.to_owned(),
    ]
}

/// A value before or after, in words.
fn word<T: std::fmt::Display>(value: &Fact<T>) -> String {
    match value {
        Fact::Absent => "-".to_owned(),
        Fact::Unknown => "unknown".to_owned(),
        Fact::Known(value) => value.to_string(),
    }
}

/// By how much a value rose or fell.
fn difference<T: std::fmt::Display>(before: T, now: T, minus: impl Fn(&T, &T) -> Option<T>) -> String {
    match (minus(&now, &before), minus(&before, &now)) {
        (Some(more), _) => format!("+{more}"),
        (None, Some(less)) => format!("-{less}"),
        (None, None) => String::new(),
    }
}

/// A sum before or after, in words; what is known of an unknown one is its least.
fn sum_word(sum: Option<MonthlySum>) -> String {
    match sum {
        None => "-".to_owned(),
        Some(MonthlySum { usd: Some(usd), .. }) => usd.to_string(),
        Some(MonthlySum { usd: None, priced }) if priced == UsdCents::default() => "unknown".to_owned(),
        Some(MonthlySum { usd: None, priced }) => format!("≥ {priced}"),
    }
}

fn changed(input: &PlanInput<'_>, changes: &Changes, detail: Detail) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("Changes from the baseline".to_owned())];
    if changes.quotas.is_empty() && changes.money.is_empty() {
        blocks.push(Block::Paragraph("No quota and no cost changed.".to_owned()));
        return blocks;
    }
    let all = changes.quotas.len() + changes.money.len();
    let most = if detail.has_all_rows() { usize::MAX } else { CHANGES };
    let name = |id: &str| {
        input.catalog.find(id).map_or(id.to_owned(), |named| input.catalog.model(named.model).name.clone())
    };
    let quotas = changes.quotas.iter().map(|change| {
        let account = change
            .account
            .as_ref()
            .map(|account| format!(", account {}", cell_name(account)))
            .unwrap_or_default();
        let code = code_words(change.code.as_deref());
        let less = |a: &QuotaAmount, b: &QuotaAmount| a.get().checked_sub(b.get()).and_then(QuotaAmount::new);
        let rose = match (change.before, change.now) {
            (Fact::Absent, _) => "new".to_owned(),
            (_, Fact::Absent) => "gone".to_owned(),
            (Fact::Known(before), Fact::Known(now)) => difference(before, now, less),
            _ => "-".to_owned(),
        };
        vec![
            format!("{} {} {}{account}, {code}", name(&change.model), change.scope, change.kind),
            word(&change.before),
            word(&change.now),
            rose,
        ]
    });
    let money = changes.money.iter().map(|change| {
        let of = match &change.of {
            MoneyOf::Total => "USD a month, all".to_owned(),
            MoneyOf::Model(id) => format!("USD a month, {}", name(id)),
            MoneyOf::Team(Some(team)) => format!("USD a month, team {}", cell_name(team)),
            MoneyOf::Team(None) => "USD a month, no team".to_owned(),
        };
        let less = |a: &UsdCents, b: &UsdCents| a.get().checked_sub(b.get()).map(UsdCents::new);
        let rose = match (change.before, change.now) {
            (None, _) => "new".to_owned(),
            (_, None) => "gone".to_owned(),
            // Of sums that are not known the known parts are compared.
            (Some(before), Some(now)) => difference(before.priced, now.priced, less),
        };
        vec![of, sum_word(change.before), sum_word(change.now), rose]
    });
    blocks.push(Block::Table {
        columns: vec![
            Column::words("Requirement or cost"),
            Column::numbers("Before"),
            Column::numbers("Now"),
            Column::numbers("Change"),
        ],
        rows: quotas.chain(money).take(most).collect(),
    });
    if all > most {
        blocks.push(Block::Rest(language().more_changes(all - most)));
    }
    if changes.quotas_unchanged > 0 {
        let others = counted(changes.quotas_unchanged, "other quota");
        blocks.push(Block::Paragraph(format!("{others} did not change.")));
    }
    blocks
}

/// Findings as notes; help that repeats the one before is left out.
fn notes(findings: &[&GateFinding]) -> Vec<Note> {
    let mut last = String::new();
    let note = |finding: &&GateFinding| {
        let place = finding.place.as_ref().map(|place| match place.start {
            Some((line, column)) => format!("{}:{line}:{column}", place.file),
            None => place.file.clone(),
        });
        let change = finding
            .change
            .map(|change| format!(" ({})", language().finding_change(change)))
            .unwrap_or_default();
        // Help that differs in a quota's code alone is the same to a reader.
        let help = if masked(&finding.help) == last { String::new() } else { finding.help.clone() };
        last = masked(&finding.help);
        Note {
            severity: finding.severity,
            code: finding.code,
            place: place.unwrap_or_default(),
            text: format!("{}{change}", finding.message),
            help,
        }
    };
    findings.iter().map(note).collect()
}

/// A text without the quota codes in it.
fn masked(text: &str) -> String {
    let words = text.split(' ').map(|word| if is_quota_code(word) { "CODE" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
