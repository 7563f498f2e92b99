//! The dimensions of the product as types, with exact arithmetic.
//!
//! Every input is a decimal with at most six fractional digits, held as a whole number of
//! millionths, so nothing is lost between the cell and the sum. This module knows no files
//! and no AWS facts.

use std::fmt;

/// Millionths in one unit: every decimal input is held as a whole number of these.
pub const MILLIONTHS: u64 = 1_000_000;

/// Largest number accepted in an input, in whole units (sizing notes, section 2).
pub const INPUT_MAXIMUM: u64 = 1_000_000_000_000;

/// Largest figure that may arise on the way, in whole units (sizing notes, section 2).
pub const FIGURE_MAXIMUM: u64 = 1_000_000_000_000_000_000;

/// Why a text is not a number that an input may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Nothing is written.
    Empty,
    /// A minus sign: no input of this product can be negative.
    Negative,
    /// An exponent such as `1e6`.
    Exponent,
    /// A comma, space or apostrophe between groups of three digits.
    ThousandsSeparator,
    /// A comma where the decimal point belongs.
    DecimalComma,
    /// A percent sign.
    Percent,
    /// `NaN` or an infinity.
    NotFinite,
    /// More than six digits after the point.
    TooManyDecimals,
    /// Above 10^12.
    TooLarge,
    /// A fraction where only a whole number makes sense.
    NotWhole,
    /// Anything else.
    Text,
}

impl NumberFault {
    /// What is wrong, as a predicate of the written text.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::Negative => "is negative",
            Self::Exponent => "is written with an exponent",
            Self::ThousandsSeparator => "has a thousands separator",
            Self::DecimalComma => "has a decimal comma",
            Self::Percent => "is written in percent",
            Self::NotFinite => "is not a finite number",
            Self::TooManyDecimals => "has more than 6 decimals",
            Self::TooLarge => "is above 1,000,000,000,000",
            Self::NotWhole => "is not a whole number",
            Self::Text => "is not a number",
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Empty => "write a number such as 1200 or 0.5",
            Self::Negative => "write a number of at least 0",
            Self::Exponent => "write all digits, for example 1000000 or 1_000_000",
            Self::ThousandsSeparator => "remove the separator, or write it as `_`: 1_000",
            Self::DecimalComma => "use a decimal point: 1.5",
            Self::Percent => "write a ratio: 5 % is 0.05",
            Self::NotFinite => "write a finite number, or leave it out where it is not known",
            Self::TooManyDecimals => "round it to 6 decimals",
            Self::TooLarge => "write a number of at most 1_000_000_000_000; check the unit",
            Self::NotWhole => "write a whole number",
            Self::Text => "write digits with an optional decimal point, for example 1200 or 0.5",
        }
    }
}

/// Reads a decimal as millionths: digits, `_` between digits, at most one point and six decimals.
///
/// # Errors
/// The first fault of the text, as a [`NumberFault`].
///
/// ```
/// # use quotaplan::units::{parse_millionths, NumberFault};
/// assert_eq!(parse_millionths("1_200.5"), Ok(1_200_500_000));
/// assert_eq!(parse_millionths("1,5"), Err(NumberFault::DecimalComma));
/// ```
pub fn parse_millionths(text: &str) -> Result<u64, NumberFault> {
    plain_millionths(text.as_bytes()).map_err(|fault| match fault {
        NumberFault::TooLarge => fault,
        fault => fault_of(text, fault),
    })
}

/// The same for bytes that need not be UTF-8, without the search for a helpful name.
pub(crate) fn plain_millionths(text: &[u8]) -> Result<u64, NumberFault> {
    let mut whole: u64 = 0;
    let mut fraction: u64 = 0;
    let mut decimals: usize = 0;
    let mut after_point = false;
    let mut previous_is_digit = false;
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                if !after_point {
                    whole = whole * 10 + digit;
                    if whole > INPUT_MAXIMUM {
                        return Err(NumberFault::TooLarge);
                    }
                } else if decimals < 6 {
                    fraction = fraction * 10 + digit;
                    decimals += 1;
                } else if digit != 0 {
                    // A trailing zero would lose nothing.
                    return Err(NumberFault::TooManyDecimals);
                }
                previous_is_digit = true;
            }
            b'.' if !after_point && previous_is_digit => {
                after_point = true;
                previous_is_digit = false;
            }
            b'_' if previous_is_digit => previous_is_digit = false,
            _ => return Err(NumberFault::Text),
        }
    }
    if !previous_is_digit {
        return Err(NumberFault::Text);
    }
    const SCALE: [u64; 7] = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let value = whole * MILLIONTHS + fraction * SCALE[decimals];
    if value > INPUT_MAXIMUM * MILLIONTHS { Err(NumberFault::TooLarge) } else { Ok(value) }
}

/// The most helpful name for what is wrong with `text`; `otherwise` where its form is plain.
fn fault_of(text: &str, otherwise: NumberFault) -> NumberFault {
    let text = text.trim();
    if text.is_empty() {
        return NumberFault::Empty;
    }
    let unsigned = text.trim_start_matches(['+', '-', '\u{2212}']);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), "nan" | "inf" | "infinity" | "∞" | "#n/a" | "#value!" | "#div/0!") {
        return NumberFault::NotFinite;
    }
    if let Some(number) = unsigned.strip_suffix('%')
        && number.trim_end().starts_with(|c: char| c.is_ascii_digit())
    {
        return NumberFault::Percent;
    }
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some((mantissa, exponent)) = lower.split_once('e') {
        let exponent = exponent.trim_start_matches(['+', '-']);
        if is_digits(&mantissa.replacen('.', "", 1)) && is_digits(exponent) {
            return NumberFault::Exponent;
        }
    }
    if text.starts_with(['-', '\u{2212}']) && unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return NumberFault::Negative;
    }
    for separator in [',', ' ', '\'', '\u{a0}', '\u{202f}', '\u{2019}'] {
        let mut groups = unsigned.split('.').next().unwrap_or_default().split(separator);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        if !rest.is_empty() && is_digits(first) && rest.iter().all(|g| g.len() == 3 && is_digits(g)) {
            return NumberFault::ThousandsSeparator;
        }
    }
    if let Some((whole, fraction)) = unsigned.split_once(',')
        && is_digits(whole)
        && is_digits(fraction)
    {
        return NumberFault::DecimalComma;
    }
    if unsigned.matches('.').count() > 1 && unsigned.split('.').skip(1).all(|g| g.len() == 3 && is_digits(g))
    {
        return NumberFault::ThousandsSeparator;
    }
    otherwise
}

/// Writes millionths as a decimal: thousands separated by commas, no trailing zeros.
fn write_millionths(f: &mut fmt::Formatter<'_>, millionths: u128) -> fmt::Result {
    let unit = u128::from(MILLIONTHS);
    let (whole, fraction) = (millionths / unit, millionths % unit);
    f.write_str(&grouped(whole))?;
    if fraction > 0 {
        let digits = format!("{fraction:06}");
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    Ok(())
}

/// A whole number with commas between groups of three digits.
///
/// ```
/// assert_eq!(quotaplan::units::grouped(2_250_000), "2,250,000");
/// ```
#[must_use]
pub fn grouped(value: u128) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

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
    /// Requests a minute.
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
    /// US dollars.
    Usd
);
decimal!(
    /// Days, with a fraction where a mean month is meant.
    Days
);

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

    /// What of `self` exceeds `other`, 0 where nothing does.
    #[must_use]
    pub const fn beyond(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The exact value in millionths.
    #[must_use]
    pub const fn millionths(self) -> u128 {
        self.0
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

/// A whole amount in a quota's own unit: tokens a minute, requests a minute or tokens a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct QuotaAmount(u64);

impl QuotaAmount {
    /// An amount; `None` above 10^18.
    #[must_use]
    pub const fn new(amount: u64) -> Option<Self> {
        if amount > FIGURE_MAXIMUM { None } else { Some(Self(amount)) }
    }

    /// The amount in the quota's unit.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Rounded up to two significant digits, the way an increase is asked for.
    ///
    /// ```
    /// # use quotaplan::units::QuotaAmount;
    /// let required = QuotaAmount::new(5_613_158).unwrap();
    /// assert_eq!(required.rounded_up_to_two_digits().get(), 5_700_000);
    /// ```
    #[must_use]
    pub const fn rounded_up_to_two_digits(self) -> Self {
        let mut step = 1;
        while self.0 / step >= 100 {
            step *= 10;
        }
        Self(self.0.div_ceil(step) * step)
    }
}

impl fmt::Display for QuotaAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(u128::from(self.0)))
    }
}

/// Whether a text has the form of a Service Quotas code: `L-` and eight capital hexadecimal digits.
#[must_use]
pub fn is_quota_code(text: &str) -> bool {
    text.strip_prefix("L-")
        .is_some_and(|rest| rest.len() == 8 && rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')))
}

/// A stated ceiling: a number, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Stated as `"unlimited"`.
    Unlimited,
    /// A number in the quota's unit.
    Amount(QuotaAmount),
}

impl Limit {
    /// Whether `demand` fits under it.
    #[must_use]
    pub fn holds(self, demand: QuotaAmount) -> bool {
        match self {
            Self::Unlimited => true,
            Self::Amount(amount) => demand <= amount,
        }
    }

    /// The number, where there is one.
    #[must_use]
    pub fn amount(self) -> Option<QuotaAmount> {
        match self {
            Self::Unlimited => None,
            Self::Amount(amount) => Some(amount),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlimited => f.write_str("unlimited"),
            Self::Amount(amount) => amount.fmt(f),
        }
    }
}
