//! CSV: the view's records, comma-separated, LF, a header row; each record on one line.

use super::RenderError;
use crate::report::View;
use crate::text::plain::csv_cell;

pub(super) fn render(view: &View) -> Result<String, RenderError> {
    records(&view.records.columns, |take| view.records.rows.iter().for_each(|row| take(row)))
}

/// Records that are given one after another.
pub(super) fn records(
    columns: &[&str],
    each: impl FnOnce(&mut dyn FnMut(&[String])),
) -> Result<String, RenderError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    let mut written = Ok(());
    each(&mut |row| {
        if written.is_ok() {
            written = writer.write_record(row.iter().map(|cell| csv_cell(cell)));
        }
    });
    written?;
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // Records are strings, so the bytes are.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}
