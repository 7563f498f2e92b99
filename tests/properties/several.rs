//! Rows in several files are rows in one.

use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use super::facts::MODELS;
use super::rows::{csv, rows};
use crate::support::run_in;

const COMMANDS: [&[&str]; 7] = [
    &["plan", "--format", "json"],
    &["plan", "--format", "csv"],
    &["check", "--assume-defaults", "--format", "json"],
    &["compare", "--optimise", "--format", "json"],
    &["whatif", "--set", "rate=*1.5", "--format", "json"],
    &["whatif", "--scenario", "runway", "--assume-defaults", "--format", "json"],
    &["migrate", "--from", "haiku-4.5", "--to", "sonnet-5", "--format", "json"],
];

/// Without what names a place in a file.
fn without_places(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for key in ["file", "files", "line", "lines", "column", "end_line", "end_column", "fingerprint"] {
                entries.remove(key);
            }
            entries.values_mut().for_each(without_places);
        }
        Value::Array(items) => items.iter_mut().for_each(without_places),
        _ => {}
    }
}

/// What a run says of the traffic: its JSON without places, or its text.
fn said(stdout: &str) -> String {
    match serde_json::from_str::<Value>(stdout) {
        Ok(mut value) => {
            without_places(&mut value);
            value.to_string()
        }
        Err(_) => stdout.to_owned(),
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_file_cut_into_several_is_the_same_file(
        rows in rows(&MODELS, 3..=7),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..=3),
        command in prop::sample::select(COMMANDS.to_vec()),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("writing");
        write("whole.csv", &csv(&rows));
        let mut at: Vec<usize> = cuts.iter().map(|cut| 1 + cut.index(rows.len() - 1)).collect();
        at.extend([0, rows.len()]);
        at.sort_unstable();
        at.dedup();
        let mut names = Vec::new();
        for (number, ends) in at.windows(2).enumerate() {
            let name = format!("part-{number}.csv");
            // Each file has a header and a delimiter of its own.
            let text = csv(&rows[ends[0]..ends[1]]);
            let text = if number % 2 == 1 && !text.contains([';', '"']) { text.replace(',', ";") } else { text };
            write(&name, &text);
            names.push(name);
        }
        let run = |files: &[&str]| run_in(folder.path(), &[&command[..1], files, &command[1..]].concat(), b"");
        let whole = run(&["whole.csv"]);
        let parts = run(&names.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(whole.status, parts.status, "{}", parts.stderr());
        if whole.status < 2 {
            let plain = |text: &str| names.iter().fold(text.to_owned(), |text, name| text.replace(name.as_str(), "whole.csv"));
            let files = vec!["whole.csv"; names.len()].join(" ");
            let parts = plain(&parts.stdout()).replace(&files, "whole.csv");
            prop_assert_eq!(said(&whole.stdout()), said(&parts));
        }
    }
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("writing");
    }
    folder
}

const HEADER: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n";

fn file(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

/// Every fault of every file is told at its own place, and files may differ in columns and line ends.
#[test]
fn faults_of_all_files_stand_at_their_places() {
    let a = file("chat,haiku-4.5,us,60,1000,200,400\nmail,haiku-4.5,us,1x,1000,200,400\n");
    let b = "\u{feff}model;scope;workload;output_tokens;requests_per_minute;input_tokens\r\nhaiku-4.5;us;chat;200;6;1y\r\n";
    let folder = folder(&[("a.csv", &a), ("b.csv", b), ("empty.csv", HEADER), ("none.csv", "")]);
    let run = run_in(folder.path(), &["plan", "a.csv", "b.csv", "empty.csv", "none.csv", "gone.csv"], b"");
    let said = run.stderr();
    assert_eq!(run.status, 2, "{said}");
    for place in [
        "a.csv:3:19: error[bad-number]",
        "b.csv:2:25: error[bad-number]",
        "none.csv: error[empty-file]",
        "gone.csv: error[unreadable-file]",
    ] {
        assert!(said.contains(place), "{place}: {said}");
    }
}

#[test]
fn one_name_in_two_files_names_both_places() {
    let row = "chat,haiku-4.5,us,60,1000,200,400\n";
    let folder = folder(&[("a.csv", &file(row)), ("b.csv", &file(&format!("# a comment\n{row}")))]);
    let run = run_in(folder.path(), &["plan", "a.csv", "b.csv"], b"");
    assert_eq!(run.status, 2);
    let said = run.stderr();
    assert!(
        said.contains("b.csv:3:1: error[duplicate-workload]: `chat` is already on line 2 of a.csv"),
        "{said}"
    );
}

#[test]
fn a_file_without_rows_among_others_is_named() {
    let folder = folder(&[("a.csv", &file("chat,haiku-4.5,us,60,1000,200,400\n")), ("b.csv", HEADER)]);
    let run = run_in(folder.path(), &["plan", "a.csv", "b.csv"], b"");
    assert_eq!(run.status, 2);
    assert!(run.stderr().contains("b.csv: error[no-rows]"), "{}", run.stderr());
}

#[test]
fn a_file_counts_once_under_whichever_name() {
    let folder = folder(&[("a.csv", &file("chat,haiku-4.5,us,60,1000,200,400\n"))]);
    std::fs::hard_link(folder.path().join("a.csv"), folder.path().join("b.csv")).expect("a link");
    for (again, said) in [
        ("a.csv", "the file is named twice"),
        ("./a.csv", "it is the same file as `a.csv`"),
        ("b.csv", "it is the same file as `a.csv`"),
    ] {
        let run = run_in(folder.path(), &["plan", "a.csv", again], b"");
        assert_eq!(run.status, 2);
        let wanted = format!("{again}: error[duplicate-file]: {said}\n");
        assert!(run.stderr().contains(&wanted), "{}", run.stderr());
    }
    let run =
        run_in(folder.path(), &["plan", "-", "-"], file("chat,haiku-4.5,us,60,1000,200,400\n").as_bytes());
    assert_eq!(run.status, 2);
    assert!(run.stderr().contains("standard input is read only once"), "{}", run.stderr());
}

#[test]
fn standard_input_stands_beside_files() {
    let folder = folder(&[("a.csv", &file("chat,haiku-4.5,us,60,1000,200,400\n"))]);
    let input = file("mail,haiku-4.5,us,60,1000,200,400\n");
    let run = run_in(
        folder.path(),
        &["explain", "a.csv", "-", "--model", "haiku-4.5", "--scope", "us"],
        input.as_bytes(),
    );
    assert_eq!(run.status, 0, "{}", run.stderr());
    assert!(
        run.stdout().contains("(line 2 of a.csv)") && run.stdout().contains("(line 2 of <stdin>)"),
        "{}",
        run.stdout()
    );
}

/// The applied quotas of one account may stand in several files, each quota in one.
#[test]
fn files_of_applied_quotas_add_up() {
    let rows = file("chat,haiku-4.5,us,60,1000,200,400\n");
    let folder = folder(&[
        ("a.csv", &rows),
        ("one.toml", "[granted]\n\"L-58BE175A\" = 5_000_000\n"),
        ("two.toml", "[granted]\n\"L-27C57EE8\" = 7\n[accounts.lab.granted]\n\"L-58BE175A\" = 1\n"),
        ("again.toml", "[granted]\n\n\"L-58BE175A\" = 5_000_000\n"),
    ]);
    let plan = |files: &[&str]| {
        let granted = files.iter().flat_map(|file| ["--granted", file]);
        let words: Vec<&str> = ["plan", "a.csv", "--format", "json"].into_iter().chain(granted).collect();
        run_in(folder.path(), &words, b"")
    };
    assert!(plan(&["one.toml", "two.toml"]).stdout().contains("\"granted\": 5000000"));
    let twice = plan(&["one.toml", "two.toml", "again.toml"]);
    assert_eq!(twice.status, 2);
    let wanted = "again.toml:3:1: error[bad-value]: `L-58BE175A` is already stated for this account on line 2 of one.toml";
    assert!(twice.stderr().contains(wanted), "{}", twice.stderr());
}

/// A pack keeps each file, and is made again from them.
#[test]
fn a_pack_of_several_files_is_verified() {
    let folder = folder(&[
        ("a.csv", &file("chat,haiku-4.5,us,60000,1000,200,400\n")),
        ("b.csv", &file("mail,haiku-4.5,us,60,1000,200,400\n")),
        ("one.toml", "[granted]\n\"L-58BE175A\" = 5_000_000\n"),
        ("two.toml", "[granted]\n\"L-27C57EE8\" = 7\n"),
    ]);
    let request = [
        "request",
        "a.csv",
        "b.csv",
        "--today",
        "2026-11-25",
        "--granted",
        "one.toml",
        "--granted",
        "two.toml",
        "--accept-max-tokens",
        "--out",
        "pack",
    ];
    let run = run_in(folder.path(), &request, b"");
    assert_eq!(run.status, 0, "{}", run.stderr());
    let pack = folder.path().join("pack");
    for (kept, given) in [
        ("workloads-1.csv", "a.csv"),
        ("workloads-2.csv", "b.csv"),
        ("granted-1.toml", "one.toml"),
        ("granted-2.toml", "two.toml"),
    ] {
        let read = |path: std::path::PathBuf| std::fs::read(path).expect("a file");
        assert_eq!(read(pack.join("inputs").join(kept)), read(folder.path().join(given)));
    }
    let verify = || run_in(folder.path(), &["request", "verify", "pack"], b"");
    assert_eq!(verify().status, 0, "{}{}", verify().stdout(), verify().stderr());
    let trail = std::fs::read_to_string(pack.join("trail.csv")).expect("a file");
    assert!(trail.contains("line 2 of inputs/workloads-2.csv"), "{trail}");
    std::fs::remove_file(pack.join("inputs/workloads-2.csv")).expect("removing");
    let run = verify();
    assert_eq!(run.status, 1);
    let said = run.stdout() + &run.stderr();
    assert!(said.contains("inputs/workloads-2.csv: error[pack-file-missing]"), "{said}");
}

/// The account of `[granted]` may be named too; two values for one quota of it are an error, and a file overrides
/// what the configuration says under either name.
#[test]
fn an_account_has_one_value_under_whichever_name() {
    let rows = file("chat,haiku-4.5,us,6000,1000,200,400\n");
    let own = "[granted]\n\"L-58BE175A\" = 5_000_000\n";
    let named = "[accounts.prod.granted]\n\"L-58BE175A\" = 9_000_000\n";
    let folder = folder(&[
        ("a.csv", &rows),
        ("plain.toml", "account = \"prod\"\n"),
        ("named.toml", &format!("account = \"prod\"\n{named}")),
        ("both.toml", &format!("{own}{named}")),
        ("own.toml", own),
        ("prod.toml", named),
    ]);
    let plan = |words: &[&str]| {
        run_in(folder.path(), &[&["plan", "a.csv", "--format", "json"], words].concat(), b"")
    };
    for words in [
        &["--config", "plain.toml", "--granted", "both.toml"][..],
        &["--config", "plain.toml", "--granted", "own.toml", "--granted", "prod.toml"],
        &["--config", "plain.toml", "--granted", "prod.toml", "--granted", "own.toml"],
    ] {
        let run = plan(words);
        assert_eq!(run.status, 2, "{words:?}");
        assert!(
            run.stderr().contains("`L-58BE175A` is already stated for this account on line 2 of"),
            "{}",
            run.stderr()
        );
    }
    let overridden = plan(&["--config", "named.toml", "--granted", "own.toml"]).stdout();
    assert!(overridden.contains("\"granted\": 5000000"), "{overridden}");
    let overridden = plan(&["--config", "plain.toml", "--granted", "prod.toml"]).stdout();
    assert!(overridden.contains("\"granted\": 9000000"), "{overridden}");
}

/// One file may be the configuration and the applied quotas: the pack keeps it as both.
#[test]
fn a_file_of_two_roles_is_kept_as_both() {
    let folder = folder(&[
        ("a.csv", &file("chat,haiku-4.5,us,60000,1000,200,400\n")),
        ("quotaplan.toml", "[granted]\n\"L-58BE175A\" = 5_000_000\n"),
    ]);
    let request = [
        "request",
        "a.csv",
        "--today",
        "2026-11-25",
        "--granted",
        "quotaplan.toml",
        "--accept-max-tokens",
        "--out",
        "pack",
    ];
    let run = run_in(folder.path(), &request, b"");
    assert_eq!(run.status, 0, "{}", run.stderr());
    for kept in ["inputs/quotaplan.toml", "inputs/granted.toml"] {
        assert!(folder.path().join("pack").join(kept).is_file(), "{kept}");
    }
    let verify = run_in(folder.path(), &["request", "verify", "pack"], b"");
    assert_eq!(verify.status, 0, "{}{}", verify.stdout(), verify.stderr());
}

/// A file of applied quotas that states none was meant to state some.
#[test]
fn an_empty_file_of_applied_quotas_is_an_error() {
    let folder = folder(&[
        ("a.csv", &file("chat,haiku-4.5,us,60,1000,200,400\n")),
        ("empty.toml", ""),
        ("comment.toml", "# nothing yet\r\n"),
        ("none.toml", "[granted]\n"),
    ]);
    for (granted, status) in [("empty.toml", 2), ("comment.toml", 2), ("none.toml", 0)] {
        let run = run_in(folder.path(), &["plan", "a.csv", "--granted", granted], b"");
        assert_eq!(run.status, status, "{granted}: {}", run.stderr());
        assert_eq!(
            run.stderr().contains(&format!("{granted}: error[empty-file]")),
            status == 2,
            "{}",
            run.stderr()
        );
    }
}
