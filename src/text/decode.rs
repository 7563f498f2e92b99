//! From a file's bytes to its text.

use std::io::Read;

use super::codes::Code;
use super::diagnostic::Diagnostics;
use super::encoding::{Decoder, Encoding};
use super::source::{FileId, SourceFile, Sources, Span};

/// Takes a file's bytes in: UTF-16 is decoded, the byte order mark is dropped, a lone CR, which ended lines
/// once, is read as LF, and the first byte that is no character is reported; each such byte stands as `?`, so
/// that its line can be shown. Places are those of the decoded text.
pub fn decode(
    sources: &mut Sources,
    name: &str,
    bytes: Vec<u8>,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let encoding = Encoding::of(&bytes);
    let mut bytes = match encoding {
        Encoding::Utf8 => bytes,
        Encoding::Utf16Le | Encoding::Utf16Be => decoded(&bytes),
    };
    if encoding == Encoding::Utf8 {
        bytes.drain(..encoding.mark_length(&bytes));
    }
    // One byte for one byte: every offset stays what it was.
    let lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    let lone: Vec<usize> = memchr::memchr_iter(b'\r', &bytes).filter(lone).collect();
    lone.into_iter().for_each(|at| bytes[at] = b'\n');
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
    let count = faults.len();
    if let Some(&(start, end)) = faults.first() {
        let span = Span { file, start, end };
        let what = encoding.no_character();
        let message = match count - 1 {
            0 => what.to_owned(),
            others => format!("{what}, the first of {}", others + 1),
        };
        let help = "save the file as UTF-8; in a spreadsheet choose `CSV UTF-8`";
        diagnostics.at(Code::InvalidUtf8, span, message, help);
    }
    Some(file)
}

/// The UTF-8 of UTF-16; what is no character of it is no UTF-8 either.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    // Bytes in memory can be read.
    let _ = Decoder::new(bytes).and_then(|mut decoder| decoder.read_to_end(&mut text));
    text
}
