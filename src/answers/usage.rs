//! What a call to a model used.

/// Tokens and time of one call (Converse `usage`, `stopReason` and `metrics`, or the headers of InvokeModel).
///
/// The text of prompt and answer is never kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallUsage {
    /// Input neither read from nor written to the cache.
    pub input_tokens: u64,
    /// Output, reasoning included.
    pub output_tokens: u64,
    /// Read from the cache; `None` where AWS states none.
    pub cache_read_tokens: Option<u64>,
    /// Written to the cache; `None` where AWS states none.
    pub cache_write_tokens: Option<u64>,
    /// Why the answer ended, in AWS's word.
    pub stop_reason: Option<String>,
    /// Milliseconds from request to end, as AWS measured them.
    pub latency_milliseconds: Option<u64>,
}
