//! CSV: the view's records, comma-separated, LF, a header row; each record on one line.

use std::io::Write;

use super::RenderError;
use crate::report::View;
use crate::text::plain::csv_cell;

pub(super) fn render(view: &View) -> Result<String, RenderError> {
    let mut bytes = Vec::new();
    write_records(&mut bytes, &view.records.columns, |take| {
        view.records.rows.iter().for_each(|row| take(row));
    })?;
    // Records are strings, so the bytes are.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// Writes records that are given one after another.
pub(super) fn write_records(
    out: &mut dyn Write,
    columns: &[&str],
    each: impl FnOnce(&mut dyn FnMut(&[String])),
) -> Result<(), RenderError> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns)?;
    let mut written = Ok(());
    each(&mut |row| {
        if written.is_ok() {
            written = writer.write_record(row.iter().map(|cell| csv_cell(cell)));
        }
    });
    written?;
    Ok(writer.flush()?)
}
