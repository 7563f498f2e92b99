//! The words for how a finding stands to the baseline.

use crate::units::words;

words! {
    /// How a finding stands to the baseline.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FindingChange {
        /// The baseline has nothing like it.
        New = "new",
        /// What it is about is worse than in the baseline.
        Worse = "worse",
        /// The baseline has it, and it is no worse now.
        Known = "known",
    }
}

impl FindingChange {
    pub(super) fn worse_where(worse: bool) -> Self {
        if worse { Self::Worse } else { Self::Known }
    }
}
