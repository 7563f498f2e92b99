//! What stands in a cell, in the language of the result.

use std::borrow::Cow;

use super::shared::Digits;
use crate::report::Cell;
use crate::report::words::language;

/// The text of a cell, which may have several lines.
pub(super) fn text(cell: &Cell, digits: Digits) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Exact(amount) => Cow::Owned(language().amount(*amount)),
        Cell::Demand(amount) | Cell::Capacity(amount) if digits == Digits::All => {
            Cow::Owned(language().amount(*amount))
        }
        Cell::Demand(amount) => Cow::Owned(language().short_demand(*amount)),
        Cell::Capacity(amount) => Cow::Owned(language().short_capacity(*amount)),
        Cell::Use(share) if digits == Digits::All => Cow::Owned(share.to_string()),
        Cell::Use(share) => Cow::Owned(language().short_use(*share)),
        Cell::Mark(mark) => Cow::Borrowed(language().mark(*mark)),
        Cell::Flag(flag) => Cow::Borrowed(flag.sign()),
        Cell::Lines(lines) => {
            Cow::Owned(lines.iter().map(|line| text(line, digits)).collect::<Vec<_>>().join("\n"))
        }
    }
}
