//! `[[scenario]]` tables: named changes to chosen rows.

use super::written::Written;
use crate::catalog::Residency;
use crate::text::tree::{self, Fields, Node, Table, Value};
use crate::text::{Code, Diagnostics, Span};
use crate::units::{Ratio, parse_millionths};

/// Largest number of months growth is carried.
pub const MONTHS_MAXIMUM: u32 = 120;

/// A named what-if.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its changes, applied in order.
    pub changes: Vec<Change>,
    /// Where it stands.
    pub span: Span,
}

/// One change of a scenario.
#[derive(Debug, Clone)]
pub struct Change {
    /// The rows it applies to.
    pub selector: Vec<(Selector, Written<String>)>,
    /// What it sets.
    pub set: Vec<(SetKey, Written<SetValue>)>,
}

/// A column by which rows are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selector {
    /// The workload's name.
    Workload,
    /// The team.
    Team,
    /// The model, by any of its names.
    Model,
    /// The scope.
    Scope,
    /// The period.
    Period,
    /// The account.
    Account,
}

/// What a scenario can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetKey {
    /// Both request rates.
    Rate,
    /// The busiest minute.
    Peak,
    /// Mean input.
    InputTokens,
    /// Mean output.
    OutputTokens,
    /// The share of all input that becomes cache reads.
    CacheReadShare,
    /// max_tokens, or `tight`.
    MaxTokens,
    /// Latency.
    LatencySeconds,
    /// Months of growth.
    Months,
    /// Another model.
    Model,
    /// Another scope.
    Scope,
    /// Another rule on where requests may be processed.
    Residency,
    /// Headroom.
    Headroom,
    /// Confidence.
    Confidence,
}

/// A value to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetValue {
    /// The value itself.
    Absolute(Ratio),
    /// `*factor` of what the row has.
    Factor(Ratio),
    /// A word: a model, a scope, a residency, `tight`.
    Word(String),
}

const SELECTORS: [(&str, Selector); 6] = [
    ("workload", Selector::Workload),
    ("team", Selector::Team),
    ("model", Selector::Model),
    ("scope", Selector::Scope),
    ("period", Selector::Period),
    ("account", Selector::Account),
];

const SET_KEYS: [(&str, SetKey); 13] = [
    ("rate", SetKey::Rate),
    ("peak", SetKey::Peak),
    ("input_tokens", SetKey::InputTokens),
    ("output_tokens", SetKey::OutputTokens),
    ("cache_read_share", SetKey::CacheReadShare),
    ("max_tokens", SetKey::MaxTokens),
    ("latency_seconds", SetKey::LatencySeconds),
    ("months", SetKey::Months),
    ("model", SetKey::Model),
    ("scope", SetKey::Scope),
    ("residency", SetKey::Residency),
    ("headroom", SetKey::Headroom),
    ("confidence", SetKey::Confidence),
];

/// Reads the array of scenarios.
pub(super) fn read(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Scenario> {
    let mut found: Vec<Scenario> = Vec::new();
    for item in tree::as_array(node, diagnostics).unwrap_or_default() {
        let Some(table) = tree::as_table(item, diagnostics) else {
            continue;
        };
        let mut fields = Fields::new(table);
        let name = fields.required("name", tree::name, diagnostics);
        let mut changes = Vec::new();
        if let Some(node) = fields.take("change") {
            for item in tree::as_array(node, diagnostics).unwrap_or_default() {
                changes
                    .extend(tree::as_table(item, diagnostics).and_then(|table| change(table, diagnostics)));
            }
        }
        fields.finish(diagnostics);
        let Some(name) = name else { continue };
        if found.iter().any(|other| other.name == name) {
            let message = format!("the scenario `{name}` is defined twice");
            diagnostics.at(Code::DuplicateName, item.span, message, "give each scenario its own name");
        }
        found.push(Scenario { name, changes, span: item.span });
    }
    found
}

fn change(table: &Table, diagnostics: &mut Diagnostics) -> Option<Change> {
    let mut fields = Fields::new(table);
    let mut selector = Vec::new();
    if let Some(table) = fields.take("where").and_then(|node| tree::as_table(node, diagnostics)) {
        let mut inner = Fields::new(table);
        for (key, which) in SELECTORS {
            if let Some(node) = inner.take(key)
                && let Some(value) = tree::name(node, diagnostics)
            {
                selector.push((which, Written { value, span: node.span }));
            }
        }
        inner.finish(diagnostics);
    }
    let mut set = Vec::new();
    match fields.take("set") {
        Some(node) => {
            if let Some(table) = tree::as_table(node, diagnostics) {
                let mut inner = Fields::new(table);
                for (key, which) in SET_KEYS {
                    if let Some(node) = inner.take(key)
                        && let Some(value) = value(which, node, diagnostics)
                    {
                        set.push((which, Written { value, span: node.span }));
                    }
                }
                inner.finish(diagnostics);
            }
        }
        None => diagnostics.at(
            Code::MissingValue,
            table.span,
            "a change sets nothing",
            "add `set = { rate = \"*1.5\" }` or another key to it",
        ),
    }
    fields.finish(diagnostics);
    Some(Change { selector, set })
}

fn value(key: SetKey, node: &Node, diagnostics: &mut Diagnostics) -> Option<SetValue> {
    if key == SetKey::Residency {
        let words = Residency::ALL.map(|word| (word.as_str(), word));
        let word = tree::choice(node, &words, diagnostics)?;
        return Some(SetValue::Word(word.as_str().to_owned()));
    }
    if let Value::Text(text) = &node.value {
        if matches!(key, SetKey::Model | SetKey::Scope) || (key == SetKey::MaxTokens && text == "tight") {
            return Some(SetValue::Word(text.clone()));
        }
        if let Some(factor) = text.strip_prefix('*') {
            return match parse_millionths(factor.trim()) {
                Ok(value) => Ratio::from_millionths(value).map(SetValue::Factor),
                Err(fault) => {
                    let message = format!("`{factor}` {}", fault.reason());
                    diagnostics.at(Code::BadNumber, node.span, message, fault.remedy());
                    None
                }
            };
        }
    }
    let value = tree::millionths(node, diagnostics)?;
    const ONE: u64 = crate::units::MILLIONTHS;
    let (holds, rule) = match key {
        SetKey::MaxTokens => (value % ONE == 0 && value > 0, "a whole number of at least 1, or \"tight\""),
        SetKey::Months => {
            (value % ONE == 0 && value <= u64::from(MONTHS_MAXIMUM) * ONE, "a whole number of at most 120")
        }
        SetKey::CacheReadShare => (value <= ONE, "a share from 0 to 1"),
        SetKey::Confidence => ((ONE / 2..ONE).contains(&value), "at least 0.5 and below 1"),
        _ => (true, ""),
    };
    if !holds {
        diagnostics.at(
            Code::BadValue,
            node.span,
            format!("the value must be {rule}"),
            format!("write {rule}"),
        );
        return None;
    }
    Ratio::from_millionths(value).map(SetValue::Absolute)
}
