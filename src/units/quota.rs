//! Quotas: what they count, amounts in their units, limits, and how much of one a demand is.
//!
//! It knows no file and no value that AWS states.

use std::cmp::Ordering;
use std::fmt;

use super::{FIGURE_MAXIMUM, grouped, words};

words! {
    /// What a quota counts, in the order that the model table lists the quotas of a scope.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum QuotaKind {
        /// Tokens per minute.
        Tpm = "tpm",
        /// Requests per minute.
        Rpm = "rpm",
        /// Tokens per day.
        Tpd = "tpd",
    }
}

impl QuotaKind {
    /// Whether tokens count against it, so that the burndown rate matters.
    #[must_use]
    pub const fn counts_tokens(self) -> bool {
        match self {
            Self::Tpm | Self::Tpd => true,
            Self::Rpm => false,
        }
    }

    /// Whether it limits how many requests are made a minute.
    #[must_use]
    pub const fn counts_requests(self) -> bool {
        match self {
            Self::Rpm => true,
            Self::Tpm | Self::Tpd => false,
        }
    }

    /// Whether each request reserves a part of it until it completes, so that max_tokens, latency and cache reads
    /// matter.
    #[must_use]
    pub const fn reserves_tokens(self) -> bool {
        match self {
            Self::Tpm => true,
            Self::Rpm | Self::Tpd => false,
        }
    }

    /// Whether it is of a day, which does not depend on its busiest minute.
    #[must_use]
    pub const fn is_daily(self) -> bool {
        match self {
            Self::Tpd => true,
            Self::Tpm | Self::Rpm => false,
        }
    }

    /// Whether AWS has a quota of this kind for long inputs alone.
    #[must_use]
    pub const fn is_split_by_input_length(self) -> bool {
        match self {
            Self::Tpm | Self::Rpm => true,
            Self::Tpd => false,
        }
    }

    /// The unit in words, behind a number.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Tpm => "tokens per minute",
            Self::Rpm => "requests per minute",
            Self::Tpd => "tokens per day",
        }
    }
}

/// By word, as results list the quotas of a model.
impl Ord for QuotaKind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for QuotaKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A value for each kind of quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByKind<T>([T; QuotaKind::ALL.len()]);

impl<T> ByKind<T> {
    /// Makes the value of each kind, in the order of [`QuotaKind::ALL`].
    pub fn from_fn(value: impl FnMut(QuotaKind) -> T) -> Self {
        Self(QuotaKind::ALL.map(value))
    }

    /// The value of a kind.
    #[must_use]
    #[allow(clippy::missing_panics_doc)]
    pub const fn get(&self, kind: QuotaKind) -> &T {
        // `ALL` has the order of the declaration.
        &self.0[kind as usize]
    }
}

/// The largest value that `RequestServiceQuotaIncrease` takes (Service Quotas API 2019-06-24, `DesiredValue`).
pub const DESIRED_MAXIMUM: u64 = 10_000_000_000;

/// A whole amount in a quota's own unit: tokens per minute, requests per minute or tokens per day.
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

/// A share of a quota, `demand / quota`, rounded up to four decimals (guide/sizing.md, section 4).
///
/// Every output takes it from here, so that one ratio reads the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utilisation(u128);

impl Utilisation {
    /// The share of a quota without a limit.
    pub const ZERO: Self = Self(0);

    /// The share that a demand is of an amount; `None` where the amount is 0.
    #[must_use]
    pub fn new(demand: QuotaAmount, amount: QuotaAmount) -> Option<Self> {
        (amount.0 > 0).then(|| Self((u128::from(demand.0) * 10_000).div_ceil(u128::from(amount.0))))
    }

    /// The share that a demand is of a limit: 0 where there is none, `None` where it is 0.
    #[must_use]
    pub fn of_limit(demand: QuotaAmount, limit: Limit) -> Option<Self> {
        match limit {
            Limit::Unlimited => Some(Self::ZERO),
            Limit::Amount(amount) => Self::new(demand, amount),
        }
    }

    /// The share in ten-thousandths.
    #[must_use]
    pub const fn ten_thousandths(self) -> u128 {
        self.0
    }
}

/// In percent, rounded up to a tenth.
///
/// ```
/// # use quotaplan::units::{QuotaAmount, Utilisation};
/// let [required, applied] = [6_232_000, 5_000_000].map(|amount| QuotaAmount::new(amount).unwrap());
/// assert_eq!(Utilisation::new(required, applied).unwrap().to_string(), "124.7 %");
/// ```
impl fmt::Display for Utilisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.div_ceil(10);
        write!(f, "{}.{} %", grouped(tenths / 10), tenths % 10)
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

    /// Whether it holds less than `other` does.
    #[must_use]
    pub fn is_below(self, other: Self) -> bool {
        match (self, other) {
            (Self::Unlimited, _) => false,
            (Self::Amount(_), Self::Unlimited) => true,
            (Self::Amount(own), Self::Amount(other)) => own < other,
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
