//! What every report of a plan needs: the words for places, amounts and models.

pub(super) use super::position::{FilePosition, places};
use super::words::{FindingIn, Sentence, language};
use super::{Entry, Note};
use crate::catalog::Provenance;
use crate::config::Policy;
use crate::engine::{CapacitySource, Finding, FindingPlace, GrantedQuota, Plan, PlanInput};
use crate::text::{Code, Edition, Sources};
use crate::units::QuotaAmount;
use crate::workload::Column;

/// The place of a row's cell, or of the row where the file lacks the column.
pub(super) fn cell(
    sources: &Sources,
    input: &PlanInput<'_>,
    row: usize,
    column: Column,
) -> Option<FilePosition> {
    let workload = input.workloads.rows().get(row)?;
    let span =
        input.workloads.cell(sources, workload, column).unwrap_or_else(|| input.workloads.start(workload));
    places(sources, span)
}

/// Where a finding points.
pub(super) fn finding_place(
    sources: &Sources,
    input: &PlanInput<'_>,
    at: FindingPlace,
) -> Option<FilePosition> {
    match at {
        FindingPlace::Cell { row, column } => cell(sources, input, row, column),
        FindingPlace::Key(span) => places(sources, span),
    }
}

/// A finding in words, with its place.
pub(super) fn finding_note(sources: &Sources, input: &PlanInput<'_>, plan: &Plan, finding: &Finding) -> Note {
    let Sentence { message: text, help } = language().finding(&FindingIn { input, plan, finding });
    let place = finding.place.and_then(|place| finding_place(sources, input, place));
    Note {
        severity: finding.severity,
        code: finding.code.as_str(),
        place: place.map(|place| place.to_string()).unwrap_or_default(),
        text,
        help,
    }
}

/// Whether a finding bears on the choice of a model or scope, whatever the figures: where the traffic may
/// be processed, whether AWS grants the model increases, what it asks for first, and what it bills.
pub(super) fn bears_on_the_choice(finding: &Finding) -> bool {
    matches!(
        finding.code,
        Code::Residency
            | Code::ResidencyUnknown
            | Code::Legacy
            | Code::NearRetirement
            | Code::AccessCondition
            | Code::PromotionalPrice
            | Code::NotOffered
            | Code::Restore
            | Code::NotProvisioned
    )
}

/// An entry of a labelled list.
pub(super) fn entry(label: &str, value: impl Into<String>, notes: Vec<String>) -> Entry {
    Entry { label: label.to_owned(), value: value.into(), notes }
}

/// Facts with their sources, in words.
pub(super) struct SourceWords<'a> {
    pub(super) sources: &'a Sources,
}

impl SourceWords<'_> {
    /// Source, date and line of a fact of the model table.
    pub(super) fn provenance(&self, fact: &Provenance) -> String {
        let place = places(self.sources, fact.span);
        let place = place.map(|place| format!("; {}:{}", place.file, place.line)).unwrap_or_default();
        format!("{}, {}{place}", fact.source, fact.as_of)
    }

    /// An applied quota as stated.
    pub(super) fn granted(&self, granted: Option<&GrantedQuota>) -> Entry {
        let Some(granted) = granted else { return entry("granted", "not given", Vec::new()) };
        let value = granted.value.known().map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
        let place = places(self.sources, granted.span).map(|place| place.to_string()).unwrap_or_default();
        let date = granted.as_of.map(|date| format!(", {date}")).unwrap_or_default();
        entry("granted", value, vec![format!("{place}{date}")])
    }
}

/// The pinned edition of the severities in a sentence.
pub(super) fn edition_words(policy: &Policy) -> Option<String> {
    let pinned = policy.edition?;
    let newest = match Edition::NEWEST {
        newest if newest == pinned => String::new(),
        newest => format!("; the newest is {newest}"),
    };
    Some(format!("Severities are those of edition {pinned}, set by `[policy] edition`{newest}."))
}

/// The word for which value a capacity is.
pub(super) const fn capacity_word(source: CapacitySource) -> &'static str {
    match source {
        CapacitySource::Granted => "granted",
        CapacitySource::Default => "default",
    }
}

/// What is required or used, in a few digits.
pub(super) fn short(amount: QuotaAmount) -> String {
    language().short_demand(amount)
}
