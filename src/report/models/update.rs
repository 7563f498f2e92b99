//! `models update`: the values in which saved answers differ from the table.

use std::borrow::Cow;
use std::io::Write;

use crate::contract::models as json;
use crate::refresh::Update;
use crate::report::columns::{Columns, columns, records_of};
use crate::report::words::language;
use crate::report::{Block, Column, Detail, Records, Report, SCHEMA_VERSION};
use crate::text::plain::write_json;

/// The columns of a value that differs from the model table.
pub(in crate::report) const TABLE_CHANGE: Columns<json::Change> = columns!(json::Change {
    model;
    table;
    key;
    before;
    after;
});

impl Report for Update {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let language = language();
        let mut blocks = vec![Block::Paragraph(language.update_verdict(self.changes.len()))];
        if !self.changes.is_empty() {
            let columns = language.update_titles().map(Column::words).into();
            let records = self.records();
            blocks.push(Block::Table { columns, rows: records.rows.iter().map(Cow::into_owned).collect() });
        }
        blocks.extend(remarks(self).map(Block::Paragraph));
        blocks
    }

    fn records(&self) -> Records {
        records_of(TABLE_CHANGE, changes(self))
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let document = json::UpdateDocument {
            schema_version: SCHEMA_VERSION,
            changes: changes(self).collect(),
            remarks: remarks(self).collect(),
        };
        write_json(out, &document)
    }
}

/// What is not written, a sentence each.
fn remarks(update: &Update) -> impl Iterator<Item = String> {
    update.remarks.iter().map(|remark| language().update_remark(remark))
}

fn changes(update: &Update) -> impl Iterator<Item = json::Change> {
    update.changes.iter().map(|change| json::Change {
        model: (!change.model.is_empty()).then(|| change.model.clone()),
        table: change.table.clone(),
        key: change.key.into(),
        before: change.before.clone(),
        after: change.after.clone(),
    })
}
