//! `quotaplan request submit`: the increases of a pack that was written before.

use super::args::SubmitArgs;
use super::{CliError, Exit, submit};
use crate::aws::Increase;
use crate::units::QuotaAmount;

/// An entry of requests.json: the input of `RequestServiceQuotaIncrease`.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Entry {
    service_code: String,
    quota_code: String,
    desired_value: u64,
    #[serde(default = "allowed")]
    support_case_allowed: bool,
}

/// What AWS takes where the key is absent.
const fn allowed() -> bool {
    true
}

pub(super) fn run(args: &SubmitArgs) -> Result<Exit, CliError> {
    let path = args.dir.join("requests.json");
    let wrong = |what: String| CliError::Message(format!("{}: {what}; nothing was sent", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
    let entries: Vec<Entry> = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let mut increases = Vec::new();
    for Entry { service_code, quota_code, desired_value, support_case_allowed } in entries {
        if service_code != "bedrock" {
            return Err(wrong(format!("{quota_code} is of the service `{service_code}`, not of `bedrock`")));
        }
        let desired = QuotaAmount::new(desired_value);
        let desired = desired.ok_or_else(|| wrong(format!("{quota_code}: the value is above 10^18")))?;
        let support_case_allowed = support_case_allowed && !args.no_support_case;
        increases.push(Increase { code: quota_code, desired, support_case_allowed });
    }
    submit::submit(&increases, args.yes, args.again)
}
