//! From a file to a trace: which format it has, detected from the content alone.

use std::io::Read;
use std::path::Path;

use super::blocks::{self, Block, BlockFault, Blocks};
use super::clock;
use super::faults::Faults;
use super::header::{Header, Role};
use super::invocation::{Log, LogTable};
use super::lines;
use super::mooncake::Mooncake;
use super::table::Table;
use super::targets::{Scopes, Targets};
use super::{Format, LeftOutReason, ReadOptions, Trace, left_out_words};
use crate::catalog::{Catalog, REGION};
use crate::logs;
use crate::stream::{Input, ReadFault, Text, is_by_link, report_binary};
use crate::text::{Code, Diagnostics, Place, Sources};
use crate::units::grouped;
use crate::workload::{cell, sniff_delimiter};

/// First lines of a file of JSON lines by which its format is told.
const TELLING_LINES: usize = 20;

/// Keys, and a notice, by which a log is known, also within the text of a message.
const LOG_KEYS: [&str; 9] = [
    "modelId",
    "modelid",
    "ModelInvocationLog",
    "inputTokenCount",
    "inputBodyJson",
    "inputBodyS3Path",
    "outputBodyJson",
    logs::NOTICE,
    // Gzip in base64, as subscriptions deliver it.
    "H4sI",
];

const MOONCAKE_KEYS: [&str; 2] = ["\"input_length\"", "\"hash_ids\""];

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
        BlockFault::Binary => report_binary(name, diagnostics),
        BlockFault::Endless(line) => diagnostics.add(
            Code::UnreadableFile,
            Place::Path(name.to_owned()),
            format!("what starts on line {line} does not end within 16 MiB"),
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
    if logs::is_scanned(head) {
        let format = format_by_keys(head);
        let is_log = format == Some(Format::InvocationLog);
        blocks.cut_by(if is_log { blocks::anywhere } else { blocks::behind_the_last_line });
        of_lines(blocks, format, (catalog, options), faults)
    } else {
        of_rows(blocks, catalog, options, faults)
    }
}

fn of_rows<R: Read>(
    mut blocks: Blocks<R>,
    catalog: &Catalog,
    options: &ReadOptions,
    faults: &mut Faults,
) -> Result<Option<Trace>, BlockFault> {
    enum Reader<'a> {
        Trace(Box<Table<'a>>),
        Log(Box<LogTable<'a>>),
    }
    impl Reader<'_> {
        fn block(&mut self, block: &Block<'_>, from: usize, faults: &mut Faults) {
            match self {
                Self::Trace(table) => table.block(block, from, faults),
                Self::Log(table) => table.block(block, from, faults),
            }
        }
    }
    let mut table: Option<Reader<'_>> = None;
    while let Some(block) = blocks.next()? {
        let from = if table.is_some() { 0 } else { first_record(block.text) };
        let from = match &mut table {
            Some(_) => from,
            // Comments and blank lines alone.
            None if from >= block.text.len() => continue,
            None => {
                if let Some((delimiter, names, body)) = log_header(block.text, from, options) {
                    faults.shows_text = false;
                    let given = options.model_given;
                    let targets = Targets::new(catalog, &options.aliases, given, Scopes::Called);
                    let log = LogTable::new(Log::new(targets, options), delimiter, names);
                    report_invalid(&block, faults);
                    let log = table.insert(Reader::Log(Box::new(log)));
                    log.block(&block, body, faults);
                    continue;
                }
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
                table = Some(Reader::Trace(Box::new(Table::new(header, targets))));
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
    let trace = match table {
        Reader::Trace(table) => {
            let counts_seconds = table.counts_seconds;
            let trace = table.builder.finish();
            if counts_seconds {
                clock::judge_seconds(trace.arrivals_microseconds(), faults);
            }
            trace
        }
        Reader::Log(table) => table.log.finish(),
    };
    Ok(some_requests(trace, "the file has a header and no rows", options, faults))
}

fn of_lines<R: Read>(
    mut blocks: Blocks<R>,
    format: Option<Format>,
    (catalog, options): (&Catalog, &ReadOptions),
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
            match format {
                Some(format) if format.has_blocks() => {
                    if !options.model_given {
                        no_model(format, faults);
                    }
                    reader = Some(Reader::Mooncake(Box::new(Mooncake::new(format))));
                }
                Some(_) => {
                    faults.shows_text = false;
                    let given = options.model_given;
                    let targets = Targets::new(catalog, &options.aliases, given, Scopes::Called);
                    reader = Some(Reader::Log(Box::new(Log::new(targets, options))));
                }
                None => {
                    // What it holds may be anybody's text.
                    faults.shows_text = false;
                    let first = lines::lines(&block, from).next().map_or(0..0, |line| line.first(0));
                    faults.at(&block, first, Code::BadValue, || {
                        let help =
                            "a Mooncake trace has `input_length`, a Bedrock model-invocation log `modelId`";
                        ("this JSON is not a known trace format".to_owned(), help.to_owned())
                    });
                    return Ok(None);
                }
            }
        }
        report_invalid(&block, faults);
        match &mut reader {
            Some(Reader::Mooncake(reader)) => reader.block(&block, from, faults),
            Some(Reader::Log(reader)) => {
                let read = reader.block(&block, from, faults);
                if read < block.text.len() {
                    blocks.keep_behind(read)?;
                }
            }
            None => {}
        }
    }
    let trace = match reader {
        Some(Reader::Mooncake(reader)) => {
            let life = options.cache_life.as_micros();
            reader.finish(i64::try_from(life).unwrap_or(i64::MAX), faults)
        }
        Some(Reader::Log(reader)) => reader.finish(),
        None => return Ok(None),
    };
    Ok(some_requests(trace, "the file has no request", options, faults))
}

/// Whether a text is an invocation log, in any form in which people hold one, and not answers that were saved.
#[must_use]
pub fn is_log(text: &str) -> bool {
    let from = first_record(text);
    let head = text.get(from..).unwrap_or_default().trim_start();
    if head.starts_with(['{', '[']) {
        return logs::holds_records(head);
    }
    if logs::is_scanned(head.as_bytes()) {
        return format_by_keys(head.as_bytes()) == Some(Format::InvocationLog);
    }
    log_header(text, from, &ReadOptions::default()).is_some()
}

/// The format of a file of JSON, from the keys at its start.
fn format_by_keys(head: &[u8]) -> Option<Format> {
    let has = |text: &[u8], keys: &[&str]| {
        keys.iter().any(|key| memchr::memmem::find(text, key.as_bytes()).is_some())
    };
    let mut lines = head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let of_line = lines.by_ref().take(TELLING_LINES).find_map(|line| {
        let is_mooncake = line.trim_ascii().starts_with(b"{") && has(line, &MOONCAKE_KEYS);
        match () {
            () if has(line, &LOG_KEYS) => Some(Format::InvocationLog),
            () if is_mooncake && has(line, &["\"chat_id\""]) => Some(Format::QwenBailian),
            () if is_mooncake => Some(Format::Mooncake),
            () => None,
        }
    });
    of_line.or_else(|| {
        let is_log = has(head, &LOG_KEYS) || logs::is_wrapped(head);
        is_log.then_some(Format::InvocationLog)
    })
}

/// The columns of a log that a query has put into a table: the delimiter, their names, and where the rows start.
fn log_header(text: &str, from: usize, options: &ReadOptions) -> Option<(u8, Vec<String>, usize)> {
    let delimiter = options.delimiter.unwrap_or_else(|| sniff_delimiter(&text[from..]));
    let fields = cell::fields(text, from, delimiter);
    let body = fields.last().map_or(text.len(), |field| field.end);
    let places = fields.into_iter().map(|field| cell::trimmed_range(text, field));
    let names: Vec<String> = places.map(|place| text[place].trim().to_owned()).collect();
    let is_log = logs::is_log(&names.iter().map(String::as_str).collect::<Vec<_>>());
    is_log.then_some((delimiter, names, body))
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

fn some_requests(trace: Trace, otherwise: &str, options: &ReadOptions, faults: &mut Faults) -> Option<Trace> {
    let left_out = trace.left_out();
    // Another file may hold the calls that are looked for.
    let may_be_empty = options.only.is_some() && !left_out.is_empty();
    if trace.is_empty() && !may_be_empty && !faults.has_errors() {
        let counts = trace.counts();
        let only_elsewhere = left_out.iter().all(|left_out| left_out.reason == LeftOutReason::OtherRegion);
        if left_out.is_empty() {
            faults.whole(Code::NoRows, otherwise, "a trace has one request a row");
        } else if only_elsewhere {
            let message = format!("every call was made from another Region than {REGION}");
            let help =
                "its quotas are those of its Region; --model and --scope replay it as a call from here";
            faults.whole(Code::OtherRegion, message, help);
        } else {
            let help = format!(
                "all of its records ({}) are left out: {}",
                grouped(counts.records.into()),
                left_out_words(left_out).join("; ")
            );
            faults.whole(Code::NoRows, "no record of the file can be replayed", help);
        }
    }
    Some(trace)
}
