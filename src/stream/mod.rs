//! The one way from what a user names to text: files and standard input, plain or gzip, in UTF-8 or UTF-16.
//!
//! Nothing here knows what the text means.

pub mod blocks;
mod gzip;
mod input;
mod inputs;
mod open;
mod refused;
mod skipped;
mod whole;

pub use gzip::{Unpacked, is_gzip};
pub use input::{Input, ReadFault, Text};
pub use inputs::{InputPath, Inputs, Once};
pub use open::{is_by_link, is_pipe, leads_to_nothing, open, record, report_unreadable};
pub use refused::{is_binary, report_binary};
pub use skipped::{SkipReason, Skipped};
pub use whole::{load_bytes, load_file, load_file_of};
