//! What stands in the account for a quota, and whether an increase of it is to be sent.

use std::collections::BTreeSet;
use std::fmt;

use crate::answers::{QuotaRequest, RequestStatus, ServiceQuota};
use crate::aws::{CallFault, Increase, QuotaService};
use crate::text::plain::{cell_name, one_line};
use crate::units::QuotaAmount;

/// Which value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The account's own.
    Applied,
    /// AWS's default, where the account has none of its own.
    Default,
}

/// The value that holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrentValue {
    /// In the quota's own unit.
    pub value: QuotaAmount,
    /// Which value it is.
    pub basis: Basis,
}

/// An increase and what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedIncrease {
    /// What is asked for.
    pub increase: Increase,
    /// AWS's name of the quota, where stated.
    pub name: Option<String>,
    /// The value that holds now; `None` where AWS states none.
    pub current: Option<CurrentValue>,
    /// The account that AWS names it for, twelve digits; `None` where it names none.
    pub account: Option<String>,
    /// Whether it is to be sent.
    pub decision: Decision,
}

/// Whether an increase is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is.
    Send,
    /// It is not.
    Skip(SkipReason),
}

/// Why an increase is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// AWS knows no such quota in the Region.
    NoSuchQuota,
    /// AWS states no value, so it cannot be told whether the one asked for is above it.
    ValueUnknown,
    /// What is asked for holds already.
    Held(CurrentValue),
    /// It is above the applied value and not above AWS's default: Service Quotas refuses it.
    NotAboveDefault(QuotaAmount),
    /// Service Quotas cannot raise it.
    NotAdjustable,
    /// A request for it is open.
    Open(QuotaRequest),
    /// The same value was asked for before.
    AskedBefore(QuotaRequest),
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchQuota => write!(f, "AWS has no such quota in this Region"),
            Self::ValueUnknown => write!(f, "AWS states no value, so it is not known whether it is lower"),
            Self::Held(CurrentValue { value, basis: Basis::Applied }) => {
                write!(f, "the applied value is already {value}")
            }
            Self::Held(CurrentValue { value, basis: Basis::Default }) => {
                write!(f, "the default is already {value}")
            }
            Self::NotAboveDefault(default) => write!(
                f,
                "AWS's default is {default}, and Service Quotas refuses any value at or below it: ask AWS Support to restore \
                 the default"
            ),
            Self::NotAdjustable => write!(f, "Service Quotas cannot raise it: open a Support case"),
            Self::Open(request) => write!(f, "a request is already open: {}", named(request)),
            Self::AskedBefore(request) => {
                write!(
                    f,
                    "the same value was requested before: {}; --again requests it again",
                    named(request)
                )
            }
        }
    }
}

/// A request by id, value and status.
fn named(request: &QuotaRequest) -> String {
    let desired = request.desired.map_or_else(|| "an unstated value".to_owned(), |value| value.to_string());
    format!("{} for {desired}, {}", cell_name(&request.id), one_line(request.status.as_str()))
}

impl SkipReason {
    /// Whether there is nothing left to ask AWS for: it holds, or AWS has the request.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        match self {
            Self::Held(_) | Self::Open(_) | Self::AskedBefore(_) => true,
            Self::NoSuchQuota | Self::ValueUnknown | Self::NotAboveDefault(_) | Self::NotAdjustable => false,
        }
    }
}

/// What was found, and the requests that the history held then.
#[derive(Debug)]
pub(super) struct PreparedWithHistory {
    pub(super) standing: PreparedIncrease,
    pub(super) ids: BTreeSet<String>,
}

/// Reads what stands in the account for one increase.
pub(super) fn find_standing(
    service: &dyn QuotaService,
    increase: &Increase,
    again: bool,
) -> Result<PreparedWithHistory, CallFault> {
    let applied = service.applied_of(&increase.code)?;
    let default = service.default_of(&increase.code)?;
    let default_value = default.as_ref().map(|default| default.value);
    let (quota, basis) = match applied {
        Some(applied) => (Some(applied), Basis::Applied),
        None => (default, Basis::Default),
    };
    let requests = service.requests_of(&increase.code)?;
    let value = quota.as_ref().and_then(|quota| quota.value);
    let current = value.map(|value| CurrentValue { value, basis });
    let decision = match skip(increase, quota.as_ref(), current, default_value, &requests, again) {
        Some(skip) => Decision::Skip(skip),
        None => Decision::Send,
    };
    let ids = requests.into_iter().map(|request| request.id).collect();
    let (name, account) = quota.map_or((None, None), |quota| (quota.name, quota.account));
    Ok(PreparedWithHistory {
        standing: PreparedIncrease { increase: increase.clone(), name, current, account, decision },
        ids,
    })
}

fn skip(
    increase: &Increase,
    quota: Option<&ServiceQuota>,
    current: Option<CurrentValue>,
    default: Option<Option<QuotaAmount>>,
    requests: &[QuotaRequest],
    again: bool,
) -> Option<SkipReason> {
    if let Some(held) = current.filter(|current| current.value >= increase.desired) {
        return Some(SkipReason::Held(held));
    }
    if let Some(open) = requests.iter().find(|request| request.status.is_open()) {
        return Some(SkipReason::Open(open.clone()));
    }
    let Some(quota) = quota else { return Some(SkipReason::NoSuchQuota) };
    match default {
        _ if current.is_none() => return Some(SkipReason::ValueUnknown),
        // A default without a value may be above what is asked for.
        Some(None) => return Some(SkipReason::ValueUnknown),
        Some(Some(default)) if default >= increase.desired => {
            return Some(SkipReason::NotAboveDefault(default));
        }
        Some(Some(_)) | None => {}
    }
    if quota.adjustable == Some(false) {
        return Some(SkipReason::NotAdjustable);
    }
    let before = requests.iter().find(|request| answers(request, increase)).filter(|_| !again);
    before.map(|request| SkipReason::AskedBefore(request.clone()))
}

/// Whether a request that has come to its end was for what is asked for: the same value, or a larger
/// one that AWS grants and has not applied yet.
fn answers(request: &QuotaRequest, increase: &Increase) -> bool {
    match (&request.status, request.desired) {
        (RequestStatus::Approved, Some(desired)) => desired >= increase.desired,
        (_, Some(desired)) => desired == increase.desired,
        // It may have been.
        (_, None) => true,
    }
}
