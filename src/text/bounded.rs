//! Reading an input that is held whole in memory: how large it may be, and how one that is no text is recognised
//! before all of it is read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::codes::Code;
use super::decode::is_utf16;
use super::diagnostic::{Diagnostics, Place};
use super::stdin::input_name;
use crate::threads::Workers;

/// The most bytes of one input that is held whole. Traces are read in parts and may be of any length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputLimits {
    /// Of files with a row for each workload, minute or prompt.
    pub rows: u64,
    /// Of every other file: configuration, model tables, policies, saved answers, baselines.
    pub documents: u64,
}

impl Default for InputLimits {
    fn default() -> Self {
        Self { rows: 4 << 30, documents: 256 << 20 }
    }
}

/// Which of the limits holds for an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// A file with a row for each workload, minute or prompt.
    Rows,
    /// Any other file.
    Document,
}

impl InputLimits {
    const fn of(self, kind: InputKind) -> u64 {
        match kind {
            InputKind::Rows => self.rows,
            InputKind::Document => self.documents,
        }
    }
}

/// Why an input was not read.
#[derive(Debug)]
pub enum InputFault {
    /// The system could not read it.
    Io(io::Error),
    /// It has more bytes than this.
    TooLarge(u64),
    /// It starts with bytes that no text has.
    Binary,
}

impl From<io::Error> for InputFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Bytes at the start by which an input that is no text is recognised.
const HEAD: u64 = 1 << 20;

/// Bytes from which a second thread pays for reading.
#[cfg(unix)]
const LARGE: u64 = 16 << 20;

/// Reads a file whole; a large one in two halves at once.
///
/// # Errors
/// Where it cannot be read, is too large or is no text.
pub fn read_file(
    file: &File,
    kind: InputKind,
    limits: InputLimits,
    workers: Workers,
) -> Result<Vec<u8>, InputFault> {
    let (metadata, limit) = (file.metadata()?, limits.of(kind));
    if metadata.is_file() && metadata.len() > limit {
        return Err(InputFault::TooLarge(limit));
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
    let _ = workers;
    read_rest(head, file, limit)
}

/// Reads what may have no end, such as a pipe.
///
/// # Errors
/// Where it cannot be read, is too large or is no text.
pub fn read_input(mut input: impl Read, kind: InputKind, limits: InputLimits) -> Result<Vec<u8>, InputFault> {
    let limit = limits.of(kind);
    let head = read_head(&mut input, limit)?;
    read_rest(head, input, limit)
}

fn read_head(input: impl Read, limit: u64) -> Result<Vec<u8>, InputFault> {
    let mut head = Vec::new();
    let most = HEAD.min(limit);
    input.take(most).read_to_end(&mut head)?;
    if is_binary(&head, (head.len() as u64) < most) { Err(InputFault::Binary) } else { Ok(head) }
}

fn read_rest(head: Vec<u8>, input: impl Read, limit: u64) -> Result<Vec<u8>, InputFault> {
    let mut bytes = head;
    let left = limit.saturating_sub(bytes.len() as u64);
    input.take(left.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(InputFault::TooLarge(limit)) } else { Ok(bytes) }
}

/// Whether the first bytes of an input hold a NUL, which no CSV, TOML or JSON does. UTF-16 is another fault, and a NUL
/// in a small text, which is `whole`, has its own place in it.
pub(crate) fn is_binary(head: &[u8], whole: bool) -> bool {
    let nul = memchr::memchr(0, head);
    nul.is_some_and(|at| at == 0 || !whole) && !is_utf16(head)
}

/// What is said of an input that is no text, and what to do.
pub(crate) const BINARY: (&str, &str) = (
    "it holds NUL bytes, so it is not a text file",
    "check the path; if it is UTF-16 or a spreadsheet, save it as UTF-8 text",
);

/// Reports an input that is too large or no text.
pub fn report_refused(path: &Path, fault: &InputFault, diagnostics: &mut Diagnostics) {
    let (code, message, help) = match fault {
        InputFault::Io(error) => return super::opened::report_unreadable(path, error, diagnostics),
        InputFault::Binary => (Code::UnreadableFile, BINARY.0.to_owned(), BINARY.1),
        InputFault::TooLarge(limit) => (
            Code::InputTooLarge,
            format!("it is larger than {}, the most that is read of such an input", size(*limit)),
            "check that it is the right file; a trace of any length is read by `quotaplan simulate`",
        ),
    };
    diagnostics.add(code, Place::Path(input_name(path)), message, help);
}

fn size(bytes: u64) -> String {
    match bytes {
        0 => "0 bytes".to_owned(),
        bytes if bytes % (1 << 30) == 0 => format!("{} GiB", bytes >> 30),
        bytes if bytes % (1 << 20) == 0 => format!("{} MiB", bytes >> 20),
        bytes => format!("{bytes} bytes"),
    }
}
