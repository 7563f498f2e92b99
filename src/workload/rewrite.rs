//! Other numbers in a row's cells, every other byte of the file as it was.

use std::ops::Range;

use super::set::Sheet;
use super::{Column, Workload, WorkloadSet, open};
use crate::text::{Diagnostics, Sources};
use crate::units::DecimalMark;

/// What replacing cells of a row comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Byte ranges of the text and what stands there afterwards, ascending.
    edits: Vec<(Range<usize>, String)>,
    /// Columns that the file does not have.
    pub missing: Vec<Column>,
}

impl WorkloadSet {
    /// Replaces numbers of a row in its file, written by [`crate::units`]; surrounding blanks and quotes stay.
    #[must_use]
    pub fn rewrite(&self, sources: &Sources, row: &Workload, cells: &[(Column, String)]) -> Rewrite {
        let mut rewrite = Rewrite { edits: Vec::new(), missing: Vec::new() };
        for (column, number) in cells {
            match self.cell(sources, row, *column) {
                None => rewrite.missing.push(*column),
                Some(span) => {
                    let delimiter = self.sheet(row).delimiter;
                    rewrite.edits.push((span.start..span.end, self.unambiguous(number, delimiter)));
                }
            }
        }
        rewrite.edits.sort_by_key(|(range, _)| range.start);
        rewrite
    }

    /// The header of a row's file with more columns behind it, for a person to write.
    #[must_use]
    pub fn header_with(&self, sources: &Sources, row: &Workload, columns: &[Column]) -> String {
        let Sheet { file, delimiter, .. } = self.sheet(row);
        let source = sources.file(*file);
        let head = source
            .and_then(|source| open::head(*file, source, Some(*delimiter), false, &mut Diagnostics::new()));
        let names = source.zip(head).and_then(|(source, head)| source.text().get(head.start..head.body));
        let mut header = names.unwrap_or_default().to_owned();
        for column in columns {
            header.push(char::from(*delimiter));
            header.push_str(column.name());
        }
        header
    }

    /// Beside `;` a point with three digits behind it may be one of thousands: a fourth tells.
    fn unambiguous(&self, number: &str, delimiter: u8) -> String {
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let doubtful = delimiter == b';' && self.decimal == DecimalMark::Point && decimals == 3;
        if doubtful { format!("{number}0") } else { self.decimal.written(number) }
    }
}

impl Rewrite {
    /// The file's bytes with the new cells; `bytes` are those that were read, byte order mark included.
    #[must_use]
    pub fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        // Positions are those of the text, which has no byte order mark and else one byte for each.
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut out = Vec::with_capacity(bytes.len() + 64);
        let mut copied = 0;
        for (range, number) in &self.edits {
            out.extend_from_slice(bytes.get(copied..range.start + mark).unwrap_or_default());
            out.extend_from_slice(number.as_bytes());
            copied = range.end + mark;
        }
        out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
        out
    }
}
