//! Records in JSON text, whatever stands around them: lines, arrays, the answers of the AWS CLI, the payloads of
//! a subscription, and lines that start with a time.
//!
//! The text may come in parts: what is not whole yet is asked for again with more behind it.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::NOTICE;
use super::detect::{INNER, LISTS, PACKED, PREFIX, WRAPPERS, is_dated, record_in};
use super::fields::{self, Fields};
use super::open::{Ended, OpenAnswer};
use super::packed;
use super::record::{self, Entry, RecordFault, Written};
use crate::text::Code;

/// Payloads within payloads that are unpacked.
const DEEPEST: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

/// Where in a text of JSON one is.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    within: Vec<Container>,
    /// Whether the rest of a line is passed over.
    skips_line: bool,
    /// Whether the structure was lost, so that nothing else can be read.
    is_lost: bool,
    /// What a payload held that has been unpacked, with the offset of the payload.
    unpacked: VecDeque<(usize, Result<Entry<'static>, RecordFault>)>,
    /// How many payloads it is within.
    depth: usize,
    /// What the answer that it is in says of being whole.
    open: OpenAnswer,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step<'t> {
    /// A record, or what stands in its place, at an offset of the text; the places in it count from there.
    Entry { start: usize, read: Result<Entry<'t>, RecordFault> },
    /// What comes next is not whole.
    More,
    /// Nothing.
    End,
}

/// A field of a row of `get-query-results`.
#[derive(Deserialize)]
struct QueryField<'l> {
    #[serde(borrow)]
    field: Cow<'l, str>,
    #[serde(borrow)]
    value: Option<&'l RawValue>,
}

impl Scanner {
    /// A scanner of what a payload holds.
    fn within(depth: usize) -> Self {
        Self { depth, ..Self::default() }
    }

    /// Takes in what a payload at an offset holds; `length` is that of its text with the quotes.
    fn unpack(&mut self, text: &str, start: usize, length: usize) {
        let entries = packed_entries(text, &(0..length), self.depth);
        self.unpacked.extend(entries.into_iter().map(|read| (start, read)));
    }

    /// The next record from an offset on, which is moved behind it; `ended` where the text is the last part.
    pub(crate) fn next<'t>(&mut self, text: &'t str, at: &mut usize, ended: bool) -> Step<'t> {
        loop {
            if let Some((start, read)) = self.unpacked.pop_front() {
                return Step::Entry { start, read };
            }
            if self.is_lost {
                *at = text.len();
                return Step::End;
            }
            if self.skips_line {
                let rest = text.as_bytes().get(*at..).unwrap_or_default();
                let Some(end) = memchr::memchr(b'\n', rest) else {
                    *at = text.len();
                    return Step::End;
                };
                *at += end + 1;
                self.skips_line = false;
            }
            let rest = text.get(*at..).unwrap_or_default();
            let is_gap = |c: char| c.is_whitespace() || (c == ',' && !self.within.is_empty());
            *at += rest.len() - rest.trim_start_matches(is_gap).len();
            let rest = text.get(*at..).unwrap_or_default();
            let step = match rest.as_bytes().first() {
                None => {
                    if ended && !self.within.is_empty() {
                        self.is_lost = true;
                        let words = "the JSON ends before it is complete";
                        return fault(*at, RecordFault::new(0..0, Code::BadValue, words));
                    }
                    return Step::End;
                }
                Some(b'{') => self.object(rest, at, ended),
                Some(b'[') => self.array(rest, at, ended),
                Some(b']') if self.within.last() == Some(&Container::Array) => self.leave(at),
                Some(b'}') if self.within.last() == Some(&Container::Object) => self.leave(at),
                Some(b'"') if self.within.last() == Some(&Container::Object) => self.key(rest, at, ended),
                Some(_) if self.within.is_empty() => self.line(rest, at, ended),
                Some(b'"') => self.string(rest, at, ended),
                Some(_) => self.other(rest, at, ended),
            };
            if let Some(step) = step {
                return step;
            }
        }
    }

    fn leave(&mut self, at: &mut usize) -> Option<Step<'static>> {
        let is_outermost = self.within.last() == Some(&Container::Object) && self.objects() == 1;
        self.within.pop();
        let start = std::mem::replace(at, *at + 1);
        if !is_outermost {
            return None;
        }
        match self.open.end() {
            Ended::Whole => None,
            Ended::NoRecord => Some(Step::Entry { start, read: Ok(Entry::NoRecord) }),
            Ended::Incomplete(words) => Some(fault(start, incomplete(words))),
        }
    }

    /// How many objects it is within.
    fn objects(&self) -> usize {
        self.within.iter().filter(|container| **container == Container::Object).count()
    }

    fn object<'t>(&mut self, rest: &'t str, at: &mut usize, ended: bool) -> Option<Step<'t>> {
        let inner = rest.get(1..).unwrap_or_default().trim_start();
        let key = inner.strip_prefix('"').and_then(|inner| inner.split_once('"'));
        let is_wrapper = match key {
            Some((key, _)) => WRAPPERS.contains(&key),
            None if !ended && (inner.is_empty() || inner.starts_with('"')) => return Some(Step::More),
            None => false,
        };
        if is_wrapper {
            self.within.push(Container::Object);
            *at += 1;
            return None;
        }
        let start = *at;
        let mut read = serde_json::Deserializer::from_str(rest).into_iter::<Written<'t>>();
        let read = match read.next() {
            Some(Ok(written)) => {
                let end = read.byte_offset();
                *at += end;
                let own = rest.get(..end).unwrap_or_default();
                let read = record::of_written(written, own);
                // An event whose message is a payload is a notice for whoever does not unpack it.
                if matches!(read, Ok(Entry::NoRecord))
                    && let Some(payload) = packed::message(own)
                {
                    self.unpack(&payload, start, end);
                    return None;
                }
                read
            }
            Some(Err(error)) if error.is_data() => match length::<IgnoredAny>(rest) {
                Ok(end) => {
                    *at += end;
                    record::of_other(rest.get(..end).unwrap_or_default(), &error)
                }
                Err(error) => return Some(self.broken(rest, at, ended, &error)),
            },
            Some(Err(error)) => return Some(self.broken(rest, at, ended, &error)),
            None => return Some(Step::More),
        };
        Some(Step::Entry { start, read })
    }

    fn array<'t>(&mut self, rest: &'t str, at: &mut usize, ended: bool) -> Option<Step<'t>> {
        // A row of a query's result is a list of its fields.
        let inner = rest.get(1..).unwrap_or_default().trim_start();
        let object = inner.strip_prefix('{').map(str::trim_start);
        let is_short = |text: &str| !ended && text.len() < 8 && !text.contains(':');
        if object.map_or(inner.is_empty() && !ended, is_short) {
            return Some(Step::More);
        }
        if !object.is_some_and(|object| object.starts_with("\"field\"") || object.starts_with("\"value\"")) {
            self.within.push(Container::Array);
            *at += 1;
            return None;
        }
        let start = *at;
        let mut row = serde_json::Deserializer::from_str(rest).into_iter::<Vec<QueryField<'t>>>();
        let row = match row.next() {
            Some(Ok(fields)) => {
                *at += row.byte_offset();
                fields
            }
            Some(Err(error)) if error.is_data() => {
                self.is_lost = true;
                let words = "a row of a query's result contains something other than fields with values";
                return Some(fault(start, RecordFault::new(0..1, Code::BadValue, words)));
            }
            Some(Err(error)) => return Some(self.broken(rest, at, ended, &error)),
            None => return Some(Step::More),
        };
        let mut fields = Fields::default();
        for QueryField { field, value } in row {
            let Some(value) = value else { continue };
            let place = fields::place(rest, value.get());
            let text = fields::unquoted(value.get()).unwrap_or(Cow::Borrowed(value.get()));
            fields.put_cell(&field, text, place);
        }
        self.open.rows += 1;
        Some(Step::Entry { start, read: record::read_fields(&fields, 0..1) })
    }

    /// A key of an object that holds records, with its value; a list of records is gone into.
    fn key<'t>(&mut self, rest: &'t str, at: &mut usize, ended: bool) -> Option<Step<'t>> {
        let key = match one::<Cow<'t, str>>(rest) {
            Ok(key) => key,
            Err(error) => return Some(self.broken(rest, at, ended, &error)),
        };
        let (key, end) = key;
        let behind = rest.get(end..).unwrap_or_default().trim_start();
        let Some(value) = behind.strip_prefix(':').map(str::trim_start) else {
            if behind.is_empty() && !ended {
                return Some(Step::More);
            }
            self.is_lost = true;
            let words = "not JSON: a key without a value";
            return Some(fault(*at, RecordFault::new(0..1, Code::BadValue, words)));
        };
        if value.is_empty() && !ended {
            return Some(Step::More);
        }
        let to_value = rest.len() - value.len();
        if LISTS.contains(&key.as_ref()) && value.starts_with('[') {
            self.open.has_records = true;
            self.within.push(Container::Array);
            *at += to_value + 1;
            return None;
        }
        if INNER.contains(&key.as_ref()) && value.starts_with('{') {
            self.open.has_records = true;
            self.within.push(Container::Object);
            *at += to_value + 1;
            return None;
        }
        if PACKED.contains(&key.as_ref()) && value.starts_with('"') {
            return match one::<Cow<'t, str>>(value) {
                Ok((text, end)) => {
                    let start = *at + to_value;
                    *at = start + end;
                    if packed::is_payload(&text) {
                        self.open.has_records = true;
                        self.unpack(&text, start, end);
                        return None;
                    }
                    // In an object that nothing hands on, `data` is anybody's.
                    if self.objects() == 1 {
                        return None;
                    }
                    let words = "the payload is not gzip or JSON in base64, so its content is not known";
                    Some(fault(start, RecordFault::new(0..end, Code::BadValue, words)))
                }
                Err(error) => Some(self.broken(value, at, ended, &error)),
            };
        }
        match whole::<IgnoredAny>(value, ended) {
            Ok(Some(end)) => {
                *at += to_value + end;
                if self.objects() == 1 {
                    self.open.key(&key, value.get(..end).unwrap_or_default());
                }
                None
            }
            Ok(None) => Some(Step::More),
            Err(error) => Some(self.broken(value, at, ended, &error)),
        }
    }

    /// A text in an array: a message, as `--query 'events[].message'` prints them.
    fn string<'t>(&mut self, rest: &'t str, at: &mut usize, ended: bool) -> Option<Step<'t>> {
        let start = *at;
        match one::<Cow<'t, str>>(rest) {
            Ok((text, end)) => {
                *at += end;
                if packed::is_packed(&text) {
                    self.unpack(&text, start, end);
                    return None;
                }
                Some(Step::Entry { start, read: of_message(&text, end) })
            }
            Err(error) => Some(self.broken(rest, at, ended, &error)),
        }
    }

    /// Anything else in an array or object, which is no record.
    fn other<'t>(&mut self, rest: &'t str, at: &mut usize, ended: bool) -> Option<Step<'t>> {
        match whole::<IgnoredAny>(rest, ended) {
            Ok(Some(end)) => {
                let start = std::mem::replace(at, *at + end);
                Some(Step::Entry { start, read: Ok(Entry::NoRecord) })
            }
            Ok(None) => Some(Step::More),
            Err(error) => Some(self.broken(rest, at, ended, &error)),
        }
    }

    /// A line that does not start with a record.
    fn line<'t>(&mut self, rest: &'t str, at: &mut usize, ended: bool) -> Option<Step<'t>> {
        let line = rest.lines().next().unwrap_or_default();
        let is_whole = ended || line.len() < rest.len() || line.len() > PREFIX;
        if !is_whole {
            return Some(Step::More);
        }
        let start = *at;
        let is_notice = line.trim_start_matches('"').starts_with(NOTICE);
        if line.starts_with("\"{") && !is_notice || line.trim_start_matches('"').starts_with(packed::START) {
            if line.starts_with('"') {
                return self.string(rest, at, ended);
            }
            // The line is one payload, all of which is needed.
            if !ended && line.len() == rest.len() {
                return Some(Step::More);
            }
            *at += line.len();
            self.unpack(line, start, line.len());
            return None;
        }
        if is_dated(line.as_bytes()) {
            let object = record_in(line.as_bytes()).filter(|at| line.as_bytes().get(*at) == Some(&b'{'));
            if let Some(object) = object {
                *at += object;
                return None;
            }
        }
        self.skips_line = true;
        if is_notice || is_dated(line.as_bytes()) {
            let is_permission = memchr::memmem::find(line.as_bytes(), NOTICE.as_bytes()).is_some();
            let entry = if is_permission { Entry::Notice } else { Entry::NoRecord };
            return Some(Step::Entry { start, read: Ok(entry) });
        }
        let width = line.chars().next().map_or(0, char::len_utf8);
        Some(fault(start, RecordFault::new(0..width, Code::BadValue, "the line is not a JSON object")))
    }

    /// What cannot be read: it is not whole, or not JSON.
    fn broken<'t>(
        &mut self,
        rest: &'t str,
        at: &mut usize,
        ended: bool,
        error: &serde_json::Error,
    ) -> Step<'t> {
        if error.is_eof() && !ended {
            return Step::More;
        }
        let start = *at;
        if !self.within.is_empty() {
            self.is_lost = true;
            return fault(start, record::syntax(rest, error));
        }
        self.skips_line = true;
        // A line that was cut short shows it on the next one: the line is what to look at.
        let line = rest.lines().next().unwrap_or_default();
        match one::<IgnoredAny>(line) {
            Err(error) if error.is_eof() && line.trim().len() > 1 => {
                fault(start, record::syntax(line, &error))
            }
            _ => {
                // The rest of what cannot be read is passed over too.
                let found = record::syntax(rest, error);
                *at += found.at.start.min(rest.len());
                fault(start, found)
            }
        }
    }
}

fn fault<'t>(start: usize, fault: RecordFault) -> Step<'t> {
    Step::Entry { start, read: Err(fault) }
}

fn incomplete(words: String) -> RecordFault {
    let help = "save the output after the query has ended, with a limit above the number of matches, and with every page";
    RecordFault { help, ..RecordFault::new(0..1, Code::IncompleteLog, words) }
}

fn of_message<'t>(text: &str, length: usize) -> Result<Entry<'t>, RecordFault> {
    let at = 0..length;
    if text.trim_start().starts_with(NOTICE) {
        return Ok(Entry::Notice);
    }
    if !text.trim_start().starts_with('{') {
        return Ok(Entry::NoRecord);
    }
    match record::parse(text.trim()) {
        Ok(entry) => Ok(entry.into_owned(&at)),
        Err(fault) => Err(RecordFault { at, ..fault }),
    }
}

/// The first value of a text, and its length.
fn one<'t, T: Deserialize<'t>>(text: &'t str) -> Result<(T, usize), serde_json::Error> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<T>();
    match values.next() {
        Some(Ok(value)) => Ok((value, values.byte_offset())),
        Some(Err(error)) => Err(error),
        None => serde_json::from_str(text).map(|value| (value, text.len())),
    }
}

fn length<'t, T: Deserialize<'t>>(text: &'t str) -> Result<usize, serde_json::Error> {
    one::<T>(text).map(|(_, length)| length)
}

/// The length of the first value of a text; `None` where it may go on behind the text's end.
fn whole<'t, T: Deserialize<'t>>(text: &'t str, ended: bool) -> Result<Option<usize>, serde_json::Error> {
    match length::<T>(text) {
        // A number or word at the end may not be whole.
        Ok(length) if length == text.len() && !ended && !text.ends_with(['}', ']', '"']) => Ok(None),
        Ok(length) => Ok(Some(length)),
        Err(error) if error.is_eof() && !ended => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a payload holds; each entry has the place of the payload.
fn packed_entries(text: &str, at: &Range<usize>, depth: usize) -> Vec<Result<Entry<'static>, RecordFault>> {
    let fault = |words: &str| vec![Err(RecordFault::new(at.clone(), Code::BadValue, words))];
    if depth >= DEEPEST {
        return fault("a payload within a payload within a payload");
    }
    let unpacked = match packed::unpacked(text) {
        Ok(unpacked) => unpacked,
        Err(words) => return fault(words),
    };
    let mut scanner = Scanner::within(depth + 1);
    let (mut found, mut position) = (Vec::new(), 0);
    while let Step::Entry { read, .. } = scanner.next(&unpacked, &mut position, true) {
        found.push(match read {
            Ok(entry) => Ok(entry.into_owned(at)),
            Err(fault) => Err(RecordFault { at: at.clone(), ..fault }),
        });
    }
    found
}
