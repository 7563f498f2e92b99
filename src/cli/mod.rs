//! The command line: what was typed, what is loaded for it, and where the result goes.

mod args;
mod check;
mod compare;
mod confirm;
mod errors;
mod exit;
mod explain;
mod guide;
mod iam;
mod init;
mod inputs;
mod live;
mod man;
mod meant;
mod migrate;
mod models;
mod output;
mod plan;
mod process;
mod progress;
mod quotas;
mod request;
mod sample;
mod schema;
mod session;
mod simulate;
mod staged;
mod submit;
mod whatif;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

pub use args::Cli;
use args::{Command, ModelsCommand, with_examples};
pub(crate) use exit::CliError;
pub use exit::Exit;
pub use session::{Session, Terminals};

use crate::text::plain;

/// Runs the program on its own arguments, in its own folder and on its own streams, and tells how it ended.
#[must_use]
pub fn main() -> Exit {
    process::with_session(|session| main_from(process::arguments(), session))
}

/// Runs a command in the surroundings that are handed in, and tells how it ended. The first argument is the name of
/// the program, as in [`std::env::args_os`].
///
/// Relative paths start from the session's folder; messages and results name them as they were typed. Apart from
/// the files that are named, and `quotaplan.toml` in the folder, nothing outside the session is read or written;
/// commands that call AWS take their credentials from the environment.
///
/// # Example
///
/// ```
/// use quotaplan::cli::{Exit, Session, main_from};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("workloads.csv"), include_str!("../../data/workloads.csv"))?;
/// let (mut output, mut errors) = (Vec::new(), Vec::new());
/// let session = Session::new(folder.path(), std::io::empty(), &mut output, &mut errors);
/// let exit = main_from(["quotaplan", "plan", "workloads.csv", "--format", "csv"], &session);
/// drop(session);
/// assert_eq!(exit, Exit::Success);
/// assert!(output.starts_with(b"account,"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn main_from(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    session: &Session<'_>,
) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let cli = match parse(&arguments, session) {
        Ok(cli) => cli,
        Err(error) => {
            if let Some(first_lines) = meant::without_arguments(&arguments) {
                output::message(session, first_lines);
                return Exit::Failure;
            }
            let is_no_command = error.kind() == ErrorKind::InvalidSubcommand;
            if let Some(meant) = meant::file_alone(&arguments, session).filter(|_| is_no_command) {
                output::message(session, &plain::message(&meant));
                return Exit::Failure;
            }
            if error.use_stderr() {
                output::message(session, &plain::message(&usage_error(error, &arguments, session)));
                return Exit::Failure;
            }
            // Help and version are no failure; nothing is left to do where even they cannot be written.
            let _ = output::stdout(session, error.render().to_string().as_bytes());
            return Exit::Success;
        }
    };
    match run(cli, session) {
        Ok(exit) => exit,
        Err(CliError::Write { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => {
            Exit::Success
        }
        Err(CliError::Inputs) => Exit::Failure,
        Err(CliError::Several(errors)) => {
            errors.iter().for_each(|error| output::error(session, error));
            Exit::Failure
        }
        Err(error) => {
            output::error(session, &error);
            Exit::Failure
        }
    }
}

/// The arguments as they were typed.
fn parse(arguments: &[OsString], session: &Session<'_>) -> Result<Cli, clap::Error> {
    let mut command = with_examples(Cli::command());
    if let Some(width) = session.terminals().help_width {
        command = command.term_width(width);
    }
    let mut matches = command.clone().try_get_matches_from(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

/// What is wrong with the arguments. It repeats what was typed, so it is made from the arguments as a person may see
/// them: a line end in one of them is no line end of the message.
fn usage_error(error: clap::Error, arguments: &[OsString], session: &Session<'_>) -> String {
    let shown = |argument: &OsString| plain::one_line(&argument.to_string_lossy()).into_owned().into();
    let shown: Vec<OsString> = arguments.iter().map(shown).collect();
    let error = if shown == arguments { error } else { parse(&shown, session).err().unwrap_or(error) };
    error.render().to_string()
}

fn run(cli: Cli, session: &Session<'_>) -> Result<Exit, CliError> {
    let done = match cli.command {
        Command::Check(args) => return check::run(&args, session),
        Command::Iam(args) => return iam::run(&args, session),
        Command::Request(args) => return request::run(*args, session),
        Command::Init(args) => init::run(&args, session),
        Command::Plan(args) => plan::run(&args, session),
        Command::Whatif(args) => whatif::run(&args, session),
        Command::Compare(args) => compare::run(&args, session),
        Command::Simulate(args) => simulate::run(&args, session),
        Command::Migrate(args) => migrate::run(&args, session),
        Command::Explain(args) => explain::run(&args, session),
        Command::Quotas(args) => quotas::run(&args, session),
        Command::Sample(args) => sample::run(&args, session),
        Command::Models(ModelsCommand::List(args)) => models::list(&args, session),
        Command::Models(ModelsCommand::Show(args)) => models::show(&args, session),
        Command::Models(ModelsCommand::Check(args)) => models::check(&args, session),
        Command::Models(ModelsCommand::Update(args)) => models::update(&args, session),
        Command::Models(ModelsCommand::Validate(args)) => models::validate(&args, session),
        Command::Guide(args) => guide::run(&args, session),
        Command::Man(args) => man::run(&args, session),
        Command::Schema(args) => schema::run(&args, session),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "quotaplan", &mut script);
            output::stdout(session, &script)
        }
    };
    done.map(|()| Exit::Success)
}
