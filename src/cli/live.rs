//! The way to AWS: a connection where the program was built with the feature `aws`, and how to get it
//! where not.

use super::CliError;
#[cfg(feature = "aws")]
use crate::aws::sdk::{BedrockRuntime, ServiceQuotas};
use crate::aws::{ModelRuntime, QuotaService};
#[cfg(feature = "aws")]
use crate::catalog::REGION;

/// Service Quotas in the source Region, for a command named in the error.
#[cfg(feature = "aws")]
pub(super) fn quota_service(command: &str) -> Result<Box<dyn QuotaService>, CliError> {
    let service = ServiceQuotas::connect(REGION).map_err(|error| not_started(command, &error))?;
    Ok(Box::new(service))
}

/// The same for requesting increases, which needs no build of this program either.
pub(super) fn quota_service_to_submit(command: &str) -> Result<Box<dyn QuotaService>, CliError> {
    #[cfg(feature = "aws")]
    return quota_service(command);
    #[cfg(not(feature = "aws"))]
    Err(without_aws(command, "run the pack's submit.sh beside the AWS CLI"))
}

/// Bedrock's runtime in a Region, for a command named in the error.
#[cfg(feature = "aws")]
pub(super) fn model_runtime(command: &str, region: &str) -> Result<Box<dyn ModelRuntime>, CliError> {
    let runtime = BedrockRuntime::connect(region).map_err(|error| not_started(command, &error))?;
    Ok(Box::new(runtime))
}

#[cfg(feature = "aws")]
fn not_started(command: &str, error: &std::io::Error) -> CliError {
    CliError::Message(format!("`{command}` cannot call AWS: {error}"))
}

/// Service Quotas in the source Region, for a command named in the error.
#[cfg(not(feature = "aws"))]
pub(super) fn quota_service(command: &str) -> Result<Box<dyn QuotaService>, CliError> {
    Err(without_aws(command, SAVED))
}

/// Bedrock's runtime in a Region, for a command named in the error.
#[cfg(not(feature = "aws"))]
pub(super) fn model_runtime(command: &str, _region: &str) -> Result<Box<dyn ModelRuntime>, CliError> {
    Err(without_aws(command, SAVED))
}

/// What does instead where answers can be saved.
#[cfg(not(feature = "aws"))]
const SAVED: &str = "work from the AWS CLI's saved output (--from FILE, --print-command)";

#[cfg(not(feature = "aws"))]
fn without_aws(command: &str, otherwise: &str) -> CliError {
    CliError::Message(format!(
        "`{command}` calls AWS, which this build leaves out: install with `cargo install --path . --features aws`, \
         or {otherwise}"
    ))
}
