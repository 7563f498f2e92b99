//! JSON: the view's own JSON form.

use std::io::{self, Write};

use crate::report::ViewOf;

pub(super) fn write(view: &ViewOf<'_>, out: &mut dyn Write) -> io::Result<()> {
    view.json.write_json(out)?;
    out.write_all(b"\n")
}
