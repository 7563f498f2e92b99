//! From a file to a trace: which format it has, detected from the content alone.

use std::io::Read;
use std::path::Path;

use super::blocks::{self, Block, BlockFault, Blocks};
use super::faults::Faults;
use super::header::{Header, Role};
use super::invocation::{self, Log};
use super::lines;
use super::mooncake::Mooncake;
use super::table::Table;
use super::targets::{Scopes, Targets};
use super::{Format, ReadOptions, Trace};
use crate::catalog::Catalog;
use crate::stream::{Input, ReadFault, Text, is_by_link};
use crate::text::{Code, Diagnostics, Place, Sources};
use crate::workload::cell;

/// First lines of a file of JSON lines by which its format is told.
const TELLING_LINES: usize = 20;

const EXAMPLE: &str = "the columns of a trace are timestamp,model,scope,input_tokens,output_tokens";

/// Reads a trace from a file, see [`read`]; a file that cannot be read is reported.
pub fn load(
    path: &Path,
    catalog: &Catalog,
    options: &ReadOptions,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Trace> {
    let input = Input::open(path, sources, diagnostics)?;
    let name = input.name().to_owned();
    let mut faults = Faults::new(options.listed_faults);
    faults.shows_text = !is_by_link(path, sources);
    read_with(faults, &name, input.counted(|_| {}), catalog, options, sources, diagnostics)
}

/// Reads a trace, reporting every fault in one run; `None` where there is an error.
///
/// Memory is what the trace takes and a few MiB, whatever the length of the file. Of a faulty line the
/// text is kept in `sources`, except of an invocation log.
pub fn read(
    name: &str,
    reader: impl Read,
    catalog: &Catalog,
    options: &ReadOptions,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Trace> {
    read_with(Faults::new(options.listed_faults), name, reader, catalog, options, sources, diagnostics)
}

fn read_with(
    mut faults: Faults,
    name: &str,
    reader: impl Read,
    catalog: &Catalog,
    options: &ReadOptions,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Trace> {
    let text = Text::new(reader).map_err(|fault| fault.report(name, diagnostics)).ok()?;
    faults.no_character = text.encoding().no_character();
    let is_gzip = text.is_gzip;
    let blocks = Blocks::new(text.reader, blocks::behind_the_last_row);
    let trace = trace(blocks, catalog, options, &mut faults).unwrap_or_else(|fault| {
        report_unread(name, fault, is_gzip, diagnostics);
        None
    });
    let is_usable = faults.report(name, sources, diagnostics);
    trace.filter(|_| is_usable)
}

fn report_unread(name: &str, fault: BlockFault, is_gzip: bool, diagnostics: &mut Diagnostics) {
    match fault {
        BlockFault::Io(error) => ReadFault::new(error, is_gzip).report(name, diagnostics),
        BlockFault::Endless(line) => diagnostics.add(
            Code::UnreadableFile,
            Place::Path(name.to_owned()),
            format!("what starts on line {line} does not end within 64 MiB"),
            "is this a trace, and is a quote never closed?",
        ),
    }
}

fn trace<R: Read>(
    mut blocks: Blocks<R>,
    catalog: &Catalog,
    options: &ReadOptions,
    faults: &mut Faults,
) -> Result<Option<Trace>, BlockFault> {
    let head = blocks.peek()?;
    let head = head.get(cell::record_start(head, 0)..).unwrap_or_default().trim_ascii_start();
    if head.starts_with(b"{") || head.starts_with(b"[") || is_notice(head) {
        blocks.cut_by(blocks::behind_the_last_line);
        of_lines(blocks, catalog, options, faults)
    } else {
        of_rows(blocks, catalog, options, faults)
    }
}

fn is_notice(head: &[u8]) -> bool {
    head.strip_prefix(b"\"").unwrap_or(head).starts_with(invocation::NOTICE.as_bytes())
}

fn of_rows<R: Read>(
    mut blocks: Blocks<R>,
    catalog: &Catalog,
    options: &ReadOptions,
    faults: &mut Faults,
) -> Result<Option<Trace>, BlockFault> {
    let mut table: Option<Table<'_>> = None;
    while let Some(block) = blocks.next()? {
        let from = if table.is_some() { 0 } else { first_record(block.text) };
        let from = match &mut table {
            Some(_) => from,
            // Comments and blank lines alone.
            None if from >= block.text.len() => continue,
            None => {
                let given = (options.delimiter, options.model_given);
                let Some(header) = Header::read(&block, from, given, faults) else {
                    report_invalid(&block, faults);
                    return Ok(None);
                };
                if !header.format.names_models() && !options.model_given {
                    no_model(header.format, faults);
                }
                let body = header.body;
                // Where the column is missing that has been said once.
                let given = options.model_given || header.index(Role::Model).is_none();
                let targets = Targets::new(catalog, &options.aliases, given, Scopes::Written);
                table = Some(Table::new(header, targets));
                body
            }
        };
        report_invalid(&block, faults);
        if let Some(table) = &mut table {
            table.block(&block, from, faults);
        }
    }
    let Some(table) = table else {
        faults.whole(Code::EmptyFile, "the file has no header", EXAMPLE);
        return Ok(None);
    };
    Ok(some_requests(table.builder.finish(), "the file has a header and no rows", faults))
}

fn of_lines<R: Read>(
    mut blocks: Blocks<R>,
    catalog: &Catalog,
    options: &ReadOptions,
    faults: &mut Faults,
) -> Result<Option<Trace>, BlockFault> {
    enum Reader<'a> {
        Mooncake(Box<Mooncake>),
        Log(Box<Log<'a>>),
    }
    let mut reader: Option<Reader<'_>> = None;
    while let Some(block) = blocks.next()? {
        let mut from = 0;
        if reader.is_none() {
            from = cell::record_start(block.text.as_bytes(), 0);
            match told_by_keys(&block, from) {
                Some(Format::Mooncake) => {
                    if !options.model_given {
                        no_model(Format::Mooncake, faults);
                    }
                    reader = Some(Reader::Mooncake(Box::new(Mooncake::new())));
                }
                Some(_) => {
                    faults.shows_text = false;
                    let given = options.model_given;
                    let targets = Targets::new(catalog, &options.aliases, given, Scopes::Called);
                    reader = Some(Reader::Log(Box::new(Log::new(targets, given))));
                }
                None => {
                    // What it holds may be anybody's text.
                    faults.shows_text = false;
                    let first = lines::lines(&block, from).next().map_or(0..0, |line| line.first(0));
                    let message = if block.text[first.start..].starts_with('[') {
                        "a JSON array, where a trace in JSON has one object a line"
                    } else {
                        "this JSON is not a known trace format"
                    };
                    let help =
                        "a Mooncake trace has `input_length`, a Bedrock model-invocation log `modelId`";
                    faults.at(&block, first, Code::BadValue, || (message.to_owned(), help.to_owned()));
                    return Ok(None);
                }
            }
        }
        report_invalid(&block, faults);
        match &mut reader {
            Some(Reader::Mooncake(reader)) => reader.block(&block, from, faults),
            Some(Reader::Log(reader)) => reader.block(&block, from, faults),
            None => {}
        }
    }
    let trace = match reader {
        Some(Reader::Mooncake(reader)) => {
            let life = options.cache_life.as_micros();
            reader.finish(i64::try_from(life).unwrap_or(i64::MAX))
        }
        Some(Reader::Log(reader)) => reader.finish(),
        None => return Ok(None),
    };
    Ok(some_requests(trace, "the file has no request", faults))
}

/// The format of JSON lines, by the keys in the first of them.
fn told_by_keys(block: &Block<'_>, from: usize) -> Option<Format> {
    lines::lines(block, from).take(TELLING_LINES).find_map(|line| {
        let has = |key: &str| memchr::memmem::find(line.text.as_bytes(), key.as_bytes()).is_some();
        let is_log = has("\"modelId\"") || has("\"ModelInvocationLog\"") || is_notice(line.text.as_bytes());
        match () {
            () if line.text.starts_with('[') => None,
            () if is_log => Some(Format::InvocationLog),
            () if has("\"input_length\"") || has("\"hash_ids\"") => Some(Format::Mooncake),
            () => None,
        }
    })
}

/// The first record of a CSV: comments, and lines of blanks, are passed over.
fn first_record(text: &str) -> usize {
    let mut start = cell::record_start(text.as_bytes(), 0);
    while text[start..].starts_with([' ', '\t']) {
        let line = text[start..].find('\n').map_or(text.len(), |length| start + length);
        if !text[start..line].trim().is_empty() {
            break;
        }
        start = cell::record_start(text.as_bytes(), line);
    }
    start
}

fn report_invalid(block: &Block<'_>, faults: &mut Faults) {
    let what = faults.no_character;
    for at in &block.invalid {
        faults.at(block, at.clone(), Code::InvalidUtf8, || {
            (what.to_owned(), "save the file as UTF-8".to_owned())
        });
    }
}

fn no_model(format: Format, faults: &mut Faults) {
    let message = format!("a trace of this kind ({}) names no model", format.as_str());
    faults.whole(Code::MissingValue, message, "name model and scope with --model and --scope");
}

fn some_requests(trace: Trace, otherwise: &str, faults: &mut Faults) -> Option<Trace> {
    if trace.is_empty() && !faults.has_errors() {
        let counts = trace.counts();
        let left_out = counts.failed + counts.unmetered;
        let help = match left_out {
            0 => "a trace has one request a row".to_owned(),
            1 => "1 record was left out: it failed, or has no count of tokens".to_owned(),
            _ => format!("{left_out} records were left out: they failed, or have no count of tokens"),
        };
        faults.whole(Code::NoRows, otherwise, help);
    }
    Some(trace)
}
