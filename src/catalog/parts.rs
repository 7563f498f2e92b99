//! What every table of the model table is read with: lists of tables, provenance, tokens.

use super::Provenance;
use crate::text::tree::{self, Fields, Node, Table};
use crate::text::{Code, Diagnostics};
use crate::units::Tokens;

/// Source and date of a fact, both required.
pub(super) fn provenance(
    fields: &mut Fields<'_>,
    table: &Table,
    keys: [&'static str; 2],
    d: &mut Diagnostics,
) -> Option<Provenance> {
    let [source_key, as_of_key] = keys;
    let source = fields.optional(source_key, tree::name, d);
    let as_of = fields.optional(as_of_key, tree::date, d);
    for (key, missing) in [(source_key, source.is_none()), (as_of_key, as_of.is_none())] {
        if missing && table.get(key).is_none() {
            d.at(
                Code::MissingProvenance,
                table.span,
                format!("a fact that can become outdated has no `{key}`"),
                format!("add `{key} = \"...\"`"),
            );
        }
    }
    // An overlay may have set other keys of the table: the source's own place is the fact's.
    let span = table.get(source_key).map_or(table.span, |node| node.span);
    Some(Provenance { source: source?, as_of: as_of?, span })
}

/// Every table of an array of tables.
pub(super) fn tables<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    convert: fn(&Table, &mut Diagnostics) -> Option<T>,
    d: &mut Diagnostics,
) -> Vec<T> {
    let items = fields.take(key).and_then(|node| tree::as_array(node, d)).unwrap_or_default();
    items.iter().filter_map(|item| tree::as_table(item, d).and_then(|table| convert(table, d))).collect()
}

pub(super) const SOURCED: [&str; 2] = ["source", "as_of"];

/// A provenance that may be absent as a whole.
pub(super) fn optional_provenance(
    fields: &mut Fields<'_>,
    table: &Table,
    keys: [&'static str; 2],
    d: &mut Diagnostics,
) -> Option<Provenance> {
    if keys.iter().all(|key| table.get(key).is_none()) {
        // Asked for, so that the keys are known where one of them is misspelt.
        let _ = (fields.take(keys[0]), fields.take(keys[1]));
        return None;
    }
    provenance(fields, table, keys, d)
}

pub(super) fn tokens(node: &Node, d: &mut Diagnostics) -> Option<Tokens> {
    tree::whole(node, d).and_then(Tokens::from_whole)
}
