//! The model table: its models, the age of its facts, and what an update changes.

mod ages;
pub(super) mod json;
mod table;
mod update;

pub(super) use ages::FACT;
pub use ages::FactsReport;
pub use table::{ModelReport, ModelsReport};
pub(super) use update::TABLE_CHANGE;
