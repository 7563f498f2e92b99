//! The streams, the arguments and the environment of the process itself, which no other file uses.

use std::env::{ArgsOs, args_os, var_os};
use std::io::{IsTerminal, stderr, stdin, stdout};

use indicatif::ProgressDrawTarget;
use terminal_size::{Width, terminal_size_of};

use super::{Session, Terminals};

/// The arguments of the process, the program's name first.
pub(super) fn arguments() -> ArgsOs {
    args_os()
}

/// Runs a function in the folder of the process and on its streams.
pub(super) fn with_session<T>(run: impl FnOnce(&Session<'_>) -> T) -> T {
    // https://no-color.org: present and not empty.
    let is_plain = var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let terminals = Terminals {
        input: stdin().is_terminal(),
        output: stdout().is_terminal(),
        errors: stderr().is_terminal(),
        colour: !is_plain,
        width: columns(),
        help_width: None,
    };
    let (mut output, mut errors) = (stdout(), stderr());
    let session = Session::new("", stdin(), &mut output, &mut errors).with_terminals(terminals);
    run(&session.of_the_process())
}

/// Columns of standard output: those that the shell states, else those of the terminal.
fn columns() -> Option<usize> {
    let stated = var_os("COLUMNS").and_then(|columns| columns.to_str()?.trim().parse().ok());
    let of_terminal = || terminal_size_of(stdout()).map(|(Width(columns), _)| usize::from(columns));
    stated.filter(|columns| *columns > 0).or_else(of_terminal)
}

/// Where a progress bar is drawn: only on the terminal of the process.
pub(super) fn bar(session: &Session<'_>) -> Option<ProgressDrawTarget> {
    (session.is_process() && session.terminals().errors).then(ProgressDrawTarget::stderr)
}
