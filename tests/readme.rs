//! The README's commands, outputs and tables are true.
//!
//! `UPDATE_CASES=1 cargo test --test all readme` writes the output of each run that the README shows into it: read
//! what changed before committing it.

use std::fs;

use quotaplan::text::Code;
use quotaplan::workload::Column;

use crate::support::{quotaplan, root};

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README")
}

/// Commands shown with their output: the words behind `cargo run --release --`, and what follows.
fn shown_runs(readme: &str) -> Vec<(Vec<String>, String)> {
    let blocks =
        readme.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks
        .map(|block| {
            let (command, output) = block.split_once('\n').expect("a command and its output");
            let words = command.strip_prefix("$ cargo run --release -- ").expect("a command of this program");
            (words.split(' ').map(str::to_owned).collect(), output.to_owned())
        })
        .collect()
}

#[test]
fn the_output_shown_is_the_output() {
    let runs = shown_runs(&readme());
    assert!(!runs.is_empty(), "the README shows no run");
    for (words, shown) in runs {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = quotaplan(&root(), &words);
        assert_eq!(run.status.code(), Some(0), "{words:?}");
        let output = String::from_utf8(run.stdout).expect("UTF-8");
        if std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
            let updated = readme().replace(&shown, &output);
            fs::write(root().join("README.md"), updated).expect("the README can be written");
            continue;
        }
        assert!(output == shown, "the README's output of {words:?} is not what it prints:\n{output}");
    }
}

#[test]
fn the_commands_of_the_readme_are_there() {
    let readme = readme();
    assert!(readme.contains("\ncargo test\n"), "the test command");
    let ci = fs::read_to_string(root().join(".ci/run")).expect(".ci/run");
    assert!(ci.contains("step cargo test\n"), ".ci/run calls the README's test command");
    for command in [
        "plan",
        "check",
        "whatif",
        "compare",
        "migrate",
        "request",
        "explain",
        "quotas",
        "iam",
        "sample",
        "simulate",
        "models",
        "init",
        "completions",
    ] {
        assert_eq!(quotaplan(&root(), &[command, "--help"]).status.code(), Some(0));
        assert!(readme.contains(&format!("| `{command}")), "{command} is not listed");
    }
    for command in
        ["plan", "check", "whatif", "compare", "migrate", "request", "quotas", "iam", "sample", "simulate"]
    {
        let help = String::from_utf8(quotaplan(&root(), &[command, "--help"]).stdout).expect("UTF-8");
        let flags = help.split_whitespace().filter(|word| word.starts_with("--") && *word != "--help");
        for flag in flags {
            // An optional value stands in brackets behind its flag.
            let flag = flag.split('[').next().unwrap_or(flag).trim_end_matches([',', ']', '.', ')']);
            assert!(readme.contains(flag), "{flag} of {command} is not in the README");
        }
    }
}

/// AWS's own examples as commands: each gets as far as the first call, and is kept from it.
#[test]
fn the_examples_of_sampling_are_ready_to_send() {
    let readme = readme();
    let runs = readme.lines().filter_map(|line| line.strip_prefix("quotaplan sample data/prompts/"));
    let said: Vec<String> = runs
        .map(|words| {
            let words = format!("sample data/prompts/{words} --max-requests 0");
            let run = quotaplan(&root(), &words.split(' ').collect::<Vec<_>>());
            assert_eq!(run.status.code(), Some(2), "{words}");
            let said = String::from_utf8(run.stderr).expect("UTF-8");
            assert!(said.ends_with("more than --max-requests 0: nothing was sent\n"), "{said}");
            said.split(" (").next().unwrap_or_default().to_owned()
        })
        .collect();
    let expected = [
        "3 calls of Converse in ca-central-1 to global.anthropic.claude-haiku-4-5-20251001-v1:0",
        "3 calls of Converse in ca-central-1 to global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "3 calls of InvokeModel in ca-central-1 to global.cohere.embed-v4:0",
        "1 call of Converse in ca-central-1 to us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ];
    assert_eq!(said, expected);
}

/// Rows of the table under a heading line: its cells.
fn table(readme: &str, header: &str) -> Vec<Vec<String>> {
    let (_, rest) = readme.split_once(&format!("{header}\n")).unwrap_or_else(|| panic!("no table {header}"));
    let rows = rest.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let inner = line.trim().trim_matches('|');
        inner.split(" | ").map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

#[test]
fn the_table_of_codes_is_the_registry() {
    let expected: Vec<Vec<String>> = Code::ALL
        .iter()
        .map(|code| {
            vec![
                format!("`{}`", code.as_str()),
                code.severity().as_str().to_owned(),
                code.meaning().to_owned(),
            ]
        })
        .collect();
    assert_eq!(table(&readme(), "| code | severity | when |"), expected);
}

#[test]
fn the_table_of_columns_is_the_loaders() {
    let expected: Vec<Vec<String>> = Column::ALL
        .iter()
        .map(|column| vec![format!("`{}`", column.name()), column.meaning().to_owned()])
        .collect();
    assert_eq!(table(&readme(), "| column | meaning, unit, default |"), expected);
}

#[test]
fn the_files_shown_are_valid() {
    let readme = readme();
    let blocks = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let blocks: Vec<&str> = blocks.collect();
    let [granted, overlay] = blocks.as_slice() else { panic!("{} blocks of TOML", blocks.len()) };
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("overlay.toml"), overlay).expect("writing");
    let run = quotaplan(folder.path(), &["models", "validate", "overlay.toml"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    fs::write(folder.path().join("granted.toml"), granted).expect("writing");
    let workloads = root().join("data/workloads.csv");
    let workloads = workloads.to_str().expect("UTF-8");
    let run = quotaplan(folder.path(), &["plan", workloads, "--granted", "granted.toml"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
}
