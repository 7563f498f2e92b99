//! What a person should know before a number of a simulation is acted on, as JSON.

use super::result::{LIMIT_HELP, LONGER_HELP, ScopeSimulation, SimulateReport, SimulationFinding};
use super::words::{above_maximum, short_trace, unknown_limits};
use crate::config::Policy;
use crate::contract::trace::Finding;
use crate::text::Code;

/// What was noticed on reading, then what is to be known about each simulation.
pub(in crate::report) fn findings(all: &SimulateReport<'_>) -> Vec<Finding> {
    let report = |finding: SimulationFinding, of: Option<&ScopeSimulation<'_>>| Finding {
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

impl ScopeSimulation<'_> {
    /// What is to be known before an ask rests on this, each with what to do about it.
    pub(in crate::report) fn findings(&self, policy: &Policy) -> Vec<SimulationFinding> {
        let finding = |code: Code, message: String, help: &str| {
            let severity = policy.severity_of(code)?;
            Some(SimulationFinding { code, severity, message, help: help.to_owned(), place: None })
        };
        let unknown =
            unknown_limits(self).and_then(|message| finding(Code::MaxTokensUnknown, message, LIMIT_HELP));
        let above = above_maximum(self).and_then(|message| {
            let help = "compare the log with the model's maximum in the model table, or give --max-tokens N";
            finding(Code::StatedAboveMaximum, message, help)
        });
        let short = short_trace(self).and_then(|message| finding(Code::ShortTrace, message, LONGER_HELP));
        [unknown, above, short].into_iter().flatten().collect()
    }
}
