//! What is said of inputs that are too large, or no text.

use crate::text::{Code, Diagnostics, Place};

/// Whether the first bytes of a text hold a NUL, which no CSV, TOML or JSON does. In a small text, which is `is_whole`,
/// a NUL has its own place, unless the text starts with it.
#[must_use]
pub fn is_binary(head: &[u8], is_whole: bool) -> bool {
    memchr::memchr(0, head).is_some_and(|at| at == 0 || !is_whole)
}

/// Reports an input that is no text.
pub fn report_binary(name: &str, diagnostics: &mut Diagnostics) {
    let message = "it holds NUL bytes, so it is not a text file";
    let help = "check the path; save a spreadsheet as CSV";
    diagnostics.add(Code::UnreadableFile, Place::Path(name.to_owned()), message, help);
}

/// Reports an input of more bytes than are held.
pub(super) fn report_too_large(name: &str, limit: u64, diagnostics: &mut Diagnostics) {
    let message = format!("it is larger than {}, the limit for this kind of input", size(limit));
    let help = "check that it is the right file; only `quotaplan simulate` reads a file of any length";
    diagnostics.add(Code::InputTooLarge, Place::Path(name.to_owned()), message, help);
}

fn size(bytes: u64) -> String {
    match bytes {
        0 => "0 bytes".to_owned(),
        bytes if bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
        bytes if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes => format!("{bytes} bytes"),
    }
}
