//! What AWS answers about an account and its calls, whether it came live or from a file that the AWS
//! CLI saved: types alone, so that both ways end in the same result.
//!
//! Nothing here reads a file or calls anybody.

mod history;

pub use history::{QuotaRequest, RequestStatus};

use crate::units::QuotaAmount;

/// One quota of an account or of everyone (`ServiceQuota`, Service Quotas API 2019-06-24).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceQuota {
    /// The quota code, such as `L-27C57EE8`.
    pub code: String,
    /// AWS's name, where stated.
    pub name: Option<String>,
    /// Its value in the quota's own unit, a fraction rounded down; `None` where AWS states none.
    pub value: Option<QuotaAmount>,
    /// Whether Service Quotas takes an increase, where stated.
    pub adjustable: Option<bool>,
    /// The account of its ARN, where it has one: twelve digits.
    pub account: Option<String>,
}

/// What Service Quotas lists for Bedrock in the source Region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuotaListing {
    /// Applied values (`ListServiceQuotas`); a quota that was never changed is absent here.
    pub applied: Vec<ServiceQuota>,
    /// AWS's defaults (`ListAWSDefaultServiceQuotas`).
    pub defaults: Vec<ServiceQuota>,
}

/// Tokens and time of one call (Converse `usage`, `stopReason` and `metrics`, or the headers of InvokeModel).
///
/// The text of prompt and answer is never kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallUsage {
    /// Input neither read from nor written to the cache.
    pub input_tokens: u64,
    /// Output, reasoning included.
    pub output_tokens: u64,
    /// Read from the cache; `None` where AWS states none.
    pub cache_read_tokens: Option<u64>,
    /// Written to the cache; `None` where AWS states none.
    pub cache_write_tokens: Option<u64>,
    /// Why the answer ended, in AWS's word.
    pub stop_reason: Option<String>,
    /// Milliseconds from request to end, as AWS measured them.
    pub latency_milliseconds: Option<u64>,
}
