//! What-if: plans of the same files with something changed, beside the plan of the files as they are.

use super::TooLarge;
use super::assumptions::PlanInput;
use super::plan::plan;
use super::result::Plan;
use crate::text::Diagnostics;

mod apply;
mod scenario;

pub use apply::{Applied, apply};
pub(super) use apply::{assumed_latency, busiest, cached, capped, scaled, times};
pub use scenario::Scenario;

/// A scenario's inputs and plan.
#[derive(Debug, Clone)]
pub struct ScenarioPlan {
    /// The scenario's name.
    pub name: String,
    /// What its plan was made from.
    pub applied: Applied,
    /// Its plan.
    pub plan: Plan,
}

impl ScenarioPlan {
    /// What its plan was made from, with the model table of the base.
    #[must_use]
    pub fn input<'a>(&'a self, base: &PlanInput<'a>) -> PlanInput<'a> {
        let Applied { workloads, assumptions } = &self.applied;
        PlanInput { catalog: base.catalog, workloads, assumptions }
    }
}

/// Plans every scenario; what cannot hold is reported, and then there is no result.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn plan_scenario(
    base: &PlanInput<'_>,
    scenarios: &[Scenario],
    diagnostics: &mut Diagnostics,
) -> Result<Option<Vec<ScenarioPlan>>, TooLarge> {
    let mut imagined = Vec::new();
    let mut valid = true;
    for scenario in scenarios {
        let Some(applied) = apply(base, scenario, diagnostics) else {
            valid = false;
            continue;
        };
        let Applied { workloads, assumptions } = &applied;
        let plan = plan(&PlanInput { catalog: base.catalog, workloads, assumptions })?;
        imagined.push(ScenarioPlan { name: scenario.name.clone(), applied, plan });
    }
    Ok(valid.then_some(imagined))
}
