//! `models check`: every dated fact of the table once, oldest first.

use std::fs;

use serde_json::Value;

use crate::support::{quotaplan, root};

fn check(arguments: &[&str]) -> Value {
    let run = quotaplan(&root(), &[&["models", "check", "--format", "json"], arguments].concat());
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

/// The dates as they stand in the table's text, without those of statements that no longer hold.
fn dates() -> Vec<String> {
    let table = fs::read_to_string(root().join("data/models.toml")).expect("the table");
    let mut dates: Vec<String> = table
        .lines()
        .filter_map(|line| line.split_once(" = \""))
        .filter(|(key, _)| *key == "as_of" || key.ends_with("_as_of") && *key != "said_as_of")
        .map(|(_, value)| value.trim_end_matches('"').to_owned())
        .collect();
    // A month stands for its first day.
    dates.sort_by_key(|date| if date.len() == 7 { format!("{date}-01") } else { date.clone() });
    dates
}

#[test]
fn every_date_of_the_table_is_listed_once_oldest_first() {
    let report = check(&["--today", "2026-12-01"]);
    let mut listed: Vec<String> = report["facts"]
        .as_array()
        .expect("facts")
        .iter()
        .map(|fact| fact["as_of"].as_str().expect("a date").to_owned())
        .collect();
    let day = |date: &String| if date.len() == 7 { format!("{date}-01") } else { date.clone() };
    assert!(listed.is_sorted_by_key(day));
    let mut expected = dates();
    listed.sort();
    expected.sort();
    assert_eq!(listed, expected);
    assert_eq!(report["facts_in_table"], expected.len());
}

#[test]
fn ages_are_whole_days_and_the_bound_is_exclusive() {
    // From 2026-09-01, for which "2026-09" stands, to 2026-12-01 are 30 + 31 + 30 = 91 days.
    let all = check(&["--today", "2026-12-01"]);
    let of_september = |fact: &&Value| fact["as_of"] == "2026-09";
    let facts = all["facts"].as_array().expect("facts");
    assert!(facts.iter().filter(of_september).all(|fact| fact["age_days"] == 91));
    let count = facts.iter().filter(of_september).count();
    assert!(count > 0);
    for (bound, expected) in [("90", count), ("91", 0)] {
        let bounded = check(&["--today", "2026-12-01", "--older-than", bound]);
        let shown = bounded["facts"].as_array().expect("facts");
        assert_eq!(shown.iter().filter(of_september).count(), expected, "{bound}");
    }
}

#[test]
fn what_an_answer_states_has_its_command_and_the_rest_has_its_source() {
    let report = check(&[]);
    for fact in report["facts"].as_array().expect("facts") {
        let command = fact["command"].as_str();
        let expected = match (fact["kind"].as_str().expect("a kind"), fact["part"].as_str()) {
            ("quota", _) => Some("list-aws-default-service-quotas"),
            ("destinations", Some("in-region")) | ("lifecycle", _) => Some("list-foundation-models"),
            ("destinations", _) => Some("list-inference-profiles"),
            _ => None,
        };
        assert_eq!(command.is_some(), expected.is_some(), "{fact}");
        assert!(
            expected.is_none_or(|words| command.is_some_and(|command| command.contains(words))),
            "{fact}"
        );
        assert!(!fact["source"].as_str().expect("a source").is_empty());
    }
}

#[test]
fn every_format_has_the_counts_or_the_facts() {
    for (format, words) in [
        ("table", "facts, with their ages"),
        ("markdown", "facts, with their ages"),
        ("csv", "kind,model,part,as_of"),
    ] {
        let run = quotaplan(&root(), &["models", "check", "--today", "2026-12-01", "--format", format]);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        assert!(text(&run.stdout).contains(words), "{format}: {}", text(&run.stdout));
    }
    let run = quotaplan(&root(), &["models", "check", "--today", "2026-01-01", "--older-than", "9999"]);
    assert!(text(&run.stdout).starts_with("0 of "), "{}", text(&run.stdout));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
