//! Whether traffic stays where an organisation wants it.

use super::assumptions::PlanInput;
use crate::catalog::{Model, Outside, Residency, ResidencyVerdict, Scope};
use crate::text::Code;
use crate::workload::Workload;

/// Why a scope does not keep to a residency, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResidencyFault {
    /// The scope may process requests outside it.
    Outside {
        /// Where.
        outside: Outside,
        /// The scopes of the model that keep to it.
        others: Vec<Scope>,
    },
    /// The model table does not know the scope's destinations.
    Unknown {
        /// The profile whose destinations AWS states; `None` where the model has none in the scope.
        profile: Option<String>,
    },
}

impl ResidencyFault {
    /// [`Code::Residency`], or [`Code::ResidencyUnknown`] where it cannot be told.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Outside { .. } => Code::Residency,
            Self::Unknown { .. } => Code::ResidencyUnknown,
        }
    }
}

/// A residency that the scope breaks, or may break: to be settled before more of a quota is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsettledResidency {
    /// The strictest residency of the rows.
    pub residency: Residency,
    /// What is wrong with the scope.
    pub fault: ResidencyFault,
}

/// What is wrong with a residency in a scope of a model; `None` where the scope keeps to it.
#[must_use]
pub fn residency_fault(model: &Model, scope: Scope, residency: Option<Residency>) -> Option<ResidencyFault> {
    match model.keeps_to(residency, scope) {
        ResidencyVerdict::Met => None,
        ResidencyVerdict::Outside(outside) => {
            let others = model.scopes_that_keep_to(residency?).collect();
            Some(ResidencyFault::Outside { outside, others })
        }
        ResidencyVerdict::Unknown => {
            let profile = model.scope(scope).and_then(|entry| entry.profile.clone());
            Some(ResidencyFault::Unknown { profile })
        }
    }
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
