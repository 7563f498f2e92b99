//! A comment is never larger than a host takes, however much there is to say, and is whole even so.

use std::fmt::Write as _;

use proptest::prelude::*;
use quotaplan::render;
use quotaplan::report::{Block, Column, Gate, GateFinding, GateStatus, Region, Tone};
use quotaplan::text::Severity;

use super::super::cases;
use super::readers::{Comment, comment};
use crate::support;

/// Characters that GitHub takes in a comment.
const LARGEST: usize = 65_536;

/// What a line says when not everything fits: how many more, or a part as a whole.
const ELSEWHERE: &str = ": see the full report";

/// How many a line says are left out, where it is such a line.
fn left_out(line: &str) -> Option<usize> {
    let said = line.strip_suffix(ELSEWHERE)?;
    let Some(more) = said.strip_prefix("and ") else { return Some(counted(said).1) };
    let number = more.strip_suffix(" more that fail").or(more.strip_suffix(" more that do not fit here"));
    Some(number.unwrap_or_else(|| panic!("{line}")).parse().expect("a number"))
}

/// A title such as `Quotas (1500)` taken apart.
fn counted(title: &str) -> (&str, usize) {
    let (name, count) = title.rsplit_once(" (").unwrap_or_else(|| panic!("no number: {title}"));
    (name, count.trim_end_matches(')').parse().expect("a number"))
}

/// The parts of a comment with their numbers: folded, or said to be elsewhere.
fn parts(comment: &Comment) -> Vec<(&str, usize)> {
    let elsewhere = comment.lines.iter().filter_map(|line| line.strip_suffix(ELSEWHERE));
    let elsewhere = elsewhere.filter(|said| !said.starts_with("and "));
    let mut parts: Vec<_> = comment.folds.iter().map(String::as_str).chain(elsewhere).map(counted).collect();
    parts.sort_unstable();
    parts
}

/// A comment on 750 accounts with two quotas each, and how many findings fail.
fn huge(fail_on: &str) -> (Comment, String) {
    let mut csv =
        "workload,team,account,model,scope,requests_per_minute,input_tokens,output_tokens,latency_seconds\n"
            .to_owned();
    let mut config = "peak_factor = 1\n[budget.team]\n".to_owned();
    for index in 0..750 {
        let name = format!("{index:04} {}", "длинное <имя>|".repeat(1 + index % 7));
        writeln!(csv, "w {name},t {name},a {name},haiku-4.5,us,4,1200,300,4").unwrap();
        if index % 5 == 0 {
            writeln!(config, "\"t {name}\" = 0.01").unwrap();
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("workloads.csv"), csv).expect("it can be written");
    std::fs::write(folder.path().join("quotaplan.toml"), config).expect("it can be written");
    let output = support::quotaplan(
        folder.path(),
        &["check", "./workloads.csv", "--format", "markdown", "--fail-on", fail_on],
    );
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    (comment(&text), text)
}

#[test]
fn a_comment_on_1500_quotas_and_3000_findings_fits() {
    for fail_on in ["error", "warning"] {
        let (comment, text) = huge(fail_on);
        let Comment { lines, rows, .. } = &comment;
        assert!(text.len() <= LARGEST, "{} bytes", text.len());
        assert!(text.len() > LARGEST - 10_000, "{} bytes are far from all that fits", text.len());
        assert!(text.ends_with("\n<!-- quotaplan check workloads.csv -->\n"));
        // 150 budgets of one cent are exceeded, and each quota is undetermined.
        let (errors, warnings) = (150, 1_500 + 750);
        assert!(
            lines[0].starts_with(&format!("quotaplan check: FAIL  {errors} budgets exceeded")),
            "{}",
            lines[0]
        );
        let fails = if fail_on == "error" { errors } else { errors + warnings };
        assert_eq!(counted(&comment.folds[0]), ("More failures", fails - 10));
        let parts = parts(&comment);
        let [("Budgets", budgets), ("More failures", _), ("Other findings", others), ("Quotas", quotas)] =
            parts[..]
        else {
            panic!("{parts:?}")
        };
        assert!(fails + others > errors + warnings, "{fails} and {others}");
        // Two quotas of each account, and its estimate over all models.
        assert_eq!((budgets, quotas), (150, 1_500 + 750));
        // Ten that fail stand open; of the first fold and of the quotas some are left out.
        let shown = rows.iter().filter(|row| row.len() == 7).count() - 1;
        let left: Vec<usize> = lines.iter().filter_map(|line| left_out(line)).collect();
        assert_eq!(shown + left[1], 1_500 + 750, "{left:?}");
    }
}

fn finding(size: usize, fails: bool) -> GateFinding {
    GateFinding {
        code: "over-budget",
        meaning: "the monthly cost is above the budget",
        severity: Severity::Error,
        usual_severity: Severity::Error,
        fails,
        message: "m<|".repeat(size / 10),
        help: "help".repeat(size % 3),
        place: Some(Region { file: "workloads.csv".to_owned(), start: Some((2, 3)), end: None }),
        related: None,
        identity: size.to_string(),
        subject: None,
        change: None,
    }
}

/// A result with findings and table rows of these sizes.
/// The tables of a check.
fn blocks(rows: &[usize]) -> Vec<Block> {
    let row = |size: &usize| vec!["n".repeat(*size), "1".to_owned()];
    vec![
        Block::Verdict { tone: Tone::Bad, sentences: vec!["FAIL".to_owned()] },
        Block::Table {
            columns: vec![Column::words("Quota"), Column::numbers("Required")],
            rows: rows.iter().map(row).collect(),
        },
        Block::Heading("Budgets".to_owned()),
        Block::Table {
            columns: vec![Column::words("Budget"), Column::numbers("Limit")],
            rows: rows.iter().rev().map(row).collect(),
        },
        Block::Paragraph("Cost a month: 1.00 USD.".to_owned()),
    ]
}

fn gate(findings: &[(usize, bool)], file: usize) -> Gate {
    Gate {
        verdict: Vec::new(),
        status: GateStatus::Fail,
        summary: "check failed".to_owned(),
        file: format!("w{}", "-->".repeat(file / 3)),
        findings: findings.iter().map(|(size, fails)| finding(*size, *fails)).collect(),
        subjects: Vec::new(),
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_comment_of_any_size_is_whole_and_says_what_is_left_out(
        findings in prop::collection::vec((prop_oneof![0..400_usize, 0..20_000_usize], any::<bool>()), 0..60),
        rows in prop::collection::vec(prop_oneof![1..40_usize, 1..3_000_usize], 1..60),
        file in prop_oneof![0..30_usize, 0..4_000_usize],
    ) {
        let mut findings = findings;
        findings.sort_by_key(|(_, fails)| !fails);
        let text = render::comment::render(&gate(&findings, file), &blocks(&rows));
        prop_assert!(text.len() <= LARGEST, "{} bytes", text.len());
        let comment = comment(&text);
        let lines = &comment.lines;
        // What a title counts and what fails is shown, or said to be left out.
        let notes = lines.iter().filter(|line| line.starts_with("error over-budget ")).count();
        let left: usize = lines.iter().filter_map(|line| left_out(line)).sum();
        let failing = findings.iter().filter(|(_, fails)| *fails).count();
        let shown = text.lines().filter(|line| line.starts_with("| n")).count();
        let mut titles = vec![("Budgets", rows.len()), ("Quotas", rows.len())];
        if failing > 10 {
            titles.push(("More failures", failing - 10));
        }
        if failing < findings.len() {
            titles.push(("Other findings", findings.len() - failing));
        }
        titles.sort_unstable();
        prop_assert_eq!(parts(&comment), titles);
        // Each finding stands once.
        prop_assert_eq!(notes + shown + left, findings.len() + 2 * rows.len());
        prop_assert!(lines.iter().any(|line| line.starts_with("Cost a month")));
    }
}
