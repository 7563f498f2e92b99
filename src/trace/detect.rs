//! The format of a file, detected from its content alone.

use super::Format;
use crate::logs;
use crate::text::table::head::{self, Start, sniff_delimiter};
use crate::text::table::{fields, trimmed_range};

/// First lines of a file of JSON lines by which its format is told.
const TELLING_LINES: usize = 20;

/// Keys, and a notice, by which a log is known, also within the text of a message.
const LOG_KEYS: [&str; 9] = [
    "modelId",
    "modelid",
    "ModelInvocationLog",
    "inputTokenCount",
    "inputBodyJson",
    "inputBodyS3Path",
    "outputBodyJson",
    logs::NOTICE,
    // Gzip in base64, as subscriptions deliver it.
    "H4sI",
];

const MOONCAKE_KEYS: [&str; 2] = ["\"input_length\"", "\"hash_ids\""];

/// Whether a text is an invocation log, in any form in which people hold one, and not answers that were saved.
#[must_use]
pub fn is_log(text: &str) -> bool {
    let Ok(start) = head::start(text, None) else { return false };
    let head = text.get(start.at..).unwrap_or_default().trim_start();
    if head.starts_with(['{', '[']) {
        return logs::holds_records(head);
    }
    if logs::is_scanned(head.as_bytes()) {
        return format_by_keys(head.as_bytes()) == Some(Format::InvocationLog);
    }
    log_header(text, start).is_some()
}

/// The format of a file of JSON, from the keys at its start.
pub(super) fn format_by_keys(head: &[u8]) -> Option<Format> {
    let has = |text: &[u8], keys: &[&str]| {
        keys.iter().any(|key| memchr::memmem::find(text, key.as_bytes()).is_some())
    };
    let mut lines = head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let of_line = lines.by_ref().take(TELLING_LINES).find_map(|line| {
        let is_mooncake = line.trim_ascii().starts_with(b"{") && has(line, &MOONCAKE_KEYS);
        match () {
            () if has(line, &LOG_KEYS) => Some(Format::InvocationLog),
            () if is_mooncake && has(line, &["\"chat_id\""]) => Some(Format::QwenBailian),
            () if is_mooncake => Some(Format::Mooncake),
            () => None,
        }
    });
    of_line.or_else(|| {
        let is_log = has(head, &LOG_KEYS) || logs::is_wrapped(head);
        is_log.then_some(Format::InvocationLog)
    })
}

/// The columns of a log that a query has put into a table: the delimiter, their names, and where the rows start.
pub(super) fn log_header(text: &str, Start { at, delimiter }: Start) -> Option<(u8, Vec<String>, usize)> {
    let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(&text[at..]));
    let fields = fields(text, at, delimiter);
    let body = fields.last().map_or(text.len(), |field| field.end);
    let places = fields.into_iter().map(|field| trimmed_range(text, field));
    let names: Vec<String> = places.map(|place| text[place].trim().to_owned()).collect();
    let is_log = logs::is_log(&names.iter().map(String::as_str).collect::<Vec<_>>());
    is_log.then_some((delimiter, names, body))
}
