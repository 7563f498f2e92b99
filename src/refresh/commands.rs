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

/// The public price lists of the Region, which need no login: a name for the file, and the command.
///
/// The addresses: AWS Price List Bulk API, as public programs read it (seen 2026-09 and 2026-10).
#[must_use]
pub fn price_lists() -> [(&'static str, String); 2] {
    [("prices.json", "AmazonBedrock"), ("prices-models.json", "AmazonBedrockFoundationModels")].map(
        |(file, offer)| {
            let host = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";
            (file, format!("curl --fail --silent --show-error {host}/{offer}/current/{REGION}/index.json"))
        },
    )
}

/// Lists the models: lifecycle, and whether a model is offered without a profile.
#[must_use]
pub fn list_foundation_models() -> String {
    format!("aws bedrock list-foundation-models --region {REGION} --output json")
}
