//! What hosts and shells take of a check: the result first, one failure a case, no harm by a cell.

use std::process::{Command, Stdio};

use unicode_width::UnicodeWidthStr;

use super::once::Place;
use super::readers::{commands, lines};

use crate::support;

const HEADER: &str = "workload,account,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,latency_seconds,active_hours\n";

fn place(rows: &str, config: &str) -> Place {
    Place::new(&[
        ("w.csv", &format!("{HEADER}{rows}")),
        ("quotaplan.toml", &format!("peak_factor = 1\n{config}")),
    ])
}

/// What the program writes on standard output, and its exit status.
fn output(place: &Place, arguments: &[&str]) -> (String, Option<i32>) {
    let output = support::quotaplan(place.folder(), arguments);
    (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
}

const HAIKU: &str = "w,,haiku-4.5,us,400,1200,300,900,4,08-18\n";

const ENOUGH: &str =
    "[granted]\n\"L-58BE175A\" = 5_000_000\n\"L-CCA5DF70\" = 10_000\n\"L-E3F10727\" = \"unlimited\"\n";

#[test]
fn the_result_is_the_first_command() {
    for (config, flags, level, status) in [
        (ENOUGH, &[][..], "notice", 0),
        ("", &[], "warning", 0),
        ("", &["--fail-on", "warning"], "error", 1),
        ("[granted]\n\"L-58BE175A\" = 5\n", &[], "error", 1),
        ("[granted]\n\"L-58BE175A\" = 5\n", &["--warn-only"], "warning", 0),
    ] {
        let place = place(HAIKU, config);
        let (text, code) = output(&place, &[&["check", "w.csv", "--format", "github"], flags].concat());
        let commands = commands(&text);
        assert_eq!(code, Some(status));
        assert_eq!((commands[0].level.as_str(), commands[0].title.as_str()), (level, "quotaplan"), "{text}");
        assert!(commands[1..].iter().all(|command| command.title != "quotaplan"), "{text}");
    }
    let place = place("w,,nope,us,x,1200,300,900,4,08-18\n", "");
    let (text, code) = output(&place, &["check", "w.csv", "--format", "github"]);
    let commands = commands(&text);
    assert_eq!(code, Some(2));
    assert_eq!((commands[0].level.as_str(), commands.len()), ("error", 3), "{text}");
}

/// The requests per minute of Nova 2 Lite are above the default and cannot be raised.
#[test]
fn a_case_with_two_failing_findings_has_one_failure() {
    let place = place("w,,nova-2-lite,us,4000,12,3,9,4,08-18\n", "");
    let flags = ["check", "w.csv", "--format", "junit", "--assume-defaults", "--fail-on", "warning"];
    let (xml, code) = output(&place, &flags);
    assert_eq!(code, Some(1));
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let case = document
        .descendants()
        .find(|node| node.attribute("name").is_some_and(|name| name.ends_with("L-F06F1187")));
    let faults: Vec<_> = case
        .expect("a case")
        .children()
        .filter(|node| node.is_element() && !node.has_tag_name("system-out"))
        .collect();
    assert_eq!(faults.len(), 1, "{xml}");
    assert!(faults[0].has_tag_name("failure"));
    let said = [
        "Nova 2 Lite us rpm, L-F06F1187 needs 4,800, and AWS's default is 2,000, assumed to apply",
        "Nova 2 Lite us rpm: the requirement exceeds the quota, which is not adjustable",
    ];
    let message = faults[0].attribute("message").expect("a message");
    let parts: Vec<&str> = message.split("; ").collect();
    assert_eq!(parts.len(), 2, "{message}");
    for part in said {
        assert!(parts.contains(&part), "{part} is not in {message}");
    }
    let text = faults[0].text().expect("a text");
    for part in parts {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for code in ["exceeds-default", "not-adjustable"] {
        assert!(text.contains(code), "{code} is not in {text}");
    }
}

#[test]
fn faulty_inputs_are_a_case_each() {
    let place = place("w,,nope,us,x,1200,300,900,4,08-18\nv,,haiku-4.5,us,1,1200,300,900,y,08-18\n", "");
    let (xml, code) = output(&place, &["check", "w.csv", "--format", "junit"]);
    assert_eq!(code, Some(2));
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let named = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).collect::<Vec<_>>();
    let suites: Vec<_> = named("testsuite").iter().filter_map(|suite| suite.attribute("name")).collect();
    assert_eq!(suites, ["inputs"]);
    let cases = named("testcase");
    assert_eq!(cases.len(), 3, "{xml}");
    for case in cases {
        let faults = case.children().filter(roxmltree::Node::is_element).collect::<Vec<_>>();
        assert!(faults.len() == 1 && faults[0].has_tag_name("error"), "{xml}");
    }
}

#[test]
fn the_table_of_faulty_inputs_goes_to_a_file_alone() {
    let place = place("w,,nope,us,4,1200,300,900,4,08-18\n", "");
    for flags in [&[][..], &["--format", "table"]] {
        assert_eq!(output(&place, &[&["check", "w.csv"], flags].concat()), (String::new(), Some(2)));
    }
    for flags in [
        &["--format", "table=t.out"][..],
        &["--output", "t.out"],
        &["--format", "table", "--output", "t.out"],
    ] {
        assert_eq!(output(&place, &[&["check", "w.csv"], flags].concat()), (String::new(), Some(2)));
        let file = place.folder().join("t.out");
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{flags:?}: {error}"));
        assert!(text.contains("unknown model `nope`"), "{text}");
        std::fs::remove_file(file).expect("it can be removed");
    }
}

/// Who reads the output may stop before its end.
#[test]
fn a_broken_pipe_does_not_change_how_a_check_ends() {
    for (config, expected) in [("", 0), ("[granted]\n\"L-58BE175A\" = 5\n", 1)] {
        let place = place(HAIKU, config);
        for format in ["table", "json", "sarif"] {
            let mut child = Command::new(env!("CARGO_BIN_EXE_quotaplan"))
                .args(["check", "w.csv", "--format", format])
                .current_dir(place.folder())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program runs");
            drop(child.stdout.take());
            let ended = child.wait_with_output().expect("it ends");
            let said = String::from_utf8_lossy(&ended.stderr);
            assert_eq!(ended.status.code(), Some(expected), "{format} {said}");
            assert!(!said.contains("panicked"), "{said}");
        }
    }
}

/// The backslash that breaks a command up counts too.
#[test]
fn a_table_is_a_hundred_columns_wide_with_its_backslashes() {
    let row = "w,a##[error]z,haiku-4.5,us,4000,1200,300,900,4,08-18\n";
    let config = "[accounts.\"a##[error]z\".granted]\nL-58BE175A = 5_000_000\n";
    let (text, code) = output(&place(row, config), &["check", "w.csv"]);
    assert_eq!(code, Some(1));
    for line in text.lines() {
        assert!(line.width() <= 100, "{} columns: {line}", line.width());
    }
}

/// What is said of an argument is no command to a runner either.
#[test]
fn an_argument_is_said_in_one_line() {
    let place = place(HAIKU, "");
    for argument in
        ["--format=json=\n::error::o/o", "--format=x\n::error::o", "--today=\n::error::o", "\n::error::o"]
    {
        let output = support::quotaplan(place.folder(), &["check", "w.csv", argument]);
        assert_eq!(output.status.code(), Some(2), "{argument:?}");
        lines(std::str::from_utf8(&output.stderr).expect("UTF-8"));
    }
}

#[test]
fn the_name_of_a_file_is_no_command() {
    for name in ["::error::w.csv", "a##[error]w.csv", "a\n::error::w.csv"] {
        let csv = format!("{HEADER}w,,nope,us,4,1200,300,900,4,08-18\n");
        let place = Place::new(&[(name, &csv)]);
        let output = support::quotaplan(place.folder(), &["check", name, "--format", "table=t.out"]);
        assert_eq!(output.status.code(), Some(2));
        lines(std::str::from_utf8(&output.stderr).expect("UTF-8"));
        lines(&std::fs::read_to_string(place.folder().join("t.out")).expect("UTF-8"));
    }
}

/// The cells of a CSV where an account has a name.
fn about(account: &str) -> Vec<String> {
    let row = format!("w,{account},haiku-4.5,us,400,1200,300,900,4,08-18\n");
    let (text, _) = output(&place(&row, ""), &["check", "w.csv", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("a record")[6].to_owned()).collect()
}

#[test]
fn a_spreadsheet_takes_no_cell_for_a_formula() {
    let quota = "/anthropic.claude-haiku-4-5-20251001-v1:0 us tpm L-58BE175A";
    for account in ["=1+2", "+a", "-a", "@SUM(A1)", "=", "-=1"] {
        let cells = about(account);
        assert!(cells.contains(&format!("'{account}{quota}")), "{account} {cells:#?}");
    }
    for account in ["a=1", "'=1", "a-b"] {
        assert!(about(account).contains(&format!("{account}{quota}")), "{account}");
    }
}

/// A sum of two numbers is no number.
#[test]
fn a_spreadsheet_takes_no_sum_for_a_number() {
    for account in ["-1+2", "+1-cmd", "-2"] {
        let cells = about(account);
        let of_account = cells.iter().filter(|cell| cell.contains("/anthropic"));
        for cell in of_account {
            assert!(cell.starts_with('\''), "{cell}");
        }
    }
}
