//! CSV: a report's records, comma-separated, LF, a header row; each record on one line.

use std::io::{self, Write};

use super::RenderError;
use crate::report::RecordsOf;
use crate::text::plain::csv_cell;

pub(super) fn write(records: &RecordsOf<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fault = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    };
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&records.columns).map_err(fault)?;
    for row in &records.rows {
        writer.write_record(row.iter().map(|cell| csv_cell(cell))).map_err(fault)?;
    }
    writer.flush()
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
