//! What came of an increase.

use super::SkipReason;
use crate::answers::QuotaRequest;
use crate::aws::{CallFault, Increase};

/// What came of one increase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionResult {
    /// AWS took the request and said so.
    Requested(QuotaRequest),
    /// The answer was lost, and AWS's history shows that the request was taken.
    Found(QuotaRequest),
    /// It was not sent.
    Skipped(SkipReason),
    /// AWS refuses it as it stands; the others were gone on with.
    Refused(CallFault),
    /// The answer was lost, and AWS's history does not show the request yet: the run ends here.
    Unknown(CallFault),
    /// It was not taken, for a reason that would keep the others from being taken too: the run ends
    /// here.
    Stopped(CallFault),
    /// The run ended before it.
    NotTried,
}

impl SubmissionResult {
    /// Whether there is nothing left to ask AWS for: it stands in AWS's history, or holds.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        match self {
            Self::Requested(_) | Self::Found(_) => true,
            Self::Skipped(skip) => skip.is_settled(),
            Self::Refused(_) | Self::Unknown(_) | Self::Stopped(_) | Self::NotTried => false,
        }
    }

    /// Whether the run goes on after it.
    pub(super) const fn goes_on(&self) -> bool {
        !matches!(self, Self::Unknown(_) | Self::Stopped(_) | Self::NotTried)
    }
}

/// An increase and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What was asked for.
    pub increase: Increase,
    /// What came of it.
    pub outcome: SubmissionResult,
}
