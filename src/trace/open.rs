//! From the bytes of a file to requests: its format is detected, and its reader does the rest.

use std::io::Read;

use super::Format;
use super::detect::{format_by_keys, log_header};
use super::faults::Faults;
use super::header::{Header, Role};
use super::invocation::{Log, LogTable};
use super::joined::Joined;
use super::lines;
use super::mooncake::Mooncake;
use super::table::Table;
use super::targets::Scopes;
use crate::logs;
use crate::stream::blocks::{self, Block, BlockFault, Blocks};
use crate::stream::{ReadFault, Text, report_binary};
use crate::text::table::{head, record_start};
use crate::text::{Code, Diagnostics, Place};

const EXAMPLE: &str = "the columns of a trace are timestamp,model,scope,input_tokens,output_tokens";

/// How much of a file there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileRead {
    /// Its requests are taken in, or its faults are listed.
    Whole,
    /// It holds nothing, and was found in a folder.
    Empty,
}

/// Reads a file, by its name and whether it was found in a folder, into a trace; `None`, reported, where it cannot be
/// read to its end.
pub(super) fn read_file(
    (name, is_found): (&str, bool),
    reader: impl Read,
    joined: &mut Joined<'_>,
    faults: &mut Faults,
    diagnostics: &mut Diagnostics,
) -> Option<FileRead> {
    let text = Text::new(reader).map_err(|fault| fault.report(name, diagnostics)).ok()?;
    faults.no_character = text.encoding().no_character();
    let is_gzip = text.is_gzip;
    let blocks = Blocks::new(text.reader, blocks::behind_the_last_row);
    let read = of_blocks(blocks, (name, is_found), joined, faults);
    read.map_err(|fault| report_unread(name, fault, is_gzip, diagnostics)).ok()
}

fn report_unread(name: &str, fault: BlockFault, is_gzip: bool, diagnostics: &mut Diagnostics) {
    match fault {
        BlockFault::Io(error) => ReadFault::new(error, is_gzip).report(name, diagnostics),
        BlockFault::Binary => report_binary(name, diagnostics),
        BlockFault::Endless(line) => diagnostics.add(
            Code::UnreadableFile,
            Place::Path(name.to_owned()),
            format!("the record that starts on line {line} is longer than 16 MiB"),
            "check that this is a trace and that every quote is closed",
        ),
    }
}

fn of_blocks<R: Read>(
    mut blocks: Blocks<R>,
    (name, is_found): (&str, bool),
    joined: &mut Joined<'_>,
    faults: &mut Faults,
) -> Result<FileRead, BlockFault> {
    let head = blocks.peek()?;
    if is_found && head.is_empty() {
        return Ok(FileRead::Empty);
    }
    let head = head.get(record_start(head, 0)..).unwrap_or_default().trim_ascii_start();
    if logs::is_scanned(head) {
        let format = format_by_keys(head);
        let is_log = format == Some(Format::InvocationLog);
        blocks.cut_by(if is_log { blocks::anywhere } else { blocks::behind_the_last_line });
        of_lines(blocks, format, name, joined, faults)?;
    } else {
        of_rows(blocks, name, joined, faults)?;
    }
    Ok(FileRead::Whole)
}

fn of_rows<R: Read>(
    mut blocks: Blocks<R>,
    name: &str,
    joined: &mut Joined<'_>,
    faults: &mut Faults,
) -> Result<(), BlockFault> {
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
    let options = joined.options;
    let mut table: Option<Reader<'_>> = None;
    let mut delimiter = options.delimiter;
    while let Some(block) = blocks.next_block()? {
        let from = match &mut table {
            Some(_) => 0,
            None => {
                let start = match head::start(block.text, delimiter) {
                    Ok(start) => start,
                    Err(fault) => {
                        faults.at(&block, fault.at, fault.code, || (fault.message, fault.help));
                        return Ok(());
                    }
                };
                // Comments, blank lines and a line `sep=` alone.
                if start.at >= block.text.len() {
                    delimiter = start.delimiter;
                    continue;
                }
                if let Some((delimiter, names, body)) = log_header(block.text, start) {
                    faults.shows_text = false;
                    let format = Format::InvocationLog;
                    if !joined.admits(format, name, faults) {
                        return Ok(());
                    }
                    let given = options.model_given;
                    let log = Log::new(joined.lend(format, Scopes::Called, given), joined.options);
                    report_invalid(&block, faults);
                    let log = table.insert(Reader::Log(Box::new(LogTable::new(log, delimiter, names))));
                    log.block(&block, body, faults);
                    continue;
                }
                let Some(header) = Header::read(&block, start, options.model_given, faults) else {
                    report_invalid(&block, faults);
                    return Ok(());
                };
                if !joined.admits(header.format, name, faults) {
                    return Ok(());
                }
                if !header.format.names_models() {
                    joined.wants_model(header.format, faults);
                }
                let body = header.body;
                // Where the column is missing that has been said once.
                let given = options.model_given || header.index(Role::Model).is_none();
                let lent = joined.lend(header.format, Scopes::Written, given);
                table = Some(Reader::Trace(Box::new(Table::new(header, lent))));
                body
            }
        };
        report_invalid(&block, faults);
        if let Some(table) = &mut table {
            table.block(&block, from, faults);
        }
    }
    let without_requests = "the file has a header and no rows";
    match table {
        None => faults.whole(Code::EmptyFile, "the file has no header", EXAMPLE),
        Some(Reader::Trace(table)) => {
            let counts_seconds = table.counts_seconds;
            joined.take_back(table.into_lent(), name, counts_seconds, without_requests);
        }
        Some(Reader::Log(table)) => joined.take_back(table.log.into_lent(), name, false, without_requests),
    }
    Ok(())
}

fn of_lines<R: Read>(
    mut blocks: Blocks<R>,
    format: Option<Format>,
    name: &str,
    joined: &mut Joined<'_>,
    faults: &mut Faults,
) -> Result<(), BlockFault> {
    enum Reader<'a> {
        Mooncake(Box<Mooncake>),
        Log(Box<Log<'a>>),
    }
    let mut reader: Option<Reader<'_>> = None;
    while let Some(block) = blocks.next_block()? {
        let mut from = 0;
        if reader.is_none() {
            from = record_start(block.text.as_bytes(), 0);
            let Some(format) = format else {
                // What it holds may be anybody's text.
                faults.shows_text = false;
                let first = lines::lines(&block, from).next().map_or(0..0, |line| line.first(0));
                faults.at(&block, first, Code::BadValue, || {
                    let help =
                        "a Mooncake trace has `input_length`, a Bedrock model-invocation log `modelId`";
                    ("this JSON is not a known trace format".to_owned(), help.to_owned())
                });
                return Ok(());
            };
            faults.shows_text &= format.has_blocks();
            if !joined.admits(format, name, faults) {
                return Ok(());
            }
            reader = Some(if format.has_blocks() {
                joined.wants_model(format, faults);
                Reader::Mooncake(Box::new(Mooncake::new(format)))
            } else {
                let given = joined.options.model_given;
                Reader::Log(Box::new(Log::new(joined.lend(format, Scopes::Called, given), joined.options)))
            });
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
    match reader {
        Some(Reader::Mooncake(reader)) => {
            let life = joined.options.cache_life.as_micros();
            let trace = reader.finish(i64::try_from(life).unwrap_or(i64::MAX), faults);
            joined.take_whole(trace, name);
        }
        Some(Reader::Log(reader)) => {
            joined.take_back(reader.into_lent(), name, false, "the file has no request");
        }
        None => {}
    }
    Ok(())
}

fn report_invalid(block: &Block<'_>, faults: &mut Faults) {
    let what = faults.no_character;
    for at in &block.invalid {
        faults.at(block, at.clone(), Code::InvalidUtf8, || {
            (what.to_owned(), "save the file as UTF-8".to_owned())
        });
    }
}
