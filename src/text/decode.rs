//! From a file's bytes to its text.

use super::codes::Code;
use super::diagnostic::Diagnostics;
use super::source::{FileId, SourceFile, Sources, Span};

/// Takes a file's bytes in: the byte order mark is dropped, and every byte that is not UTF-8 is
/// reported and stands as `?`, so that the rest of the file can still be judged.
pub fn decode(sources: &mut Sources, name: &str, bytes: Vec<u8>, diagnostics: &mut Diagnostics) -> FileId {
    let mut bytes = bytes;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let mut faults = Vec::new();
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut bytes = error.into_bytes();
        let mut from = 0;
        while let Err(error) = std::str::from_utf8(&bytes[from..]) {
            let start = from + error.valid_up_to();
            let end = error.error_len().map_or(bytes.len(), |length| start + length);
            bytes[start..end].fill(b'?');
            faults.push((start, end));
            from = end;
        }
        String::from_utf8(bytes).unwrap_or_default()
    });
    let file = sources.add(SourceFile::new(name, text));
    if utf16 {
        faults.truncate(1);
    }
    for (start, end) in faults {
        let message = if utf16 { "the file is UTF-16" } else { "a byte that is not UTF-8" };
        diagnostics.at(Code::InvalidUtf8, Span { file, start, end }, message, "save the file as UTF-8");
    }
    file
}
