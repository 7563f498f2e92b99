//! Every file of `tests/cases` is one set of inputs with a run of the program or several, and what must come out; its
//! form is in `support/case.rs`.
//!
//! A run happens in a folder that holds the inputs, in this process; some are run as processes too. Results never hold
//! the hash of the model table nor a line number of it: these stand as `[table hash]` and `models.toml:[line]`, and the
//! hash of a file that holds one of them as `[hash of FILE]`.
//!
//! `UPDATE_CASES=1 cargo test --test all -- cases::` writes what came out into the cases instead of comparing it: read
//! every changed line before committing it. Comments, commands and inputs stay, and so do the places that are pinned.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use quotaplan::catalog::EMBEDDED;
use quotaplan::text::{Code, InputLimits, Severity};
use sha2::{Digest, Sha256};

use crate::support::case::{self, Case, Output, Pin, Run, folder, shown};
use crate::support::part::Part;
use crate::support::{self, Ran};

/// What a run gave.
#[derive(PartialEq, Eq)]
pub(crate) struct Outcome {
    status: String,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    /// Files that were not there before or are not as they were, by relative path.
    creates: BTreeMap<String, Vec<u8>>,
}

/// Cases of a build without the feature `aws`, which says so where another would call.
const WITHOUT_AWS: &str = "-without-aws";

/// Every case of this build, sorted by name.
fn cases() -> &'static BTreeMap<String, Case> {
    static CASES: OnceLock<BTreeMap<String, Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut names = case::names();
        names.retain(|name| cfg!(not(feature = "aws")) || !name.ends_with(WITHOUT_AWS));
        assert!(!names.is_empty(), "tests/cases has no case");
        names.into_iter().map(|name| (name.clone(), Case::read(&name))).collect()
    })
}

/// Every run with a name of its own: that of the case, and its number in it behind the first.
fn runs() -> Vec<(String, &'static Case, &'static Run)> {
    let of_case = |(name, case): (&'static String, &'static Case)| {
        case.runs.iter().enumerate().map(move |(index, run)| {
            let name = if index == 0 { name.clone() } else { format!("{name}, run {}", index + 1) };
            (name, case, run)
        })
    };
    cases().iter().flat_map(of_case).collect()
}

/// Every run in this process, which starts no other, once for all tests: on all cores, in the order of [`runs`].
fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let runs = runs();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut found = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some((_, case, run)) = runs.get(index) else { return found };
                found.push((index, outcome(case, run, in_process)));
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut found: Vec<(usize, Outcome)> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            handles.into_iter().flat_map(|handle| handle.join().expect("no case panics")).collect()
        });
        found.sort_by_key(|(index, _)| *index);
        found.into_iter().map(|(_, outcome)| outcome).collect()
    })
}

/// Every text that the cases give: the run's name, its arguments, the text's name, and the text as it came out.
pub(crate) fn texts() -> impl Iterator<Item = (String, &'static [String], &'static str, &'static str)> {
    runs().into_iter().zip(outcomes()).flat_map(|((name, _, run), outcome)| {
        let files = outcome.creates.iter().map(|(file, bytes)| (file.as_str(), bytes));
        let outputs = [("stdout", &outcome.stdout)].into_iter().chain(files);
        let texts = outputs.filter_map(|(file, bytes)| Some((file, std::str::from_utf8(bytes).ok()?)));
        texts.map(move |(file, text)| (name.clone(), run.arguments.as_slice(), file, text))
    })
}

/// Every file below a folder with its bytes, by relative path.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(root.join(&inner)).expect("the folder can be read") {
            let entry = entry.expect("it can be listed");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let name = if inner.is_empty() { name } else { format!("{inner}/{name}") };
            if entry.path().is_dir() {
                folders.push(name);
            } else {
                found.insert(name, fs::read(entry.path()).expect("the file can be read"));
            }
        }
    }
    found
}

/// Runs a command in a folder of its own that holds the inputs.
fn outcome(case: &Case, run: &Run, by: fn(&Path, &[&str], InputLimits) -> Ended) -> Outcome {
    let copy = tempfile::tempdir().expect("a temporary folder");
    case.write_inputs(copy.path());
    let arguments: Vec<&str> = run.arguments.iter().map(String::as_str).collect();
    let limit = |limit| InputLimits { rows: limit, documents: limit };
    let limits = case.limit.map_or_else(InputLimits::default, limit);
    let (status, stdout, stderr) = by(copy.path(), &arguments, limits);
    let mut creates = files(copy.path());
    creates.retain(|name, bytes| case.inputs.get(name) != Some(bytes));
    Outcome { status, stdout, stderr, creates }
}

/// Status, standard output and standard error of a run.
type Ended = (String, Vec<u8>, Vec<u8>);

fn in_process(folder: &Path, arguments: &[&str], limits: InputLimits) -> Ended {
    let Ran { status, stdout, stderr } = support::run_within(limits, folder, arguments, std::io::empty());
    (status.to_string(), stdout, stderr)
}

/// A run as a process of its own, whose limits are the program's.
fn as_process(folder: &Path, arguments: &[&str], _: InputLimits) -> Ended {
    let output = support::quotaplan(folder, arguments);
    let status = output.status.code().map_or_else(|| "signal".to_owned(), |code| code.to_string());
    (status, output.stdout, output.stderr)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes all");
        hex
    })
}

/// The hash of the model table that the program holds.
fn table_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| sha256(EMBEDDED.as_bytes()))
}

/// A text with placeholders for what every change of the model table changes: its hash, and its line numbers. A place
/// with a column is one in a file of the user's that is called the same.
fn without_table(text: &str) -> String {
    const NAME: &str = "models.toml:";
    let text = text.replace(table_hash(), "[table hash]");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(NAME) {
        let (before, behind) = rest.split_at(at + NAME.len());
        out.push_str(before);
        let digits = behind.len() - behind.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        let in_a_folder =
            before[..at].ends_with(|last: char| last.is_alphanumeric() || "/-_.".contains(last));
        if digits == 0 || in_a_folder || behind[digits..].starts_with(':') {
            out.push_str(&behind[..digits]);
        } else {
            out.push_str("[line]");
        }
        rest = &behind[digits..];
    }
    out + rest
}

/// An outcome with placeholders for the table, and for the hashes of files that hold one.
fn masked(found: &Outcome) -> Outcome {
    let mut hashes: Vec<(String, String)> = Vec::new();
    let mut creates = BTreeMap::new();
    let mask = |bytes: &[u8]| {
        std::str::from_utf8(bytes).map_or_else(|_| bytes.to_vec(), |text| without_table(text).into())
    };
    for (file, bytes) in &found.creates {
        let masked: Vec<u8> = mask(bytes);
        if masked != *bytes {
            hashes.push((sha256(bytes), format!("[hash of {file}]")));
        }
        creates.insert(file.clone(), masked);
    }
    for bytes in creates.values_mut() {
        for (hash, placeholder) in &hashes {
            if let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.contains(hash)) {
                *bytes = text.replace(hash, placeholder).into();
            }
        }
    }
    Outcome {
        status: found.status.clone(),
        stdout: mask(&found.stdout),
        stderr: mask(&found.stderr),
        creates,
    }
}

impl Outcome {
    fn output(&self, output: &Output) -> Option<&Vec<u8>> {
        match output {
            Output::Stdout => Some(&self.stdout),
            Output::Stderr => Some(&self.stderr),
            Output::File(path) => self.creates.get(path),
        }
    }

    /// All that came out, pinned where `pins` pin it: the parts of each output of which they pin a part. Behind it, what
    /// they pin that did not come out.
    fn pinned(&self, pins: &[Pin]) -> (Vec<Pin>, Vec<String>) {
        let files = self.creates.keys().cloned().map(Output::File);
        let mut outputs: Vec<Output> = [Output::Stdout, Output::Stderr].into_iter().chain(files).collect();
        outputs.sort();
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for output in outputs {
            let bytes = self.output(&output).expect("it is there");
            if bytes.is_empty() && !matches!(output, Output::File(_)) {
                continue;
            }
            let mut of_output = pins.iter().filter(|pin| pin.output == output).peekable();
            if of_output.peek().is_none_or(|pin| pin.part.is_none()) {
                found.push(Pin { output, part: None, bytes: bytes.clone() });
                continue;
            }
            for part in of_output.filter_map(|pin| pin.part.as_ref()) {
                match part.of(bytes) {
                    Ok(bytes) => {
                        found.push(Pin { output: output.clone(), part: Some(part.clone()), bytes });
                    }
                    Err(fault) => missing.push(format!("{} {part}: {fault}", words(&output))),
                }
            }
        }
        (found, missing)
    }
}

/// An output in words.
fn words(output: &Output) -> String {
    match output {
        Output::Stdout => "stdout".to_owned(),
        Output::Stderr => "stderr".to_owned(),
        Output::File(path) => format!("the file {path}"),
    }
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
fn faults(name: &str, run: &Run, found: &Outcome) -> String {
    let found = masked(found);
    let mut out = String::new();
    let mut say = |text: String| writeln!(out, "{name}: {text}").expect("a String takes all");
    if run.status != found.status {
        say(format!("the status is {} and should be {}", found.status, run.status));
    }
    let (results, missing) = found.pinned(&run.pins);
    missing.into_iter().for_each(&mut say);
    let name_of = |pin: &Pin| match &pin.part {
        Some(part) => format!("{} {part}", words(&pin.output)),
        None => words(&pin.output),
    };
    for pin in &run.pins {
        match results.iter().find(|result| result.output == pin.output && result.part == pin.part) {
            None if found.output(&pin.output).is_none_or(Vec::is_empty) => {
                say(format!("{} is not written", name_of(pin)));
            }
            Some(result) if result.bytes != pin.bytes => {
                let lines = difference(&pin.bytes, &result.bytes);
                say(format!("{} differs (- expected, + found)\n{lines}", name_of(pin)));
            }
            // What is missing is said above.
            None | Some(_) => {}
        }
    }
    for result in &results {
        if !run.pins.iter().any(|pin| pin.output == result.output) {
            let lines = difference(b"", &result.bytes);
            say(format!("{} is written and should not be\n{lines}", name_of(result)));
        }
    }
    out
}

/// Whether cases are written instead of compared; then nothing else is judged.
fn updating() -> bool {
    std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1")
}

/// Writes the case anew with what its runs gave, or says what it pins that did not come out.
fn update(name: &str, case: &Case, found: &[Outcome]) -> Vec<String> {
    let mut text = String::new();
    let mut elsewhere = BTreeMap::new();
    let mut faults = Vec::new();
    for (run, found) in case.runs.iter().zip(found) {
        let found = masked(found);
        let (pins, missing) = found.pinned(&run.pins);
        faults.extend(missing);
        match run.rewritten(name, &found.status, &pins, &mut elsewhere) {
            Ok(of_run) => text += &of_run,
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return faults.into_iter().map(|fault| format!("{name}: {fault}")).collect();
    }
    let outputs = folder().join("outputs").join(name);
    if outputs.is_dir() {
        fs::remove_dir_all(outputs).expect("the case can be written");
    }
    elsewhere.insert(format!("{name}.case"), text.into_bytes());
    for (file, bytes) in elsewhere {
        let path = folder().join(file);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("the case can be written");
        if fs::read(&path).ok().as_ref() != Some(&bytes) {
            fs::write(path, bytes).expect("the case can be written");
        }
    }
    Vec::new()
}

#[test]
fn every_case_gives_what_it_states() {
    if updating() {
        let mut found = outcomes();
        let mut faults = Vec::new();
        for (name, case) in cases() {
            let (of_case, rest) = found.split_at(case.runs.len());
            faults.extend(update(name, case, of_case));
            found = rest;
        }
        assert!(faults.is_empty(), "not written, as these pin what did not come out:\n{}", faults.join("\n"));
        return;
    }
    let texts: String =
        runs().iter().zip(outcomes()).map(|((name, _, run), found)| faults(name, run, found)).collect();
    assert!(texts.is_empty(), "\n{texts}UPDATE_CASES=1 writes what was found into the cases");
}

/// One run in twenty-five, and one of each status, as processes: what the streams and the exit status of a real
/// run are.
#[test]
fn some_cases_give_the_same_as_processes() {
    if updating() {
        return;
    }
    let mut runs = runs();
    runs.retain(|(_, case, _)| case.limit.is_none());
    let mut chosen: BTreeSet<usize> = (0..runs.len()).step_by(25).collect();
    for status in ["0", "1", "2"] {
        let first = runs.iter().position(|(_, _, run)| run.status == status);
        chosen.insert(first.unwrap_or_else(|| panic!("no case ends with {status}")));
    }
    let texts = chosen.into_iter().map(|index| {
        let (name, case, run) = &runs[index];
        faults(name, run, &outcome(case, run, as_process))
    });
    assert_eq!(texts.collect::<String>(), "");
}

/// A pin that shows nothing of a code would let the code rot unseen.
#[test]
fn every_code_has_a_case_for_people_and_one_for_programs() {
    if updating() {
        return;
    }
    let runs = runs();
    let pins = || runs.iter().flat_map(|(_, _, run)| run.pins.iter().map(move |pin| (*run, pin)));
    let mentions = |pin: &Pin, text: &str| String::from_utf8_lossy(&pin.bytes).contains(text);
    let mut missing = Vec::new();
    for code in Code::ALL {
        let (in_words, in_json) =
            (format!("[{}]", code.as_str()), format!("\"code\": \"{}\"", code.as_str()));
        let is_of_findings = |part: &Part| match part {
            Part::Json(pointer) => pointer == "/findings",
            Part::Items { pointer, key, text } => {
                pointer == "/findings" && key == "code" && text == code.as_str()
            }
            Part::Lines(_) | Part::Above(_) | Part::Columns(_) => false,
        };
        let in_a_document =
            |pin: &Pin| pin.part.as_ref().is_none_or(is_of_findings) && mentions(pin, &in_json);
        // A simulation says it in a sentence of its own.
        if !code.is_about_a_simulation() && !pins().any(|(_, pin)| mentions(pin, &in_words)) {
            missing.push(format!("{}: no case shows it to people", code.as_str()));
        }
        let of_another_command =
            code.is_about_an_answer() || code.is_about_a_sample() || code.is_about_a_simulation();
        // What such a command refuses stands on standard error alone; a check has a document for it too.
        let has_no_document =
            code == Code::NotAPolicy || of_another_command && code.severity() == Severity::Error;
        if !has_no_document && !pins().any(|(_, pin)| in_a_document(pin)) {
            missing.push(format!("{}: no case pins it at /findings", code.as_str()));
        }
        let of_an_input = !code.is_about_the_plan() && !code.is_about_a_policy() && !code.is_about_a_pack();
        let error = format!("error{in_words}");
        let refused = |(run, pin): (&Run, &Pin)| {
            let is_refused = run.status == "2" && run.pins.iter().all(|pin| pin.output != Output::Stdout);
            is_refused && pin.output == Output::Stderr && mentions(pin, &error)
        };
        if code.severity() == Severity::Error && of_an_input && !pins().any(refused) {
            missing.push(format!("{}: no case is refused for it", code.as_str()));
        }
        // A check says of each quota what this code says of all; it reads no policy, pack, answer, prompt and trace.
        if code != Code::AppliedNotGiven
            && !of_another_command
            && !code.is_about_a_policy()
            && !code.is_about_a_pack()
        {
            let name = format!("check-{}", code.as_str());
            let pins = cases().get(&name).map(|case| case.runs[0].pins.as_slice()).unwrap_or_default();
            let is_shown =
                pins.iter().any(|pin| !matches!(pin.output, Output::File(_)) && mentions(pin, code.as_str()));
            if !is_shown || !pins.iter().any(in_a_document) {
                missing.push(format!("{name}: does not show it in a table and at /findings"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The forms of a check other than its table.
const FORMS: [&str; 7] = ["csv", "github", "gitlab", "json", "junit", "markdown", "sarif"];

/// Each form whole, on a few cases that have much to say: what depends on the code is pinned at `/findings`.
#[test]
fn every_form_of_a_check_is_pinned_on_several_cases() {
    if updating() {
        return;
    }
    let runs = runs();
    let checks: Vec<&Run> = runs
        .iter()
        .map(|(_, _, run)| *run)
        .filter(|run| run.arguments.first().is_some_and(|word| word == "check"))
        .collect();
    for form in FORMS {
        let pinned = checks.iter().filter(|run| {
            run.arguments.iter().filter_map(|argument| argument.strip_prefix(&format!("{form}="))).any(
                |file| {
                    run.pins
                        .iter()
                        .any(|pin| pin.output == Output::File(file.to_owned()) && pin.part.is_none())
                },
            )
        });
        let pinned = pinned.count();
        assert!((4..=25).contains(&pinned), "{form} is pinned whole by {pinned} cases");
    }
}

/// What every case must hold, whatever it shows.
#[test]
fn every_case_ends_as_the_program_may() {
    if updating() {
        return;
    }
    let mut wrong = Vec::new();
    for (name, _, run) in runs() {
        // A check says faults of its inputs in its own forms too, and only it, `iam lint` and
        // `request verify` may end with 1.
        let arguments: Vec<&str> = run.arguments.iter().map(String::as_str).collect();
        let is_check = arguments.first() == Some(&"check");
        let judges = is_check || matches!(arguments[..], ["iam", "lint", ..] | ["request", "verify", ..]);
        let may = if judges { &["0", "1", "2"][..] } else { &["0", "2"] };
        if !may.contains(&run.status.as_str()) {
            wrong.push(format!("{name}: the status is not one of the program's"));
        }
        let stderr = run.pins.iter().find(|pin| pin.output == Output::Stderr);
        if run.status == "2" && !is_check && run.pins.iter().any(|pin| pin.output != Output::Stderr) {
            wrong.push(format!("{name}: a run that fails gives a result"));
        }
        if run.status == "2" && stderr.is_none() {
            wrong.push(format!("{name}: a run fails and says nothing"));
        }
        if stderr.is_some_and(|pin| String::from_utf8_lossy(&pin.bytes).contains("panicked")) {
            wrong.push(format!("{name}: a panic is expected"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A change of the model table changes the figures that it states and nothing else.
#[test]
fn no_case_holds_the_hash_or_a_line_number_of_the_table() {
    if updating() {
        return;
    }
    let mut wrong = Vec::new();
    for (name, _, run) in runs() {
        for pin in &run.pins {
            let Ok(text) = std::str::from_utf8(&pin.bytes) else { continue };
            if without_table(text) != text {
                wrong.push(name.clone());
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn placeholders_stand_for_the_table_alone() {
    let hash = table_hash();
    assert_eq!(hash.len(), 64);
    let text = format!(
        "{hash}; models.toml:12) models.toml:3:1 inputs/models.toml:4 models.toml:, my-models.toml:5"
    );
    let shown = "[table hash]; models.toml:[line]) models.toml:3:1 inputs/models.toml:4 models.toml:, my-models.toml:5";
    assert_eq!(without_table(&text), shown);
    let hashes = |file: &[u8]| format!("{} {}", sha256(file), sha256(b"other"));
    let files: [(&str, Vec<u8>); 3] = [
        ("a/m.json", hashes(b"models.toml:7").into()),
        ("a/t.csv", b"models.toml:7".to_vec()),
        ("o", b"other".to_vec()),
    ];
    let found = Outcome {
        status: "0".to_owned(),
        stdout: Vec::new(),
        stderr: b"\xff".to_vec(),
        creates: files.map(|(name, bytes)| (name.to_owned(), bytes)).into(),
    };
    let found = masked(&found);
    assert_eq!(found.creates["a/m.json"], format!("[hash of a/t.csv] {}", sha256(b"other")).into_bytes());
    assert_eq!(
        (found.creates["a/t.csv"].as_slice(), found.creates["o"].as_slice()),
        (&b"models.toml:[line]"[..], &b"other"[..])
    );
    assert_eq!(found.stderr, b"\xff");
}

/// A file that nothing reads, or an input that stands alone and could be read in place, says that a case is not what
/// its author thinks.
#[test]
fn the_folder_holds_cases_and_what_they_name() {
    if updating() {
        return;
    }
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder()).expect("the cases are there") {
        let name = entry.expect("it can be listed").file_name().into_string().expect("UTF-8");
        if !name.ends_with(".case") && ![".gitattributes", "inputs", "outputs"].contains(&name.as_str()) {
            wrong.push(format!("{name} is no case"));
        }
    }
    let texts: Vec<String> = case::names()
        .iter()
        .map(|name| fs::read_to_string(folder().join(format!("{name}.case"))).expect("text"))
        .collect();
    for (file, bytes) in files(&folder()) {
        if file.starts_with("inputs/") || file.starts_with("outputs/") {
            let heading = format!(" from {file}\n");
            let times: usize = texts.iter().map(|text| text.matches(&heading).count()).sum();
            if times == 0 {
                wrong.push(format!("no case names {file}"));
            }
            if times == 1 && file.starts_with("outputs/") && shown(&bytes).is_some() {
                wrong.push(format!("{file} could stand in its case"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
