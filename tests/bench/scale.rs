//! How time and memory grow with inputs that differ in every row: `cargo bench -- scale`.
//!
//! Every line is a ratio measured in one run, and states what is wanted.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{median, peak_memory, time_any};

const MODEL: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const HEADER: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens";

/// Runs of each command; the median counts.
const RUNS: usize = 3;

/// When the size doubles, the time may triple.
const DOUBLED: f64 = 3.0;

/// A column of its own for each row, and its header.
type Column = (&'static str, fn(usize) -> String);

const GROWTH: Column = ("growth_per_month", |n| format!("{:.6}", as_f64(n % 1_000_000 + 1) / 1e6));
const PERIOD: Column = ("period", |n| format!("p{n}"));
const HOURS: Column = ("active_hours", |n| {
    let (from, length) = (n % 24, 1 + n / 24 % 22);
    format!("{from:02}-{:02}", (from + length) % 24)
});
const TEAM: Column = ("team", |n| format!("team {n}"));
const ACCOUNT: Column = ("account", |n| format!("account {n}"));
const LATENCY: Column = ("latency_seconds", |n| format!("{}.{:03}", n % 60, n % 1_000));
const SPREAD: Column = ("output_tokens_p95", |n| format!("{}", 201 + n));
const CACHED: Column = ("cache_read_tokens", |n| format!("{n}"));
const OFTEN: Column = ("requests_per_day", |n| format!("{}", 1_000 + n));

#[allow(clippy::cast_precision_loss)]
fn as_f64(n: usize) -> f64 {
    n as f64
}

/// A file of rows that differ in the columns given.
fn rows(folder: &Path, count: usize, columns: &[Column]) -> PathBuf {
    let mut text = HEADER.to_owned();
    let states_rate = columns.iter().any(|(name, _)| name.starts_with("requests_"));
    if states_rate {
        text = text.replace("requests_per_minute,", "");
    }
    columns.iter().for_each(|(name, _)| text.extend([",", name]));
    for n in 0..count {
        let rate = if states_rate { String::new() } else { format!("0.0{},", n % 90 + 10) };
        let tokens = (1_000 + n % 700, 200, 400 + n % 50_000);
        write!(text, "\nw{n},{MODEL},us,{rate}{},{},{}", tokens.0, tokens.1, tokens.2).expect("writing");
        columns.iter().for_each(|(_, cell)| text.extend([",", &cell(n)]));
    }
    text.push('\n');
    let path = folder.join("rows.csv");
    std::fs::write(&path, text).expect("a file in the temporary folder");
    path
}

/// A trace of requests that all arrive at one instant.
fn instant(folder: &Path, count: usize) -> PathBuf {
    let mut text = "timestamp,model,scope,input_tokens,output_tokens,max_tokens,latency_seconds\n".to_owned();
    for n in 0..count {
        let (input, output, latency) = (1_000 + n % 977, 200 + n % 331, 1 + n % 70);
        writeln!(text, "2026-11-01T00:00:00Z,{MODEL},us,{input},{output},400,{latency}").expect("writing");
    }
    let path = folder.join("instant.csv");
    std::fs::write(&path, text).expect("a file in the temporary folder");
    path
}

fn program(folder: &Path, words: &[&str], file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quotaplan"));
    command.args(words).arg(file).current_dir(folder);
    command
}

fn seconds(make: impl Fn() -> Command) -> f64 {
    median((0..RUNS).map(|_| time_any(make()).as_secs_f64()).collect())
}

/// Prints a ratio with what is wanted of it.
fn print(what: &str, ratio: f64, wanted: f64, detail: &str) {
    let verdict = if ratio <= wanted { "" } else { "  TOO SLOW" };
    println!("{what}: {ratio:.2} (wanted: at most {wanted}; {detail}){verdict}");
}

/// Times a command at a size and at twice the size.
fn doubled(folder: &Path, what: &str, words: &[&str], size: usize, file: &dyn Fn(usize) -> PathBuf) {
    let [once, twice] = [size, 2 * size].map(|size| {
        let file = file(size);
        seconds(|| program(folder, words, &file))
    });
    print(what, twice / once, DOUBLED, &format!("{size}: {once:.3} s, {}: {twice:.3} s", 2 * size));
}

/// Prints how much more memory a command takes for each row that is added.
fn bytes_a_row(folder: &Path, what: &str, size: usize, wanted: u64, command: &dyn Fn(&Path) -> Command) {
    let [once, twice] = [size, 2 * size].map(|size| {
        let file = rows(folder, size, &[HOURS, TEAM]);
        peak_memory(command(&file))
    });
    match once.zip(twice) {
        Some((once, twice)) => {
            let bytes = (twice.saturating_sub(once) << 20) / size as u64;
            println!("{what}: {bytes} bytes a row (wanted: at most {wanted})");
        }
        None => println!("{what}: not measured, this system has no /proc"),
    }
}

/// Prints all lines.
pub(super) fn bench(folder: &Path) {
    for (what, columns) in [
        ("4,000 rows of distinct growth, 120 months / 0 months", &[GROWTH][..]),
        ("the same with distinct active hours", &[GROWTH, HOURS]),
    ] {
        let file = rows(folder, 4_000, columns);
        let now = seconds(|| program(folder, &["plan"], &file));
        let later = seconds(|| program(folder, &["plan", "--months", "120"], &file));
        print(what, later / now, 10.0, &format!("{now:.3} s, {later:.3} s"));
    }
    let file = rows(folder, 50, &[GROWTH]);
    let now = seconds(|| program(folder, &["plan"], &file));
    let runway = ["whatif", "--scenario", "runway", "--assume-defaults"];
    let runway = seconds(|| program(folder, &runway, &file));
    print("runway of 50 distinct growth rates / plan", runway / now, 100.0, &format!("{runway:.3} s"));
    let distinct: [(&str, &[Column]); 9] = [
        ("periods", &[PERIOD]),
        ("periods and active hours", &[PERIOD, HOURS]),
        ("growth rates and active hours", &[GROWTH, HOURS]),
        ("periods and teams", &[PERIOD, TEAM]),
        ("accounts", &[ACCOUNT]),
        ("latencies", &[LATENCY]),
        ("percentiles", &[SPREAD]),
        ("cache reads", &[CACHED]),
        ("rates a day and active hours", &[OFTEN, HOURS]),
    ];
    for (what, columns) in distinct {
        let what = format!("plan, 20,000 rows of distinct {what} / 10,000");
        doubled(folder, &what, &["plan", "--months", "3"], 10_000, &|size| rows(folder, size, columns));
    }
    for words in [
        &["plan", "--format", "json"][..],
        &["check", "--assume-defaults"],
        &["whatif", "--scenario", "tight"],
        &["migrate", "--from", MODEL, "--to", "sonnet-5"],
        &["compare"],
    ] {
        let what = format!("{}, 20,000 distinct rows / 10,000", words[0]);
        doubled(folder, &what, words, 10_000, &|size| rows(folder, size, &[HOURS, TEAM]));
    }
    doubled(
        folder,
        "simulate, 1,000,000 requests at one instant / 500,000",
        &["simulate"],
        500_000,
        &|size| instant(folder, size),
    );
    bytes_a_row(folder, "plan, memory", 100_000, 2_048, &|file| program(folder, &["plan"], file));
    for format in ["table", "csv", "json", "markdown"] {
        let what = format!("compare --format {format}, memory");
        let words = ["compare", "--format", format];
        bytes_a_row(folder, &what, 20_000, 2_048, &|file| program(folder, &words, file));
    }
    let pack = folder.join("pack");
    // Into a new folder each time.
    let request = |file: &Path| {
        let _ = std::fs::remove_dir_all(&pack);
        let words = ["request", "--accept-max-tokens", "--accept-unknown", "--out", "pack"];
        program(folder, &words, file)
    };
    // A pack of 200,000 rows would be larger than packs may be.
    bytes_a_row(folder, "request, memory", 50_000, 2_048, &request);
    bytes_a_row(folder, "request verify, memory", 50_000, 2_048, &|file| {
        let made = request(file).output().expect("the program runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        program(folder, &["request", "verify"], &pack)
    });
}
