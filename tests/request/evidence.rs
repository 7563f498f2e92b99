//! Measured use in several files and forms: the same figures as in one, or an error that names both places; and the
//! pack that keeps each file as it was given.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use quotaplan::catalog::{self, Catalog, Scope};
use quotaplan::minutes::{self, Evidence, Ranked};
use quotaplan::text::{Code, Diagnostic, Diagnostics, SourceFile, Sources};

use crate::support::{inputs_of, quotaplan};

const HEADER: &str = "minute,model,scope,requests,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,settled_tokens,throttled_requests\n";
const PROFILE: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

/// Minutes, settled tokens, requests, throttled requests, and whether the period is known.
type Use = (usize, Ranked, Ranked, Option<u64>, bool);

/// The use of Haiku 4.5 in the United States, from files with what each is of; and what there is to say.
fn read(files: &[(Option<&str>, String)]) -> (Option<Use>, Vec<Diagnostic>) {
    static TABLE: OnceLock<Catalog> = OnceLock::new();
    let catalog = TABLE.get_or_init(|| {
        catalog::load(&mut Sources::new(), None, &mut Diagnostics::new()).expect("the table")
    });
    let mut sources = Sources::new();
    let evidence: Vec<Evidence<'_>> = files
        .iter()
        .enumerate()
        .map(|(at, (of, text))| {
            let file = sources.add(SourceFile::new(format!("f{at}"), text.clone()));
            Evidence { file, of: *of }
        })
        .collect();
    let mut diagnostics = Diagnostics::new();
    let aliases = BTreeMap::from([("letters".to_owned(), "haiku-4.5".to_owned())]);
    let minutes = minutes::parse(&sources, &evidence, catalog, &aliases, &mut diagnostics);
    let model = catalog.find("haiku-4.5").expect("it is there").model;
    let burn = minutes.and_then(|minutes| minutes.burn(model, Scope::Us));
    let found = burn.map(|burn| {
        (burn.minutes, burn.settled, burn.requests, burn.throttled_requests, burn.is_period_known)
    });
    (found, diagnostics.into_sorted())
}

fn codes(said: &[Diagnostic]) -> Vec<Code> {
    said.iter().map(|diagnostic| diagnostic.code).collect()
}

/// What one minute holds: requests, input, output, throttled requests.
type Counts = (u64, u64, u64, u64);

/// Two hours from 14:00 have room for every minute of the tests.
fn time(minute: usize) -> String {
    format!("2026-11-19T{:02}:{:02}:00Z", 14 + minute / 60, minute % 60)
}

fn row((minute, counts): (usize, Counts)) -> String {
    let (requests, input, output, throttled) = counts;
    let settled = input + 5 * output;
    format!("{},haiku-4.5,us,{requests},{input},0,0,{output},{settled},{throttled}\n", time(minute))
}

fn table(minutes: &[(usize, Counts)]) -> String {
    HEADER.to_owned() + &minutes.iter().copied().map(row).collect::<String>()
}

/// What a metric says of a minute.
type ValueOf = fn(Counts) -> u64;

const METRICS: [(&str, ValueOf); 6] = [
    ("EstimatedTPMQuotaUsage", |counts| counts.1 + 5 * counts.2),
    ("InputTokenCount", |counts| counts.1),
    ("OutputTokenCount", |counts| counts.2),
    ("Invocations", |counts| counts.0),
    ("InvocationThrottles", |counts| counts.3),
    ("CacheWriteInputTokenCount", |_| 0),
];

/// A page of get-metric-data, newest value first.
fn page(minutes: &[(usize, Counts)], status: &str, token: &str) -> String {
    let series = METRICS.iter().enumerate().map(|(at, (metric, value))| {
        let newest = || minutes.iter().rev();
        let times: Vec<String> = newest().map(|(minute, _)| format!("\"{}\"", time(*minute))).collect();
        let values: Vec<String> = newest().map(|(_, counts)| format!("{}.0", value(*counts))).collect();
        format!(
            r#"{{"Id":"q{at}","Label":"{PROFILE} {metric}","Timestamps":[{}],"Values":[{}],"StatusCode":"{status}"}}"#,
            times.join(","),
            values.join(",")
        )
    });
    let series: Vec<String> = series.collect();
    format!("{{\"MetricDataResults\":[{}],\"Messages\":[]{token}}}", series.join(","))
}

/// An answer of get-metric-statistics about one metric, in no order.
fn statistics(minutes: &[(usize, Counts)], metric: usize) -> String {
    let (name, value) = METRICS[metric];
    let mut points: Vec<String> = minutes
        .iter()
        .map(|(minute, counts)| {
            let time = time(*minute).replace('Z', "+00:00");
            format!(r#"{{"Timestamp":"{time}","Sum":{}.0,"Unit":"Count"}}"#, value(*counts))
        })
        .collect();
    let middle = points.len() / 2;
    points.rotate_left(middle);
    format!(r#"{{"Label":"{name}","Datapoints":[{}]}}"#, points.join(","))
}

const THREE: [(usize, Counts); 3] =
    [(0, (30, 180_000, 30_000, 0)), (1, (32, 190_000, 34_000, 4)), (2, (28, 170_000, 28_000, 0))];

#[test]
fn statistics_say_the_same_as_the_table() {
    let (expected, said) = read(&[(None, table(&THREE))]);
    let (minutes, settled, _, throttled, is_period_known) = expected.expect("the table is valid");
    // 190,000 + 5 x 34,000 is the busiest minute.
    assert_eq!((minutes, settled.maximum.get(), throttled), (3, 360_000, Some(4)));
    assert!(is_period_known && said.is_empty(), "{said:?}");
    for of in ["haiku-4.5/us", PROFILE, "letters/us"] {
        let files: Vec<_> = (0..METRICS.len()).map(|metric| (Some(of), statistics(&THREE, metric))).collect();
        assert_eq!(read(&files), (expected, vec![]), "{of}");
        // One file with all of them, one behind the other.
        let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(read(&[(Some(of), all)]), (expected, vec![]), "{of}");
    }
    // No throttled request is no data point at all.
    let mut files: Vec<_> =
        (0..METRICS.len()).map(|metric| (Some("haiku-4.5/us"), statistics(&THREE, metric))).collect();
    files[4].1 = r#"{"Label":"InvocationThrottles","Datapoints":[]}"#.to_owned();
    let (found, said) = read(&files);
    assert_eq!((found.expect("valid").3, said), (Some(0), vec![]));
}

#[test]
fn statistics_that_do_not_tell_enough_are_refused() {
    let whole = statistics(&THREE, 1);
    for (of, text, code) in [
        (None, whole.clone(), Code::NotAnAnswer),
        (Some("haiku-4.5"), whole.clone(), Code::MissingScope),
        (Some("haiku-4.6/us"), whole.clone(), Code::UnknownModel),
        (Some("haiku-4.5/us"), whole.replace("Sum", "Average"), Code::MissingValue),
        (Some("haiku-4.5/us"), whole.replacen("\"Sum\"", "\"Maximum\"", 1), Code::MissingValue),
        (Some("haiku-4.5/us"), whole.replacen("180000.0", "0.5", 1), Code::BadNumber),
        (Some("haiku-4.5/us"), whole.replace("InputTokenCount", "InvocationLatency"), Code::BadValue),
        (Some("haiku-4.5/us"), whole.replacen("Count\"}", "Milliseconds\"}", 1), Code::BadValue),
        (Some("haiku-4.5/us"), whole.replacen("\"Timestamp\"", "\"Time\"", 1), Code::NotAnAnswer),
        (Some("haiku-4.5/us"), table(&THREE), Code::BadValue),
        (Some("sonnet-4.5/us"), page(&THREE, "Complete", ""), Code::ConflictingAnswers),
    ] {
        let (found, said) = read(&[(of, text.clone())]);
        assert_eq!(found, None, "{text}");
        assert!(codes(&said).contains(&code), "{code:?}: {said:?}: {text}");
    }
}

/// get-metric-data says PartialData on every page but the last.
#[test]
fn pages_continue_each_other() {
    let (expected, _) = read(&[(None, table(&THREE))]);
    let first = || (None, page(&THREE[1..], "PartialData", ",\"NextToken\":\"t\""));
    let last = || (None, page(&THREE[..1], "Complete", ""));
    assert_eq!(read(&[first(), last()]), (expected, vec![]));
    // The order of files is that of their names, which may not be that of the pages: it is said, and no more.
    let (found, said) = read(&[last(), first()]);
    assert_eq!((found, codes(&said)), (expected, vec![Code::IncompleteAnswer]));
    // A page that no other continues is named: its token, and each series.
    let (found, said) = read(&[first()]);
    assert_eq!(found, None);
    assert!(
        said.iter().any(|said| said.message.contains("the next page of this answer is missing")),
        "{said:?}"
    );
    // A token and complete series alone do not end it either.
    let (found, said) = read(&[(None, page(&THREE, "Complete", ",\"NextToken\":\"t\""))]);
    assert_eq!((found, codes(&said)), (None, vec![Code::IncompleteAnswer]));
    let (found, said) = read(&[(None, page(&THREE, "PartialData", ""))]);
    assert_eq!((found, codes(&said)), (None, vec![Code::IncompleteAnswer; METRICS.len()]));
}

#[test]
fn a_minute_in_two_files_is_named_at_both_places() {
    let (one, two) = (table(&THREE[..2]), table(&THREE[1..]));
    let answer = || page(&THREE[1..], "Complete", "");
    for (files, code, places) in [
        (vec![(None, one.clone()), (None, two)], Code::DuplicateName, "f0:3:1"),
        (vec![(None, one), (None, answer())], Code::DuplicateName, "f0:3:1"),
        // The same values: who gave a file twice would have its use counted twice.
        (vec![(None, answer()), (None, answer())], Code::DuplicateName, "f0:1:"),
    ] {
        let (found, said) = read(&files);
        assert_eq!(found, None);
        assert!(said.iter().all(|said| said.code == code), "{said:?}");
        assert!(said.iter().any(|said| said.message.contains("2026-11-19T14:01:00Z")), "{said:?}");
        let last = said.last().expect("an error");
        assert!(last.message.contains(&format!("in two files; the other place is {places}")), "{last:?}");
        let quotaplan::text::Place::Span(span) = last.place else { panic!("{last:?}") };
        assert_eq!(span.file.index(), 1, "the other place is in the second file");
    }
    // Another model's or scope's minutes are others.
    let other = table(&THREE).replace(",us,", ",global,");
    assert_eq!(read(&[(None, table(&THREE)), (None, other)]).1, vec![]);
}

#[test]
fn a_period_that_the_times_do_not_show_is_not_known() {
    let at = |minutes: &[usize]| {
        let minutes: Vec<(usize, Counts)> = minutes.iter().map(|minute| (*minute, THREE[0].1)).collect();
        let (found, said) = read(&[(None, page(&minutes, "Complete", ""))]);
        (found.map(|found| found.4), codes(&said))
    };
    let known = (Some(true), vec![]);
    let unknown = (Some(false), vec![Code::MissingValue]);
    assert_eq!(at(&[7]), unknown);
    assert_eq!(at(&[5, 10]), unknown);
    assert_eq!(at(&[5, 6]), known);
    // Two and three minutes: only sums of one minute are at both.
    assert_eq!(at(&[0, 2, 5]), known);
    assert_eq!(at(&[0, 2, 6]), unknown);
    assert_eq!(at(&[0, 5, 15]), (None, vec![Code::BadValue]));
    // The table is of minutes by its definition.
    assert!(read(&[(None, table(&THREE[..1]))]).0.expect("valid").4);
}

#[test]
fn metrics_of_different_periods_are_refused() {
    let minutes: Vec<(usize, Counts)> = (0..15).map(|minute| (minute, THREE[0].1)).collect();
    let fifths: Vec<(usize, Counts)> = minutes.iter().copied().step_by(5).collect();
    let files: Vec<_> = (0..METRICS.len())
        .map(|metric| {
            let of = if metric == 0 { &fifths } else { &minutes };
            (Some("haiku-4.5/us"), statistics(of, metric))
        })
        .collect();
    let (found, said) = read(&files);
    assert_eq!((found, codes(&said)), (None, vec![Code::BadValue]));
    assert!(said[0].message.contains("EstimatedTPMQuotaUsage"), "{said:?}");
}

fn minutes() -> impl Strategy<Value = Vec<(usize, Counts)>> {
    let counts = (1_u64..50, 0_u64..9_000, 0_u64..900, 0_u64..3);
    proptest::collection::vec(counts, 1..40).prop_map(|counts| counts.into_iter().enumerate().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// However the minutes are divided into files, in whatever form, they say the same.
    #[test]
    fn files_say_together_what_one_says(minutes in minutes(), owners in proptest::collection::vec(0_usize..4, 40)) {
        let (expected, said) = read(&[(None, table(&minutes))]);
        prop_assert_eq!(said, vec![]);
        let part = |owner: usize| -> Vec<(usize, Counts)> {
            minutes.iter().copied().filter(|(minute, _)| owners[*minute] == owner).collect()
        };
        let parts: Vec<Vec<(usize, Counts)>> = (0..4).map(part).filter(|part| !part.is_empty()).collect();
        let tables: Vec<_> = parts.iter().map(|part| (None, table(part))).collect();
        prop_assert_eq!(read(&tables), (expected, vec![]));
        // Whether the period is known depends on all times together, not on those of one file.
        let whole = read(&[(None, page(&minutes, "Complete", ""))]);
        let pages: Vec<_> = parts.iter().map(|part| (None, page(part, "Complete", ""))).collect();
        prop_assert_eq!(&read(&pages).0, &whole.0);
        let mixed: Vec<_> = (0..METRICS.len())
            .flat_map(|metric| parts.iter().map(move |part| (Some("haiku-4.5/us"), statistics(part, metric))))
            .collect();
        prop_assert_eq!(&read(&mixed).0, &whole.0);
        prop_assert_eq!(whole.0.map(|found| (found.0, found.1, found.2)), expected.map(|found| (found.0, found.1, found.2)));
    }
}

/// A pack of a case's workloads with other evidence: how it ended, what was printed, and the folder.
fn pack(files: &[(&str, String)], evidence: &[&str]) -> (Option<i32>, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let case = inputs_of("request-little-used");
    for name in ["workloads.csv", "quotaplan.toml"] {
        fs::copy(case.path().join(name), folder.path().join(name)).expect("copying");
    }
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("writing");
    }
    let mut arguments = vec!["request", "workloads.csv", "--out", "pack", "--accept-max-tokens"];
    arguments.extend(["--today", "2026-11-25", "--evidence"]);
    arguments.extend(evidence);
    let run = quotaplan(folder.path(), &arguments);
    (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned(), folder)
}

/// The measured figures of a pack's trail.
fn measured(folder: &Path) -> Vec<String> {
    let trail = fs::read_to_string(folder.join("pack/trail.csv")).expect("the trail");
    let own = trail.lines().filter(|line| line.contains("measured")).map(|line| {
        let end = line.find("inputs/minutes").expect("its source");
        line[..end].to_owned()
    });
    own.collect()
}

fn verify(folder: &Path) -> (Option<i32>, String) {
    let run = quotaplan(folder, &["request", "verify", "pack"]);
    (run.status.code(), String::from_utf8(run.stdout).expect("UTF-8") + &String::from_utf8_lossy(&run.stderr))
}

#[test]
fn a_pack_keeps_each_file_as_it_was_given() {
    let one = pack(&[("m.csv", table(&THREE))], &["m.csv"]);
    assert_eq!((one.0, one.1.as_str()), (Some(0), ""));
    assert_eq!(fs::read_to_string(one.2.path().join("pack/inputs/minutes.csv")).expect("it"), table(&THREE));
    let expected = measured(one.2.path());
    assert!(!expected.is_empty());

    // CRLF, a folder whose name has `=`, and two files of one name.
    let crlf = table(&THREE[..1]).replace('\n', "\r\n");
    let files = [
        ("day=1/m.csv", crlf.clone()),
        ("day=2/m.csv", table(&THREE[1..2])),
        ("p.json", page(&THREE[2..], "Complete", "")),
    ];
    let (status, said, folder) = pack(&files, &["day=1/m.csv", "day=2/m.csv", "p.json"]);
    // One minute in an answer does not show its period.
    assert_eq!(status, Some(0), "{said}");
    let inputs = folder.path().join("pack/inputs");
    assert_eq!(fs::read_to_string(inputs.join("minutes-1.csv")).expect("it"), crlf);
    assert_eq!(fs::read_to_string(inputs.join("minutes-2.csv")).expect("it"), files[1].1);
    assert_eq!(fs::read_to_string(inputs.join("minutes-3.json")).expect("it"), files[2].1);
    assert_eq!(measured(folder.path()), expected);
    assert_eq!(verify(folder.path()).0, Some(0));

    let named = METRICS.iter().enumerate().map(|(at, _)| (format!("{at}.json"), statistics(&THREE, at)));
    let named: Vec<(String, String)> = named.collect();
    let files: Vec<(&str, String)> = named.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let typed: Vec<String> = named.iter().map(|(name, _)| format!("haiku-4.5/us={name}")).collect();
    let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
    let (status, said, folder) = pack(&files, &typed);
    assert_eq!((status, said.as_str()), (Some(0), ""));
    assert_eq!(measured(folder.path()), expected);
    assert_eq!(verify(folder.path()).0, Some(0));

    // What somebody changes, takes out or puts in is found out.
    let inputs = folder.path().join("pack/inputs");
    let changed = files[1].1.replacen("180000", "180001", 1);
    fs::write(inputs.join("minutes-2.json"), changed).expect("writing");
    let (status, said) = verify(folder.path());
    assert_eq!(status, Some(1));
    assert!(said.contains("pack/inputs/minutes-2.json is not the file"), "{said}");
    fs::remove_file(inputs.join("minutes-2.json")).expect("it is there");
    let (status, said) = verify(folder.path());
    assert_eq!(status, Some(1));
    assert!(said.contains("pack/inputs/minutes-2.json: error[pack-file-missing]"), "{said}");
}

#[test]
fn all_faulty_files_are_reported_in_one_run() {
    let files = [
        ("m.csv", table(&THREE)),
        ("again.csv", table(&THREE)),
        ("empty.csv", String::new()),
        ("s.json", statistics(&THREE, 1)),
    ];
    let typed = ["m.csv", "again.csv", "m.csv", "empty.csv", "s.json", "hiaku=m.csv", "haiku-4.5/eu=s.json"];
    let (status, said, folder) = pack(&files, &typed);
    assert_eq!(status, Some(2));
    assert!(said.contains("hiaku=m.csv: error[unreadable-file]"), "{said}");
    assert!(said.contains("haiku-4.5/us=FILE"), "{said}");
    assert!(!folder.path().join("pack").exists(), "nothing is half-written");
    for place in [
        "again.csv:2:1: error[duplicate-name]",
        "m.csv: error[duplicate-file]: the file is named twice",
        "haiku-4.5/eu=s.json: error[unknown-scope]: `eu` is not a scope",
        "empty.csv: error[empty-file]",
        "s.json:1:10: error[not-an-answer]",
    ] {
        assert!(said.contains(place), "{place}: {said}");
    }
    // What only all files together tell is not said where one could not be read.
    let page = ("p.json", page(&THREE, "PartialData", ",\"NextToken\":\"t\""));
    let (status, said, _) = pack(&[page], &["p.json", "."]);
    assert_eq!(status, Some(2));
    assert!(!said.contains("incomplete-answer"), "{said}");
    assert!(said.contains(".: error[unreadable-file]: it is a directory"), "{said}");
}

/// A label that names no model of the table says so; nothing of its series is taken for the model of others.
#[test]
fn a_label_of_an_unknown_model_is_named_once() {
    let answer = || page(&THREE, "Complete", "");
    let unknown =
        answer().replace("us.anthropic.claude-haiku-4-5-20251001-v1:0", "us.anthropic.claude-foo-9");
    assert_ne!(unknown, answer(), "the label is there");
    for files in [vec![(None, unknown.clone())], vec![(None, answer()), (None, unknown)]] {
        let (found, said) = read(&files);
        assert_eq!(found, None);
        let unknown: Vec<_> = said.iter().filter(|said| said.code == Code::UnknownModel).collect();
        assert_eq!(unknown.len(), 1, "{said:?}");
        assert!(unknown[0].message.contains("`us.anthropic.claude-foo-9`"), "{said:?}");
    }
}
