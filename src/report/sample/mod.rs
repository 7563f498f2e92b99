//! What sampled calls say: their tokens, and the burndown rate that CloudWatch shows.

mod rate;
mod table;

pub use rate::{MetricWindow, RateReport};
pub use table::{SampleLogs, SampleReport};
