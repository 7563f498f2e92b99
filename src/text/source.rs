//! Source files, byte spans into them, and the line and column an editor shows for them.
//!
//! Offsets are bytes of the text without its byte order mark; lines and columns exist only
//! at the rim, 1-based, columns in characters.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::identity::FileIdentity;
use super::limits::InputLimits;
use super::stdin::{STDIN, StandardInput};
use crate::threads::Workers;

/// One of the files in a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// How many files were taken in before this one.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Line and column as an editor shows them: both 1-based, the column in characters, a tab being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// A file's name as the user gave it, and its text.
pub struct SourceFile {
    name: String,
    text: String,
    concealed: bool,
    line_starts: OnceLock<Vec<usize>>,
    /// Number, first column and whether it is shown, of each line of a file that is not held whole.
    kept: Vec<(usize, usize, bool)>,
}

/// A line, or a part of one, of a file that is too large to be held whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// Its number in the file, from 1.
    pub number: usize,
    /// The column its text starts at, from 1.
    pub first_column: usize,
    /// The text, without line ends; `None` where nobody may see it.
    pub text: Option<String>,
}

impl std::fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceFile").field("name", &self.name).finish_non_exhaustive()
    }
}

impl SourceFile {
    /// A file with `text` (no byte order mark).
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            concealed: false,
            line_starts: OnceLock::new(),
            kept: Vec::new(),
        }
    }

    /// A file of which some lines alone are held, each followed by LF in the text, which no line holds
    /// itself; positions in it are those of the whole file. One line may stand several times.
    #[must_use]
    pub fn of_lines(name: impl Into<String>, lines: Vec<KeptLine>) -> Self {
        let kept = lines.iter().map(|line| (line.number, line.first_column, line.text.is_some())).collect();
        let text = lines.into_iter().map(|line| line.text.unwrap_or_default() + "\n").collect::<String>();
        Self { kept, ..Self::new(name, text) }
    }

    /// The name as the user gave it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether its text is nobody's to see: diagnostics point into it and show no line of it.
    #[must_use]
    pub const fn is_concealed(&self) -> bool {
        self.concealed
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offsets at which lines start; a line ends at LF, CRLF or a lone CR.
    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
                .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
            std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
        })
    }

    /// The position of a byte offset; an offset past the end is taken as the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.text[start..end].chars().count() + 1;
        match line.checked_sub(1).and_then(|index| self.kept.get(index)) {
            Some((number, first, _)) => Position { line: *number, column: column + first - 1 },
            None => Position { line, column },
        }
    }

    /// What may be shown of the line that a byte offset lies in: the column it starts at, and its text
    /// without its line end.
    #[must_use]
    pub fn shown_at(&self, offset: usize) -> Option<(usize, &str)> {
        let line = self.line_starts().partition_point(|&start| start <= offset);
        match line.checked_sub(1).and_then(|index| self.kept.get(index)) {
            Some((_, _, false)) => None,
            Some((_, first, true)) => Some((*first, self.line(line))),
            None => Some((1, self.line(line))),
        }
    }

    /// The place of a 1-based line and of a column in bytes, as JSON readers count them; `id` is this
    /// file's own.
    #[must_use]
    pub fn span_at(&self, id: FileId, line: usize, column: usize) -> Span {
        let start = line.checked_sub(1).and_then(|line| self.line_starts().get(line)).copied().unwrap_or(0);
        let mut at = (start + column.saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        Span { file: id, start: at, end: at }
    }

    /// The text of a 1-based line, without its line end.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        let starts = self.line_starts();
        let Some(&start) = line.checked_sub(1).and_then(|index| starts.get(index)) else {
            return "";
        };
        let end = starts.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

/// All files of a run, so that a [`Span`] from any of them can be shown.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// What is kept besides texts, where the bytes are to be kept.
    kept: Option<Box<KeptBytes>>,
    /// Every file that was opened, or was to be, with its name as the user gave it.
    opened: Vec<(String, FileIdentity)>,
    /// Where relative paths start; empty for the folder of the process.
    folder: PathBuf,
    input: StandardInput,
    workers: Workers,
    limits: InputLimits,
}

#[derive(Debug, Default)]
struct KeptBytes {
    /// The files whose bytes are kept: as they were read, or `None` where they are the text's.
    originals: Vec<(FileId, Option<Vec<u8>>)>,
    /// The only files there are, where they were all read before.
    held: Option<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Sources {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No files yet, of a run in `folder` with a standard input. Relative paths start from the folder; an empty
    /// path is the folder of the process.
    #[must_use]
    pub fn of_run(folder: PathBuf, input: StandardInput) -> Self {
        Self { folder, input, ..Self::default() }
    }

    /// The same, read on other threads.
    #[must_use]
    pub fn read_on(self, workers: Workers) -> Self {
        Self { workers, ..self }
    }

    /// The threads on which files are read.
    #[must_use]
    pub const fn workers(&self) -> Workers {
        self.workers
    }

    /// The same, with other limits on the size of an input.
    #[must_use]
    pub fn within(self, limits: InputLimits) -> Self {
        Self { limits, ..self }
    }

    /// The most bytes of an input that is held whole.
    #[must_use]
    pub const fn limits(&self) -> InputLimits {
        self.limits
    }

    /// The same; of each file that is read the bytes are kept too.
    #[must_use]
    pub fn keeping_originals(self) -> Self {
        Self { kept: Some(Box::default()), ..self }
    }

    /// The same; the files that will be read are these, and no other is opened. The bytes of each are kept too.
    #[must_use]
    pub fn holding(self, files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let kept = KeptBytes { held: Some(files), originals: Vec::new() };
        Self { kept: Some(Box::new(kept)), ..self }
    }

    /// Where a path as the user typed it leads.
    #[must_use]
    pub fn at(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The run's working folder; an empty path is the folder of the process.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The run's standard input, which one reader takes: `None` where it has been taken before, and where there is
    /// none.
    #[must_use]
    pub fn take_standard_input(&mut self) -> Option<Box<dyn std::io::Read + Send>> {
        if let Some(file) = self.input.file() {
            self.opened.push((STDIN.to_owned(), file.clone()));
        }
        self.input.take()
    }

    /// The bytes of a file, where all files were read before: `None` where files are read from the disk, and
    /// `Some(None)` where the file is not one of those that were read.
    pub fn take_held(&mut self, path: &Path) -> Option<Option<Vec<u8>>> {
        self.kept.as_mut()?.held.as_mut().map(|files| files.remove(path))
    }

    /// Records that the run reads a file.
    pub fn record(&mut self, name: String, identity: FileIdentity) {
        self.opened.push((name, identity));
    }

    /// The names under which the run reads a file, one for each time it was opened: where there is any, a result
    /// written to it would take the place of what was read.
    pub fn names_of(&self, file: &FileIdentity) -> impl Iterator<Item = &str> {
        self.opened.iter().filter(|(_, opened)| opened.is_same(file)).map(|(name, _)| name.as_str())
    }

    /// Whether the bytes of files are to be kept.
    #[must_use]
    pub const fn keeps_originals(&self) -> bool {
        self.kept.is_some()
    }

    /// Keeps the bytes of a file as they were read: once, where they are those of its text.
    pub fn keep_original(&mut self, id: FileId, bytes: Vec<u8>) {
        let is_text = self.file(id).is_some_and(|file| file.text.as_bytes() == bytes);
        if let Some(kept) = &mut self.kept {
            kept.originals.push((id, (!is_text).then_some(bytes)));
        }
    }

    /// The files whose bytes are kept, by name, with the bytes as they were read.
    pub fn originals(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let originals = self.kept.iter().flat_map(|kept| &kept.originals);
        originals.filter_map(|(id, bytes)| {
            let file = self.file(*id)?;
            Some((file.name(), bytes.as_deref().unwrap_or(file.text.as_bytes())))
        })
    }

    /// Takes a file in.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// Conceals the text of a file, such as one of prompts, from diagnostics; its places stay.
    pub fn conceal(&mut self, id: FileId) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            file.concealed = true;
        }
    }

    /// The file of an id that this collection gave out.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The files of a name, in the order in which they were taken in.
    pub fn named<'n>(&'n self, name: &'n str) -> impl Iterator<Item = FileId> + 'n {
        let ids = (0..).map(FileId);
        ids.zip(&self.files).filter(move |(_, file)| file.name == name).map(|(id, _)| id)
    }

    /// Gives a file another name, so that positions in it read the same wherever it was read from.
    pub fn rename(&mut self, id: FileId, new: &str) {
        if let Some(file) = self.files.get_mut(id.index()) {
            new.clone_into(&mut file.name);
        }
    }

    /// The text of a span, empty where it does not lie in a known file.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).and_then(|file| file.text().get(span.start..span.end)).unwrap_or_default()
    }

    /// Name and position of a span's start.
    #[must_use]
    pub fn locate(&self, span: Span) -> Option<(&str, Position)> {
        let file = self.file(span.file)?;
        Some((file.name(), file.position(span.start)))
    }
}
