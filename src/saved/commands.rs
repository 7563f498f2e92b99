//! The AWS CLI commands whose saved output is read here; the CLI follows the pages by itself.
//!
//! Command names and flags: AWS CLI 1.45 and 2, `aws service-quotas`, read 2026-11-25.

use super::SERVICE;
use crate::catalog::REGION;

/// Lists the applied quotas: those that AWS keeps a value of for the account.
#[must_use]
pub fn list_applied() -> String {
    format!("aws service-quotas list-service-quotas --region {REGION} --service-code {SERVICE} --output json")
}

/// Lists AWS's defaults.
#[must_use]
pub fn list_defaults() -> String {
    format!(
        "aws service-quotas list-aws-default-service-quotas --region {REGION} --service-code {SERVICE} --output json"
    )
}

/// Lists every increase that was requested for one quota.
#[must_use]
pub fn list_requests_of(code: &str) -> String {
    format!(
        "aws service-quotas list-requested-service-quota-change-history-by-quota --region {REGION} \
         --service-code {SERVICE} --quota-code {code} --output json"
    )
}
