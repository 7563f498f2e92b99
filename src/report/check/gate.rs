//! The display-ready result of a gate: what machines and reviewers read, whatever the format.
//!
//! It judges nothing; severities and outcomes are decided before.

pub use crate::engine::FindingChange;
use crate::text::Severity;
use crate::units::words;

words! {
    /// How a gate ends.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum GateStatus {
        /// Nothing above a note.
        Pass = "pass",
        /// Warnings that do not fail it.
        Warn = "warn",
        /// At least one finding fails it.
        Fail = "fail",
    }
}

impl GateStatus {
    /// How it ended, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Pass => "passed",
            Self::Warn => "passed with warnings",
            Self::Fail => "failed",
        }
    }
}

/// A range in a file as an editor shows it: lines and columns from 1, columns in characters, the
/// end column one past the last character.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Region {
    /// The file's name as the user gave it.
    pub file: String,
    /// First line; `None` where the file as a whole is meant.
    pub start: Option<(usize, usize)>,
    /// Line and column of the end; equal to the start for an empty cell.
    pub end: Option<(usize, usize)>,
}

/// A finding, ready for any format.
#[derive(Debug, Clone)]
pub struct GateFinding {
    /// Its stable code.
    pub code: &'static str,
    /// One line: when the code is said.
    pub meaning: &'static str,
    /// Its severity here.
    pub severity: Severity,
    /// The code's severity without configuration.
    pub usual_severity: Severity,
    /// Whether it fails the gate.
    pub fails: bool,
    /// What it is, one sentence without a full stop; names in it are as the user wrote them.
    pub message: String,
    /// What to do, may be empty.
    pub help: String,
    /// Where, if it is about a place.
    pub place: Option<Region>,
    /// A second place that has to do with it, such as the limit that is passed.
    pub related: Option<Region>,
    /// What it is about, without positions; unique among the findings of one code.
    pub identity: String,
    /// Index of the subject it is about.
    pub subject: Option<usize>,
    /// How it stands to the baseline, where there is one.
    pub change: Option<FindingChange>,
}

/// What became of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectOutcome {
    /// It holds.
    Holds,
    /// It could not be judged.
    Undetermined,
    /// A finding about it fails the gate.
    Fails,
}

/// Something that was judged: a quota, a budget, the inputs.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The group it belongs to: `quotas`, `budgets` or `inputs`.
    pub suite: &'static str,
    /// Its name, unique in the group.
    pub name: String,
    /// What became of it.
    pub outcome: SubjectOutcome,
    /// Its figures in one sentence.
    pub detail: String,
}

/// The result of a gate.
#[derive(Debug)]
pub struct Gate {
    /// How it ends.
    pub status: GateStatus,
    /// One line for a person.
    pub summary: String,
    /// The same in sentences, the verdict first.
    pub verdict: Vec<String>,
    /// The workloads file as the user named it.
    pub file: String,
    /// Findings, the most severe first.
    pub findings: Vec<GateFinding>,
    /// Everything judged, in order.
    pub subjects: Vec<Subject>,
}
