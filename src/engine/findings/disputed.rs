//! Findings about limits that two sources state differently.

use super::{At, Collector, RowFacts, rows_have};
use crate::catalog::{LimitField, Model};
use crate::text::Code;
use crate::workload::Column;

/// Rows between the two values that sources give for a limit.
pub(super) fn add(c: &mut Collector<'_, '_>, index: usize, model: &Model, subject: &str, facts: &RowFacts) {
    for (field, tally, own, column, what, limit_words) in [
        (
            LimitField::MaxOutputTokens,
            facts.disputed_output,
            model.max_output_tokens,
            Column::MaxTokens,
            "a max_tokens",
            "largest output",
        ),
        (
            LimitField::ContextWindow,
            facts.disputed_input,
            model.context_window,
            Column::InputTokens,
            "a mean input",
            "context window",
        ),
    ] {
        let Some(limit) = model.smallest_disputed(field).filter(|_| tally.count > 0) else { continue };
        let own = own.known().map(|own| own.to_string()).unwrap_or_default();
        let message = format!(
            "{subject}: {} {what} above {}, the {limit_words} that one source gives ({}, {}); another gives {own}",
            rows_have(tally.count),
            limit.value,
            limit.provenance.source,
            limit.provenance.as_of
        );
        let help =
            format!("stay at {} or below, or try one call: what the model takes is not certain", limit.value);
        let detail = Some(field.as_str().to_owned());
        c.add(Code::DisputedLimit, Some(index), At { detail, ..tally.at(column) }, message, help);
    }
}
