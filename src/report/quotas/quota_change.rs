//! How a looked-up quota differs from a file.

use crate::units::words;

words! {
    /// How a quota differs, as scripts read it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum QuotaChange {
        /// AWS's value is larger than that of the file.
        Raised = "raised",
        /// AWS's value is smaller than that of the file.
        Lowered = "lowered",
        /// The file did not have it.
        New = "new",
        /// AWS does not list it any more.
        Gone = "gone",
        /// The file has it as unknown, or as unlimited.
        Known = "now_known",
        /// AWS gave no value.
        Unknown = "now_unknown",
        /// Both have the same value, or none.
        Unchanged = "unchanged",
    }
}
