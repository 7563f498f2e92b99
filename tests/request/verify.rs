//! A pack somebody changed is found out, whatever was changed; one that nobody changed is not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::case::Case;
use crate::support::{inputs_of, quotaplan};

/// Every file below a folder, by path.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// A folder with a pack of each case, made once.
fn packs() -> &'static TempDir {
    static PACKS: OnceLock<TempDir> = OnceLock::new();
    PACKS.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        for (case, pack) in CASES {
            let inputs = inputs_of(case);
            let arguments = &Case::read(case).runs[0].arguments;
            let out = folder.path().join(pack);
            let out = out.to_str().expect("UTF-8");
            let arguments: Vec<&str> = arguments
                .iter()
                .map(|argument| if argument == "pack" { out } else { argument.as_str() })
                .collect();
            let made = quotaplan(inputs.path(), &arguments);
            assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        }
        folder
    })
}

const CASES: [(&str, &str); 2] = [("request-lean", "lean"), ("request-in-stages-with-evidence", "stages")];

/// A copy of a pack to change.
pub(super) fn copy(pack: &str) -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    let source = packs().path().join(pack);
    for file in files(&source) {
        let target = copy.path().join("pack").join(file.strip_prefix(&source).expect("inside"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::copy(&file, target).expect("copying");
    }
    copy
}

fn verify(folder: &Path) -> (Option<i32>, String) {
    let run = quotaplan(folder, &["request", "verify", "pack"]);
    (run.status.code(), String::from_utf8(run.stdout).expect("UTF-8") + &String::from_utf8_lossy(&run.stderr))
}

#[test]
fn an_untouched_pack_verifies_wherever_it_stands() {
    for (_, pack) in CASES {
        let copy = copy(pack);
        // A configuration of the working directory is none of the pack's.
        fs::write(copy.path().join("quotaplan.toml"), "headroom = 0.5\n").expect("writing");
        let (status, said) = verify(copy.path());
        assert_eq!(status, Some(0), "{said}");
        assert!(said.starts_with("pack: every file matches its inputs\n"), "{said}");
    }
}

#[test]
fn a_missing_and_an_extra_file_are_named() {
    let copy = copy("lean");
    fs::remove_file(copy.path().join("pack/iam/identity.json")).expect("it is there");
    fs::create_dir(copy.path().join("pack/drafts")).expect("a folder");
    fs::write(copy.path().join("pack/drafts/mail.txt"), "x").expect("writing");
    let (status, said) = verify(copy.path());
    assert_eq!(status, Some(1));
    assert!(said.contains("pack/iam/identity.json: error[pack-file-missing]"), "{said}");
    assert!(said.contains("pack/drafts/mail.txt: error[pack-file-unknown]"), "{said}");
}

#[test]
fn a_changed_input_hides_no_other_fault() {
    let copy = copy("lean");
    let input = copy.path().join("pack/inputs/workloads.csv");
    let text = fs::read_to_string(&input).expect("the workloads");
    fs::write(&input, text.replace(",900,", ",901,")).expect("writing");
    fs::remove_file(copy.path().join("pack/quotas.tf")).expect("it is there");
    fs::write(copy.path().join("pack/note.txt"), "x").expect("writing");
    let (status, said) = verify(copy.path());
    assert_eq!(status, Some(1));
    for place in
        ["pack/inputs/workloads.csv is not the file", "pack/quotas.tf: error", "pack/note.txt: error"]
    {
        assert!(said.contains(place), "{place}: {said}");
    }
    // What follows from the change is named where it stands.
    for file in ["pack/request.md:", "pack/trail.csv:", "pack/manifest.json:"] {
        assert!(said.contains(file), "{file}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_no_files_of_a_pack() {
    use std::os::unix::fs::symlink;
    let copy = copy("lean");
    let pack = copy.path().join("pack");
    // To the very same content, but elsewhere.
    fs::rename(pack.join("request.md"), copy.path().join("request.md")).expect("it is there");
    symlink(copy.path().join("request.md"), pack.join("request.md")).expect("a link");
    symlink("/dev/zero", pack.join("zeros")).expect("a link");
    fs::create_dir(pack.join("empty")).expect("a folder");
    let (status, said) = verify(copy.path());
    assert_eq!(status, Some(1));
    for line in [
        "pack/request.md: error[pack-differs]: it is a symbolic link, which is not followed",
        "pack/zeros: error[pack-file-unknown]",
        "pack/empty: error[pack-file-unknown]",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
}

#[test]
fn a_pack_without_its_arguments_is_judged_as_one() {
    let copy = copy("lean");
    fs::remove_file(copy.path().join("pack/inputs/arguments.json")).expect("it is there");
    let (status, said) = verify(copy.path());
    assert_eq!(status, Some(1));
    assert!(said.contains("pack/inputs/arguments.json: error[pack-file-missing]"), "{said}");
}

#[test]
fn the_result_is_not_written_into_the_pack() {
    let copy = copy("lean");
    for target in ["pack/request.md", "pack/verdict.txt", "pack/iam/verdict.txt"] {
        let run = quotaplan(copy.path(), &["request", "verify", "pack", "--output", target]);
        assert_eq!(run.status.code(), Some(2), "{target}");
    }
    assert_eq!(verify(copy.path()).0, Some(0));
}

#[cfg(unix)]
#[test]
fn a_pack_of_a_pipe_holds_what_came_through_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = inputs_of("request-lean");
    let bytes = fs::read(inputs.path().join("workloads.csv")).expect("the workloads");
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_quotaplan"))
        .args(["request", "/dev/stdin", "--today", "2026-11-25", "--accept-max-tokens", "--out", "pack"])
        .current_dir(folder.path())
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the program runs");
    std::io::Write::write_all(&mut run.stdin.take().expect("a pipe"), &bytes).expect("writing");
    let run = run.wait_with_output().expect("it ends");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(fs::read(folder.path().join("pack/inputs/workloads.csv")).expect("the copy"), bytes);
    assert_eq!(verify(folder.path()).0, Some(0));
}

#[test]
fn another_model_table_makes_a_pack_stale() {
    let copy = copy("lean");
    let manifest = copy.path().join("pack/manifest.json");
    let text = fs::read_to_string(&manifest).expect("the manifest");
    let start = text.find("\"sha256\": \"").expect("the table's hash") + 11;
    let digit = if &text[start..=start] == "0" { "1" } else { "0" };
    fs::write(&manifest, format!("{}{digit}{}", &text[..start], &text[start + 1..])).expect("writing");
    let (status, said) = verify(copy.path());
    assert_eq!(status, Some(1));
    assert!(said.contains("error[pack-stale]: the pack was made with another model table"), "{said}");
}

#[test]
fn a_changed_value_is_named_at_its_line() {
    let copy = copy("lean");
    let file = copy.path().join("pack/submit.sh");
    let text = fs::read_to_string(&file).expect("the script");
    let line =
        text.lines().position(|line| line.starts_with("request L-58BE175A 5100000")).expect("its line") + 1;
    fs::write(&file, text.replace("L-58BE175A 5100000", "L-58BE175A 51000000")).expect("writing");
    let (status, said) = verify(copy.path());
    assert_eq!(status, Some(1));
    // `request L-58BE175A 5100000` and then one digit more.
    assert!(said.starts_with("pack: 1 difference; do not send this pack\n"), "{said}");
    assert!(said.contains(&format!("\npack/submit.sh:{line}:27: error[pack-differs]")), "{said}");
}

/// What is done to a character.
#[derive(Debug, Clone, Copy)]
enum Change {
    Replace(char),
    Insert(char),
    Remove,
}

fn change() -> impl Strategy<Value = Change> {
    let c = || {
        prop_oneof![
            Just(' '),
            Just('0'),
            Just('9'),
            Just('\n'),
            Just('"'),
            Just('é'),
            proptest::char::range('!', '~')
        ]
    };
    prop_oneof![c().prop_map(Change::Replace), c().prop_map(Change::Insert), Just(Change::Remove)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    /// One character of one file: every one of them is found out, and a place is named.
    #[test]
    fn any_changed_character_is_found_out(
        pack in prop_oneof![Just("lean"), Just("stages")],
        file in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
        change in change(),
    ) {
        let copy = copy(pack);
        let all = files(&copy.path().join("pack"));
        let path = &all[file.index(all.len())];
        let text = fs::read_to_string(path).expect("text");
        let (start, c) = text.char_indices().nth(at.index(text.chars().count())).expect("in the text");
        let rest = &text[start + c.len_utf8()..];
        let changed = match change {
            Change::Replace(new) if new == c => return Ok(()),
            Change::Replace(new) => format!("{}{new}{rest}", &text[..start]),
            Change::Insert(new) => format!("{}{new}{}", &text[..start], &text[start..]),
            Change::Remove => format!("{}{rest}", &text[..start]),
        };
        fs::write(path, changed).expect("writing");
        let (status, said) = verify(copy.path());
        prop_assert_eq!(status, Some(1), "{:?} at {} of {}: {}", change, start, path.display(), said);
        let name = path.strip_prefix(copy.path()).expect("inside").to_str().expect("UTF-8");
        prop_assert!(said.contains(name), "{} is not named: {}", name, said);
    }
}
