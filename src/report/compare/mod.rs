//! Every scope of every workload beside the one it uses.

mod edits;
mod help;
pub(super) mod json;
mod optimum;
mod records;
mod result;
mod table;
mod texts;

pub use result::CompareReport;
