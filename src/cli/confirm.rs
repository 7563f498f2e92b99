//! Asking before something that cannot be taken back.

use super::{CliError, Session, output};

/// Asks on a terminal, and goes on where the answer is yes or `--yes` stands for it.
///
/// # Errors
/// Where the answer is no, or there is no terminal to ask on.
pub(super) fn confirm(session: &Session<'_>, question: &str, yes: bool) -> Result<(), CliError> {
    if yes {
        return Ok(());
    }
    let terminals = session.terminals();
    if !terminals.input || !terminals.errors {
        return Err(CliError::Message(
            "there is no terminal to ask on: --yes stands for the answer".to_owned(),
        ));
    }
    output::message(session, &format!("{question} [y/N] "));
    // An answer that cannot be read is none.
    let answer = session.read_line().unwrap_or_default();
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(CliError::Message("nothing was sent".to_owned()))
    }
}
