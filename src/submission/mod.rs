//! Quota increases handed to Service Quotas: what is sent, what is not and why, and what came of it.
//!
//! AWS's own history is the ledger: before each request it is read, and what stands there already is
//! not asked for again, so a run that was broken off can be started again as it was. Nothing here asks
//! a person or waits on its own: that is the caller's.

mod outcome;
mod send;
mod standing;

pub use outcome::{Sent, SubmissionResult};
pub use send::send;
pub use standing::{Basis, CurrentValue, Decision, PreparedIncrease, SkipReason};

use std::collections::BTreeSet;

use crate::aws::{CallFault, Increase, QuotaService};
use crate::text::plain::cell_name;
use crate::units::{DESIRED_MAXIMUM, QuotaAmount, grouped, is_quota_code};

/// Why nothing is sent at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An increase that cannot be asked for.
    #[error(transparent)]
    Increase(#[from] IncreaseFault),
    /// A reading call failed.
    #[error(transparent)]
    Call(#[from] CallFault),
}

/// Why an increase cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IncreaseFault {
    /// The code has not the form of a quota code.
    #[error("`{}` is not a quota code", cell_name(code))]
    NotACode {
        /// The code as it was given.
        code: String,
    },
    /// Two increases of one quota.
    #[error("{code} is requested twice: remove one of the two")]
    Twice {
        /// The quota's code.
        code: String,
    },
    /// A value that the API does not take.
    #[error(
        "{code}: {desired} must be above 0 and at most {}, the largest value that Service Quotas accepts",
        grouped(u128::from(DESIRED_MAXIMUM))
    )]
    Value {
        /// The quota's code.
        code: String,
        /// The value asked for, in the quota's own unit.
        desired: QuotaAmount,
    },
}

/// Reads what stands in the account and decides for each increase, in order, whether it is to be sent.
///
/// It sends nothing. With `again`, an earlier request for the same value that has come to its end does
/// not keep one from being sent.
///
/// # Errors
/// A [`Refusal`]: a code twice or of no valid form, a value that the API does not take, or a reading
/// call that fails.
pub fn prepare(
    service: &dyn QuotaService,
    increases: &[Increase],
    again: bool,
) -> Result<Vec<PreparedIncrease>, Refusal> {
    valid(increases)?;
    increases.iter().map(|increase| Ok(standing::find_standing(service, increase, again)?.standing)).collect()
}

/// The first increase that cannot be asked for.
fn valid(increases: &[Increase]) -> Result<(), IncreaseFault> {
    let mut codes = BTreeSet::new();
    for Increase { code, desired, .. } in increases {
        if !is_quota_code(code) {
            return Err(IncreaseFault::NotACode { code: code.clone() });
        }
        if !codes.insert(code) {
            return Err(IncreaseFault::Twice { code: code.clone() });
        }
        if *desired == QuotaAmount::default() || desired.get() > DESIRED_MAXIMUM {
            return Err(IncreaseFault::Value { code: code.clone(), desired: *desired });
        }
    }
    Ok(())
}
