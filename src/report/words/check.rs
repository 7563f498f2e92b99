//! What a language says of a check.

use crate::engine::{QuotaJudgement, QuotaPlan, Strictness};
use crate::report::{Flag, GateStatus};

/// What the verdict of a check rests on.
#[derive(Debug, Clone)]
pub struct CheckVerdict<'a> {
    /// How it ended.
    pub status: GateStatus,
    /// What fails it.
    pub failing: Failing<'a>,
    /// Quotas by what became of them.
    pub quotas: QuotaTally,
    /// Budgets by what became of them.
    pub budgets: BudgetTally,
    /// Quotas that are judged by AWS's default, assumed to apply.
    pub by_default: usize,
    /// Quotas that are not judged and need more than AWS's default.
    pub above_default: usize,
    /// The accounts whose tokens per day over all models exceed the quota, by estimate.
    pub days_exceeded: Vec<Option<String>>,
    /// How strict it was.
    pub strictness: Strictness,
}

/// Findings that fail a check, counted by what they are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failing<'a> {
    /// Quotas that do not hold what is needed.
    pub exceeded: usize,
    /// Quotas of which more is used than the policy allows.
    pub above_policy: usize,
    /// Quotas that could not be judged.
    pub not_judged: usize,
    /// Residencies that a scope breaks.
    pub residencies: usize,
    /// Residencies that cannot be judged.
    pub residencies_unknown: usize,
    /// Budgets that are exceeded.
    pub budgets: usize,
    /// Budgets that could not be judged.
    pub budgets_not_judged: usize,
    /// The codes of all others.
    pub others: Vec<&'a str>,
}

/// Quotas by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QuotaTally {
    /// What is needed exceeds them.
    pub exceeded: usize,
    /// They hold, but more is used than the policy allows.
    pub above_policy: usize,
    /// They could not be judged.
    pub not_judged: usize,
    /// They hold.
    pub fit: usize,
}

impl QuotaTally {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> usize {
        self.exceeded + self.above_policy + self.not_judged + self.fit
    }
}

/// Budgets by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BudgetTally {
    /// The money is above them.
    pub exceeded: usize,
    /// Not every price is known.
    pub not_judged: usize,
    /// No row counts towards them.
    pub unused: usize,
    /// They hold.
    pub kept: usize,
}

/// Titles of the columns of a check.
#[derive(Debug, Clone, Copy)]
pub struct CheckTitles {
    /// The quota.
    pub quota: &'static str,
    /// Its code.
    pub code: &'static str,
    /// What it needs.
    pub needs: &'static str,
    /// What it is held against.
    pub limit: &'static str,
    /// The share of that.
    pub share: &'static str,
    /// What became of it.
    pub result: &'static str,
}

/// What a check says.
pub trait CheckWords {
    /// The verdict, in sentences.
    fn check_verdict(&self, verdict: &CheckVerdict<'_>) -> Vec<String>;

    /// That inputs cannot be planned.
    fn faulty_inputs(&self, errors: usize, warnings: usize) -> String;

    /// Titles of the columns.
    fn check_titles(&self) -> CheckTitles;

    /// What became of a quota, in a word or two.
    fn quota_result(&self, quota: &QuotaPlan, judgement: &QuotaJudgement) -> &'static str;

    /// How the estimate of tokens per day over all models stands.
    fn day_result(&self, flag: Flag) -> &'static str;

    /// How many failing findings of a code are not shown.
    fn more_failing(&self, count: usize, code: &str) -> String;

    /// How many changes from the baseline are not shown.
    fn more_changes(&self, count: usize) -> String;

    /// The heading of the budgets.
    fn budgets_heading(&self) -> &'static str;

    /// The heading of all other findings.
    fn other_findings_heading(&self) -> &'static str;
}
