//! What sampled calls say: their tokens, and the burndown rate that CloudWatch shows.

mod rate;
mod result;
mod table;

pub(super) use rate::EXPECTED;
pub use result::{MetricWindow, RateReport, SampleLogs, SampleReport};
