//! Asking before something that cannot be taken back.

use std::io::{BufRead, IsTerminal};

use super::{CliError, output};

/// Asks on a terminal, and goes on where the answer is yes or `--yes` stands for it.
///
/// # Errors
/// Where the answer is no, or there is no terminal to ask on.
pub(super) fn confirm(question: &str, yes: bool) -> Result<(), CliError> {
    if yes {
        return Ok(());
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() || !std::io::stderr().is_terminal() {
        return Err(CliError::Message(
            "there is no terminal to ask on: --yes stands for the answer".to_owned(),
        ));
    }
    output::message(&format!("{question} [y/N] "));
    let mut answer = String::new();
    // An answer that cannot be read is none.
    let _ = stdin.lock().read_line(&mut answer);
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(CliError::Message("nothing was sent".to_owned()))
    }
}
