//! `[[scenario]]` tables: named changes to chosen rows.

use super::written::Written;
use crate::catalog::Residency;
use crate::text::tree::{self, Fields, Node, Table, Value};
use crate::text::{Code, Diagnostics, Span};
use crate::units::{Ratio, parse_millionths, words};

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

words! {
    /// A column by which rows are chosen.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Selector {
        /// The workload's name.
        Workload = "workload",
        /// The team.
        Team = "team",
        /// The model, by any of its names.
        Model = "model",
        /// The scope.
        Scope = "scope",
        /// The period.
        Period = "period",
        /// The account.
        Account = "account",
    }
}

words! {
    /// What a scenario can set.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SetKey {
        /// Both request rates.
        Rate = "rate",
        /// The busiest minute.
        Peak = "peak",
        /// Mean input.
        InputTokens = "input_tokens",
        /// Mean output.
        OutputTokens = "output_tokens",
        /// The share of all input that becomes cache reads.
        CacheReadShare = "cache_read_share",
        /// max_tokens, or `tight`.
        MaxTokens = "max_tokens",
        /// Latency.
        LatencySeconds = "latency_seconds",
        /// Months of growth.
        Months = "months",
        /// Another model.
        Model = "model",
        /// Another scope.
        Scope = "scope",
        /// Another rule on where requests may be processed.
        Residency = "residency",
        /// Headroom.
        Headroom = "headroom",
        /// Confidence.
        Confidence = "confidence",
    }
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
        for which in Selector::ALL {
            if let Some(node) = inner.take(which.as_str())
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
                for which in SetKey::ALL {
                    if let Some(node) = inner.take(which.as_str())
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
            "this change has no `set`",
            "add `set = { rate = \"*1.5\" }`, or a `set` with another key",
        ),
    }
    fields.finish(diagnostics);
    Some(Change { selector, set })
}

fn value(key: SetKey, node: &Node, diagnostics: &mut Diagnostics) -> Option<SetValue> {
    if key == SetKey::Residency {
        let word: Residency = tree::choice(node, diagnostics)?;
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
