//! `-` reads an input from standard input: the same as from a file, under the name `<stdin>`.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Ran, root, run_in};

const ROWS: &str = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,max_tokens,latency_seconds\n\
    chat,haiku-4.5,us,333,507,1155,211,4096,4.1\n";
const CONFIG: &str = "headroom = 1.5\n";
const GRANTED: &str = "[granted]\n\"L-58BE175A\" = 5000000\n";
const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}]}"#;
const ANSWER: &str = r#"{"Quotas": [{"ServiceCode": "bedrock", "QuotaCode": "L-58BE175A", "QuotaName": "x", "Value": 5000000.0}]}"#;
const PROMPTS: &str = "{\"prompt\": \"What is a quota?\"}\n";

/// Every place of one small input, as the arguments with `@` for its path, and what stands there.
pub(crate) const PLACES: &[(&[&str], &str)] = &[
    (&["plan", "@"], ROWS),
    (&["plan", "@"], "workload,model,scope\nchat,haiku-4.5,moon\n"),
    (&["plan", "@"], ""),
    (&["plan", "@"], "workload;model;scope\nchat,haiku-4.5,moon\n"),
    (&["plan", "workloads.csv", "--config", "@"], CONFIG),
    (&["plan", "workloads.csv", "--config", "@"], "headroom = -1\n"),
    (&["plan", "workloads.csv", "--granted", "@"], GRANTED),
    (&["plan", "workloads.csv", "--granted", "@"], "[granted]\nx = 1\n"),
    (&["plan", "workloads.csv", "--models", "@"], ""),
    (&["plan", "workloads.csv", "--models", "@"], "[[models]]\nname = 1\n"),
    (&["check", "@", "--assume-defaults"], ROWS),
    (&["check", "@", "--assume-defaults", "--format", "json"], "workload\nchat\n"),
    (&["check", "workloads.csv", "--assume-defaults", "--baseline", "@"], "{}"),
    (&["explain", "@", "--quota", "L-58BE175A"], ROWS),
    (&["compare", "@"], ROWS),
    (&["whatif", "@", "--scenario", "runway"], ROWS),
    (&["migrate", "@", "--from", "haiku-4.5", "--to", "haiku-4.5/global"], ROWS),
    (&["simulate", "--workloads", "@", "--minutes", "1"], ROWS),
    (&["request", "@", "--today", "2026-11-25", "--accept-max-tokens", "--out", "pack"], ROWS),
    (
        &[
            "request",
            "workloads.csv",
            "--today",
            "2026-11-25",
            "--accept-max-tokens",
            "--out",
            "pack",
            "--evidence",
            "@",
        ],
        "minute\n",
    ),
    (&["iam", "--workloads", "@"], ROWS),
    (&["iam", "lint", "@"], POLICY),
    (&["iam", "lint", "@", "--format", "json"], "{"),
    (&["models", "validate", "@"], ""),
    (&["models", "list", "--models", "@"], ""),
    (&["quotas", "--from", "applied=@", "--all"], ANSWER),
    (&["quotas", "--from", "defaults=@", "--format", "table"], ANSWER),
    (&["quotas", "--from", "applied=@"], "{\"Quotas\": 1}"),
    (
        &[
            "sample",
            "@",
            "--model",
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "--write-inputs",
            "inputs",
        ],
        PROMPTS,
    ),
    (
        &["sample", "--from", "@", "--model", "haiku-4.5", "--scope", "us"],
        "{\"usage\": {\"inputTokens\": 3, \"outputTokens\": 4}}",
    ),
];

/// A folder with the inputs that are not the one in question.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("workloads.csv"), ROWS).expect("writing");
    folder
}

fn with(arguments: &[&str], path: &str) -> Vec<String> {
    arguments.iter().map(|argument| argument.replace('@', path)).collect()
}

fn run(folder: &Path, arguments: &[String], input: &[u8]) -> Ran {
    run_in(folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), input)
}

/// Every file below a folder but those that were there before.
fn written(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            written(&path, found);
        } else {
            let text = String::from_utf8_lossy(&fs::read(&path).expect("reading")).into_owned();
            found.push((path.file_name().expect("a name").to_string_lossy().into_owned(), text));
        }
    }
    found.sort();
}

/// The name stands as it is in text, and with escapes in JSON; a placeholder as long as it keeps columns. A command to
/// paste reads standard input again.
fn renamed(text: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(text);
    let line = |line: &str| {
        let command = line.trim_start().trim_start_matches("Next:").trim_start();
        line.replace(name, if command.starts_with("quotaplan ") { "-" } else { "<stdin>" })
    };
    text.split_inclusive('\n').map(line).collect()
}

#[test]
fn a_dash_reads_what_a_file_would_give_by_another_name() {
    // As long as `<stdin>`, so that nothing is aligned otherwise.
    const NAME: &str = "in.file";
    for (arguments, input) in PLACES {
        let (of_file, of_dash) = (folder(), folder());
        fs::write(of_file.path().join(NAME), input).expect("writing");
        let file = run(of_file.path(), &with(arguments, NAME), b"");
        let dash = run(of_dash.path(), &with(arguments, "-"), input.as_bytes());
        assert_eq!(dash.status, file.status, "{arguments:?}: {}", dash.stderr());
        assert_eq!(dash.stdout(), renamed(&file.stdout, NAME), "{arguments:?}");
        assert_eq!(dash.stderr(), renamed(&file.stderr, NAME), "{arguments:?}");
        assert!(!dash.stderr().contains("there is no such file"), "{arguments:?}: {}", dash.stderr());
        let (mut by_file, mut by_dash) = (Vec::new(), Vec::new());
        written(of_file.path(), &mut by_file);
        written(of_dash.path(), &mut by_dash);
        by_file.retain(|(name, _)| name != NAME);
        assert_eq!(by_dash, by_file, "{arguments:?}");
    }
}

#[test]
fn a_command_to_paste_reads_standard_input_again() {
    let rows = ROWS.replace("haiku-4.5", "sonnet-4.5");
    let plan = run_in(folder().path(), &["plan", "-", "--format", "json"], rows.as_bytes());
    assert_eq!(plan.status, 0, "{}", plan.stderr());
    assert!(
        plan.stdout().contains("quotaplan migrate - --from anthropic.claude-sonnet-4-5"),
        "{}",
        plan.stdout()
    );
}

#[test]
fn standard_input_is_read_by_one_input_of_a_run() {
    let folder = folder();
    for arguments in [
        &["plan", "-", "--granted", "-"][..],
        &["plan", "workloads.csv", "--config", "-", "--models", "-"],
        &["quotas", "--from", "applied=-", "--from", "defaults=-"],
        &["check", "-", "--baseline", "-"],
    ] {
        let run = run_in(folder.path(), arguments, ROWS.as_bytes());
        assert_eq!(run.status, 2, "{arguments:?}");
        assert_eq!(run.stdout(), "", "{arguments:?}");
        assert!(run.stderr().contains("standard input is read only once"), "{arguments:?}: {}", run.stderr());
    }
}

#[test]
fn what_is_rewritten_is_a_file() {
    let folder = folder();
    let arguments = [
        "sample",
        "--from",
        "answer.json",
        "--model",
        "haiku-4.5",
        "--scope",
        "us",
        "--update",
        "-",
        "--workload",
        "chat",
    ];
    let run = run_in(folder.path(), &arguments, ROWS.as_bytes());
    assert_eq!((run.status, run.stdout()), (2, String::new()));
    assert!(run.stderr().contains("--update changes a file"), "{}", run.stderr());
}

#[test]
fn a_file_of_that_name_is_reached_by_a_path() {
    let folder = folder();
    fs::write(folder.path().join("-"), ROWS).expect("writing");
    let run = run_in(folder.path(), &["plan", "./-", "--format", "csv"], b"not read");
    assert_eq!(run.status, 0, "{}", run.stderr());
    // Standard input is not that file, so it may be written to.
    let run = run_in(folder.path(), &["plan", "-", "--format", "csv", "--output", "./-"], ROWS.as_bytes());
    assert_eq!(run.status, 0, "{}", run.stderr());
}

#[test]
fn a_real_pipe_is_read_to_its_end() {
    let plan = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
        command.args(arguments).current_dir(root().join("data"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program runs")
    };
    let rows = fs::read(root().join("data/workloads.csv")).expect("reading");
    let mut piped = plan(&["plan", "-", "--format", "csv"]);
    let mut stdin = piped.stdin.take().expect("a pipe");
    for part in rows.chunks(100) {
        stdin.write_all(part).expect("writing");
    }
    drop(stdin);
    let piped = piped.wait_with_output().expect("it ends");
    let named = plan(&["plan", "workloads.csv", "--format", "csv"]).wait_with_output().expect("it ends");
    assert_eq!(piped.status.code(), Some(0), "{}", String::from_utf8_lossy(&piped.stderr));
    assert_eq!(piped.stdout, named.stdout);
}

/// What standard input is redirected from is an input like any other.
#[cfg(unix)]
#[test]
fn a_result_does_not_take_the_place_of_the_file_behind_standard_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let text =
        "workload,model,scope,requests_per_minute,input_tokens,output_tokens\nchat,haiku-4.5,us,6,10,20\n";
    let path = folder.path().join("w.csv");
    fs::write(&path, text).expect("writing");
    let run = Command::new(env!("CARGO_BIN_EXE_quotaplan"))
        .args(["plan", "-", "-o", "w.csv"])
        .current_dir(folder.path())
        .stdin(fs::File::open(&path).expect("a file"))
        .output()
        .expect("the program runs");
    assert_eq!(run.status.code(), Some(2), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(fs::read_to_string(&path).expect("a file"), text);
}
