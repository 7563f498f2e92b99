//! A check for people: how it ended, what was judged, what changed, and what was found.

use super::gate::GateFinding;
use super::result::{CheckResult, counted};
use crate::catalog::code_words;
use crate::engine::{
    BudgetJudgement, BudgetOf, BudgetOutcome, Changes, MoneyOf, MonthlySum, PlanInput, QuotaJudgement,
    QuotaOutcome, QuotaPlan,
};
use crate::report::cost::usd;
use crate::report::notes::edition_words;
use crate::report::words::language;
use crate::report::{Block, Column, Note};
use crate::text::plain::cell_name;
use crate::units::{Fact, Limit, QuotaAmount, UsdCents, Utilisation, is_quota_code};

/// The check for people.
pub(in crate::report) fn blocks(
    checked: &CheckResult<'_>,
    findings: &[GateFinding],
    summary: &str,
) -> Vec<Block> {
    let CheckResult { input, plan, check, .. } = *checked;
    let mut blocks = vec![Block::Heading(summary.to_owned())];
    let quotas = plan.quotas.iter().zip(&check.quotas);
    blocks.push(Block::Table {
        columns: vec![
            Column::words("Quota"),
            Column::numbers("Required"),
            Column::numbers("Held against"),
            Column::numbers("Use"),
            Column::words("Result"),
        ],
        rows: quotas.map(|(quota, judgement)| quota_row(input, quota, judgement)).collect(),
    });
    if !check.budgets.is_empty() {
        blocks.push(Block::Heading("Budgets".to_owned()));
        blocks.push(Block::Table {
            columns: vec![
                Column::words("Budget"),
                Column::numbers("US dollars a month"),
                Column::numbers("Limit"),
                Column::words("Result"),
            ],
            rows: check.budgets.iter().map(|judgement| budget_row(input, judgement)).collect(),
        });
    }
    let total = &plan.cost.total;
    let season = plan
        .cost
        .period
        .map(|period| format!(" in {}, the most expensive period", input.workloads.text(period)));
    let cost = match usd(total) {
        cost if cost == "unknown" => "not known, since no price is".to_owned(),
        cost => format!("{cost} USD"),
    };
    blocks.push(Block::Paragraph(format!("Cost a month{}: {cost}.", season.unwrap_or_default())));
    blocks.extend(edition_words(&input.assumptions.config.policy).map(Block::Paragraph));
    if let Some(changes) = &check.changes {
        blocks.extend(changed(input, changes));
    }
    blocks.extend(found(findings));
    blocks
}

/// Inputs that cannot be planned, for people.
pub(super) fn blocks_of_faults(findings: &[GateFinding], summary: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(summary.to_owned())];
    blocks.extend(found(findings));
    blocks
}

fn quota_row(input: &PlanInput<'_>, quota: &QuotaPlan, judgement: &QuotaJudgement) -> Vec<String> {
    let name = format!("{}\n{}", cell_name(&quota.id.subject(input.catalog)), quota.id.code_words());
    let against = match (judgement.limit, judgement.assumed_default) {
        (Some(limit), false) => format!("{limit}\ngranted"),
        (Some(limit), true) => format!("{limit}\ndefault, assumed"),
        (None, _) => "-".to_owned(),
    };
    let share = match (quota.figures.required, judgement.limit) {
        (Some(required), Some(Limit::Amount(amount))) => Utilisation::new(required, amount),
        _ => None,
    };
    let share = share.map_or_else(|| "-".to_owned(), |share| share.to_string());
    let result = match judgement.outcome {
        QuotaOutcome::Fits => "fits",
        QuotaOutcome::AboveUtilisation => "above the policy",
        QuotaOutcome::Exceeds => "exceeded",
        QuotaOutcome::Undetermined if quota.figures.required.is_none() => "requirement unknown",
        QuotaOutcome::Undetermined if quota.entry.is_none() => "no quota: not offered",
        QuotaOutcome::Undetermined if quota.code().is_none() => "no quota code",
        QuotaOutcome::Undetermined => "no applied value",
    };
    let required =
        quota.figures.required.map_or_else(|| "unknown".to_owned(), |required| required.to_string());
    vec![name, required, against, share, result.to_owned()]
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
    let period = judgement.period.map(|period| format!("\nin {}", cell_name(input.workloads.text(period))));
    let cost = judgement.cost.as_ref().map_or_else(|| "no rows".to_owned(), usd);
    let result = match judgement.outcome {
        BudgetOutcome::Unused => "counts nothing",
        BudgetOutcome::Holds => "kept",
        BudgetOutcome::Exceeds => "exceeded",
        BudgetOutcome::Undetermined => "prices unknown",
    };
    vec![
        name,
        format!("{cost}{}", period.unwrap_or_default()),
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

fn changed(input: &PlanInput<'_>, changes: &Changes) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("Changes from the baseline".to_owned())];
    if changes.quotas.is_empty() && changes.money.is_empty() {
        blocks.push(Block::Paragraph("No quota and no sum of money changed.".to_owned()));
        return blocks;
    }
    let name = |id: &str| {
        input.catalog.find(id).map_or(id.to_owned(), |named| input.catalog.model(named.model).name.clone())
    };
    let quotas = changes.quotas.iter().map(|change| {
        let account = change
            .account
            .as_ref()
            .map(|account| format!("\naccount {}", cell_name(account)))
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
            format!("{} {} {}\n{code}{account}", name(&change.model), change.scope, change.kind),
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
            Column::words("Required, or money"),
            Column::numbers("Before"),
            Column::numbers("Now"),
            Column::numbers("Change"),
        ],
        rows: quotas.chain(money).collect(),
    });
    if changes.quotas_unchanged > 0 {
        let others = counted(changes.quotas_unchanged, "other quota");
        blocks.push(Block::Paragraph(format!("{others} not changed.")));
    }
    blocks
}

/// Findings as notes; help that repeats the one before is left out.
fn found(findings: &[GateFinding]) -> Vec<Block> {
    if findings.is_empty() {
        return Vec::new();
    }
    let mut last = String::new();
    let notes = findings.iter().map(|finding| {
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
    });
    vec![Block::Heading("Findings".to_owned()), Block::Notes(notes.collect())]
}

/// A text without the quota codes in it.
fn masked(text: &str) -> String {
    let words = text.split(' ').map(|word| if is_quota_code(word) { "CODE" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
