//! What an object around records says of records that it does not hold.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::fields::unquoted;
use crate::units::grouped;

/// What was read of an outermost object so far.
#[derive(Debug, Default)]
pub(super) struct OpenAnswer {
    /// Whether it has a list of records, or a payload.
    pub(super) has_records: bool,
    /// Rows of a query's result.
    pub(super) rows: u64,
    /// Records that a query matched.
    matched: Option<u64>,
    /// Why records are missing.
    missing: Vec<String>,
}

/// What an outermost object comes to at its end.
pub(super) enum Ended {
    /// It says of no record that it is missing.
    Whole,
    /// It says what is missing.
    Incomplete(String),
    /// It holds no records at all, such as a line of another program.
    NoRecord,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statistics<'l> {
    #[serde(borrow)]
    records_matched: &'l RawValue,
}

/// Every status of a query but `Complete`.
const OPEN: [&str; 6] = ["Running", "Scheduled", "Failed", "Cancelled", "Timeout", "Unknown"];

impl OpenAnswer {
    /// Takes in a key and its value: `nextToken` of `filter-log-events`, `NextToken` of the AWS CLI, and the status
    /// and statistics of a query (CloudWatch Logs API reference, `FilterLogEvents` and `GetQueryResults`, by the
    /// documentation of boto3 1.26, read 2026-11-26).
    pub(super) fn key(&mut self, key: &str, value: &str) {
        match key {
            "nextToken" | "NextToken" if value.starts_with('"') => {
                self.missing.push("it has a token for a next page, which may be in another file".to_owned());
            }
            "status" => {
                let status = unquoted(value).unwrap_or_default();
                let open = OPEN.into_iter().find(|open| *open == status);
                self.missing.extend(open.map(|open| format!("the query has the status {open}")));
            }
            "statistics" => {
                // A count, written as 10.0.
                let found = serde_json::from_str::<Statistics<'_>>(value).ok();
                let whole =
                    found.and_then(|found| found.records_matched.get().split('.').next()?.parse().ok());
                self.matched = whole.or(self.matched);
            }
            _ => {}
        }
    }

    /// What it comes to; the next one begins.
    pub(super) fn end(&mut self) -> Ended {
        let Self { has_records, rows, matched, mut missing } = std::mem::take(self);
        if !has_records {
            return Ended::NoRecord;
        }
        if let Some(matched) = matched.filter(|matched| *matched > rows) {
            let (matched, rows) = (grouped(matched.into()), grouped(rows.into()));
            missing.push(format!("the query matched {matched} records and the result has {rows}"));
        }
        if missing.is_empty() {
            return Ended::Whole;
        }
        Ended::Incomplete(format!("this output may not contain all records: {}", missing.join("; ")))
    }
}
