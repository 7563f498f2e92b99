//! Mooncake's traces and Qwen-Bailian's: prompts as blocks of tokens, of which those seen shortly before are cached.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::clock::Clock;
use super::faults::Faults;
use super::lines::{self, Line};
use super::packed_numbers::{self, Column};
use super::prefix::{Cache, EMPTY, Prefix, Prefixes};
use super::{Builder, Format, OutputLimit, Request, Target, TargetIndex, Trace};
use crate::stream::blocks::Block;
use crate::text::Code;
use crate::text::instant::{self, Unit};

/// Tokens in a block of a Mooncake trace (the dataset's own description, FAST '25).
pub const BLOCK_TOKENS: u64 = 512;

/// Tokens in a block of a Qwen-Bailian trace, whose times count seconds (README of
/// alibaba-edu/qwen-bailian-usagetraces-anon, 2026-11).
const QWEN_BLOCK_TOKENS: u64 = 16;

const HELP: &str =
    "a line is {\"timestamp\": 0, \"input_length\": 6755, \"output_length\": 500, \"hash_ids\": [0, 1]}";

#[derive(Deserialize)]
struct Written<'l> {
    #[serde(borrow)]
    timestamp: Option<&'l RawValue>,
    #[serde(borrow)]
    input_length: Option<&'l RawValue>,
    #[serde(borrow)]
    output_length: Option<&'l RawValue>,
    #[serde(borrow)]
    hash_ids: Option<&'l RawValue>,
}

/// Reads lines, block by block.
///
/// The cache depends on the order of arrival, so it is looked at when all lines are there.
pub(super) struct Mooncake {
    builder: Builder,
    target: TargetIndex,
    block_tokens: u64,
    /// What its times count, unless the whole of them shows another unit.
    unit: Unit,
    clock: Clock,
    prefixes: Prefixes,
    /// The full blocks of each request.
    prompts: Vec<Prefix>,
    ids: Vec<u64>,
}

/// What is wrong with a line: where, which code, and in which words.
type LineFault = (std::ops::Range<usize>, Code, String, String);

impl Mooncake {
    pub(super) fn new(format: Format) -> Self {
        let mut builder = Builder::new(format);
        let (block_tokens, unit) = match format {
            Format::QwenBailian => (QWEN_BLOCK_TOKENS, Unit::Seconds),
            _ => (BLOCK_TOKENS, Unit::Milliseconds),
        };
        let target = builder.target(Target::default());
        let prefixes = Prefixes::default();
        let clock = Clock::new(unit);
        Self { builder, target, block_tokens, unit, clock, prefixes, prompts: Vec::new(), ids: Vec::new() }
    }

    pub(super) fn block(&mut self, block: &Block<'_>, from: usize, faults: &mut Faults) {
        for line in lines::lines(block, from) {
            match self.line(&line) {
                Ok((request, prompt, other)) if !faults.has_errors() => {
                    self.clock.push(other);
                    self.builder.push(request);
                    self.prompts.push(prompt);
                }
                Ok(_) => {}
                Err((at, code, message, help)) => faults.at(block, at, code, || (message, help)),
            }
        }
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(Request, Prefix, Option<i64>), LineFault> {
        let written: Written<'_> =
            line.object().map_err(|(words, at)| (at, Code::BadValue, words, HELP.to_owned()))?;
        let there = |key: &str, value: Option<&'_ RawValue>| {
            let missing =
                || (line.first(0), Code::MissingValue, format!("`{key}` is missing"), HELP.to_owned());
            value.map(|_| ()).ok_or_else(missing)
        };
        there("timestamp", written.timestamp)?;
        there("input_length", written.input_length)?;
        there("output_length", written.output_length)?;
        let bad = |key: &str, value: &RawValue, (reason, remedy): (&str, &str)| {
            let written: String = value.get().chars().take(80).collect();
            (line.place(value), Code::BadNumber, format!("`{key}` {reason}: `{written}`"), remedy.to_owned())
        };
        let number = |key: &str, value: Option<&RawValue>| match value {
            Some(value) => {
                lines::count(value).map_err(|fault| bad(key, value, (fault.reason(), fault.remedy())))
            }
            None => Ok(0),
        };
        let arrival_microseconds = match written.timestamp {
            Some(value) => {
                let words = |fault| (instant::reason(fault), instant::remedy(fault));
                instant::offset(value.get(), self.unit)
                    .map_err(|fault| bad("timestamp", value, words(fault)))?
            }
            None => 0,
        };
        let input_tokens = number("input_length", written.input_length)?;
        let output_tokens = number("output_length", written.output_length)?;
        let other = written.timestamp.and_then(|value| self.clock.other(value.get()));
        let prompt = self.prompt(line, input_tokens, written.hash_ids)?;
        let request = Request {
            arrival_microseconds,
            input_tokens,
            output_tokens,
            cache_read_tokens: 0,
            cache_write_tokens: 0,
            max_tokens: OutputLimit::Unknown,
            latency_microseconds: None,
            target: self.target,
        };
        Ok((request, prompt, other))
    }

    /// The full blocks of a prompt. The last id may stand for a block that is not full, which is neither
    /// read from the cache nor written to it.
    fn prompt(&mut self, line: &Line<'_>, input: u64, ids: Option<&RawValue>) -> Result<Prefix, LineFault> {
        let Some(ids) = ids else {
            self.builder.trace.counts.without_blocks += 1;
            return Ok(EMPTY);
        };
        let fault = |message: String, help: &str| (line.place(ids), Code::BadValue, message, help.to_owned());
        self.ids = serde_json::from_str(ids.get())
            .map_err(|_| fault("`hash_ids` is not a list of whole numbers".to_owned(), HELP))?;
        let (found, most) = (self.ids.len() as u64, input.div_ceil(self.block_tokens));
        if found > most {
            let message = format!(
                "{found} `hash_ids` for {input} tokens, which are {most} blocks of {}",
                self.block_tokens
            );
            return Err(fault(message, "blocks of another size are not read"));
        }
        let full = usize::try_from(input / self.block_tokens).unwrap_or(usize::MAX);
        let mut prompt = EMPTY;
        for id in self.ids.iter().take(full) {
            let Some(longer) = self.prefixes.with(prompt, *id) else {
                let help = "cut the trace into parts";
                return Err(fault("more than 4,294,967,295 different prefixes".to_owned(), help));
            };
            prompt = longer;
        }
        Ok(prompt)
    }

    /// The trace, with what is read from and written to a cache in which a prefix lives so long.
    ///
    /// A hit renews the life, as AWS has it (user guide, prompt-caching, 2026-10). Assumed: every full
    /// block is a checkpoint, and a prefix is there from the arrival of the request that writes it.
    pub(super) fn finish(mut self, life_microseconds: i64, faults: &mut Faults) -> Trace {
        self.prefixes.close();
        self.clock.settle(&mut self.builder.trace.arrivals, faults);
        if let Some(order) = self.builder.sort() {
            packed_numbers::reorder(&mut self.prompts, &order);
        }
        let trace = &mut self.builder.trace;
        let mut cache = Cache::new(&self.prefixes, life_microseconds);
        let mut columns = [Column::default(), Column::default(), Column::default()];
        for (index, (at, prompt)) in trace.arrivals.iter().zip(&self.prompts).enumerate() {
            let (read, written) = cache.request(*at, *prompt);
            let (read, written) = (read * self.block_tokens, written * self.block_tokens);
            let rest = trace.input.get(index).saturating_sub(read + written);
            for (column, value) in columns.iter_mut().zip([rest, read, written]) {
                column.push(value);
            }
        }
        [trace.input, trace.cache_read, trace.cache_write] = columns;
        self.builder.finish()
    }
}
