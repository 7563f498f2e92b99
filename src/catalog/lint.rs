//! What must hold between the entries of a table: names and codes are unique, codes are well
//! formed, profiles agree with scope and base id.

use std::collections::BTreeMap;

use super::names::{Named, Names};
use super::{LimitField, Model, ModelIndex, QuotaEntry, Scope, ScopeEntry, Statement};
use crate::text::{Code, Diagnostics, Span};
use crate::units::Fact;

/// Fills `names` and reports names with two meanings and profiles that contradict their place.
pub(super) fn names(models: &[Model], names: &mut Names, diagnostics: &mut Diagnostics) {
    let mut claim = |name: &str, named: Named, span: Span| {
        if names.insert(name, named).is_some() {
            let help = "give every id, profile, name and alias one meaning";
            diagnostics.at(Code::DuplicateName, span, format!("`{name}` names two things"), help);
        }
    };
    for (index, model) in models.iter().zip(0_u16..).map(|(model, index)| (ModelIndex(index), model)) {
        let plain = Named { model: index, scope: None };
        for name in [&model.id, &model.name] {
            claim(name, plain, model.span);
        }
        for (alias, span) in model.aliases.iter().zip(&model.alias_spans) {
            claim(alias, plain, *span);
        }
        for entry in &model.scopes {
            if let Some(profile) = &entry.profile {
                claim(profile, Named { model: index, scope: Some(entry.scope) }, entry.profile_span);
            }
        }
    }
    for model in models {
        for entry in &model.scopes {
            profile(model, entry, diagnostics);
        }
    }
}

fn profile(model: &Model, entry: &ScopeEntry, diagnostics: &mut Diagnostics) {
    let expected = match entry.scope {
        Scope::InRegion => None,
        scope => Some(format!("{scope}.{}", model.id)),
    };
    if entry.profile != expected {
        let help = expected.map_or_else(
            || "in-region has no profile: remove the key".to_owned(),
            |profile| format!("write `profile = \"{profile}\"`"),
        );
        diagnostics.at(
            Code::BadValue,
            entry.profile_span,
            format!("the profile does not match scope `{}` and model `{}`", entry.scope, model.id),
            help,
        );
    }
}

/// Reports codes used twice and quotas without one.
pub(super) fn codes(models: &[Model], daily: Option<&QuotaEntry>, diagnostics: &mut Diagnostics) {
    let of_models =
        models.iter().flat_map(|m| &m.scopes).flat_map(ScopeEntry::quotas).map(|quota| quota.entry);
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for quota in of_models.chain(daily) {
        let span = quota.code_span;
        let Fact::Known(code) = &quota.code else {
            if quota.code == Fact::Absent {
                let help = "add `code`, or \"unknown\" if it is not known";
                diagnostics.at(Code::MissingValue, span, "a quota without `code`", help);
            }
            continue;
        };
        if seen.insert(code, span).is_some() {
            let help = "each code belongs to one quota: correct one of the two";
            diagnostics.at(Code::DuplicateName, span, format!("quota code `{code}` is used twice"), help);
        }
    }
}

/// Reports disputed limits that are not below the value that is planned with.
pub(super) fn limits(models: &[Model], diagnostics: &mut Diagnostics) {
    for model in models {
        for limit in &model.disputed {
            let (own, key) = match limit.field {
                LimitField::MaxOutputTokens => (model.max_output_tokens, "max_output_tokens"),
                LimitField::ContextWindow => (model.context_window, "context_window"),
            };
            if own.known().is_none_or(|own| limit.value >= own) {
                let help = format!(
                    "state the largest value as `{key}`, which plans use, and the smaller ones as disputed"
                );
                let message = format!("the disputed `{key}` is not below the model's own value");
                diagnostics.at(Code::BadValue, limit.provenance.span, message, help);
            }
        }
    }
}

/// Reports statements about models that are not in the table.
pub(super) fn statements(models: &[Model], statements: &[Statement], diagnostics: &mut Diagnostics) {
    for statement in statements {
        for (id, span) in &statement.models {
            if !models.iter().any(|model| model.id == *id) {
                let help = "write the id of a model of the table";
                diagnostics.at(Code::UnknownModel, *span, format!("no model has the id `{id}`"), help);
            }
        }
    }
}
