//! How a run ends, and why it ends early.

use crate::render::RenderError;

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
    Render(#[from] RenderError),
}
