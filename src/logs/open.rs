//! What an answer of CloudWatch Logs says of records that it does not hold.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::fields::unquoted;
use crate::units::grouped;

/// What was read of an answer so far.
#[derive(Debug, Default)]
pub(super) struct OpenAnswer {
    /// Rows of a query's result.
    pub(super) rows: u64,
    /// Records that a query matched.
    matched: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statistics<'l> {
    #[serde(borrow)]
    records_matched: &'l RawValue,
}

impl OpenAnswer {
    /// What a key and its value say of records that are missing, if anything: `nextToken` of `filter-log-events`,
    /// `NextToken` of the AWS CLI, and the `status` of a query (CloudWatch Logs API reference,
    /// `FilterLogEvents` and `GetQueryResults`, by the documentation of boto3 1.26, read 2026-11-26).
    pub(super) fn key(&mut self, key: &str, value: &str) -> Option<String> {
        match key {
            "nextToken" | "NextToken" if value.starts_with('"') => {
                Some("the answer has a next page (it has a token for it): records are missing where that is not given".to_owned())
            }
            "status" => {
                let status = unquoted(value)?;
                let is_open = ["Running", "Scheduled", "Failed", "Cancelled", "Timeout", "Unknown"];
                let open = is_open.into_iter().find(|open| *open == status)?;
                Some(format!("the query has the status {open}, so its result is not whole"))
            }
            "statistics" => {
                let found: Statistics<'_> = serde_json::from_str(value).ok()?;
                // A count, written as 10.0.
                let whole = found.records_matched.get().split('.').next()?;
                self.matched = whole.parse().ok();
                None
            }
            _ => None,
        }
    }

    /// What the end of an answer shows to be missing, if anything.
    pub(super) fn end(&mut self) -> Option<String> {
        let Self { rows, matched } = std::mem::take(self);
        let matched = matched.filter(|matched| *matched > rows)?;
        let (matched, rows) = (grouped(matched.into()), grouped(rows.into()));
        Some(format!("the query matched {matched} records, and its result has {rows}"))
    }
}
