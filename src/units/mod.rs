//! The dimensions of the product as types, with exact arithmetic.
//!
//! Every input is a decimal with at most six fractional digits, held as a whole number of
//! millionths, so nothing is lost between the cell and the sum. This module knows no files
//! and no AWS facts.

mod digits;
mod duration;
mod fact;
mod number;
mod quota;
mod rate;
mod words;

use std::fmt;

pub use digits::{FIGURE_MAXIMUM, INPUT_MAXIMUM, MILLIONTHS, grouped};
use digits::{write_millionths, written};
pub use duration::duration;
pub use fact::Fact;
pub use number::{DecimalMark, NumberFault, parse_millionths, parse_millionths_up};
pub(crate) use number::{parse_whole, plain_millionths};
pub use quota::{ByKind, DESIRED_MAXIMUM, Limit, QuotaAmount, QuotaKind, Utilisation, is_quota_code};
pub use rate::ExactRate;
pub use words::UnknownWord;
pub(crate) use words::{deserialize as deserialize_word, words};

macro_rules! decimal {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(u64);

        impl $name {
            /// None of it.
            pub const ZERO: Self = Self(0);

            /// A whole number of units; `None` above 10^12.
            #[must_use]
            pub const fn from_whole(units: u64) -> Option<Self> {
                if units > INPUT_MAXIMUM { None } else { Some(Self(units * MILLIONTHS)) }
            }

            /// A whole number of millionths; `None` above 10^12 units.
            #[must_use]
            pub const fn from_millionths(millionths: u64) -> Option<Self> {
                if millionths > INPUT_MAXIMUM * MILLIONTHS { None } else { Some(Self(millionths)) }
            }

            /// Reads the decimal form that inputs use, see [`parse_millionths`].
            ///
            /// # Errors
            /// The first fault of the text.
            pub fn parse(text: &str) -> Result<Self, NumberFault> {
                parse_millionths(text).map(Self)
            }

            /// The exact value in millionths.
            #[must_use]
            pub const fn millionths(self) -> u64 {
                self.0
            }

            /// The decimal as an input writes it: no separators, no trailing zeros.
            #[must_use]
            pub fn written(self) -> String {
                written(self.0)
            }

            /// The nearest float, for statistics and display alone.
            #[must_use]
            #[allow(clippy::cast_precision_loss)]
            pub fn to_f64(self) -> f64 {
                self.0 as f64 / MILLIONTHS as f64
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_millionths(f, u128::from(self.0))
            }
        }
    };
}

decimal!(
    /// Tokens of one request, as billed: a mean may have a fraction.
    Tokens
);
decimal!(
    /// Requests per minute.
    RequestsPerMinute
);
decimal!(
    /// A duration in seconds.
    Seconds
);
decimal!(
    /// Tokens a second, the speed at which a model writes.
    TokensPerSecond
);
decimal!(
    /// A ratio: headroom, growth a month, a share, a confidence, a factor.
    Ratio
);
decimal!(
    /// US dollars per million tokens.
    UsdPerMillion
);
decimal!(
    /// US dollars per query: what a reranker costs.
    UsdPerQuery
);
decimal!(
    /// US dollars.
    Usd
);
decimal!(
    /// Days, with a fraction where a mean month is meant.
    Days
);

impl Ratio {
    /// `part` of `whole`, half up to six decimals; `None` of nothing, or above 10^12.
    #[must_use]
    pub fn of_parts(part: u128, whole: u128) -> Option<Self> {
        let twice = (part.checked_mul(2 * u128::from(MILLIONTHS))? + whole).checked_div(2 * whole)?;
        u64::try_from(twice).ok().and_then(Self::from_millionths)
    }
}

impl Usd {
    /// The form for people: thousands separated, at least two decimals.
    ///
    /// ```
    /// # use quotaplan::units::Usd;
    /// assert_eq!(Usd::parse("12_000.5").unwrap().in_cents(), "12,000.50");
    /// ```
    #[must_use]
    pub fn in_cents(self) -> String {
        let plain = self.plain();
        let decimals = plain.split_once('.').map_or("", |(_, decimals)| decimals);
        format!("{}.{decimals}", grouped(u128::from(self.0 / MILLIONTHS)))
    }

    /// The form for scripts: no separators, at least two decimals.
    ///
    /// ```
    /// # use quotaplan::units::Usd;
    /// assert_eq!(Usd::parse("12_000").unwrap().plain(), "12000.00");
    /// assert_eq!(Usd::parse("0.125").unwrap().plain(), "0.125");
    /// ```
    #[must_use]
    pub fn plain(self) -> String {
        let digits = format!("{:06}", self.0 % MILLIONTHS);
        let kept = digits.trim_end_matches('0').len().max(2);
        format!("{}.{}", self.0 / MILLIONTHS, &digits[..kept])
    }
}

/// Quota tokens that one output token consumes (Amazon Bedrock User Guide, token burndown page).
///
/// A whole number from 1 to 1,000: every rate AWS has stated so far is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BurndownRate(u32);

impl BurndownRate {
    /// Largest rate accepted.
    pub const MAXIMUM: u32 = 1_000;

    /// A rate; `None` outside 1 to 1,000.
    #[must_use]
    pub const fn new(quota_tokens_per_output_token: u32) -> Option<Self> {
        match quota_tokens_per_output_token {
            1..=Self::MAXIMUM => Some(Self(quota_tokens_per_output_token)),
            _ => None,
        }
    }

    /// Quota tokens per output token.
    #[must_use]
    pub const fn quota_tokens_per_output_token(self) -> u32 {
        self.0
    }
}

impl fmt::Display for BurndownRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x", self.0)
    }
}

/// Tokens as a quota counts them: input and cache writes as they are, output times the burndown rate.
///
/// Exact, in millionths; reported rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct QuotaTokens(u128);

impl QuotaTokens {
    /// Tokens that count once each.
    #[must_use]
    pub fn from_tokens(tokens: Tokens) -> Self {
        Self(u128::from(tokens.millionths()))
    }

    /// An exact amount in millionths.
    #[must_use]
    pub const fn from_millionths(millionths: u128) -> Self {
        Self(millionths)
    }

    /// Output tokens, each counted `rate` times.
    #[must_use]
    pub fn burned(output: Tokens, rate: BurndownRate) -> Self {
        Self(u128::from(output.millionths()) * u128::from(rate.0))
    }

    /// The sum; inputs are bounded, so it cannot overflow.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The exact value in millionths.
    #[must_use]
    pub const fn millionths(self) -> u128 {
        self.0
    }

    /// The nearest float, for estimates alone.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / MILLIONTHS as f64
    }

    /// Whole quota tokens, rounded up.
    #[must_use]
    pub const fn rounded_up(self) -> u128 {
        self.0.div_ceil(MILLIONTHS as u128)
    }
}

impl fmt::Display for QuotaTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_millionths(f, self.0)
    }
}

/// Millionths as a percentage, every digit and no trailing zeros: `0.1`, `20`.
#[must_use]
pub fn percent_of(millionths: u64) -> String {
    let digits = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// US dollars to the cent, as reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UsdCents(u128);

impl UsdCents {
    /// A whole number of cents.
    #[must_use]
    pub const fn new(cents: u128) -> Self {
        Self(cents)
    }

    /// The number of cents.
    #[must_use]
    pub const fn get(self) -> u128 {
        self.0
    }

    /// Reads the form that [`UsdCents::plain`] writes; `None` for any other.
    #[must_use]
    pub fn parse_plain(text: &str) -> Option<Self> {
        let (whole, cents) = text.split_once('.')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || cents.len() != 2 || !digits(whole) || !digits(cents) {
            return None;
        }
        let whole: u128 = whole.parse().ok()?;
        Some(Self(whole.checked_mul(100)?.checked_add(cents.parse().ok()?)?))
    }

    /// The form for scripts: no separators, two decimals.
    ///
    /// ```
    /// assert_eq!(quotaplan::units::UsdCents::new(123_456).plain(), "1234.56");
    /// ```
    #[must_use]
    pub fn plain(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl fmt::Display for UsdCents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", grouped(self.0 / 100), self.0 % 100)
    }
}
