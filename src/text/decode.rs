//! From a file's bytes to its text.

use super::codes::Code;
use super::diagnostic::{Diagnostics, Place};
use super::source::{FileId, SourceFile, Sources, Span};

/// Takes a file's bytes in: the byte order mark is dropped, a lone CR, which ended lines
/// once, is read as LF, and the first byte that is not UTF-8 is reported; each such byte stands as `?`, so
/// that its line can be shown. `None`, reported, for UTF-16.
pub fn decode(
    sources: &mut Sources,
    name: &str,
    bytes: Vec<u8>,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let mut bytes = bytes;
    if is_utf16(&bytes) {
        diagnostics.add(
            Code::InvalidUtf8,
            Place::Path(name.to_owned()),
            "the file is UTF-16",
            "save it as UTF-8; in a spreadsheet choose `CSV UTF-8`",
        );
        return None;
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
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
        let message = match count - 1 {
            0 => "a byte that is not UTF-8".to_owned(),
            others => format!("a byte that is not UTF-8, the first of {}", others + 1),
        };
        let help = "save the file as UTF-8; in a spreadsheet choose `CSV UTF-8`";
        diagnostics.at(Code::InvalidUtf8, span, message, help);
    }
    Some(file)
}

/// The UTF-8 of UTF-16 bytes, which PowerShell writes; `None` where they are none.
pub(crate) fn utf8_of_utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let big = bytes.starts_with(b"\xfe\xff") || (bytes.first() == Some(&0) && bytes.get(1) != Some(&0));
    let (pairs, rest) = bytes.as_chunks::<2>();
    let unit = |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    let text = String::from_utf16(&pairs.iter().map(unit).collect::<Vec<u16>>()).ok()?;
    rest.is_empty().then(|| text.trim_start_matches('\u{feff}').as_bytes().to_vec())
}

/// Whether the bytes are UTF-16, by their mark or by the zero in every character of plain text.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = |offset: usize| {
        let head = bytes.get(..16).unwrap_or_default();
        !head.is_empty() && head.iter().skip(offset).step_by(2).all(|byte| *byte == 0)
    };
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || zeros(0) != zeros(1)
}
