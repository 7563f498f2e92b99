//! JUnit XML: one test case a subject, for systems that show test results.
//!
//! A case has one failure or error at most, as readers of the format expect: it tells of all
//! findings that fail the case.

use super::place;
use crate::report::{Gate, GateFinding, Subject, SubjectOutcome};
use crate::text::plain::{one_line, xml};

/// The suite of findings about no subject.
const REST: &str = "findings";

/// Subjects whose faults are errors: with faulty inputs nothing was judged.
const INPUTS: &str = "inputs";

pub(super) fn render(gate: &Gate) -> String {
    let mut suites: Vec<Suite> = Vec::new();
    let mut about: Vec<Vec<&GateFinding>> = vec![Vec::new(); gate.subjects.len()];
    let mut rest = Vec::new();
    for finding in &gate.findings {
        match finding.subject.and_then(|index| about.get_mut(index)) {
            Some(about) => about.push(finding),
            None => rest.push(finding),
        }
    }
    for (subject, about) in gate.subjects.iter().zip(&about) {
        let case = of_subject(subject, about);
        match suites.iter_mut().find(|suite| suite.name == subject.suite) {
            Some(suite) => suite.cases.push(case),
            None => suites.push(Suite { name: subject.suite, cases: vec![case] }),
        }
    }
    // With faulty inputs there is nothing else; else the case shows that nothing else fails.
    if suites.is_empty() || suites.iter().any(|suite| suite.name != INPUTS) {
        suites.push(Suite { name: REST, cases: vec![of_findings(&gate.file, &rest, Kind::Failure)] });
    }
    write(&suites)
}

struct Suite {
    name: &'static str,
    cases: Vec<Case>,
}

impl Suite {
    fn count(&self, kind: Kind) -> usize {
        self.cases.iter().filter(|case| case.fault.as_ref().is_some_and(|fault| fault.kind == kind)).count()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Failure,
    Error,
    Skipped,
}

struct Case {
    name: String,
    fault: Option<Fault>,
    remarks: Vec<String>,
}

struct Fault {
    kind: Kind,
    code: Option<&'static str>,
    message: String,
    text: String,
}

fn of_subject(subject: &Subject, about: &[&GateFinding]) -> Case {
    let kind = if subject.suite == INPUTS { Kind::Error } else { Kind::Failure };
    let mut case = of_findings(&subject.name, about, kind);
    if !subject.detail.is_empty() {
        case.remarks.insert(0, one_line(&subject.detail).into_owned());
    }
    let stated = |kind| Fault { kind, code: None, message: subject.detail.clone(), text: String::new() };
    if case.fault.is_none() {
        match subject.outcome {
            SubjectOutcome::Holds => {}
            SubjectOutcome::Undetermined => case.fault = Some(stated(Kind::Skipped)),
            // A failed subject never passes, even if no finding says why.
            SubjectOutcome::Fails => case.fault = Some(stated(kind)),
        }
    }
    case
}

fn of_findings(name: &str, findings: &[&GateFinding], kind: Kind) -> Case {
    let (failing, remarks): (Vec<&GateFinding>, Vec<&GateFinding>) =
        findings.iter().partition(|finding| finding.fails);
    let fault = failing.first().map(|first| Fault {
        kind,
        code: Some(first.code),
        message: failing.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; "),
        text: failing.iter().map(|finding| lines(finding, failing.len() > 1)).collect::<Vec<_>>().join("\n"),
    });
    Case {
        name: name.to_owned(),
        fault,
        remarks: remarks.iter().map(|finding| lines(finding, true)).collect(),
    }
}

/// A finding in lines: what it is where that is not said elsewhere, where, and what to do.
fn lines(finding: &GateFinding, with_message: bool) -> String {
    let mut lines = Vec::new();
    if with_message {
        lines.push(format!(
            "{}[{}]: {}",
            finding.severity.as_str(),
            finding.code,
            one_line(&finding.message)
        ));
    }
    lines.extend(finding.place.as_ref().map(|region| format!("at {}", one_line(&place::words(region)))));
    lines.extend(finding.related.as_ref().map(|region| format!("see {}", one_line(&place::words(region)))));
    if !finding.help.is_empty() {
        lines.push(one_line(&finding.help).into_owned());
    }
    lines.join("\n")
}

fn write(suites: &[Suite]) -> String {
    let sum = |kind| suites.iter().map(|suite| suite.count(kind)).sum::<usize>();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    out.push_str(&format!(
        "<testsuites name=\"quotaplan\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">\n",
        suites.iter().map(|suite| suite.cases.len()).sum::<usize>(),
        sum(Kind::Failure),
        sum(Kind::Error),
    ));
    for suite in suites {
        out.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">\n",
            suite.name,
            suite.cases.len(),
            suite.count(Kind::Failure),
            suite.count(Kind::Error),
            suite.count(Kind::Skipped),
        ));
        suite.cases.iter().for_each(|case| write_case(&mut out, suite.name, case));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn write_case(out: &mut String, suite: &str, case: &Case) {
    let open =
        format!("    <testcase name=\"{}\" classname=\"quotaplan.{suite}\" time=\"0\"", xml(&case.name));
    out.push_str(&open);
    if case.fault.is_none() && case.remarks.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    if let Some(fault) = &case.fault {
        let element = match fault.kind {
            Kind::Failure => "failure",
            Kind::Error => "error",
            Kind::Skipped => "skipped",
        };
        let code = fault.code.map_or(String::new(), |code| format!(" type=\"{code}\""));
        out.push_str(&format!("      <{element} message=\"{}\"{code}>", xml(&fault.message)));
        out.push_str(&format!("{}</{element}>\n", xml_lines(&fault.text)));
    }
    if !case.remarks.is_empty() {
        out.push_str(&format!("      <system-out>{}</system-out>\n", xml_lines(&case.remarks.join("\n"))));
    }
    out.push_str("    </testcase>\n");
}

/// Text of several lines between tags, where quotes may stand.
fn xml_lines(text: &str) -> String {
    text.split('\n').map(|line| xml(line).replace("&quot;", "\"")).collect::<Vec<_>>().join("\n")
}
