//! What a language words: its traits, and what they are given.

use crate::catalog::{Catalog, Model};
use crate::engine::{
    CutShare, Finding, FindingChange, Plan, PlanInput, QuotaPlan, Refusal, ResidencyFault, StageInterval,
    TightBasis,
};
use crate::units::Ratio;

/// Everything that a language words.
pub trait Language: FindingWords + FactWords {}

impl<T: FindingWords + FactWords> Language for T {}

/// What something is and what to do about it: a clause each, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What it is, with its figures.
    pub message: String,
    /// What to do, empty where there is nothing to do.
    pub help: String,
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
