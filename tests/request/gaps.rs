//! Answers that are missing, and the day on which a pack was made.

use std::fs;
use std::path::Path;

use quotaplan::cli::{Exit, Session, main_from};
use quotaplan::text::FactDate;

use crate::support::run_in;

const ROWS: &str = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,\
    max_tokens,latency_seconds,share_over_25k\n";

/// A folder with a row, and a configuration.
fn folder(share: &str, toml: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = format!("{ROWS}chat,haiku-4.5,us,1500,2400,2000,300,400,4,{share}\n");
    fs::write(folder.path().join("workloads.csv"), rows).expect("writing");
    let toml = format!("[granted]\n\"L-58BE175A\" = 5_000_000\n{toml}");
    fs::write(folder.path().join("quotaplan.toml"), toml).expect("writing");
    folder
}

fn made(folder: &Path) -> String {
    let run = run_in(folder, &["request", "workloads.csv", "--today", "2026-11-25", "--out", "pack"], b"");
    assert_eq!(run.status, 0, "{}", run.stderr());
    run.stdout()
}

const ANSWERED: &str = "[request]\nuse_case = \"Chats\"\n";

#[test]
fn only_questions_of_aws_can_be_missing_and_the_last_line_counts_them() {
    for (share, toml, last) in [
        ("", "", "Not ready to send: 2 answers missing."),
        ("0", "", "Not ready to send: 1 answer missing."),
        ("0", ANSWERED, "Ready to send: no answer that AWS asks for is missing."),
    ] {
        let folder = folder(share, toml);
        let said = made(folder.path());
        assert_eq!(said.lines().last(), Some(last), "{said}");
        let request = fs::read_to_string(folder.path().join("pack/request.md")).expect("the document");
        assert_eq!(request.lines().nth(2), Some(last), "{request}");
        let case = fs::read_to_string(folder.path().join("pack/support-case.md")).expect("the case");
        assert_eq!(case.contains("[TO BE FILLED IN]"), last.starts_with("Not"), "{case}");
        let verified = run_in(folder.path(), &["request", "verify", "pack"], b"");
        let next = if last.starts_with("Not") { "" } else { "Next:  sh pack/submit.sh --submit\n" };
        assert_eq!(verified.stdout(), format!("pack: every file matches its inputs\n{next}{last}\n"));
    }
}

/// The script refuses before it calls anything.
#[cfg(unix)]
#[test]
fn the_script_sends_an_incomplete_pack_only_when_told() {
    let run = |folder: &Path, words: &[&str]| {
        let script = std::process::Command::new("/bin/sh")
            .arg("pack/submit.sh")
            .args(words)
            .current_dir(folder)
            // The AWS CLI is not found there.
            .env("PATH", "/nowhere")
            .output()
            .expect("sh runs");
        (script.status.code(), String::from_utf8_lossy(&script.stderr).into_owned())
    };
    let folder = folder("", ANSWERED);
    made(folder.path());
    let (status, said) = run(folder.path(), &["--submit"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("missing: 1") && said.contains("--with-gaps"), "{said}");
    for words in [&["--submit", "--with-gaps"][..], &["--with-gaps", "--submit"]] {
        let (status, said) = run(folder.path(), words);
        assert!(status != Some(1) && said.contains("aws"), "{status:?} {said}");
    }
    // It prints what it would send whatever is missing.
    assert_eq!(run(folder.path(), &[]).0, Some(0));
    assert_eq!(run(folder.path(), &["--sumbit"]).0, Some(2));
    let whole = self::folder("0", ANSWERED);
    made(whole.path());
    let (_, said) = run(whole.path(), &["--submit"]);
    assert!(said.contains("aws") && !said.contains("missing"), "{said}");
}

/// Runs the program on a day.
fn on(day: &str, folder: &Path, arguments: &[&str]) -> (Exit, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let day = FactDate::parse(day).expect("a day");
    let session = Session::new(folder, std::io::empty(), &mut output, &mut errors).with_day(day);
    let exit = main_from(std::iter::once("quotaplan").chain(arguments.iter().copied()), &session);
    drop(session);
    (exit, String::from_utf8_lossy(&output).into_owned())
}

#[test]
fn a_pack_is_of_the_day_it_was_made_and_verifies_on_any() {
    let folder = folder("0", ANSWERED);
    let request = ["request", "workloads.csv", "--stages", "--out"];
    let (exit, said) = on("2027-01-05", folder.path(), &[&request[..], &["pack"]].concat());
    assert_eq!(exit, Exit::Success, "{said}");
    let read = |pack: &str, name: &str| fs::read_to_string(folder.path().join(pack).join(name)).expect(name);
    for (name, text) in [
        ("manifest.json", "\"made_on\": \"2027-01-05\""),
        ("inputs/arguments.json", "\"today\": \"2027-01-05\""),
        ("request.md", "Made on 2027-01-05 by"),
    ] {
        assert!(read("pack", name).contains(text), "{name}: {}", read("pack", name));
    }
    let (exit, said) = on("2030-06-01", folder.path(), &["request", "verify", "pack"]);
    assert_eq!(exit, Exit::Success, "{said}");
    // The day that is typed goes before that of the run.
    let typed = [&request[..], &["other", "--today", "2027-02-03"]].concat();
    on("2027-01-05", folder.path(), &typed);
    assert!(read("other", "manifest.json").contains("\"made_on\": \"2027-02-03\""));
    // A plan does not ask which day it is.
    let plans = ["2027-01-05", "2031-01-01"].map(|day| on(day, folder.path(), &["plan", "workloads.csv"]).1);
    assert_eq!(plans[0], plans[1]);
}
