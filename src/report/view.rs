//! How much of a result a person asked for.

/// How much of a result is shown to people; a table for spreadsheets and JSON are always whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// The verdict and what to do.
    Actions,
    /// One screen: the verdict, what to do, and the evidence that matters.
    #[default]
    Screen,
    /// The same with every row of the tables and every digit of the figures.
    Rows,
    /// Everything there is.
    Everything,
}

impl Detail {
    /// Whether there is more than the verdict and what to do.
    #[must_use]
    pub const fn has_evidence(self) -> bool {
        !matches!(self, Self::Actions)
    }

    /// Whether tables have every row, and figures every digit.
    #[must_use]
    pub const fn has_all_rows(self) -> bool {
        matches!(self, Self::Rows | Self::Everything)
    }

    /// Whether nothing is left out.
    #[must_use]
    pub const fn is_everything(self) -> bool {
        matches!(self, Self::Everything)
    }
}
