//! What stands in a cell, in the language of the result.

use std::borrow::Cow;

use crate::report::Cell;
use crate::report::words::language;

/// The text of a cell, which may have several lines.
pub(super) fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Exact(amount) => Cow::Owned(language().amount(*amount)),
        Cell::Demand(amount) => Cow::Owned(language().short_demand(*amount)),
        Cell::Capacity(amount) => Cow::Owned(language().short_capacity(*amount)),
        Cell::Mark(mark) => Cow::Borrowed(language().mark(*mark)),
        Cell::Lines(lines) => Cow::Owned(lines.iter().map(text).collect::<Vec<_>>().join("\n")),
    }
}
