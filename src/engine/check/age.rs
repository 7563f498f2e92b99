//! The age of the facts a plan rests on.

use std::collections::BTreeSet;

use super::collect::{About, Gate, key};
use super::quotas::QuotaJudgement;
use crate::catalog::{ModelIndex, Provenance};
use crate::config::GrantedQuota;
use crate::engine::finding::{AgedFact, FindingFact, FindingPlace};
use crate::workload::Column;

/// Adds what is older than the policy allows: facts of the model table, and applied quotas.
pub(super) fn add(gate: &mut Gate<'_, '_>, judged: &[QuotaJudgement]) {
    let mut seen = BTreeSet::new();
    let plan = gate.plan;
    for (index, quota) in plan.quotas.iter().enumerate() {
        if seen.insert(quota.id.model) {
            table(gate, judged, index, quota.id.model);
        }
    }
    for (index, quota) in plan.quotas.iter().enumerate() {
        applied(gate, quota.granted.as_ref(), Some(index));
    }
    for daily in &plan.account_daily {
        applied(gate, daily.granted.as_ref(), None);
    }
}

fn applied(gate: &mut Gate<'_, '_>, granted: Option<&GrantedQuota>, quota: Option<usize>) {
    let today = gate.input.assumptions.today;
    let Some((granted, as_of)) = granted.and_then(|granted| Some((granted, granted.as_of?))) else {
        return;
    };
    let days = as_of.days_until(today);
    if days > gate.input.assumptions.config.policy.table_age_days {
        let about = About { quota, place: key(granted.span), ..About::default() };
        gate.add(FindingFact::StaleGranted { as_of, days }, about);
    }
}

/// The facts of a model that the plan's figures rest on, each with its name.
fn facts<'a>(
    gate: &Gate<'a, '_>,
    judged: &[QuotaJudgement],
    model: ModelIndex,
) -> Vec<(AgedFact, &'a Provenance)> {
    let plan = gate.plan;
    let mut facts: Vec<(AgedFact, &Provenance)> = Vec::new();
    let judged = plan.quotas.iter().zip(judged).enumerate();
    for (index, (quota, judgement)) in judged.filter(|(_, (quota, _))| quota.id.model == model) {
        let entry =
            quota.entry.as_ref().filter(|_| judgement.assumed_default || quota.granted_limit().is_none());
        if let Some(entry) = entry {
            facts.push((AgedFact::Default { quota: index }, &entry.provenance));
        }
    }
    facts
}

fn table(gate: &mut Gate<'_, '_>, judged: &[QuotaJudgement], index: usize, model: ModelIndex) {
    let (today, most) = (gate.input.assumptions.today, gate.input.assumptions.config.policy.table_age_days);
    let catalog = gate.input.catalog;
    let entry = catalog.model(model);
    let plan = gate.plan;
    let mut facts = facts(gate, judged, model);
    let statement = plan.quotas.get(index).and_then(|quota| quota.rate.statement);
    let statement = statement.and_then(|statement| entry.burndown.get(statement));
    facts.extend(statement.map(|statement| (AgedFact::BurndownRate, &statement.provenance)));
    facts.extend(entry.lifecycle.iter().map(|lifecycle| (AgedFact::Lifecycle, &lifecycle.provenance)));
    let scopes: BTreeSet<_> =
        plan.quotas.iter().filter(|quota| quota.id.model == model).map(|quota| quota.id.scope).collect();
    for scope in scopes {
        let oldest =
            entry.scope(scope).and_then(|entry| entry.prices.iter().min_by_key(|p| p.provenance.as_of.day()));
        facts.extend(oldest.map(|price| (AgedFact::Prices { scope }, &price.provenance)));
    }
    let age = |fact: &Provenance| fact.as_of.days_until(today);
    let mut old: Vec<(AgedFact, &Provenance)> =
        facts.into_iter().filter(|(_, fact)| age(fact) > most).collect();
    // The oldest first; facts of one age in the order above.
    old.sort_by_key(|(_, fact)| std::cmp::Reverse(age(fact)));
    if old.is_empty() {
        return;
    }
    let row = plan.quotas.get(index).and_then(|quota| plan.rows_of(quota).first());
    let place = row.map(|row| FindingPlace::Cell { row: *row as usize, column: Column::Model });
    let about = About { quota: Some(index), place, ..About::default() };
    let facts = old.into_iter().map(|(name, fact)| (name, fact.as_of)).collect();
    gate.add(FindingFact::StaleTable { model, most_days: most, facts }, about);
}
