//! What a person meant who typed no command: nothing at all, or a file alone.

use std::ffi::OsString;
use std::path::Path;

use super::Session;
use crate::text::plain::shell_word;

/// What the program does, and the first command.
const FIRST_LINES: &str =
    "quotaplan plans Amazon Bedrock quotas: from your traffic to the tokens per minute to ask AWS for.

  quotaplan init my-plan                      writes rows to fill in
  quotaplan plan my-plan/workloads.csv        says what to ask for, and why
  quotaplan --help                            lists all commands
";

/// The message for a run without any argument.
pub(super) fn without_arguments(arguments: &[OsString]) -> Option<&'static str> {
    (arguments.len() <= 1).then_some(FIRST_LINES)
}

/// The message for a run whose first argument is a file instead of a command: the command that reads such a file.
pub(super) fn file_alone(arguments: &[OsString], session: &Session<'_>) -> Option<String> {
    let [_, file, others @ ..] = arguments else { return None };
    let file = file.to_str()?;
    let others: Option<Vec<&str>> = others.iter().map(|other| other.to_str()).collect();
    let words = |words: &[&str]| words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ");
    let typed = words(&[&[file], others?.as_slice()].concat());
    let path = Path::new(file);
    let is_there = session.at(path).symlink_metadata().is_ok();
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let command = match ending.as_deref() {
        Some("csv" | "tsv") => format!("to plan it:  quotaplan plan {typed}"),
        Some("jsonl" | "ndjson" | "gz" | "log") => {
            format!("to replay it as a trace:  quotaplan simulate {typed}")
        }
        Some("toml") => {
            format!(
                "to use it as the configuration of a plan:  quotaplan plan workloads.csv --config {typed}"
            )
        }
        Some("json") => {
            format!(
                "to check a policy:  quotaplan iam lint {typed}; to read saved quotas:  quotaplan quotas --from {typed}"
            )
        }
        _ if is_there && session.at(path).join("manifest.json").exists() => {
            format!("to check the pack in it:  quotaplan request verify {typed}")
        }
        _ if is_there => format!("to plan it:  quotaplan plan {typed}"),
        _ => return None,
    };
    Some(format!("error: {} is not a command; {command}\n", shell_word(file)))
}
