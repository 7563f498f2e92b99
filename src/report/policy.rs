//! What `iam lint` found in a policy.

use std::io::Write;

use super::columns::{Columns, columns, records_of};
use super::{Block, Detail, Note, Records, Report, SCHEMA_VERSION};
use crate::contract::iam as json;
use crate::iam::{JudgedCall, LintResult, PolicyKind, Verdict};
use crate::text::plain::write_json;
use crate::text::{Diagnostic, Place, Severity, Sources};

/// The findings in a policy, in the order given, for every format.
#[derive(Debug, Clone, Copy)]
pub struct PolicyReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The policy's name.
    pub file: &'a str,
    /// What was found.
    pub diagnostics: &'a [Diagnostic],
    /// What the policy does; `None` where it cannot be read.
    pub result: Option<&'a LintResult>,
}

/// The columns of a finding in a policy or a pack.
pub(in crate::report) const POLICY_FINDING: Columns<json::Finding> = columns!(json::Finding {
    severity;
    code;
    file;
    line;
    column;
    message;
    help;
});

impl PolicyReport<'_> {
    fn findings(&self) -> impl Iterator<Item = json::Finding> {
        self.diagnostics.iter().map(|diagnostic| finding(self.sources, diagnostic))
    }
}

impl Report for PolicyReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let Self { file, diagnostics, result, .. } = *self;
        let notes = diagnostics.iter().zip(self.findings()).map(|(diagnostic, finding)| Note {
            severity: diagnostic.severity,
            code: diagnostic.code.as_str(),
            place: match (finding.line, finding.column) {
                (Some(line), Some(column)) => format!("{}:{line}:{column}", finding.file),
                _ => finding.file,
            },
            text: finding.message,
            help: finding.help,
        });
        let mut blocks = vec![Block::Heading(policy_summary(file, diagnostics, result))];
        if !diagnostics.is_empty() {
            blocks.push(Block::Notes(notes.collect()));
        }
        blocks
    }

    fn records(&self) -> Records {
        records_of(POLICY_FINDING, self.findings())
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let fails = self.diagnostics.iter().any(|diagnostic| diagnostic.severity > Severity::Note);
        let document = json::PolicyDocument {
            schema_version: SCHEMA_VERSION,
            file: self.file.to_owned(),
            status: if fails { "fail" } else { "pass" }.into(),
            judged: self.result.map(|result| judged(self.sources, result)),
            findings: self.findings().collect(),
        };
        write_json(out, &document)
    }
}

fn judged(sources: &Sources, result: &LintResult) -> json::JudgedPolicy {
    let not_judged = result
        .not_judged
        .iter()
        .map(|(model, scope)| json::NotJudged { model: model.clone(), scope: scope.as_str().into() });
    json::JudgedPolicy {
        kind: result.kind.as_str().into(),
        type_detected: result.detected,
        calls: result.calls.iter().map(|one| call(sources, one)).collect(),
        not_judged: not_judged.collect(),
    }
}

/// One line: how many errors and warnings, and what was judged.
#[must_use]
pub fn policy_summary(file: &str, diagnostics: &[Diagnostic], result: Option<&LintResult>) -> String {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let mut parts = Vec::new();
    let allowed =
        |result: &LintResult| result.calls.iter().filter(|call| call.verdict == Verdict::Allowed).count();
    // What could not be judged may be denied.
    let whole = |result: &LintResult| {
        !result.calls.is_empty() && allowed(result) == result.calls.len() && result.not_judged.is_empty()
    };
    if diagnostics.is_empty() && result.is_none_or(whole) {
        parts.push("nothing found".to_owned());
    } else {
        parts.push(format!("{}, {}", words(errors, "error"), words(warnings, "warning")));
        if notes > 0 {
            parts.push(words(notes, "note"));
        }
    }
    let mut text = format!("{file}: {}", parts.join(", "));
    let Some(result) = result else { return text };
    let allowed = allowed(result);
    let all = result.calls.len();
    let kind = match result.kind {
        PolicyKind::Identity => "an identity policy",
        PolicyKind::Scp => "an SCP",
    };
    let detected = if result.detected { " (detected)" } else { "" };
    text.push_str(&format!("; {allowed} of {} allowed by {kind}{detected}", words(all, "call")));
    if !result.not_judged.is_empty() {
        let names: Vec<String> =
            result.not_judged.iter().map(|(model, scope)| format!("{model} ({scope})")).collect();
        text.push_str(&format!(
            "; not judged, since their destination Regions are not known: {}",
            names.join(", ")
        ));
    }
    text
}

fn words(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn call(sources: &Sources, one: &JudgedCall) -> json::Call {
    let (verdict, depends_on, exempt) = match &one.verdict {
        Verdict::Allowed => ("allowed", Vec::new(), Vec::new()),
        Verdict::Denied { exempt } => ("denied", Vec::new(), exempt.clone()),
        Verdict::Depends { keys } => ("depends", keys.clone(), Vec::new()),
    };
    json::Call {
        model: one.model.clone(),
        scope: one.scope.as_str().into(),
        action: one.action.into(),
        resource: one.resource.clone(),
        region: one.region.clone(),
        profile: one.profile.clone(),
        verdict: verdict.into(),
        depends_on,
        exempt,
        statement: one.statement.and_then(|span| sources.locate(span)).map(|(_, position)| position.line),
    }
}

fn finding(sources: &Sources, diagnostic: &Diagnostic) -> json::Finding {
    let (file, position) = match &diagnostic.place {
        Place::Span(span) => match sources.locate(*span) {
            Some((name, position)) => (name.to_owned(), Some(position)),
            None => (String::new(), None),
        },
        Place::File(file) => (sources.file(*file).map_or("", |file| file.name()).to_owned(), None),
        Place::Path(path) => (path.clone(), None),
    };
    json::Finding {
        code: diagnostic.code.as_str().into(),
        severity: diagnostic.severity.as_str().into(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        file,
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
    }
}
