//! Payloads of a CloudWatch Logs subscription as they are handed on: gzip in base64 (CloudWatch Logs API reference,
//! `PutSubscriptionFilter`, read 2026-11-26).

use std::borrow::Cow;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;

/// How gzip starts in base64.
pub(super) const START: &str = "H4sI";

/// How a JSON object starts in base64: what Firehose has unpacked already.
const OBJECT: &str = "eyJ";

/// Most bytes of a payload once it is unpacked: a subscription packs far less, and this much is held.
const MOST: u64 = 64 << 20;

/// Whether a text is gzip in base64.
pub(super) fn is_packed(text: &str) -> bool {
    text.trim_start().starts_with(START)
}

/// Whether the data that somebody hands on are a payload, packed or not.
pub(super) fn is_payload(text: &str) -> bool {
    is_packed(text) || text.trim_start().starts_with(OBJECT)
}

#[derive(Deserialize)]
struct Event<'l> {
    #[serde(borrow, alias = "@message")]
    message: Option<Cow<'l, str>>,
}

/// The payload that an event has for its message.
pub(super) fn message(event: &str) -> Option<Cow<'_, str>> {
    memchr::memmem::find(event.as_bytes(), START.as_bytes())?;
    serde_json::from_str::<Event<'_>>(event).ok()?.message.filter(|message| is_packed(message))
}

/// What is in a payload, or what is wrong with it.
pub(super) fn unpacked(text: &str) -> Result<String, &'static str> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| "the payload is not base64")?;
    let bytes = if is_packed(text) {
        let mut unpacked = Vec::new();
        let read = MultiGzDecoder::new(bytes.as_slice()).take(MOST + 1).read_to_end(&mut unpacked);
        read.map_err(|_| "the payload is not complete gzip data")?;
        unpacked
    } else {
        bytes
    };
    if bytes.len() as u64 > MOST {
        return Err("the payload is larger than 64 MiB when unpacked");
    }
    String::from_utf8(bytes).map_err(|_| "the payload is not UTF-8")
}
