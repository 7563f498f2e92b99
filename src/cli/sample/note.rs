//! Notes of `sample` on standard error.

use crate::cli::{Session, output};
use crate::report::words::{SampleRemark, language};

/// Shows a remark as a note.
pub(super) fn note(session: &Session<'_>, remark: SampleRemark<'_>) {
    output::remark(session, &format!("note: {}", language().sample_remark(remark)));
}
