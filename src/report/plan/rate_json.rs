//! A row's rates in the JSON of a plan, and how the row states them.

use crate::contract::quota::Rates;
use crate::units::{ExactRate, MILLIONTHS, Ratio};
use crate::workload::Workload;

/// The rates of a row.
#[allow(clippy::cast_precision_loss)]
pub(super) fn rate_report(row: &Workload) -> Rates {
    let a_minute = |rate: ExactRate| rate.millionths_up() as f64 / MILLIONTHS as f64;
    let (stated, mean) = (row.stated_rate(), a_minute(row.mean_rate()));
    Rates {
        requests_per_minute: mean,
        peak_requests_per_minute: row.peak_rate().map(a_minute),
        peak_factor: row.peak_factor().map(Ratio::to_f64),
        column: row.rate_column().name().into(),
        stated: stated.map_or(mean, |stated| stated.amount.to_f64()),
        users: stated.and_then(|stated| stated.users).map(Ratio::to_f64),
        calls_per_request: row.calls_per_request().map(Ratio::to_f64),
    }
}
