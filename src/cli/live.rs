//! The way to AWS: a connection where the program was built with the feature `aws`, and how to get it
//! where not.

use super::errors::LiveError;
#[cfg(feature = "aws")]
use crate::aws::sdk::{BedrockRuntime, ServiceQuotas};
use crate::aws::{ModelRuntime, QuotaService};
#[cfg(feature = "aws")]
use crate::catalog::REGION;

/// Service Quotas in the source Region, for a command named in the error.
#[cfg(feature = "aws")]
pub(super) fn quota_service(command: &'static str) -> Result<Box<dyn QuotaService>, LiveError> {
    let service = ServiceQuotas::connect(REGION).map_err(|error| LiveError::NotStarted { command, error })?;
    Ok(Box::new(service))
}

/// The same for requesting increases; without the feature `aws` the error names the pack's submit.sh.
pub(super) fn quota_service_to_submit(command: &'static str) -> Result<Box<dyn QuotaService>, LiveError> {
    #[cfg(feature = "aws")]
    return quota_service(command);
    #[cfg(not(feature = "aws"))]
    Err(LiveError::LeftOut { command, otherwise: "run the pack's submit.sh where the AWS CLI is installed" })
}

/// Bedrock's runtime in a Region, for a command named in the error.
#[cfg(feature = "aws")]
pub(super) fn model_runtime(command: &'static str, region: &str) -> Result<Box<dyn ModelRuntime>, LiveError> {
    let runtime =
        BedrockRuntime::connect(region).map_err(|error| LiveError::NotStarted { command, error })?;
    Ok(Box::new(runtime))
}

/// Service Quotas in the source Region, for a command named in the error.
#[cfg(not(feature = "aws"))]
pub(super) fn quota_service(command: &'static str) -> Result<Box<dyn QuotaService>, LiveError> {
    Err(LiveError::LeftOut { command, otherwise: SAVED })
}

/// Bedrock's runtime in a Region, for a command named in the error.
#[cfg(not(feature = "aws"))]
pub(super) fn model_runtime(
    command: &'static str,
    _region: &str,
) -> Result<Box<dyn ModelRuntime>, LiveError> {
    Err(LiveError::LeftOut { command, otherwise: SAVED })
}

/// What does instead where answers can be saved.
#[cfg(not(feature = "aws"))]
const SAVED: &str = "use output saved by the AWS CLI (--from FILE, --print-command)";
