//! What a language says first of a migration.

use crate::catalog::Catalog;
use crate::engine::{AskBy, QuotaPlan};
use crate::units::{Limit, QuotaAmount};

/// What the verdict of a migration rests on.
#[derive(Debug, Clone, Default)]
pub struct MigrateVerdict {
    /// Rows that move.
    pub rows: usize,
    /// The old model, and its scope where all rows have the same.
    pub from: String,
    /// The new model likewise.
    pub to: String,
    /// Quotas for which something is to be done.
    pub to_do: usize,
    /// Quotas whose applied values must be looked up.
    pub to_look_up: usize,
    /// Quotas that cannot be judged: what they need, or AWS's default, is not known.
    pub not_judged: usize,
    /// Quotas of both models.
    pub quotas: usize,
    /// Whether a date to ask by has passed, or leaves less time than asking takes.
    pub is_late: bool,
}

/// When something must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueStage {
    /// On a day.
    Day(AskBy),
    /// Before the traffic of a stage moves, in percent.
    Before(u32),
    /// It is needed already.
    Now,
}

/// Titles of the columns of a migration's screen.
#[derive(Debug, Clone, Copy)]
pub struct MigrateTitles {
    /// The quota.
    pub quota: &'static str,
    /// What it needs now.
    pub now: &'static str,
    /// The most that it needs.
    pub most: &'static str,
    /// The stage of that.
    pub at: &'static str,
    /// Its limit.
    pub limit: &'static str,
    /// The share of its limit.
    pub share: &'static str,
}

/// What a migration says first.
pub trait MigrateWords {
    /// The verdict.
    fn migrate_verdict(&self, verdict: &MigrateVerdict) -> String;

    /// What to do about a quota, behind the verb.
    fn migrate_step(&self, quota: &QuotaPlan, catalog: &Catalog) -> String;

    /// Why, and by when: `stage` is what the stage with the largest need is called.
    fn migrate_reasons(&self, quota: &QuotaPlan, stage: &str, due: Option<DueStage>) -> Vec<String>;

    /// What is to be looked up, behind the verb.
    fn migrate_look_up(&self, count: usize, due: Option<DueStage>) -> (String, Vec<String>);

    /// What to do about an account's tokens per day over all models, an estimate, and why.
    fn migrate_day(
        &self,
        account: Option<&str>,
        most: QuotaAmount,
        limit: Option<Limit>,
    ) -> (String, Vec<String>);

    /// Titles of the columns.
    fn migrate_titles(&self) -> MigrateTitles;

    /// What a month costs now and at the last stage.
    fn migrate_cost(&self, now: &str, last: &str, percent: u32) -> String;

    /// What stands under `--details`.
    fn migrate_details(&self) -> &'static str;
}
