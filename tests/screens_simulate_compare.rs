//! The first screens of `simulate` and `compare`: what a result rests on, and where each row should be, at the top.

use unicode_width::UnicodeWidthStr;

use crate::simulate::traces;
use crate::support::run_on_a_screen;

const WIDTHS: [usize; 4] = [60, 80, 100, 120];

const EXCERPT: &str = "tests/simulate/data/azure-llm-2023-code-excerpt.csv";

/// Commands, with the most lines that they may have at 80 columns.
const SCREENS: [(&[&str], usize); 8] = [
    (&["simulate", EXCERPT, "--model", "haiku-4.5", "--scope", "us"], 40),
    (&["simulate", EXCERPT, "--model", "haiku-4.5", "--scope", "us", "--max-tokens", "4096"], 40),
    (
        &[
            "simulate",
            EXCERPT,
            "--model",
            "haiku-4.5",
            "--scope",
            "us",
            "--window",
            "bucket",
            "--quota",
            "500000",
        ],
        40,
    ),
    (&["simulate", "--workloads", "data/workloads.csv", "--minutes", "2"], 40),
    (&["compare", "data/workloads.csv"], 40),
    (&["compare", "data/workloads.csv", "--assume-defaults"], 40),
    (&["compare", "data/workloads.csv", "--workload", "tax-assistant"], 40),
    (&["compare", "data/workloads.csv", "--optimise"], 50),
];

fn screen(columns: usize, arguments: &[&str]) -> String {
    let ran = run_on_a_screen(columns, arguments);
    assert_eq!(ran.status, 0, "{arguments:?}: {}", ran.stderr());
    ran.stdout()
}

/// A command to paste, which is never broken.
fn is_command(line: &str) -> bool {
    line.trim_start().trim_start_matches("Next:").trim_start().starts_with("quotaplan ")
}

fn judge(arguments: &[&str], most: usize) {
    const UNITS: [&str; 6] = ["k", "M", "B", "T", "%", "USD"];
    for columns in WIDTHS {
        let text = screen(columns, arguments);
        let wide: Vec<&str> =
            text.lines().filter(|line| line.width() > columns && !is_command(line)).collect();
        assert!(wide.is_empty(), "{arguments:?} at {columns}: {wide:#?}");
        let lines = text.lines().count();
        assert!(columns != 80 || lines <= most, "{arguments:?}: {lines} lines\n{text}");
        for (line, next) in text.lines().zip(text.lines().skip(1)) {
            let unit = next.split_whitespace().next().unwrap_or_default();
            let unit = unit.trim_end_matches(['.', ',', ';', ':']);
            let ends_with_a_number = line.ends_with(|last: char| last.is_ascii_digit());
            assert!(!(ends_with_a_number && UNITS.contains(&unit)), "{columns}: {line}\n{next}");
        }
        let codes = text.split(|c: char| c.is_whitespace() || c == ',' || c == ':');
        let codes = codes.filter(|word| quotaplan::units::is_quota_code(word)).count();
        assert_eq!(codes, text.matches("L-").count(), "{arguments:?} at {columns}:\n{text}");
    }
}

#[test]
fn a_screen_is_no_wider_than_the_terminal_and_breaks_no_number() {
    for (arguments, most) in SCREENS {
        judge(arguments, most);
    }
}

#[test]
fn an_hour_of_a_public_trace_fits_on_a_screen() {
    let Some(folder) = traces() else {
        eprintln!("the traces are not here: their screens were not looked at");
        return;
    };
    let trace = folder.join("azure-llm-2023-chat.csv");
    let trace = trace.to_str().expect("UTF-8");
    judge(&["simulate", trace, "--model", "haiku-4.5", "--scope", "us"], 40);
}

#[test]
fn a_simulation_names_the_assumption_that_matters_most_first() {
    let text = screen(80, SCREENS[0].0);
    let verdict = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let first = "max_tokens is not known for 400 of 400 requests: 3.00 M tokens per minute are needed if it is unset (the model's maximum, 64,000), and 744 k if it is only as long as each answer.";
    assert!(verdict.starts_with(first), "{verdict}");
    for part in [
        "Requests per minute: 201 to 337 are needed",
        "AWS's default of 5.00 M (yours may be lower) throttles no request either way",
        "The trace is too short",
    ] {
        assert!(verdict.contains(part), "{part}: {verdict}");
    }
    assert!(text.contains(" 1  LOOK UP  max_tokens"), "{text}");
    assert!(text.contains("▁"), "no curve:\n{text}");
}

#[test]
fn quiet_is_the_head_of_the_screen() {
    for (arguments, _) in SCREENS {
        let quiet = screen(80, &[arguments, &["--quiet"]].concat());
        let whole = screen(80, arguments);
        assert!(
            whole.starts_with(&quiet) && quiet.lines().count() < whole.lines().count(),
            "{quiet}\n{whole}"
        );
    }
}

#[test]
fn all_has_every_digit_and_details_what_all_has() {
    let simulate = SCREENS[0].0;
    let all = screen(100, &[simulate, &["--all"]].concat());
    let details = screen(100, &[simulate, &["--details"]].concat());
    for figure in ["441,000", "744,000", "2,630,000", "3,000,000", "240,985", "749,150"] {
        assert!(all.contains(figure) && details.contains(figure), "{figure}:\n{all}");
    }
    assert!(details.contains("A request holds its input") && !all.contains("A request holds its input"));
    let compare = SCREENS[4].0;
    let all = screen(100, &[compare, &["--all"]].concat());
    assert!(all.contains("6,233,364") && !all.contains("more stay"), "{all}");
    let details = screen(100, &[compare, &["--details"]].concat());
    assert!(details.contains("Where data is stored") && !all.contains("Where data is stored"), "{details}");
    assert!(details.contains("warning[legacy]") && !all.contains("warning[legacy]"), "{details}");
}

#[test]
fn a_comparison_says_first_what_moves() {
    let text = screen(80, SCREENS[4].0);
    assert!(text.starts_with("1 of 13 rows should move to a cheaper scope"), "{text}");
    assert!(text.contains(" 1  MOVE  underwriting-review to global: saves 793 USD a month"), "{text}");
    // The rows that save most come first, and all of them have a verdict.
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("  stay: ")).collect();
    assert!(rows.first().is_some_and(|row| row.contains("tax-assistant in april")), "{text}");
    assert_eq!(rows.len(), 11, "{text}");
    assert!(text.contains("1 more stay"), "{text}");
}
