//! Whether a pack on the disk is the one its inputs give: every file compared byte by byte.

use std::collections::BTreeMap;

use super::manifest::sha256;
use super::{MANIFEST, PackFile, inputs};
use crate::text::{Code, Diagnostics, Place, SourceFile, Sources, Span};

/// A file that was found in the folder of a pack.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its path in the pack.
    pub path: String,
    /// Its name in messages.
    pub name: String,
    /// Its content, or why it was not read.
    pub content: Result<Vec<u8>, NotRead>,
}

impl Found {
    /// Its content, empty where it was not read.
    fn bytes(&self) -> &[u8] {
        self.content.as_deref().unwrap_or_default()
    }
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
                    "with this file the pack is larger than {} MiB, the most a pack can be",
                    super::SIZE_MAXIMUM >> 20
                )
            }
        }
    }
}

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
pub fn verify_inputs(found: &[Found], sources: &mut Sources, diagnostics: &mut Diagnostics) {
    let Some(manifest) = found.iter().find(|file| file.path == MANIFEST) else { return };
    let text = String::from_utf8_lossy(manifest.bytes());
    for file in found.iter().filter(|file| inputs::is_input(&file.path)) {
        let key = format!("\"path\": \"{}\"", file.path);
        let Some(at) = text.find(&key) else { continue };
        let Ok(bytes) = &file.content else { continue };
        let hash = sha256(bytes);
        let start = at + text[at..].find('\n').map_or(0, |end| end + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        if line.contains(&hash) {
            continue;
        }
        let id = sources.add(SourceFile::new(&*manifest.name, text.as_ref()));
        let message = format!("{} is not the file the pack was made from: its SHA-256 is {hash}", file.name);
        let help = "one of the two was changed: make the pack again from the right inputs";
        let span = Span { file: id, start, end: start + line.len() };
        diagnostics.at(Code::PackDiffers, span, message, help);
    }
}

/// Compares what was found with what the pack's inputs give; each difference is reported at its place.
pub fn verify(made: &[PackFile], found: &[Found], sources: &mut Sources, diagnostics: &mut Diagnostics) {
    let made_of: BTreeMap<&str, &PackFile> = made.iter().map(|file| (file.path.as_str(), file)).collect();
    let found_of: BTreeMap<&str, &Found> = found.iter().map(|file| (file.path.as_str(), file)).collect();
    let folder = found.iter().find_map(|file| file.name.strip_suffix(&file.path)).unwrap_or_default();
    stale(made_of.get(MANIFEST).copied(), found_of.get(MANIFEST).copied(), sources, diagnostics);
    for (path, file) in &made_of {
        match found_of.get(path) {
            None => {
                let place = Place::Path(format!("{folder}{path}"));
                diagnostics.add(Code::PackFileMissing, place, "the file is missing", REMEDY);
            }
            Some(Found { name, content: Err(reason), .. }) => {
                let place = Place::Path(name.clone());
                diagnostics.add(Code::PackDiffers, place, reason.words(), REMEDY);
            }
            Some(Found { name, content: Ok(bytes), .. }) => {
                if *bytes != file.bytes {
                    difference(&file.bytes, (name, bytes), sources, diagnostics);
                }
            }
        }
    }
    for (path, file) in &found_of {
        if !made_of.contains_key(path) {
            let place = Place::Path(file.name.clone());
            let help = "move it elsewhere: a pack holds what its inputs give, and nothing else";
            diagnostics.add(Code::PackFileUnknown, place, "the file is not of the pack", help);
        }
    }
}

const REMEDY: &str = "make the pack again from its inputs, and send that one";

/// A pack of another version or model table differs for that reason alone: it is said first.
fn stale(
    made: Option<&PackFile>,
    found: Option<&Found>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let (Some(made), Some(found)) = (made, found) else { return };
    let (made, text) = (String::from_utf8_lossy(&made.bytes), String::from_utf8_lossy(found.bytes()));
    for (key, what) in [
        ("\"quotaplan\": ", "version of quotaplan"),
        ("\"newest_fact\": ", "date of the model table"),
        ("\"sha256\": ", "model table"),
    ] {
        // Each key stands first where it is about the program: the hashes of files come last.
        let (ours, theirs) = (line_with(&made, key), line_with(&text, key));
        if let (Some((_, ours)), Some((start, theirs))) = (ours, theirs)
            && ours != theirs
        {
            let file = sources.add(SourceFile::new(&*found.name, text.as_ref()));
            let value =
                |line: &str| line.trim_start().trim_start_matches(key).trim_end_matches(',').to_owned();
            let message =
                format!("the pack was made with another {what}: {}, now {}", value(theirs), value(ours));
            let span = Span { file, start, end: start + theirs.len() };
            diagnostics.at(
                Code::PackStale,
                span,
                message,
                "make the pack again: rates, defaults and rules may have changed",
            );
            return;
        }
    }
}

/// The first line that holds a key, and where it starts.
fn line_with<'t>(text: &'t str, key: &str) -> Option<(usize, &'t str)> {
    let at = text.find(key)?;
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    Some((start, text[start..].lines().next().unwrap_or_default()))
}

/// The first place where a file is not what it should be.
fn difference(
    made: &[u8],
    (name, found): (&str, &[u8]),
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let text = String::from_utf8_lossy(found);
    let file = sources.add(SourceFile::new(name, text.as_ref()));
    let expected = String::from_utf8_lossy(made);
    let same = text.char_indices().zip(expected.chars()).find(|((_, a), b)| a != b);
    let shorter = text.len().min(expected.len());
    let at = same.map_or(shorter, |((at, _), _)| at);
    let line = expected.get(..at).map_or(0, |before| before.matches('\n').count());
    let wanted = expected.lines().nth(line).unwrap_or("the end of the file");
    let message = format!("the file is not what its inputs give; expected here: {}", wanted.trim());
    diagnostics.at(Code::PackDiffers, Span { file, start: at, end: at }, message, REMEDY);
}
