//! What `iam lint` found in a policy.

use serde::Serialize;

use super::{Block, Note, Records, SCHEMA_VERSION, View};
use crate::text::{Diagnostic, Place, Severity, Sources};

#[derive(Serialize)]
struct PolicyReport {
    schema_version: u32,
    file: String,
    status: &'static str,
    findings: Vec<PolicyFinding>,
}

#[derive(Serialize)]
struct PolicyFinding {
    code: &'static str,
    severity: &'static str,
    message: String,
    help: String,
    file: String,
    line: Option<usize>,
    column: Option<usize>,
}

/// The findings in a policy, in the order given, for every format.
#[must_use]
pub fn policy(sources: &Sources, file: &str, diagnostics: &[Diagnostic]) -> View {
    let findings: Vec<PolicyFinding> =
        diagnostics.iter().map(|diagnostic| finding(sources, diagnostic)).collect();
    let notes = diagnostics.iter().zip(&findings).map(|(diagnostic, finding)| Note {
        severity: diagnostic.severity,
        code: finding.code,
        place: match (finding.line, finding.column) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}", finding.file),
            _ => finding.file.clone(),
        },
        text: finding.message.clone(),
        help: finding.help.clone(),
    });
    let mut blocks = vec![Block::Heading(policy_summary(file, diagnostics))];
    if !findings.is_empty() {
        blocks.push(Block::Notes(notes.collect()));
    }
    let number = |value: Option<usize>| value.map(|value| value.to_string()).unwrap_or_default();
    let rows = findings.iter().map(|f| {
        let words = [f.severity, f.code, &f.file].map(str::to_owned);
        words
            .into_iter()
            .chain([number(f.line), number(f.column), f.message.clone(), f.help.clone()])
            .collect()
    });
    let columns = vec!["severity", "code", "file", "line", "column", "message", "help"];
    let records = Records { columns, rows: rows.collect() };
    let status = if findings.is_empty() { "pass" } else { "fail" };
    let report = PolicyReport { schema_version: SCHEMA_VERSION, file: file.to_owned(), status, findings };
    View { blocks, records, json: Box::new(report) }
}

/// One line: how many errors and warnings.
#[must_use]
pub fn policy_summary(file: &str, diagnostics: &[Diagnostic]) -> String {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let words = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    if diagnostics.is_empty() {
        return format!("{file}: nothing found");
    }
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    format!("{file}: {}, {}", words(errors, "error"), words(warnings, "warning"))
}

fn finding(sources: &Sources, diagnostic: &Diagnostic) -> PolicyFinding {
    let (file, position) = match &diagnostic.place {
        Place::Span(span) => match sources.locate(*span) {
            Some((name, position)) => (name.to_owned(), Some(position)),
            None => (String::new(), None),
        },
        Place::File(file) => (sources.file(*file).map_or("", |file| file.name()).to_owned(), None),
        Place::Path(path) => (path.clone(), None),
    };
    PolicyFinding {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity.as_str(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        file,
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
    }
}
