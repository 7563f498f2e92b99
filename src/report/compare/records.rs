//! The comparison as flat records, one for each row and scope.

use super::json::{self as compare_json, assigned, compared_columns, compared_record};
use super::result::CompareReport;
use crate::engine::RowScopes;

fn has_several_files(all: &CompareReport<'_>) -> bool {
    all.input.workloads.names().len() > 1
}

/// The columns of a row in a scope.
pub(in crate::report) fn columns(all: &CompareReport<'_>) -> Vec<&'static str> {
    compared_columns(has_several_files(all))
}

/// The records of a row of the file.
pub(super) fn of_row(all: &CompareReport<'_>, compared: &RowScopes<'_>) -> Vec<Vec<String>> {
    let Some(row) = compare_json::row(all, compared) else { return Vec::new() };
    let assigned = assigned(all, compared.row);
    let of_scope = |scope| {
        // The quota that the row lands on is the first.
        let mut record = compared_record(&row, scope, scope.quotas.first(), assigned.as_ref());
        record.truncate(columns(all).len());
        record
    };
    row.scopes.iter().map(of_scope).collect()
}
