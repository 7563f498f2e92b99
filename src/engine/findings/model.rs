//! Findings about a model and its scope: its life, access, prices and disputed limits, and where its requests go.

use super::collector::{At, Collector, RowFacts};
use crate::catalog::{LimitField, Model, ModelIndex, Residency, Scope};
use crate::engine::finding::FindingFact;
use crate::engine::remedy::{MoveTo, SuccessorAdvice};
use crate::engine::residency::{residencies, residency_fault};
use crate::engine::result::QuotaPlan;
use crate::engine::successors::{Successor, Successors, successors, tells_its_generation};
use crate::workload::Column;

/// Rows whose residency the scope breaks, or may break.
pub(super) fn residency(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    facts: &RowFacts,
) {
    for (residency, tally) in [(Residency::Canada, facts.canada), (Residency::Us, facts.us)] {
        if tally.count == 0 {
            continue;
        }
        let Some(fault) = residency_fault(model, plan.id.scope, Some(residency)) else { continue };
        let by_policy = c.input.assumptions.config.policy.residency == Some(residency);
        let (rows, of) = (tally.count, facts.all.count);
        let detail = Some(residency.as_str().to_owned());
        let at = At { detail, ..tally.at(Column::Residency) };
        c.add(FindingFact::Residency { residency, rows, of, by_policy, fault }, Some(index), at);
    }
}

/// What AWS asks for before the first call.
pub(super) fn access(c: &mut Collector<'_, '_>, index: usize, model: &Model, facts: &RowFacts) {
    for (condition, stated) in model.access.iter().enumerate() {
        let at = At { detail: Some(stated.kind.as_str().to_owned()), ..facts.all.at(Column::Model) };
        c.add(FindingFact::AccessCondition { condition }, Some(index), at);
    }
}

/// Prices that were announced for a time which is over: what AWS bills since is not known.
pub(super) fn promotions(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    facts: &RowFacts,
) {
    let today = c.input.assumptions.price_date();
    let prices = model.scope(plan.id.scope).map_or(&[][..], |entry| &entry.prices);
    let over = prices.iter().filter_map(|price| Some((price, price.promotion.as_ref()?)));
    // The tiers of a scope are announced together.
    let Some((price, promotion)) = over.into_iter().find(|(_, promotion)| promotion.is_over(today)) else {
        return;
    };
    let fact = FindingFact::PromotionalPrice {
        input: price.input.known(),
        output: price.output.known(),
        promotion: promotion.clone(),
        on: today,
    };
    c.add(fact, Some(index), facts.all.at(Column::Model));
}

/// What to move the rows of a model to that takes no increases: for the strictest residency of the rows that
/// something keeps to, and before it the residencies that nothing keeps to.
fn advice(c: &Collector<'_, '_>, index: ModelIndex, scope: Scope, rows: &[u32]) -> SuccessorAdvice {
    let model = c.input.catalog.model(index);
    let mut residencies = residencies(c.input, rows);
    residencies.sort_unstable_by(|one, other| other.cmp(one));
    let mut advice = SuccessorAdvice {
        without: Vec::new(),
        active: Vec::new(),
        status_unknown: Vec::new(),
        tells_generation: tells_its_generation(model),
    };
    for residency in residencies {
        let found = successors(c.input.catalog, model, scope, residency, c.input.assumptions.today);
        let Successors { active, status_unknown } = found;
        if active.is_empty() && status_unknown.is_empty() {
            advice.without.push(residency);
            continue;
        }
        let to = |all: &[Successor<'_>]| -> Vec<MoveTo> {
            let catalog = c.input.catalog;
            let index_of =
                |model: &Model| catalog.indices().find(|other| catalog.model(*other).id == model.id);
            let to = |one: &Successor<'_>| Some(MoveTo { model: index_of(one.model)?, scope: one.scope });
            all.iter().filter_map(to).collect()
        };
        (advice.active, advice.status_unknown) = (to(&active), to(&status_unknown));
        break;
    }
    advice
}

pub(super) fn lifecycle(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    facts: &RowFacts,
) {
    let Some(lifecycle) = &model.lifecycle else {
        return;
    };
    let (today, within) = (c.input.assumptions.today, c.input.assumptions.config.policy.retirement_days);
    let at = facts.all.at(Column::Model);
    if model.takes_no_increases(today) {
        let successors = advice(c, plan.id.model, plan.id.scope, c.plan.rows_of(plan));
        c.add(FindingFact::Legacy { successors }, Some(index), at);
        return;
    }
    let fact = if let Some(since) = lifecycle.legacy_since.filter(|since| today.days_until(*since) <= within)
    {
        FindingFact::NearLegacy { since }
    } else if let Some(retirement) = lifecycle.retirement
        && today.days_until(retirement) <= within
    {
        FindingFact::NearRetirement { retirement }
    } else if let Some(earliest) = lifecycle.no_sooner_than
        && today.days_until(earliest) <= within
    {
        FindingFact::RetirementOpen { earliest }
    } else {
        return;
    };
    c.add(fact, Some(index), at);
}

/// Rows between the two values that sources give for a limit.
pub(super) fn disputed_limits(c: &mut Collector<'_, '_>, index: usize, model: &Model, facts: &RowFacts) {
    for (field, tally, column) in [
        (LimitField::MaxOutputTokens, facts.disputed_output, Column::MaxTokens),
        (LimitField::ContextWindow, facts.disputed_input, Column::InputTokens),
    ] {
        if tally.count > 0 && model.smallest_disputed(field).is_some() {
            let detail = Some(field.as_str().to_owned());
            let fact = FindingFact::DisputedLimit { field, rows: tally.count };
            c.add(fact, Some(index), At { detail, ..tally.at(column) });
        }
    }
}
