//! Lifecycles that an answer states, held against the table's: what an overlay can say of them, and what it cannot.

use super::answers::{Answers, Life, Stated};
use super::change::{Change, OpenLifecycle, Update, UpdateRemark, fact};
use crate::catalog::{Catalog, Disorder, Lifestage, Model, disorders};
use crate::text::plain::toml_string;
use crate::text::{Code, Diagnostics, FactDate};

const MODELS: &str = "aws bedrock list-foundation-models, saved answer";

/// Compares the lives of models with the table.
pub(super) fn compare(catalog: &Catalog, answers: &Answers, update: &mut Update, d: &mut Diagnostics) {
    let Some(stated) = &answers.models else { return };
    let mut gone = Vec::new();
    let mut undecided = Vec::new();
    for model in catalog.models() {
        match stated.get(&model.id) {
            Some(life) => lifecycle(model, life, update, &mut undecided, d),
            None if model.offered => gone.push(model.id.clone()),
            None => {}
        }
    }
    let is_known = |id: &&String| catalog.models().iter().any(|model| model.id == **id);
    let new: Vec<String> = stated.keys().filter(|id| !is_known(id)).cloned().collect();
    update.list(UpdateRemark::MissingLifecycles, gone);
    update.list(UpdateRemark::OpenLifecycles, undecided);
    update.list(UpdateRemark::NewModels, new);
}

fn lifecycle(
    model: &Model,
    stated: &Life,
    update: &mut Update,
    undecided: &mut Vec<OpenLifecycle>,
    d: &mut Diagnostics,
) {
    let own = model.lifecycle.as_ref();
    let open = |stage| OpenLifecycle { model: model.id.clone(), stage };
    let stage = match stated.status.as_str() {
        "ACTIVE" => Lifestage::Active,
        "LEGACY" => Lifestage::Legacy,
        other => return undecided.push(open(Some(other.to_owned()))),
    };
    // A key cannot be taken out by an overlay, and an end stated of an active model may be no more than AWS's earliest.
    let is_stale = own.is_some_and(|own| own.legacy_since.is_some());
    let has_end = stated.end.is_some() || stated.extended.is_some();
    if stage == Lifestage::Active
        && (is_stale || (has_end && own.is_none_or(|own| own.retirement != stated.end.map(|end| end.day))))
    {
        return undecided.push(open(None));
    }
    if stage == Lifestage::Legacy && has_disorder(model, stated, d) {
        return;
    }
    let day = |stated: Option<Stated>| stated.map(|stated| stated.day);
    let (legacy, extended, end) = (day(stated.legacy), day(stated.extended), day(stated.end));
    let mut change = |key, before: Option<String>, after: Option<String>| {
        let before = before.unwrap_or_else(|| "absent".to_owned());
        if let Some(after) = after.filter(|after| *after != before) {
            let (model, table) = (model.id.clone(), "lifecycle".to_owned());
            update.changes.push(Change { model, table, key, before, after, source: MODELS });
        }
    };
    let date = |date: Option<FactDate>| date.map(|date| toml_string(&date.to_string()));
    let status = own.map(|own| fact(&own.status, |stage| toml_string(stage.as_str())));
    change("status", status, Some(toml_string(stage.as_str())));
    if stage == Lifestage::Legacy {
        change("legacy_since", date(own.and_then(|own| own.legacy_since)), date(legacy));
        change("extended_access_from", date(own.and_then(|own| own.extended_access_from)), date(extended));
        change("retirement", date(own.and_then(|own| own.retirement)), date(end));
        if own.is_some_and(|own| own.retirement_second_hand) && end.is_some() {
            change("retirement_second_hand", Some("true".to_owned()), Some("false".to_owned()));
        }
    }
}

/// Whether the dates stated, with those of the table where none is stated, are in an order that cannot be; it is
/// reported at the first of the two that the answer states.
fn has_disorder(model: &Model, stated: &Life, d: &mut Diagnostics) -> bool {
    let own = model.lifecycle.as_ref();
    let in_table = [
        own.and_then(|own| own.legacy_since),
        own.and_then(|own| own.extended_access_from),
        own.and_then(|own| own.retirement),
    ];
    let in_answer = [stated.legacy, stated.extended, stated.end];
    let day = |at: usize| {
        let stated = in_answer.get(at).copied().flatten();
        stated.map(|stated| stated.day).or_else(|| in_table.get(at).copied().flatten())
    };
    let before = d.len();
    for Disorder { earlier, later, words } in disorders([day(0), day(1), day(2)]) {
        let at = |index: usize| in_answer.get(index).copied().flatten();
        let (Some(first), Some(second)) = (day(earlier), day(later)) else { continue };
        // Dates of the table alone were judged with it.
        let Some(place) = at(earlier).or_else(|| at(later)) else { continue };
        let words_of = |day: FactDate, stated: Option<Stated>| match stated {
            Some(_) => day.to_string(),
            None => format!("{day} (in the table)"),
        };
        let (first, second) = (words_of(first, at(earlier)), words_of(second, at(later)));
        let message = format!("{}: {words}: {second} is before {first}", model.id);
        let help = "save the answer again; if AWS still says so, correct the table by hand, with the source";
        d.at(Code::BadValue, place.span, message, help);
    }
    d.len() > before
}
