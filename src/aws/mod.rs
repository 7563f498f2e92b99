//! The calls to AWS, as traits: what is asked, what comes back, and how a call fails.
//!
//! The AWS SDK behind them is compiled with the feature `aws` alone. Everything that decides what to
//! call stands outside, so that it is tested without a network.

mod fault;
#[cfg(feature = "aws")]
pub mod sdk;

pub use fault::{CallFault, Fault};

use crate::answers::{CallUsage, QuotaRequest, ServiceQuota};
use crate::units::QuotaAmount;

/// Service Quotas in one Region, for the service `bedrock`.
pub trait QuotaService {
    /// Applied values, all pages.
    ///
    /// # Errors
    /// A [`CallFault`].
    fn applied(&self) -> Result<Vec<ServiceQuota>, CallFault>;

    /// AWS's defaults, all pages.
    ///
    /// # Errors
    /// A [`CallFault`].
    fn defaults(&self) -> Result<Vec<ServiceQuota>, CallFault>;

    /// The applied value of one quota; `None` where AWS has none (`NoSuchResourceException`).
    ///
    /// # Errors
    /// A [`CallFault`].
    fn applied_of(&self, code: &str) -> Result<Option<ServiceQuota>, CallFault>;

    /// AWS's default of one quota; `None` where AWS has none (`NoSuchResourceException`).
    ///
    /// # Errors
    /// A [`CallFault`].
    fn default_of(&self, code: &str) -> Result<Option<ServiceQuota>, CallFault>;

    /// Every request made for one quota, all pages, in AWS's order.
    ///
    /// # Errors
    /// A [`CallFault`].
    fn requests_of(&self, code: &str) -> Result<Vec<QuotaRequest>, CallFault>;

    /// Requests an increase, once: an attempt whose end is not known is never repeated.
    ///
    /// # Errors
    /// A [`CallFault`]; [`Fault::Unknown`] where AWS may have taken it all the same.
    fn request(&self, increase: &Increase) -> Result<QuotaRequest, CallFault>;
}

/// One increase to request (`RequestServiceQuotaIncrease`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Increase {
    /// The quota code.
    pub code: String,
    /// The value to ask for, in the quota's own unit.
    pub desired: QuotaAmount,
    /// Whether AWS may open a Support case.
    pub support_case_allowed: bool,
}

/// Bedrock's runtime in one Region; several calls may run at once.
pub trait ModelRuntime: Sync {
    /// Sends a conversation and returns what it used; the answer's text is dropped.
    ///
    /// # Errors
    /// A [`CallFault`].
    fn converse(&self, call: &Conversation) -> Result<CallUsage, CallFault>;

    /// Counts the input tokens of a conversation (`CountTokens`); `model_id` is a foundation model's.
    ///
    /// # Errors
    /// A [`CallFault`].
    fn count_tokens(&self, call: &Conversation) -> Result<u64, CallFault>;

    /// Sends a JSON body to a model that generates no tokens and returns what the headers
    /// `x-amzn-bedrock-input-token-count` and `-invocation-latency` say; the answer is dropped.
    ///
    /// # Errors
    /// A [`CallFault`].
    fn invoke(&self, model_id: &str, body: &str) -> Result<CallUsage, CallFault>;

    /// How many answers so far said that AWS takes no more calls for now, those included after which
    /// the call was repeated and went through.
    fn throttled(&self) -> u64 {
        0
    }
}

/// A conversation to send.
///
/// It prints no text: prompts never reach a log or an error.
#[derive(Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Model id, inference profile id or ARN.
    pub model_id: String,
    /// System prompt.
    pub system: Vec<Content>,
    /// Messages, the first by the user.
    pub messages: Vec<Message>,
    /// max_tokens, where set.
    pub max_tokens: Option<u32>,
}

impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversation").field("model_id", &self.model_id).finish_non_exhaustive()
    }
}

/// One message.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Whether the model said it.
    pub by_model: bool,
    /// Its parts.
    pub content: Vec<Content>,
}

/// A part of a prompt.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(String),
    /// What stands before it may be cached (`cachePoint`).
    CachePoint,
}
