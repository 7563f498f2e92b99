//! What calls used, from answers that the AWS CLI saved: Converse, CountTokens, and the bodies of InvokeModel, of which
//! each provider has its own form.
//!
//! Answers hold the model's text: no diagnostic shows any of it.

use super::decimal;
use crate::answers::CallUsage;
use crate::text::json::{self, Node, Value};
use crate::text::{Code, Diagnostic, Diagnostics, FileId, Place, Severity, Sources, Span};
use crate::units::INPUT_MAXIMUM;

/// What one saved answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// What a call used (Converse, or InvokeModel of an embedding model that tells it in its body).
    Usage(CallUsage),
    /// Input tokens (CountTokens).
    Count(u64),
}

const FORM: &str = "answers of converse and count-tokens are read, and the bodies that invoke-model saves for Claude, Nova, \
                    Titan, Llama, Cohere Command and OpenAI's models: `quotaplan sample --print-command` shows how";

/// Reads the answers of a file: one JSON document, several, JSON lines, or an array of them. Every fault is
/// reported in one run.
///
/// The file should be concealed ([`Sources::conceal`]), so that no line of it is shown.
pub fn usages(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Vec<Saved> {
    let Some(text) = sources.file(file).map(|file| file.text()) else { return Vec::new() };
    let documents = match json::parse_each(file, text) {
        Ok(documents) => documents,
        Err((words, span)) => {
            if text.trim_start().starts_with(['{', '[']) {
                let help =
                    "save the answer with --output json; an interrupted command leaves an incomplete file";
                diagnostics.at(Code::BadUsage, span, format!("the file is not JSON: {words}"), help);
            } else {
                let message = "the file is neither a saved answer nor a model-invocation log";
                let help = "save answers with --output json; logs are read in the forms that `quotaplan simulate` reads";
                diagnostics.add(Code::BadUsage, Place::File(file), message, help);
            }
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
        fault(answer.span, "an answer that is not a JSON object", diagnostics);
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
        let form = if usage.get("prompt_tokens").is_some() {
            &OPENAI
        } else if usage.get("input_tokens").is_some() {
            &CLAUDE
        } else {
            &CONVERSE
        };
        return call_usage(answer, usage, form, diagnostics).map(Saved::Usage);
    }
    if let Some(count) = answer.get("inputTokens") {
        return tokens(count, diagnostics).map(Saved::Count);
    }
    if let Some(count) = answer.get("inputTextTokenCount") {
        return titan(answer, count, diagnostics).map(Saved::Usage);
    }
    if answer.get("prompt_token_count").is_some() {
        return call_usage(answer, answer, &LLAMA, diagnostics).map(Saved::Usage);
    }
    let meta = answer.get("meta");
    let of_meta =
        |key| meta.and_then(|meta| present(meta, key)).filter(|own| own.get("input_tokens").is_some());
    if let Some(counted) = of_meta("tokens") {
        return call_usage(answer, counted, &COHERE, diagnostics).map(Saved::Usage);
    }
    if let Some(billed) = of_meta("billed_units") {
        diagnostics.push(Diagnostic {
            code: Code::BadUsage,
            severity: Severity::Warning,
            message:
                "`billed_units` are the tokens that are billed, which may be fewer than those of the call"
                    .to_owned(),
            help: "to get the tokens of the call, save an answer of converse".to_owned(),
            place: Place::Span(Span { end: billed.span.start + 1, ..billed.span }),
        });
        return call_usage(answer, billed, &COHERE, diagnostics).map(Saved::Usage);
    }
    let has = |key: &str| answer.get(key).is_some();
    let message = if has("embeddings") || has("embedding") {
        "an answer with embeddings but no token count: the count is in a header that the AWS CLI does not save"
    } else if has("outputs") || has("choices") || has("generations") || has("text") {
        "a body without token counts: they are in headers of InvokeModel, which the AWS CLI does not save; converse \
         states them"
    } else if has("contentType") {
        "what invoke-model prints, not what it saved: the answer is in the file that the command names"
    } else if has("schemaType") && has("modelId") {
        "an invocation-log record among saved answers: put each kind into its own file"
    } else {
        "an answer without `usage`"
    };
    fault(answer.span, message, diagnostics);
    None
}

/// The keys of one form of usage.
struct Keys {
    input: &'static str,
    output: &'static str,
    /// Each spelling in use.
    cache_read: &'static [&'static str],
    cache_write: &'static [&'static str],
    /// The object in which the tokens read from the cache stand, which `input` then includes.
    details: Option<&'static str>,
    stop_reason: &'static str,
}

/// Converse (Amazon Bedrock Runtime API, `TokenUsage`) and Nova's body, in which the keys of the cache's tokens end in
/// `Count`.
const CONVERSE: Keys = Keys {
    input: "inputTokens",
    output: "outputTokens",
    cache_read: &["cacheReadInputTokens", "cacheReadInputTokenCount"],
    cache_write: &["cacheWriteInputTokens", "cacheWriteInputTokenCount"],
    details: None,
    stop_reason: "stopReason",
};

/// Claude's Messages (Amazon Bedrock user guide, model-parameters-anthropic-claude-messages): input without what the
/// cache took in or gave. OpenAI's Responses have the same keys and include it, with `input_tokens_details`.
const CLAUDE: Keys = Keys {
    input: "input_tokens",
    output: "output_tokens",
    cache_read: &["cache_read_input_tokens"],
    cache_write: &["cache_creation_input_tokens"],
    details: Some("input_tokens_details"),
    stop_reason: "stop_reason",
};

/// OpenAI's chat completions, whose object the body of InvokeModel is (Amazon Bedrock user guide,
/// model-parameters-openai, read 2026-11-26); `prompt_tokens` includes the cached ones.
const OPENAI: Keys = Keys {
    input: "prompt_tokens",
    output: "completion_tokens",
    cache_read: &[],
    cache_write: &[],
    details: Some("prompt_tokens_details"),
    stop_reason: "stop_reason",
};

/// Llama (Amazon Bedrock user guide, model-parameters-meta).
const LLAMA: Keys = Keys {
    input: "prompt_token_count",
    output: "generation_token_count",
    cache_read: &[],
    cache_write: &[],
    details: None,
    stop_reason: "stop_reason",
};

/// Cohere Command: `meta.tokens`, else `meta.billed_units`, which leaves out tokens that Cohere adds (Cohere's
/// documentation, "What's the Difference Between billed Tokens and Generic Tokens", read 2026-11-26).
const COHERE: Keys = Keys {
    input: "input_tokens",
    output: "output_tokens",
    cache_read: &[],
    cache_write: &[],
    details: None,
    stop_reason: "finish_reason",
};

/// Titan text and embeddings (Amazon Bedrock user guide, model-parameters-titan-text and -titan-embed-text): without
/// `results` nothing was written.
fn titan(answer: &Node, count: &Node, diagnostics: &mut Diagnostics) -> Option<CallUsage> {
    let mut input_tokens = tokens(count, diagnostics);
    let mut output_tokens = 0_u64;
    let mut stop_reason = None;
    if let Some(results) = answer.get("results") {
        let items = match &results.value {
            Value::Array(items) => items.as_slice(),
            _ => &[],
        };
        if items.is_empty() {
            fault(results.span, "`results` contains no answer", diagnostics);
            return None;
        }
        for item in items {
            match item.get("tokenCount") {
                Some(count) => match tokens(count, diagnostics) {
                    Some(count) => output_tokens = output_tokens.saturating_add(count),
                    None => input_tokens = None,
                },
                None => {
                    fault(item.span, "a result without `tokenCount`", diagnostics);
                    input_tokens = None;
                }
            }
            stop_reason = stop_reason.or_else(|| word(item.get("completionReason")));
        }
    }
    Some(CallUsage { input_tokens: input_tokens?, output_tokens, stop_reason, ..CallUsage::default() })
}

fn word(node: Option<&Node>) -> Option<String> {
    match node.map(|node| &node.value) {
        Some(Value::Text(word)) => Some(word.clone()),
        _ => None,
    }
}

/// What is there, where `--query` writes null for what an answer does not have.
fn present<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).filter(|node| !matches!(node.value, Value::Null))
}

fn call_usage(answer: &Node, usage: &Node, keys: &Keys, diagnostics: &mut Diagnostics) -> Option<CallUsage> {
    let mut required = |key: &str| match usage.get(key) {
        Some(node) => tokens(node, diagnostics),
        None => {
            fault(usage.span, format!("a usage without `{key}`"), diagnostics);
            None
        }
    };
    let (input, output_tokens) = (required(keys.input), required(keys.output));
    let mut optional = |node: Option<&Node>| match node {
        Some(node) => tokens(node, diagnostics).map(Some),
        None => Some(None),
    };
    let any = |spellings: &[&str]| spellings.iter().find_map(|key| present(usage, key));
    let cache_read = optional(any(keys.cache_read));
    let cache_write_tokens = optional(any(keys.cache_write));
    let details = keys.details.and_then(|key| present(usage, key));
    let cached = details.and_then(|details| present(details, "cached_tokens"));
    let included = optional(cached);
    let latency_milliseconds =
        optional(answer.get("metrics").and_then(|metrics| present(metrics, "latencyMs")));
    let choice = answer.get("choices").and_then(|choices| match &choices.value {
        Value::Array(choices) => choices.first(),
        _ => None,
    });
    let stop_reason = word(answer.get(keys.stop_reason))
        .or_else(|| word(choice.and_then(|choice| choice.get("finish_reason"))));
    let (input, included) = (input?, included?);
    let Some(input_tokens) = input.checked_sub(included.unwrap_or(0)) else {
        let at = cached.map_or(usage.span, |cached| cached.span);
        fault(at, "more tokens from the cache than tokens of input, which include them", diagnostics);
        return None;
    };
    Some(CallUsage {
        input_tokens,
        output_tokens: output_tokens?,
        cache_read_tokens: cache_read?.or(included),
        cache_write_tokens: cache_write_tokens?,
        stop_reason,
        latency_milliseconds: latency_milliseconds?,
    })
}

/// A whole number of at most 10^12, which is also the bound on milliseconds.
fn tokens(node: &Node, diagnostics: &mut Diagnostics) -> Option<u64> {
    let number = match &node.value {
        // Some programs write 3.0, or put numbers in quotes.
        Value::Number(number) => whole(number),
        Value::Text(number) if decimal::is_number(number) => whole(number),
        _ => None,
    };
    if number.is_none() {
        fault(node.span, "a count that is not a whole number from 0 to 10^12", diagnostics);
    }
    number
}

fn whole(number: &str) -> Option<u64> {
    let decimal = decimal::parse(number).ok()?;
    Some(decimal.whole.get()).filter(|whole| *whole <= INPUT_MAXIMUM && decimal.billionths == 0)
}
