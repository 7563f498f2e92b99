//! The way to AWS: a connection where the program was built with the feature `aws`, and how to get it
//! where not.

use super::CliError;
use crate::aws::{ModelRuntime, QuotaService};

/// Service Quotas in the source Region, for a command named in the error.
pub(super) fn quota_service(command: &str) -> Result<Box<dyn QuotaService>, CliError> {
    Err(without_aws(command))
}

/// Bedrock's runtime in a Region, for a command named in the error.
pub(super) fn model_runtime(command: &str, _region: &str) -> Result<Box<dyn ModelRuntime>, CliError> {
    Err(without_aws(command))
}

fn without_aws(command: &str) -> CliError {
    CliError::Message(format!(
        "`{command}` calls AWS, which this build leaves out: install with `cargo install --path . --features aws`, \
         or work from the AWS CLI's saved output (--from FILE, --print-command)"
    ))
}
