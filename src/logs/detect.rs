//! Which texts hold records of an invocation log, and the keys under which they stand.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::fields::unquoted;
use super::{NOTICE, packed};

/// First keys of an object that holds records in one of its lists, see [`LISTS`]: those of
/// `filter-log-events`, `get-log-events`, `get-query-results`, of a subscription's payload, and of what hands it on.
pub(super) const WRAPPERS: [&str; 39] = [
    "events",
    "results",
    "logEvents",
    "searchedLogStreams",
    "nextToken",
    "NextToken",
    "nextForwardToken",
    "nextBackwardToken",
    "queryLanguage",
    "statistics",
    "status",
    "encryptionKey",
    "messageType",
    "owner",
    "logGroup",
    "subscriptionFilters",
    "ResponseMetadata",
    "awslogs",
    "Records",
    "records",
    "kinesis",
    "kinesisSchemaVersion",
    "partitionKey",
    "sequenceNumber",
    "SequenceNumber",
    "eventSource",
    "eventSourceARN",
    "eventID",
    "awsRegion",
    "approximateArrivalTimestamp",
    "ApproximateArrivalTimestamp",
    "invocationId",
    "deliveryStreamArn",
    "recordId",
    "NextShardIterator",
    "MillisBehindLatest",
    "EncryptionType",
    "data",
    "Data",
];

/// Keys of the lists in them.
pub(super) const LISTS: [&str; 5] = ["events", "results", "logEvents", "Records", "records"];

/// Keys of the objects in them that hold a payload: those of Lambda's events.
pub(super) const INNER: [&str; 2] = ["awslogs", "kinesis"];

/// Keys of the payloads of a subscription: `awslogs.data` of Lambda, `Records[].kinesis.data` of Kinesis by Lambda,
/// `records[].data` of Firehose, and `Records[].Data` of `aws kinesis get-records`.
pub(super) const PACKED: [&str; 2] = ["data", "Data"];

/// Longest text in front of a record on its line: a time, and the name of a log stream of at most 512 characters.
pub(super) const PREFIX: usize = 1_024;

/// Arrays within arrays, and texts within objects, that are looked into.
const DEEPEST: usize = 4;

/// Whether a text is read by a [`Scanner`], rather than as a table.
pub(crate) fn is_scanned(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\"").unwrap_or(head);
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    head.starts_with(b"{")
        || head.starts_with(b"[")
        || head.starts_with(b"\"{\\")
        || text.starts_with(packed::START.as_bytes())
        || text.starts_with(NOTICE.as_bytes())
        || (is_dated(line) && (record_in(line).is_some() || is_ahead_of_json(head, line)))
}

/// Whether a text starts with an object that holds records in a list.
pub(crate) fn is_wrapped(head: &[u8]) -> bool {
    let inner = head.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let key = inner.and_then(|inner| inner.strip_prefix(b"\""));
    let key = key.and_then(|key| key.split(|byte| *byte == b'"').next());
    key.is_some_and(|key| WRAPPERS.iter().any(|wrapper| wrapper.as_bytes() == key))
}

/// Whether an object follows a line that holds a time and a stream, as `logs tail --format json` prints them.
fn is_ahead_of_json(head: &[u8], line: &[u8]) -> bool {
    let behind = head.get(line.len()..).unwrap_or_default().trim_ascii_start();
    behind.starts_with(b"{") && memchr::memchr3(b',', b';', b'\t', line).is_none()
}

/// Whether a line starts with a date, as those of export tasks and of `logs tail` do.
pub(super) fn is_dated(line: &[u8]) -> bool {
    line.get(..10).is_some_and(|date| {
        date.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    })
}

/// Where a record starts on a line behind what stands in front of it.
pub(super) fn record_in(line: &[u8]) -> Option<usize> {
    let head = line.get(..PREFIX).unwrap_or(line);
    let object = memchr::memchr(b'{', head);
    object.or_else(|| memchr::memmem::find(head, NOTICE.as_bytes()))
}

/// Whether the first value of a text is a record, or holds records, by its structure: answers that were saved may hold
/// any word.
pub(crate) fn holds_records(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    values.next().is_some_and(|first| first.is_ok_and(|first| is_of_log(first.get(), 0)))
}

fn is_of_log(text: &str, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    match text.as_bytes().first() {
        Some(b'{') => serde_json::from_str(text).is_ok_and(|keys| is_record_or_wrapper(&keys, depth)),
        Some(b'[') => first_item(text).is_some_and(|item| is_of_log(item, depth + 1) || is_query_field(item)),
        Some(b'"') => unquoted(text).is_some_and(|text| is_message(&text, depth) || packed::is_packed(&text)),
        _ => false,
    }
}

fn is_message(text: &str, depth: usize) -> bool {
    text.starts_with(NOTICE) || (text.starts_with('{') && is_of_log(text, depth + 1))
}

type Keys<'t> = BTreeMap<Cow<'t, str>, &'t RawValue>;

fn is_record_or_wrapper(keys: &Keys<'_>, depth: usize) -> bool {
    let has =
        |wanted: &[&str]| keys.keys().any(|key| wanted.iter().any(|wanted| key.eq_ignore_ascii_case(wanted)));
    let is_list = |key: &str| keys.get(key).is_some_and(|value| value.get().starts_with('['));
    let below = |part: &str| keys.keys().any(|key| key.len() > part.len() && key.starts_with(part));
    let is_record = has(&["modelId"])
        && (has(&["input", "output", "operation", "timestamp", "requestId", "errorCode"]) || below("input."));
    // Titan's answer has `results` too, which are objects; those of a query are lists of fields.
    let are_rows = || {
        let results = keys.get("results").map(|value| value.get());
        let first = results.and_then(first_item);
        first.is_some_and(|row| row.starts_with('['))
            || (results.is_some() && first.is_none() && has(&["statistics"]))
    };
    let message = || keys.get("message").or_else(|| keys.get("@message"));
    let is_event =
        || message().and_then(|text| unquoted(text.get())).is_some_and(|text| is_message(&text, depth + 1));
    let is_payload = || {
        has(&INNER)
            || keys.values().any(|value| unquoted(value.get()).is_some_and(|text| packed::is_packed(&text)))
    };
    // Of the lists that are handed on, the first item tells.
    let are_payloads = || {
        let list = ["Records", "records"].iter().find_map(|key| keys.get(*key));
        list.is_some_and(|list| is_of_log(list.get(), depth + 1))
    };
    is_record
        || has(&["schemaType"])
        || is_list("events")
        || is_list("logEvents")
        || are_rows()
        || is_event()
        || is_payload()
        || are_payloads()
}

/// Whether an object is a field of a row of a query's result.
fn is_query_field(text: &str) -> bool {
    serde_json::from_str::<Keys<'_>>(text)
        .is_ok_and(|keys| keys.contains_key("field") && keys.contains_key("value"))
}

fn first_item(text: &str) -> Option<&str> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    items.first().map(|item| item.get())
}
