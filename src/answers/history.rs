//! Quota increases that were requested, as Service Quotas tells their history.

use jiff::Timestamp;

use crate::units::QuotaAmount;

/// Where a request stands (`RequestStatus`, Service Quotas API 2019-06-24).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestStatus {
    /// Waits for Service Quotas.
    Pending,
    /// A Support case decides.
    CaseOpened,
    /// Granted.
    Approved,
    /// Refused.
    Denied,
    /// The Support case was closed; the API does not say with which decision.
    CaseClosed,
    /// Not granted, and no case was opened.
    NotApproved,
    /// Not taken.
    InvalidRequest,
    /// A word this version does not know.
    Other(String),
}

impl RequestStatus {
    /// Reads AWS's word.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "PENDING" => Self::Pending,
            "CASE_OPENED" => Self::CaseOpened,
            "APPROVED" => Self::Approved,
            "DENIED" => Self::Denied,
            "CASE_CLOSED" => Self::CaseClosed,
            "NOT_APPROVED" => Self::NotApproved,
            "INVALID_REQUEST" => Self::InvalidRequest,
            other => Self::Other(other.to_owned()),
        }
    }

    /// AWS's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::CaseOpened => "CASE_OPENED",
            Self::Approved => "APPROVED",
            Self::Denied => "DENIED",
            Self::CaseClosed => "CASE_CLOSED",
            Self::NotApproved => "NOT_APPROVED",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::Other(word) => word,
        }
    }

    /// Whether it may still be granted: while one is open, AWS takes no second. A word this version
    /// does not know counts as open, so that nothing is requested twice.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Pending | Self::CaseOpened | Self::Other(_))
    }
}

/// One requested increase (`RequestedServiceQuotaChange`, Service Quotas API 2019-06-24).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaRequest {
    /// Service Quotas' id of the request.
    pub id: String,
    /// The quota code.
    pub code: String,
    /// AWS's name, where stated.
    pub name: Option<String>,
    /// The value asked for, in the quota's own unit, a fraction rounded down; `None` where not stated.
    pub desired: Option<QuotaAmount>,
    /// Where it stands.
    pub status: RequestStatus,
    /// The Support case, where there is one.
    pub case_id: Option<String>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it last changed.
    pub updated: Option<Timestamp>,
}
