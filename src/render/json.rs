//! JSON: the report's own JSON form.

use std::io::{self, Write};

use crate::report::Report;

pub(super) fn write(report: &dyn Report, out: &mut dyn Write) -> io::Result<()> {
    report.write_json(out)?;
    out.write_all(b"\n")
}
