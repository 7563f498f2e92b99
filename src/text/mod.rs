//! Texts a person wrote: files, positions in them, and what there is to say about them.
//!
//! Nothing here knows workloads or quotas, and nothing prints.

pub mod codes;
pub mod date;
pub mod decode;
pub mod diagnostic;
pub mod identity;
pub(crate) mod instant;
pub mod json;
pub mod opened;
pub mod plain;
pub mod source;
pub mod stdin;
pub mod suggest;
pub mod tree;

pub use codes::{Code, Edition, Severity};
pub use date::FactDate;
pub use decode::decode;
pub(crate) use decode::{is_utf16, utf8_of_utf16};
pub use diagnostic::{Diagnostic, Diagnostics, Place};
pub use identity::FileIdentity;
pub use source::{FileId, KeptLine, Position, SourceFile, Sources, Span};
pub use stdin::StandardInput;
