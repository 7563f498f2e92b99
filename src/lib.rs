//! Capacity planning for Amazon Bedrock quotas.

pub mod text;
pub mod units;
