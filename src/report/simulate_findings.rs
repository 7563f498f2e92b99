//! What a person should know before a number of a simulation is acted on, as JSON.

use serde::Serialize;

use super::simulating::{Simulated, Simulating, SimulationFinding};

/// A finding; model and scope are null for what was noticed on reading, place is null for the rest.
#[derive(Serialize)]
pub(super) struct FindingReport {
    code: &'static str,
    severity: &'static str,
    message: String,
    help: String,
    model: Option<String>,
    scope: Option<&'static str>,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

/// What was noticed on reading, then what is to be known about each simulation.
pub(super) fn findings(all: &Simulating<'_>) -> Vec<FindingReport> {
    let report = |finding: SimulationFinding, of: Option<&Simulated<'_>>| FindingReport {
        code: finding.code.as_str(),
        severity: finding.severity.as_str(),
        message: finding.message,
        help: finding.help,
        model: of.map(|of| of.model.id.clone()),
        scope: of.map(|of| of.scope.as_str()),
        line: finding.place.as_ref().map(|place| place.line),
        column: finding.place.as_ref().map(|place| place.column),
        file: finding.place.map(|place| place.file),
    };
    let mut reports: Vec<FindingReport> =
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
