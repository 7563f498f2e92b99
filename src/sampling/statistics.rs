//! Statistics of what calls used: exact means, rounded up once, and percentiles by nearest rank.

use std::collections::BTreeMap;

use super::run::Reply;
use crate::answers::CallUsage;
use crate::units::{INPUT_MAXIMUM, MILLIONTHS, Ratio, Seconds, Tokens};
use crate::workload::Column;

/// Inputs above this many tokens are what AWS's questionnaire asks a share of.
const LONG_INPUT: u64 = 25_000;

/// Largest number of distinct stop reasons kept; AWS has nine.
const STOP_REASONS: usize = 20;

/// Mean and percentiles of one figure over the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread<T> {
    /// The mean, rounded up to the sixth decimal: demand rounds up.
    pub mean: T,
    /// The median, by nearest rank.
    pub p50: T,
    /// The 95th percentile, by nearest rank.
    pub p95: T,
    /// The largest.
    pub maximum: T,
}

/// What a number of answers used.
///
/// A figure is `None` where no answer states it. If any answer states cache tokens, an answer that
/// does not counts as 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Answers.
    pub answers: usize,
    /// Input neither read from nor written to the cache; of counted tokens all input.
    pub input: Spread<Tokens>,
    /// Output, reasoning included; `None` where tokens were counted alone.
    pub output: Option<Spread<Tokens>>,
    /// Cache reads.
    pub cache_read: Option<Spread<Tokens>>,
    /// Cache writes.
    pub cache_write: Option<Spread<Tokens>>,
    /// Seconds from request to end, over the answers that state them.
    pub latency: Option<Spread<Seconds>>,
    /// Share of answers to more than 25,000 input tokens, cache included, rounded up to the sixth decimal.
    pub share_over_25k: Ratio,
    /// How often each stop reason was given, in AWS's word.
    pub stop_reasons: BTreeMap<String, usize>,
}

impl Statistics {
    /// The statistics of replies; `None` without any, and where one is above 10^12.
    #[must_use]
    pub fn from_replies(replies: &[Reply]) -> Option<Self> {
        let usages: Vec<(CallUsage, bool)> = replies.iter().map(as_usage).collect();
        let values = |get: fn(&CallUsage) -> u64| usages.iter().map(|(usage, _)| get(usage)).collect();
        let stated = |get: fn(&CallUsage) -> Option<u64>| {
            let any = usages.iter().any(|(usage, _)| get(usage).is_some());
            any.then(|| usages.iter().map(|(usage, _)| get(usage).unwrap_or(0)).collect::<Vec<_>>())
        };
        let tokens = |values: Vec<u64>| spread(values, MILLIONTHS, Tokens::from_millionths);
        let counted = usages.iter().any(|(_, counted)| *counted);
        let latencies: Vec<u64> = usages.iter().filter_map(|(usage, _)| usage.latency_milliseconds).collect();
        let optional = |values: Option<Vec<u64>>| match values {
            None => Some(None),
            Some(values) => tokens(values).map(Some),
        };
        let mut stop_reasons = BTreeMap::new();
        for reason in usages.iter().filter_map(|(usage, _)| usage.stop_reason.as_deref()) {
            let reason = if stop_reasons.len() < STOP_REASONS { plain(reason) } else { OTHER };
            *stop_reasons.entry(reason.to_owned()).or_insert(0) += 1;
        }
        let long = usages.iter().filter(|(usage, _)| all_input(usage) > u128::from(LONG_INPUT)).count();
        Some(Self {
            answers: usages.len(),
            input: tokens(values(|usage| usage.input_tokens))?,
            output: optional((!counted).then(|| values(|usage| usage.output_tokens)))?,
            cache_read: optional(stated(|usage| usage.cache_read_tokens))?,
            cache_write: optional(stated(|usage| usage.cache_write_tokens))?,
            latency: if latencies.is_empty() {
                None
            } else {
                Some(spread(latencies, MILLIONTHS / 1000, Seconds::from_millionths)?)
            },
            share_over_25k: share(long, usages.len())?,
            stop_reasons,
        })
    }

    /// Answers that ended because max_tokens was reached.
    #[must_use]
    pub fn cut(&self) -> usize {
        self.stop_reasons.get("max_tokens").copied().unwrap_or(0)
    }

    /// The cells of a workloads row that follow from it, in the order of the columns.
    #[must_use]
    pub fn cells(&self) -> Vec<(Column, String)> {
        let mean = |spread: Option<Spread<Tokens>>| spread.map(|spread| spread.mean.written());
        let p95 = |spread: Option<Spread<Tokens>>| spread.map(|spread| spread.p95.written());
        let cells = [
            (Column::InputTokens, mean(Some(self.input))),
            (Column::OutputTokens, mean(self.output)),
            (Column::CacheReadTokens, mean(self.cache_read)),
            (Column::CacheWriteTokens, mean(self.cache_write)),
            (Column::LatencySeconds, self.latency.map(|spread| spread.mean.written())),
            (Column::InputTokensP95, p95(Some(self.input))),
            (Column::OutputTokensP95, p95(self.output)),
            (Column::ShareOver25k, Some(self.share_over_25k.written())),
        ];
        cells.into_iter().filter_map(|(column, value)| Some((column, value?))).collect()
    }
}

/// A reply as a usage, and whether it is a bare count.
fn as_usage(reply: &Reply) -> (CallUsage, bool) {
    match reply {
        Reply::Usage(usage) => (usage.clone(), false),
        Reply::Count(input_tokens) => {
            (CallUsage { input_tokens: *input_tokens, ..CallUsage::default() }, true)
        }
    }
}

fn all_input(usage: &CallUsage) -> u128 {
    let cache = [usage.cache_read_tokens, usage.cache_write_tokens];
    let cache = cache.into_iter().flatten().map(u128::from);
    u128::from(usage.input_tokens) + cache.sum::<u128>()
}

const OTHER: &str = "other";

/// A stop reason as it may be shown: AWS's are words with underscores, and anything else may be text.
fn plain(reason: &str) -> &str {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    if (1..=40).contains(&reason.len()) && reason.bytes().all(is_word) { reason } else { OTHER }
}

/// The spread of values in units of `scale` millionths.
fn spread<T>(mut values: Vec<u64>, scale: u64, unit: fn(u64) -> Option<T>) -> Option<Spread<T>> {
    if values.iter().any(|value| *value > INPUT_MAXIMUM) {
        return None;
    }
    values.sort_unstable();
    let sum: u128 = values.iter().map(|value| u128::from(*value) * u128::from(scale)).sum();
    let mean = sum.div_ceil(u128::try_from(values.len()).ok().filter(|count| *count > 0)?);
    let rank = |percent: usize| {
        let rank = (values.len() * percent).div_ceil(100);
        values.get(rank.saturating_sub(1)).and_then(|value| unit(value * scale))
    };
    Some(Spread {
        mean: u64::try_from(mean).ok().and_then(unit)?,
        p50: rank(50)?,
        p95: rank(95)?,
        maximum: rank(100)?,
    })
}

fn share(part: usize, whole: usize) -> Option<Ratio> {
    let (part, whole) = (u64::try_from(part).ok()?, u64::try_from(whole).ok()?);
    let millionths = part.checked_mul(MILLIONTHS)?.div_ceil(whole);
    Ratio::from_millionths(millionths)
}
