//! GitHub workflow commands: each finding becomes an annotation of the run and of the pull request.

use std::fmt::Write;

use super::place;
use crate::report::{Gate, GateFinding, GateStatus};
use crate::text::Severity;
use crate::text::plain::{one_line, without_bracket_commands};

pub(super) fn render(gate: &Gate) -> String {
    let mut out = String::new();
    // The result first: hosts show only so many annotations. A run without findings shows it too.
    let word_of_status = match gate.status {
        GateStatus::Pass => "notice",
        GateStatus::Warn => "warning",
        GateStatus::Fail => "error",
    };
    command(&mut out, word_of_status, &[("title", "quotaplan".to_owned())], &data(&gate.summary));
    for finding in &gate.findings {
        let mut message = data(&finding.message);
        if !finding.help.is_empty() {
            // What to do stands on a line of its own.
            message.push_str("%0A");
            message.push_str(&data(&finding.help));
        }
        command(&mut out, word(finding.severity), &properties(finding), &message);
    }
    out
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Names and values in the order of GitHub's own toolkit.
fn properties(finding: &GateFinding) -> Vec<(&'static str, String)> {
    let mut properties = vec![("title", finding.code.to_owned())];
    let Some(region) = &finding.place else {
        return properties;
    };
    properties.push(("file", place::path(&region.file).into_owned()));
    if let Some((line, column)) = region.start {
        properties.push(("line", line.to_string()));
        if let Some((end, _)) = region.end {
            properties.push(("endLine", end.to_string()));
            // GitHub takes no columns of a range over several lines.
            if end == line {
                properties.push(("col", column.to_string()));
            }
        }
    }
    properties
}

fn command(out: &mut String, name: &str, properties: &[(&str, String)], message: &str) {
    let listed: Vec<String> = properties
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key}={}", property(value)))
        .collect();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "::{name} {}::{}", listed.join(","), message);
}

/// A message, in which only what would end the line or look escaped is escaped, and nothing is harmful in a log.
fn data(text: &str) -> String {
    without_bracket_commands(&one_line(text)).replace('%', "%25")
}

/// A property's value, in which also what separates properties is escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
