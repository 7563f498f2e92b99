//! The first screens: what to do stands at the top, and nothing is broken that a person copies.

use unicode_width::UnicodeWidthStr;

use crate::support::run_on_a_screen;

const WIDTHS: [usize; 4] = [60, 80, 100, 120];

/// Commands, with the most lines that they may have at 80 columns.
const SCREENS: [(&[&str], usize); 2] =
    [(&["plan", "data/workloads.csv"], 40), (&["check", "data/workloads.csv", "--assume-defaults"], 35)];

fn screen(columns: usize, arguments: &[&str]) -> String {
    let ran = run_on_a_screen(columns, arguments);
    assert_ne!(ran.status, 2, "{arguments:?}: {}", ran.stderr());
    ran.stdout()
}

/// A command to paste, which is never broken.
fn is_command(line: &str) -> bool {
    line.trim_start().trim_start_matches("Next:").trim_start().starts_with("quotaplan ")
}

#[test]
fn a_screen_is_no_wider_than_the_terminal_and_no_longer_than_it_may_be() {
    for (arguments, most) in SCREENS {
        for columns in WIDTHS {
            let text = screen(columns, arguments);
            let wide: Vec<&str> =
                text.lines().filter(|line| line.width() > columns && !is_command(line)).collect();
            assert!(wide.is_empty(), "{arguments:?} at {columns}: {wide:#?}");
            let lines = text.lines().count();
            assert!(columns != 80 || lines <= most, "{arguments:?}: {lines} lines\n{text}");
        }
    }
}

#[test]
fn no_number_and_no_code_is_broken() {
    const UNITS: [&str; 6] = ["k", "M", "B", "T", "%", "USD"];
    for (arguments, _) in SCREENS {
        let codes = |text: &str| text.matches("L-").count();
        let widest = codes(&screen(120, arguments));
        for columns in WIDTHS {
            let text = screen(columns, arguments);
            for (line, next) in text.lines().zip(text.lines().skip(1)) {
                let unit = next.split_whitespace().next().unwrap_or_default();
                let unit = unit.trim_end_matches(['.', ',', ';', ':']);
                let ends_with_a_number = line.ends_with(|last: char| last.is_ascii_digit());
                assert!(!(ends_with_a_number && UNITS.contains(&unit)), "{columns}: {line}\n{next}");
            }
            let whole = text.split(|c: char| c.is_whitespace() || c == ',' || c == ':');
            let whole = whole.filter(|word| quotaplan::units::is_quota_code(word)).count();
            assert_eq!((whole, codes(&text)), (widest, widest), "{arguments:?} at {columns}:\n{text}");
        }
    }
}

#[test]
fn the_first_lines_of_a_plan_hold_everything_that_there_is_to_do() {
    for columns in [80, 100] {
        let text = screen(columns, &["plan", "data/workloads.csv"]);
        let head: Vec<&str> = text.lines().take(14).collect();
        let steps = ["0  LOOK UP", "1  ASK", "2  LOWER", "3  MIGRATE", "4  CASE"];
        for step in steps {
            assert!(head.iter().any(|line| line.trim_start().starts_with(step)), "{step}:\n{text}");
        }
        assert!(text.lines().nth(14).is_some_and(str::is_empty), "{text}");
        let figures = ["6,300,000", "to 6,000", "5,100,000,000", "L-58BE175A", "L-D4FBCF4E", "L-E3F10727"];
        for figure in figures {
            assert!(head.iter().any(|line| line.contains(figure)), "{figure}:\n{text}");
        }
    }
}

#[test]
fn quiet_says_the_verdict_and_what_to_do_alone() {
    let quiet = screen(80, &["plan", "data/workloads.csv", "--quiet"]);
    let whole = screen(80, &["plan", "data/workloads.csv"]);
    assert!(whole.starts_with(&quiet), "{quiet}");
    assert_eq!(quiet.lines().count(), 14, "{quiet}");
    assert_eq!(quiet, screen(80, &["plan", "data/workloads.csv", "-q"]));
}

#[test]
fn all_shows_every_row_and_every_digit_and_details_every_note() {
    let all = screen(100, &["plan", "data/workloads.csv", "--all"]);
    assert!(all.contains("6,233,364") && !all.contains("more, at most"), "{all}");
    // Fifteen quotas, the estimate over all models, and the two lines of the head.
    let rows = all.lines().skip_while(|line| !line.contains("Quota ")).take_while(|line| !line.is_empty());
    assert_eq!(rows.count(), 18, "{all}");
    let details = screen(100, &["plan", "data/workloads.csv", "--details"]);
    for code in ["warning[unknown-rate]", "note[assumed-latency]", "warning[legacy]"] {
        assert!(details.contains(code), "{code}:\n{details}");
        assert!(!all.contains(code), "{code}:\n{all}");
    }
    assert!(!details.contains("--details"), "{details}");
}
