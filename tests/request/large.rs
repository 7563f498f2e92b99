//! Packs of many rows: what is written piece by piece is what its inputs give, and is held against them likewise.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use proptest::prelude::*;
use quotaplan::pack::{Comparison, Content, Destination, Found, Reread};
use quotaplan::text::{Diagnostics, Place, SourceFile, Sources};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::{inputs_of, quotaplan};

/// From this size on a file is compared as it is read.
const LARGE: u64 = 1 << 20;

const REQUEST: [&str; 7] =
    ["request", "rows.csv", "--accept-max-tokens", "--accept-unknown", "--today", "2026-11-26", "--out"];

/// Rows whose trail is a large file.
fn rows(folder: &Path) {
    let mut text =
        "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,team\n".to_owned();
    for n in 0..700 {
        writeln!(text, "w{n},sonnet-4.5,us,7,{},200,{},team {n}", 1_000 + n, 4_000 + n).expect("writing");
    }
    fs::write(folder.join("rows.csv"), text).expect("writing");
}

fn pack() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    rows(folder.path());
    let made = quotaplan(folder.path(), &[&REQUEST[..], &["pack"]].concat());
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

fn verify(folder: &Path) -> (Option<i32>, String) {
    let run = quotaplan(folder, &["request", "verify", "pack"]);
    (run.status.code(), String::from_utf8(run.stdout).expect("UTF-8") + &String::from_utf8_lossy(&run.stderr))
}

#[test]
fn a_changed_byte_of_a_large_file_is_named_at_its_line() {
    let folder = pack();
    let at = |name: &str| folder.path().join("pack").join(name);
    let (status, said) = verify(folder.path());
    assert_eq!(status, Some(0), "{said}");
    assert!(said.starts_with("pack: every file matches its inputs\n"), "{said}");
    let trail = fs::read_to_string(at("trail.csv")).expect("the trail");
    assert!(trail.len() as u64 > LARGE, "{}", trail.len());
    // Of the hundreds of rows, one cell of one in the middle.
    let line = trail.lines().position(|line| line.contains("Row w400 ")).expect("its line");
    let text = trail.lines().nth(line).expect("its line");
    let column = text.find("w400").expect("its name") + 2;
    fs::write(at("trail.csv"), trail.replacen("Row w400 ", "Row w500 ", 1)).expect("writing");
    let (status, said) = verify(folder.path());
    assert_eq!(status, Some(1));
    let start: String = text.chars().take(60).collect();
    let place = format!("pack/trail.csv:{}:{column}: error[pack-differs]", line + 1);
    assert!(
        said.contains(&format!("{place}: the file does not match its inputs; expected here: {start}")),
        "{said}"
    );
    assert!(said.contains(&format!("  {} | {}", line + 1, start.replace("w400", "w500"))), "{said}");
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    // One that ends early, and one that goes on.
    let lines = trail.lines().count();
    let cut = trail.trim_end().rfind('\n').expect("a last line") + 1;
    for (text, line, wanted) in [
        (trail[..cut].to_owned(), lines, trail[cut..].trim_end()),
        (trail.clone() + "more\n", lines + 1, "the end of the file"),
    ] {
        fs::write(at("trail.csv"), text).expect("writing");
        let (status, said) = verify(folder.path());
        assert_eq!(status, Some(1));
        let place = format!("pack/trail.csv:{line}:1: error[pack-differs]");
        let message = format!("{place}: the file does not match its inputs; expected here: {wanted}\n");
        let verdict = "pack: 1 difference; do not send this pack\n";
        assert!(said.starts_with(&format!("{verdict}{message}")), "{message}: {said}");
    }
}

#[test]
fn the_manifest_states_the_hash_of_every_other_file() {
    let folder = pack();
    let manifest = fs::read(folder.path().join("pack/manifest.json")).expect("the manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    let stated: BTreeMap<String, String> = manifest["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| (file["path"].as_str().expect("a path"), file["sha256"].as_str().expect("a hash")))
        .map(|(path, hash)| (path.to_owned(), hash.to_owned()))
        .collect();
    let hash = |path: &String| {
        let digest = Sha256::digest(fs::read(folder.path().join("pack").join(path)).expect("a file"));
        digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    };
    let hashed: BTreeMap<String, String> = stated.keys().map(|path| (path.clone(), hash(path))).collect();
    assert_eq!(stated, hashed);
    assert!(stated.contains_key("trail.csv") && stated.contains_key("inputs/workloads.csv"), "{stated:?}");
}

/// A file that cannot be written to its end, as on a full disk: here a limit on the size of a file.
#[cfg(unix)]
#[test]
fn where_a_file_cannot_be_written_to_its_end_nothing_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    rows(folder.path());
    // In units of 512 bytes: more than the workloads, and less than the trail.
    let limited = "trap '' XFSZ; ulimit -f 600; exec \"$@\"";
    let run = std::process::Command::new("sh")
        .args(["-c", limited, "sh", env!("CARGO_BIN_EXE_quotaplan")])
        .args(REQUEST)
        .arg("pack")
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.ends_with("error: cannot write pack: File too large (os error 27)\n"), "{said}");
    let left =
        fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["rows.csv"]);
}

#[test]
fn the_copy_of_an_input_is_its_very_bytes() {
    let case = inputs_of("request-lean");
    let text = fs::read_to_string(case.path().join("workloads.csv")).expect("the workloads");
    let lines = |end: &str| text.trim_end().replace('\n', end) + end;
    let utf_16 = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    for (kind, bytes) in [
        ("LF", lines("\n").into_bytes()),
        ("no last line end", lines("\n").trim_end().as_bytes().to_vec()),
        ("CRLF", lines("\r\n").into_bytes()),
        ("CR", lines("\r").into_bytes()),
        ("byte order mark", format!("\u{feff}{}", lines("\r\n")).into_bytes()),
        ("UTF-16", utf_16(&lines("\r\n"))),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("workloads.csv"), &bytes).expect("writing");
        let made =
            ["request", "workloads.csv", "--today", "2026-11-25", "--accept-max-tokens", "--out", "pack"];
        let made = quotaplan(folder.path(), &made);
        assert_eq!(made.status.code(), Some(0), "{kind}: {}", String::from_utf8_lossy(&made.stderr));
        let copy = fs::read(folder.path().join("pack/inputs/workloads.csv")).expect("the copy");
        assert_eq!(copy, bytes, "{kind}");
        assert_eq!(verify(folder.path()).0, Some(0), "{kind}");
    }
}

/// Bytes that come a few at a time.
#[derive(Debug)]
struct Slow(Vec<u8>);

impl Reread for Slow {
    fn reread(&self) -> io::Result<Box<dyn Read + '_>> {
        struct Few<'a>(&'a [u8]);
        impl Read for Few<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let few = buffer.len().min(3);
                self.0.read(&mut buffer[..few])
            }
        }
        Ok(Box::new(Few(&self.0)))
    }
}

/// Where two texts differ, found character by character: line, column, the line found and what is wanted there.
fn by_characters(made: &str, found: &[u8]) -> Option<(usize, usize, String, String)> {
    if made.as_bytes() == found {
        return None;
    }
    let found = String::from_utf8_lossy(found).into_owned();
    let differs = found.char_indices().zip(made.chars()).find(|((_, a), b)| a != b);
    let at = differs.map_or(found.len().min(made.len()), |((at, _), _)| at);
    let wanted = made.lines().nth(made[..at].matches('\n').count()).unwrap_or("the end of the file");
    let source = SourceFile::new("a", found);
    let position = source.position(at);
    let line = source.line(position.line).to_owned();
    Some((position.line, position.column, line, wanted.trim().to_owned()))
}

/// The same as a comparison reports it.
fn by_comparison(
    made: &str,
    pieces: usize,
    content: Content,
) -> io::Result<Option<(usize, usize, String, String)>> {
    let found = [Found { path: "a".to_owned(), name: "pack/a".to_owned(), content: Ok(content) }];
    let mut comparison = Comparison::with(&found);
    comparison.begin("a", false)?;
    for piece in made.as_bytes().chunks(pieces) {
        comparison.write_all(piece)?;
    }
    comparison.end()?;
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    comparison.report(&mut sources, &mut diagnostics)?;
    let mut reported = diagnostics.iter().map(|diagnostic| {
        let Place::Span(span) = diagnostic.place else { panic!("{diagnostic:?}") };
        let (name, position) = sources.locate(span).expect("a place");
        assert_eq!(name, "pack/a");
        let shown = sources.file(span.file).expect("a file").shown_at(span.start).expect("a line");
        let start = "the file does not match its inputs; expected here: ";
        let wanted = diagnostic.message.strip_prefix(start).expect("its words");
        (position.line, position.column, shown.1.to_owned(), wanted.to_owned())
    });
    let first = reported.next();
    assert_eq!(reported.next(), None);
    Ok(first)
}

/// What is put into a file: characters, line ends, and bytes that are no character alone.
const PUT: [&[u8]; 9] = [b"", b"\n", b"\r", b"\r\n", b"a", "é".as_bytes(), b"\xc3", b"\xa9", b"b\nb"];

proptest! {
    /// Whatever becomes of a file, and however it is cut into pieces: the place is that of the first character
    /// that differs.
    #[test]
    fn a_comparison_in_pieces_finds_what_one_by_characters_finds(
        made in "([abé ]{0,4}\n){0,4}[aé]{0,2}",
        at in any::<proptest::sample::Index>(),
        removed in 0..3_usize,
        put in proptest::sample::select(&PUT[..]),
        pieces in 1..9_usize,
    ) {
        let at = at.index(made.len() + 1);
        let (before, rest) = made.as_bytes().split_at(at);
        let found = [before, put, &rest[removed.min(rest.len())..]].concat();
        let expected = by_characters(&made, &found);
        for content in [Content::Held(found.clone()), Content::Large(Box::new(Slow(found)))] {
            prop_assert_eq!(&by_comparison(&made, pieces, content).expect("reading"), &expected);
        }
    }
}
