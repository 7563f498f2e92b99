//! A pool's rows with everything their figures are computed from, to be evaluated under changes.

use super::TooLarge;
use super::assumptions::Assumptions;
use super::figures::{Figures, tokens_per_minute};
use super::pool::Prepared;
use super::slots::Slots;
use super::sums::{Variant, pass};

/// Everything a figure of a pool is computed from.
pub(super) struct Evaluation<'a> {
    pub(super) prepared: &'a Prepared,
    pub(super) slots: &'a Slots,
    pub(super) assumptions: &'a Assumptions,
}

impl Evaluation<'_> {
    /// The figures with the rows changed.
    pub(super) fn figures(&self, variant: &Variant) -> Result<Figures, TooLarge> {
        let sums = pass(self.prepared, variant)?;
        tokens_per_minute(self.prepared, self.slots, &sums, self.assumptions, false)
    }
}
