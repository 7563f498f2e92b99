//! What calls used, from answers that the AWS CLI saved: Converse, CountTokens, Titan embeddings.
//!
//! Answers hold the model's text: no diagnostic shows any of it.

use crate::answers::CallUsage;
use crate::text::json::{self, Node, Value};
use crate::text::{Code, Diagnostics, FileId, Place, Sources, Span};
use crate::units::INPUT_MAXIMUM;

/// What one saved answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// What a call used (Converse, or InvokeModel of an embedding model that tells it in its body).
    Usage(CallUsage),
    /// Input tokens (CountTokens).
    Count(u64),
}

const FORM: &str = "save whole answers, or their `usage`: `quotaplan sample --print-command` shows how";

/// Reads the answers of a file: one JSON document, several, JSON lines, or an array of them. Every fault is
/// reported in one run.
///
/// The file should be concealed ([`Sources::conceal`]), so that no line of it is shown.
pub fn usages(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Vec<Saved> {
    let Some(text) = sources.file(file).map(|file| file.text()) else { return Vec::new() };
    let documents = match json::parse_each(file, text) {
        Ok(documents) => documents,
        Err((words, span)) => {
            let help = "save the answer with --output json; an interrupted command leaves half of one";
            diagnostics.at(Code::BadUsage, span, format!("the file is not JSON: {words}"), help);
            return Vec::new();
        }
    };
    if documents.is_empty() {
        let help = "a call that failed leaves an empty file: leave it out";
        diagnostics.add(Code::EmptyFile, Place::File(file), "the file has no answer", help);
    }
    let answers = documents.iter().flat_map(|document| match &document.value {
        Value::Array(items) => items.iter().collect(),
        _ => vec![document],
    });
    answers.filter_map(|answer| saved(answer, diagnostics)).collect()
}

fn fault(span: Span, message: impl Into<String>, diagnostics: &mut Diagnostics) {
    let span = Span { end: span.end.min(span.start + 1), ..span };
    diagnostics.at(Code::BadUsage, span, message, FORM);
}

fn saved(answer: &Node, diagnostics: &mut Diagnostics) -> Option<Saved> {
    if !matches!(answer.value, Value::Object(_)) {
        fault(answer.span, "an answer that is no JSON object", diagnostics);
        return None;
    }
    if let Some(usage) = answer.get("usage") {
        let repeated = usage.repeated();
        if !repeated.is_empty() {
            repeated
                .iter()
                .for_each(|(_, span)| fault(*span, "a key of `usage` that is written twice", diagnostics));
            return None;
        }
        return call_usage(answer, usage, diagnostics).map(Saved::Usage);
    }
    if let Some(count) = answer.get("inputTokens") {
        return tokens(count, diagnostics).map(Saved::Count);
    }
    if let Some(count) = answer.get("inputTextTokenCount") {
        let input_tokens = tokens(count, diagnostics)?;
        return Some(Saved::Usage(CallUsage { input_tokens, ..CallUsage::default() }));
    }
    let message = if answer.get("embeddings").is_some() || answer.get("embedding").is_some() {
        "an answer with embeddings and no token count: it stands in a header that the AWS CLI does not save"
    } else {
        "an answer without `usage`"
    };
    fault(answer.span, message, diagnostics);
    None
}

/// Converse (Amazon Bedrock Runtime API 2023-09-30, `ConverseResponse`).
fn call_usage(answer: &Node, usage: &Node, diagnostics: &mut Diagnostics) -> Option<CallUsage> {
    let mut required = |key: &str| match usage.get(key) {
        Some(node) => tokens(node, diagnostics),
        None => {
            fault(usage.span, format!("a usage without `{key}`"), diagnostics);
            None
        }
    };
    let (input_tokens, output_tokens) = (required("inputTokens"), required("outputTokens"));
    let mut optional = |node: Option<&Node>| match node {
        // `--query` writes null for what an answer does not have.
        Some(node) if !matches!(node.value, Value::Null) => tokens(node, diagnostics).map(Some),
        _ => Some(None),
    };
    let cache_read_tokens = optional(usage.get("cacheReadInputTokens"));
    let cache_write_tokens = optional(usage.get("cacheWriteInputTokens"));
    let latency_milliseconds = optional(answer.get("metrics").and_then(|metrics| metrics.get("latencyMs")));
    let stop_reason = match answer.get("stopReason").map(|node| &node.value) {
        Some(Value::Text(word)) => Some(word.clone()),
        _ => None,
    };
    Some(CallUsage {
        input_tokens: input_tokens?,
        output_tokens: output_tokens?,
        cache_read_tokens: cache_read_tokens?,
        cache_write_tokens: cache_write_tokens?,
        stop_reason,
        latency_milliseconds: latency_milliseconds?,
    })
}

/// A whole number of at most 10^12, which is also the bound on milliseconds.
fn tokens(node: &Node, diagnostics: &mut Diagnostics) -> Option<u64> {
    let number = match &node.value {
        Value::Number(number) => number.parse::<u64>().ok().filter(|number| *number <= INPUT_MAXIMUM),
        _ => None,
    };
    if number.is_none() {
        fault(node.span, "a count that is no whole number from 0 to 10^12", diagnostics);
    }
    number
}
