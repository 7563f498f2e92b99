//! What `iam lint` found in a policy.

use std::io::Write;

use super::columns::{Columns, columns, records_of};
use super::words::{CallTally, PolicySummary, Sentence, language};
use super::{Block, Detail, Note, Records, Report, SCHEMA_VERSION};
use crate::contract::iam as json;
use crate::iam::{JudgedCall, LintResult, PolicyFinding, Verdict};
use crate::text::plain::write_json;
use crate::text::{Diagnostic, Diagnostics, Place, Severity, Sources};

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

/// Adds what was found in a policy, in words.
pub fn add_policy_findings(findings: &[PolicyFinding], diagnostics: &mut Diagnostics) {
    for PolicyFinding { fact, span } in findings {
        let Sentence { message, help } = language().policy_finding(fact);
        let (code, severity) = (fact.code(), fact.severity());
        if severity == code.severity() {
            diagnostics.at(code, *span, message, help);
        } else {
            diagnostics.push(Diagnostic { code, severity, message, help, place: Place::Span(*span) });
        }
    }
}

/// One line: how many errors and warnings, and what was judged.
#[must_use]
pub fn policy_summary(file: &str, diagnostics: &[Diagnostic], result: Option<&LintResult>) -> String {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let calls = result.map(|result| CallTally {
        allowed: result.calls.iter().filter(|call| call.verdict == Verdict::Allowed).count(),
        all: result.calls.len(),
        kind: result.kind,
        detected: result.detected,
        not_judged: &result.not_judged,
    });
    // What could not be judged may be denied.
    let is_whole =
        |calls: CallTally<'_>| calls.all > 0 && calls.allowed == calls.all && calls.not_judged.is_empty();
    language().policy_summary(&PolicySummary {
        file,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        is_clean: diagnostics.is_empty() && calls.is_none_or(is_whole),
        calls,
    })
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
