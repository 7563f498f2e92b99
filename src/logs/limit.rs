//! The max_tokens that a request was sent with, and where the bodies of requests state it.
//!
//! A body is the request as its API took it: a JSON object, or a text that holds one. Nothing of it is kept
//! but the limit.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::units::parse_whole;

/// What is known of the max_tokens that a request was sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputLimit {
    /// So many tokens.
    Stated(u64),
    /// The request sets none, so that the model's maximum holds.
    Unset,
    /// Nobody can tell: the body was not logged, lies elsewhere, is cut or is no JSON object, or the trace
    /// has no such column.
    Unknown,
}

impl OutputLimit {
    /// The tokens, where they are stated.
    #[must_use]
    pub const fn stated(self) -> Option<u64> {
        match self {
            Self::Stated(tokens) => Some(tokens),
            Self::Unset | Self::Unknown => None,
        }
    }
}

/// How many requests of a trace state a max_tokens, set none, or do not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitCounts {
    /// Requests that state it.
    pub stated: u64,
    /// Requests that set none.
    pub unset: u64,
    /// Requests of which it is not known.
    pub unknown: u64,
}

/// Objects, and texts that hold one, that are opened one within the other. A log that was exported as text, and
/// that text once more, needs six: two texts, the body, what is sent besides as a text and as an object, and the
/// configuration in it.
const NESTED: u8 = 8;

/// The keys under which an API takes the limit, at any level of a body at which one of them takes it.
///
/// `max_tokens`: Claude's messages, Cohere, Mistral, chat completions. `max_completion_tokens`: chat
/// completions. `max_output_tokens`: Responses. `inferenceConfig.maxTokens`: Converse and Nova.
/// `inferenceConfig.max_new_tokens`: Nova. `textGenerationConfig.maxTokenCount`: Titan. `max_gen_len`: Llama.
/// `max_tokens_to_sample`: Claude's text completions. `maxOutputTokens`: TwelveLabs' Pegasus (Amazon Bedrock User
/// Guide, model-parameters-anthropic-claude-text-completion and model-parameters-pegasus).
#[derive(Deserialize)]
struct Keys<'l> {
    #[serde(borrow)]
    max_tokens: Option<&'l RawValue>,
    #[serde(borrow)]
    max_completion_tokens: Option<&'l RawValue>,
    #[serde(borrow)]
    max_output_tokens: Option<&'l RawValue>,
    #[serde(borrow)]
    max_new_tokens: Option<&'l RawValue>,
    #[serde(borrow)]
    max_gen_len: Option<&'l RawValue>,
    #[serde(borrow)]
    max_tokens_to_sample: Option<&'l RawValue>,
    #[serde(borrow, rename = "maxOutputTokens")]
    pegasus: Option<&'l RawValue>,
    #[serde(borrow, rename = "maxTokens")]
    converse: Option<&'l RawValue>,
    #[serde(borrow, rename = "maxTokenCount")]
    titan: Option<&'l RawValue>,
    #[serde(borrow, rename = "inferenceConfig")]
    inference_config: Option<&'l RawValue>,
    #[serde(borrow, rename = "textGenerationConfig")]
    text_generation_config: Option<&'l RawValue>,
    #[serde(borrow, rename = "additionalModelRequestFields")]
    additional: Option<&'l RawValue>,
}

/// What an object says about the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Limit(u64),
    /// It says something, but not what: a value that is no whole number, or something that cannot be read.
    Unclear,
}

/// The limit that a request's body states; `None` stands for a body that is absent or null.
pub(super) fn of_body(body: Option<&str>) -> OutputLimit {
    match body.map_or(Said::Unclear, |body| of_text(body, NESTED)) {
        Said::Limit(tokens) => OutputLimit::Stated(tokens),
        Said::Nothing => OutputLimit::Unset,
        Said::Unclear => OutputLimit::Unknown,
    }
}

/// Of a JSON object, or of a JSON string that holds one.
fn of_text(text: &str, nested: u8) -> Said {
    let text = text.trim();
    let Some(nested) = nested.checked_sub(1) else { return Said::Unclear };
    if text.starts_with('{') {
        // A key that stands there twice is an error too: it contradicts itself.
        return serde_json::from_str(text).map_or(Said::Unclear, |keys: Keys<'_>| of_keys(&keys, nested));
    }
    let inner = serde_json::from_str::<String>(text).ok();
    inner.map_or(Said::Unclear, |inner| of_text(&inner, nested))
}

fn of_keys(keys: &Keys<'_>, nested: u8) -> Said {
    // What a model is sent besides overrides what Converse would send it.
    let additional = keys.additional.map_or(Said::Nothing, |value| of_text(value.get(), nested));
    if additional != Said::Nothing {
        return additional;
    }
    let numbers = [
        keys.max_tokens,
        keys.max_completion_tokens,
        keys.max_output_tokens,
        keys.max_new_tokens,
        keys.max_gen_len,
        keys.max_tokens_to_sample,
        keys.pegasus,
        keys.converse,
        keys.titan,
    ];
    let own = numbers
        .into_iter()
        .flatten()
        .map(|value| parse_whole(value.get().as_bytes()).map_or(Said::Unclear, Said::Limit));
    let objects = [keys.inference_config, keys.text_generation_config].into_iter().flatten();
    // Of several the largest, which errs on the safe side: an API reads one of them.
    own.chain(objects.map(|value| of_text(value.get(), nested))).fold(Said::Nothing, |so_far, said| {
        match (so_far, said) {
            (Said::Unclear, _) | (_, Said::Unclear) => Said::Unclear,
            (Said::Limit(one), Said::Limit(other)) => Said::Limit(one.max(other)),
            (Said::Nothing, said) | (said, Said::Nothing) => said,
        }
    })
}
