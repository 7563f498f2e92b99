//! What every report of a plan needs: the words for places, amounts and models.

use crate::engine::PlanInput;
use crate::text::{Sources, Span};
use crate::workload::Column;

/// A place in a file as an editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where a span is.
#[must_use]
pub fn places(sources: &Sources, span: Span) -> Option<Place> {
    let (file, position) = sources.locate(span)?;
    Some(Place {
        file: file.to_owned(),
        line: position.line,
        column: position.column,
    })
}

/// The place of a row's cell, or of the row where the file lacks the column.
pub(super) fn cell(
    sources: &Sources,
    input: &PlanInput<'_>,
    row: usize,
    column: Column,
) -> Option<Place> {
    let workload = input.workloads.rows().get(row)?;
    let span = input
        .workloads
        .cell(sources, workload, column)
        .unwrap_or_else(|| input.workloads.start(workload));
    places(sources, span)
}
