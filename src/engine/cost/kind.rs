//! What is billed.

use crate::units::words;

/// Kinds of what is billed, each with a price of its own.
pub(super) const KINDS: usize = 5;

words! {
    /// A kind of what is billed: of token, or a query.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum TokenKind {
        /// Input neither read from nor written to the cache.
        Input = "input",
        /// Cache reads.
        CacheRead = "cache_read",
        /// Cache writes, at the price of their life.
        CacheWrite = "cache_write",
        /// Output.
        Output = "output",
        /// Queries of models that are billed by the query, rerankers; one request is taken for one query.
        Query = "query",
    }
}

impl TokenKind {
    pub(super) const fn index(self) -> usize {
        match self {
            Self::Input => 0,
            Self::CacheRead => 1,
            Self::CacheWrite => 2,
            Self::Output => 3,
            Self::Query => 4,
        }
    }
}
