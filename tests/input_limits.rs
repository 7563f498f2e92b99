//! Inputs that are held whole in memory are read up to a limit, and what is no text is refused at its start.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quotaplan::text::InputLimits;

use crate::standard_input::PLACES;
use crate::support::{quotaplan, run_within};

const ROW: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
    chat,haiku-4.5,us,333,1155,211,4096\n";

/// An input without end, and how much of it was read.
struct Endless(u8, Arc<AtomicU64>);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer.fill(self.0);
        self.1.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        Ok(buffer.len())
    }
}

/// Runs a command of `PLACES` on a standard input; what it says.
fn said(arguments: &[&str], limits: InputLimits, input: impl Read + Send + 'static) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments: Vec<String> = arguments.iter().map(|word| word.replace('@', "-")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    fs::write(folder.path().join("workloads.csv"), ROW).expect("writing");
    let ran = run_within(limits, folder.path(), &arguments, input);
    let stderr = String::from_utf8(ran.stderr).expect("errors are UTF-8");
    if ran.status == 2 {
        let created: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(created.len(), 1, "{arguments:?} leaves something behind");
        // A check states errors in its own forms too.
        assert!(ran.stdout.is_empty() || arguments[0] == "check", "{arguments:?}");
    }
    stderr
}

const TOO_LARGE: &str = "<stdin>: error[input-too-large]: it is larger than ";
const BINARY: &str = "<stdin>: error[unreadable-file]: it holds NUL bytes, so it is not a text file";

#[test]
fn every_input_has_a_limit() {
    let limits = InputLimits { rows: 200, documents: 200 };
    for (arguments, _) in PLACES {
        let text = said(arguments, limits, io::Cursor::new(vec![b'#'; 201]));
        assert!(text.contains(&format!("{TOO_LARGE}200 bytes")), "{arguments:?}: {text}");
        let text = said(arguments, limits, io::Cursor::new(vec![b'#'; 200]));
        assert!(!text.contains("input-too-large"), "{arguments:?}: {text}");
    }
}

#[test]
fn an_input_without_end_is_refused() {
    // As the guide says: rows may be larger than the other inputs.
    let limits = InputLimits { rows: 3 << 20, documents: 2 << 20 };
    let mut of_rows = 0;
    for (arguments, _) in PLACES {
        let read = Arc::new(AtomicU64::new(0));
        let text = said(arguments, limits, Endless(b'#', Arc::clone(&read)));
        let rows = text.contains(&format!("{TOO_LARGE}3 MiB, "));
        assert!(rows || text.contains(&format!("{TOO_LARGE}2 MiB, ")), "{arguments:?}: {text}");
        let limit = if rows { limits.rows } else { limits.documents };
        assert_eq!(read.load(Ordering::Relaxed), limit + 1, "{arguments:?}");
        of_rows += u32::from(rows);
    }
    assert!(of_rows > 5);
}

#[test]
fn zeros_without_end_are_refused_at_their_start() {
    for (arguments, _) in PLACES {
        let read = Arc::new(AtomicU64::new(0));
        let text = said(arguments, InputLimits::default(), Endless(0, Arc::clone(&read)));
        assert!(text.contains(BINARY), "{arguments:?}: {text}");
        let read = read.load(Ordering::Relaxed);
        assert!(read <= 1 << 20, "{arguments:?}: {read} bytes were read");
    }
}

#[test]
fn a_large_text_or_one_that_starts_with_a_nul_byte_is_none() {
    let limits = InputLimits::default();
    for (arguments, text) in PLACES {
        let large = format!("{text}\n#{}\0", " ".repeat(1 << 20)).into_bytes();
        let mut at_the_start = large.clone();
        at_the_start[1000] = 0;
        for bytes in [vec![0], vec![0; 100], format!("\0{text}{:99}", "").into_bytes(), at_the_start] {
            let text = said(arguments, limits, io::Cursor::new(bytes));
            assert!(text.contains(BINARY), "{arguments:?}: {text}");
        }
        // What is behind the first MiB, or in a small text, is judged in its place.
        for bytes in [large, format!(" {text}\0").into_bytes()] {
            let text = said(arguments, limits, io::Cursor::new(bytes));
            assert!(!text.contains(BINARY), "{arguments:?}: {text}");
        }
    }
}

/// A file, and what takes its place, are read alike.
#[test]
fn a_file_is_held_to_the_limit_of_its_kind() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |limits, arguments: &[&str]| {
        let ran = run_within(limits, folder.path(), arguments, io::empty());
        (ran.status, String::from_utf8(ran.stderr).expect("errors are UTF-8"))
    };
    let size = ROW.len() as u64;
    fs::write(folder.path().join("w.csv"), ROW).expect("writing");
    fs::write(folder.path().join("c.toml"), "headroom = 1.5\n").expect("writing");
    let arguments = ["plan", "w.csv", "--config", "c.toml"];
    assert_eq!(run(InputLimits { rows: size, documents: 15 }, &arguments), (0, String::new()));
    let (status, text) = run(InputLimits { rows: size - 1, documents: 14 }, &arguments);
    // Every fault in one run.
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("error[")).collect();
    assert_eq!(status, 2);
    assert_eq!(
        lines,
        [
            format!(
                "w.csv: error[input-too-large]: it is larger than {} bytes, the limit for this kind of input",
                size - 1
            ),
            "c.toml: error[input-too-large]: it is larger than 14 bytes, the limit for this kind of input"
                .to_owned(),
        ]
    );
}

/// A sparse file of more than the program's own limits takes no time.
#[test]
fn the_limits_of_the_program_are_those_of_the_guide() {
    assert_eq!(InputLimits::default(), InputLimits { rows: 4 << 30, documents: 256 << 20 });
    let folder = tempfile::tempdir().expect("a folder");
    for (name, size) in [("w.csv", (4_u64 << 30) + 1), ("c.toml", (256 << 20) + 1)] {
        let file = fs::File::create(folder.path().join(name)).expect("a file");
        if file.set_len(size).is_err() {
            return;
        }
    }
    let run = quotaplan(folder.path(), &["plan", "w.csv", "--config", "c.toml"]);
    let text = String::from_utf8(run.stderr).expect("errors are UTF-8");
    assert_eq!(run.status.code(), Some(2));
    for words in [
        "w.csv: error[input-too-large]: it is larger than 4 GiB",
        "c.toml: error[input-too-large]: it is larger than 256 MiB",
    ] {
        assert!(text.contains(words), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_end_at_once() {
    if !Path::new("/dev/zero").exists() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("w.csv"), ROW).expect("writing");
    let binary = BINARY.replace("<stdin>", "/dev/zero");
    for arguments in [
        &["plan", "/dev/zero"][..],
        &["plan", "w.csv", "--config", "/dev/zero"],
        &["plan", "w.csv", "--models", "/dev/zero"],
        &["simulate", "/dev/zero"],
        &["iam", "lint", "/dev/zero", "--model", "haiku-4.5/us"],
        &["quotas", "--from", "applied=/dev/zero"],
    ] {
        let run = quotaplan(folder.path(), arguments);
        let text = String::from_utf8(run.stderr).expect("errors are UTF-8");
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
        assert!(text.contains(&binary), "{arguments:?}: {text}");
    }
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let writer = std::thread::spawn({
        // The reader closes the pipe before all of it is written.
        move || {
            fs::OpenOptions::new()
                .write(true)
                .open(pipe)
                .map(|mut pipe| io::copy(&mut io::repeat(b'#'), &mut pipe))
        }
    });
    let limits = InputLimits { rows: 1 << 16, documents: 1 << 16 };
    let ran = run_within(limits, folder.path(), &["plan", "pipe"], io::empty());
    let text = String::from_utf8(ran.stderr).expect("errors are UTF-8");
    assert!(text.contains("pipe: error[input-too-large]: it is larger than 65536 bytes"), "{text}");
    let written = writer.join().expect("the writer ends").expect("the pipe opens");
    assert!(written.is_err(), "the pipe was closed");
}
