//! The plan of the house, held against the imports in `src`.

mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::support::root;
use imports::{Import, Modules, circles};

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
    ("contract", &["units"]),
    ("baseline", &["contract", "text", "units"]),
    // The verbs of its actions are words that only leave the program.
    ("engine", &["baseline", "catalog", "config", "contract", "text", "threads", "units", "workload"]),
    // On requests of its own: it needs no trace reader.
    ("simulate", &["threads", "units"]),
    // A trace charged, replayed, and held against the plan of its own figures.
    (
        "experiment",
        &["catalog", "config", "engine", "logs", "simulate", "text", "threads", "trace", "units", "workload"],
    ),
    // Text alone.
    ("guide", &[]),
    ("iam", &["catalog", "text"]),
    // What is sampled are the cells of a workloads row, so it names their columns.
    ("sampling", &["answers", "aws", "catalog", "text", "threads", "units", "workload"]),
    // What the AWS CLI saved, read into what AWS answers; the table says what a Region and service are.
    ("saved", &["answers", "catalog", "text", "units"]),
    // The table held against saved answers.
    ("refresh", &["answers", "catalog", "saved", "text", "units"]),
    ("minutes", &["catalog", "text", "units"]),
    // Text in, records out: files and models are the trace's.
    ("logs", &["text", "units"]),
    // A trace reads its own files, which may be larger than memory, in blocks.
    ("trace", &["catalog", "logs", "stream", "text", "units"]),
    // A look-up is shown beside the applied quotas that a file states, a policy with its calls as they were judged.
    (
        "report",
        &[
            "answers",
            "baseline",
            "catalog",
            "config",
            "contract",
            "engine",
            "experiment",
            "iam",
            "logs",
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
    // Diagnostics are rendered from `text` itself; what changed against a baseline is the engine's word.
    ("render", &["engine", "report", "text"]),
    (
        "cli",
        &[
            "answers",
            "aws",
            "baseline",
            "catalog",
            "config",
            "contract",
            "engine",
            "experiment",
            "guide",
            "iam",
            "logs",
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

/// Files and folders of `cli` that belong to no subcommand.
const SHARED_CLI: &[&str] = &[
    "args", "confirm", "errors", "exit", "inputs", "live", "mod", "output", "process", "progress", "session",
    "staged", "submit",
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
    let files = all();
    let mut wrong = BTreeSet::new();
    let mut unused: BTreeSet<(&str, &str)> =
        ALLOWED.iter().flat_map(|(own, others)| others.iter().map(|other| (*own, *other))).collect();
    unused.remove(&("main", "cli"));
    let imports = Modules::read(&files).imports();
    for Import { from, to, path } in &imports {
        let (own, other) = (room(from), room(to));
        unused.remove(&(own, other));
        let may = allowed.get(own).unwrap_or_else(|| panic!("{from}: the plan has no room `{own}`"));
        if own != other && !may.contains(&other) {
            wrong.insert(format!("{from} uses {path} of {to}"));
        }
    }
    for (file, text) in files.iter().filter(|(file, _)| file == "main.rs") {
        for name in names_behind(&code(text), "quotaplan::") {
            if name != "cli" {
                wrong.insert(format!("{file} uses {name}"));
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "arrows against the plan:\n{}", wrong.join("\n"));
    assert!(unused.is_empty(), "the plan allows what nobody needs: {unused:?}");
}

#[test]
fn there_are_no_circles() {
    let imports = Modules::read(&all()).imports();
    let rooms: BTreeSet<(String, String)> = imports
        .iter()
        .map(|import| (room(&import.from).to_owned(), room(&import.to).to_owned()))
        .filter(|(from, to)| from != to)
        .collect();
    assert_eq!(circles(&rooms), Vec::<Vec<String>>::new(), "circles between rooms");
    let files: BTreeSet<(String, String)> =
        imports.iter().map(|import| (import.from.clone(), import.to.clone())).collect();
    let mut wrong = String::new();
    for circle in circles(&files) {
        let _ = writeln!(wrong, "{}", circle.join(" "));
        for import in &imports {
            if circle.contains(&import.from) && circle.contains(&import.to) {
                let _ = writeln!(wrong, "    {} uses {} of {}", import.from, import.path, import.to);
            }
        }
    }
    assert!(wrong.is_empty(), "circles between files:\n{wrong}");
}

/// The subcommand that a file of `cli` belongs to; `None` for what they share.
fn subcommand(file: &str) -> Option<&str> {
    let name = file.strip_prefix("cli/")?;
    let name = name.split('/').next().unwrap_or(name);
    let name = name.strip_suffix(".rs").unwrap_or(name);
    (!SHARED_CLI.contains(&name)).then_some(name)
}

#[test]
fn subcommands_do_not_import_each_other() {
    let mut wrong = Vec::new();
    for Import { from, to, path } in Modules::read(&all()).imports() {
        let (Some(own), Some(other)) = (subcommand(&from), subcommand(&to)) else { continue };
        if own != other {
            wrong.push(format!("{from} uses {path} of {to}"));
        }
    }
    assert!(wrong.is_empty(), "subcommands that import each other:\n{}", wrong.join("\n"));
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

/// An error says what it is about in its fields: a bare text is what clap takes of a value parser, and nothing else.
#[test]
fn no_error_is_a_bare_text() {
    for (file, text) in all() {
        // The one text of a baseline is a part of a diagnostic's sentence, and made where that is.
        if file.starts_with("cli/args/") || file == "baseline.rs" {
            continue;
        }
        let mut code = code(&text);
        // The line that a value parser of the command line is handed on in.
        if file == "cli/request/verify.rs" {
            code = code.replace("read: fn(&str) -> Result<Ratio, String>,", "");
        }
        let bare = code.split("Result<").skip(1).find(|rest| {
            let end = rest.find(['\n', '{', ';']).unwrap_or(rest.len());
            rest[..end].contains(", String>")
        });
        assert_eq!(bare.map(|rest| rest.lines().next()), None, "{file}: an error that is a bare text");
        let carried = code.split("#[error(\"{0}\")]").skip(1).find(|rest| {
            let variant = rest.trim_start().lines().next().unwrap_or_default();
            variant.contains("(String)") || variant.contains("(Vec<String>)")
        });
        assert_eq!(
            carried.map(|rest| rest.trim_start().lines().next()),
            None,
            "{file}: a variant for any text"
        );
    }
}

#[test]
fn threads_are_started_in_one_place() {
    for (file, text) in all() {
        let starts =
            ["thread::scope", "thread::spawn", "thread::Builder", "spawn_scoped", "available_parallelism"];
        // How many the machine runs at once, the command line asks alone, and hands it in.
        let asks = code(&text).contains("of_this_machine")
            && !["threads.rs", "cli/session.rs"].contains(&file.as_str());
        assert!(!asks, "{file}: take the number of threads from who calls");
        let found = starts.into_iter().find(|start| file != "threads.rs" && code(&text).contains(start));
        assert_eq!(
            found, None,
            "{file}: threads.rs starts threads, and goes on without those it cannot start"
        );
    }
}
