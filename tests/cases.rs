//! Every folder of `tests/cases` is one run of the program: `args` (one argument a line), its input
//! files, and what must come out: `status`, `stdout`, `stderr` (absent: nothing may come) and
//! `expected`, a folder of the files it must leave behind. `limit` is the most bytes of an input, where a case needs
//! a small one.
//!
//! A run happens in a copy of its folder, in this process; some are run as processes too. `UPDATE_CASES=1 cargo test --test all cases` writes what
//! came out instead of comparing it: read every changed file before committing it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use quotaplan::text::{Code, InputLimits, Severity};

use crate::support::{self, Ran};

/// Files of a case that are not inputs.
const META: [&str; 6] = ["args", "status", "stdout", "stderr", "expected", "limit"];

/// What a run gave, or should give.
#[derive(PartialEq, Eq)]
struct Outcome {
    status: String,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    /// Files that were not there before or are not as they were, by relative path.
    creates: BTreeMap<String, Vec<u8>>,
}

fn folder() -> PathBuf {
    support::root().join("tests/cases")
}

/// Cases of a build without the feature `aws`, which says so where another would call.
const WITHOUT_AWS: &str = "-without-aws";

/// The names of all cases of this build, sorted.
fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("tests/cases is there")
        .map(|entry| entry.expect("it can be listed"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("names are UTF-8"))
        .filter(|name| cfg!(not(feature = "aws")) || !name.ends_with(WITHOUT_AWS))
        .collect();
    names.sort();
    names
}

/// What a file of a case holds, nothing where it is absent.
fn stated(case: &Path, file: &str) -> Vec<u8> {
    match fs::read(case.join(file)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => panic!("{}: {error}", case.join(file).display()),
    }
}

fn stated_text(case: &Path, file: &str) -> String {
    String::from_utf8(stated(case, file)).expect("args, status and creates are UTF-8")
}

fn expected(case: &Path) -> Outcome {
    Outcome {
        status: stated_text(case, "status"),
        stdout: stated(case, "stdout"),
        stderr: stated(case, "stderr"),
        creates: match case.join("expected") {
            folder if folder.is_dir() => files(&folder, &[]),
            _ => BTreeMap::new(),
        },
    }
}

/// Every file below a folder with its bytes, by relative path, leaving out `meta` at the top.
fn files(root: &Path, meta: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(root.join(&inner)).expect("the folder can be read") {
            let entry = entry.expect("it can be listed");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let name = if inner.is_empty() { name } else { format!("{inner}/{name}") };
            if meta.contains(&name.as_str()) {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(name);
            } else {
                found.insert(name, fs::read(entry.path()).expect("the file can be read"));
            }
        }
    }
    found
}

/// Runs a case in a copy of its folder.
fn run(case: &Path, by: fn(&Path, &[&str], InputLimits) -> Ended) -> Outcome {
    let inputs = files(case, &META);
    let copy = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in &inputs {
        let path = copy.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the copy")).expect("a folder of the copy");
        fs::write(path, bytes).expect("a file of the copy");
    }
    let arguments = stated_text(case, "args");
    let arguments: Vec<&str> = arguments.lines().collect();
    let limits =
        limit(case).map_or_else(InputLimits::default, |limit| InputLimits { rows: limit, documents: limit });
    let (status, stdout, stderr) = by(copy.path(), &arguments, limits);
    let mut creates = files(copy.path(), &[]);
    creates.retain(|name, bytes| inputs.get(name) != Some(bytes));
    Outcome { status: status + "\n", stdout, stderr, creates }
}

/// Status, standard output and standard error of a run.
type Ended = (String, Vec<u8>, Vec<u8>);

/// A run in this process, which starts no other: that of every case.
fn in_process(folder: &Path, arguments: &[&str], limits: InputLimits) -> Ended {
    let Ran { status, stdout, stderr } = support::run_within(limits, folder, arguments, std::io::empty());
    (status.to_string(), stdout, stderr)
}

/// The limit of a case that states one.
fn limit(case: &Path) -> Option<u64> {
    Some(stated_text(case, "limit"))
        .filter(|text| !text.is_empty())
        .map(|text| text.trim().parse().expect("a limit is a number of bytes"))
}

/// A run as a process of its own, whose limits are the program's.
fn as_process(folder: &Path, arguments: &[&str], _: InputLimits) -> Ended {
    let output = support::quotaplan(folder, arguments);
    let status = output.status.code().map_or_else(|| "signal".to_owned(), |code| code.to_string());
    (status, output.stdout, output.stderr)
}

/// The lines in which two texts differ, with two lines around them.
fn difference(expected: &[u8], found: &[u8]) -> String {
    const AROUND: usize = 2;
    const SHOWN: usize = 40;
    let lines = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.split_inclusive('\n').map(|line| line.escape_debug().to_string().replace("\\\"", "\"")).collect()
    };
    let (expected, found) = (lines(expected), lines(found));
    let same = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let rest = expected.len().min(found.len()) - same;
    let same_end =
        expected.iter().rev().zip(found.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let mut out = String::new();
    let mut show = |mark: char, lines: &[String]| {
        for line in lines.iter().take(SHOWN) {
            writeln!(out, "    {mark} {line}").expect("a String takes all");
        }
        if lines.len() > SHOWN {
            writeln!(out, "    {mark} ({} more lines)", lines.len() - SHOWN).expect("a String takes all");
        }
    };
    show(' ', &expected[same.saturating_sub(AROUND)..same]);
    show('-', &expected[same..expected.len() - same_end]);
    show('+', &found[same..found.len() - same_end]);
    let after = expected.len() - same_end;
    show(' ', &expected[after..(after + AROUND).min(expected.len())]);
    out
}

/// Every way in which a run is not as it should be.
fn faults(name: &str, expected: &Outcome, found: &Outcome) -> String {
    let mut out = String::new();
    for (what, expected, found) in [
        ("status", expected.status.as_bytes(), found.status.as_bytes()),
        ("stdout", &expected.stdout, &found.stdout),
        ("stderr", &expected.stderr, &found.stderr),
    ] {
        if expected != found {
            let lines = difference(expected, found);
            writeln!(out, "{name}: {what} differs (- expected, + found)\n{lines}")
                .expect("a String takes all");
        }
    }
    let names: BTreeSet<&String> = expected.creates.keys().chain(found.creates.keys()).collect();
    for file in names {
        let text = match (expected.creates.get(file), found.creates.get(file)) {
            (Some(expected), Some(found)) if expected == found => continue,
            (Some(expected), Some(found)) => {
                format!("differs (- expected, + found)\n{}", difference(expected, found))
            }
            (Some(_), None) => "is not written\n".to_owned(),
            (None, _) => "is written and should not be\n".to_owned(),
        };
        writeln!(out, "{name}: the file {file} {text}").expect("a String takes all");
    }
    out
}

/// Whether cases are written instead of compared; then nothing else is judged.
fn updating() -> bool {
    std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1")
}

fn update(case: &Path, found: &Outcome) {
    for (file, bytes) in
        [("status", found.status.as_bytes()), ("stdout", &found.stdout), ("stderr", &found.stderr)]
    {
        let path = case.join(file);
        if !bytes.is_empty() {
            fs::write(path, bytes).expect("the case can be written");
        } else if path.exists() {
            fs::remove_file(path).expect("the case can be written");
        }
    }
    let folder = case.join("expected");
    if folder.is_dir() {
        fs::remove_dir_all(&folder).expect("the case can be written");
    }
    for (name, bytes) in &found.creates {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it is in the case")).expect("the case can be written");
        fs::write(path, bytes).expect("the case can be written");
    }
}

/// All cases, on all cores; the failures in the order of the names.
#[test]
fn every_case_gives_what_it_states() {
    let names = names();
    assert!(!names.is_empty(), "tests/cases has no case");
    let updating = updating();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failed = BTreeMap::new();
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            let case = folder().join(name);
            let found = run(&case, in_process);
            if updating {
                update(&case, &found);
            }
            let text = faults(name, &expected(&case), &found);
            if !text.is_empty() {
                failed.insert(name.as_str(), text);
            }
        }
        failed
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let failed: BTreeMap<&str, String> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("no case panics")).collect()
    });
    let texts: String = failed.into_values().collect();
    assert!(texts.is_empty(), "\n{texts}UPDATE_CASES=1 writes what was found into the cases");
}

/// One case in twenty-five, and one of each status, as processes: what the streams and the exit status of a real
/// run are.
#[test]
fn some_cases_give_the_same_as_processes() {
    if updating() {
        return;
    }
    let mut names = names();
    names.retain(|name| limit(&folder().join(name)).is_none());
    let mut chosen: BTreeSet<&str> = names.iter().step_by(25).map(String::as_str).collect();
    for status in ["0\n", "1\n", "2\n"] {
        let first = names.iter().find(|name| stated_text(&folder().join(name), "status") == status);
        chosen.insert(first.unwrap_or_else(|| panic!("no case ends with {status}")));
    }
    let texts = chosen.into_iter().map(|name| {
        let case = folder().join(name);
        faults(name, &expected(&case), &run(&case, as_process))
    });
    assert_eq!(texts.collect::<String>(), "");
}

/// A case that shows nothing of a code would let the code rot unseen.
#[test]
fn every_code_has_a_case() {
    if updating() {
        return;
    }
    let cases: Vec<Outcome> = names().iter().map(|name| expected(&folder().join(name))).collect();
    let mentions = |bytes: &[u8], text: &str| String::from_utf8_lossy(bytes).contains(text);
    let mut missing = Vec::new();
    for code in Code::ALL {
        let (as_diagnostic, as_json) = (format!("[{}]", code.as_str()), format!("\"{}\"", code.as_str()));
        let shown = |case: &&Outcome| {
            mentions(&case.stderr, &as_diagnostic)
                || mentions(&case.stdout, &as_diagnostic)
                || mentions(&case.stdout, &as_json)
        };
        if !cases.iter().any(|case| shown(&case)) {
            missing.push(format!("{}: no case shows it", code.as_str()));
        }
        let refused = |case: &Outcome| {
            let error = format!("error{as_diagnostic}");
            case.status == "2\n" && case.stdout.is_empty() && mentions(&case.stderr, &error)
        };
        let of_an_input = !code.is_about_the_plan() && !code.is_about_a_policy() && !code.is_about_a_pack();
        if code.severity() == Severity::Error && of_an_input && !cases.iter().any(refused) {
            missing.push(format!("{}: no case is refused for it", code.as_str()));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The files that a case of a code in a check leaves behind, beside the table on standard output.
const FORMATS: [&str; 7] = [
    "check.csv",
    "check.github",
    "check.gitlab.json",
    "check.json",
    "check.junit.xml",
    "check.md",
    "check.sarif",
];

/// Each code in each format of a check, in a folder named after it.
#[test]
fn every_code_has_a_check_in_every_format() {
    if updating() {
        return;
    }
    let mut wrong = Vec::new();
    for code in Code::ALL {
        // A check says of each quota what this code says of all; it reads no IAM policy, no pack, no answer
        // of AWS, no prompt and no trace.
        let is_of_another_command = code.is_about_a_policy()
            || code.is_about_a_pack()
            || code.is_about_an_answer()
            || code.is_about_a_sample()
            || code.is_about_a_simulation();
        if code == Code::AppliedNotGiven || is_of_another_command {
            continue;
        }
        let case = expected(&folder().join(format!("check-{}", code.as_str())));
        if case.creates.keys().map(String::as_str).ne(FORMATS) {
            wrong.push(format!("{}: the formats are {:?}", code.as_str(), case.creates.keys()));
        }
        let shows = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(code.as_str());
        for (file, _) in case.creates.iter().filter(|(_, bytes)| !shows(bytes)) {
            wrong.push(format!("{}: {file} does not show it", code.as_str()));
        }
        if !shows(&case.stdout) && !shows(&case.stderr) {
            wrong.push(format!("{}: nothing on the terminal shows it", code.as_str()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What every case must hold, whatever it shows.
#[test]
fn every_case_ends_as_the_program_may() {
    if updating() {
        return;
    }
    let mut wrong = Vec::new();
    for name in names() {
        let case = expected(&folder().join(&name));
        // A check says faults of its inputs in its own forms too, and only it, `iam lint` and
        // `request verify` may end with 1.
        let arguments = stated_text(&folder().join(&name), "args");
        let is_check = arguments.starts_with("check\n");
        let judges =
            is_check || arguments.starts_with("iam\nlint\n") || arguments.starts_with("request\nverify\n");
        let may = if judges { &["0\n", "1\n", "2\n"][..] } else { &["0\n", "2\n"] };
        if !may.contains(&case.status.as_str()) {
            wrong.push(format!("{name}: the status is not one of the program's"));
        }
        if case.status == "2\n" && !is_check && (!case.stdout.is_empty() || !case.creates.is_empty()) {
            wrong.push(format!("{name}: a run that fails gives a result"));
        }
        if case.status == "2\n" && case.stderr.is_empty() {
            wrong.push(format!("{name}: a run fails and says nothing"));
        }
        if String::from_utf8_lossy(&case.stderr).contains("panicked") {
            wrong.push(format!("{name}: a panic is expected"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
