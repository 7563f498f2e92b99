//! Whole-process benchmarks, each figure a ratio or difference within one run: `cargo bench`.
//!
//! It prints; it asserts nothing, because machines differ and are shared.

#![allow(clippy::print_stdout, clippy::expect_used)]

mod replay;
mod scale;
mod trace;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROWS: usize = 1_000_000;
const QUOTAS: usize = 40;
const RUNS: usize = 5;

/// Rows of the file that is checked.
const CHECKED: usize = 10_000;

/// What-if scenarios over a thousand rows.
const SCENARIOS: usize = 200;

const EVERYTHING_FAILS: &str = "[granted]\n\"L-58BE175A\" = 1\n\"L-27C57EE8\" = 1\n\"L-D4FBCF4E\" = 1\n\n\
    [budget]\nmonthly_usd = 1\n[budget.team]\nteam-1 = 1\nteam-2 = 1\n\n[policy]\nmax_utilisation = 0.01\n";

fn main() {
    // `cargo bench` passes `--bench`; this word asks for the comparison pass instead.
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, path] = arguments.as_slice()
        && word == "bare-csv-pass"
    {
        bare_pass(Path::new(path));
        return;
    }
    if let [_, word, path] = arguments.as_slice()
        && word == "read-trace"
    {
        trace::read(Path::new(path));
        return;
    }
    if let [_, word, path] = arguments.as_slice()
        && word == "inflate"
    {
        trace::inflate(Path::new(path));
        return;
    }
    if let [_, word] = arguments.as_slice()
        && word == "search-all"
    {
        replay::search_all();
        return;
    }
    let own = std::env::current_exe().expect("this program");
    let folder = std::env::temp_dir().join(format!("quotaplan-bench-{}", std::process::id()));
    // `cargo bench -- trace`: reading alone.
    if arguments.iter().any(|word| word == "trace") {
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        trace::bench(&folder, &own);
        std::fs::remove_dir_all(&folder).expect("the temporary folder goes");
        return;
    }
    // `cargo bench -- scale`: how time and memory grow with rows that all differ.
    if arguments.iter().any(|word| word == "scale") {
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        scale::bench(&folder);
        std::fs::remove_dir_all(&folder).expect("the temporary folder goes");
        return;
    }
    // `cargo bench -- replay`: only this, the part that starts no processes.
    replay::run();
    let mut search = Command::new(&own);
    search.arg("search-all");
    match peak_memory(search) {
        Some(mebibytes) => {
            println!("peak memory of all searches: {mebibytes} MiB (wanted: at most {})", replay::MEBIBYTES);
        }
        None => println!("peak memory of all searches: not measured, this system has no /proc"),
    }
    if arguments.iter().any(|word| word == "replay") {
        return;
    }
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    trace::bench(&folder, &own);
    let large = folder.join("large.csv");
    generate(&large, Shape::Plain);
    let small = folder.join("small.csv");
    let text = std::fs::read_to_string(&large).expect("the generated file");
    let head: Vec<&str> = text.lines().take(11).collect();
    std::fs::write(&small, head.join("\n") + "\n").expect("a small file");
    println!("{ROWS} rows, 12 columns, {QUOTAS} quotas, {} MiB; median of {RUNS} runs", text.len() >> 20);
    drop(text);

    let program = PathBuf::from(env!("CARGO_BIN_EXE_quotaplan"));
    let plan = |file: &Path| {
        let mut command = Command::new(&program);
        command.args(["plan", "--format", "table"]).arg(file).current_dir(&folder);
        command
    };
    let bare = || {
        let mut command = Command::new(&own);
        command.arg("bare-csv-pass").arg(&large);
        command
    };
    let version = || {
        let mut command = Command::new(&program);
        command.arg("--version");
        command
    };
    compare("", &|| plan(&large), &bare);
    let reserving = folder.join("reserving.csv");
    generate(&reserving, Shape::Reserving);
    compare(", a fitting cap searched for most quotas", &|| plan(&reserving), &|| {
        let mut command = Command::new(&own);
        command.arg("bare-csv-pass").arg(&reserving);
        command
    });
    let (middle, config) = (folder.join("middle.csv"), folder.join("check.toml"));
    let text = std::fs::read_to_string(&large).expect("the generated file");
    let head: Vec<&str> = text.lines().take(CHECKED + 1).collect();
    std::fs::write(&middle, head.join("\n") + "\n").expect("a file of middle size");
    drop(text);
    // Everything fails: quotas, budgets and the policy.
    std::fs::write(&config, EVERYTHING_FAILS).expect("a configuration");
    let check = || {
        let mut command = Command::new(&program);
        command
            .args(["check", "--assume-defaults", "--config"])
            .args([&config, &middle])
            .current_dir(&folder);
        command
    };
    let same = || {
        let mut command = plan(&middle);
        command.arg("--config").arg(&config);
        command
    };
    compare_often(&format!("check / plan, {CHECKED} rows"), &check, &same, 1.5);
    let (thousand, scenarios) = (folder.join("thousand.csv"), folder.join("whatif.toml"));
    let head: Vec<String> = std::fs::read_to_string(&middle)
        .expect("the file of middle size")
        .lines()
        .take(1_001)
        .map(str::to_owned)
        .collect();
    std::fs::write(&thousand, head.join("\n") + "\n").expect("a file of a thousand rows");
    let tables = (1..=SCENARIOS).map(|n| {
        format!("[[scenario]]\nname = \"s{n}\"\n[[scenario.change]]\nset = {{ rate = \"*1.{n:03}\" }}\n")
    });
    std::fs::write(&scenarios, tables.collect::<String>()).expect("scenarios");
    let whatif = || {
        let mut command = Command::new(&program);
        command
            .args(["whatif", "--format", "csv", "--config"])
            .args([&scenarios, &thousand])
            .current_dir(&folder);
        command
    };
    let one = || {
        let mut command = plan(&thousand);
        command.arg("--config").arg(&scenarios);
        command
    };
    compare_often(&format!("{SCENARIOS} scenarios / one plan, 1000 rows"), &whatif, &one, 250.0);
    match peak_memory(plan(&large)) {
        Some(mebibytes) => {
            println!("peak memory          {mebibytes:8} MiB  (wanted: at most 400)");
        }
        None => println!("peak memory          not measured: this system has no /proc"),
    }
    let (mut starts, mut versions) = (Vec::new(), Vec::new());
    for _ in 0..=20 {
        starts.push(time(plan(&small)));
        versions.push(time(version()));
    }
    let difference = median(seconds(&starts[1..])) - median(seconds(&versions[1..]));
    println!("ten rows - --version {:8.1} ms   (wanted: at most 20)", difference * 1e3);
    std::fs::remove_dir_all(&folder).expect("the temporary folder goes");
}

/// Times two commands in turn and prints the medians and the median ratio.
fn compare(what: &str, plan: &dyn Fn() -> Command, bare: &dyn Fn() -> Command) {
    let (mut plans, mut passes, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    // The first run warms the file cache and is not counted.
    for run in 0..=RUNS {
        let (a, b) = (time(plan()).as_secs_f64(), time(bare()).as_secs_f64());
        if run > 0 {
            plans.push(a);
            passes.push(b);
            ratios.push(a / b);
        }
    }
    println!("plan{what}: {:.3} s", median(plans));
    println!("bare csv byte pass: {:.3} s", median(passes));
    println!("ratio: {:.2} (wanted: at most 4)", median(ratios));
}

/// Times two short commands in turn, many times, and prints the median ratio.
fn compare_often(what: &str, a: &dyn Fn() -> Command, b: &dyn Fn() -> Command, wanted: f64) {
    let ratios = (0..=30).map(|_| time_any(a()).as_secs_f64() / time_any(b()).as_secs_f64());
    let ratios: Vec<f64> = ratios.skip(1).collect();
    println!("{what}: {:.2} (wanted: at most {wanted})", median(ratios));
}

fn seconds(times: &[Duration]) -> Vec<f64> {
    times.iter().map(Duration::as_secs_f64).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn time(command: Command) -> Duration {
    timed(command, &[0])
}

/// The same for a check, which fails.
fn time_any(command: Command) -> Duration {
    timed(command, &[0, 1])
}

fn timed(mut command: Command, statuses: &[i32]) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    assert!(status.code().is_some_and(|code| statuses.contains(&code)), "{command:?} failed");
    start.elapsed()
}

/// Peak resident memory, polled from the kernel's own high-water mark while the program runs.
fn peak_memory(mut command: Command) -> Option<u64> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().ok()?.is_none() {
        if let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kibibytes =
                line.and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse::<u64>().ok());
            peak = peak.max(kibibytes);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    peak.map(|kibibytes| kibibytes.div_ceil(1024))
}

/// What the csv crate alone takes for the same file.
fn bare_pass(path: &Path) {
    let mut reader = csv::Reader::from_path(path).expect("the generated file");
    let mut record = csv::ByteRecord::new();
    let mut bytes = 0;
    while reader.read_byte_record(&mut record).expect("a well-formed file") {
        bytes += record.as_slice().len();
    }
    println!("{bytes}");
}

/// What a generated file is like.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Most quotas are exceeded by what requests settle at.
    Plain,
    /// Most quotas are exceeded by reservations alone, so that for each a fitting cap is searched.
    Reserving,
}

/// Whole numbers below a bound (xorshift64), the same on every run.
fn random() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

/// Twenty models in two scopes, believable shapes, the same file every time.
fn generate(path: &Path, shape: Shape) {
    const MODELS: [&str; 20] = [
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-sonnet-4-6",
        "anthropic.claude-sonnet-5",
        "anthropic.claude-sonnet-5-5",
        "anthropic.claude-opus-4-5-20251101-v1:0",
        "anthropic.claude-opus-4-6-v1",
        "anthropic.claude-opus-4-7",
        "anthropic.claude-opus-4-8",
        "anthropic.claude-opus-5",
        "anthropic.claude-opus-5-5",
        "anthropic.claude-fable-5",
        "anthropic.claude-fable-5-1",
        "openai.gpt-5.6-luna",
        "openai.gpt-5.6-sol",
        "openai.gpt-5.6-terra",
        "openai.gpt-6-astra",
        "openai.gpt-6-luna",
        "openai.gpt-6-sol",
        "openai.gpt-6.1-sol",
    ];
    let file = std::fs::File::create(path).expect("a file in the temporary folder");
    let mut out = std::io::BufWriter::new(file);
    let header = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,cache_read_tokens,\
                  cache_write_tokens,output_tokens,max_tokens,latency_seconds,team\n";
    out.write_all(header.as_bytes()).expect("writing");
    let mut random = random();
    let scale = if shape == Shape::Plain { "0." } else { "0.00" };
    let mut line = String::new();
    for row in 0..ROWS {
        line.clear();
        let model = MODELS[row % MODELS.len()];
        let scope = if (row / MODELS.len()).is_multiple_of(2) { "us" } else { "global" };
        let rate = random(100) + 1;
        let output = random(1_500) + 50;
        writeln!(
            line,
            "workload-{row},{model},{scope},{}{rate:03},{}{:03},{},{},{},{output},{},{}.{},team-{}",
            scale,
            scale,
            rate * 3,
            random(8_000) + 200,
            random(4_000),
            random(500),
            if shape == Shape::Plain { output * 2 + random(8_000) } else { 64_000 },
            random(40) + 1,
            random(10),
            random(30),
        )
        .expect("writing to a string");
        out.write_all(line.as_bytes()).expect("writing");
    }
    out.flush().expect("writing");
}
