//! The words for how a finding stands to the baseline.

/// How a finding stands to the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingChange {
    /// The baseline has nothing like it.
    New,
    /// What it is about is worse than in the baseline.
    Worse,
    /// The baseline has it, and it is no worse now.
    Known,
}

impl FindingChange {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Known => "known",
        }
    }

    /// The same in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse than before",
            Self::Known => "no worse than before",
        }
    }

    pub(super) fn worse_where(worse: bool) -> Self {
        if worse { Self::Worse } else { Self::Known }
    }
}
