//! Records of Bedrock's model-invocation logs, in every form in which people hold them.
//!
//! Text goes in, records come out: this room reads no files and knows no models. Prompts and answers stand in
//! these records: nothing of them is kept, and no fault shows any of it.

mod cached;
mod detect;
mod fields;
mod limit;
mod objects;
mod open;
mod packed;
mod record;
mod scan;

pub(crate) use cached::CachedInput;
pub(crate) use detect::{holds_records, is_scanned, is_wrapped};
pub(crate) use fields::{Fields, is_log};
pub use limit::{LimitCounts, OutputLimit};
pub(crate) use objects::OtherObject;
pub(crate) use record::{Entry, LogRecord, RecordFault, read_fields};
pub(crate) use scan::{Scanner, Step};

/// What Bedrock writes into a log once, when logging is turned on.
pub(crate) const NOTICE: &str = "Permissions are correctly set";
