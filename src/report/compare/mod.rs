//! Every scope of every workload beside the one it uses.

mod details;
mod edits;
mod help;
pub(super) mod json;
mod optimum;
mod records;
mod result;
mod table;
mod verdicts;

pub use result::CompareReport;
