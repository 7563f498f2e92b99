//! The least example of each rule that was once broken.

use serde_json::Value;

use super::named::Names;
use super::names::Written;
use super::readers::table;
use super::{list, text};
use crate::support;

const HEADER: &str = "workload,account,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,\
                      latency_seconds,active_hours,residency\n";

/// A folder in which the program runs.
pub(super) struct Place(tempfile::TempDir);

impl Place {
    pub(super) fn folder(&self) -> &std::path::Path {
        self.0.path()
    }

    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).expect("it can be written");
        }
        Self(folder)
    }

    /// Runs the program; its result goes to a file.
    fn json(&self, arguments: &[&str], file: &str) -> Value {
        let arguments = [arguments, &["--format", "json", "--output", file]].concat();
        let output = support::quotaplan(self.0.path(), &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        let json = std::fs::read_to_string(self.0.path().join(file)).unwrap_or_else(|_| panic!("{said}"));
        serde_json::from_str(&json).expect("JSON")
    }
}

/// Code, change and whether it fails, of the findings of a code.
fn changes<'a>(check: &'a Value, code: &str) -> Vec<(&'a str, bool)> {
    let findings = list(check, "findings").iter().filter(|finding| finding["code"] == code);
    findings.map(|finding| (text(finding, "change"), finding["fails"] == true)).collect()
}

#[test]
fn no_line_of_a_table_is_a_workflow_command() {
    let name = |text: &str| text.to_owned();
    let names = Names {
        workload: name("w"),
        team: name("claims\n::error::team"),
        nobody: name("the department of claims and underwriting in the west of ::error::nobody"),
        period: name("april\n##[error]period"),
        account: name("production\n::error::account"),
        alias: name("m"),
    };
    table(&Written::new(&names).text("table"));
}

#[test]
fn what_is_said_of_the_inputs_is_no_news() {
    let csv = HEADER.replace("residency", "colour") + "w,,haiku-4.5,us,40,1200,300,900,4,08-18,red\n";
    let place = Place::new(&[("w.csv", &csv)]);
    place.json(&["plan", "w.csv"], "plan.json");
    let check = place.json(
        &["check", "w.csv", "--baseline", "plan.json", "--only-worsened", "--fail-on", "warning"],
        "check.json",
    );
    assert_eq!(changes(&check, "unknown-column"), [("known", false)]);
    std::fs::write(place.folder().join("w.csv"), csv.replace("colour", "color")).expect("it can be written");
    let check = place.json(
        &["check", "w.csv", "--baseline", "plan.json", "--only-worsened", "--fail-on", "warning"],
        "check.json",
    );
    assert_eq!(changes(&check, "unknown-column"), [("new", true)]);
}

/// Two findings of one code about one quota, the second of which became worse.
#[test]
fn a_check_of_only_what_is_worse_is_a_baseline() {
    let row = |name: &str, residency: &str| {
        format!("{name},,sonnet-5,global,40,1200,300,900,4,08-18,{residency}\n")
    };
    let then = [HEADER, &row("a", "canada"), &row("b", "us")].concat();
    let now = [&then, row("c", "us").as_str()].concat();
    let place = Place::new(&[("then.csv", &then), ("now.csv", &now)]);
    place.json(&["plan", "then.csv"], "then.json");
    let flags = ["check", "now.csv", "--only-worsened", "--fail-on", "warning", "--baseline"];
    place.json(&[&flags[..], &["then.json"]].concat(), "now.json");
    let check = place.json(&[&flags[..], &["now.json"]].concat(), "again.json");
    assert_eq!(changes(&check, "residency"), [("known", false); 2]);
}

/// A row that must stay in Canada takes the place of five that must stay in the US.
#[test]
fn another_residency_is_another_finding() {
    let row = |name: &str, residency: &str| {
        format!("{name},,sonnet-5,global,40,1200,300,900,4,08-18,{residency}\n")
    };
    let then = [HEADER, &row("a", "us"), &row("b", "us")].concat();
    let now = [HEADER, &row("a", "canada"), &row("b", "any")].concat();
    let place = Place::new(&[("then.csv", &then), ("now.csv", &now)]);
    place.json(&["plan", "then.csv"], "then.json");
    let flags = ["check", "now.csv", "--only-worsened", "--fail-on", "warning", "--baseline", "then.json"];
    assert_eq!(changes(&place.json(&flags, "now.json"), "residency"), [("new", true)]);
}

/// The tokens per day of the account `big` are what they were; `small` uses hardly any.
#[test]
fn an_account_is_not_worse_for_another() {
    let then = HEADER.to_owned() + "a,big,haiku-4.5,us,4000,1200,300,900,4,08-18,\n";
    let now = then.clone() + "b,small,haiku-4.5,us,1,12,3,9,4,08-18,\n";
    let place = Place::new(&[("then.csv", &then), ("now.csv", &now)]);
    place.json(&["plan", "then.csv"], "then.json");
    let flags = ["check", "now.csv", "--only-worsened", "--fail-on", "warning", "--baseline", "then.json"];
    assert_eq!(changes(&place.json(&flags, "now.json"), "account-daily"), [("known", false)]);
}

#[test]
fn a_plan_with_the_least_headroom_is_a_baseline() {
    let csv = HEADER.to_owned() + "w,,haiku-4.5,us,40,1200,300,900,4,08-18,\n";
    let place = Place::new(&[("w.csv", &csv), ("quotaplan.toml", "headroom = 0.000001\n")]);
    place.json(&["plan", "w.csv"], "plan.json");
    let check = place.json(&["check", "w.csv", "--baseline", "plan.json"], "check.json");
    assert_eq!(check["status"], "warn");
}

#[test]
fn a_default_of_a_quota_without_a_code_is_said_to_be_assumed() {
    let csv = HEADER.to_owned() + "w,,xai.grok-4.7,us,40,1200,300,900,4,08-18,\n";
    let overlay = "[[model]]\nid = \"xai.grok-4.7\"\n[model.scope.us.tpm]\ncode = \"unknown\"\nas_of = \"2026-10\"\nsource = \"x\"\n";
    let place = Place::new(&[("w.csv", &csv), ("o.toml", overlay)]);
    let check = place.json(&["check", "w.csv", "--models", "o.toml", "--assume-defaults"], "check.json");
    assert_eq!(check["quotas"][0]["assumed_default"], true);
    assert!(list(&check, "findings").iter().any(|finding| finding["code"] == "assumed-default"));
}

/// GitHub takes what stands between two dollar signs for mathematics.
#[test]
fn a_name_between_dollar_signs_is_text() {
    let name = |text: &str| text.to_owned();
    let names = Names {
        workload: name("w"),
        team: name("$claims$"),
        nobody: name("n"),
        period: name("p"),
        account: name("a"),
        alias: name("m"),
    };
    let markdown = Written::new(&names).text("markdown");
    let options = pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_MATH;
    for event in pulldown_cmark::Parser::new_ext(&markdown, options) {
        assert!(!matches!(event, pulldown_cmark::Event::InlineMath(_)), "{event:?}");
    }
}

#[test]
fn another_speed_is_another_assumption() {
    let row = "w,,haiku-4.5,us,40,1200,300,,,08-18,\n";
    let csv = HEADER.to_owned() + row;
    let place = Place::new(&[("w.csv", &csv), ("slow.toml", "output_tokens_per_second = 1\n")]);
    place.json(&["plan", "w.csv"], "plan.json");
    let check =
        place.json(&["check", "w.csv", "--config", "slow.toml", "--baseline", "plan.json"], "check.json");
    assert_ne!(list(&check["changes"], "quotas"), [] as [Value; 0], "the figures move with it");
    assert!(list(&check, "findings").iter().any(|finding| finding["code"] == "baseline-differs"));
}

/// 1,296,000 tokens per minute are required, where five million are the default and then one million.
#[test]
fn a_default_that_fell_below_what_is_required_is_news() {
    let csv = HEADER.to_owned() + "w,,haiku-4.5,us,400,1200,300,900,4,08-18,\n";
    let overlay = "[[model]]\nid = \"anthropic.claude-haiku-4-5-20251001-v1:0\"\n[model.scope.us.tpm]\n\
                   default = 1_000_000\nas_of = \"2026-10\"\nsource = \"x\"\n";
    let place = Place::new(&[("w.csv", &csv), ("o.toml", overlay)]);
    place.json(&["plan", "w.csv"], "plan.json");
    let flags = [
        "check",
        "w.csv",
        "--models",
        "o.toml",
        "--assume-defaults",
        "--baseline",
        "plan.json",
        "--only-worsened",
    ];
    assert_eq!(changes(&place.json(&flags, "check.json"), "exceeds-default"), [("new", true)]);
}

#[test]
fn a_configuration_that_was_found_is_not_written_over() {
    let csv = HEADER.to_owned() + "w,,haiku-4.5,us,400,1200,300,900,4,08-18,\n";
    for command in ["check", "plan"] {
        let place = Place::new(&[("w.csv", &csv), ("quotaplan.toml", "headroom = 0.3\n")]);
        let arguments = [command, "w.csv", "--format", "json", "--output", "quotaplan.toml"];
        assert_eq!(support::quotaplan(place.0.path(), &arguments).status.code(), Some(2), "{command}");
        let kept = std::fs::read_to_string(place.0.path().join("quotaplan.toml")).expect("it is there");
        assert_eq!(kept, "headroom = 0.3\n");
    }
}

#[test]
fn two_formats_are_not_written_to_one_file_by_two_names() {
    let csv = HEADER.to_owned() + "w,,haiku-4.5,us,400,1200,300,900,4,08-18,\n";
    let place = Place::new(&[("w.csv", &csv)]);
    for (first, second) in [("json=out", "sarif=./out"), ("json=./o", "csv=o"), ("json=.//o", "table=././o")]
    {
        let arguments = ["check", "w.csv", "--format", first, "--format", second];
        assert_eq!(support::quotaplan(place.0.path(), &arguments).status.code(), Some(2), "{first} {second}");
        let written = std::fs::read_dir(place.0.path()).expect("a folder").count();
        assert_eq!(written, 1, "{first} {second}");
    }
}

#[test]
fn the_source_line_of_a_fault_is_shown_in_its_order() {
    let csv = HEADER.to_owned() + "w,,\u{202e}haiku\u{2066},us,40,1200,300,900,4,08-18,\n";
    let place = Place::new(&[("w.csv", &csv)]);
    let output = support::quotaplan(place.0.path(), &["check", "w.csv"]);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!stderr.contains(['\u{202e}', '\u{2066}']), "{stderr:?}");
}
