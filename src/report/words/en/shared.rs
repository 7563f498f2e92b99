//! The names and numbers that sentences share.

use super::numbers::amount;
use crate::engine::Slot;
use crate::experiment::Measure;
use crate::report::words::sentence::Sentence;
use crate::report::words::traits::FindingIn;
use crate::units::{Limit, QuotaAmount, grouped};

/// A message and what to do.
pub(super) fn sentence(message: impl Into<String>, help: impl Into<String>) -> Sentence {
    Sentence { message: message.into(), help: help.into() }
}

/// `1 quota`, `3 quotas`.
pub(super) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// A limit: an amount, or that there is none.
pub(super) fn limit(stated: Limit) -> String {
    match stated {
        Limit::Unlimited => "unlimited".to_owned(),
        Limit::Amount(value) => amount(value),
    }
}

/// An amount, or that it is not known.
pub(super) fn amount_or_unknown(stated: Option<QuotaAmount>) -> String {
    stated.map_or_else(|| "unknown".to_owned(), amount)
}

/// The quota that a finding is about, with its code.
pub(super) fn title(of: &FindingIn<'_>) -> String {
    of.quota().map(|quota| quota.id.title(of.catalog())).unwrap_or_default()
}

/// The model and scope of the quota that a finding is about.
pub(super) fn subject(of: &FindingIn<'_>) -> String {
    let quota =
        of.quota().map(|quota| format!("{} {}", of.catalog().model(quota.id.model).name, quota.id.scope));
    quota.unwrap_or_default()
}

/// The same with what the quota counts.
pub(super) fn subject_and_kind(of: &FindingIn<'_>) -> String {
    let kind = of.quota().map(|quota| quota.id.kind.as_str()).unwrap_or_default();
    format!("{} {kind}", subject(of))
}

/// Where the table has the quota from.
pub(super) fn entry_source<'a>(of: &FindingIn<'a>) -> &'a str {
    let entry = of.quota().and_then(|quota| quota.entry.as_ref());
    entry.map(|entry| entry.provenance.source.as_str()).unwrap_or_default()
}

/// When a demand is largest: `in april, from 14:00`; empty where nothing tells.
pub(super) fn slot_words(of: &FindingIn<'_>, slot: Slot) -> String {
    let period = slot.period.map(|symbol| format!("in {}", of.input.workloads.text(symbol)));
    let hour = slot.hour.map(|hour| format!("from {hour:02}:00"));
    period.into_iter().chain(hour).collect::<Vec<_>>().join(", ")
}

/// `1 row has`, `3 rows have`.
pub(super) fn rows_have(count: usize) -> String {
    if count == 1 { "1 row has".to_owned() } else { format!("{count} rows have") }
}

/// A number of tokens.
pub(super) fn tokens(amount: u128) -> String {
    format!("{} token{}", grouped(amount), if amount == 1 { "" } else { "s" })
}

/// A window in words.
pub(super) fn window(measure: Measure) -> &'static str {
    match measure {
        Measure::Rolling => "rolling (the last 60 s)",
        Measure::Minute => "minute (from the first request)",
        Measure::Bucket => "bucket (refilled evenly)",
    }
}

/// A share of requests in percent; what is not nothing never reads as nothing.
pub(super) fn percent(part: u64, whole: u64) -> String {
    // Half up, once.
    let twice = (2 * 10_000 * u128::from(part) + u128::from(whole)).checked_div(2 * u128::from(whole));
    match (part, twice) {
        (_, None) => "-".to_owned(),
        (0, _) => "0 %".to_owned(),
        (_, Some(0)) => "< 0.01 %".to_owned(),
        (_, Some(10_000)) if part < whole => "> 99.99 %".to_owned(),
        (_, Some(hundredths)) => format!("{}.{:02} %", hundredths / 100, hundredths % 100),
    }
}

/// A clause as a sentence: with a capital letter and a full stop.
pub(super) fn as_sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).chain(['.']).collect()
}
