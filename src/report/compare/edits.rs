//! The cells to change so that a file becomes the assignment.

use super::result::CompareReport;
use crate::catalog::Scope;
use crate::engine::Decision;
use crate::report::notes::{FilePosition, places};
use crate::workload::{Column, Workload};

/// A cell to change.
#[derive(Debug)]
pub(super) struct CellEdit {
    /// Where it stands.
    pub(in crate::report) place: Option<FilePosition>,
    /// Its column.
    pub(in crate::report) column: Column,
    /// What it holds.
    pub(in crate::report) from: String,
    /// What it must hold.
    pub(in crate::report) to: String,
}

/// The changes that move one decision's rows, in file order.
pub(super) fn edits(all: &CompareReport<'_>, decision: &Decision) -> Vec<CellEdit> {
    if !decision.moves() {
        return Vec::new();
    }
    let rows = decision.rows.iter().filter_map(|index| all.row(*index));
    rows.flat_map(|row| of_row(all, row, decision.to)).collect()
}

fn of_row(all: &CompareReport<'_>, row: &Workload, to: Scope) -> Vec<CellEdit> {
    let catalog = all.input.catalog;
    let model = catalog.model(row.model());
    let edit = |column: Column, to: String| {
        let span = all.input.workloads.cell(all.sources, row, column);
        let from = span.map(|span| all.sources.text(span).to_owned()).unwrap_or_default();
        CellEdit { place: span.and_then(|span| places(all.sources, span)), column, from, to }
    };
    let scope = edit(Column::Scope, to.to_string());
    // A profile in the model cell carries its scope and would contradict another in the scope cell;
    // an own name may stand for a profile.
    let profile = model.scope(to).and_then(|entry| entry.profile.clone());
    let named = edit(Column::Model, profile.unwrap_or_else(|| format!("{}/{to}", model.id)));
    let carries_scope = catalog.find(&named.from).map_or(true, |named| named.scope.is_some());
    match (scope.from.is_empty(), carries_scope) {
        (true, _) => vec![named],
        (false, true) => vec![named, scope],
        (false, false) => vec![scope],
    }
}
