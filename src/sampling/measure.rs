//! A burndown rate that AWS states nowhere, from one call whose tokens are known:
//! rate = (EstimatedTPMQuotaUsage - input - cache writes) / output.
//!
//! AWS's definition of the settled cost (Amazon Bedrock User Guide, token burndown page, 2026-10), solved for
//! the rate; cache reads do not count in it.

use super::prompts::ChatPrompt;
use crate::answers::CallUsage;
use crate::units::{BurndownRate, QuotaTokens, Tokens};

/// Rates that AWS has stated so far (token burndown page, 2026-10).
pub const RATES: [u32; 4] = [1, 5, 10, 15];

/// Output below which one token more or less in the metric is a large part of the rate.
const SHORT: u64 = 50;

/// A prompt whose answer is long enough to measure by, and costs less than a cent on most models.
#[must_use]
pub fn long_answer() -> ChatPrompt {
    ChatPrompt::of_text(
        "Write the whole numbers from 1 to 200 in digits, one on each line, and nothing else.",
        Some(512),
    )
}

/// The tokens of the one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measurement {
    /// Input neither read from nor written to the cache.
    pub input: Tokens,
    /// Cache writes.
    pub cache_write: Tokens,
    /// Output.
    pub output: Tokens,
}

/// Why a call does not tell the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasurementFault {
    /// It wrote nothing.
    NoOutput,
    /// A figure is above 10^12.
    TooLarge,
}

impl Measurement {
    /// The tokens of a call.
    ///
    /// # Errors
    /// A [`MeasurementFault`] where no rate follows from it.
    pub fn from_usage(usage: &CallUsage) -> Result<Self, MeasurementFault> {
        if usage.output_tokens == 0 {
            return Err(MeasurementFault::NoOutput);
        }
        let tokens = |count: u64| Tokens::from_whole(count).ok_or(MeasurementFault::TooLarge);
        Ok(Self {
            input: tokens(usage.input_tokens)?,
            cache_write: tokens(usage.cache_write_tokens.unwrap_or(0))?,
            output: tokens(usage.output_tokens)?,
        })
    }

    /// What the metric shows for this call alone if the rate is this one: its settled cost (guide/sizing.md,
    /// section 1).
    #[must_use]
    pub fn at_rate(&self, rate: BurndownRate) -> QuotaTokens {
        let once = QuotaTokens::from_tokens(self.input).plus(QuotaTokens::from_tokens(self.cache_write));
        once.plus(QuotaTokens::burned(self.output, rate))
    }

    /// Whether the answer was so short that the rate would be rough.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.output < Tokens::from_whole(SHORT).unwrap_or_default()
    }
}
