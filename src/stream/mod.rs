//! The one way from what a user names to text: files and standard input, plain or gzip, in UTF-8 or UTF-16.
//!
//! Nothing here knows what the text means.

mod gzip;
mod input;
mod open;
mod whole;

pub use gzip::{Unpacked, is_gzip};
pub use input::{Input, ReadFault, Text};
pub use open::{is_by_link, is_pipe, open, record, report_unreadable};
pub use whole::{load_bytes, load_file};
