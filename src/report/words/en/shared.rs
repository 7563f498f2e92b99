//! The names and numbers that sentences share.

use super::numbers::amount;
use crate::engine::Slot;
use crate::report::words::traits::{FindingIn, Sentence};
use crate::units::{Limit, QuotaAmount};

/// A message and what to do.
pub(super) fn sentence(message: impl Into<String>, help: impl Into<String>) -> Sentence {
    Sentence { message: message.into(), help: help.into() }
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
