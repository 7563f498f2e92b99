//! Reading the records of `workloads.csv`.
//!
//! Files without a quote can be cut at any line end, so large ones are read on all cores.

use super::open::{self, Head};
use super::row::{RowReader, Symbols};
use super::rows::Rows;
use super::set::Sheet;
use super::{ReadOptions, Symbol, Workload, WorkloadSet, unique};
use crate::catalog::Catalog;
use crate::text::table::records::{Records, Shape};
use crate::text::{Code, Diagnostics, FileId, Place, SourceFile, Sources, Span};
use crate::threads::Workers;

/// Smallest part worth a thread of its own.
const PART_BYTES: usize = 4 << 20;

/// Reads a file's rows, reporting every fault in one run; `None` where there is an error.
pub fn parse(
    sources: &Sources,
    file: FileId,
    catalog: &Catalog,
    options: &ReadOptions,
    diagnostics: &mut Diagnostics,
) -> Option<WorkloadSet> {
    parse_all(sources, &[file], catalog, options, diagnostics)
}

/// The same of several files, as if their rows stood in one: each has its own header.
pub fn parse_all(
    sources: &Sources,
    files: &[FileId],
    catalog: &Catalog,
    options: &ReadOptions,
    diagnostics: &mut Diagnostics,
) -> Option<WorkloadSet> {
    let mut own = Diagnostics::new();
    let mut opened = Vec::with_capacity(files.len());
    let mut base = 0;
    for file in files {
        let source = sources.file(*file)?;
        if let Some(head) = open::head(*file, source, options.delimiter, options.strict, &mut own) {
            opened.push(Opened::new(*file, source, head, base));
        }
        base += source.text().len() + 1;
    }
    if opened.is_empty() {
        diagnostics.append(own);
        return None;
    }
    let parts: Vec<(usize, (usize, usize))> = (0..)
        .zip(&opened)
        .flat_map(|(index, opened)| {
            opened.parts(sources.workers()).into_iter().map(move |part| (index, part))
        })
        .collect();
    let results = sources.workers().map(parts.len(), |part| {
        let (index, range) = parts[part];
        let Opened { source, head, base, .. } = &opened[index];
        let mut reader =
            RowReader::new(catalog, options, &head.header, (source.file, source.text), head.delimiter);
        let (mut rows, any) = records(source, head, range, &mut reader);
        if *base > 0 {
            rows.iter_mut().for_each(|row| row.record += base);
        }
        (rows, any, reader.symbols, reader.diagnostics, reader.name_hashes)
    });
    let mut symbols = Symbols::default();
    let mut rows = Rows::default();
    let mut name_hashes = Vec::new();
    let mut has_records = vec![false; opened.len()];
    for ((part_rows, seen, part_symbols, part_diagnostics, hashes), (index, _)) in
        results.into_iter().zip(&parts)
    {
        if name_hashes.is_empty() {
            name_hashes = hashes;
        } else {
            name_hashes.extend(hashes);
        }
        has_records[*index] |= seen;
        own.append(part_diagnostics);
        let map: Vec<Symbol> = part_symbols.texts.iter().map(|text| symbols.intern(text)).collect();
        let renamed = |symbol: Option<Symbol>| symbol.and_then(|s| map.get(s.0.get() as usize - 1).copied());
        let mut part_rows = part_rows;
        if rows.is_empty() {
            // The first part's symbols are interned in their own order, so they stay as they are.
            rows.push(part_rows);
            continue;
        }
        for row in &mut part_rows {
            row.account = renamed(row.account);
            row.team = renamed(row.team);
            row.period = renamed(row.period);
        }
        rows.push(part_rows);
    }
    if !own.has_errors() {
        for (opened, _) in opened.iter().zip(&has_records).filter(|(_, has_records)| !**has_records) {
            own.add(
                Code::NoRows,
                Place::File(opened.source.file),
                "the file has a header and no rows",
                "write one row for each workload",
            );
        }
    }
    let sheets = opened.into_iter().map(Opened::sheet).collect();
    let set = WorkloadSet { sheets, decimal: options.decimal, rows, symbols: symbols.texts };
    unique::check(&set, &name_hashes, sources, &mut own);
    let failed = own.has_errors();
    diagnostics.append(own);
    (!failed).then_some(set)
}

/// A file whose header was read.
struct Opened<'a> {
    source: Source<'a>,
    name: &'a str,
    head: Head,
    base: usize,
}

impl<'a> Opened<'a> {
    fn new(file: FileId, source: &'a SourceFile, head: Head, base: usize) -> Self {
        let text = source.text();
        let quoted = memchr::memchr(b'"', text.as_bytes()).is_some();
        Self { source: Source { file, text, quoted }, name: source.name(), head, base }
    }

    /// The parts that are read one by one.
    fn parts(&self, workers: Workers) -> Vec<(usize, usize)> {
        let Source { text, quoted, .. } = self.source;
        if quoted { vec![(self.head.body, text.len())] } else { cut(text, self.head.body, workers) }
    }

    fn sheet(self) -> Sheet {
        Sheet {
            file: self.source.file,
            name: self.name.to_owned(),
            base: self.base,
            delimiter: self.head.delimiter,
            header: self.head.header,
        }
    }
}

/// Cuts the body at line ends into parts for the threads.
fn cut(text: &str, body: usize, workers: Workers) -> Vec<(usize, usize)> {
    let length = text.len() - body;
    let wanted = workers.count().min(length / PART_BYTES).max(1);
    let mut parts = Vec::with_capacity(wanted);
    let mut start = body;
    for part in 1..wanted {
        let aim = (body + length / wanted * part).max(start);
        let Some(end) = memchr::memchr(b'\n', &text.as_bytes()[aim..]).map(|n| aim + n + 1) else {
            break;
        };
        parts.push((start, end));
        start = end;
    }
    parts.push((start, text.len()));
    parts
}

struct Source<'a> {
    file: FileId,
    text: &'a str,
    quoted: bool,
}

/// Reads the records between two offsets; tells too whether there was any.
fn records(
    source: &Source<'_>,
    head: &Head,
    (start, end): (usize, usize),
    reader: &mut RowReader<'_>,
) -> (Vec<Workload>, bool) {
    let bytes = &source.text.as_bytes()[start..end];
    // Rows of about the length of the first few; growing would copy them.
    let sample = bytes.get(..4096).unwrap_or(bytes);
    let lines = memchr::memchr_iter(b'\n', sample).count().max(1);
    let mut rows = Vec::with_capacity(if sample.len() < bytes.len() {
        bytes.len() / (sample.len() / lines) + 1
    } else {
        lines
    });
    let shape = Shape { delimiter: head.delimiter, width: Some(head.header.len()), is_by_hand: true };
    let mut records = Records::new(source.text, start..end, shape, source.quoted);
    let file = source.file;
    while let Some(record) = records.next(|at, fault| {
        let (message, help) = fault.words();
        reader.diagnostics.at(fault.code(), Span { file, start: at.start, end: at.end }, message, help);
    }) {
        rows.extend(reader.row(record.cells, record.start()));
    }
    (rows, records.is_any())
}
