//! What several tests share: loading texts through the public API, and running the program.

pub(crate) mod case;
pub(crate) mod hostile;
pub(crate) mod part;

use std::path::PathBuf;
use std::process::{Command, Output};

use proptest::prelude::prop;
use quotaplan::catalog::{self, Catalog};
use quotaplan::cli::{Exit, Session, Terminals, main_from};
use quotaplan::config::Config;
use quotaplan::engine::{self, Assumptions, Plan, PlanInput, TooLarge};
use quotaplan::text::{Diagnostic, Diagnostics, InputLimits, Sources, decode};
use quotaplan::workload::{self, ReadOptions, WorkloadSet};

/// Everything a plan was made from, and the plan.
pub(crate) struct Planned {
    pub sources: Sources,
    pub catalog: Catalog,
    pub assumptions: Assumptions,
    pub workloads: WorkloadSet,
    pub plan: Plan,
}

impl Planned {
    pub(crate) fn input(&self) -> PlanInput<'_> {
        PlanInput { catalog: &self.catalog, workloads: &self.workloads, assumptions: &self.assumptions }
    }
}

/// Why there is no plan.
#[derive(Debug)]
pub(crate) enum Refused {
    Inputs(Vec<Diagnostic>),
    TooLarge(TooLarge),
}

/// Plans a CSV as bytes, with assumptions changed by `change`.
pub(crate) fn try_plan(csv: &[u8], change: impl FnOnce(&mut Assumptions)) -> Result<Planned, Refused> {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let catalog = catalog::load(&mut sources, None, &mut diagnostics).expect("the embedded table is valid");
    let file = decode(&mut sources, "workloads.csv", csv.to_vec(), &mut diagnostics);
    let options = ReadOptions::default();
    let workloads =
        file.and_then(|file| workload::parse(&sources, file, &catalog, &options, &mut diagnostics));
    let mut assumptions = Assumptions::new(&Config::default(), &catalog, &mut diagnostics);
    change(&mut assumptions);
    let failed = diagnostics.has_errors();
    let Some(workloads) = workloads.filter(|_| !failed) else {
        return Err(Refused::Inputs(diagnostics.into_sorted()));
    };
    let input = PlanInput { catalog: &catalog, workloads: &workloads, assumptions: &assumptions };
    let plan = engine::plan(&input).map_err(Refused::TooLarge)?;
    Ok(Planned { sources, catalog, assumptions, workloads, plan })
}

/// Plans a CSV that is valid.
pub(crate) fn plan(csv: &str) -> Planned {
    match try_plan(csv.as_bytes(), |_| {}) {
        Ok(planned) => planned,
        Err(refused) => panic!("not planned: {refused:?}\n{csv}"),
    }
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder that holds the inputs of a case.
pub(crate) fn inputs_of(case: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    case::Case::read(case).write_inputs(folder.path());
    folder
}

/// The program, in a folder of its own choosing, without the surroundings' settings: where it has the
/// feature `aws`, it has no credentials, and an endpoint at which nobody answers.
pub(crate) fn quotaplan(folder: &std::path::Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_quotaplan"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_ACCESS_KEY_ID")
        .output()
        .expect("the program runs")
}

/// How a run in this process ended, and what it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    pub status: u8,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Ran {
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

/// The program in this process, in a folder of its own choosing, on a standard input; no stream is a terminal.
pub(crate) fn run_in(folder: &std::path::Path, arguments: &[&str], input: &[u8]) -> Ran {
    run_within(InputLimits::default(), folder, arguments, std::io::Cursor::new(input.to_vec()))
}

/// The same with other limits on the size of an input.
pub(crate) fn run_within(
    limits: InputLimits,
    folder: &std::path::Path,
    arguments: &[&str],
    input: impl std::io::Read + Send + 'static,
) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let session = Session::new(folder, input, &mut stdout, &mut stderr).with_limits(limits);
    let status =
        status_of(main_from(std::iter::once("quotaplan").chain(arguments.iter().copied()), &session));
    drop(session);
    Ran { status, stdout, stderr }
}

/// The program in this process on a screen of so many columns, in the folder of the repository.
pub(crate) fn run_on_a_screen(columns: usize, arguments: &[&str]) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let terminals = Terminals { width: Some(columns), ..Terminals::default() };
    let session = Session::new(root(), std::io::empty(), &mut stdout, &mut stderr).with_terminals(terminals);
    let status =
        status_of(main_from(std::iter::once("quotaplan").chain(arguments.iter().copied()), &session));
    drop(session);
    Ran { status, stdout, stderr }
}

const fn status_of(exit: Exit) -> u8 {
    match exit {
        Exit::Success => 0,
        Exit::Findings => 1,
        Exit::Failure => 2,
    }
}

/// Bytes with some of them changed, and then pieces of text put in.
pub(crate) fn damaged(
    mut bytes: Vec<u8>,
    changes: &[(prop::sample::Index, u8)],
    pieces: &[(prop::sample::Index, &str)],
) -> Vec<u8> {
    for (at, byte) in changes {
        let at = at.index(bytes.len());
        bytes[at] = *byte;
    }
    for (at, piece) in pieces {
        let at = at.index(bytes.len());
        bytes.splice(at..at, piece.bytes());
    }
    bytes
}
