//! The streams, the arguments and the environment of the process itself, which no other file uses.

use std::env::{ArgsOs, args_os, var_os};
use std::io::{IsTerminal, stderr, stdin, stdout};

use indicatif::ProgressDrawTarget;

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
        help_width: None,
    };
    let (mut output, mut errors) = (stdout(), stderr());
    let session = Session::new("", stdin(), &mut output, &mut errors).with_terminals(terminals);
    run(&session.of_the_process())
}

/// Where a progress bar is drawn: only on the terminal of the process.
pub(super) fn bar(session: &Session<'_>) -> Option<ProgressDrawTarget> {
    (session.is_process() && session.terminals().errors).then(ProgressDrawTarget::stderr)
}
