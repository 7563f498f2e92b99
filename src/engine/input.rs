//! What a plan is made from.

use super::assumptions::Assumptions;
use crate::catalog::Catalog;
use crate::workload::WorkloadSet;

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The model table.
    pub catalog: &'a Catalog,
    /// The rows.
    pub workloads: &'a WorkloadSet,
    /// Everything else that is taken as given.
    pub assumptions: &'a Assumptions,
}
