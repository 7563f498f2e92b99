//! How one quota comes about, from the rows to the requirement.

mod daily;
pub(super) mod quota;
pub(super) mod row;

pub use daily::ExplainDailyReport;
pub use quota::{EXPLAIN_COLUMNS as TRAIL_COLUMNS, ExplainReport};
