//! Capacity planning for Amazon Bedrock quotas.

pub mod catalog;
pub mod config;
pub mod text;
pub mod units;
pub mod workload;
