//! What sampled calls say: their tokens, and the burndown rate that CloudWatch shows.

mod rate;
mod table;

pub(super) use rate::EXPECTED;
pub use rate::{MetricWindow, RateReport};
pub use table::{SampleLogs, SampleReport};
