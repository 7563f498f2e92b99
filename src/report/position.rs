//! Places in files, as an editor shows them.

use crate::text::{Sources, Span};

/// A place in a file as an editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePosition {
    /// The file's name.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for FilePosition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where a span is.
#[must_use]
pub fn places(sources: &Sources, span: Span) -> Option<FilePosition> {
    let (file, position) = sources.locate(span)?;
    Some(FilePosition { file: file.to_owned(), line: position.line, column: position.column })
}
