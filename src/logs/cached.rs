//! Whether a record's input includes the tokens that were read from the cache or written to it.
//!
//! Bedrock's documentation counts them apart. Some records of OpenAI's models count them in `inputTokenCount`, as
//! OpenAI's own APIs do. The answer's body proves it either way, where it states a total.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::units::parse_whole;

/// How a record counts tokens of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CachedInput {
    /// Beside its input.
    Apart,
    /// In its input: the record proves it.
    Included,
    /// The record shows neither.
    Open,
}

#[derive(Deserialize, Default)]
struct Answer<'l> {
    #[serde(borrow)]
    usage: Option<&'l RawValue>,
    #[serde(borrow)]
    response: Option<&'l RawValue>,
    #[serde(borrow)]
    metadata: Option<&'l RawValue>,
}

#[derive(Deserialize)]
struct Usage<'l> {
    #[serde(borrow)]
    total_tokens: Option<&'l RawValue>,
    #[serde(borrow, rename = "totalTokens")]
    total: Option<&'l RawValue>,
    #[serde(borrow)]
    prompt_tokens: Option<&'l RawValue>,
    #[serde(borrow)]
    input_tokens: Option<&'l RawValue>,
    #[serde(borrow)]
    input_tokens_details: Option<&'l RawValue>,
}

/// Counts of a record as they stand in it.
pub(super) struct Counted {
    pub(super) input: u64,
    pub(super) cached: u64,
    pub(super) output: u64,
}

/// How a record of an OpenAI model counts its cached tokens; `answer` is the body of the answer.
pub(super) fn counted(counts: &Counted, answer: Option<&str>) -> CachedInput {
    if counts.cached == 0 || counts.input < counts.cached {
        return CachedInput::Apart;
    }
    match answer.and_then(|answer| whole_input(answer, counts)) {
        Some(whole) if whole == counts.input => CachedInput::Included,
        Some(whole) if whole == counts.input + counts.cached => CachedInput::Apart,
        _ => CachedInput::Open,
    }
}

/// The whole input, cached tokens included, that an answer states.
fn whole_input(answer: &str, counts: &Counted) -> Option<u64> {
    let answer = answer.trim();
    if answer.starts_with('"') {
        let inner: String = serde_json::from_str(answer).ok()?;
        return Some(inner)
            .filter(|inner| !inner.starts_with('"'))
            .and_then(|inner| whole_input(&inner, counts));
    }
    if answer.starts_with('[') {
        let chunks: Vec<&RawValue> = serde_json::from_str(answer).ok()?;
        return chunks.into_iter().rev().find_map(|chunk| of_object(chunk.get(), counts));
    }
    of_object(answer, counts)
}

fn of_object(text: &str, counts: &Counted) -> Option<u64> {
    let answer: Answer<'_> = serde_json::from_str(text).ok()?;
    let usage = answer.usage.and_then(|usage| serde_json::from_str::<Usage<'_>>(usage.get()).ok());
    let Some(usage) = usage else {
        let inner = [answer.response, answer.metadata].into_iter().flatten();
        return inner
            .filter(|inner| inner.get().starts_with('{'))
            .find_map(|inner| of_object(inner.get(), counts));
    };
    let count = |value: Option<&RawValue>| parse_whole(value?.get().as_bytes()).ok();
    let total = count(usage.total_tokens).or_else(|| count(usage.total));
    // OpenAI's own APIs count the cached tokens in these, and say how many they are beside them.
    let prompt = count(usage.prompt_tokens)
        .or_else(|| usage.input_tokens_details.and_then(|_| count(usage.input_tokens)));
    total.and_then(|total| total.checked_sub(counts.output)).or(prompt)
}
