//! A statement and what follows from it.

/// What something is and what to do about it: a clause each, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What it is, with its figures.
    pub message: String,
    /// What to do, empty where there is nothing to do.
    pub help: String,
}
