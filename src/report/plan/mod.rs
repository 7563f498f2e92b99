//! The plan.

mod contribution_json;
pub(super) mod json;
pub(super) mod simulated;
mod table;

pub use simulated::SimulatedQuotas;
pub use table::PlanReport;
