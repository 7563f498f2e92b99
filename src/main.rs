//! Runs the command line and maps its end to an exit status.

use std::process::ExitCode;

use quotaplan::cli::{self, Exit};

fn main() -> ExitCode {
    match cli::main() {
        Exit::Success => ExitCode::SUCCESS,
        Exit::Findings => ExitCode::from(1),
        Exit::Failure => ExitCode::from(2),
    }
}
