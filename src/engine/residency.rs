//! Whether traffic stays where an organisation wants it, in words.

use super::input::PlanInput;
use super::result::{Plan, QuotaPlan};
use crate::catalog::{Model, Outside, Residency, ResidencyVerdict, Scope};
use crate::text::Code;
use crate::workload::Workload;

/// Why a scope does not keep to a residency, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidencyFault {
    /// [`Code::Residency`], or [`Code::ResidencyUnknown`] where it cannot be told.
    pub code: Code,
    /// The reason, a main clause.
    pub reason: String,
    /// What to do.
    pub help: String,
}

/// What is wrong with a residency in a scope of a model; `None` where the scope keeps to it.
#[must_use]
pub fn residency_fault(model: &Model, scope: Scope, residency: Option<Residency>) -> Option<ResidencyFault> {
    let outside = match model.keeps_to(residency, scope) {
        ResidencyVerdict::Met => return None,
        ResidencyVerdict::Outside(outside) => Some(outside),
        ResidencyVerdict::Unknown => None,
    };
    Some(match outside {
        Some(outside) => ResidencyFault {
            code: Code::Residency,
            reason: broken(&outside),
            help: instead(model, residency?),
        },
        None => ResidencyFault {
            code: Code::ResidencyUnknown,
            reason:
                "the model table does not know the scope's destination Regions, so it cannot be told whether \
                     requests stay there"
                    .to_owned(),
            help: look_up(model, scope),
        },
    })
}

fn broken(outside: &Outside) -> String {
    format!("the scope may process requests in {outside}")
}

/// The other scopes of the model that would do.
fn instead(model: &Model, residency: Residency) -> String {
    let scopes: Vec<&str> = model.scopes_that_keep_to(residency).map(Scope::as_str).collect();
    match scopes.as_slice() {
        [] => {
            "no scope of the model stays there: `quotaplan compare` names the models that have one".to_owned()
        }
        scopes => format!("use a scope of the model that stays there: {}", scopes.join(", ")),
    }
}

/// How destinations that the table does not know are found.
fn look_up(model: &Model, scope: Scope) -> String {
    match model.scope(scope).and_then(|entry| entry.profile.as_deref()) {
        Some(profile) => format!(
            "look them up and add them with --models: aws bedrock get-inference-profile --region ca-central-1 \
             --inference-profile-identifier {profile}"
        ),
        None => "plan a model that is offered from ca-central-1".to_owned(),
    }
}

/// What to do first about a quota whose scope breaks, or may break, the residency of its rows: more of it is
/// not asked for before that is settled. `None` where the scope keeps to it.
pub(super) fn settle_residency(input: &PlanInput<'_>, plan: &Plan, quota: &QuotaPlan) -> Option<String> {
    let residency = strictest_residency(input, plan.rows_of(quota))?;
    let fault = residency_fault(input.catalog.model(quota.id.model), quota.id.scope, Some(residency))?;
    Some(format!("settle the residency ({residency}) before you ask for more: {}", fault.help))
}

/// The strictest residency of some rows: a scope that keeps to it keeps to all of them.
#[must_use]
pub fn strictest_residency(input: &PlanInput<'_>, rows: &[u32]) -> Option<Residency> {
    let rows = rows.iter().filter_map(|row| input.workloads.rows().get(*row as usize));
    rows.filter_map(Workload::residency).max()
}

/// The residencies of some rows, each once; `None` stands for rows that may go anywhere.
pub(super) fn residencies(input: &PlanInput<'_>, rows: &[u32]) -> Vec<Option<Residency>> {
    let mut found = Vec::new();
    for row in rows.iter().filter_map(|row| input.workloads.rows().get(*row as usize)) {
        let residency = row.residency().filter(|residency| *residency != Residency::Any);
        if !found.contains(&residency) {
            found.push(residency);
        }
    }
    found
}
