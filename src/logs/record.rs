//! One record: its figures, and whether it is a request at all.
//!
//! Fields as of the user guide, model-invocation-logging, 2026-10, and of real records: AWS's table lacks the
//! cache's.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::NOTICE;
use super::cached::{self, CachedInput, Counted};
use super::fields::{Fields, Slot, Value};
use super::limit::{self, OutputLimit};
use crate::text::Code;
use crate::text::instant::{self, Instant, Unit};
use crate::units::{NumberFault, parse_whole};

/// What to do about a record that cannot be read.
pub(super) const HELP: &str =
    "the log must contain records as Bedrock writes them; the content of this one is not shown";

/// A call that succeeded and was metered.
#[derive(Debug, Clone)]
pub(crate) struct LogRecord<'l> {
    pub(crate) arrival_microseconds: i64,
    /// Whether the time is written with its offset from UTC, or known to be UTC.
    pub(crate) has_offset: bool,
    /// The id or ARN that was called.
    pub(crate) model: Cow<'l, str>,
    /// Bytes of the record at which it stands.
    pub(crate) model_at: Range<usize>,
    /// The Region in which the call was made.
    pub(crate) region: Option<Cow<'l, str>>,
    /// Input neither read from nor written to the cache.
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) cache_read_tokens: u64,
    pub(crate) cache_write_tokens: u64,
    pub(crate) max_tokens: OutputLimit,
    pub(crate) latency_microseconds: Option<u64>,
    /// How the record counted what was cached; [`CachedInput::Included`] has been taken off its input.
    pub(crate) cached: CachedInput,
}

/// What a record is.
#[derive(Debug, Clone)]
pub(crate) enum Entry<'l> {
    Request(LogRecord<'l>),
    /// A call that failed, with its error code, where that can be shown.
    Failed(Option<Cow<'l, str>>),
    /// A call without any count of tokens, with the model called.
    Unmetered(Option<Cow<'l, str>>),
    /// What Bedrock writes when logging is turned on.
    Notice,
    /// Anything else that a log group holds.
    NoRecord,
}

/// What is wrong with a record; the words repeat nothing of it.
#[derive(Debug, Clone)]
pub(crate) struct RecordFault {
    /// Bytes of the text that was read.
    pub(crate) at: Range<usize>,
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

impl RecordFault {
    pub(super) fn new(at: Range<usize>, code: Code, message: impl Into<String>) -> Self {
        Self { at, code, message: message.into(), help: HELP }
    }
}

/// A record as Bedrock writes it.
#[derive(Deserialize)]
pub(super) struct Written<'l> {
    #[serde(borrow)]
    timestamp: Option<&'l RawValue>,
    #[serde(borrow)]
    region: Option<&'l RawValue>,
    #[serde(borrow, rename = "modelId")]
    model_id: Option<&'l RawValue>,
    #[serde(borrow, rename = "errorCode")]
    error_code: Option<&'l RawValue>,
    #[serde(borrow)]
    input: Option<Input<'l>>,
    #[serde(borrow)]
    output: Option<Output<'l>>,
}

#[derive(Deserialize, Default)]
struct Input<'l> {
    #[serde(borrow, rename = "inputTokenCount")]
    tokens: Option<&'l RawValue>,
    #[serde(borrow, rename = "cacheReadInputTokenCount")]
    cache_read: Option<&'l RawValue>,
    #[serde(borrow, rename = "cacheWriteInputTokenCount")]
    cache_write: Option<&'l RawValue>,
    #[serde(borrow, rename = "inputBodyJson")]
    body: Option<&'l RawValue>,
    #[serde(borrow, rename = "inputBodyS3Path")]
    elsewhere: Option<&'l RawValue>,
}

#[derive(Deserialize, Default)]
struct Output<'l> {
    #[serde(borrow, rename = "outputTokenCount")]
    tokens: Option<&'l RawValue>,
    #[serde(borrow, rename = "outputBodyJson")]
    body: Option<&'l RawValue>,
}

impl<'l> Written<'l> {
    /// Whether it has what only a record has under these names.
    pub(super) fn is_record(&self) -> bool {
        let input = self.input.as_ref().is_some_and(|input| input.tokens.is_some());
        self.model_id.is_some() && (input || self.error_code.is_some())
    }

    /// Its fields; `text` is the record.
    pub(super) fn fields(self, text: &str) -> Fields<'l> {
        let (input, output) = (self.input.unwrap_or_default(), self.output.unwrap_or_default());
        let mut fields = Fields::default();
        for (slot, value) in [
            (Slot::Timestamp, self.timestamp),
            (Slot::Region, self.region),
            (Slot::Model, self.model_id),
            (Slot::Error, self.error_code),
            (Slot::Input, input.tokens),
            (Slot::CacheRead, input.cache_read),
            (Slot::CacheWrite, input.cache_write),
            (Slot::Body, input.body),
            (Slot::Elsewhere, input.elsewhere),
            (Slot::Output, output.tokens),
            (Slot::Answer, output.body),
        ] {
            fields.put_json(slot, text, value);
        }
        fields
    }
}

/// Reads the text of one record, or of an event that holds one.
pub(crate) fn parse(text: &str) -> Result<Entry<'_>, RecordFault> {
    let mut read = serde_json::Deserializer::from_str(text).into_iter::<Written<'_>>();
    match read.next() {
        Some(Ok(written)) if text.get(read.byte_offset()..).is_some_and(|rest| rest.trim().is_empty()) => {
            of_written(written, text)
        }
        Some(Err(error)) if error.is_data() => of_other(text, &error),
        Some(Err(error)) => Err(syntax(text, &error)),
        _ => Err(RecordFault::new(0..text.len(), Code::BadValue, "not JSON: more than one value")),
    }
}

/// What an object is that reads as a record; `text` is the object.
pub(super) fn of_written<'l>(written: Written<'l>, text: &'l str) -> Result<Entry<'l>, RecordFault> {
    if written.is_record() {
        return read_fields(&written.fields(text), 0..1);
    }
    match Fields::of_object(text) {
        Some(fields) => read_fields(&fields, 0..1),
        None => read_fields(&written.fields(text), 0..1),
    }
}

/// What an object is whose values are of other kinds than a record's.
pub(super) fn of_other<'l>(text: &'l str, error: &serde_json::Error) -> Result<Entry<'l>, RecordFault> {
    let is_twice = error.to_string().starts_with("duplicate field");
    let fields = Fields::of_object(text).filter(|_| !is_twice && text.starts_with('{'));
    let fault = || {
        let words = match (is_twice, text.starts_with('{')) {
            (true, _) => "a key appears twice in one object",
            (_, false) => "the line is not a JSON object",
            _ => "a value has the wrong type",
        };
        let at = if text.starts_with('{') { column(text, error) } else { 0..1 };
        RecordFault::new(at, Code::BadValue, words)
    };
    let fields = fields.ok_or_else(fault)?;
    if fields.unreadable.is_some() {
        return Err(fault());
    }
    read_fields(&fields, 0..1)
}

/// A fault of syntax, in words that repeat nothing of the text.
pub(super) fn syntax(text: &str, error: &serde_json::Error) -> RecordFault {
    let words = error.to_string();
    let words = format!("not JSON: {}", words.split(" at line ").next().unwrap_or_default());
    RecordFault::new(column(text, error), Code::BadValue, words)
}

/// The character at which a fault was noticed.
fn column(text: &str, error: &serde_json::Error) -> Range<usize> {
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let mut at = (line + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let width = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    at..at + width
}

/// What a record's fields say; `start` is the place of the record.
pub(crate) fn read_fields<'l>(fields: &Fields<'l>, start: Range<usize>) -> Result<Entry<'l>, RecordFault> {
    let is_record = |message: &&Value<'_>| message.text.trim_start().starts_with('{');
    // Beside it the columns of a query hold parts of the same.
    let message = fields.get(Slot::Message).filter(|message| is_record(message) || !fields.has(Slot::Model));
    if let Some(message) = message {
        return of_message(message);
    }
    if let Some(at) = &fields.unreadable {
        let words = "the content of `input` or `output` cannot be read";
        return Err(RecordFault::new(at.clone(), Code::BadValue, words));
    }
    // An empty code is none.
    if let Some(code) = fields.get(Slot::Error).filter(|code| !code.text.trim().is_empty()) {
        return Ok(Entry::Failed(Some(code.text.clone()).filter(|code| is_shown(code))));
    }
    let model = fields.get(Slot::Model);
    if !fields.has(Slot::Input) && !fields.has(Slot::Output) {
        let model = model.map(|model| model.text.clone());
        return Ok(Entry::Unmetered(model.filter(|model| is_shown(model))));
    }
    let missing =
        |key: &str| RecordFault::new(start.clone(), Code::MissingValue, format!("`{key}` is missing"));
    let wrong = |value: &Value<'_>, words: &str| RecordFault::new(value.at.clone(), Code::BadValue, words);
    let arrival = match (fields.get(Slot::Timestamp), fields.get(Slot::Logged)) {
        (Some(value), _) => time(value).ok_or_else(|| wrong(value, "`timestamp` is not a time"))?,
        (None, Some(value)) => {
            let instant = time(value).ok_or_else(|| wrong(value, "`@timestamp` is not a time"))?;
            // CloudWatch Logs writes it in UTC.
            Instant { has_offset: true, ..instant }
        }
        (None, None) => return Err(missing("timestamp")),
    };
    let count = |key: &str, slot: Slot| {
        let fault = |fault: NumberFault, value: &Value<'_>| {
            RecordFault::new(value.at.clone(), Code::BadNumber, format!("`{key}` {}", fault.reason()))
        };
        let value = fields.get(slot).filter(|value| !value.text.trim().is_empty());
        value.map_or(Ok(0), |value| {
            parse_whole(value.text.trim().as_bytes()).map_err(|found| fault(found, value))
        })
    };
    if !fields.has(Slot::Input) {
        return Err(missing("input.inputTokenCount"));
    }
    let input = count("input.inputTokenCount", Slot::Input)?;
    let cache_read_tokens = count("input.cacheReadInputTokenCount", Slot::CacheRead)?;
    let cache_write_tokens = count("input.cacheWriteInputTokenCount", Slot::CacheWrite)?;
    // Models that generate nothing have none.
    let output_tokens = count("output.outputTokenCount", Slot::Output)?;
    let model = model.ok_or_else(|| missing("modelId"))?;
    if !model.is_text || !is_shown(&model.text) {
        return Err(wrong(model, "`modelId` is not the id or ARN of a model or profile"));
    }
    let answer = fields.get(Slot::Answer).map(|answer| answer.text.as_ref());
    let cached = match model.text.contains("openai.") {
        true => {
            let cached = cache_read_tokens.saturating_add(cache_write_tokens);
            cached::counted(&Counted { input, cached, output: output_tokens }, answer)
        }
        false => CachedInput::Apart,
    };
    let input_tokens = match cached {
        CachedInput::Included => input.saturating_sub(cache_read_tokens).saturating_sub(cache_write_tokens),
        CachedInput::Apart | CachedInput::Open => input,
    };
    let is_elsewhere = fields.get(Slot::Elsewhere).is_some_and(|path| !path.text.is_empty());
    let max_tokens = match fields.get(Slot::Limit) {
        Some(limit) if !fields.has(Slot::Body) => {
            parse_whole(limit.text.trim().as_bytes()).map_or(OutputLimit::Unknown, OutputLimit::Stated)
        }
        _ => match limit::of_body(fields.get(Slot::Body).map(|body| body.text.as_ref())) {
            // What the record does not say may stand in the body that lies elsewhere, or in the prompt called.
            OutputLimit::Unset if is_elsewhere || is_prompt(&model.text) => OutputLimit::Unknown,
            limit => limit,
        },
    };
    let region = fields.get(Slot::Region);
    Ok(Entry::Request(LogRecord {
        arrival_microseconds: arrival.microseconds,
        has_offset: arrival.has_offset,
        model: model.text.clone(),
        model_at: model.at.clone(),
        region: region.map(|region| region.text.clone()),
        input_tokens,
        output_tokens,
        cache_read_tokens,
        cache_write_tokens,
        max_tokens,
        latency_microseconds: answer.and_then(latency),
        cached,
    }))
}

/// The record that a message holds: its places are all that of the message.
fn of_message<'l>(message: &Value<'_>) -> Result<Entry<'l>, RecordFault> {
    let text = message.text.trim();
    if text.starts_with(NOTICE) {
        return Ok(Entry::Notice);
    }
    if !text.starts_with('{') {
        return Ok(Entry::NoRecord);
    }
    let at = &message.at;
    match parse(text) {
        Ok(entry) => Ok(entry.into_owned(at)),
        Err(fault) => Err(RecordFault { at: at.clone(), ..fault }),
    }
}

impl Entry<'_> {
    /// The same, of a text that is not kept; `at` is the place of that text.
    pub(super) fn into_owned<'o>(self, at: &Range<usize>) -> Entry<'o> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Request(record) => Entry::Request(LogRecord {
                model: owned(record.model),
                model_at: at.clone(),
                region: record.region.map(owned),
                ..record
            }),
            Self::Failed(code) => Entry::Failed(code.map(owned)),
            Self::Unmetered(model) => Entry::Unmetered(model.map(owned)),
            Self::Notice => Entry::Notice,
            Self::NoRecord => Entry::NoRecord,
        }
    }
}

fn time(value: &Value<'_>) -> Option<Instant> {
    let text = value.text.trim();
    // Athena writes the zone behind a time.
    let text = text.strip_suffix(" UTC").map_or(Cow::Borrowed(text), |time| Cow::Owned(format!("{time}Z")));
    instant::iso(&text).filter(|_| value.is_text).or_else(|| instant::epoch(&text))
}

/// Whether a text can be shown as an id, ARN or code, and is not a part of a prompt that got here.
fn is_shown(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    (1..=2_048).contains(&text.len()) && text.bytes().all(fits)
}

/// Whether what is called is a stored prompt, which may set a max_tokens of its own.
fn is_prompt(model: &str) -> bool {
    model.starts_with("arn:") && model.contains(":prompt/")
}

/// The latency in an answer's body: Converse's, or that in the last chunk of a stream.
#[derive(Deserialize)]
struct Answer<'l> {
    #[serde(borrow)]
    metrics: Option<&'l RawValue>,
    #[serde(borrow, rename = "amazon-bedrock-invocationMetrics")]
    invocation: Option<&'l RawValue>,
}

#[derive(Deserialize)]
struct Metrics<'l> {
    #[serde(borrow, rename = "latencyMs")]
    converse: Option<&'l RawValue>,
    #[serde(borrow, rename = "invocationLatency")]
    invocation: Option<&'l RawValue>,
}

fn latency(body: &str) -> Option<u64> {
    let of = |body: Answer<'_>| {
        let metrics = [body.metrics, body.invocation].into_iter().flatten();
        let mut values = metrics
            .filter_map(|value| object::<Metrics<'_>>(value.get()))
            .filter_map(|metrics| metrics.converse.or(metrics.invocation));
        values.find_map(|value| instant::length(value.get(), Unit::Milliseconds).ok())
    };
    if body.starts_with('[') {
        let chunks: Vec<&RawValue> = serde_json::from_str(body).ok()?;
        return chunks.into_iter().rev().find_map(|chunk| object(chunk.get()).and_then(of));
    }
    object(body).and_then(of)
}

/// An object's keys, where the text is one.
fn object<'l, T: Deserialize<'l>>(text: &'l str) -> Option<T> {
    Some(text).filter(|text| text.starts_with('{')).and_then(|text| serde_json::from_str(text).ok())
}
