//! The program as a person meets it: starter files, outputs, formats and exit status.

use std::fs;
use std::path::Path;

use crate::support::{quotaplan, root};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn init_writes_files_that_plan_without_a_warning_and_never_overwrites() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = quotaplan(folder.path(), &["init", "new/plan"]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    let plan = ["plan", "new/plan/workloads.csv", "--config", "new/plan/quotaplan.toml"];
    let planned = quotaplan(folder.path(), &plan);
    assert_eq!(planned.status.code(), Some(0));
    assert_eq!(text(&planned.stderr), "");
    assert!(!text(&planned.stdout).contains("warning["), "{}", text(&planned.stdout));

    let file = folder.path().join("new/plan/workloads.csv");
    fs::write(&file, "mine").expect("writing");
    let second = quotaplan(folder.path(), &["init", "new/plan"]);
    assert_eq!(second.status.code(), Some(2));
    assert_eq!(text(&second.stdout), "");
    assert!(text(&second.stderr).contains("not overwritten"));
    assert_eq!(fs::read_to_string(&file).expect("reading"), "mine");
}

#[test]
fn the_starter_shows_every_key_of_the_configuration_that_plans() {
    let folder = tempfile::tempdir().expect("a folder");
    quotaplan(folder.path(), &["init"]);
    // Uncommented, its examples are valid too.
    let config = fs::read_to_string(folder.path().join("quotaplan.toml")).expect("reading");
    let open: String = config
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") || rest.starts_with('[') || rest.starts_with('"') => rest,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n");
    fs::write(folder.path().join("quotaplan.toml"), &open).expect("writing");
    let planned = quotaplan(folder.path(), &["plan", "workloads.csv"]);
    assert_eq!(planned.status.code(), Some(0), "{}\n{open}", text(&planned.stderr));
}

#[test]
fn an_output_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let workloads = root().join("data/workloads.csv");
    let workloads = workloads.to_str().expect("UTF-8");
    let to =
        |target: &str| quotaplan(folder.path(), &["plan", workloads, "--format", "json", "--output", target]);
    let written = to("plan.json");
    assert_eq!(written.status.code(), Some(0));
    assert!(written.stdout.is_empty());
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("plan.json")).expect("written")).expect("JSON");
    assert_eq!(json["schema_version"], 1);
    let names = |folder: &Path| {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(folder.path()), ["plan.json"]);
    for target in [".", "missing/plan.json"] {
        let refused = to(target);
        assert_eq!(refused.status.code(), Some(2), "{target}");
        assert!(!refused.stderr.is_empty());
    }
    fs::write(folder.path().join("bad.csv"), "workload\nx\n").expect("writing");
    let refused = quotaplan(folder.path(), &["plan", "bad.csv", "--output", "none.txt"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(names(folder.path()), ["bad.csv", "plan.json"]);
}

#[test]
fn the_same_input_gives_the_same_bytes_in_every_format() {
    let file = root().join("data/workloads.csv");
    let file = file.to_str().expect("UTF-8");
    for format in ["table", "json", "csv", "markdown"] {
        let run = || quotaplan(&root(), &["plan", file, "--format", format]);
        let (first, second) = (run(), run());
        assert_eq!(first.status.code(), Some(0));
        assert_eq!(first.stdout, second.stdout, "{format}");
        assert!(first.stdout.ends_with(b"\n"), "{format}");
        // No escape sequences where standard output is no terminal.
        assert!(!first.stdout.contains(&0x1b), "{format}");
    }
}

#[test]
fn tables_fit_a_hundred_columns() {
    let file = root().join("data/workloads.csv");
    let file = file.to_str().expect("UTF-8");
    let saved = (
        "tests/cases/quotas-from-saved-answers/applied.json",
        "tests/cases/quotas-from-saved-answers/defaults.json",
    );
    let commands: [&[&str]; 6] = [
        &["plan", file],
        &["compare", file, "--optimise"],
        &["explain", file, "--quota", "L-58BE175A"],
        &["models", "list"],
        &["models", "show", "sonnet-4.5"],
        &["quotas", "--from", saved.0, "--from", saved.1, "--format", "table"],
    ];
    for command in commands {
        let run = quotaplan(&root(), command);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        for line in text(&run.stdout).lines() {
            assert!(line.chars().count() <= 100, "{command:?}: {line}");
        }
    }
}

#[test]
fn every_way_of_naming_a_model_names_the_same() {
    let names = [
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "haiku-4.5",
        "HAIKU-4.5",
        "Claude Haiku 4.5",
        "haiku-4.5/us",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:ca-central-1:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ];
    let show = |name: &str| quotaplan(&root(), &["models", "show", name, "--format", "json"]);
    let first = show(names[0]);
    assert_eq!(first.status.code(), Some(0));
    for name in names {
        let run = show(name);
        assert_eq!(run.stdout, first.stdout, "{name}: {}", text(&run.stderr));
    }
    let miss = show("haiku-4-6");
    assert_eq!(miss.status.code(), Some(2));
    assert!(text(&miss.stderr).contains("did you mean"), "{}", text(&miss.stderr));
}

#[test]
fn the_embedded_table_and_overlays_validate() {
    let own = quotaplan(&root(), &["models", "validate", "data/models.toml"]);
    assert_eq!(own.status.code(), Some(0), "{}", text(&own.stderr));
    assert_eq!(text(&own.stdout), "data/models.toml: valid; 54 models with it\n");
}

#[test]
fn completions_are_written_for_the_usual_shells() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = quotaplan(&root(), &["completions", shell]);
        assert_eq!(run.status.code(), Some(0));
        assert!(text(&run.stdout).contains("reserve-cache-reads"), "{shell}");
    }
}

#[test]
fn help_is_complete_and_usage_errors_end_with_two() {
    for command in [&["--help"][..], &["plan", "--help"], &["explain", "--help"], &["models", "--help"]] {
        let run = quotaplan(&root(), command);
        assert_eq!(run.status.code(), Some(0), "{command:?}");
        assert!(run.stderr.is_empty());
    }
    for command in
        [&[][..], &["plan"], &["plan", "x.csv", "--format", "yaml"], &["plan", "x.csv", "--today", "soon"]]
    {
        let run = quotaplan(&root(), command);
        assert_eq!(run.status.code(), Some(2), "{command:?}");
        assert!(run.stdout.is_empty());
    }
}
