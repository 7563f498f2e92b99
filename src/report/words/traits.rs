//! What a language words: its traits, and what they are given.

use super::actions::ActionWords;
use super::check::CheckWords;
use super::compare::CompareWords;
use super::iam::IamWords;
use super::migrate::MigrateWords;
use super::models::ModelsWords;
use super::plan::PlanWords;
use super::quotas::LookUpWords;
use super::request::RequestWords;
use super::sample::SampleWords;
use super::sentence::Sentence;
use super::simulate::SimulateWords;
use super::support_case::SupportCaseWords;
use super::whatif::WhatifWords;
use crate::catalog::{Catalog, Model};
use crate::engine::{
    CutShare, Finding, FindingChange, Plan, PlanInput, QuotaId, QuotaPlan, Refusal, ResidencyFault,
    StageInterval, TightBasis,
};
use crate::report::Mark;
use crate::units::{QuotaAmount, Ratio, Utilisation};

/// Everything that a language words.
pub trait Language:
    ActionWords
    + CheckWords
    + CompareWords
    + FactWords
    + FindingWords
    + IamWords
    + LookUpWords
    + MigrateWords
    + ModelsWords
    + NumberWords
    + PlanWords
    + QuotaWords
    + RequestWords
    + SampleWords
    + SimulateWords
    + SupportCaseWords
    + WhatifWords
{
}

impl<T> Language for T where
    T: ActionWords
        + CheckWords
        + CompareWords
        + FactWords
        + FindingWords
        + IamWords
        + LookUpWords
        + IamWords
        + LookUpWords
        + MigrateWords
        + ModelsWords
        + NumberWords
        + PlanWords
        + QuotaWords
        + RequestWords
        + SampleWords
        + SimulateWords
        + SupportCaseWords
        + WhatifWords
{
}

/// How numbers are written, and the words that stand where there is none.
pub trait NumberWords {
    /// An amount with all of its digits.
    fn amount(&self, amount: QuotaAmount) -> String;

    /// What is required or used, in a few digits, rounded up.
    fn short_demand(&self, amount: QuotaAmount) -> String;

    /// What there is, in a few digits, rounded down.
    fn short_capacity(&self, amount: QuotaAmount) -> String;

    /// The share of a limit that is used, in whole percent, rounded up.
    fn short_use(&self, share: Utilisation) -> String;

    /// By how much something changes, with its sign; that it is not known where there is no figure.
    fn change(&self, change: Option<i128>) -> String;

    /// Which columns of a table are left out, by their titles.
    fn left_out_columns(&self, titles: &[String]) -> String;

    /// What stands before the commands that come next.
    fn next_label(&self) -> &'static str;

    /// A sign in words.
    fn mark(&self, mark: Mark) -> &'static str;
}

/// What several commands say of a quota.
pub trait QuotaWords {
    /// A quota for a cell: what a person calls it, and its code under it.
    fn quota_name(&self, quota: &QuotaId, catalog: &Catalog) -> String;

    /// What to do about a quota of a plan, in a few words.
    fn quota_action(&self, quota: &QuotaPlan) -> String;
}

/// What findings say.
pub trait FindingWords {
    /// A finding of a plan or a check.
    fn finding(&self, of: &FindingIn<'_>) -> Sentence;

    /// Why a scope does not keep to a residency, a main clause, and what to do.
    fn residency_fault(&self, fault: &ResidencyFault) -> Sentence;
}

/// What single facts are called, which several reports show.
pub trait FactWords {
    /// Why no increase of a quota is asked for, and what to do instead.
    fn refusal(&self, refusal: &Refusal) -> Sentence;

    /// What a tight cap on max_tokens is, at a confidence.
    fn tight_basis(&self, basis: TightBasis, confidence: Ratio) -> String;

    /// The share of answers that a cap on max_tokens is expected to cut.
    fn cut_share(&self, cut: CutShare) -> String;

    /// How a finding stands to the baseline.
    fn finding_change(&self, change: FindingChange) -> &'static str;

    /// The time between two stages of a migration.
    fn every(&self, every: StageInterval) -> String;
}

/// A finding, and the plan that it is about.
#[derive(Debug, Clone, Copy)]
pub struct FindingIn<'a> {
    /// What was planned.
    pub input: &'a PlanInput<'a>,
    /// Its plan.
    pub plan: &'a Plan,
    /// The finding.
    pub finding: &'a Finding,
}

impl<'a> FindingIn<'a> {
    /// The model table.
    #[must_use]
    pub const fn catalog(&self) -> &'a Catalog {
        self.input.catalog
    }

    /// The quota that the finding is about.
    #[must_use]
    pub fn quota(&self) -> Option<&'a QuotaPlan> {
        self.finding.quota.and_then(|index| self.plan.quotas.get(index))
    }

    /// The model of that quota.
    #[must_use]
    pub fn model(&self) -> Option<&'a Model> {
        self.quota().map(|quota| self.catalog().model(quota.id.model))
    }
}
