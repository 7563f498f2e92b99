//! What a check finds, collected with the policy's severities.

use crate::engine::assumptions::PlanInput;
use crate::engine::finding::{Finding, FindingFact, FindingPlace};
use crate::engine::result::Plan;
use crate::text::{Code, Span};
use crate::units::words;

words! {
    /// How a finding stands to the baseline.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FindingChange {
        /// The baseline has nothing like it.
        New = "new",
        /// What it is about is worse than in the baseline.
        Worse = "worse",
        /// The baseline has it, and it is no worse now.
        Known = "known",
    }
}

impl FindingChange {
    pub(super) fn worse_where(worse: bool) -> Self {
        if worse { Self::Worse } else { Self::Known }
    }
}

/// A finding of a check.
#[derive(Debug, Clone)]
pub struct CheckFinding {
    /// What it is; its severity is the one that counts.
    pub finding: Finding,
    /// Index of the budget it is about.
    pub budget: Option<usize>,
    /// A second place that has to do with it: the limit that is passed, or the row that adds most.
    pub related: Option<FindingPlace>,
    /// How it stands to the baseline, where there is one.
    pub change: Option<FindingChange>,
    /// Whether it fails the check.
    pub fails: bool,
}

/// Collects findings with the policy's severities.
pub(super) struct Gate<'a, 'i> {
    pub(super) plan: &'a Plan,
    pub(super) input: &'a PlanInput<'i>,
    pub(super) found: Vec<CheckFinding>,
}

/// What a finding of the check is about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About {
    pub(super) quota: Option<usize>,
    pub(super) budget: Option<usize>,
    pub(super) place: Option<FindingPlace>,
    pub(super) related: Option<FindingPlace>,
    pub(super) rows: usize,
}

impl Gate<'_, '_> {
    pub(super) fn take(&mut self, finding: Finding) {
        let quota = finding.quota.and_then(|index| self.plan.quotas.get(index));
        // The limit that is passed stands elsewhere than the rows that pass it.
        let limit =
            quota.and_then(|quota| quota.granted.as_ref()).filter(|_| finding.code == Code::ExceedsGranted);
        let related = limit.map(|granted| FindingPlace::Key(granted.span));
        self.found.push(CheckFinding { finding, budget: None, related, change: None, fails: false });
    }

    pub(super) fn add(&mut self, fact: FindingFact, about: About) {
        let code = fact.code();
        let Some(severity) = self.input.assumptions.config.policy.severity_of(code) else {
            return;
        };
        let About { quota, budget, place, related, rows } = about;
        let finding = Finding { fact, code, severity, quota, place, rows, detail: None };
        self.found.push(CheckFinding { finding, budget, related, change: None, fails: false });
    }
}

pub(super) fn key(span: Span) -> Option<FindingPlace> {
    Some(FindingPlace::Key(span))
}
