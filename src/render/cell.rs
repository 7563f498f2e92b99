//! What stands in a cell, in the language of the result.

use std::borrow::Cow;

use crate::report::Cell;
use crate::report::words::ENGLISH;

/// The text of a cell, which may have several lines.
pub(super) fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Exact(amount) => Cow::Owned(ENGLISH.amount(*amount)),
        Cell::Demand(amount) => Cow::Owned(ENGLISH.short_demand(*amount)),
        Cell::Capacity(amount) => Cow::Owned(ENGLISH.short_capacity(*amount)),
        Cell::Mark(mark) => Cow::Borrowed(ENGLISH.mark(*mark)),
        Cell::Lines(lines) => Cow::Owned(lines.iter().map(text).collect::<Vec<_>>().join("\n")),
    }
}
