//! The per-minute table of measured use: what a model in a scope really took from its quota, minute by
//! minute, and what that says to whoever decides on an increase.

mod burn;
mod metrics;
mod read;

pub use burn::{Burn, EVIDENCE_DAYS, LITTLE_USED, Ranked};
pub use read::parse;

use crate::catalog::{ModelIndex, Scope};
use crate::text::Span;
use jiff::Timestamp;

/// One minute of a model in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minute {
    /// Its first second.
    pub at: Timestamp,
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
    /// Requests that were answered.
    pub requests: u64,
    /// Input neither read from nor written to the cache.
    pub input_tokens: u64,
    /// Written to the cache.
    pub cache_write_tokens: u64,
    /// Output, reasoning included.
    pub output_tokens: u64,
    /// What the quota was charged once the requests were complete, as the table states it.
    pub settled_tokens: u64,
    /// Requests that were throttled; `None` where the table does not say.
    pub throttled_requests: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// The valid minutes of one file, by minute, then in file order.
#[derive(Debug, Clone, Default)]
pub struct Minutes {
    minutes: Vec<Minute>,
}

impl Minutes {
    /// What the last fourteen days of the table say of a model in a scope; `None` where it has no
    /// minute of it.
    #[must_use]
    pub fn burn(&self, model: ModelIndex, scope: Scope) -> Option<Burn> {
        burn::of(&self.minutes, model, scope)
    }
}
