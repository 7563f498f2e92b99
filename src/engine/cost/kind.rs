//! What is billed.

/// Kinds of what is billed, each with a price of its own.
pub(super) const KINDS: usize = 5;

/// A kind of what is billed: of token, or a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// Input neither read from nor written to the cache.
    Input,
    /// Cache reads.
    CacheRead,
    /// Cache writes, at the price of their life.
    CacheWrite,
    /// Output.
    Output,
    /// Queries of models that are billed by the query, rerankers; one request is taken for one query.
    Query,
}

impl TokenKind {
    /// All kinds, in the order of results.
    pub const ALL: [Self; KINDS] =
        [Self::Input, Self::CacheRead, Self::CacheWrite, Self::Output, Self::Query];

    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::CacheRead => "cache_read",
            Self::CacheWrite => "cache_write",
            Self::Output => "output",
            Self::Query => "query",
        }
    }

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
