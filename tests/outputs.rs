//! Results written to files: none takes the place of an input, all of a run are written or none, and what a killed
//! run left is removed by the next one.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::{quotaplan, root};

const WORKLOADS: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
                         chat,haiku-4.5,us,6000,1000,200,512\n";
const CONFIG: &str = "account = \"production\"\n";
const TRACE: &str = "timestamp,model,scope,input_tokens,output_tokens,max_tokens\n\
                     2026-11-22T14:05:00Z,haiku-4.5,us,1000,200,512\n";
const POLICY: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#;
const PROMPTS: &str = "{\"prompt\": \"hello\"}\n";
const ANSWER: &str =
    r#"{"usage": {"inputTokens": 10, "outputTokens": 20, "totalTokens": 30}, "stopReason": "end_turn"}"#;
const OVERLAY: &str =
    "[[model]]\nid = \"anthropic.claude-haiku-4-5-20251001-v1:0\"\naliases = [\"little\", \"haiku-4.5\"]\n";
const GRANTED: &str = "[granted]\n\"L-27C57EE8\" = 5_000_000\n";
const SAVED: &str = r#"{"Quotas": []}"#;

/// A folder with one of every input.
fn inputs() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("workloads.csv", WORKLOADS),
        ("quotaplan.toml", CONFIG),
        ("other.toml", CONFIG),
        ("trace.csv", TRACE),
        ("policy.json", POLICY),
        ("prompts.jsonl", PROMPTS),
        ("answer.json", ANSWER),
        ("models.toml", OVERLAY),
        ("granted.toml", GRANTED),
        ("applied.json", SAVED),
        ("history.json", r#"{"RequestedQuotas": []}"#),
    ] {
        fs::write(folder.path().join(name), text).expect("writing");
    }
    folder
}

/// Commands, and every file that each reads: `OUT` stands for where the result goes.
const COMMANDS: &[(&str, &[&str])] = &[
    (
        "plan workloads.csv --models models.toml --granted granted.toml --output OUT",
        &["workloads.csv", "quotaplan.toml", "models.toml", "granted.toml"],
    ),
    (
        "plan workloads.csv --config other.toml --output OUT",
        &["workloads.csv", "other.toml", "quotaplan.toml"],
    ),
    (
        "explain workloads.csv --model haiku-4.5/us --granted granted.toml --output OUT",
        &["workloads.csv", "quotaplan.toml", "granted.toml"],
    ),
    ("whatif workloads.csv --set rate=*2 --output OUT", &["workloads.csv", "quotaplan.toml"]),
    (
        "compare workloads.csv --models models.toml --output OUT",
        &["workloads.csv", "quotaplan.toml", "models.toml"],
    ),
    (
        "migrate workloads.csv --from haiku-4.5/us --to sonnet-4.5/us --output OUT",
        &["workloads.csv", "quotaplan.toml"],
    ),
    (
        "check workloads.csv --baseline plan.json --format json=OUT",
        &["workloads.csv", "quotaplan.toml", "plan.json"],
    ),
    (
        "check workloads.csv --granted granted.toml --output OUT",
        &["workloads.csv", "quotaplan.toml", "granted.toml"],
    ),
    ("simulate trace.csv --models models.toml --output OUT", &["trace.csv", "quotaplan.toml", "models.toml"]),
    ("simulate --workloads workloads.csv --minutes 1 --output OUT", &["workloads.csv", "quotaplan.toml"]),
    (
        "iam --workloads workloads.csv --models models.toml --output OUT",
        &["workloads.csv", "quotaplan.toml", "models.toml"],
    ),
    ("iam --model little/us --models models.toml --output OUT", &["quotaplan.toml", "models.toml"]),
    ("iam --document scp-deny-global --output OUT", &["quotaplan.toml"]),
    (
        "iam lint policy.json --scope us --models models.toml --output OUT",
        &["policy.json", "models.toml", "quotaplan.toml"],
    ),
    (
        "sample prompts.jsonl --model haiku-4.5/us --print-command --output OUT",
        &["prompts.jsonl", "quotaplan.toml"],
    ),
    (
        "sample --model haiku-4.5/us --models models.toml --from answer.json --output OUT",
        &["answer.json", "quotaplan.toml", "models.toml"],
    ),
    (
        "sample --model haiku-4.5/us --from answer.json --update workloads.csv --workload chat --output OUT",
        &["answer.json", "quotaplan.toml", "workloads.csv"],
    ),
    ("models show haiku-4.5 --models models.toml --output OUT", &["quotaplan.toml", "models.toml"]),
    ("models list --models models.toml --output OUT", &["quotaplan.toml", "models.toml"]),
    (
        "quotas --from applied=applied.json --models models.toml --output OUT",
        &["applied.json", "models.toml", "quotaplan.toml"],
    ),
    (
        "quotas --from applied=applied.json --diff granted.toml --output OUT",
        &["applied.json", "granted.toml"],
    ),
    ("quotas --print-command --output OUT", &["quotaplan.toml"]),
    (
        "request status pack --from history.json --models models.toml --output OUT",
        &["history.json", "models.toml", "quotaplan.toml", "pack/requests.json", "pack/request.md"],
    ),
    (
        "request verify pack --output OUT",
        &["pack/inputs/workloads.csv", "pack/requests.json", "quotaplan.toml"],
    ),
];

/// Every file below a folder with its bytes.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.display().to_string(), fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found.sort();
    found
}

fn with_pack_and_baseline() -> TempDir {
    let folder = inputs();
    let made = quotaplan(
        folder.path(),
        &["request", "workloads.csv", "--today", "2026-11-25", "--accept-max-tokens", "--out", "pack"],
    );
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    let plan =
        quotaplan(folder.path(), &["plan", "workloads.csv", "--format", "json", "--output", "plan.json"]);
    assert_eq!(plan.status.code(), Some(0), "{}", String::from_utf8_lossy(&plan.stderr));
    folder
}

#[test]
fn no_command_overwrites_a_file_that_it_reads() {
    let folder = with_pack_and_baseline();
    let before = contents(folder.path());
    for (command, read) in COMMANDS {
        for file in *read {
            let absolute = folder.path().join(file).display().to_string();
            for way in [(*file).to_owned(), format!("pack/../{file}"), absolute] {
                let arguments = command.replace("OUT", &way);
                let run = quotaplan(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
                let said = String::from_utf8_lossy(&run.stderr).into_owned();
                assert_eq!(run.status.code(), Some(2), "{arguments}: {said}");
                let is_refused =
                    said.contains(" would overwrite ") || said.contains(" would become part of the pack");
                assert!(is_refused, "{arguments}: {said}");
                assert!(run.stdout.is_empty() || command.starts_with("check"), "{arguments}");
            }
        }
    }
    assert_eq!(contents(folder.path()), before);
}

/// Each of them does write where nothing is in the way: the refusals above are not for another reason.
#[test]
fn every_command_writes_to_a_file_of_its_own() {
    for (command, _) in COMMANDS {
        let folder = with_pack_and_baseline();
        let arguments = command.replace("OUT", "result");
        let run = quotaplan(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(matches!(run.status.code(), Some(0 | 1)), "{arguments}: {said}");
        assert!(fs::read(folder.path().join("result")).is_ok_and(|bytes| !bytes.is_empty()), "{arguments}");
    }
}

#[cfg(unix)]
#[test]
fn links_of_both_kinds_and_what_is_read_through_them_are_recognised() {
    use std::os::unix::fs::symlink;
    let folder = inputs();
    let at = |name: &str| folder.path().join(name);
    symlink("workloads.csv", at("soft.csv")).expect("a link");
    fs::hard_link(at("workloads.csv"), at("hard.csv")).expect("a link");
    fs::hard_link(at("quotaplan.toml"), at("hard.toml")).expect("a link");
    fs::create_dir(at("real")).expect("a folder");
    symlink("real", at("folder")).expect("a link");
    fs::write(at("real/w.csv"), WORKLOADS).expect("writing");
    let before = contents(folder.path());
    for (input, output) in [
        ("workloads.csv", "soft.csv"),
        ("soft.csv", "workloads.csv"),
        ("workloads.csv", "hard.csv"),
        ("hard.csv", "soft.csv"),
        ("folder/w.csv", "real/w.csv"),
        ("real/w.csv", "folder/w.csv"),
        ("workloads.csv", "hard.toml"),
    ] {
        let run = quotaplan(folder.path(), &["plan", input, "--output", output]);
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(2), "{input} {output}: {said}");
        assert!(said.contains("would overwrite an input"), "{input} {output}: {said}");
    }
    // By way of standard input.
    let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
    command.args(["plan", "/dev/stdin", "--output", "workloads.csv"]).current_dir(folder.path());
    let run =
        command.stdin(fs::File::open(at("workloads.csv")).expect("it is there")).output().expect("it runs");
    assert_eq!(run.status.code(), Some(2), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(contents(folder.path()), before);
}

#[cfg(unix)]
#[test]
fn a_folder_for_results_may_be_a_link_but_not_one_that_leads_nowhere() {
    let folder = inputs();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).expect("a folder");
    std::os::unix::fs::symlink("real", at("folder")).expect("a link");
    std::os::unix::fs::symlink("gone", at("nowhere")).expect("a link");
    for command in ["schema --out", "man --out", "init"] {
        let run = |target: &str| {
            let words = command.split(' ').chain([target]);
            quotaplan(folder.path(), &words.collect::<Vec<_>>())
        };
        assert_eq!(run("folder").status.code(), Some(0), "{command}");
        let ran = run("nowhere");
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{command}: {said}");
        let is = "it is a broken symbolic link; name another folder";
        assert_eq!(said, format!("error: cannot write nowhere: {is}\n"), "{command}");
        assert!(!at("gone").exists(), "{command}");
    }
}

#[test]
fn faulty_inputs_are_not_overwritten_by_what_is_said_of_them() {
    let folder = inputs();
    fs::write(folder.path().join("workloads.csv"), "workload\nx\n").expect("writing");
    let before = contents(folder.path());
    for file in ["workloads.csv", "quotaplan.toml", "missing.csv"] {
        let input = if file == "missing.csv" { file } else { "workloads.csv" };
        let run = quotaplan(folder.path(), &["check", input, "--format", &format!("json={file}")]);
        assert_eq!(run.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&run.stderr).contains("would overwrite an input"), "{file}");
    }
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn two_results_for_one_file_are_refused() {
    let folder = inputs();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a"), "old").expect("writing");
    fs::hard_link(at("a"), at("b")).expect("a link");
    fs::create_dir(at("inner")).expect("a folder");
    for (one, other) in [("x", "x"), ("x", "./x"), ("x", "inner/../x"), ("a", "b")] {
        let formats = [format!("json={one}"), format!("sarif={other}")];
        let arguments = ["check", "workloads.csv", "--format", &formats[0], "--format", &formats[1]];
        let run = quotaplan(folder.path(), &arguments);
        assert_eq!(run.status.code(), Some(2), "{one} {other}");
        assert!(
            String::from_utf8_lossy(&run.stderr).contains("two formats would be written to"),
            "{one} {other}"
        );
        assert!(!at("x").exists());
    }
    assert_eq!(fs::read_to_string(at("a")).expect("reading"), "old");
}

/// The names in a folder that begin with a dot.
fn hidden(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn where_one_of_several_results_cannot_be_written_none_is() {
    let folder = inputs();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.json"), "old").expect("writing");
    fs::create_dir(at("taken")).expect("a folder");
    let long = "x".repeat(300);
    let wrong: &[&str] = if Path::new("/dev/full").exists() {
        &["taken", "none/x", "workloads.csv/x", "a.json/", &long, "/dev/full"]
    } else {
        &["taken", "none/x", "workloads.csv/x", "a.json/", &long]
    };
    for wrong in wrong {
        for (first, second) in [("a.json", *wrong), (*wrong, "a.json")] {
            let formats = [format!("json={first}"), format!("sarif={second}"), "junit=new.xml".to_owned()];
            let mut arguments = vec!["check", "workloads.csv"];
            formats.iter().for_each(|format| arguments.extend(["--format", format]));
            let run = quotaplan(folder.path(), &arguments);
            let said = String::from_utf8_lossy(&run.stderr).into_owned();
            assert_eq!(run.status.code(), Some(2), "{first} {second}: {said}");
            assert!(said.contains("error: "), "{said}");
            assert_eq!(fs::read_to_string(at("a.json")).expect("reading"), "old", "{first} {second}");
            assert!(!at("new.xml").exists(), "{first} {second}");
            assert!(hidden(folder.path()).is_empty(), "{:?}", hidden(folder.path()));
        }
    }
}

#[cfg(unix)]
#[test]
fn devices_pipes_and_open_files_are_written_to_as_they_are() {
    use std::os::unix::fs::FileTypeExt;
    let folder = inputs();
    let expected = quotaplan(folder.path(), &["models", "list", "--format", "csv"]).stdout;
    let shell = |script: &str| {
        let mut command = Command::new("bash");
        command.args(["-c", script]).env("Q", env!("CARGO_BIN_EXE_quotaplan")).current_dir(folder.path());
        let run = command.output().expect("bash runs");
        assert_eq!(run.status.code(), Some(0), "{script}: {}", String::from_utf8_lossy(&run.stderr));
        run
    };
    let list = "\"$Q\" models list --format csv --output";
    assert_eq!(shell(&format!("{list} /dev/stdout")).stdout, expected);
    assert_eq!(shell(&format!("{list} /dev/stdout | cat")).stdout, expected);
    assert_eq!(shell(&format!("{list} /dev/stderr")).stderr, expected);
    assert!(shell(&format!("{list} /dev/null")).stdout.is_empty());
    assert!(fs::metadata("/dev/null").expect("it is there").file_type().is_char_device());
    assert_eq!(shell(&format!("{list} >(cat) | cat")).stdout, expected);
    shell(&format!("mkfifo pipe; cat pipe > copy & {list} pipe && wait"));
    assert_eq!(fs::read(folder.path().join("copy")).expect("reading"), expected);
    assert!(fs::metadata(folder.path().join("pipe")).expect("it is there").file_type().is_fifo());
    // Behind what stands in an open file, not in its place.
    shell(&format!("echo before > log; {list} /dev/fd/3 3>> log"));
    let log = fs::read(folder.path().join("log")).expect("reading");
    assert_eq!(log, [b"before\n".as_slice(), &expected].concat());
    assert!(hidden(folder.path()).is_empty());
}

/// A run that waits for a reader of its second result, and so holds what it has written of the first.
#[cfg(unix)]
#[allow(clippy::zombie_processes, reason = "its caller waits for it")]
fn waiting(folder: &Path) -> Child {
    if !folder.join("pipe").exists() {
        assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().expect("mkfifo runs").success());
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
    command.args(["check", "workloads.csv", "--format", "json=a.json", "--format", "sarif=pipe"]);
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    let known = hidden(folder);
    let child = command.spawn().expect("the program runs");
    let began = Instant::now();
    loop {
        let new = hidden(folder).into_iter().find(|name| !known.contains(name));
        if new.is_some_and(|name| folder.join(name).join("new/a.json").exists()) {
            // It may still be written to.
            std::thread::sleep(Duration::from_millis(50));
            return child;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is staged");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_removed_and_what_a_running_one_holds_is_not() {
    let folder = inputs();
    let mut first = waiting(folder.path());
    let held = hidden(folder.path());
    assert_eq!(held.len(), 1);
    // Every command that writes a file looks for leftovers; a running owner keeps its own.
    let pack: &[&str] =
        &["request", "workloads.csv", "--today", "2026-11-25", "--accept-max-tokens", "--out", "pack"];
    for arguments in [&["models", "list", "--output", "list.txt"][..], pack] {
        let run = quotaplan(folder.path(), arguments);
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(hidden(folder.path()), held);
    }
    let mut second = waiting(folder.path());
    assert_eq!(hidden(folder.path()).len(), 2);
    first.kill().expect("it runs");
    first.wait().expect("it ends");
    fs::remove_dir_all(folder.path().join("pack")).expect("it is there");
    let run = quotaplan(folder.path(), pack);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let left = hidden(folder.path());
    assert!(left.len() == 1 && left != held, "{left:?}");
    // The other goes on to its end, with a reader.
    assert!(!folder.path().join("a.json").exists());
    let sarif = fs::read_to_string(folder.path().join("pipe")).expect("reading");
    assert!(sarif.contains("sarif"), "{sarif}");
    second.wait().expect("it ends");
    assert!(folder.path().join("a.json").exists());
    assert!(hidden(folder.path()).is_empty());
}

#[test]
fn what_is_not_surely_a_leftover_is_left_alone() {
    let folder = inputs();
    let at = |name: &str| folder.path().join(name);
    let mark = "A temporary folder of quotaplan. The next run that writes to this folder removes it, unless the run that created it is still running.\n";
    let make = |name: &str, files: &[(&str, &str)]| {
        fs::create_dir(at(name)).expect("a folder");
        for (file, text) in files {
            fs::write(at(name).join(file), text).expect("writing");
        }
    };
    make(".quotaplan-ours", &[("owner", mark)]);
    fs::create_dir(at(".quotaplan-ours/new")).expect("a folder");
    fs::write(at(".quotaplan-ours/new/x"), "x").expect("writing");
    // A run that was killed before its mark was written.
    make(".quotaplan-ours00000000", &[]);
    make(".quotaplan-ours00000001", &[("owner", "")]);
    make(".quotaplan-empty", &[]);
    make(".quotaplan-blank", &[("owner", "")]);
    make(".quotaplan-more00000000", &[("owner", ""), ("new", "mine")]);
    make(".quotaplan-notes", &[("notes.txt", "mine")]);
    make(".quotaplan-other", &[("owner", "me")]);
    make(".quotaplan-more", &[("owner", mark), ("notes.txt", "mine")]);
    make(".quotaplan-longer", &[("owner", &format!("{mark}and more"))]);
    make("quotaplan-named", &[("owner", mark)]);
    fs::write(at(".quotaplan-file"), mark).expect("writing");
    #[cfg(unix)]
    {
        make("elsewhere", &[("owner", mark)]);
        std::os::unix::fs::symlink("elsewhere", at(".quotaplan-link")).expect("a link");
        fs::create_dir(at(".quotaplan-pipe")).expect("a folder");
        let pipe = at(".quotaplan-pipe/owner");
        assert!(Command::new("mkfifo").arg(pipe).status().expect("mkfifo runs").success());
    }
    let before: Vec<_> =
        contents_without_pipes(folder.path()).into_iter().filter(|path| !path.contains("-ours")).collect();
    let run = quotaplan(folder.path(), &["models", "list", "--output", "result"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    for name in [".quotaplan-ours", ".quotaplan-ours00000000", ".quotaplan-ours00000001"] {
        assert!(!at(name).exists(), "{name}");
    }
    fs::remove_file(at("result")).expect("it is there");
    assert_eq!(contents_without_pipes(folder.path()), before);
    assert!(at(".quotaplan-empty").is_dir());
}

/// The paths below a folder.
fn contents_without_pipes(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let entry = entry.expect("an entry");
            if entry.file_type().expect("a kind").is_dir() {
                folders.push(entry.path());
            }
            found.push(entry.path().display().to_string());
        }
    }
    found.sort();
    found
}

#[cfg(unix)]
#[test]
fn a_pack_that_is_killed_while_it_is_written_leaves_nothing_for_long() {
    use std::os::unix::fs::PermissionsExt;
    let folder = inputs();
    // Long enough that the pack takes a while to write.
    let comment = format!("# {}\n", "x".repeat(60 << 20));
    fs::write(folder.path().join("workloads.csv"), comment + WORKLOADS).expect("writing");
    let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
    command
        .args(["request", "workloads.csv", "--today", "2026-11-25", "--accept-max-tokens", "--out", "pack"])
        .current_dir(folder.path());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    let began = Instant::now();
    while hidden(folder.path()).is_empty() && began.elapsed() < Duration::from_secs(60) {
        std::hint::spin_loop();
    }
    child.kill().expect("it runs or has ended");
    child.wait().expect("it ends");
    let was_caught = !folder.path().join("pack").exists();
    if was_caught {
        assert_eq!(hidden(folder.path()).len(), 1);
        let mode = fs::metadata(folder.path().join(&hidden(folder.path())[0]))
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700, "it is its owner's alone");
    } else {
        fs::remove_dir_all(folder.path().join("pack")).expect("it is there");
    }
    fs::write(folder.path().join("workloads.csv"), WORKLOADS).expect("writing");
    let run = quotaplan(
        folder.path(),
        &["request", "workloads.csv", "--today", "2026-11-25", "--accept-max-tokens", "--out", "pack"],
    );
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(hidden(folder.path()).is_empty(), "{:?}", hidden(folder.path()));
    let mode = fs::metadata(folder.path().join("pack")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_eq!(quotaplan(folder.path(), &["request", "verify", "pack"]).status.code(), Some(0));
}

#[test]
fn two_runs_at_once_write_each_its_own() {
    let folder = inputs();
    let file = root().join("data/workloads.csv");
    let runs: Vec<Child> = (0..8)
        .map(|number| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
            command.arg("plan").arg(&file).args([
                "--format",
                "json",
                "--output",
                &format!("{}.json", number % 2),
            ]);
            command.current_dir(folder.path()).stderr(Stdio::null()).spawn().expect("the program runs")
        })
        .collect();
    for mut run in runs {
        assert_eq!(run.wait().expect("it ends").code(), Some(0));
    }
    for name in ["0.json", "1.json"] {
        let text = fs::read(folder.path().join(name)).expect("written");
        let _: serde_json::Value = serde_json::from_slice(&text).expect("whole");
    }
    assert!(hidden(folder.path()).is_empty());
}
