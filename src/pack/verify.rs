//! What was found in the folder of a pack, and what can be said of it before the pack is made again.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

use super::manifest::sha256;
use super::{MANIFEST, inputs};
use crate::text::{Code, Diagnostics, KeptLine, Place, SourceFile, Sources, Span};

/// A file that was found in the folder of a pack.
#[derive(Debug)]
pub struct Found {
    /// Its path in the pack.
    pub path: String,
    /// Its name in messages.
    pub name: String,
    /// Its content, or why it is not read.
    pub content: Result<Content, NotRead>,
}

impl Found {
    /// Its bytes, where they are held.
    #[must_use]
    pub fn held(&self) -> Option<&[u8]> {
        match &self.content {
            Ok(Content::Held(bytes)) => Some(bytes),
            Ok(Content::Large(_)) | Err(_) => None,
        }
    }

    /// Reads its content from the start; none where it is not read. An error names the file.
    pub(super) fn reader(&self) -> io::Result<Box<dyn BufRead + '_>> {
        let reader: Box<dyn Read + '_> = match &self.content {
            Ok(Content::Held(bytes)) => return Ok(Box::new(bytes.as_slice())),
            Ok(Content::Large(file)) => file.reread().map_err(|error| self.unreadable(&error))?,
            Err(_) => Box::new(io::empty()),
        };
        Ok(Box::new(BufReader::with_capacity(1 << 16, reader)))
    }

    /// An error of its content, with its name.
    pub(super) fn unreadable(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: {error}", self.name))
    }
}

/// The content of a file.
#[derive(Debug)]
pub enum Content {
    /// Its bytes.
    Held(Vec<u8>),
    /// A file that is open, and too large to be held.
    Large(Box<dyn Reread>),
}

/// What can be read from its start again.
pub trait Reread: std::fmt::Debug {
    /// Reads it from its start.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn reread(&self) -> io::Result<Box<dyn Read + '_>>;
}

/// Why something in the folder of a pack was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRead {
    /// A symbolic link, which is not followed wherever it leads.
    Link,
    /// A folder: one that is empty, or deeper than those of a pack.
    Folder,
    /// A pipe, a socket or a device.
    Special(&'static str),
    /// More than [`SIZE_MAXIMUM`](super::SIZE_MAXIMUM) with the files before it.
    TooLarge,
}

impl NotRead {
    /// What it is, as a sentence without a full stop.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Link => "it is a symbolic link, which is not followed".to_owned(),
            Self::Folder => "it is a folder".to_owned(),
            Self::Special(kind) => format!("it is a {kind}, which is not read"),
            Self::TooLarge => {
                format!(
                    "with this file, the pack is larger than {} MiB, the limit for a pack",
                    super::SIZE_MAXIMUM >> 20
                )
            }
        }
    }
}

/// What to do about a file that differs.
pub(super) const REMEDY: &str = "make the pack again from its inputs, and send that one";

/// Reports what could not be read, each at its place.
pub fn verify_kinds(found: &[Found], diagnostics: &mut Diagnostics) {
    for file in found {
        if let Err(reason) = file.content {
            diagnostics.add(Code::PackDiffers, Place::Path(file.name.clone()), reason.words(), REMEDY);
        }
    }
}

/// Compares the inputs that were found with the hashes that the pack's manifest states: whatever follows
/// from a changed input differs as well, but that is where to look first.
///
/// # Errors
/// Where the manifest cannot be read; the error names it.
pub fn verify_inputs(
    found: &[Found],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> io::Result<()> {
    let Some(manifest) = found.iter().find(|file| file.path == MANIFEST) else { return Ok(()) };
    let mut stated = stated_hashes(manifest, found)?;
    for file in found {
        let (Some((line, start)), Some(bytes)) = (stated.remove(file.path.as_str()), file.held()) else {
            continue;
        };
        let hash = sha256(bytes);
        let end = line.text.len();
        if line.text[start..].contains(&hash) {
            continue;
        }
        let id = sources.add(line.into_source(&manifest.name));
        let message = format!("{} is not the file the pack was made from: its SHA-256 is {hash}", file.name);
        let help = "the file or the manifest was changed: make the pack again from the right inputs";
        let span = Span { file: id, start, end };
        diagnostics.at(Code::PackDiffers, span, message, help);
    }
    Ok(())
}

/// The lines that state the hashes of inputs, by path, and where in the line to look.
fn stated_hashes<'f>(manifest: &Found, found: &'f [Found]) -> io::Result<BTreeMap<&'f str, (Line, usize)>> {
    let paths = found.iter().map(|file| file.path.as_str()).filter(|path| inputs::is_input(path));
    let mut open: Vec<(&str, String)> = paths.map(|path| (path, format!("{KEY}{path}\""))).collect();
    let mut stated = BTreeMap::new();
    let mut lines = Lines::of(manifest)?;
    let mut next = lines.next()?;
    while let (Some(line), false) = (next, open.is_empty()) {
        next = lines.next()?;
        if line.text.contains(KEY) {
            open.retain(|(path, key)| match line.text.find(key) {
                None => true,
                Some(at) => {
                    // The hash stands on the line below the path, where there is one.
                    let below = next.clone().map(|below| (below, 0));
                    stated.insert(*path, below.unwrap_or_else(|| (line.clone(), at)));
                    false
                }
            });
        }
    }
    Ok(stated)
}

/// What a path stands behind in a manifest.
const KEY: &str = "\"path\": \"";

/// A line of a file, without its line end.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
}

impl Line {
    /// A file of which it alone is held.
    pub(super) fn into_source(self, name: &str) -> SourceFile {
        let line = KeptLine { number: self.number, first_column: 1, text: Some(self.text) };
        SourceFile::of_lines(name, vec![line])
    }
}

/// The lines of a file that was found, one after another. Each ends at LF or CRLF; a lone CR counts as a line,
/// as it does wherever places are told.
pub(super) struct Lines<'f> {
    file: &'f Found,
    reader: Box<dyn BufRead + 'f>,
    number: usize,
}

impl<'f> Lines<'f> {
    pub(super) fn of(file: &'f Found) -> io::Result<Self> {
        Ok(Self { file, reader: file.reader()?, number: 1 })
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        self.reader.read_until(b'\n', &mut bytes).map_err(|error| self.file.unreadable(&error))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let ended = bytes.strip_suffix(b"\n");
        let content = ended.map_or(bytes.as_slice(), |line| line.strip_suffix(b"\r").unwrap_or(line));
        let line = Line { number: self.number, text: String::from_utf8_lossy(content).into_owned() };
        self.number += 1 + memchr::memchr_iter(b'\r', content).count();
        Ok(Some(line))
    }
}
