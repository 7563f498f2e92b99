//! The streams of the process itself, which no other file uses.

use std::io::{IsTerminal, stderr, stdin, stdout};

use indicatif::ProgressDrawTarget;

use super::{Exit, Session, Terminals, main_from};

/// Runs the program on its own arguments, in its own folder and on its own streams, and tells how it ended.
#[must_use]
pub fn main() -> Exit {
    // https://no-color.org: present and not empty.
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let terminals = Terminals {
        input: stdin().is_terminal(),
        output: stdout().is_terminal(),
        errors: stderr().is_terminal(),
        colour: !is_plain,
        help_width: None,
    };
    let (mut output, mut errors) = (stdout(), stderr());
    let session = Session::new("", stdin(), &mut output, &mut errors).with_terminals(terminals);
    main_from(std::env::args_os(), &session.of_the_process())
}

/// Where a progress bar is drawn: only on the terminal of the process.
pub(super) fn bar(session: &Session<'_>) -> Option<ProgressDrawTarget> {
    (session.is_process() && session.terminals().errors).then(ProgressDrawTarget::stderr)
}
