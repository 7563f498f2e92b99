//! The program as a person meets it: starter files, outputs, formats and exit status.

use std::fs;
use std::path::Path;

use crate::support::{inputs_of, quotaplan, root, run_in};

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
fn man_pages_of_the_program_and_of_every_command_are_written_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = quotaplan(folder.path(), &["man", "--out", "share/man1"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let pages = fs::read_dir(folder.path().join("share/man1")).expect("the folder");
    let mut pages: Vec<String> =
        pages.map(|page| page.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    pages.sort();
    for name in ["quotaplan.1", "quotaplan-plan.1", "quotaplan-iam.1", "quotaplan-iam-lint.1"] {
        assert!(pages.iter().any(|page| page == name), "{name}: {pages:?}");
    }
    assert_eq!(text(&run.stdout), format!("wrote {} man pages to share/man1\n", pages.len()));
    // Each page is the one that is printed.
    let page = fs::read(folder.path().join("share/man1/quotaplan-iam-lint.1")).expect("the page");
    assert!(page == quotaplan(folder.path(), &["man", "iam", "lint"]).stdout);
    // Pages that are there already are replaced, and nothing else is touched.
    fs::write(folder.path().join("share/man1/other.1"), "other").expect("writing");
    fs::write(folder.path().join("share/man1/quotaplan.1"), "old").expect("writing");
    assert_eq!(quotaplan(folder.path(), &["man", "--out", "share/man1"]).status.code(), Some(0));
    let read =
        |name: &str| fs::read_to_string(folder.path().join("share/man1").join(name)).expect("the page");
    assert_eq!(read("other.1"), "other");
    assert!(read("quotaplan.1").contains("quotaplan\\-plan(1)"), "{}", read("quotaplan.1"));
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
    let inputs = inputs_of("quotas-from-saved-answers");
    let saved = ["applied.json", "defaults.json"].map(|name| inputs.path().join(name));
    let [applied, defaults] = saved.each_ref().map(|path| path.to_str().expect("UTF-8"));
    let commands: [&[&str]; 6] = [
        &["plan", file],
        &["compare", file, "--optimise"],
        &["explain", file, "--quota", "L-58BE175A"],
        &["models", "list"],
        &["models", "show", "sonnet-4.5"],
        &["quotas", "--from", applied, "--from", defaults, "--format", "table"],
    ];
    for command in commands {
        let run = quotaplan(&root(), command);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        for line in text(&run.stdout).lines() {
            // A command to paste is never broken.
            let is_command =
                line.trim_start().trim_start_matches("Next:").trim_start().starts_with("quotaplan ");
            assert!(line.chars().count() <= 100 || is_command, "{command:?}: {line}");
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
    assert_eq!(text(&own.stdout), "data/models.toml is valid; with it, the model table has 54 models\n");
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

#[test]
fn what_was_typed_does_not_act_on_a_terminal_or_a_runner() {
    let folder = tempfile::tempdir().expect("a folder");
    for typed in ["\u{1b}[2J", "\u{202e}x", "a\u{7}b", "x\r##vso[task.complete]", "##teamcity[x]"] {
        for arguments in [
            &["plan", "w.csv", "--headroom", typed][..],
            &["plan", "w.csv", "--format", typed],
            &["plan", typed],
            &[typed],
            &["iam", "--model", typed],
            &["models", "show", typed],
        ] {
            let run = quotaplan(folder.path(), arguments);
            assert_eq!(run.status.code(), Some(2), "{arguments:?}");
            let said = text(&run.stderr);
            assert!(!said.contains(['\u{1b}', '\u{202e}', '\u{7}', '\r']), "{arguments:?}: {said}");
            assert!(!said.contains("##vso[") && !said.contains("##teamcity["), "{arguments:?}: {said}");
        }
    }
}

#[test]
fn numbers_beyond_sense_are_usage_errors() {
    let inputs = inputs_of("simulate-a-trace");
    let trace = inputs.path().join("trace.csv");
    let trace = trace.to_str().expect("UTF-8");
    for threads in
        ["0", "257", "576460752303423488", "18446744073709551615", "18446744073709551616", "-1", "x"]
    {
        let run = quotaplan(&root(), &["simulate", trace, "--threads", threads]);
        assert_eq!(run.status.code(), Some(2), "{threads}");
        let said = text(&run.stderr);
        // What begins with `-` is taken for an option.
        assert!(said.contains("from 1 to 256") || threads == "-1", "{threads}: {said}");
        assert!(!said.contains("panicked"), "{threads}: {said}");
    }
    for region in ["-1", "-", "us-1", "us-east-", "us--1", "us-east", "--", "a-b-c", "../x-1"] {
        let run =
            quotaplan(&root(), &["iam", "--model", "haiku-4.5/us", &format!("--count-tokens={region}")]);
        assert_eq!(run.status.code(), Some(2), "{region}");
    }
    for region in ["us-east-1", "us-gov-west-1", "ca-central-1"] {
        let run =
            quotaplan(&root(), &["iam", "--model", "haiku-4.5/us", &format!("--count-tokens={region}")]);
        assert_eq!(run.status.code(), Some(0), "{region}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = |arguments: &[&str]| {
        let run = quotaplan(folder.path(), &[&["models", "list", "--format", "csv"], arguments].concat());
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        run.stdout
    };
    assert_eq!(list(&["--output", "-"]), list(&[]));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

/// A link in a folder that somebody else wrote may lead to any file of the machine.
#[cfg(unix)]
#[test]
fn no_line_of_a_file_is_shown_that_a_link_led_to() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("outside")).expect("a folder");
    let secret =
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n";
    fs::write(at("outside/link"), secret).expect("writing");
    fs::write(at("answer.json"), r#"{"usage": {"inputTokens": 10, "outputTokens": 20}}"#).expect("writing");
    let csv = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
               chat,haiku-4.5,us,60,1000,200,512\n";
    fs::write(at("w.csv"), csv).expect("writing");
    symlink("outside/link", at("link")).expect("a link");
    symlink("outside", at("folder")).expect("a link");
    for file in ["link", "folder/link", "./link"] {
        for command in [
            "plan FILE",
            "plan w.csv --config FILE",
            "plan w.csv --granted FILE",
            "plan w.csv --models FILE",
            "check FILE --format github",
            "check w.csv --baseline FILE",
            "simulate FILE",
            "models validate FILE",
            "iam lint FILE --scope us",
            "sample FILE --model haiku-4.5/us --print-command",
            "sample --from FILE --model haiku-4.5/us",
            "sample --from answer.json --model haiku-4.5/us --update FILE --workload chat",
            "quotas --from applied=FILE",
            "request w.csv --evidence FILE --out pack",
        ] {
            let arguments = command.replace("FILE", file);
            let run = quotaplan(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
            let said = text(&run.stdout) + &text(&run.stderr);
            assert_eq!(run.status.code(), Some(2), "{arguments}: {said}");
            assert!(said.contains("error["), "{arguments}: {said}");
            assert!(!said.contains("AKIA") && !said.contains("wJalr"), "{arguments}: {said}");
        }
    }
    // The configuration that is read without being named.
    symlink("outside/link", at("quotaplan.toml")).expect("a link");
    let run = quotaplan(folder.path(), &["plan", "w.csv"]);
    let said = text(&run.stderr);
    assert!(said.starts_with("quotaplan.toml:2:") && !said.contains("AKIA"), "{said}");
    // A file of the folder itself is shown as ever.
    let run = quotaplan(folder.path(), &["plan", "outside/link"]);
    assert!(text(&run.stderr).contains("[default]"), "{}", text(&run.stderr));
}

#[cfg(unix)]
#[test]
fn a_pipe_named_as_the_configuration_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("quotaplan.toml");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().expect("mkfifo runs").success());
    let run = quotaplan(folder.path(), &["models", "show", "haiku-4.5"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).starts_with("quotaplan.toml: error[unreadable-file]: it is a named pipe\n"));
    let run = quotaplan(folder.path(), &["models", "show", "haiku-4.5", "--config", "/dev/null"]);
    assert_eq!(run.status.code(), Some(0));
}

/// What a link leads to may be any file of the machine: neither a line of it nor a word is shown, whatever reads it.
#[cfg(unix)]
#[test]
fn no_word_of_a_file_is_shown_that_a_link_led_to() {
    const SECRET: &str = "hunter2";
    let texts = [
        format!("{SECRET}\n"),
        format!("{SECRET},model\n1,2\n"),
        format!(
            "workload,model,scope,requests_per_minute,input_tokens,output_tokens,{SECRET}\nchat,haiku-4.5,us,{SECRET},1,1,1\n"
        ),
        format!(
            "workload,model,scope,requests_per_minute,input_tokens,output_tokens\n{SECRET},{SECRET},us,1,1,1\n{SECRET},haiku-4.5,{SECRET},1,1,1\n"
        ),
        format!(
            "timestamp,model,scope,input_tokens,output_tokens,{SECRET}\n2026-11-01T00:00:00Z,{SECRET},us,{SECRET},1,1\n"
        ),
        format!("minute,model,scope,requests,input_tokens,{SECRET}\n2026-11-01T00:00Z,{SECRET},us,1,1,1\n"),
        format!("{SECRET} = 1\n[granted]\n{SECRET} = 2\n\"L-27C57EE8\" = \"{SECRET}\"\n"),
        format!("[{SECRET}\n"),
        format!("{{\"{SECRET}\": \"{SECRET}\"}}\n"),
        format!("{{\"Quotas\": [{{\"QuotaCode\": \"{SECRET}\", \"Value\": \"{SECRET}\"}}]}}\n"),
        format!(
            "{{\"Version\": \"{SECRET}\", \"Statement\": [{{\"Effect\": \"{SECRET}\", \"Action\": 1, \"{SECRET}\": 1}}]}}\n"
        ),
        format!(
            "{{\"modelId\": \"{SECRET}\", \"timestamp\": \"{SECRET}\", \"input\": {{\"inputTokenCount\": \"{SECRET}\"}}}}\n"
        ),
    ];
    let commands: [&[&str]; 12] = [
        &["plan", "link"],
        &["plan", "w.csv", "link"],
        &["plan", "w.csv", "--config", "link"],
        &["plan", "w.csv", "--granted", "link"],
        &["plan", "w.csv", "--models", "link"],
        &["check", "w.csv", "--assume-defaults", "--baseline", "link", "--format", "json"],
        &["check", "link", "--format", "json"],
        &["request", "w.csv", "--today", "2026-11-25", "--evidence", "link", "--out", "pack"],
        &["simulate", "link"],
        &["quotas", "--from", "link"],
        &["models", "update", "--from", "link", "--as-of", "2026-11-01"],
        &["iam", "lint", "link", "--scope", "us"],
    ];
    for text in &texts {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("secret"), text).expect("writing");
        fs::write(
            at("w.csv"),
            "workload,model,scope,requests_per_minute,input_tokens,output_tokens\nchat,haiku-4.5,us,1,1,1\n",
        )
        .expect("writing");
        std::os::unix::fs::symlink("secret", at("link")).expect("a link");
        for command in commands {
            let run = run_in(folder.path(), command, b"");
            let said = format!("{}{}", run.stdout(), run.stderr());
            assert!(!said.contains(SECRET), "{command:?} on {text:?}: {said}");
            assert!(
                run.status == 2 || command[0] == "iam",
                "{command:?} on {text:?}: {}: {said}",
                run.status
            );
        }
    }
}
