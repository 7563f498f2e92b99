//! CSV: the view's records, comma-separated, LF, a header row.

use super::RenderError;
use crate::report::View;

pub(super) fn render(view: &View) -> Result<String, RenderError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&view.records.columns)?;
    for row in &view.records.rows {
        writer.write_record(row)?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // Records are strings, so the bytes are.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}
