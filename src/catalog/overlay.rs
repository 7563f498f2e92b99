//! Laying one model table over another: models merge by id, key by key; every other list replaces.
//!
//! Works on the trees, before anything is validated, so that a merged table is judged whole.

use crate::text::suggest::nearest;
use crate::text::tree::{Node, Table, Value};
use crate::text::{Code, Diagnostics, Sources};
use crate::units::QuotaKind;

/// Tables whose value ages: in an overlay each carries its own `as_of`.
fn ages(key: &str, table: &Table) -> bool {
    match key {
        _ if key.parse::<QuotaKind>().is_ok() => table.get("default").is_some(),
        "account_daily" => table.get("default").is_some(),
        "lifecycle" => true,
        "us" | "global" | "ca" | "in-region" => {
            table.get("destinations").is_some() || table.get("profile").is_some()
        }
        _ => false,
    }
}

/// Gives every ageing fact of the overlay its file as source where it names none, and reports
/// those without a date: a value must not inherit the date of the value it replaces.
pub(super) fn prepare(overlay: &mut Table, sources: &Sources, diagnostics: &mut Diagnostics) {
    let file = sources.file(overlay.span.file).map_or("overlay", |file| file.name()).to_owned();
    for (key, _, node) in &mut overlay.entries {
        match (&mut node.value, key.as_str()) {
            (Value::Array(models), "model") => {
                for model in models {
                    if let Value::Table(table) = &mut model.value {
                        prepare_table(table, &file, diagnostics);
                    }
                }
            }
            (Value::Array(items), "statement" | "unlisted_model") => {
                date_tables(items, key, &file, diagnostics);
            }
            (Value::Table(table), key) if ages(key, table) => date_table(table, key, &file, diagnostics),
            _ => {}
        }
    }
}

fn date_tables(items: &mut [Node], key: &str, file: &str, diagnostics: &mut Diagnostics) {
    for item in items {
        if let Value::Table(entry) = &mut item.value {
            date_table(entry, key, file, diagnostics);
        }
    }
}

fn prepare_table(table: &mut Table, file: &str, diagnostics: &mut Diagnostics) {
    for (key, _, node) in &mut table.entries {
        match &mut node.value {
            Value::Array(items) if matches!(key.as_str(), "burndown" | "price" | "disputed" | "access") => {
                date_tables(items, key, file, diagnostics);
            }
            Value::Table(inner) => {
                if ages(key, inner) {
                    date_table(inner, key, file, diagnostics);
                }
                prepare_table(inner, file, diagnostics);
            }
            _ => {}
        }
    }
}

fn date_table(table: &mut Table, key: &str, file: &str, diagnostics: &mut Diagnostics) {
    if table.get("as_of").is_none() {
        diagnostics.at(
            Code::MissingProvenance,
            table.span,
            format!("`{key}` states a fact that can become outdated, but has no `as_of`"),
            "add `as_of = \"YYYY-MM-DD\"`: the date of the fact",
        );
        // Reported once: the reader of the merged table need not miss it again.
        let value = Value::Text("0001-01".to_owned());
        table.entries.push(("as_of".to_owned(), table.span, Node { span: table.span, value }));
    }
    if table.get("source").is_none() {
        let value = Value::Text(format!("{file} (overlay)"));
        table.entries.push(("source".to_owned(), table.span, Node { span: table.span, value }));
    }
}

/// Lays `over` on `base`.
pub(super) fn merge(base: &mut Table, over: Table, diagnostics: &mut Diagnostics) {
    for (key, span, node) in over.entries {
        let Some((_, _, existing)) = base.entries.iter_mut().find(|(name, _, _)| *name == key) else {
            base.entries.push((key, span, node));
            continue;
        };
        match (&mut existing.value, node.value) {
            (Value::Table(inner), Value::Table(new)) => {
                // What replaces a value is where the reader is sent.
                inner.span = new.span;
                existing.span = node.span;
                merge(inner, new, diagnostics);
            }
            (Value::Array(models), Value::Array(new)) if key == "model" => {
                merge_models(models, new, diagnostics);
            }
            (_, value) => *existing = Node { span: node.span, value },
        }
    }
}

fn id_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Table(table) => match table.get("id").map(|id| &id.value) {
            Some(Value::Text(id)) => Some(id),
            _ => None,
        },
        _ => None,
    }
}

fn merge_models(base: &mut Vec<Node>, over: Vec<Node>, diagnostics: &mut Diagnostics) {
    for node in over {
        let same = base.iter_mut().find(|model| id_of(model).is_some() && id_of(model) == id_of(&node));
        match (same.map(|model| &mut model.value), node) {
            (Some(Value::Table(model)), Node { value: Value::Table(new), .. }) => {
                model.span = new.span;
                merge(model, new, diagnostics);
            }
            (_, node) => {
                if !unknown_id(base, &node, diagnostics) {
                    base.push(node);
                }
            }
        }
    }
}

/// Reports an entry that changes a model which is not there: a new one would state its name.
fn unknown_id(base: &[Node], node: &Node, diagnostics: &mut Diagnostics) -> bool {
    let Value::Table(table) = &node.value else { return false };
    let (Some(id), Some(place)) = (id_of(node), table.get("id")) else { return false };
    if table.get("name").is_some() {
        return false;
    }
    let has_alias = |model: &&Node| match &model.value {
        Value::Table(model) => matches!(
            model.get("aliases").map(|aliases| &aliases.value),
            Some(Value::Array(aliases)) if aliases.iter().any(|a| matches!(&a.value, Value::Text(text) if text == id))
        ),
        _ => false,
    };
    let meant = base.iter().find(has_alias).and_then(id_of);
    let meant = meant.or_else(|| nearest(id, base.iter().filter_map(id_of)));
    // Nothing like it: a new model, whose missing keys are reported with the rest.
    let Some(meant) = meant else { return false };
    let help = format!("write the id `{meant}`; a new model also needs a name, a provider and a kind");
    diagnostics.at(Code::UnknownModel, place.span, format!("no model has the id `{id}`"), help);
    true
}
