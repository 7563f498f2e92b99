//! One trace from several files: the laws of splitting, and what in folders is no trace.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use quotaplan::render::{Colour, diagnostic};
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::trace::{self, LoadedTrace, Request, Trace};

use super::{given, table, zipped};
use crate::properties::cases;

const HEADER: &str = "timestamp,model,input_tokens,output_tokens,max_tokens\n";

/// A trace of paths in a folder, or nothing, and what a person sees.
fn loaded(folder: &Path, paths: &[&str]) -> (Option<LoadedTrace>, String) {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let mut sources = Sources::of_run(folder.to_owned(), Default::default());
    let mut diagnostics = Diagnostics::new();
    let loaded = trace::load_all(&paths, table(), &given(), &mut sources, &mut diagnostics, &|percent| {
        assert!(percent <= 100);
    });
    assert_eq!(loaded.is_none(), diagnostics.has_errors());
    (loaded, diagnostic::render_together(&diagnostics.into_sorted(), &sources, 0, Colour::Off))
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// A row of the product's own format, or a record of a log: a request, a failed call or one of another Region.
fn record(is_log: bool, second: u32, kind: u8, tokens: u32) -> String {
    let at = format!("2026-10-05T14:{:02}:{:02}Z", second / 60, second % 60);
    let model = if tokens.is_multiple_of(3) { "haiku-4.5" } else { "sonnet-5" };
    if !is_log {
        let limit = if kind == 0 { String::new() } else { tokens.to_string() };
        return format!("{at},{model},{tokens},{kind},{limit}\n");
    }
    let error = if kind == 1 { "\"errorCode\":\"ThrottlingException\"," } else { "" };
    let region = if kind == 2 { "us-west-2" } else { "ca-central-1" };
    format!(
        "{{\"timestamp\":\"{at}\",{error}\"region\":\"{region}\",\"operation\":\"Converse\",\"modelId\":\"{model}\",\
         \"input\":{{\"inputTokenCount\":{tokens}}},\"output\":{{\"outputTokenCount\":{kind}}}}}\n"
    )
}

/// Records cut into files at so many places, each plain or packed, in a folder or not; with what each holds.
fn split(
    folder: &Path,
    header: &str,
    records: &[String],
    cuts: &[(prop::sample::Index, bool, u8)],
) -> Vec<(String, Range<usize>)> {
    let mut ends: Vec<usize> = cuts.iter().map(|(cut, ..)| cut.index(records.len() + 1)).collect();
    ends.push(records.len());
    ends.sort_unstable();
    let mut names = Vec::new();
    let mut start = 0;
    for (number, end) in ends.into_iter().enumerate() {
        let (packed, depth) = cuts.get(number).map_or((false, 0), |(_, packed, depth)| (*packed, *depth));
        let text = header.to_owned() + &records[start..end].concat();
        let name = format!("{}{number}", ["", "a/", "a/b/", "c/"][usize::from(depth % 4)]);
        // A log without a record is an empty file, which is an error where a person names it.
        if !text.is_empty() {
            put(folder, &name, &if packed { zipped(text.as_bytes()) } else { text.into_bytes() });
            names.push((name, start..end));
        }
        start = end;
    }
    names
}

fn cuts() -> impl Strategy<Value = Vec<(prop::sample::Index, bool, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<u8>()), 1..5)
}

/// Seconds of an hour, what a record is, and its tokens.
fn records() -> impl Strategy<Value = Vec<(u32, u8, u32)>> {
    prop::collection::vec((0..300_u32, 0..3_u8, 0..50_000_u32), 1..40)
}

proptest! {
    #![proptest_config(cases(32))]

    /// The parts of a sorted file are the file: in any order, packed or not, in folders or not.
    #[test]
    fn the_parts_of_a_sorted_file_are_the_file_in_any_order(
        rows in records(), cuts in cuts(), is_log in any::<bool>(), turns in 0..5_usize, by_folder in any::<bool>(),
    ) {
        let mut rows = rows;
        // Many at the same time.
        rows.iter_mut().for_each(|(second, ..)| *second /= 15);
        rows.sort_by_key(|(second, ..)| *second);
        let records: Vec<String> = rows.iter().map(|(second, kind, tokens)| record(is_log, *second, *kind, *tokens)).collect();
        let header = if is_log { "" } else { HEADER };
        let whole = super::outcome((header.to_owned() + &records.concat()).as_bytes(), &given());
        let folder = tempfile::tempdir().expect("a folder");
        let parts = split(folder.path(), header, &records, &cuts);
        let by = parts.len();
        // Which of two files that both lie within one second was the first, nobody can tell.
        let second = |part: &Range<usize>| {
            let requests = rows[part.clone()].iter().filter(|(_, kind, _)| !is_log || *kind != 1);
            let seconds: BTreeSet<u32> = requests.map(|(second, ..)| *second).collect();
            seconds.first().copied().filter(|_| seconds.len() == 1)
        };
        let alone: Vec<u32> = parts.iter().filter_map(|(_, part)| second(part)).collect();
        prop_assume!(alone.iter().collect::<BTreeSet<_>>().len() == alone.len());
        let mut names: Vec<String> = parts.into_iter().map(|(name, _)| name).collect();
        names.rotate_left(turns % by);
        let paths: Vec<&str> = if by_folder { vec!["."] } else { names.iter().map(String::as_str).collect() };
        let (loaded, shown) = loaded(folder.path(), &paths);
        prop_assert_eq!(loaded.as_ref().map(|loaded| &loaded.trace), whole.trace.as_ref(), "{}", shown);
        if let Some(files) = loaded.and_then(|loaded| loaded.files) {
            prop_assert_eq!(files.count, by);
        }
    }

    /// The parts of any file give its requests and its counts; only what is out of order between two files is not.
    #[test]
    fn the_parts_of_any_file_have_its_requests(rows in records(), cuts in cuts(), is_log in any::<bool>()) {
        let mut rows = rows;
        let mut seen = BTreeSet::new();
        rows.retain(|(second, ..)| seen.insert(*second));
        let records: Vec<String> = rows.iter().map(|(second, kind, tokens)| record(is_log, *second, *kind, *tokens)).collect();
        let header = if is_log { "" } else { HEADER };
        let whole = super::outcome((header.to_owned() + &records.concat()).as_bytes(), &given());
        let folder = tempfile::tempdir().expect("a folder");
        let names = split(folder.path(), header, &records, &cuts);
        let (loaded, shown) = loaded(folder.path(), &names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
        let (Some(whole), Some(LoadedTrace { trace, .. })) = (&whole.trace, &loaded) else {
            prop_assert_eq!(whole.trace.is_none(), loaded.is_none(), "{}", shown);
            return Ok(());
        };
        prop_assert_eq!(trace.requests().collect::<Vec<_>>(), whole.requests().collect::<Vec<Request>>());
        prop_assert_eq!(trace.targets(), whole.targets());
        prop_assert_eq!(trace.left_out(), whole.left_out());
        let mut counts = *trace.counts();
        prop_assert!(counts.out_of_order <= whole.counts().out_of_order);
        counts.out_of_order = whole.counts().out_of_order;
        prop_assert_eq!(&counts, whole.counts());
    }
}

fn row(second: u32, tokens: u32) -> String {
    record(false, second, 1, tokens)
}

fn tokens(trace: &Trace) -> Vec<u64> {
    trace.requests().map(|request| request.input_tokens).collect()
}

/// Within a file a request behind a later one is out of order. Two files that overlap are not; where they have
/// requests of one instant, those of the file that is named first come first. A file beside them has its own place.
#[test]
fn files_that_overlap_keep_their_order_and_the_others_that_of_time() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "late.csv", (HEADER.to_owned() + &row(9, 90) + &row(9, 91)).as_bytes());
    put(folder.path(), "b.csv", (HEADER.to_owned() + &row(5, 50) + &row(3, 30) + &row(4, 40)).as_bytes());
    put(folder.path(), "a.csv", (HEADER.to_owned() + &row(1, 10) + &row(4, 41) + &row(9, 92)).as_bytes());
    let read = |paths: &[&str]| {
        let (loaded, shown) = loaded(folder.path(), paths);
        assert_eq!(shown, "");
        loaded.expect("nothing is wrong").trace
    };
    let trace = read(&["late.csv", "b.csv", "a.csv"]);
    assert_eq!(tokens(&trace), [10, 30, 40, 41, 50, 92, 90, 91]);
    assert_eq!(trace.counts().out_of_order, 2);
    let other = read(&["a.csv", "late.csv", "b.csv"]);
    assert_eq!(tokens(&other), [10, 30, 41, 40, 50, 92, 90, 91]);
    assert_eq!(other.counts(), trace.counts());
}

#[test]
fn each_file_has_a_header_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    put(
        folder.path(),
        "1",
        b"timestamp,model,input_tokens,output_tokens\n2026-10-05T14:00:00Z,haiku-4.5,1,2\n",
    );
    put(folder.path(), "2", b"output_tokens;input_tokens;timestamp\r\n20;10;2026-10-05T14:00:01Z\r\n");
    put(folder.path(), "3", b"\xef\xbb\xbftimestamp,model,max_tokens,input_tokens,output_tokens\n");
    let (loaded, shown) = loaded(folder.path(), &["1", "2", "3"]);
    assert_eq!(shown, "");
    let trace = loaded.expect("a trace").trace;
    let figures: Vec<_> = trace.requests().map(|r| (r.input_tokens, r.output_tokens)).collect();
    assert_eq!(figures, [(1, 2), (10, 20)]);
}

/// A packed file without content is as empty as a plain one; in a folder both are skipped, by name they are errors.
/// Four names stand in a sentence; of five, three and how many others there are.
#[test]
fn a_few_skipped_files_are_all_named() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "logs/rows.csv", (HEADER.to_owned() + &row(1, 1)).as_bytes());
    for number in 1..=5 {
        put(folder.path(), &format!("logs/empty-{number}"), b"");
        let (_, shown) = loaded(folder.path(), &["logs"]);
        let named = if number < 5 { number } else { 3 };
        let mut names: Vec<String> = (1..=named).map(|number| format!("`logs/empty-{number}`")).collect();
        names.extend((number == 5).then(|| "and 2 more".to_owned()));
        assert!(shown.ends_with(&format!("skipped: {}\n", names.join(", "))), "{shown}");
    }
}

#[test]
fn empty_files_are_skipped_in_a_folder_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "logs/empty", b"");
    put(folder.path(), "logs/empty.gz", &zipped(b""));
    put(folder.path(), "logs/rows.csv", (HEADER.to_owned() + &row(1, 1)).as_bytes());
    let (read, shown) = loaded(folder.path(), &["logs"]);
    assert_eq!(
        shown,
        "logs: note[skipped-files]: 2 entries are skipped in this folder (empty: 2)\n  \
         = help: to read a skipped file, name it on the command line; skipped: `logs/empty`, `logs/empty.gz`\n"
    );
    let files = read.and_then(|read| read.files).expect("the files");
    assert_eq!((files.count, files.skipped.count()), (1, 2));
    let (read, shown) = loaded(folder.path(), &["logs/rows.csv", "logs/empty.gz"]);
    assert!(read.is_none());
    assert!(shown.starts_with("logs/empty.gz: error[empty-file]: "), "{shown}");
    fs::remove_file(folder.path().join("logs/rows.csv")).expect("it is there");
    let (_, shown) = loaded(folder.path(), &["logs"]);
    assert!(
        shown.starts_with(
            "logs: error[empty-folder]: the folder has no file to read: everything in it was skipped (empty: 2)\n"
        ),
        "{shown}"
    );
}

/// A folder that a person names is read whatever its name; hidden entries in it are not, nor what lies below them.
#[test]
fn hidden_is_what_a_folder_holds_not_what_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, second) in
        [(".logs/b.csv", 2), (".logs/a/c.csv", 1), (".logs/.a/c.csv", 3), (".logs/a/.b.csv", 4)]
    {
        put(folder.path(), name, (HEADER.to_owned() + &row(second, second)).as_bytes());
    }
    let (read, shown) = loaded(folder.path(), &[".logs"]);
    assert!(
        shown.starts_with(".logs: note[skipped-files]: 2 entries are skipped in this folder (hidden: 2)\n"),
        "{shown}"
    );
    let read = read.expect("a trace");
    assert_eq!(tokens(&read.trace), [1, 2]);
    let skipped = read.files.expect("a folder").skipped;
    let names: Vec<&str> = skipped.names().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [".logs/.a", ".logs/a/.b.csv"]);
    let (read, shown) = loaded(folder.path(), &[".logs/a/.b.csv"]);
    assert_eq!((read.map(|read| tokens(&read.trace)), shown.as_str()), (Some(vec![4]), ""));
}

#[test]
fn a_file_without_requests_is_no_clock() {
    let folder = tempfile::tempdir().expect("a folder");
    put(
        folder.path(),
        "1",
        b"timestamp,model,input_tokens,output_tokens\n0,haiku-4.5,1,1\n7,haiku-4.5,1,1\n",
    );
    put(folder.path(), "2", HEADER.as_bytes());
    let (read, shown) = loaded(folder.path(), &["1", "2"]);
    assert_eq!((read.map(|read| read.trace.len()), shown.as_str()), (Some(2), ""));
    // Seconds since 1970 are dates.
    put(folder.path(), "3", b"timestamp,model,input_tokens,output_tokens\n1790000000,haiku-4.5,1,1\n");
    put(folder.path(), "4", b"timestamp,model,input_tokens,output_tokens\n1790000001.5,haiku-4.5,1,1\n");
    let (read, shown) = loaded(folder.path(), &["4", "3"]);
    assert_eq!((read.map(|read| read.trace.len()), shown.as_str()), (Some(2), ""));
    let (read, shown) = loaded(folder.path(), &["1", "3"]);
    assert!(read.is_none());
    assert!(shown.starts_with("1: error[separate-clocks]: "), "{shown}");
}

/// Faults beyond those that are listed are counted over all files, so that a folder of faults stays small.
#[test]
fn faults_are_listed_over_all_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let faulty = HEADER.to_owned() + &"2026-10-05T14:00:00Z,haiku-4.5,-1,1,1\n".repeat(700);
    for name in ["1", "2", "3"] {
        put(folder.path(), name, faulty.as_bytes());
    }
    let mut sources = Sources::of_run(folder.path().to_owned(), Default::default());
    let mut diagnostics = Diagnostics::new();
    let paths = ["1", "2", "3"].map(PathBuf::from);
    let read = trace::load_all(&paths, table(), &given(), &mut sources, &mut diagnostics, &|_| {});
    assert!(read.is_none());
    // 700, then 300 and one that counts the others, then one and one that counts the others.
    assert_eq!(diagnostics.len(), 700 + 301 + 2);
    let last = diagnostics.into_sorted().pop().expect("many");
    assert_eq!(last.message, "`input_tokens` is negative: `-1`; and 698 more faults from here on");
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// Links to folders may lead in circles and are not followed, pipes are not waited for; links to files are read.
    #[test]
    fn folders_are_walked_without_circles_and_waits() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        put(folder.path(), "logs/b/rows.csv", (HEADER.to_owned() + &row(1, 1)).as_bytes());
        put(folder.path(), "elsewhere.csv", (HEADER.to_owned() + &row(2, 2)).as_bytes());
        symlink("..", at("logs/b/up")).expect("a link");
        symlink("../elsewhere.csv", at("logs/link.csv")).expect("a link");
        let made = Command::new("mkfifo").arg(at("logs/pipe")).status().expect("mkfifo");
        assert!(made.success());
        let (read, shown) = loaded(folder.path(), &["logs/"]);
        assert_eq!(
            shown,
            "logs: note[skipped-files]: 2 entries are skipped in this folder (link to a folder: 1, neither file nor \
             folder: 1)\n  = help: to read a skipped file, name it on the command line; skipped: `logs/b/up`, `logs/pipe`\n"
        );
        assert_eq!(read.map(|read| tokens(&read.trace)), Some(vec![1, 2]));
        symlink("missing", at("logs/z")).expect("a link");
        for named in ["logs", "logs/z"] {
            let (_, shown) = loaded(folder.path(), &[named]);
            let expected = "logs/z: error[unreadable-file]: the link is broken\n  = help: check the target of the link\n";
            assert!(shown.contains(expected), "{shown}");
        }
    }

    /// One file by links of both kinds and by another spelling.
    #[test]
    fn a_file_by_another_name_is_the_same_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        put(folder.path(), "a.csv", (HEADER.to_owned() + &row(1, 1)).as_bytes());
        symlink("a.csv", at("soft.csv")).expect("a link");
        fs::hard_link(at("a.csv"), at("hard.csv")).expect("a link");
        let absolute = at("a.csv").display().to_string();
        for other in ["soft.csv", "hard.csv", "./a.csv", &absolute] {
            let (read, shown) = loaded(folder.path(), &["a.csv", other]);
            assert!(read.is_none());
            let expected = format!("{other}: error[duplicate-file]: it is the same file as `a.csv`\n");
            assert!(shown.starts_with(&expected), "{shown}");
        }
    }

    /// What a link leads to may be any file of the machine: no line of it is shown, be the link the file or the folder.
    #[test]
    fn no_line_is_shown_that_a_link_led_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let faulty = HEADER.to_owned() + "2026-10-05T14:00:00Z,secret,1,1,x\n";
        put(folder.path(), "real/a.csv", faulty.as_bytes());
        put(folder.path(), "outside.csv", faulty.as_bytes());
        let (_, shown) = loaded(folder.path(), &["real"]);
        assert!(shown.contains(",secret,"), "{shown}");
        symlink("real", at("linked")).expect("a link");
        fs::create_dir(at("logs")).expect("a folder");
        symlink("../outside.csv", at("logs/a.csv")).expect("a link");
        let absolute = at("linked").display().to_string();
        for path in ["linked", "linked/", "logs", &absolute, &format!("{absolute}/")] {
            let (_, shown) = loaded(folder.path(), &[path]);
            assert!(shown.contains("/a.csv:2:") && !shown.contains("secret"), "{path}: {shown}");
        }
    }
}
