//! What a plan or a check finds: facts with their figures and their place. Sentences are made elsewhere.

mod fact;
mod parts;

use crate::text::{Code, Severity, Span};
use crate::workload::Column;

pub use fact::FindingFact;
pub use parts::{AgedFact, AssumptionChange, DailyExceeded};

/// Where a finding points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingPlace {
    /// A row's cell, or the row where the file lacks the column.
    Cell {
        /// Index of the row in the workload set.
        row: usize,
        /// The column.
        column: Column,
    },
    /// A key or value of another input.
    Key(Span),
}

/// Something a person should know about the plan.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What it is, with its figures.
    pub fact: FindingFact,
    /// Its stable code.
    pub code: Code,
    /// Its severity, the configuration's policy applied.
    pub severity: Severity,
    /// Index of the quota it is about.
    pub quota: Option<usize>,
    /// Where: the first row it is about, or the key that sets what is passed.
    pub place: Option<FindingPlace>,
    /// How many rows it is about; 0 where it is about none.
    pub rows: usize,
    /// What of the quota, or of the whole plan, it is about, where that alone does not tell.
    pub detail: Option<String>,
}
