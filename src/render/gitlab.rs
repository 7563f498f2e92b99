//! GitLab's Code Quality report: the findings that a merge request adds or resolves.

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::{RenderError, place};
use crate::report::{Gate, GateFinding};
use crate::text::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: std::borrow::Cow<'a, str>,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn render(gate: &Gate) -> Result<String, RenderError> {
    let numbered = gate.findings.iter().zip(fingerprints(&gate.findings));
    let issues: Vec<Issue<'_>> = numbered.map(|(finding, print)| issue(gate, finding, print)).collect();
    Ok(crate::text::plain::json(&issues)? + "\n")
}

fn issue<'a>(gate: &'a Gate, finding: &'a GateFinding, fingerprint: String) -> Issue<'a> {
    // Every issue must stand somewhere: what has no place stands at the head of the workloads.
    let file = finding.place.as_ref().map_or(&gate.file, |region| &region.file);
    let begin = finding.place.as_ref().and_then(|region| region.start).map_or(1, |(line, _)| line);
    Issue {
        description: place::text(finding),
        check_name: finding.code,
        fingerprint,
        severity: severity(finding.severity),
        location: Location { path: place::path(file), lines: Lines { begin } },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
