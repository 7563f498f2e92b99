//! Quotas as Service Quotas states them.

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
