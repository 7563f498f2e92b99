//! What `iam` and `iam lint` say.

use super::sentence::Sentence;
use crate::catalog::Scope;
use crate::iam::{GrantFault, PolicyFact, PolicyKind};

/// What the summary of a lint rests on.
#[derive(Debug, Clone, Copy)]
pub struct PolicySummary<'a> {
    /// The policy's file, or the pack.
    pub file: &'a str,
    /// How many errors were found.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How many notes.
    pub notes: usize,
    /// Whether nothing was found and nothing was left unjudged.
    pub is_clean: bool,
    /// The calls; `None` where none was judged, as in a pack.
    pub calls: Option<CallTally<'a>>,
}

/// Calls by what a policy does to them.
#[derive(Debug, Clone, Copy)]
pub struct CallTally<'a> {
    /// How many are allowed.
    pub allowed: usize,
    /// How many were judged.
    pub all: usize,
    /// The policy's type.
    pub kind: PolicyKind,
    /// Whether the type was detected.
    pub detected: bool,
    /// Models that could not be judged, since it is not known where their calls go.
    pub not_judged: &'a [(String, Scope)],
}

/// What the reader of a policy has to know, for which JSON has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyRemark<'a> {
    /// The account is AWS's example: this option names another.
    Placeholder(&'static str),
    /// The policy is for an application inference profile.
    ApplicationProfile,
    /// Counting tokens allows calls in this Region without a profile.
    Counting(&'a str),
    /// AWS's list of Regions with CountTokens does not have this one.
    NoCounting(&'a str),
    /// What the documents of a pack are for.
    Documents,
    /// The SCP of approved Regions denies every other service elsewhere.
    ApprovedRegions,
}

/// A document that is longer than AWS takes, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLong {
    /// An identity policy, without white space.
    ManagedPolicy(usize),
    /// An SCP, even without white space.
    Scp(usize),
    /// An SCP with its white space.
    ScpWithSpace {
        /// As it is written.
        written: usize,
        /// Without white space.
        compact: usize,
    },
}

/// The sentences of `iam`, a method each.
pub trait IamWords {
    /// A finding in a policy.
    fn policy_finding(&self, fact: &PolicyFact) -> Sentence;

    /// Why no policy can be written for the model of this name in a scope.
    fn grant_fault(&self, fault: &GrantFault, model: &str, scope: Scope) -> Sentence;

    /// What a lint found, in one line.
    fn policy_summary(&self, summary: &PolicySummary<'_>) -> String;

    /// That no policy is written for the model of this name in a scope, and why: a whole sentence.
    fn policy_not_written(&self, fault: &GrantFault, model: &str, scope: Scope) -> String;

    /// What the reader of a written policy has to know, as a message: without a capital letter and a full stop.
    fn policy_remark(&self, remark: PolicyRemark<'_>) -> String;

    /// The same as a whole sentence.
    fn policy_note(&self, remark: PolicyRemark<'_>) -> String;

    /// That a document is longer than AWS takes, and what to do, without a full stop.
    fn too_long(&self, document: TooLong) -> String;
}
