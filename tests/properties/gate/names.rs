//! Whatever stands in a name, the program's eight formats stay well-formed and carry it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::super::cases;
use super::named::{Names, cell, write};
use super::readers::{Comment, commands, comment, cut, harmful, lines, logged, shown, table};
use super::{list, text};
use crate::support;

/// Pieces that mean something to one of the formats, to a host or to a terminal; a carriage return
/// is none, since the reader of workloads takes every line end for the same.
const PIECES: [&str; 53] = [
    "%",
    "%0A",
    "%25",
    "\n",
    "\t",
    ",",
    ";",
    "\"",
    "\"\"",
    "'",
    "<",
    "</details>",
    "<br>",
    "<b>",
    ">",
    "|",
    "\\|",
    "\\",
    "&",
    "&lt;",
    "]]>",
    "@all",
    "@",
    "#1",
    "# ",
    "`",
    "```",
    "<!--",
    "-->",
    "--",
    "*",
    "__",
    "~~",
    "[x](y)",
    "![",
    "- ",
    "🚀",
    "👩‍👩‍👧",
    "צוות",
    "فريق",
    "\u{202e}",
    "\u{2066}",
    "\u{1b}[31m",
    "::error::",
    "##[error]",
    "\u{2028}",
    "\u{2029}",
    "\u{200e}",
    "\u{200f}",
    "\u{61c}",
    "$",
    "$$",
    "a name of forty characters with a blank ",
];

/// A name with a letter at both ends, so that trimming leaves it as it is.
fn name(first: &'static str) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        2 => "[a-z]{1,3}",
        1 => Just(" ".to_owned()),
    ];
    prop::collection::vec(piece, 1..7).prop_map(move |pieces| format!("{first}{}z", pieces.concat()))
}

fn names() -> impl Strategy<Value = Names> {
    (name("w"), name("t"), name("n"), name("p"), name("a"), name("m")).prop_map(
        |(workload, team, nobody, period, account, alias)| Names {
            workload,
            team,
            nobody,
            period,
            account,
            alias,
        },
    )
}

const FORMATS: [&str; 8] = ["table", "json", "csv", "markdown", "github", "sarif", "junit", "gitlab"];

/// A check in every format, each to a file.
pub(super) struct Written(tempfile::TempDir);

impl Written {
    pub(super) fn new(names: &Names) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), names);
        let targets = FORMATS.map(|format| format!("--format={format}={format}.out"));
        let mut arguments = vec!["check", "workloads.csv", "--details"];
        arguments.extend(targets.iter().map(String::as_str));
        let output = support::quotaplan(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, b"");
        // The summary names nobody.
        assert!(output.stderr.starts_with(b"check failed: "));
        assert_eq!(output.stderr.iter().filter(|byte| **byte == b'\n').count(), 1);
        lines(std::str::from_utf8(&output.stderr).expect("UTF-8"));
        Self(folder)
    }

    pub(super) fn text(&self, format: &str) -> String {
        std::fs::read_to_string(self.0.path().join(format!("{format}.out"))).expect("UTF-8")
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_str(&self.text(format)).expect("JSON")
    }
}

/// A name in a cell of CSV but for its apostrophes and backslashes, of which some mark formulas and commands.
fn unmarked(text: &str) -> String {
    shown(text).replace(['\'', '\\'], "")
}

/// What must be said of the names in a list of messages.
fn said(names: &Names, messages: &[String], shown: impl Fn(&str) -> String) {
    let Names { workload, team, nobody, period, account, .. } = names;
    let [workload, team, nobody] = [workload, team, nobody].map(|name| shown(name));
    let [period, account] = [period, account].map(|name| shown(name));
    for part in [
        format!("tpm of account {account}, L-58BE175A: 12,960,000 required, 5,000,000 granted"),
        format!("the largest demand is in {period}, from 08:00"),
        format!("team {team}: 216,810.00 USD a month in {period}, the budget is 1.00"),
        format!("the largest part is workload {workload}: 216,810.00 USD a month"),
        format!("team {nobody}: there is a budget, but no row counts towards it"),
        format!("the daily quota over all models of account {account} (L-E3F10727"),
    ] {
        assert!(messages.iter().any(|message| message.contains(&part)), "{part:?} is not in {messages:#?}");
    }
}

fn strings(values: &[Value], at: impl Fn(&Value) -> &Value) -> Vec<String> {
    values.iter().map(|value| at(value).as_str().expect("a text").to_owned()).collect()
}

fn machines(names: &Names, written: &Written) {
    let same = str::to_owned;
    let check = written.json("json");
    let findings = list(&check, "findings");
    let message = |finding: &Value| [text(finding, "message"), text(finding, "help")].join("\n");
    said(names, &findings.iter().map(message).collect::<Vec<_>>(), same);
    let budgets: Vec<&Value> = list(&check, "budgets").iter().map(|budget| &budget["name"]).collect();
    let model = "anthropic.claude-haiku-4-5-20251001-v1:0";
    let mut teams = [&names.team, &names.nobody];
    teams.sort();
    assert_eq!(budgets, [teams[0], teams[1], model]);
    let quota = list(&check, "quotas").iter().find(|quota| quota["code"] == "L-58BE175A").expect("a quota");
    assert_eq!(quota["account"], names.account.as_str());
    assert_eq!(quota["contributions"][0]["workload"], names.workload.as_str());
    assert_eq!(check["cost"]["period"], names.period.as_str());
    let sarif = written.json("sarif");
    let results = list(&sarif["runs"][0], "results");
    said(names, &strings(results, |result| &result["message"]["text"]), same);
    let gitlab = written.json("gitlab");
    let issues = gitlab.as_array().expect("a list");
    said(names, &strings(issues, |issue| &issue["description"]), same);
    let github = commands(&written.text("github"));
    assert_eq!((github[0].level.as_str(), github[0].title.as_str()), ("error", "quotaplan"));
    assert_eq!(github[0].message, text(&check, "summary"));
    for (command, finding) in github[1..].iter().zip(findings) {
        let (message, help) = (text(finding, "message"), text(finding, "help"));
        let (message, help) = (logged(message), logged(help));
        let all = if help.is_empty() { message } else { format!("{message}\n{help}") };
        assert_eq!((command.title.as_str(), &command.message), (text(finding, "code"), &all));
        let level = if finding["severity"] == "note" { "notice" } else { text(finding, "severity") };
        assert_eq!(command.level, level);
    }
    let csv = written.text("csv");
    let mut records = csv::Reader::from_reader(csv.as_bytes());
    let records: Vec<_> =
        records.records().map(|record| record.expect("as many cells as the header")).collect();
    let message = |record: &csv::StringRecord| [&record[4], &record[5]].map(unmarked).join("\n");
    said(names, &records.iter().map(message).collect::<Vec<_>>(), unmarked);
    assert!(csv.lines().all(|line| !line.contains(harmful)), "{csv:?}");
    assert_eq!(csv.lines().count(), records.len() + 1, "a record of several lines");
    let prints: BTreeSet<_> = issues.iter().map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!(prints.len(), issues.len());
    let count = findings.len();
    assert_eq!([results.len(), issues.len(), github.len() - 1, records.len()], [count; 4]);
}

fn junit(names: &Names, written: &Written) {
    let xml = written.text("junit");
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let mut messages = Vec::new();
    for node in document.descendants() {
        let message = node.attribute("message").unwrap_or_default();
        messages.push(format!("{message}\n{}", node.text().unwrap_or_default()));
    }
    said(names, &messages, logged);
    for case in &cases {
        let faults =
            case.children().filter(|node| node.has_tag_name("failure") || node.has_tag_name("error"));
        assert!(faults.count() <= 1, "{:?}", case.attribute("name"));
    }
    for (name, fails) in [(&names.team, true), (&names.nobody, false)] {
        let name = format!("budget of team {}", logged(name));
        let case = cases.iter().find(|case| case.attribute("name") == Some(name.as_str()));
        let case = case.unwrap_or_else(|| panic!("{name:?}"));
        assert_eq!(case.children().any(|node| node.has_tag_name("failure")), fails, "{name:?}");
    }
}

fn people(names: &Names, written: &Written) {
    let Comment { lines, rows, folds } = comment(&written.text("markdown"));
    said(names, &lines, shown);
    let (team, period) = (cut(&names.team), cut(&names.period));
    let quota = format!("Claude Haiku 4.5 us tpm, account {}", cut(&names.account));
    let cells: Vec<&str> = rows.iter().flatten().map(String::as_str).collect();
    for cell in [format!("Team {team}"), format!("Team {}", cut(&names.nobody)), quota] {
        assert!(cells.contains(&cell.as_str()), "{cell:?} is not in {cells:#?}");
    }
    assert!(rows.iter().any(|row| row[1] == period && row[2] == "216,810.00"), "{rows:#?}");
    assert_eq!(folds.len(), 3, "{folds:?}");
    let text = written.text("table");
    table(&text);
    // Where a line would start or hold a command there is a backslash more, and a break at a blank.
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect::<String>();
    let wrapped = plain(&text);
    for name in [&names.workload, &names.nobody] {
        let name = plain(&shown(name));
        assert!(wrapped.contains(&name), "{name} is not in\n{text}");
    }
}

/// What other commands write for people of the same files.
fn others(written: &Written) {
    for arguments in [&["plan", "workloads.csv"][..], &["explain", "workloads.csv", "--quota", "L-58BE175A"]]
    {
        let output = support::quotaplan(written.0.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        lines(std::str::from_utf8(&output.stdout).expect("UTF-8"));
        lines(std::str::from_utf8(&output.stderr).expect("UTF-8"));
    }
    let output = support::quotaplan(written.0.path(), &["plan", "workloads.csv", "--format", "csv"]);
    let csv = String::from_utf8(output.stdout).expect("UTF-8");
    let records = csv::Reader::from_reader(csv.as_bytes()).into_records().count();
    assert!(records > 0 && csv.lines().count() == records + 1, "a record of several lines: {csv:?}");
    assert!(csv.lines().all(|line| !line.contains(harmful)), "{csv:?}");
}

proptest! {
    #![proptest_config(cases(14))]

    #[test]
    fn any_name_gets_through_every_format(names in names()) {
        let written = Written::new(&names);
        machines(&names, &written);
        junit(&names, &written);
        people(&names, &written);
    }
}

/// Every piece at once, each at least once in each name.
#[test]
fn all_pieces_get_through_every_format() {
    for pieces in PIECES.chunks(16) {
        let of = |first: &str| format!("{first}{}z", pieces.join("o"));
        let names = Names {
            workload: of("w"),
            team: of("t"),
            nobody: of("n"),
            period: of("p"),
            account: of("a"),
            alias: of("m"),
        };
        let written = Written::new(&names);
        machines(&names, &written);
        junit(&names, &written);
        people(&names, &written);
        others(&written);
    }
}

/// Inputs that cannot be planned: the names are in messages about columns and models.
#[test]
fn faults_get_through_every_format() {
    let (column, model) = (PIECES[..23].join("o"), PIECES[23..].join("o"));
    // A quote in the name of a column is shown as the two that it is in the file.
    let (column, model) = (format!("c{}z", column.replace('"', "")), format!("m{model}z"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let header =
        format!("workload,model,scope,requests_per_minute,input_tokens,output_tokens,{}", cell(&column));
    let csv = format!("{header}\nw,{},us,x,1,1,1\n", cell(&model));
    std::fs::write(folder.path().join("workloads.csv"), csv).expect("it can be written");
    let targets = FORMATS.map(|format| format!("--format={format}={format}.out"));
    let mut arguments = vec!["check", "workloads.csv", "--strict"];
    arguments.extend(targets.iter().map(String::as_str));
    let output = support::quotaplan(folder.path(), &arguments);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
    let stderr = std::str::from_utf8(&output.stderr).expect("UTF-8");
    lines(stderr);
    let written = Written(folder);
    table(&written.text("table"));
    let said = |messages: &[String], shown: &dyn Fn(&str) -> String| {
        let parts = [("unknown column `", &column), ("unknown model `", &model)];
        for part in parts.map(|(head, name)| format!("{head}{}`", shown(name))) {
            assert!(
                messages.iter().any(|message| message.contains(&part)),
                "{part:?} is not in {messages:#?}"
            );
        }
    };
    let check = written.json("json");
    assert_eq!(check["status"], "fail");
    said(&strings(list(&check, "findings"), |finding| &finding["message"]), &str::to_owned);
    let sarif = written.json("sarif");
    said(&strings(list(&sarif["runs"][0], "results"), |result| &result["message"]["text"]), &str::to_owned);
    let issues = written.json("gitlab");
    said(&strings(issues.as_array().expect("a list"), |issue| &issue["description"]), &str::to_owned);
    let github = commands(&written.text("github"));
    assert_eq!((github[0].level.as_str(), github[0].title.as_str()), ("error", "quotaplan"));
    assert_eq!(github[0].message, text(&check, "summary"));
    let messages = github.into_iter().map(|command| command.message);
    said(&messages.collect::<Vec<_>>(), &logged);
    said(&comment(&written.text("markdown")).lines, &shown);
    let csv = written.text("csv");
    let mut records = csv::Reader::from_reader(csv.as_bytes());
    let records = records.records().map(|record| unmarked(&record.expect("as many cells as the header")[4]));
    said(&records.collect::<Vec<_>>(), &unmarked);
    let xml = written.text("junit");
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let messages = document.descendants().filter_map(|node| node.attribute("message"));
    said(&messages.map(str::to_owned).collect::<Vec<_>>(), &logged);
}
