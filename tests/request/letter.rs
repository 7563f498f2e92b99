//! The text of the Support case: its answers multiply out, and it is short.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use crate::support::case::{Case, names};
use crate::support::{quotaplan, run_in};

/// Most lines of a quota.
const LINES: usize = 25;

/// Rows of Haiku 4.5 in one scope: mean and peak rates, input, cache reads and writes, output.
type Row = (u64, u64, u64, u64, u64, u64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (1_u64..2_000, 1_u64..4_000, 1_u64..9_000, 0_u64..4_000, 0_u64..3_000, 1_u64..2_000);
    proptest::collection::vec(row.prop_map(|(mean, more, i, r, w, o)| (mean, mean + more, i, r, w, o)), 1..6)
}

/// The case for rows in one hour.
fn case(rows: &[Row]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut csv =
        "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,cache_read_tokens,\
        cache_write_tokens,output_tokens,max_tokens,latency_seconds\n"
            .to_owned();
    for (number, (mean, peak, input, read, write, output)) in rows.iter().enumerate() {
        let cap = output + 100;
        csv.push_str(&format!(
            "w{number},haiku-4.5,us,{mean},{peak},{input},{read},{write},{output},{cap},2\n"
        ));
    }
    fs::write(folder.path().join("workloads.csv"), csv).expect("writing");
    fs::write(folder.path().join("granted.toml"), "[granted]\n\"L-58BE175A\" = 5_000\n").expect("writing");
    let arguments = ["request", "workloads.csv", "--granted", "granted.toml", "--today", "2026-11-25"];
    let options = ["--with-reservations", "x", "--out", "pack"];
    let run = run_in(folder.path(), &[&arguments[..], &options].concat(), b"");
    // What AWS's default holds is restored, and has no such case.
    if !folder.path().join("pack/support-case.md").exists() {
        assert!(run.status != 1, "{}", run.stderr());
        return String::new();
    }
    fs::read_to_string(folder.path().join("pack/support-case.md")).expect("the case")
}

/// The number behind a word of a text: digits, separators and a decimal point.
fn number_behind(text: &str, word: &str) -> f64 {
    let start = text.find(word).unwrap_or_else(|| panic!("{word}: {text}")) + word.len();
    let digits: String =
        text[start..].chars().take_while(|c| c.is_ascii_digit() || ".,".contains(*c)).collect();
    let digits = digits.trim_end_matches(['.', ',']).replace(',', "");
    digits.parse().unwrap_or_else(|_| panic!("{word}: {text}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// As an engineer at AWS would check it: requests x (input + 5 x output) are the tokens per minute, and both are those
    /// of the rows.
    #[test]
    fn the_answers_multiply_out(rows in rows()) {
        let case = case(&rows);
        // What AWS's default holds is restored, and has no answers.
        if !case.contains("5 TPM") {
            return Ok(());
        }
        let tokens = number_behind(&case[case.find("5 TPM").expect("an answer")..], "peak ");
        let requests = number_behind(&case[case.find("6 RPM").expect("an answer")..], "peak ");
        let input = number_behind(&case, "7 Average input: ");
        let output = number_behind(&case, "8 Average output: ");
        let product = requests * (input + 5.0 * output);
        prop_assert!((product / tokens - 1.0).abs() < 0.002, "{} {}\n{}", product, tokens, case);
        let settled: u64 = rows.iter().map(|(_, p, i, _, w, o)| p * (i + w + 5 * o)).sum();
        prop_assert!((tokens - settled as f64).abs() < 0.5, "{} {}\n{}", tokens, settled, case);
        let peak: u64 = rows.iter().map(|(_, p, ..)| p).sum();
        prop_assert!((requests - peak as f64).abs() < 0.5, "{} {}\n{}", requests, peak, case);
        // The line of arithmetic has the same numbers.
        let line = case.lines().find(|line| line.starts_with("Arithmetic: ")).expect("a line");
        let shown = |number: f64| number.to_string();
        let numbers = line.replace(',', "");
        for number in [requests, input, output] {
            prop_assert!(numbers.contains(&shown(number)), "{} {}", number, line);
        }
    }
}

/// The texts of every case that makes a pack.
fn texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in names().into_iter().filter(|name| name.starts_with("request-")) {
        let case = Case::read(&name);
        let run = &case.runs[0];
        if run.status != "0"
            || run.arguments.iter().any(|word| ["verify", "status", "submit"].contains(&word.as_str()))
        {
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        case.write_inputs(folder.path());
        let arguments: Vec<&str> = run.arguments.iter().map(String::as_str).collect();
        run_in(folder.path(), &arguments, b"");
        let text = fs::read_to_string(folder.path().join("pack/support-case.md"));
        found.extend(text.ok().map(|text| (name, text)));
    }
    found
}

#[test]
fn a_quota_has_25_lines_at_most_and_nothing_for_the_author() {
    let texts = texts();
    assert!(texts.len() > 8, "{}", texts.len());
    for (name, text) in &texts {
        assert!(text.starts_with("Raise L-"), "{name}: {text}");
        for part in text.split("Raise L-").skip(1) {
            assert!(part.lines().count() <= LINES, "{name}: {part}");
        }
        for word in ["quotaplan", "[request]", "--", ".csv", "alarms.yaml", "trail", "our own"] {
            // What the user writes stays as it is.
            let is_users = Case::read(name).inputs.values().any(|input| contains(input, word));
            assert!(is_users || !text.contains(word), "{name}: {word}: {text}");
        }
    }
}

fn contains(input: &[u8], word: &str) -> bool {
    input.windows(word.len()).any(|window| window == word.as_bytes())
}

/// The rich example of the repository.
#[test]
fn the_example_workloads_are_asked_for_in_few_lines() {
    let folder = example("");
    let text = fs::read_to_string(folder.path().join("pack/support-case.md")).expect("the case");
    for part in text.split("Raise L-").skip(1) {
        assert!(part.lines().count() <= LINES, "{part}");
    }
    for line in [
        "from 5,000,000 (applied, read 2026-11-20) to 6,300,000. Account 111122223333, ca-central-1, by 2027-02-01.",
        "(America/Toronto)",
        "Retries: exponential back-off. Alarms: CloudWatch on throttles",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    for absent in ["Billing", "Account manager", "Previous provider", "If not all"] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
}

/// Stages are offered only where they were asked for, the first of them as the request that Service Quotas has.
#[test]
fn stages_stand_only_where_they_are_asked_for() {
    let rows: Vec<Row> = vec![(3_000, 9_000, 3_000, 0, 0, 500)];
    assert!(!case(&rows).contains("If the full increase"));
    let folder = example("--stages --stage-factor 1.1 --with-reservations x");
    let text = fs::read_to_string(folder.path().join("pack/support-case.md")).expect("the case");
    assert!(text.contains("If the full increase is not possible at once: "), "{text}");
}

/// A pack of the repository's example, with more options.
fn example(options: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join("data/workloads.csv"), folder.path().join("workloads.csv")).expect("copying");
    let toml = "[granted]\n\"L-58BE175A\" = { value = 5_000_000, as_of = \"2026-11-20\" }\n\
                \"L-D4FBCF4E\" = 6_000_000\n[request]\nuse_case = \"Chats of a bank\"\n\
                retries = \"exponential back-off\"\nmonitoring = \"CloudWatch on throttles\"\n";
    fs::write(folder.path().join("quotaplan.toml"), toml).expect("writing");
    let fixed = "request workloads.csv --account-id 111122223333 --needed-by 2027-02-01 --today 2026-11-25 --out pack";
    let words: Vec<&str> = fixed.split(' ').chain(options.split_whitespace()).collect();
    let run = quotaplan(folder.path(), &words);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    folder
}
