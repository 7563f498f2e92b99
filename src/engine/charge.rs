//! What one request costs (guide/sizing.md, section 1): the one definition of the charge.
//!
//! The passes over many requests call the same functions on numbers of their own width and unit. `minutes` and
//! `sampling`, which may not import the engine, are held to it by `tests/properties/charge.rs`.

use std::ops::{Add, Mul, Sub};

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

/// `S = I + W + b·O`, all in one unit.
pub(crate) fn settled<N>(input: N, cache_write: N, output: N, burndown: N) -> N
where
    N: Add<Output = N> + Mul<Output = N>,
{
    input + cache_write + burndown * output
}

/// `H = I + W [+ R] + M`, all in one unit; `reserved_reads` is 0 where cache reads do not count in the reservation.
pub(crate) fn reservation<N: Add<Output = N>>(
    input: N,
    cache_write: N,
    reserved_reads: N,
    max_tokens: N,
) -> N {
    input + cache_write + reserved_reads + max_tokens
}

/// `max(0, a − b)`: with `a = H` and `b = S` the hold, with `a = S` and `b = H` the debt.
pub(crate) fn beyond<N: Sub<Output = N> + PartialOrd + Default>(a: N, b: N) -> N {
    if a > b { a - b } else { N::default() }
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
    /// // AWS's token burndown page (2026-10), scenario 1: max_tokens is far above what is written.
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
    /// assert_eq!(cost.hold().unwrap().rounded_up(), 27_000);
    /// assert_eq!(cost.debt().unwrap().rounded_up(), 0);
    ///
    /// // Scenario 2: a low max_tokens, so that more is charged at completion than was reserved.
    /// let low = Request { max_tokens: Some(tokens(1_250)), ..request };
    /// let cost = low.cost(BurndownRate::new(5).unwrap(), false);
    /// assert_eq!(cost.settled().rounded_up(), 9_000);
    /// assert_eq!(cost.reservation().unwrap().rounded_up(), 5_250);
    /// assert_eq!(cost.hold().unwrap().rounded_up(), 0);
    /// assert_eq!(cost.debt().unwrap().rounded_up(), 3_750);
    ///
    /// // The page's example of the rate: 1,000 input tokens and 100 output tokens.
    /// let short = Request {
    ///     input: tokens(1_000),
    ///     cache_read: tokens(0),
    ///     cache_write: tokens(0),
    ///     output: tokens(100),
    ///     max_tokens: None,
    /// };
    /// let cost = short.cost(BurndownRate::new(5).unwrap(), false);
    /// assert_eq!(cost.settled().rounded_up(), 1_500);
    /// assert_eq!(cost.reservation(), None);
    /// ```
    #[must_use]
    pub fn cost(&self, rate: BurndownRate, reserve_cache_reads: bool) -> RequestCost {
        let [input, read, write, output] = [self.input, self.cache_read, self.cache_write, self.output]
            .map(|tokens| u128::from(tokens.millionths()));
        let reserved_reads = if reserve_cache_reads { read } else { 0 };
        let reserved = |max: Tokens| reservation(input, write, reserved_reads, u128::from(max.millionths()));
        let burndown = u128::from(rate.quota_tokens_per_output_token());
        RequestCost {
            settled: QuotaTokens::from_millionths(settled(input, write, output, burndown)),
            reservation: self.max_tokens.map(|max| QuotaTokens::from_millionths(reserved(max))),
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
        self.reservation.map(|reservation| difference(reservation, self.settled))
    }

    /// `max(0, S − H)`: what is charged in addition at completion.
    #[must_use]
    pub fn debt(&self) -> Option<QuotaTokens> {
        self.reservation.map(|reservation| difference(self.settled, reservation))
    }
}

fn difference(a: QuotaTokens, b: QuotaTokens) -> QuotaTokens {
    QuotaTokens::from_millionths(beyond(a.millionths(), b.millionths()))
}
