//! What one request costs (guide/sizing.md, section 1).

use crate::units::{BurndownRate, QuotaTokens, Tokens};

/// The shape of a request: means, and the cap it is sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Input neither read from nor written to the cache.
    pub input: Tokens,
    /// Cache reads.
    pub cache_read: Tokens,
    /// Cache writes.
    pub cache_write: Tokens,
    /// Output, reasoning included.
    pub output: Tokens,
    /// max_tokens, or the model's maximum where it is not set; `None` where that is not known.
    pub max_tokens: Option<Tokens>,
}

/// What a request takes from a token quota, exact.
///
/// Source: Amazon Bedrock User Guide, token burndown page (2026-10). Until completion the whole
/// reservation is taken as held; AWS adjusts it "periodically" and gives no schedule (assumed).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestCost {
    settled: QuotaTokens,
    reservation: Option<QuotaTokens>,
}

impl Request {
    /// The cost at a burndown rate.
    ///
    /// `reserve_cache_reads` counts cache reads in the reservation: AWS's worked examples leave
    /// them out, another AWS source puts them in.
    ///
    /// ```
    /// use quotaplan::engine::Request;
    /// use quotaplan::units::{BurndownRate, Tokens};
    ///
    /// // AWS burndown page, scenario 1
    /// let tokens = |n| Tokens::from_whole(n).unwrap();
    /// let request = Request {
    ///     input: tokens(3_000),
    ///     cache_read: tokens(4_000),
    ///     cache_write: tokens(1_000),
    ///     output: tokens(1_000),
    ///     max_tokens: Some(tokens(32_000)),
    /// };
    /// let cost = request.cost(BurndownRate::new(5).unwrap(), false);
    /// assert_eq!(cost.settled().rounded_up(), 9_000);
    /// assert_eq!(cost.reservation().unwrap().rounded_up(), 36_000);
    /// ```
    #[must_use]
    pub fn cost(&self, rate: BurndownRate, reserve_cache_reads: bool) -> RequestCost {
        let input = QuotaTokens::from_tokens(self.input).plus(QuotaTokens::from_tokens(self.cache_write));
        let reserved =
            if reserve_cache_reads { input.plus(QuotaTokens::from_tokens(self.cache_read)) } else { input };
        RequestCost {
            settled: input.plus(QuotaTokens::burned(self.output, rate)),
            reservation: self.max_tokens.map(|max| reserved.plus(QuotaTokens::from_tokens(max))),
        }
    }
}

impl RequestCost {
    /// `S = I + W + b·O`: what the request has consumed once complete.
    #[must_use]
    pub fn settled(&self) -> QuotaTokens {
        self.settled
    }

    /// `H = I + W + M`: what must fit for it to be admitted; `None` where max_tokens is not known.
    #[must_use]
    pub fn reservation(&self) -> Option<QuotaTokens> {
        self.reservation
    }

    /// `D = max(0, H − S)`: what the reservation takes beyond the settled cost while in flight.
    #[must_use]
    pub fn hold(&self) -> Option<QuotaTokens> {
        self.reservation.map(|reservation| reservation.beyond(self.settled))
    }

    /// `max(0, S − H)`: what is charged in addition at completion.
    #[must_use]
    pub fn debt(&self) -> Option<QuotaTokens> {
        self.reservation.map(|reservation| self.settled.beyond(reservation))
    }
}
