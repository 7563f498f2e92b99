//! A trace in the product's own CSV, which reads back as the same trace.

use std::io::{self, Write};

use jiff::Timestamp;

use super::{OutputLimit, Trace};

/// The word of a cell whose value exists but is not known.
pub(super) const UNKNOWN: &str = "unknown";

const HEADER: [&str; 9] = [
    "timestamp",
    "model",
    "scope",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "max_tokens",
    "latency_seconds",
];

/// Writes a trace; times in UTC, or as seconds where they are no dates or lie outside the years -9999 to
/// 9999. What is absent is an empty cell, and so is a max_tokens that is unset; one that is not known is `unknown`.
///
/// # Errors
/// Whatever writing to `out` gives.
pub fn write(trace: &Trace, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEADER)?;
    for request in trace.requests() {
        let target = trace.target(request.target);
        let name = target.and_then(|target| target.name.as_deref()).unwrap_or_default();
        let scope = target.and_then(|target| target.scope).map(|scope| scope.as_str()).unwrap_or_default();
        let max_tokens = match request.max_tokens {
            OutputLimit::Stated(tokens) => tokens.to_string(),
            OutputLimit::Unset => String::new(),
            OutputLimit::Unknown => UNKNOWN.to_owned(),
        };
        let seconds =
            |microseconds: u64| format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000);
        csv.write_record([
            time(request.arrival_microseconds, trace.format().has_dates()).as_str(),
            name,
            scope,
            &request.input_tokens.to_string(),
            &request.output_tokens.to_string(),
            &request.cache_read_tokens.to_string(),
            &request.cache_write_tokens.to_string(),
            &max_tokens,
            &request.latency_microseconds.map(seconds).unwrap_or_default(),
        ])?;
    }
    csv.flush()
}

fn time(microseconds: i64, is_date: bool) -> String {
    match Timestamp::from_microsecond(microseconds) {
        Ok(timestamp) if is_date => format!("{timestamp:.6}"),
        _ => {
            let sign = if microseconds < 0 { "-" } else { "" };
            let magnitude = microseconds.unsigned_abs();
            format!("{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000)
        }
    }
}
