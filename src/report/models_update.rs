//! `models update`: the values in which saved answers differ from the table.

use std::io::Write;

use super::{Block, Column, Records, Report, SCHEMA_VERSION};
use crate::contract::models as json;
use crate::refresh::Update;
use crate::text::plain::write_json;

impl Report for Update {
    fn blocks(&self) -> Vec<Block> {
        let count = match self.changes.len() {
            0 => "AWS's answers agree with the table.".to_owned(),
            1 => "1 value differs from the table.".to_owned(),
            count => format!("{count} values differ from the table."),
        };
        let mut blocks = vec![Block::Paragraph(count)];
        if !self.changes.is_empty() {
            let columns = vec![
                Column::words("Model"),
                Column::words("Table"),
                Column::words("Key"),
                Column::words("Before"),
                Column::words("After"),
            ];
            blocks.push(Block::Table { columns, rows: rows(self).collect() });
        }
        blocks.extend(self.remarks.iter().cloned().map(Block::Paragraph));
        blocks
    }

    fn records(&self) -> Records {
        Records { columns: vec!["model", "table", "key", "before", "after"], rows: rows(self).collect() }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let changes = self.changes.iter().map(|c| json::Change {
            model: (!c.model.is_empty()).then(|| c.model.clone()),
            table: c.table.clone(),
            key: c.key.into(),
            before: c.before.clone(),
            after: c.after.clone(),
        });
        let document = json::UpdateDocument {
            schema_version: SCHEMA_VERSION,
            changes: changes.collect(),
            remarks: self.remarks.clone(),
        };
        write_json(out, &document)
    }
}

/// One change a row.
fn rows(update: &Update) -> impl Iterator<Item = Vec<String>> {
    update
        .changes
        .iter()
        .map(|c| vec![c.model.clone(), c.table.clone(), c.key.to_owned(), c.before.clone(), c.after.clone()])
}
