//! What a person should know before a number of a simulation is acted on, as JSON.

use super::result::{ScopeSimulation, SimulateReport, SimulationFinding};
use crate::config::Policy;
use crate::contract::trace::Finding;
use crate::report::words::{Sentence, language};
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
        let finding = |code: Code, Sentence { message, help }: Sentence| {
            let severity = policy.severity_of(code)?;
            Some(SimulationFinding { code, severity, message, help, place: None })
        };
        let unknown =
            language().max_tokens_unknown(self).and_then(|said| finding(Code::MaxTokensUnknown, said));
        let above = language().above_maximum(self).and_then(|said| finding(Code::StatedAboveMaximum, said));
        let short = language().short_trace(self).and_then(|said| finding(Code::ShortTrace, said));
        [unknown, above, short].into_iter().flatten().collect()
    }
}
