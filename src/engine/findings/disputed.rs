//! Findings about limits that two sources state differently.

use super::collector::{At, Collector, RowFacts};
use crate::catalog::{LimitField, Model};
use crate::engine::finding::FindingFact;
use crate::workload::Column;

/// Rows between the two values that sources give for a limit.
pub(super) fn add(c: &mut Collector<'_, '_>, index: usize, model: &Model, facts: &RowFacts) {
    for (field, tally, column) in [
        (LimitField::MaxOutputTokens, facts.disputed_output, Column::MaxTokens),
        (LimitField::ContextWindow, facts.disputed_input, Column::InputTokens),
    ] {
        if tally.count > 0 && model.smallest_disputed(field).is_some() {
            let detail = Some(field.as_str().to_owned());
            let fact = FindingFact::DisputedLimit { field, rows: tally.count };
            c.add(fact, Some(index), At { detail, ..tally.at(column) });
        }
    }
}
