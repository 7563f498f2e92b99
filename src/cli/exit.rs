//! How a run ends, and why it ends early.

use super::errors::{
    CheckError, CompareError, ConfirmError, ExplainError, IamError, InitError, LiveError, ManError,
    NamingError, OutputPathError, QuotasError, SubmitError, WhatifError,
};
use super::request::RequestError;
use super::sample::{SampleError, UpdateError};
use super::simulate::SimulateError;
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
    /// Several errors, which are shown one by one.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<CliError>),
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
    /// The result does not go where it should.
    #[error(transparent)]
    Place(#[from] OutputPathError),
    /// A name leads to no model and scope.
    #[error(transparent)]
    Naming(#[from] NamingError),
    /// AWS cannot be called, or refuses.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// Something that cannot be taken back is not confirmed.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// Increases are not handed over.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// `check` cannot write its results.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// `compare` has nothing to compare.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// `explain` has nothing to explain.
    #[error(transparent)]
    Explain(#[from] ExplainError),
    /// `iam` writes no document.
    #[error(transparent)]
    Iam(#[from] IamError),
    /// `init` writes nothing.
    #[error(transparent)]
    Init(#[from] InitError),
    /// No man page.
    #[error(transparent)]
    Man(#[from] ManError),
    /// `quotas` looks nothing up.
    #[error(transparent)]
    Quotas(#[from] QuotasError),
    /// `request` makes, judges or sends no pack.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// `sample` samples nothing.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// `sample --update` changes nothing.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// `simulate` replays nothing.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
    /// `whatif` answers nothing.
    #[error(transparent)]
    Whatif(#[from] WhatifError),
}

impl CliError {
    /// Errors that are shown one by one.
    pub(crate) fn several<E: Into<Self>>(errors: impl IntoIterator<Item = E>) -> Self {
        Self::Several(errors.into_iter().map(Into::into).collect())
    }
}
