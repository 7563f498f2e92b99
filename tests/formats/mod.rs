//! The formats for code hosts and test systems, against texts written by hand.

mod hostile_names;
mod survival;

use quotaplan::render::{GateFormat, render_gate};
use quotaplan::report::{FindingChange, Gate, GateFinding, GateStatus, Region, Subject, SubjectOutcome};
use quotaplan::text::Severity;
use serde_json::{Value, json};

fn region(file: &str, start: (usize, usize), end: (usize, usize)) -> Region {
    Region { file: file.to_owned(), start: Some(start), end: Some(end) }
}

fn subject(suite: &'static str, name: &str, outcome: SubjectOutcome, detail: &str) -> Subject {
    Subject { suite, name: name.to_owned(), outcome, detail: detail.to_owned() }
}

fn gate(status: GateStatus, summary: &str, findings: Vec<GateFinding>, subjects: Vec<Subject>) -> Gate {
    let file = "./capacity/my workloads.csv".to_owned();
    Gate { status, summary: summary.to_owned(), verdict: vec![summary.to_owned()], file, findings, subjects }
}

/// Three findings of all severities and kinds of place, about quotas and a budget.
fn failing() -> Gate {
    let exceeds = GateFinding {
        code: "exceeds-granted",
        meaning: "the required quota is above the applied one",
        severity: Severity::Error,
        usual_severity: Severity::Warning,
        fails: true,
        message: "Haiku \"us\": 6,233,364 needed, 124 % of <granted>".to_owned(),
        help: "ask for 6,300,000: or\r\nlower max_tokens".to_owned(),
        place: Some(region("./capacity/my workloads.csv", (3, 30), (3, 40))),
        related: Some(region("quotaplan.toml", (12, 1), (12, 13))),
        identity: "L-58BE175A".to_owned(),
        subject: Some(0),
        change: Some(FindingChange::New),
    };
    let wide = GateFinding {
        code: "max-tokens-wide",
        meaning: "lowering max_tokens would help",
        severity: Severity::Warning,
        usual_severity: Severity::Warning,
        fails: false,
        message: "max_tokens is wide".to_owned(),
        help: "set it to 800".to_owned(),
        place: Some(region("a:b,c%.csv", (4, 5), (6, 2))),
        related: None,
        identity: "L-58BE175A".to_owned(),
        subject: Some(0),
        change: Some(FindingChange::Known),
    };
    let note = GateFinding {
        code: "applied-not-given",
        meaning: "only the default is known",
        severity: Severity::Note,
        usual_severity: Severity::Note,
        fails: false,
        message: "no applied quota is given".to_owned(),
        help: String::new(),
        place: None,
        related: None,
        identity: "all".to_owned(),
        subject: None,
        change: None,
    };
    let subjects = vec![
        subject("quotas", "Haiku us tpm", SubjectOutcome::Fails, "6,233,364 of 5,000,000"),
        subject("budgets", "team \"claims\"", SubjectOutcome::Holds, "900 of 1,000 USD"),
        subject("quotas", "Nova ca rpm", SubjectOutcome::Undetermined, "the applied value is not given"),
    ];
    gate(GateStatus::Fail, "fail: 1 of 3, 50% more", vec![exceeds, wide, note], subjects)
}

/// Two equal faults of the inputs, and one about a whole file.
fn refused() -> Gate {
    let fault = |file: &str, start: Option<(usize, usize)>, subject| GateFinding {
        code: "bad-number",
        meaning: "not a number that an input may hold",
        severity: Severity::Error,
        usual_severity: Severity::Error,
        fails: true,
        message: "`1.5.0` is not a number".to_owned(),
        help: String::new(),
        place: Some(Region { file: file.to_owned(), start, end: None }),
        related: None,
        identity: "chat, input_tokens".to_owned(),
        subject,
        change: None,
    };
    let findings = vec![fault("w.csv", Some((2, 7)), Some(0)), fault("/tmp/a b.csv", None, Some(1))];
    let subjects = vec![
        subject("inputs", "w.csv", SubjectOutcome::Fails, "1 error"),
        subject("inputs", "a b.csv", SubjectOutcome::Fails, "1 error"),
    ];
    gate(GateStatus::Fail, "fail: 2 errors", findings, subjects)
}

fn text(gate: &Gate, format: GateFormat) -> String {
    render_gate(gate, format).expect("it renders")
}

fn parsed(gate: &Gate, format: GateFormat) -> Value {
    serde_json::from_str(&text(gate, format)).expect("JSON")
}

#[test]
fn github_gets_one_workflow_command_a_finding_and_the_summary() {
    let expected = "\
::error title=quotaplan::fail: 1 of 3, 50%25 more
::error title=exceeds-granted,file=capacity/my workloads.csv,line=3,endLine=3,col=30::Haiku \"us\": 6,233,364 needed, 124 %25 of <granted>%0Aask for 6,300,000: or\\r\\nlower max_tokens
::warning title=max-tokens-wide,file=a%3Ab%2Cc%25.csv,line=4,endLine=6::max_tokens is wide%0Aset it to 800
::notice title=applied-not-given::no applied quota is given
";
    assert_eq!(text(&failing(), GateFormat::Github), expected);
}

#[test]
fn github_gets_no_column_without_an_end_and_no_line_for_a_whole_file() {
    let expected = "\
::error title=quotaplan::fail: 2 errors
::error title=bad-number,file=w.csv,line=2::`1.5.0` is not a number
::error title=bad-number,file=/tmp/a b.csv::`1.5.0` is not a number
";
    assert_eq!(text(&refused(), GateFormat::Github), expected);
}

#[test]
fn a_pass_is_one_notice_an_empty_report_and_a_passing_case() {
    let pass = gate(GateStatus::Pass, "pass", Vec::new(), Vec::new());
    assert_eq!(text(&pass, GateFormat::Github), "::notice title=quotaplan::pass\n");
    assert_eq!(text(&pass, GateFormat::Gitlab), "[]\n");
    let run = &parsed(&pass, GateFormat::Sarif)["runs"][0];
    assert_eq!(run["results"], json!([]), "code scanning closes alerts only on an empty list");
    assert_eq!(run["tool"]["driver"]["rules"], json!([]));
    let junit = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="quotaplan" tests="1" failures="0" errors="0" time="0">
  <testsuite name="findings" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase name="./capacity/my workloads.csv" classname="quotaplan.findings" time="0"/>
  </testsuite>
</testsuites>
"#;
    assert_eq!(text(&pass, GateFormat::Junit), junit);
}

#[test]
fn gitlab_gets_an_issue_a_finding() {
    let expected = json!([
        {
            "description": "Haiku \"us\": 6,233,364 needed, 124 % of <granted>\nask for 6,300,000: or\r\nlower max_tokens",
            "check_name": "exceeds-granted",
            "fingerprint": "638a0294cef77cefd055bbf4c62ecda88893a992b7a2cab9fe25ecefeda30185",
            "severity": "major",
            "location": {"path": "capacity/my workloads.csv", "lines": {"begin": 3}},
        },
        {
            "description": "max_tokens is wide\nset it to 800",
            "check_name": "max-tokens-wide",
            "fingerprint": "e49e14429508e6539b67580c03a33f6289f4621689033f5559fc23ebd472b5a7",
            "severity": "minor",
            "location": {"path": "a:b,c%.csv", "lines": {"begin": 4}},
        },
        {
            "description": "no applied quota is given",
            "check_name": "applied-not-given",
            "fingerprint": "cb2a6c2432002f332475469450980cf1c541f7ce026f0d632b77c05fccb3d0cd",
            "severity": "info",
            "location": {"path": "capacity/my workloads.csv", "lines": {"begin": 1}},
        },
    ]);
    assert_eq!(parsed(&failing(), GateFormat::Gitlab), expected);
}

#[test]
fn findings_of_one_identity_still_have_their_own_fingerprints() {
    let issues = parsed(&refused(), GateFormat::Gitlab);
    // `printf 'bad-number\0chat, input_tokens' | sha256sum`, and with `\0001` behind it.
    assert_eq!(issues[0]["fingerprint"], "2876f866750e3a05b56b5ead6cedb2722161a1ac8c447fdfcbabf7e8fd6586f1");
    assert_eq!(issues[1]["fingerprint"], "0cd464f67fb3b0b75500d503d397d01943ed377460af3f8a63fc77439b16330e");
    let results = &parsed(&refused(), GateFormat::Sarif)["runs"][0]["results"];
    for index in 0..2 {
        assert_eq!(results[index]["partialFingerprints"]["quotaplan/v1"], issues[index]["fingerprint"]);
    }
}

#[test]
fn sarif_has_a_rule_a_code_and_a_result_a_finding() {
    let log = parsed(&failing(), GateFormat::Sarif);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["name"], "quotaplan");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let heads: Vec<Value> = rules.iter().map(|rule| json!([rule["id"], rule["name"]])).collect();
    let expected = json!([
        ["exceeds-granted", "ExceedsGranted"],
        ["max-tokens-wide", "MaxTokensWide"],
        ["applied-not-given", "AppliedNotGiven"],
    ]);
    assert_eq!(Value::from(heads), expected);
    assert_eq!(rules[0]["shortDescription"]["text"], "The required quota is above the applied one.");
    assert_eq!(rules[0]["defaultConfiguration"]["level"], "warning");
    assert_eq!(rules[0]["properties"]["problem.severity"], "warning");
    assert_eq!(rules[2]["properties"]["problem.severity"], "recommendation");
    let help = rules[0]["help"]["markdown"].as_str().expect("help");
    assert!(help.ends_with("\n```toml\n[policy.severity]\nexceeds-granted = \"off\"\n```"), "{help}");
    let file = "capacity/my%20workloads.csv";
    let expected = json!([
        {
            "ruleId": "exceeds-granted",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "Haiku \"us\": 6,233,364 needed, 124 % of <granted>\nask for 6,300,000: or\r\nlower max_tokens"},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": file},
                "region": {"startLine": 3, "startColumn": 30, "endLine": 3, "endColumn": 40},
            }}],
            "relatedLocations": [{"physicalLocation": {
                "artifactLocation": {"uri": "quotaplan.toml"},
                "region": {"startLine": 12, "startColumn": 1, "endLine": 12, "endColumn": 13},
            }}],
            "partialFingerprints": {"quotaplan/v1": "638a0294cef77cefd055bbf4c62ecda88893a992b7a2cab9fe25ecefeda30185"},
            "baselineState": "new",
        },
        {
            "ruleId": "max-tokens-wide",
            "ruleIndex": 1,
            "level": "warning",
            "message": {"text": "max_tokens is wide\nset it to 800"},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": "a%3Ab,c%25.csv"},
                "region": {"startLine": 4, "startColumn": 5, "endLine": 6, "endColumn": 2},
            }}],
            "partialFingerprints": {"quotaplan/v1": "e49e14429508e6539b67580c03a33f6289f4621689033f5559fc23ebd472b5a7"},
            "baselineState": "unchanged",
        },
        {
            "ruleId": "applied-not-given",
            "ruleIndex": 2,
            "level": "note",
            "message": {"text": "no applied quota is given"},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": file},
                "region": {"startLine": 1},
            }}],
            "partialFingerprints": {"quotaplan/v1": "cb2a6c2432002f332475469450980cf1c541f7ce026f0d632b77c05fccb3d0cd"},
        },
    ]);
    assert_eq!(run["results"], expected);
}

#[test]
fn sarif_of_faulty_inputs_has_one_rule_that_no_setting_turns_off() {
    let log = parsed(&refused(), GateFormat::Sarif);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), 1);
    assert!(!rules[0]["help"]["text"].as_str().expect("help").contains("policy"));
    let places: Vec<&Value> =
        [0, 1].map(|index| &run["results"][index]["locations"][0]["physicalLocation"]).into();
    assert_eq!(
        *places[0],
        json!({"artifactLocation": {"uri": "w.csv"}, "region": {"startLine": 2, "startColumn": 7}})
    );
    #[cfg(unix)]
    assert_eq!(
        *places[1],
        json!({"artifactLocation": {"uri": "file:///tmp/a%20b.csv"}, "region": {"startLine": 1}})
    );
}

#[test]
fn sarif_says_how_a_finding_stands_to_the_baseline() {
    let mut gate = failing();
    gate.findings[0].change = Some(FindingChange::Worse);
    assert_eq!(parsed(&gate, GateFormat::Sarif)["runs"][0]["results"][0]["baselineState"], "updated");
}

#[test]
fn junit_has_a_case_a_subject_and_one_for_the_rest() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="quotaplan" tests="4" failures="1" errors="0" time="0">
  <testsuite name="quotas" tests="2" failures="1" errors="0" skipped="1" time="0">
    <testcase name="Haiku us tpm" classname="quotaplan.quotas" time="0">
      <failure message="Haiku &quot;us&quot;: 6,233,364 needed, 124 % of &lt;granted&gt;" type="exceeds-granted">at ./capacity/my workloads.csv:3:30
see quotaplan.toml:12:1
ask for 6,300,000: or\r\nlower max_tokens</failure>
      <system-out>6,233,364 of 5,000,000
warning[max-tokens-wide]: max_tokens is wide
at a:b,c%.csv:4:5
set it to 800</system-out>
    </testcase>
    <testcase name="Nova ca rpm" classname="quotaplan.quotas" time="0">
      <skipped message="the applied value is not given"></skipped>
      <system-out>the applied value is not given</system-out>
    </testcase>
  </testsuite>
  <testsuite name="budgets" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase name="team &quot;claims&quot;" classname="quotaplan.budgets" time="0">
      <system-out>900 of 1,000 USD</system-out>
    </testcase>
  </testsuite>
  <testsuite name="findings" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase name="./capacity/my workloads.csv" classname="quotaplan.findings" time="0">
      <system-out>note[applied-not-given]: no applied quota is given</system-out>
    </testcase>
  </testsuite>
</testsuites>
"#;
    assert_eq!(text(&failing(), GateFormat::Junit), expected);
}

#[test]
fn junit_has_errors_for_faulty_inputs() {
    let xml = text(&refused(), GateFormat::Junit);
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let root = document.root_element();
    let counts = ["tests", "failures", "errors"].map(|name| root.attribute(name).expect("a count"));
    assert_eq!(counts, ["2", "0", "2"]);
    let errors: Vec<_> = document.descendants().filter(|node| node.has_tag_name("error")).collect();
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].attribute("type"), Some("bad-number"));
    assert_eq!(errors[0].text(), Some("at w.csv:2:7"));
}

#[test]
fn junit_never_passes_a_failed_subject() {
    let failed = subject("quotas", "Haiku us tpm", SubjectOutcome::Fails, "too much");
    let xml = text(&gate(GateStatus::Fail, "fail", Vec::new(), vec![failed]), GateFormat::Junit);
    assert!(xml.contains(r#"<failure message="too much">"#), "{xml}");
}
