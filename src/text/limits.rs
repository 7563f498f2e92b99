//! How large an input that is held whole in memory may be.

/// The most bytes of one input that is held whole. Traces are read in parts and may be of any length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputLimits {
    /// Of files with a row for each workload, minute or prompt.
    pub rows: u64,
    /// Of every other file: configuration, model tables, policies, saved answers, baselines.
    pub documents: u64,
}

impl Default for InputLimits {
    fn default() -> Self {
        Self { rows: 4 << 30, documents: 256 << 20 }
    }
}

/// Which of the limits holds for an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// A file with a row for each workload, minute or prompt.
    Rows,
    /// Any other file.
    Document,
}

impl InputLimits {
    /// The most bytes of an input of a kind.
    #[must_use]
    pub const fn of(self, kind: InputKind) -> u64 {
        match kind {
            InputKind::Rows => self.rows,
            InputKind::Document => self.documents,
        }
    }
}
