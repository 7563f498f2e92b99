//! What a language says of a comparison of scopes, and what it is given for it.

use super::actions::ActionSentence;
use crate::catalog::{Catalog, Residency, ResidencyVerdict, Scope};
use crate::engine::{CompliantModel, Decision, Headroom, Increases, MonthlyCost, QuotaPlan, ScopeQuota};
use crate::text::FactDate;
use crate::units::{QuotaKind, words};

words! {
    /// How a statement stands to the others.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Standing {
        /// No newer text contradicts it.
        Current = "current",
        /// Newer text of AWS does not agree with it.
        Contradicted = "contradicted",
    }
}

/// A statement of AWS's in our own words.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// What it is about.
    pub about: &'static str,
    /// What it says.
    pub text: &'static str,
    /// Where it was read.
    pub source: &'static str,
    /// The date of the source.
    pub as_of: &'static str,
    /// How it stands to the others.
    pub standing: Standing,
}

/// What AWS says about storage and about choosing a profile.
#[derive(Debug, Clone, Copy)]
pub struct Statements {
    /// Where requests may be processed.
    pub destinations: &'static [Statement],
    /// What is stored where.
    pub storage: &'static [Statement],
    /// When to choose which profile.
    pub criteria: &'static [Statement],
    /// What to make of the statements that do not agree.
    pub conflict: &'static str,
}

/// Whether the quotas of a scope hold what is needed there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// All of them hold.
    Holds,
    /// One of them does not.
    Exceeds,
    /// Of one, the limit or what is needed is not known, and none is known to be exceeded.
    Unknown,
}

/// Why a row stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StayReason {
    /// Its model has no other scope.
    OnlyScope,
    /// No other scope is cheaper.
    Cheapest,
    /// A scope that costs less is not known to keep to the residency.
    Residency(Scope),
    /// A scope that costs less would not hold it.
    Quota(Scope),
    /// What another scope costs is not known.
    Price(Scope),
}

/// Where a row should be, everything else left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeVerdict {
    /// Its residency is broken, and no scope of its model keeps to it.
    NoCompliantScope,
    /// Its residency is broken, and another scope keeps to it.
    Rescope {
        /// That scope.
        to: Scope,
        /// Whether its quotas hold.
        fit: Fit,
    },
    /// Whether its residency is kept is not known.
    ResidencyUnknown,
    /// The quotas where it is do not hold, and those of another scope do.
    MoveToFit {
        /// That scope.
        to: Scope,
    },
    /// Another scope costs less and is not known to be too small.
    MoveToSave {
        /// That scope.
        to: Scope,
        /// Whether its quotas hold.
        fit: Fit,
    },
    /// It stays.
    Stay(StayReason),
}

impl ScopeVerdict {
    /// Whether there is something to do.
    #[must_use]
    pub const fn is_to_do(self) -> bool {
        !matches!(self, Self::Stay(_))
    }
}

/// A row and its verdict.
#[derive(Debug, Clone)]
pub struct ComparedWorkload<'a> {
    /// The row's name, with its period.
    pub name: String,
    /// Its model's name.
    pub model: &'a str,
    /// Its present scope.
    pub from: Scope,
    /// The residency that it states.
    pub residency: Option<Residency>,
    /// Where it should be.
    pub verdict: ScopeVerdict,
    /// What that saves a month, in cents; what is forgone where it stays.
    pub saving: Option<i128>,
    /// The quota that it would count against; the present one where it stays.
    pub quota: Option<ScopeQuota<'a>>,
    /// The models with a scope that keeps to the residency, where its own has none.
    pub compliant: &'a [CompliantModel],
}

/// What a comparison counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompareTally {
    /// Rows compared.
    pub rows: usize,
    /// Rows whose residency is broken, without a scope that keeps to it.
    pub without_scope: usize,
    /// Rows whose residency is broken, with a scope that keeps to it.
    pub rescoped: usize,
    /// Rows whose residency cannot be judged.
    pub residency_unknown: usize,
    /// Rows whose quotas do not hold where they are, and hold elsewhere.
    pub moved_to_fit: usize,
    /// Rows that cost less elsewhere.
    pub moved_to_save: usize,
    /// What those save a month, in cents, in the period in which it is most.
    pub saved: i128,
    /// What all moves save a month, in cents, in the period in which it is most.
    pub saved_by_all: i128,
    /// Rows that stay because the cheaper scope breaks their residency.
    pub kept_by_residency: usize,
    /// What that costs a month, in cents, in the period in which it is most.
    pub forgone: i128,
    /// Rows of which a limit is not known in some scope.
    pub without_limit: usize,
}

impl CompareTally {
    /// Rows with something to do.
    #[must_use]
    pub const fn to_do(self) -> usize {
        self.without_scope + self.rescoped + self.residency_unknown + self.moved_to_fit + self.moved_to_save
    }
}

/// The best assignment in figures.
#[derive(Debug, Clone, Copy)]
pub struct OptimumFigures<'a> {
    /// Workloads that should move.
    pub moved: usize,
    /// Workloads in all.
    pub workloads: usize,
    /// Workloads that may go anywhere.
    pub free: usize,
    /// Workloads in a scope that is not known to keep to their residency, now and then.
    pub breaking: (usize, usize),
    /// What the quotas need now.
    pub before: Increases,
    /// What they need then.
    pub after: Increases,
    /// What a month costs now.
    pub cost_before: &'a MonthlyCost,
    /// What a month costs then.
    pub cost_after: &'a MonthlyCost,
    /// Whether a month is one of the most expensive period.
    pub has_periods: bool,
    /// Whether no assignment is better.
    pub proven: bool,
}

/// Why a decision was made: what it is held against, and what that breaks.
#[derive(Debug, Clone, Copy)]
pub struct DecisionIn<'a> {
    /// The decision.
    pub decision: &'a Decision,
    /// The strictest residency of its rows, unless that admits every Region.
    pub stated: Option<Residency>,
    /// Where the scope that it is held against may process requests, beyond the residency.
    pub outside: Option<&'a str>,
}

/// Titles of the columns of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct CompareTitles {
    /// The workload.
    pub workload: &'static str,
    /// Its model.
    pub model: &'static str,
    /// Where it is.
    pub now: &'static str,
    /// Where it should be.
    pub verdict: &'static str,
    /// What that saves.
    pub saves: &'static str,
    /// The number of what to do.
    pub step: &'static str,
    /// A scope.
    pub scope: &'static str,
    /// The quota there.
    pub quota: &'static str,
    /// What is needed there.
    pub needs: &'static str,
    /// What the quota holds.
    pub limit: &'static str,
    /// What is left of it.
    pub left: &'static str,
    /// What a month costs there.
    pub cost: &'static str,
    /// The saving in percent.
    pub percent: &'static str,
    /// Whether the residency is kept.
    pub residency: &'static str,
    /// Why.
    pub why: &'static str,
    /// A quota of which another amount is needed.
    pub changed_quota: &'static str,
    /// What is needed now.
    pub needs_now: &'static str,
    /// What is needed then.
    pub needs_then: &'static str,
    /// Whether that holds.
    pub holds: &'static str,
    /// A cell to change.
    pub cell: &'static str,
    /// Its column.
    pub column: &'static str,
    /// What it holds.
    pub old: &'static str,
    /// What to write.
    pub new: &'static str,
    /// The Regions to which a scope leads.
    pub destinations: &'static str,
    /// The models with these.
    pub models: &'static str,
}

/// A part of everything that a comparison shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareHeading {
    /// Every scope of every row.
    EveryScope,
    /// The cells to change.
    Cells,
    /// The findings.
    Findings,
    /// The destination Regions.
    Destinations,
    /// What is stored where.
    Storage,
    /// When to choose which.
    Criteria,
}

/// What a comparison says.
pub trait CompareWords {
    /// The verdict, in sentences.
    fn compare_verdict(&self, tally: &CompareTally, assume_defaults: bool) -> Vec<String>;

    /// The verdict of the best assignment, in sentences.
    fn optimum_verdict(&self, figures: &OptimumFigures<'_>) -> Vec<String>;

    /// How the best assignment was found, a sentence each.
    fn optimum_method(&self, figures: &OptimumFigures<'_>) -> Vec<String>;

    /// What to do about a row: a verb, and what, with why.
    fn compare_step(
        &self,
        of: &ComparedWorkload<'_>,
        catalog: &Catalog,
        today: FactDate,
    ) -> (&'static str, ActionSentence);

    /// The verdict of a row in a few words.
    fn scope_verdict(&self, of: &ComparedWorkload<'_>) -> String;

    /// How the figures of a screen come about, a sentence each.
    fn compare_method(&self, tally: &CompareTally) -> Vec<String>;

    /// How many rows are not shown, and how many of them stay.
    fn more_compared(&self, left: usize, to_do: usize) -> String;

    /// How many more workloads should move than are shown.
    fn more_moves(&self, count: usize) -> String;

    /// A decision of the best assignment that moves a workload: a verb, and what, with why.
    fn move_step(&self, name: &str, model: &str, of: &DecisionIn<'_>) -> (&'static str, ActionSentence);

    /// Where a workload is in the best assignment.
    fn assigned(&self, decision: &Decision) -> String;

    /// Why a workload is where the best assignment has it.
    fn why_assigned(&self, of: &DecisionIn<'_>) -> String;

    /// The same in a few words.
    fn why_assigned_short(&self, of: &DecisionIn<'_>) -> String;

    /// What to do where no scope of a model keeps to a residency, before the models that do.
    fn no_scope_stays(&self, offers: Option<&str>) -> String;

    /// The models and scopes that keep to a residency, those without increases last.
    fn offers(&self, models: &[CompliantModel], catalog: &Catalog, today: FactDate) -> String;

    /// Rows of which no scope of their model keeps to a residency.
    fn no_scope_keeps(&self, residency: Residency, names: &str, offers: &str) -> String;

    /// Names in a row, and how many more there are.
    fn names_and_more(&self, names: &[String], more: usize) -> String;

    /// A quota of a row in a scope.
    fn quota_in_scope(&self, kind: QuotaKind, code: Option<&str>, name: &str, scope: Scope) -> String;

    /// What every line of the table of scopes is.
    fn scope_table_method(&self) -> &'static str;

    /// Quotas beside those of the table that would not hold.
    fn others_would_not_hold(&self, names: &str) -> String;

    /// That headroom is not known without limits.
    fn unknown_headroom(&self) -> &'static str;

    /// What a quota is called in the table of scopes.
    fn scope_quota(&self, quota: Option<&ScopeQuota<'_>>) -> String;

    /// Whether a quota holds.
    fn holds(&self, quota: Option<&QuotaPlan>, holds: Option<bool>) -> &'static str;

    /// Whether a quota holds, before and after.
    fn holds_then(&self, before: &str, after: &str) -> String;

    /// Whether a residency is kept, in a few words.
    fn residency_in_scope(&self, stated: Option<Residency>, verdict: &ResidencyVerdict) -> String;

    /// The destinations of a scope that are not a list of Regions.
    fn destinations_unlisted(&self, all_commercial: bool, scope: Scope) -> &'static str;

    /// By how much Global costs less, from the prices of the rows.
    fn global_saving(&self, range: Option<(i64, i64)>) -> String;

    /// A sum of money in whole dollars, with its sign.
    fn whole_usd(&self, cents: i128) -> String;

    /// How a statement stands, behind its source.
    fn standing(&self, standing: Standing) -> &'static str;

    /// A heading.
    fn compare_heading(&self, heading: CompareHeading) -> &'static str;

    /// What AWS says.
    fn statements(&self) -> Statements;

    /// Titles of the columns.
    fn compare_titles(&self) -> CompareTitles;

    /// A row, with its account where it has one.
    fn row_of_account(&self, name: &str, account: Option<&str>) -> String;

    /// A scope of a row, and whether it is the present one.
    fn scope_of_row(&self, scope: Scope, is_present: bool) -> String;

    /// What is left of a quota, with every digit.
    fn headroom(&self, headroom: Headroom) -> String;

    /// A saving in percent, from hundredths.
    fn saving_percent(&self, hundredths: i64) -> String;
}
