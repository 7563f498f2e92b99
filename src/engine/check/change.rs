//! The words for how a finding stands to the baseline.

/// How a finding stands to the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingChange {
    /// The baseline has nothing like it.
    New,
    /// What it is about is worse than in the baseline.
    Worse,
    /// What it is about is in the baseline no better than now.
    Unchanged,
}

impl FindingChange {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Unchanged => "unchanged",
        }
    }

    pub(super) fn worse_where(worse: bool) -> Self {
        if worse { Self::Worse } else { Self::Unchanged }
    }
}
