//! Inputs that are held whole, up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

use super::gzip::{Unpacked, is_gzip};
use super::input::{ReadFault, report_taken};
use super::open::{is_by_link, open, report_unreadable};
use super::refused::{is_binary, report_binary, report_too_large};
use crate::text::stdin::{input_name, is_stdin};
use crate::text::{Diagnostics, Encoding, FileId, InputKind, Sources, decode};
use crate::threads::Workers;

/// Reads an input into the sources, unpacked where it is gzip; what cannot be read is reported.
pub fn load_file(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    load_file_of(InputKind::Document, path, sources, diagnostics)
}

/// The same of an input of one kind or the other.
pub fn load_file_of(
    kind: InputKind,
    path: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let name = input_name(path);
    let bytes = load_bytes(path, kind, sources, diagnostics)?;
    let original = sources.keeps_originals().then(|| bytes.clone());
    let unpacked = unpacked(&name, bytes, sources.limits().of(kind), diagnostics)?;
    let file = decode(sources, &name, unpacked, diagnostics)?;
    if let Some(original) = original {
        sources.keep_original(file, original);
    }
    if is_by_link(path, sources) {
        sources.conceal(file);
        diagnostics.conceal(file);
    }
    Some(file)
}

fn unpacked(name: &str, bytes: Vec<u8>, limit: u64, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
    if !is_gzip(&bytes) {
        return Some(bytes);
    }
    let unpacked = Unpacked::new(bytes.as_slice()).map_err(Refusal::Io);
    match unpacked.and_then(|unpacked| read_bounded(unpacked, limit)) {
        Ok(unpacked) => return Some(unpacked),
        Err(Refusal::Io(error)) => ReadFault::new(error, true).report(name, diagnostics),
        Err(Refusal::TooLarge) => report_too_large(name, limit, diagnostics),
        Err(Refusal::Binary) => report_binary(name, diagnostics),
    }
    None
}

/// The bytes of a file, which is recorded as one that the run reads, or of standard input, which is `-`; what cannot
/// be read is reported.
pub fn load_bytes(
    path: &Path,
    kind: InputKind,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<u8>> {
    let limit = sources.limits().of(kind);
    let read = match sources.take_held(path) {
        Some(held) => held.ok_or_else(|| Refusal::Io(io::ErrorKind::NotFound.into())),
        None if is_stdin(path) => match sources.take_standard_input() {
            Some(input) => read_bounded(input, limit),
            None => {
                report_taken(diagnostics);
                return None;
            }
        },
        None => {
            let opened = open(path, sources).map_err(Refusal::Io);
            opened.and_then(|file| read_whole(&file, limit, sources.workers()))
        }
    };
    match read {
        Ok(bytes) => return Some(bytes),
        Err(Refusal::Io(error)) => report_unreadable(path, &error, sources, diagnostics),
        Err(Refusal::TooLarge) => report_too_large(&input_name(path), limit, diagnostics),
        Err(Refusal::Binary) => report_binary(&input_name(path), diagnostics),
    }
    None
}

/// Why an input is not held.
enum Refusal {
    Io(io::Error),
    TooLarge,
    /// It is no text.
    Binary,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Bytes at the start by which an input that is no text is recognised before all of it is read.
const HEAD: u64 = 1 << 20;

/// Bytes from which a second thread pays for reading.
#[cfg(unix)]
const LARGE: u64 = 16 << 20;

/// Reads a file whole; a large one in two halves at once.
fn read_whole(file: &File, limit: u64, workers: Workers) -> Result<Vec<u8>, Refusal> {
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > limit {
        return Err(Refusal::TooLarge);
    }
    let head = read_head(file, limit)?;
    #[cfg(unix)]
    if metadata.is_file() && metadata.len() >= LARGE {
        use std::os::unix::fs::FileExt;
        let mut bytes = vec![0; usize::try_from(metadata.len()).map_err(io::Error::other)?];
        let middle = bytes.len() / 2;
        let (first, second) = bytes.split_at_mut(middle);
        let halves = [(first, 0), (second, middle as u64)].map(Mutex::new);
        let read = workers.map(halves.len(), |half| match halves.get(half) {
            Some(half) => {
                let mut half = half.lock().unwrap_or_else(PoisonError::into_inner);
                let (bytes, offset) = &mut *half;
                file.read_exact_at(bytes, *offset)
            }
            None => Ok(()),
        });
        read.into_iter().collect::<io::Result<()>>()?;
        return Ok(bytes);
    }
    #[cfg(not(unix))]
    let _ = workers;
    read_rest(head, file, limit)
}

/// Reads what may have no end, such as a device or a pipe, up to the limit.
fn read_bounded(mut input: impl Read, limit: u64) -> Result<Vec<u8>, Refusal> {
    let head = read_head(&mut input, limit)?;
    read_rest(head, input, limit)
}

fn read_head(input: impl Read, limit: u64) -> Result<Vec<u8>, Refusal> {
    let (mut head, most) = (Vec::new(), HEAD.min(limit));
    input.take(most).read_to_end(&mut head)?;
    let is_text = is_gzip(&head) || Encoding::of(&head) != Encoding::Utf8;
    let is_whole = (head.len() as u64) < most;
    if !is_text && is_binary(&head, is_whole) { Err(Refusal::Binary) } else { Ok(head) }
}

fn read_rest(head: Vec<u8>, input: impl Read, limit: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = head;
    let left = limit.saturating_sub(bytes.len() as u64);
    input.take(left.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Refusal::TooLarge) } else { Ok(bytes) }
}
