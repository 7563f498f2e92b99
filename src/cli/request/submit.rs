//! `quotaplan request submit` and `quotaplan request --submit`: the increases of a pack, as they stand in
//! its requests.json, handed to AWS.

use std::path::Path;

use crate::aws::Increase;
use crate::cli::request::error::{IncreasesFault, RequestError};
use crate::cli::submit::Submission;
use crate::cli::{CliError, Exit, output};
use crate::pack::{self, Arguments, DesiredIncrease};
use crate::text::plain::shell_word;
use crate::units::QuotaAmount;

/// Hands over the increases of a pack that is as it was made: those of the bytes that were verified or
/// written, whatever the folder holds by now.
pub(super) fn of_pack(
    submission: &Submission<'_, '_>,
    dir: &Path,
    bytes_of: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<Exit, CliError> {
    let increases = increases(bytes_of(pack::REQUESTS))
        .map_err(|fault| RequestError::Increases { path: dir.join(pack::REQUESTS), fault })?;
    if increases.is_empty() {
        output::message(
            submission.session,
            "note: this pack has no requests for Service Quotas, only texts for AWS Support\n",
        );
        return Ok(Exit::Success);
    }
    // The account that the pack was made for, where it was given.
    let arguments = bytes_of(pack::inputs::ARGUMENTS).and_then(|bytes| String::from_utf8(bytes).ok());
    let account = arguments.and_then(|text| Arguments::parse(&text).ok()?.account_id);
    let resume = format!("quotaplan request submit {}", shell_word(&dir.display().to_string()));
    submission.submit(&increases, account.as_deref(), &resume)
}

/// The increases of a pack's file, where it has one.
fn increases(bytes: Option<Vec<u8>>) -> Result<Vec<Increase>, IncreasesFault> {
    let bytes = bytes.ok_or(IncreasesFault::Missing)?;
    let text = String::from_utf8(bytes).map_err(|_| IncreasesFault::NotUtf8)?;
    let desired = pack::read_requests(&text).map_err(IncreasesFault::Json)?;
    desired.into_iter().map(increase).collect()
}

fn increase(desired: DesiredIncrease) -> Result<Increase, IncreasesFault> {
    let DesiredIncrease { service_code, quota_code: code, desired_value, support_case_allowed } = desired;
    if service_code != "bedrock" {
        return Err(IncreasesFault::OtherService { code, service: service_code });
    }
    match QuotaAmount::new(desired_value) {
        Some(desired) => Ok(Increase { code, desired, support_case_allowed }),
        None => Err(IncreasesFault::TooLarge { code, value: desired_value }),
    }
}
