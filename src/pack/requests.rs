//! `requests.json`: the inputs of `RequestServiceQuotaIncrease`, one a quota.

use serde::{Deserialize, Serialize};

use crate::render::RenderError;
use crate::report::{IncreaseRequest, RequestReport};

/// One input of `RequestServiceQuotaIncrease` (Service Quotas API 2019-06-24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DesiredIncrease {
    /// `bedrock`.
    pub service_code: String,
    /// The quota code.
    pub quota_code: String,
    /// The value to ask for now, in the quota's own unit.
    pub desired_value: u64,
    /// Whether AWS may open a Support case; without one it answers `NOT_APPROVED` where one is needed.
    pub support_case_allowed: bool,
}

/// The increases asked for now.
pub(super) fn of(requesting: &RequestReport<'_>, support_case: bool) -> Vec<DesiredIncrease> {
    let increase = |requested: IncreaseRequest<'_>| DesiredIncrease {
        service_code: "bedrock".to_owned(),
        quota_code: requested.code.to_owned(),
        desired_value: requested.now.get(),
        support_case_allowed: support_case,
    };
    requesting.requested().map(increase).collect()
}

pub(super) fn json(requesting: &RequestReport<'_>, support_case: bool) -> Result<String, RenderError> {
    Ok(crate::text::plain::json(&of(requesting, support_case))? + "\n")
}

/// Reads the file of a pack.
///
/// # Errors
/// What is wrong with it, with line and column.
pub fn read(text: &str) -> Result<Vec<DesiredIncrease>, serde_json::Error> {
    serde_json::from_str(text)
}
