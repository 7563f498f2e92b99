//! Model-invocation logs of Amazon Bedrock as S3 and CloudWatch Logs hold them: one JSON record a line.
//!
//! Prompts and answers stand in these lines. Nothing of them is kept, and no fault shows any of it.
//! Fields as of the user guide, model-invocation-logging, 2026-10, and of real records: AWS's table
//! lacks the cache's.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::blocks::Block;
use super::faults::Faults;
use super::lines::{self, Line};
use super::targets::Targets;
use super::time::{self, Unit};
use super::{Builder, Format, OutputLimit, Request, Trace, limit};
use crate::catalog::REGION;
use crate::text::Code;
use crate::units::NumberFault;

/// What Bedrock writes into a log once, when logging is turned on.
pub(super) const NOTICE: &str = "Permissions are correctly set";

const HELP: &str = "the log holds one record a line, as Bedrock writes it; what the line holds is not shown";

#[derive(Deserialize)]
struct Record<'l> {
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
    /// Where a body lies that is too long for the record.
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

/// The latency in an answer's body: Converse's, or that in the last chunk of a stream.
#[derive(Deserialize)]
struct OutputBody<'l> {
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

/// Reads lines, block by block.
pub(super) struct Log<'a> {
    targets: Targets<'a>,
    builder: Builder,
    model_given: bool,
    told_of_region: bool,
}

/// What is wrong with a line: where, which code, and in which words.
type LineFault = (std::ops::Range<usize>, Code, String, String);

impl<'a> Log<'a> {
    pub(super) fn new(targets: Targets<'a>, model_given: bool) -> Self {
        Self { targets, builder: Builder::new(Format::InvocationLog), model_given, told_of_region: false }
    }

    pub(super) fn finish(self) -> Trace {
        self.builder.finish()
    }

    pub(super) fn block(&mut self, block: &Block<'_>, from: usize, faults: &mut Faults) {
        for line in lines::lines(block, from) {
            if line.text.trim_start_matches('"').starts_with(NOTICE) {
                self.builder.trace.counts.notices += 1;
                continue;
            }
            match self.line(&line) {
                Ok(Some(request)) if !faults.has_errors() => self.builder.push(request),
                Ok(Some(_)) => {}
                Ok(None) => self.builder.trace.counts.records += 1,
                Err(Some((at, code, message, help))) => faults.at(block, at, code, || (message, help)),
                Err(None) => {}
            }
        }
    }

    /// A request; `None` for a record that is none, which is counted.
    fn line(&mut self, line: &Line<'_>) -> Result<Option<Request>, Option<LineFault>> {
        let malformed = |(words, at)| Some((at, Code::BadValue, words, HELP.to_owned()));
        let record: Record<'_> = line.object().map_err(malformed)?;
        if record.error_code.is_some() {
            self.builder.trace.counts.failed += 1;
            return Ok(None);
        }
        let (input, output) = (record.input.unwrap_or_default(), record.output.unwrap_or_default());
        if input.tokens.is_none() && output.tokens.is_none() {
            self.builder.trace.counts.unmetered += 1;
            return Ok(None);
        }
        let missing = |key: &str| {
            Some((line.first(0), Code::MissingValue, format!("`{key}` is missing"), HELP.to_owned()))
        };
        let wrong = |key: &str, value: &RawValue, what: &str| {
            Some((line.place(value), Code::BadValue, format!("`{key}` is {what}"), HELP.to_owned()))
        };
        let timestamp = record.timestamp.ok_or_else(|| missing("timestamp"))?;
        let instant = lines::string(timestamp).and_then(|text| time::iso(&text));
        let instant = instant.ok_or_else(|| wrong("timestamp", timestamp, "no time"))?;
        let input_count = input.tokens.ok_or_else(|| missing("input.inputTokenCount"))?;
        let count = |key: &str, value: Option<&RawValue>| {
            let fault = |fault: NumberFault, value: &RawValue| {
                let message = format!("`{key}` {}", fault.reason());
                Some((line.place(value), Code::BadNumber, message, HELP.to_owned()))
            };
            value.map_or(Ok(0), |value| lines::count(value).map_err(|found| fault(found, value)))
        };
        let input_tokens = count("input.inputTokenCount", Some(input_count))?;
        let cache_read_tokens = count("input.cacheReadInputTokenCount", input.cache_read)?;
        let cache_write_tokens = count("input.cacheWriteInputTokenCount", input.cache_write)?;
        // Models that generate nothing have none.
        let output_tokens = count("output.outputTokenCount", output.tokens)?;
        let model_id = record.model_id.ok_or_else(|| missing("modelId"))?;
        let model = lines::string(model_id).filter(|model| is_model_id(model));
        let model = model.ok_or_else(|| wrong("modelId", model_id, "no id or ARN of a model or profile"))?;
        self.region(line, record.region)?;
        let target = self.targets.of(&model, None, &mut self.builder).map_err(|fault| {
            fault.map(|fault| (line.place(model_id), fault.code, fault.message, fault.help))
        })?;
        self.builder.trace.counts.without_offset += u64::from(!instant.has_offset);
        let is_elsewhere = input.elsewhere.is_some_and(|path| path.get() != "\"\"");
        Ok(Some(Request {
            arrival_microseconds: instant.microseconds,
            input_tokens,
            output_tokens,
            cache_read_tokens,
            cache_write_tokens,
            max_tokens: match limit::of_body(input.body) {
                // What the record does not say may stand in the body that lies elsewhere, or in the prompt called.
                OutputLimit::Unset if is_elsewhere || is_prompt(&model) => OutputLimit::Unknown,
                limit => limit,
            },
            latency_microseconds: output.body.and_then(latency),
            target,
        }))
    }

    /// Quotas are of a source Region: calls from another one draw on others.
    fn region(&mut self, line: &Line<'_>, region: Option<&RawValue>) -> Result<(), Option<LineFault>> {
        let Some(value) = region else { return Ok(()) };
        if lines::string(value).is_some_and(|region| region == REGION) {
            return Ok(());
        }
        self.builder.trace.counts.other_region += 1;
        if self.model_given || std::mem::replace(&mut self.told_of_region, true) {
            return Ok(());
        }
        let message = format!("the call was made from another Region than {REGION}");
        let help = "its quotas are those of its Region; --model and --scope replay it as a call from here";
        Err(Some((line.place(value), Code::OtherRegion, message, help.to_owned())))
    }
}

/// Whether a text can be shown as an id or ARN, and is not a part of a prompt that got here.
fn is_model_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    (1..=2_048).contains(&text.len()) && text.bytes().all(fits)
}

/// Whether what is called is a stored prompt, which may set a max_tokens of its own.
fn is_prompt(model: &str) -> bool {
    model.starts_with("arn:") && model.contains(":prompt/")
}

fn latency(body: &RawValue) -> Option<u64> {
    let of = |body: OutputBody<'_>| {
        let metrics = [body.metrics, body.invocation].into_iter().flatten();
        let mut values = metrics
            .filter_map(object::<Metrics<'_>>)
            .filter_map(|metrics| metrics.converse.or(metrics.invocation));
        values.find_map(|value| time::length(value.get(), Unit::Milliseconds).ok())
    };
    if body.get().starts_with('[') {
        let chunks: Vec<&RawValue> = serde_json::from_str(body.get()).ok()?;
        return chunks.into_iter().rev().find_map(|chunk| object(chunk).and_then(of));
    }
    object(body).and_then(of)
}

/// An object's keys, where the value is one.
fn object<'l, T: Deserialize<'l>>(value: &'l RawValue) -> Option<T> {
    Some(value.get()).filter(|text| text.starts_with('{')).and_then(|text| serde_json::from_str(text).ok())
}
