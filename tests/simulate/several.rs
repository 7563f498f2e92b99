//! Several files as one trace, through the program: the same result as of the one file.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::support::{Ran, run_in};

const HEADER: &str = "timestamp,model,scope,input_tokens,output_tokens,max_tokens\n";

/// Two requests a second for 50 s, of two models.
fn rows() -> Vec<String> {
    let row = |n: u32| {
        let model = if n.is_multiple_of(7) { "sonnet-5,global" } else { "haiku-4.5,us" };
        let limit = if n.is_multiple_of(5) { String::new() } else { (n * 40).to_string() };
        format!(
            "2026-10-05T14:00:{:02}.{}Z,{model},{},{},{limit}\n",
            n / 2,
            5 * (n % 2),
            1_000 + n,
            100 + n % 9
        )
    };
    (0..100).map(row).collect()
}

fn zipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

/// The simulations, without what is said of the files.
fn simulations(ran: &Ran) -> Value {
    assert_eq!(ran.status, 0, "{}", ran.stderr());
    let mut json: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    for simulation in json["simulations"].as_array_mut().expect("two models") {
        let read = simulation["trace"]["read"].as_object_mut().expect("counts");
        for key in ["files", "files_skipped", "skipped"] {
            read.remove(key);
        }
    }
    json
}

#[test]
fn files_folders_and_standard_input_give_what_one_file_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let rows = rows();
    let part = |from: usize, to: usize| HEADER.to_owned() + &rows[from..to].concat();
    fs::create_dir_all(at("more/deep")).expect("folders");
    fs::write(at("one.csv"), part(0, 100)).expect("writing");
    fs::write(at("a.csv"), part(0, 31)).expect("writing");
    fs::write(at("more/b.csv"), part(31, 31)).expect("writing");
    // Two members, and rows that were written behind later ones.
    fs::write(at("more/deep/c.gz"), [zipped(&part(31, 50)), zipped(&rows[50..60].concat())].concat())
        .expect("writing");
    let run = |paths: &[&str], input: &[u8]| {
        run_in(folder.path(), &[&["simulate", "--format", "json"], paths].concat(), input)
    };
    let one = simulations(&run(&["one.csv"], b""));
    let rest = part(60, 100);
    for paths in [["a.csv", "more", "-"], ["-", "more/", "./a.csv"], ["more", "-", "a.csv"]] {
        for input in [rest.as_bytes(), &zipped(&rest)] {
            let several = run(&paths, input);
            assert_eq!(simulations(&several), one, "{paths:?}");
            let json: Value = serde_json::from_slice(&several.stdout).expect("JSON");
            assert_eq!(json["simulations"][1]["trace"]["read"]["files"], 4);
        }
    }
    let only: Value = serde_json::from_slice(&run(&["one.csv"], b"").stdout).expect("JSON");
    assert_eq!(only["simulations"][0]["trace"]["read"].get("files"), None);
}

#[test]
fn a_result_takes_the_place_of_no_file_of_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("logs")).expect("a folder");
    let path = folder.path().join("logs/a.csv");
    let text = HEADER.to_owned() + &rows().concat();
    fs::write(&path, &text).expect("writing");
    let ran = run_in(folder.path(), &["simulate", "logs", "-o", "logs/../logs/a.csv"], b"");
    assert_eq!(ran.status, 2);
    assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
}

/// So many of all files, errors first.
#[test]
fn the_ceiling_of_errors_holds_over_all_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = HEADER.replace('\n', ",other\n");
    for n in 0..30 {
        let row = "2026-10-05T14:00:00Z,haiku-4.5,us,1,1,1,\n";
        fs::write(folder.path().join(format!("{n:02}.csv")), odd.clone() + row).expect("writing");
    }
    fs::write(folder.path().join("99.csv"), HEADER.to_owned() + "x,haiku-4.5,us,1,1,1\n").expect("writing");
    let ran = run_in(folder.path(), &["simulate", ".", "--max-errors", "4"], b"");
    assert_eq!(ran.status, 2);
    let said = ran.stderr();
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        lines,
        [
            "./00.csv:1:61: warning[unknown-column]: unknown column `other`",
            "./01.csv:1:61: warning[unknown-column]: unknown column `other`",
            "./02.csv:1:61: warning[unknown-column]: unknown column `other`",
            "./99.csv:2:1: error[bad-value]: `timestamp` is not a time: `x`",
            "27 more in 27 files after the first 4; --max-errors 0 shows all",
        ]
    );
    let named: Vec<String> = (0..30).map(|n| format!("{n:02}.csv")).chain(["99.csv".to_owned()]).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let ran = run_in(folder.path(), &[&["simulate", "--max-errors", "4"], &named[..]].concat(), b"");
    assert_eq!(ran.stderr(), said.replace("./", ""));
    let ran = run_in(folder.path(), &["simulate", ".", "--max-errors", "0"], b"");
    assert_eq!(ran.stderr().lines().filter(|line| line.contains("[unknown-column]")).count(), 30);
}
