//! The rows of all files together, and where each stands.

use std::fmt;

use super::rows::Rows;
use super::{Column, Symbol, Workload, header};
use crate::text::{FileId, SourceFile, Sources, Span, table};
use crate::units::DecimalMark;

/// One of the files that rows were read from.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) file: FileId,
    pub(super) name: String,
    /// Where this file would begin if all files were written one after another.
    pub(super) base: usize,
    pub(super) delimiter: u8,
    pub(super) header: header::Header,
}

/// The valid rows of one or more files, in the order in which the files were named.
#[derive(Debug, Clone)]
pub struct WorkloadSet {
    /// At least one.
    pub(super) sheets: Vec<Sheet>,
    pub(super) decimal: DecimalMark,
    pub(super) rows: Rows,
    pub(super) symbols: Vec<Box<str>>,
}

/// The line of a row; where there are several files it names its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowLine<'a> {
    /// The name of its file, where the rows come from several.
    pub file: Option<&'a str>,
    /// The line in its file, from 1.
    pub line: usize,
}

impl RowLine<'_> {
    /// The file, held for itself.
    #[must_use]
    pub fn boxed_file(&self) -> Option<Box<str>> {
        self.file.map(Box::from)
    }
}

impl fmt::Display for RowLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.file.map_or(Ok(()), |file| write!(f, " of {file}"))
    }
}

impl WorkloadSet {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The text of a symbol that this set gave out.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        self.symbols.get(symbol.0.get() as usize - 1).map_or("", |text| text)
    }

    /// The first of the files the rows come from.
    #[must_use]
    pub fn first_file(&self) -> FileId {
        self.sheets[0].file
    }

    /// The files' names as the user gave them.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.sheets.iter().map(|sheet| sheet.name.as_str())
    }

    /// The cell of a row, empty or not; `None` where its file lacks the column.
    #[must_use]
    pub fn cell(&self, sources: &Sources, row: &Workload, column: Column) -> Option<Span> {
        let sheet = self.sheet(row);
        let index = sheet.header.index(column)?;
        let text = sources.file(sheet.file)?.text();
        table::span(sheet.file, text, row.record - sheet.base, sheet.delimiter, index)
    }

    /// The row's first character.
    #[must_use]
    pub fn start(&self, row: &Workload) -> Span {
        let sheet = self.sheet(row);
        let start = row.record - sheet.base;
        Span { file: sheet.file, start, end: start }
    }

    /// The 1-based line of its file on which a row starts.
    #[must_use]
    pub fn line(&self, sources: &Sources, row: &Workload) -> usize {
        let Span { file, start, .. } = self.start(row);
        sources.file(file).map_or(0, |file| file.position(start).line)
    }

    /// The line on which a row starts, and where there are several files, in which.
    #[must_use]
    pub fn row_line<'a>(&self, sources: &'a Sources, row: &Workload) -> RowLine<'a> {
        let file = if self.sheets.len() > 1 { sources.file(self.sheet(row).file) } else { None };
        RowLine { file: file.map(SourceFile::name), line: self.line(sources, row) }
    }

    /// The file of a row.
    pub(super) fn sheet(&self, row: &Workload) -> &Sheet {
        let above = self.sheets.partition_point(|sheet| sheet.base <= row.record);
        &self.sheets[above.saturating_sub(1)]
    }
}
