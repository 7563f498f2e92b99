//! The program on changed cases: a short run of what `cargo bench --bench fuzz` does at length.

mod driver;
mod folder;
mod judge;
mod mutate;
mod random;
mod seeds;

use crate::support::case;

/// Executions of the everyday run.
const EXECUTIONS: u64 = 1_000;

#[test]
fn changed_cases_break_no_rule() {
    let save = tempfile::tempdir().expect("a folder");
    let plan =
        driver::Plan { executions: EXECUTIONS, save: save.path().to_owned(), ..driver::Plan::default() };
    let report = driver::run(&plan);
    assert_eq!(report.executions(), EXECUTIONS);
    assert!(report.panics == 0 && report.faults.is_empty(), "{report}");
}

/// What is saved is what was run, line ends in arguments and all.
#[test]
fn a_saved_run_is_replayed_as_it_was() {
    let place = tempfile::tempdir().expect("a folder");
    let run = seeds::Run {
        arguments: vec![b"plan".to_vec(), b"a\nb.csv".to_vec(), b"--config".to_vec(), b"-".to_vec()],
        files: [("in/x".to_owned(), b"\xff".to_vec())].into(),
        input: b"headroom = -1\n".to_vec(),
    };
    folder::save(&run, &place.path().join("fault"), "words");
    assert_eq!(seeds::read(&place.path().join("fault")).as_ref(), Some(&run));
    let text = driver::replay(&place.path().join("fault"));
    assert!(text.contains("Failure") && text.contains("<stdin>:1:12: error["), "{text}");
    assert!(!text.contains("breaks:"), "{text}");
}

/// Each rule is broken by a run that breaks it.
#[test]
fn the_judge_sees_what_it_is_to_see() {
    use quotaplan::cli::Exit::{Failure, Findings, Success};
    let plan = |exit, stdout: &str, stderr: &str, file: &str| {
        let arguments = ["plan", "w", "--format", "json"].map(|word| word.as_bytes().to_vec()).to_vec();
        let run = seeds::Run { arguments, files: [("w".to_owned(), Vec::new())].into(), input: Vec::new() };
        let mut files = run.files.clone();
        if !file.is_empty() {
            files.insert(file.to_owned(), b"x".to_vec());
        }
        let outcome = judge::Outcome { exit, stdout: stdout.into(), stderr: stderr.into(), files };
        judge::broken(&run, &outcome).join("; ")
    };
    assert_eq!(plan(Success, "{}", "", ""), "");
    assert_eq!(plan(Failure, "", "error: x", ""), "");
    for (found, rule) in [
        (plan(Findings, "{}", "", ""), "ends with 1"),
        (plan(Failure, "", "", ""), "says nothing"),
        (plan(Failure, "{}", "error", ""), "gives a result"),
        (plan(Failure, "", "error", "new"), "changes files"),
        (plan(Failure, "", "error", "w"), "changes files"),
        (plan(Success, "{}", "", ".quotaplan-abc/owner"), "temporary folder"),
        (plan(Success, "{", "", ""), "the JSON is none"),
        (plan(Success, "{}", "\u{9b}31m", ""), "U+009B on standard error"),
        (plan(Success, "\"\u{202e}\"", "", ""), "U+202E on standard output"),
        (plan(Success, "{}", "::error::x", ""), "acts on a runner"),
    ] {
        assert!(found.contains(rule), "{rule}: {found}");
    }
}
