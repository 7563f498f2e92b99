//! The one error of the arithmetic.

/// A figure above 10^18, and the row it comes from: the one that passes it alone, else the one that
/// adds most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a figure exceeds 10^18")]
pub struct TooLarge {
    /// Index of the row in the workload set.
    pub row: Option<usize>,
}
