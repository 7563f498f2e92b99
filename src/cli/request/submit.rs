//! `quotaplan request submit` and `quotaplan request --submit`: the increases of a pack, as they stand in
//! its requests.json, handed to AWS.

use std::path::Path;

use crate::aws::Increase;
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
    let path = dir.join(pack::REQUESTS);
    let wrong = |what: String| CliError::Message(format!("{}: {what}; nothing was sent", path.display()));
    let bytes = bytes_of(pack::REQUESTS).ok_or_else(|| wrong("there is no such file".to_owned()))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
    let desired = pack::read_requests(&text).map_err(|error| wrong(error.to_string()))?;
    let increases: Result<Vec<Increase>, CliError> =
        desired.into_iter().map(|one| increase(one, &wrong)).collect();
    let increases = increases?;
    if increases.is_empty() {
        output::message(
            submission.session,
            "note: nothing in this pack is for Service Quotas: the texts of the cases are for AWS Support\n",
        );
        return Ok(Exit::Success);
    }
    // The account that the pack was made for, where it was given.
    let arguments = bytes_of(pack::inputs::ARGUMENTS).and_then(|bytes| String::from_utf8(bytes).ok());
    let account = arguments.and_then(|text| Arguments::parse(&text).ok()?.account_id);
    let resume = format!("quotaplan request submit {}", shell_word(&dir.display().to_string()));
    submission.submit(&increases, account.as_deref(), &resume)
}

fn increase(desired: DesiredIncrease, wrong: &dyn Fn(String) -> CliError) -> Result<Increase, CliError> {
    let DesiredIncrease { service_code, quota_code: code, desired_value, support_case_allowed } = desired;
    if service_code != "bedrock" {
        return Err(wrong(format!("{code} is of the service `{service_code}`, not of `bedrock`")));
    }
    let desired = QuotaAmount::new(desired_value);
    let desired = desired.ok_or_else(|| wrong(format!("{code}: {desired_value} is above 10^18")))?;
    Ok(Increase { code, desired, support_case_allowed })
}
