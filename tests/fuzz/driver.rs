//! Runs changed cases one after the other, and counts, times and keeps what is worth looking at.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use quotaplan::cli::{Session, main_from};

use super::folder::{Folder, save, shown};
use super::judge::{Outcome, broken, command, draws};
use super::mutate::mutated;
use super::random::Random;
use super::seeds::{Run, Seeds, files, read};

/// What is to be run.
pub(crate) struct Plan {
    pub(crate) executions: u64,
    pub(crate) seconds: Option<u64>,
    pub(crate) seed: u64,
    pub(crate) first: u64,
    pub(crate) threads: usize,
    pub(crate) save: PathBuf,
    pub(crate) only_draws: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            executions: u64::MAX,
            seconds: None,
            seed: 0,
            first: 0,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            save: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/fuzz"),
            only_draws: false,
        }
    }
}

/// A run that takes longer is slow.
const SLOW: Duration = Duration::from_secs(1);

/// A run that takes longer hangs: the process ends with it.
const HANGS: Duration = Duration::from_secs(600);

/// Inputs that are kept of one fault.
const KEPT: usize = 3;

/// The stack of a process's first thread.
const STACK: usize = 8 << 20;

#[derive(Default)]
struct OfCommand {
    executions: u64,
    failed: u64,
    time: Duration,
    longest: Duration,
    slow: u64,
}

/// What came of it all.
#[derive(Default)]
pub(crate) struct Report {
    commands: BTreeMap<String, OfCommand>,
    /// How often each fault was seen, and in which execution first.
    pub(crate) faults: BTreeMap<String, (u64, u64)>,
    pub(crate) panics: u64,
    slow: Vec<(Duration, u64, String)>,
    /// Executions that were run a second time.
    again: u64,
    took: Duration,
}

impl Report {
    pub(crate) fn executions(&self) -> u64 {
        self.commands.values().map(|command| command.executions).sum()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let executions = self.executions();
        let rate = executions as f64 / self.took.as_secs_f64().max(0.001);
        writeln!(
            f,
            "{executions} executions in {:.0} s, {rate:.0} a second; {} of them twice, for the same bytes",
            self.took.as_secs_f64(),
            self.again
        )?;
        writeln!(f, "panics: {}", self.panics)?;
        writeln!(
            f,
            "{:<18}{:>12}{:>10}{:>12}{:>12}{:>8}",
            "command", "executions", "failed", "mean ms", "longest s", "> 1 s"
        )?;
        for (name, one) in &self.commands {
            let mean = one.time.as_secs_f64() * 1e3 / one.executions.max(1) as f64;
            let longest = one.longest.as_secs_f64();
            writeln!(
                f,
                "{name:<18}{:>12}{:>10}{mean:>12.2}{longest:>12.3}{:>8}",
                one.executions, one.failed, one.slow
            )?;
        }
        for (fault, (times, first)) in &self.faults {
            writeln!(f, "fault ({times} times, first in execution {first}): {fault}")?;
        }
        for (time, execution, words) in self.slow.iter().take(12) {
            writeln!(f, "slow: {:.2} s, execution {execution}: {words}", time.as_secs_f64())?;
        }
        Ok(())
    }
}

/// Runs what the plan says.
pub(crate) fn run(plan: &Plan) -> Report {
    let seeds = Seeds::load();
    let report = Mutex::new(Report::default());
    let next = AtomicU64::new(plan.first);
    let began = Instant::now();
    // When each thread began what it runs, in milliseconds; 0 where it runs nothing.
    let running: Vec<AtomicU64> = (0..plan.threads).map(|_| AtomicU64::new(0)).collect();
    let left = AtomicU64::new(plan.threads as u64);
    std::thread::scope(|scope| {
        for (index, since) in running.iter().enumerate() {
            let (seeds, report, next, left) = (&seeds, &report, &next, &left);
            let work = move || {
                let folder = Folder::new(&index.to_string());
                let is_over = || plan.seconds.is_some_and(|seconds| began.elapsed().as_secs() >= seconds);
                while !is_over() {
                    let execution = next.fetch_add(1, Ordering::Relaxed);
                    if execution - plan.first >= plan.executions {
                        break;
                    }
                    let now = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                    since.store(now.max(1), Ordering::Relaxed);
                    one(plan, seeds, execution, &folder, report);
                    since.store(0, Ordering::Relaxed);
                }
                left.fetch_sub(1, Ordering::Relaxed);
            };
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread");
        }
        let said = || {
            let report = report.lock().expect("no thread panics");
            let (executions, faults, slow) = (report.executions(), report.faults.len(), report.slow.len());
            eprintln!("{executions} executions, {} panics, {faults} faults, {slow} slow", report.panics);
        };
        watch(&running, &left, began, &said);
    });
    let mut report = report.into_inner().expect("no thread panics");
    report.took = began.elapsed();
    report
}

/// Waits for the end; a run that hangs ends the process, and its folder stays.
fn watch(running: &[AtomicU64], left: &AtomicU64, began: Instant, said: &dyn Fn()) {
    let mut minutes = 0;
    while left.load(Ordering::Relaxed) > 0 {
        std::thread::sleep(Duration::from_millis(20));
        if began.elapsed().as_secs() / 60 > minutes {
            minutes += 1;
            said();
        }
        for (index, since) in running.iter().enumerate() {
            let since = Duration::from_millis(since.load(Ordering::Relaxed));
            if !since.is_zero() && began.elapsed().saturating_sub(since) > HANGS {
                let process = std::process::id();
                panic!("a run hangs: it is in the folder quotaplan-fuzz-{process}-{index}");
            }
        }
    }
}

/// The run of one execution.
fn made(plan: &Plan, seeds: &Seeds, execution: u64) -> (Run, bool) {
    let mut random = Random::new(plan.seed, execution);
    let with_draws = random.one_in(10);
    let run = mutated(seeds, &mut random, &|run| {
        if plan.only_draws { draws(run) } else { with_draws || !draws(run) }
    });
    (run, random.one_in(20))
}

fn one(plan: &Plan, seeds: &Seeds, execution: u64, folder: &Folder, report: &Mutex<Report>) {
    let (run, twice) = made(plan, seeds, execution);
    let mut faults = Vec::new();
    let (mut time, outcome) = executed(&run, folder);
    let is_draw = draws(&run);
    // The machine may have been busy.
    let again = twice || (time > SLOW && !is_draw);
    if again && outcome.is_ok() {
        let (time_again, outcome_again) = executed(&run, folder);
        time = time.min(time_again);
        if outcome.as_ref().ok() != outcome_again.as_ref().ok() {
            faults.push(format!("{}: the same input gives other bytes", command(&run)));
        }
    }
    let failed = match &outcome {
        Ok(outcome) => {
            faults.extend(broken(&run, outcome));
            outcome.exit == quotaplan::cli::Exit::Failure
        }
        Err(panic) => {
            faults.push(format!("panic: {panic}"));
            true
        }
    };
    let mut report = report.lock().expect("no thread panics");
    report.panics += u64::from(outcome.is_err());
    report.again += u64::from(again);
    let name = if is_draw { format!("{} (draws)", command(&run)) } else { command(&run) };
    let of_command = report.commands.entry(name).or_default();
    of_command.executions += 1;
    of_command.failed += u64::from(failed);
    of_command.time += time;
    of_command.longest = of_command.longest.max(time);
    of_command.slow += u64::from(time > SLOW);
    if time > SLOW {
        report.slow.push((time, execution, shown(&run)));
        report.slow.sort_by(|a, b| b.cmp(a));
        report.slow.truncate(100);
        let kind = if is_draw { "draws" } else { "slow" };
        let what = format!("{:.2} s, seed {}, execution {execution}", time.as_secs_f64(), plan.seed);
        save(&run, &plan.save.join(format!("{kind}-{}-{execution}", plan.seed)), &what);
    }
    for fault in faults {
        let seen = report.faults.entry(fault.clone()).or_insert((0, execution));
        seen.0 += 1;
        if seen.0 <= KEPT as u64 {
            let to = plan.save.join(format!("fault-{}-{execution}", plan.seed));
            save(&run, &to, &format!("{fault}, seed {}, execution {execution}", plan.seed));
        }
    }
}

/// A panic in words, or what the run did.
type Executed = Result<Outcome, String>;

fn executed(run: &Run, folder: &Folder) -> (Duration, Executed) {
    let place = folder.fill(run);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let began = Instant::now();
    let exit = catch_unwind(AssertUnwindSafe(|| {
        let input = std::io::Cursor::new(run.input.clone());
        let session = Session::new(&place, input, &mut stdout, &mut stderr);
        let arguments = run.arguments.iter().map(|argument| os_string(argument));
        main_from(std::iter::once(OsString::from("quotaplan")).chain(arguments), &session)
    }));
    let time = began.elapsed();
    let outcome = match exit {
        Ok(exit) => Ok(Outcome { exit, stdout, stderr, files: files(&place, &[]) }),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words");
            Err(words.chars().take(300).collect())
        }
    };
    (time, outcome)
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    OsString::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Runs a saved input, and tells what it writes and which rules it breaks.
pub(crate) fn replay(from: &Path) -> String {
    let Some(run) = read(from) else { return format!("{}: there is no saved run", from.display()) };
    let folder = Folder::new("replay");
    let (time, outcome) = executed(&run, &folder);
    let mut text = format!("{}\n{:.3} s\n", shown(&run), time.as_secs_f64());
    match outcome {
        Ok(outcome) => {
            let shown =
                |bytes: &[u8]| String::from_utf8_lossy(bytes).escape_debug().to_string().replace("\\n", "\n");
            let _ = writeln!(
                text,
                "{:?}\nstdout:\n{}\nstderr:\n{}",
                outcome.exit,
                shown(&outcome.stdout),
                shown(&outcome.stderr)
            );
            for fault in broken(&run, &outcome) {
                let _ = writeln!(text, "breaks: {fault}");
            }
        }
        Err(panic) => text.push_str(&format!("panic: {panic}\n")),
    }
    text
}
