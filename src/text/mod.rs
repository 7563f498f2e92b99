//! Texts a person wrote: files, positions in them, and what there is to say about them.
//!
//! Nothing here knows workloads or quotas, and nothing prints. `table` is the one front end of CSV files.

pub mod codes;
pub mod date;
pub mod decode;
pub mod diagnostic;
pub mod encoding;
pub mod identity;
pub(crate) mod instant;
pub mod json;
pub mod limits;
pub mod plain;
pub mod source;
pub mod stdin;
pub mod suggest;
pub(crate) mod table;
pub mod tree;

pub use codes::{Code, Edition, Severity};
pub use date::FactDate;
pub use decode::decode;
pub use diagnostic::{Diagnostic, Diagnostics, Place};
pub use encoding::{Decoder, Encoding};
pub use identity::{FileIdentities, FileIdentity};
pub use limits::{InputKind, InputLimits};
pub use source::{FileId, KeptLine, Position, SourceFile, Sources, Span};
pub use stdin::StandardInput;
