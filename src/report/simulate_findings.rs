//! What a person should know before a number of a simulation is acted on, as JSON.

use super::simulating::{Simulated, Simulating, SimulationFinding};
use crate::contract::trace::Finding;

/// What was noticed on reading, then what is to be known about each simulation.
pub(super) fn findings(all: &Simulating<'_>) -> Vec<Finding> {
    let report = |finding: SimulationFinding, of: Option<&Simulated<'_>>| Finding {
        code: finding.code.as_str().into(),
        severity: finding.severity.as_str().into(),
        message: finding.message,
        help: finding.help,
        model: of.map(|of| of.model.id.clone()),
        scope: of.map(|of| of.scope.as_str().into()),
        line: finding.place.as_ref().map(|place| place.line),
        column: finding.place.as_ref().map(|place| place.column),
        file: finding.place.map(|place| place.file),
    };
    let mut reports: Vec<Finding> =
        all.findings.iter().map(|finding| report(finding.clone(), None)).collect();
    for simulated in &all.simulated {
        reports.extend(
            simulated
                .findings(&all.asking.policy)
                .into_iter()
                .map(|finding| report(finding, Some(simulated))),
        );
    }
    reports
}
