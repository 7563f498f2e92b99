//! `models update`: the values in which saved answers differ from the table.

use super::{Block, Records, SCHEMA_VERSION, View};
use crate::contract::models as json;
use crate::refresh::Update;

/// The view of the differences.
#[must_use]
pub fn updated(update: &Update) -> View {
    let rows: Vec<Vec<String>> = update
        .changes
        .iter()
        .map(|c| vec![c.model.clone(), c.table.clone(), c.key.to_owned(), c.before.clone(), c.after.clone()])
        .collect();
    let count = match rows.len() {
        0 => "AWS's answers agree with the table.".to_owned(),
        1 => "1 value differs from the table.".to_owned(),
        count => format!("{count} values differ from the table."),
    };
    let mut blocks = vec![Block::Paragraph(count)];
    if !rows.is_empty() {
        let columns =
            vec![("Model", false), ("Table", false), ("Key", false), ("Before", false), ("After", false)];
        blocks.push(Block::Table { columns, rows: rows.clone().into() });
    }
    blocks.extend(update.remarks.iter().cloned().map(Block::Paragraph));
    let changes = update.changes.iter().map(|c| json::Change {
        model: (!c.model.is_empty()).then(|| c.model.clone()),
        table: c.table.clone(),
        key: c.key.into(),
        before: c.before.clone(),
        after: c.after.clone(),
    });
    let json = json::UpdateDocument {
        schema_version: SCHEMA_VERSION,
        changes: changes.collect(),
        remarks: update.remarks.clone(),
    };
    let records = Records { columns: vec!["model", "table", "key", "before", "after"], rows: rows.into() };
    View { blocks, records, json: Box::new(json) }
}
