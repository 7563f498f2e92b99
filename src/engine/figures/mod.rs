//! From the sums of a pool to the figures of a quota (guide/sizing.md, section 2), a file for each kind.

mod day;
mod figure;
mod level;
mod requests;
mod tokens;

use super::TooLarge;
use super::assumptions::Assumptions;
use super::pool::Prepared;
use super::slots::Slots;
use super::sums::Sums;
use crate::units::QuotaKind;

pub(super) use day::{DayTerms, of_a_day};
pub use figure::{AssumedPeak, Figures};
pub(super) use level::shared;
pub(super) use requests::{RequestTerms, Requests};
pub(super) use tokens::{TokenTerms, Totals, Units, tokens_per_minute, totals};

/// The figures of a quota of a kind.
///
/// # Errors
/// [`TooLarge`] above 10^18.
pub(super) fn of_kind(
    kind: QuotaKind,
    prepared: &Prepared,
    slots: &Slots,
    sums: &[Sums],
    assumptions: &Assumptions,
) -> Result<Figures, TooLarge> {
    match kind {
        QuotaKind::Tpm => tokens_per_minute(prepared, slots, sums, assumptions, false),
        QuotaKind::Rpm => requests::requests_per_minute(prepared, slots, sums, assumptions),
        QuotaKind::Tpd => day::tokens_per_day(prepared, sums, assumptions),
    }
}
