//! What was noticed and counted on reading a trace, as part of the document of `simulate`.

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::LeftOut;

/// What a person should know before a number is acted on; model and scope are null for what was noticed on reading,
/// the place is null for the rest.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Its code.
    pub code: Word,
    /// How much it matters.
    pub severity: Word,
    /// What it says.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The model's id.
    pub model: Option<String>,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Option<Word>,
    /// The file that it points into.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}

/// What was counted on reading the file, over all models.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Records.
    pub records: u64,
    /// Records earlier than the one before.
    pub out_of_order: u64,
    /// Times without an offset from UTC.
    pub without_offset: u64,
    /// Records without max_tokens.
    pub without_max_tokens: u64,
    /// Records whose max_tokens was not set.
    pub max_tokens_unset: u64,
    /// Records that do not say.
    pub max_tokens_unknown: u64,
    /// Records without a latency.
    pub without_latency: u64,
    /// Records without output tokens.
    pub without_output: u64,
    /// Records without blocks of a prefix.
    pub without_blocks: u64,
    /// Calls that failed.
    pub failed: u64,
    /// Calls without tokens.
    pub unmetered: u64,
    /// Calls of another Region.
    pub other_region: u64,
    /// Records whose input includes what was cached.
    pub cached_in_input: u64,
    /// Records that do not say.
    pub cached_in_input_unknown: u64,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
    /// The files, where several paths were named, or a folder.
    #[serde(flatten)]
    pub files: Option<Files>,
}

/// The files that were read, and those that were skipped.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Files {
    /// How many were read.
    pub files: usize,
    /// How many were skipped.
    pub files_skipped: u64,
    /// The first 200 of these by name.
    pub skipped: Vec<SkippedFile>,
}

/// A file that was skipped.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SkippedFile {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: Word,
}
