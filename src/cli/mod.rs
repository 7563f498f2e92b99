//! The command line: what was typed, what is loaded for it, and where the result goes.

mod args;
mod check;
mod compare;
mod confirm;
mod explain;
mod iam;
mod init;
mod inputs;
mod live;
mod migrate;
mod models;
mod output;
mod plan;
mod progress;
mod quotas;
mod request;
mod sample;
mod simulate;
mod staged;
mod submit;
mod whatif;

use clap::{CommandFactory, Parser};

pub use args::Cli;
use args::{Command, ModelsCommand};

use crate::text::plain;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All well.
    Success,
    /// Findings that fail a check.
    Findings,
    /// Usage, input or environment error.
    Failure,
}

/// Why a run ends early; what there was to say about inputs has been said.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The inputs have errors, which are reported.
    #[error("the inputs have errors")]
    Inputs,
    /// Something else, in words.
    #[error("{0}")]
    Message(String),
    /// Several things, in words.
    #[error("{}", .0.join("; "))]
    Messages(Vec<String>),
    /// The output cannot be written.
    #[error("cannot write {target}")]
    Write {
        /// Where to.
        target: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The result cannot be rendered.
    #[error("cannot render the result")]
    Render(#[from] crate::render::RenderError),
}

/// Runs the program on its arguments and tells how it ended.
#[must_use]
pub fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                // What was typed stands in it as it was typed.
                let text = plain::lines(&error.render().to_string());
                output::message(&plain::without_commands(&text));
                return Exit::Failure;
            }
            // Help and version are no failure; nothing is left to do where even they cannot be written.
            let _ = error.print();
            return Exit::Success;
        }
    };
    match run(cli) {
        Ok(exit) => exit,
        Err(CliError::Write { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => {
            Exit::Success
        }
        Err(CliError::Inputs) => Exit::Failure,
        Err(CliError::Messages(messages)) => {
            messages.into_iter().for_each(|message| output::error(&CliError::Message(message)));
            Exit::Failure
        }
        Err(error) => {
            output::error(&error);
            Exit::Failure
        }
    }
}

fn run(cli: Cli) -> Result<Exit, CliError> {
    let done = match cli.command {
        Command::Check(args) => return check::run(&args),
        Command::Iam(args) => return iam::run(&args),
        Command::Request(args) => return request::run(*args),
        Command::Init(args) => init::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Whatif(args) => whatif::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Migrate(args) => migrate::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Quotas(args) => quotas::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Models(ModelsCommand::List(args)) => models::list(&args),
        Command::Models(ModelsCommand::Show(args)) => models::show(&args),
        Command::Models(ModelsCommand::Validate(args)) => models::validate(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "quotaplan", &mut script);
            output::stdout(&script)
        }
    };
    done.map(|()| Exit::Success)
}
