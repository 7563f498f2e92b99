//! Findings are recognised by their code and subject: what is worded anew, or stands on another line, is no new finding.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::run_in;

/// One warning of an input, one finding of a quota and one of the whole plan.
const WORKLOADS: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,active_hours,taem,#\n\
                         chat,haiku-4.5,us,6000,1000,200,9-5,a,1\nchat #2,haiku-4.5,us,1,1000,200,9-5,a,2\n";
const CONFIG: &str = "[granted]\n\"L-58BE175A\" = 1000\n\"L-00000000\" = 5\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("workloads.csv"), WORKLOADS).expect("writing");
    fs::write(folder.path().join("quotaplan.toml"), CONFIG).expect("writing");
    folder
}

fn json(folder: &TempDir, arguments: &[&str]) -> Value {
    let ran = run_in(folder.path(), arguments, b"");
    serde_json::from_str(&ran.stdout()).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr()))
}

/// What is said of each finding, with how it stands to the baseline.
fn changes(folder: &TempDir, baseline: &Value) -> Vec<(String, String, Value)> {
    fs::write(folder.path().join("base.json"), baseline.to_string()).expect("writing");
    let check = json(folder, &["check", "workloads.csv", "--baseline", "base.json", "--format", "json"]);
    let findings = check["findings"].as_array().expect("a list").iter();
    let text = |finding: &Value, key: &str| finding[key].as_str().expect("a text").to_owned();
    findings.map(|one| (text(one, "code"), text(one, "about"), one["change"].clone())).collect()
}

/// The baseline as an earlier version of the program, or one in another language, might have worded it.
fn reworded(mut baseline: Value) -> Value {
    for finding in baseline["findings"].as_array_mut().expect("a list") {
        finding["message"] = "worded anew".into();
        finding["help"] = "".into();
    }
    baseline
}

#[test]
fn a_finding_that_is_worded_anew_is_not_new() {
    let folder = folder();
    for earlier in ["plan", "check"] {
        let baseline = json(&folder, &[earlier, "workloads.csv", "--format", "json"]);
        fs::write(folder.path().join("workloads.csv"), format!("# moved down\n{WORKLOADS}"))
            .expect("writing");
        let found = changes(&folder, &reworded(baseline));
        for (code, about) in [
            ("unknown-column", "column taem"),
            // A check numbers what it says twice in the same way.
            ("unknown-column", "column #"),
            ("hours-past-midnight", "chat #2 active_hours"),
            ("hours-past-midnight", "chat active_hours"),
            ("unknown-quota-code", "granted.L-00000000"),
            ("exceeds-granted", "anthropic.claude-haiku-4-5-20251001-v1:0 us tpm L-58BE175A"),
        ] {
            let is_known = |one: &&(String, String, Value)| {
                (one.0.as_str(), one.1.as_str(), &one.2) == (code, about, &Value::from("known"))
            };
            assert!(found.iter().any(|one| is_known(&one)), "{code} {about}: {found:#?}");
        }
        assert!(found.iter().all(|(_, _, change)| *change != "new"), "{earlier}: {found:#?}");
    }
}

/// Earlier versions stated no subject of an input's finding, or its message in place of one.
#[test]
fn an_input_finding_of_an_older_baseline_is_known_by_its_code() {
    let folder = folder();
    let of_inputs = ["unknown-column", "hours-past-midnight", "unknown-quota-code"];
    for earlier in ["plan", "check"] {
        let mut baseline = json(&folder, &[earlier, "workloads.csv", "--format", "json"]);
        let findings = baseline["findings"].as_array_mut().expect("a list");
        for finding in
            findings.iter_mut().filter(|finding| of_inputs.iter().any(|code| finding["code"] == *code))
        {
            finding["about"] = if earlier == "plan" { Value::Null } else { finding["message"].clone() };
        }
        let found = changes(&folder, &baseline);
        assert!(found.iter().all(|(_, _, change)| *change != "new"), "{earlier}: {found:#?}");
        // Where the code was not there, it is new.
        let findings = baseline["findings"].as_array_mut().expect("a list");
        findings.retain(|finding| finding["code"] != "unknown-column");
        let new = changes(&folder, &baseline).into_iter().filter(|(_, _, change)| change == "new");
        assert_eq!(new.map(|(code, ..)| code).collect::<Vec<_>>(), ["unknown-column"; 2], "{earlier}");
    }
}

/// By fingerprints code hosts recognise findings: they stay where lines move and values change.
#[test]
fn fingerprints_hold_neither_lines_nor_words() {
    let fingerprints = |workloads: &str| {
        let folder = folder();
        fs::write(folder.path().join("workloads.csv"), workloads).expect("writing");
        let issues = json(&folder, &["check", "workloads.csv", "--format", "gitlab"]);
        let issues = issues.as_array().expect("a list").clone();
        let of_inputs = issues.into_iter().filter(|issue| issue["check_name"] == "hours-past-midnight");
        of_inputs.map(|issue| issue["fingerprint"].clone()).take(1).collect::<Vec<_>>()
    };
    let before = fingerprints(WORKLOADS);
    assert_eq!(before.len(), 1);
    let moved = format!("# a comment\n\n{}", WORKLOADS.replace("9-5", "8-4"));
    assert_eq!(fingerprints(&moved), before, "another line, another message, the same cell");
    assert_ne!(fingerprints(&WORKLOADS.replace("chat,", "mail,")), before);
}
