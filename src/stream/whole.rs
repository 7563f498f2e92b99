//! Inputs that are held whole, up to a bound.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

use super::gzip::{Unpacked, is_gzip};
use super::input::{ReadFault, report_taken};
use super::open::{is_by_link, open, report_unreadable};
use crate::text::stdin::{input_name, is_stdin};
use crate::text::{Diagnostics, FileId, Sources, decode};
use crate::threads::Workers;

/// Reads an input into the sources, unpacked where it is gzip; what cannot be read is reported.
pub fn load_file(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    let name = input_name(path);
    let bytes = load_bytes(path, sources, diagnostics)?;
    let original = sources.keeps_originals().then(|| bytes.clone());
    let file = decode(sources, &name, unpacked(&name, bytes, diagnostics)?, diagnostics)?;
    if let Some(original) = original {
        sources.keep_original(file, original);
    }
    if is_by_link(path, sources) {
        sources.conceal(file);
    }
    Some(file)
}

fn unpacked(name: &str, bytes: Vec<u8>, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
    if !is_gzip(&bytes) {
        return Some(bytes);
    }
    let unpacked = Unpacked::new(bytes.as_slice()).and_then(read_bounded);
    unpacked.map_err(|error| ReadFault::new(error, true).report(name, diagnostics)).ok()
}

/// The bytes of a file, which is recorded as one that the run reads, or of standard input, which is `-`; what cannot
/// be read is reported.
pub fn load_bytes(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
    let read = match sources.take_held(path) {
        Some(held) => held.ok_or_else(|| io::ErrorKind::NotFound.into()),
        None if is_stdin(path) => match sources.take_standard_input() {
            Some(input) => read_bounded(input),
            None => {
                report_taken(diagnostics);
                return None;
            }
        },
        None => open(path, sources).and_then(|file| read_whole(&file, sources.workers())),
    };
    read.map_err(|error| report_unreadable(path, &error, diagnostics)).ok()
}

/// Bytes from which a second thread pays for reading.
const LARGE: u64 = 16 << 20;

/// Most bytes of a file that is held whole.
const LARGEST: u64 = 1 << 30;

/// Reads a file whole; a large one in two halves at once.
fn read_whole(file: &File, workers: Workers) -> io::Result<Vec<u8>> {
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > LARGEST {
        return Err(too_large());
    }
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
    read_bounded(file)
}

/// Reads what may have no end, such as a device, up to the bound.
fn read_bounded(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> io::Error {
    io::Error::other(format!("it has more than {} GiB: is it the right file?", LARGEST >> 30))
}
