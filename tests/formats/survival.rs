//! Whatever stands in a name, every format carries it to its reader.

use proptest::prelude::*;
use quotaplan::render::GateFormat;
use quotaplan::report::{Gate, GateFinding, GateStatus, Region, SubjectOutcome};
use quotaplan::text::Severity;
use serde_json::Value;

use super::{gate, parsed, subject, text};
use crate::properties::cases;
use crate::support::hostile::seen;

/// Pieces that mean something to one of the formats, or to a terminal.
const PIECES: [&str; 32] = [
    "%",
    "%25",
    "%0A",
    "\n",
    "\r",
    "\r\n",
    "\t",
    ",",
    ":",
    "::",
    "\"",
    "'",
    "<",
    "</failure>",
    ">",
    "|",
    "&",
    "&amp;",
    "]]>",
    "<!--",
    "\\",
    "./",
    "🦀",
    "👩‍👩‍👧",
    "שלום",
    "مرحبا",
    "\u{202e}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{fffe}",
    "\u{85}",
    "\u{2028}",
];

fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        2 => "[a-z ]{1,4}",
        1 => any::<char>().prop_map(String::from),
    ];
    // A letter at both ends: a name is neither empty nor starts like a path.
    prop::collection::vec(piece, 0..6).prop_map(|pieces| format!("n{}n", pieces.concat()))
}

fn finding() -> impl Strategy<Value = GateFinding> {
    let region = (name(), prop::option::of((1..9_usize, 1..9_usize, 0..3_usize, 1..9_usize)));
    let region = region.prop_map(|(file, at)| Region {
        file,
        start: at.map(|(line, column, _, _)| (line, column)),
        end: at.map(|(line, column, more, end)| (line + more, if more == 0 { column + end } else { end })),
    });
    let severity = prop::sample::select(vec![Severity::Error, Severity::Warning, Severity::Note]);
    let texts = (name(), prop_oneof![Just(String::new()), name()], name());
    let about = (prop::option::of(region), prop::option::of(0..2_usize), any::<bool>());
    (severity, texts, about).prop_map(|(severity, (message, help, identity), (place, subject, fails))| {
        let meaning = "the required quota is above the applied one";
        let (code, usual_severity) = ("exceeds-granted", Severity::Warning);
        let (related, change) = (None, None);
        GateFinding {
            code,
            meaning,
            severity,
            usual_severity,
            fails,
            message,
            help,
            place,
            related,
            identity,
            subject,
            change,
        }
    })
}

fn gates() -> impl Strategy<Value = Gate> {
    (prop::collection::vec(finding(), 0..5), name(), name(), name(), name()).prop_map(
        |(findings, file, summary, first, second)| {
            let subjects = vec![
                subject("quotas", &first, SubjectOutcome::Holds, &second),
                subject("inputs", &second, SubjectOutcome::Holds, &first),
            ];
            Gate { file, ..gate(GateStatus::Fail, &summary, findings, subjects) }
        },
    )
}

fn said(finding: &GateFinding) -> String {
    match finding.help.as_str() {
        "" => finding.message.clone(),
        help => [&finding.message, help].join("\n"),
    }
}

/// The same as a person must see it.
fn seen_said(finding: &GateFinding) -> String {
    match finding.help.as_str() {
        "" => seen(&finding.message),
        help => [seen(&finding.message), seen(help)].join("\n"),
    }
}

/// Two hexadecimal digits behind each `%`, read as a byte.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(&tail[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// A workflow command taken apart: its name, its properties and its message.
fn command(line: &str) -> (&str, Vec<(&str, String)>, String) {
    let rest = line.strip_prefix("::").expect("a command");
    // No property holds a bare colon.
    let (head, message) = rest.split_once("::").expect("a message");
    let (name, properties) = head.split_once(' ').expect("properties");
    let properties = properties.split(',').map(|property| property.split_once('=').expect("a property"));
    (name, properties.map(|(key, value)| (key, unescaped(value))).collect(), unescaped(message))
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn github_commands_read_back_as_what_was_said(gate in gates()) {
        let out = text(&gate, GateFormat::Github);
        let lines: Vec<&str> = out.strip_suffix('\n').expect("an end").split('\n').collect();
        prop_assert!(!out.contains('\r'));
        prop_assert_eq!(lines.len(), gate.findings.len() + 1);
        for (line, finding) in lines[1..].iter().zip(&gate.findings) {
            let (name, properties, message) = command(line);
            let word = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            prop_assert_eq!(name, word);
            prop_assert_eq!(message, seen_said(finding));
            let mut expected = vec![("title", finding.code.to_owned())];
            if let Some(place) = &finding.place {
                expected.push(("file", seen(&place.file)));
                if let (Some(start), Some(end)) = (place.start, place.end) {
                    expected.push(("line", start.0.to_string()));
                    expected.push(("endLine", end.0.to_string()));
                    expected.extend((start.0 == end.0).then(|| ("col", start.1.to_string())));
                }
            }
            prop_assert_eq!(properties, expected);
        }
        prop_assert_eq!(&command(lines[0]).2, &seen(&gate.summary));
    }

    #[test]
    fn sarif_reads_back_as_what_was_said(gate in gates()) {
        let log = parsed(&gate, GateFormat::Sarif);
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        prop_assert_eq!(results.len(), gate.findings.len());
        for (result, finding) in results.iter().zip(&gate.findings) {
            prop_assert_eq!(&result["message"]["text"], &Value::from(said(finding)));
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=@/%".contains(c);
            prop_assert!(uri.chars().all(allowed), "{}", uri);
            prop_assert_eq!(unescaped(uri), finding.place.as_ref().map_or(&gate.file, |place| &place.file).as_str());
            // Without a line of its own a finding stands at the first.
            let line = finding.place.as_ref().and_then(|place| place.start).map_or(1, |(line, _)| line as u64);
            prop_assert_eq!(place["region"]["startLine"].as_u64(), Some(line));
        }
    }

    #[test]
    fn gitlab_issues_read_back_as_what_was_said_and_none_is_dropped(gate in gates()) {
        let report = parsed(&gate, GateFormat::Gitlab);
        let issues = report.as_array().expect("issues");
        prop_assert_eq!(issues.len(), gate.findings.len());
        for (issue, finding) in issues.iter().zip(&gate.findings) {
            prop_assert_eq!(&issue["description"], &Value::from(said(finding)));
            let file = finding.place.as_ref().map_or(&gate.file, |place| &place.file);
            prop_assert_eq!(&issue["location"]["path"], &Value::from(file.as_str()));
        }
        let prints: std::collections::BTreeSet<_> = issues.iter().map(|issue| issue["fingerprint"].as_str()).collect();
        prop_assert_eq!(prints.len(), issues.len());
    }

    #[test]
    fn junit_reads_back_as_what_was_said(gate in gates()) {
        let xml = text(&gate, GateFormat::Junit);
        let document = roxmltree::Document::parse(&xml).expect("XML");
        let elements = |tag: &'static str| document.descendants().filter(move |node| node.has_tag_name(tag));
        let names: Vec<&str> = elements("testcase").map(|case| case.attribute("name").expect("a name")).collect();
        let subjects = gate.subjects.iter().map(|subject| seen(&subject.name));
        let expected: Vec<String> = subjects.chain([seen(&gate.file)]).collect();
        prop_assert_eq!(names, expected);
        for (index, case) in elements("testcase").enumerate() {
            let about = gate.findings.iter().filter(|finding| finding.subject.unwrap_or(2) == index);
            let (failing, rest): (Vec<_>, Vec<_>) = about.partition(|finding| finding.fails);
            let tag = if index == 1 { "error" } else { "failure" };
            let faults: Vec<_> = case.children().filter(|node| node.has_tag_name(tag)).collect();
            // One fault a case, which tells of all that fails it.
            prop_assert_eq!(faults.len(), failing.len().min(1));
            let messages: Vec<String> = failing.iter().map(|finding| seen(&finding.message)).collect();
            if let Some(fault) = faults.first() {
                prop_assert_eq!(fault.attribute("message").expect("a message"), messages.join("; "));
            }
            for (fault, finding) in faults.iter().cycle().zip(&failing) {
                let place = finding.place.iter().map(|place| seen(&place.file));
                for part in place.chain([seen(&finding.help)]) {
                    prop_assert!(fault.text().unwrap_or_default().contains(&part), "{}", xml);
                }
            }
            let out: String = case.children().filter(|node| node.has_tag_name("system-out")).filter_map(|node| node.text()).collect();
            for finding in rest {
                prop_assert!(out.contains(&seen(&finding.message)), "{}", xml);
            }
        }
        for suite in elements("testsuite") {
            for (count, tag) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
                let cases = suite.children().filter(|node| node.has_tag_name("testcase"));
                let with = cases.filter(|case| case.descendants().any(|node| node.has_tag_name(tag))).count();
                prop_assert_eq!(suite.attribute(count).expect("a count"), with.to_string());
            }
        }
    }
}
