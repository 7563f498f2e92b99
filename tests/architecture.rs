//! The plan of the house, held against the imports in `src`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::root;

/// Who may import whom. An arrow that is not here is changed here first, with its reason.
const ALLOWED: &[(&str, &[&str])] = &[
    ("units", &[]),
    // The only place that starts threads.
    ("threads", &[]),
    // The TOML reader gives decimals and limits their types.
    // Files are read on the threads of the run.
    ("text", &["threads", "units"]),
    // From a path to text, for every reader.
    ("stream", &["text", "threads", "units"]),
    ("answers", &["units"]),
    // What AWS says is made harmless before it is shown.
    ("aws", &["answers", "text", "units"]),
    ("submission", &["answers", "aws", "text", "units"]),
    ("catalog", &["text", "units"]),
    // A rule on residency is about the Regions of the table.
    ("config", &["catalog", "text", "units"]),
    ("workload", &["catalog", "text", "threads", "units"]),
    // What leaves the program as JSON; a baseline is read with the types that wrote it.
    ("contract", &["catalog", "text", "units"]),
    ("baseline", &["contract", "text", "units"]),
    ("engine", &["baseline", "catalog", "config", "text", "threads", "units", "workload"]),
    // On requests of its own: it needs no trace reader.
    ("simulate", &["threads", "units"]),
    // A trace charged, replayed, and held against the plan of its own figures.
    (
        "experiment",
        &["catalog", "config", "engine", "simulate", "text", "threads", "trace", "units", "workload"],
    ),
    ("iam", &["catalog", "text"]),
    // What is sampled are the cells of a workloads row, so it names their columns.
    ("sampling", &["answers", "aws", "catalog", "text", "threads", "units", "workload"]),
    // What the AWS CLI saved, read into what AWS answers; the table says what a Region and service are.
    ("saved", &["answers", "catalog", "text", "units"]),
    // The table held against saved answers.
    ("refresh", &["answers", "catalog", "saved", "text", "units"]),
    // The fields of a CSV record are found as the workloads' are.
    ("minutes", &["catalog", "text", "units", "workload"]),
    // Text in, records out: files and models are the trace's.
    ("logs", &["text", "units"]),
    // As the minutes'; a trace reads its own files, which may be larger than memory, in blocks.
    ("trace", &["catalog", "logs", "stream", "text", "units", "workload"]),
    // A look-up is shown beside the applied quotas that a file states, a policy with its calls as they were judged.
    (
        "report",
        &[
            "answers",
            "catalog",
            "config",
            "contract",
            "engine",
            "experiment",
            "iam",
            "minutes",
            "refresh",
            "sampling",
            "simulate",
            "text",
            "trace",
            "units",
            "workload",
        ],
    ),
    // A bundle of renderings, with hashes: the one room behind `render` besides `cli`.
    ("pack", &["catalog", "contract", "iam", "render", "report", "text", "units", "workload"]),
    // Diagnostics are rendered from `text` itself.
    ("render", &["report", "text"]),
    (
        "cli",
        &[
            "answers",
            "aws",
            "baseline",
            "catalog",
            "config",
            "engine",
            "experiment",
            "iam",
            "minutes",
            "pack",
            "refresh",
            "render",
            "report",
            "sampling",
            "saved",
            "simulate",
            "stream",
            "submission",
            "text",
            "threads",
            "trace",
            "units",
            "workload",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

/// What a subcommand may share with the others.
const SHARED_CLI: &[&str] = &[
    "args",
    "confirm",
    "inputs",
    "live",
    "output",
    "process",
    "progress",
    "session",
    "staged",
    "submit",
    "CliError",
    "Exit",
    "Session",
    "Terminals",
    "main_from",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

fn all() -> Vec<(String, String)> {
    let src = root().join("src");
    let mut paths = Vec::new();
    sources(&src, &mut paths);
    let name = |path: &Path| path.strip_prefix(&src).expect("inside").to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).expect("UTF-8"))).collect()
}

/// The code of a file: without comments, which may name anything.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn room(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or(file)
}

/// The first names behind `prefix`, also those of a list in braces.
fn names_behind(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        // `crate::` inside a longer word such as `mycrate::` is none.
        if code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let list = rest.strip_prefix('{').map(|list| list.split('}').next().unwrap_or_default());
        for part in list.map_or(vec![rest], |list| list.split(',').collect()) {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                names.push(name);
            }
        }
    }
    names
}

#[test]
fn imports_follow_the_plan() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, text) in all() {
        let code = code(&text);
        let own = room(&file);
        let may = allowed.get(own).unwrap_or_else(|| panic!("{file}: the plan has no room `{own}`"));
        let mut names = names_behind(&code, "crate::");
        names.extend(names_behind(&code, "quotaplan::"));
        for name in names {
            if name != own && !may.contains(&name.as_str()) {
                wrong.push(format!("{file} imports {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows against the plan:\n{}", wrong.join("\n"));
}

#[test]
fn subcommands_do_not_import_each_other() {
    for (file, text) in all() {
        let Some(subcommand) = file.strip_prefix("cli/").and_then(|rest| rest.strip_suffix(".rs")) else {
            continue;
        };
        if matches!(
            subcommand,
            "mod"
                | "args"
                | "confirm"
                | "inputs"
                | "live"
                | "output"
                | "process"
                | "progress"
                | "session"
                | "staged"
                | "submit"
        ) {
            continue;
        }
        for name in names_behind(&code(&text), "super::") {
            assert!(SHARED_CLI.contains(&name.as_str()), "{file} imports its sibling {name}");
        }
    }
}

#[test]
fn there_are_no_glob_imports() {
    for (file, text) in all() {
        assert!(!code(&text).contains("::*;"), "{file} has a glob import");
    }
}

#[test]
fn the_engine_does_no_input_output_and_knows_no_clock() {
    for (file, text) in all() {
        if ["engine", "experiment", "simulate"].contains(&room(&file)) {
            for word in ["std::fs", "std::env", "std::io", "std::time", "println!", "HashSet"] {
                assert!(!code(&text).contains(word), "{file} uses {word}");
            }
        }
    }
}

/// A command runs in whatever folder and on whatever streams it is given: only one file takes those of the process.
#[test]
fn the_streams_and_the_folder_of_the_process_are_used_in_one_place() {
    // Behind `std::` and `io::`; the last ones anywhere.
    const OF_THE_PROCESS: &[&str] = &["stdin", "stdout", "stderr", "IsTerminal", "env", "process"];
    const WORDS: &[&str] =
        &["current_dir", "temp_dir", "print!(", "println!", "ProgressDrawTarget::std", "ProgressBar::new("];
    // The AWS SDK's settings are those of the environment.
    const SETTINGS: &[&str] = &["aws/sdk/http.rs", "aws/sdk/fault.rs"];
    let mut wrong = Vec::new();
    for (file, text) in all() {
        if ["main.rs", "cli/process.rs"].contains(&file.as_str()) {
            continue;
        }
        let code = code(&text);
        // Tests at the end of a file may do as they like.
        let code = code.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        let mut names = names_behind(code, "std::");
        names.extend(names_behind(code, "io::"));
        names.retain(|name| OF_THE_PROCESS.contains(&name.as_str()));
        names.retain(|name| name != "env" || !SETTINGS.contains(&file.as_str()));
        wrong.extend(names.into_iter().map(|name| format!("{file} uses {name}")));
        wrong.extend(
            WORDS.iter().filter(|word| code.contains(*word)).map(|word| format!("{file} uses {word}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_its_job_and_stays_readable() {
    for (file, text) in all() {
        assert!(text.starts_with("//! "), "{file} does not open with its job");
        let lines = text.lines().count();
        assert!(lines <= 500, "{file} has {lines} lines: split it");
    }
}

#[test]
fn threads_are_started_in_one_place() {
    for (file, text) in all() {
        let starts =
            ["thread::scope", "thread::spawn", "thread::Builder", "spawn_scoped", "available_parallelism"];
        let found = starts.into_iter().find(|start| file != "threads.rs" && code(&text).contains(start));
        assert_eq!(
            found, None,
            "{file}: threads.rs starts threads, and goes on without those it cannot start"
        );
    }
}
