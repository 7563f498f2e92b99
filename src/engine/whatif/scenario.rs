//! Scenarios with their words resolved: models and scopes found, keys told apart by what they change.

use crate::catalog::Catalog;
use crate::catalog::{Named, Residency, Scope};
use crate::config::{self, Config, Selector, SetKey, SetValue};
use crate::engine::assumptions::find_model;
use crate::text::{Code, Diagnostics, Span};
use crate::units::Ratio;

/// A named what-if, ready to be applied.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    pub(super) changes: Vec<Change>,
}

/// One change: which rows, and what about them.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) chosen: Chosen,
    pub(super) settings: Vec<(Setting, Span)>,
    /// Where it stands.
    pub(super) span: Span,
}

/// The rows a change applies to; all where nothing is stated.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    pub(super) workload: Option<String>,
    pub(super) team: Option<String>,
    pub(super) period: Option<String>,
    pub(super) account: Option<String>,
    pub(super) model: Option<Named>,
    pub(super) scope: Option<Scope>,
}

/// A number to set, or to multiply by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    To(Ratio),
    Times(Ratio),
}

/// What is changed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Setting {
    /// The model first, so that the other settings are judged against it.
    Model(Named),
    Scope(Scope),
    Residency(Residency),
    InputTokens(Value),
    OutputTokens(Value),
    CacheReadShare(Value),
    MaxTokens(Value),
    TightMaxTokens,
    LatencySeconds(Value),
    Rate(Value),
    Peak(Value),
    Months(Value),
    Headroom(Value),
    Confidence(Value),
}

impl Setting {
    /// Whether it is of the whole plan, not of rows.
    pub(super) const fn is_of_the_plan(self) -> bool {
        matches!(self, Self::Months(_) | Self::Headroom(_) | Self::Confidence(_))
    }

    /// The place in which settings of one change are applied, whatever their order in the file.
    const fn order(self) -> u8 {
        match self {
            Self::Model(_) => 0,
            Self::Scope(_) | Self::Residency(_) => 1,
            Self::InputTokens(_) => 2,
            Self::OutputTokens(_) => 3,
            Self::CacheReadShare(_) => 4,
            Self::MaxTokens(_) | Self::TightMaxTokens => 5,
            Self::LatencySeconds(_) => 6,
            Self::Rate(_) => 7,
            Self::Peak(_) => 8,
            Self::Months(_) | Self::Headroom(_) | Self::Confidence(_) => 9,
        }
    }
}

impl Scenario {
    /// Resolves a scenario of the configuration; what leads to no model or scope is reported, and
    /// then there is none.
    pub fn resolve(
        stated: &config::Scenario,
        config: &Config,
        catalog: &Catalog,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut changes = Vec::new();
        let mut valid = true;
        for change in &stated.changes {
            match resolved(change, stated.span, config, catalog, diagnostics) {
                Some(change) => changes.push(change),
                None => valid = false,
            }
        }
        valid.then(|| Self { name: stated.name.clone(), changes })
    }

    /// Several scenarios as one: their changes, one after the other.
    #[must_use]
    pub fn composed(parts: &[&Self]) -> Self {
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        let changes = parts.iter().flat_map(|part| part.changes.iter().cloned());
        Self { name: names.join("+"), changes: changes.collect() }
    }

    /// max_tokens of every row tightened to what its quota's answers need; `span` is where it is
    /// asked for.
    #[must_use]
    pub fn tight(span: Span) -> Self {
        let settings = vec![(Setting::TightMaxTokens, span)];
        Self { name: "tight".to_owned(), changes: vec![Change { chosen: Chosen::default(), settings, span }] }
    }

    /// One scope's traffic moved whole onto another.
    #[must_use]
    pub fn failover(from: Scope, to: Scope, span: Span) -> Self {
        let chosen = Chosen { scope: Some(from), ..Chosen::default() };
        let settings = vec![(Setting::Scope(to), span)];
        Self { name: format!("failover {from} {to}"), changes: vec![Change { chosen, settings, span }] }
    }
}

fn scope(word: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Scope> {
    let scope = word.parse::<Scope>().ok();
    if scope.is_none() {
        let message = format!("`{word}` is not a scope");
        diagnostics.at(Code::UnknownScope, span, message, "write us, global, ca or in-region");
    }
    scope
}

fn resolved(
    change: &config::Change,
    span: Span,
    config: &Config,
    catalog: &Catalog,
    diagnostics: &mut Diagnostics,
) -> Option<Change> {
    let mut chosen = Chosen::default();
    let mut valid = true;
    for (selector, word) in &change.selector {
        let text = || Some(word.value.clone());
        match selector {
            Selector::Workload => chosen.workload = text(),
            Selector::Team => chosen.team = text(),
            Selector::Period => chosen.period = text(),
            Selector::Account => chosen.account = text(),
            Selector::Model => {
                chosen.model = find_model(config, catalog, &word.value, word.span, diagnostics);
                valid &= chosen.model.is_some();
            }
            Selector::Scope => {
                chosen.scope = scope(&word.value, word.span, diagnostics);
                valid &= chosen.scope.is_some();
            }
        }
    }
    let mut settings = Vec::new();
    for (key, value) in &change.set {
        let setting = setting(*key, &value.value, value.span, (config, catalog), diagnostics);
        valid &= setting.is_some();
        let Some(setting) = setting else { continue };
        if setting.is_of_the_plan() && !change.selector.is_empty() {
            let message = "months, headroom and confidence apply to the whole plan, not to chosen rows";
            diagnostics.at(Code::BadValue, value.span, message, "set them in a change without `where`");
            valid = false;
        }
        settings.push((setting, value.span));
    }
    settings.sort_by_key(|(setting, _)| setting.order());
    let span = change.selector.first().map_or(span, |(_, word)| word.span);
    valid.then_some(Change { chosen, settings, span })
}

fn setting(
    key: SetKey,
    value: &SetValue,
    span: Span,
    (config, catalog): (&Config, &Catalog),
    diagnostics: &mut Diagnostics,
) -> Option<Setting> {
    let number = match value {
        SetValue::Absolute(ratio) => Value::To(*ratio),
        SetValue::Factor(ratio) => Value::Times(*ratio),
        SetValue::Word(word) => {
            return match key {
                SetKey::Model => find_model(config, catalog, word, span, diagnostics).map(Setting::Model),
                SetKey::Scope => scope(word, span, diagnostics).map(Setting::Scope),
                SetKey::Residency => word.parse::<Residency>().ok().map(Setting::Residency),
                // The reader lets no other word through.
                _ => Some(Setting::TightMaxTokens),
            };
        }
    };
    Some(match key {
        SetKey::Rate => Setting::Rate(number),
        SetKey::Peak => Setting::Peak(number),
        SetKey::InputTokens => Setting::InputTokens(number),
        SetKey::OutputTokens => Setting::OutputTokens(number),
        SetKey::CacheReadShare => Setting::CacheReadShare(number),
        SetKey::MaxTokens => Setting::MaxTokens(number),
        SetKey::LatencySeconds => Setting::LatencySeconds(number),
        SetKey::Months => Setting::Months(number),
        SetKey::Headroom => Setting::Headroom(number),
        SetKey::Confidence => Setting::Confidence(number),
        SetKey::Model | SetKey::Scope | SetKey::Residency => {
            let help = "write it in quotes";
            diagnostics.at(
                Code::WrongType,
                span,
                "a model, scope or residency is a word, not a number",
                help,
            );
            return None;
        }
    })
}
