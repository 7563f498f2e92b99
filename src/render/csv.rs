//! CSV: the view's records, comma-separated, LF, a header row; each record on one line.

use super::RenderError;
use crate::report::View;
use crate::text::plain::one_line;

pub(super) fn render(view: &View) -> Result<String, RenderError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&view.records.columns)?;
    for row in &view.records.rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // Records are strings, so the bytes are.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// A cell on one line; a text that a spreadsheet would take for a formula is marked as text.
fn harmless(cell: &str) -> String {
    let line = one_line(cell);
    let digits =
        |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = cell.strip_prefix(['+', '-']).is_some_and(digits);
    let mark = if line.starts_with(['=', '+', '-', '@']) && !number { "'" } else { "" };
    format!("{mark}{line}")
}
