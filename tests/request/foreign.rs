//! Packs that somebody else wrote: whatever lies in the folder, only ordinary files are read, nothing is waited
//! for, and nothing of a file outside is shown.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::verify::copy;
use crate::support::inputs_of;

/// What a file outside holds: it stands in no output.
const SECRET: &str = "aws_secret_access_key,wJalrXUtnFEMI";

/// Runs the program, which must end by itself; its memory is bounded, so that an endless file fails the run.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 4000000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_quotaplan")]);
    let child = command.args(arguments).current_dir(folder).stdin(Stdio::null());
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    let began = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if began.elapsed() > Duration::from_secs(60) {
            child.kill().expect("it runs");
            panic!("{arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("it ended")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What a name in a pack becomes.
#[derive(Debug, Clone, Copy)]
enum Odd {
    LinkToSecret,
    LinkToItself,
    LinkToDevice,
    LinkToNothing,
    LinkToPipe,
    LinkToFolder,
    LinkToItsCopy,
    Pipe,
    Socket,
    Folder,
    Huge,
}

const ODD: [Odd; 11] = [
    Odd::LinkToSecret,
    Odd::LinkToItself,
    Odd::LinkToDevice,
    Odd::LinkToNothing,
    Odd::LinkToPipe,
    Odd::LinkToFolder,
    Odd::LinkToItsCopy,
    Odd::Pipe,
    Odd::Socket,
    Odd::Folder,
    Odd::Huge,
];

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

impl Odd {
    /// Puts it in the place of a file or folder, with what it leads to in `outside`.
    fn put(self, path: &Path, outside: &Path) {
        let kept = outside.join("kept");
        fs::rename(path, &kept).expect("it is there");
        let link = |target: &Path| symlink(target, path).expect("a link");
        match self {
            Self::LinkToSecret => {
                fs::write(outside.join("secret"), format!("{SECRET}\n{SECRET}\n")).expect("writing");
                link(&outside.join("secret"));
            }
            Self::LinkToItself => link(path),
            Self::LinkToDevice => link(Path::new("/dev/zero")),
            Self::LinkToNothing => link(&outside.join("nothing")),
            Self::LinkToPipe => {
                pipe(&outside.join("pipe"));
                link(&outside.join("pipe"));
            }
            Self::LinkToFolder => {
                fs::create_dir(outside.join("folder")).expect("a folder");
                fs::write(outside.join("folder/workloads.csv"), SECRET).expect("writing");
                link(&outside.join("folder"));
            }
            // The very same bytes: a link is none of a pack's files all the same.
            Self::LinkToItsCopy => link(&kept),
            Self::Pipe => pipe(path),
            Self::Socket => {
                std::os::unix::net::UnixListener::bind(path).expect("a socket");
            }
            Self::Folder => {
                fs::create_dir(path).expect("a folder");
                fs::write(path.join("secret"), SECRET).expect("writing");
            }
            Self::Huge => {
                let file = fs::File::create(path).expect("a file");
                // A hole: it takes no room on the disk.
                file.set_len(1 << 40).expect("a long file");
            }
        }
    }
}

/// Every file of the pack, and its folders, by path.
fn places(pack: &Path) -> Vec<PathBuf> {
    let mut places = Vec::new();
    let mut folders = vec![pack.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            places.push(path);
        }
    }
    places.sort();
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever stands in the place of one file or folder: the run ends, the fault is named, and no secret is shown.
    #[test]
    fn nothing_but_ordinary_files_is_read(
        place in any::<proptest::sample::Index>(),
        odd in proptest::sample::select(&ODD[..]),
    ) {
        let copy = copy("stages");
        let outside = tempfile::tempdir().expect("a folder");
        let all = places(&copy.path().join("pack"));
        let path = &all[place.index(all.len())];
        odd.put(path, outside.path());
        let name = path.strip_prefix(copy.path()).expect("inside").to_str().expect("UTF-8").to_owned();
        let verified = run(copy.path(), &["request", "verify", "pack"]);
        let text = said(&verified);
        prop_assert_eq!(verified.status.code(), Some(1), "{:?} at {}: {}", odd, name, text);
        prop_assert!(text.contains(&name), "{:?}: {} is not named: {}", odd, name, text);
        let status = run(copy.path(), &["request", "status", "pack", "--print-command"]);
        let of_status = said(&status);
        let is_requests = name == "pack/requests.json";
        prop_assert_eq!(status.status.code(), Some(if is_requests { 2 } else { 0 }), "{:?} at {}", odd, name);
        prop_assert_eq!(of_status.contains("pack/requests.json: error"), is_requests, "{}", of_status);
        for text in [text, of_status] {
            prop_assert!(!text.contains("wJalr"), "{:?} at {}: {}", odd, name, text);
        }
    }
}

#[test]
fn each_kind_says_what_it_is() {
    for (odd, words) in [
        (Odd::LinkToSecret, "it is a symbolic link, which is not followed"),
        (Odd::Pipe, "it is a named pipe, which is not read"),
        (Odd::Socket, "it is a socket, which is not read"),
        (Odd::Folder, "it is a folder"),
        (Odd::Huge, "with this file, the pack is larger than 512 MiB, the limit for a pack"),
    ] {
        let copy = copy("lean");
        let outside = tempfile::tempdir().expect("a folder");
        odd.put(&copy.path().join("pack/requests.json"), outside.path());
        let status = run(copy.path(), &["request", "status", "pack", "--from", "none.json"]);
        assert_eq!(status.status.code(), Some(2));
        let line = format!("pack/requests.json: error[unreadable-file]: {words}\n");
        assert!(said(&status).contains(&line), "{odd:?}: {}", said(&status));
        if !matches!(odd, Odd::Folder) {
            let line = format!("pack/requests.json: error[pack-differs]: {words}\n");
            let verified = run(copy.path(), &["request", "verify", "pack"]);
            assert!(said(&verified).contains(&line), "{odd:?}: {}", said(&verified));
        }
    }
}

#[test]
fn where_an_input_is_no_file_it_is_said_that_nothing_was_compared() {
    for place in ["inputs/workloads.csv", "inputs/arguments.json", "inputs"] {
        let copy = copy("lean");
        let outside = tempfile::tempdir().expect("a folder");
        Odd::LinkToItsCopy.put(&copy.path().join("pack").join(place), outside.path());
        let verified = run(copy.path(), &["request", "verify", "pack"]);
        assert_eq!(verified.status.code(), Some(1));
        let text = said(&verified);
        assert!(
            text.contains(&format!("pack/{place}: error[pack-differs]: it is a symbolic link")),
            "{text}"
        );
        assert!(text.contains("pack: error[pack-differs]: the other files could not be checked"), "{text}");
    }
}

#[test]
fn a_link_that_the_user_names_is_followed() {
    let copy = copy("lean");
    symlink("pack", copy.path().join("latest")).expect("a link");
    let verified = run(copy.path(), &["request", "verify", "latest"]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
    let status = run(copy.path(), &["request", "status", "latest", "--print-command"]);
    assert_eq!(status.status.code(), Some(0), "{}", said(&status));
}

#[test]
fn what_is_no_pack_is_not_read_through() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..1_001 {
        fs::write(folder.path().join(format!("{number}.txt")), SECRET).expect("writing");
    }
    pipe(&folder.path().join("pipe"));
    let verified = run(folder.path(), &["request", "verify", "."]);
    assert_eq!(verified.status.code(), Some(2));
    assert!(
        said(&verified).contains(". is not a request pack, because it has more than 1000 files"),
        "{}",
        said(&verified)
    );
    symlink("none", folder.path().join("dangling")).expect("a link");
    for (place, words) in [
        ("pipe", "error: pipe is not the folder of a pack\n"),
        ("1.txt", "error: 1.txt is a file, not the folder of a pack\n"),
        ("none", "error: none: there is no such folder\n"),
        ("dangling", "error: dangling: the link is broken\n"),
    ] {
        let verified = run(folder.path(), &["request", "verify", place]);
        assert_eq!(verified.status.code(), Some(2));
        assert!(said(&verified).contains(words), "{}", said(&verified));
    }
}

#[test]
fn a_file_that_may_not_be_read_ends_the_run() {
    use std::os::unix::fs::PermissionsExt;
    let copy = copy("lean");
    let file = copy.path().join("pack/request.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("its owner");
    // The superuser reads it all the same.
    let is_readable = fs::read(&file).is_ok();
    let verified = run(copy.path(), &["request", "verify", "pack"]);
    let text = said(&verified);
    assert_eq!(verified.status.code(), Some(if is_readable { 0 } else { 2 }), "{text}");
    assert_eq!(text.contains("pack/request.md: Permission denied"), !is_readable, "{text}");
}

#[test]
fn hostile_names_in_a_pack_are_harmless() {
    let copy = copy("lean");
    let pack = copy.path().join("pack");
    for name in ["\u{1b}[2Jx", "a\n::error::b", "##vso[task.complete]", "-rf"] {
        fs::write(pack.join(name), SECRET).expect("writing");
    }
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"bad\xff");
    fs::write(pack.join(name), SECRET).expect("writing");
    let verified = run(copy.path(), &["request", "verify", "pack"]);
    assert_eq!(verified.status.code(), Some(1));
    let text = said(&verified);
    assert_eq!(text.matches("error[pack-file-unknown]").count(), 5, "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains("\n::error") && !text.contains("\n##vso"), "{text}");
}

#[test]
fn the_case_of_the_inputs_is_made_by_their_copies_alone() {
    // A copy that is read from the pack is never looked for beside it.
    let copy = copy("lean");
    let inputs = inputs_of("request-lean");
    fs::copy(inputs.path().join("workloads.csv"), copy.path().join("workloads.csv")).expect("copying");
    fs::remove_file(copy.path().join("pack/inputs/workloads.csv")).expect("it is there");
    let verified = run(copy.path(), &["request", "verify", "pack"]);
    assert_eq!(verified.status.code(), Some(1));
    let text = said(&verified);
    assert!(text.contains("pack/inputs/workloads.csv: error[pack-file-missing]"), "{text}");
    assert!(text.contains("pack: error[pack-differs]: the other files could not be checked"), "{text}");
}
