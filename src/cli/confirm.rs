//! Asking before something that cannot be taken back.

use super::errors::ConfirmError;
use super::{Session, output};

/// Asks on a terminal, and goes on where the answer is yes or `--yes` stands for it.
///
/// # Errors
/// Where the answer is no, or there is no terminal to ask on.
pub(super) fn confirm(session: &Session<'_>, question: &str, yes: bool) -> Result<(), ConfirmError> {
    if yes {
        return Ok(());
    }
    let terminals = session.terminals();
    if !terminals.input || !terminals.errors {
        return Err(ConfirmError::NoTerminal);
    }
    output::message(session, &format!("{question} [y/N] "));
    // An answer that cannot be read is none.
    let answer = session.read_line().unwrap_or_default();
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(ConfirmError::Declined)
    }
}
