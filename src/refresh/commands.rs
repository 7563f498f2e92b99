//! The AWS CLI commands whose saved answers a model table is refreshed from; the CLI follows the pages by itself.
//!
//! Command names and flags: botocore 1.44.8, services `bedrock` and `service-quotas`.

use crate::catalog::REGION;
pub use crate::saved::commands::list_defaults;

/// Lists the system-defined inference profiles: destinations, and whether a profile is offered.
#[must_use]
pub fn list_inference_profiles() -> String {
    format!(
        "aws bedrock list-inference-profiles --region {REGION} --type-equals SYSTEM_DEFINED --output json"
    )
}

/// Lists the models: lifecycle, and whether a model is offered without a profile.
#[must_use]
pub fn list_foundation_models() -> String {
    format!("aws bedrock list-foundation-models --region {REGION} --output json")
}
