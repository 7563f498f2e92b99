//! The operators of a condition and what they make of one value.
//!
//! After the IAM user guide, reference_policies_elements_condition_operators and
//! reference_policies_condition-single-vs-multi-valued-context-keys, copies of 2026.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::pattern::{Holds, Pattern};

/// How an operator takes a key that may have several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// The key has one value.
    One,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// A comparison, without what negates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Comparison {
    /// `StringEquals`, `BinaryEquals`.
    Equal,
    /// `StringEqualsIgnoreCase`.
    EqualIgnoringCase,
    /// `Bool`.
    Boolean,
    /// `StringLike`.
    Like,
    /// `ArnEquals` and `ArnLike`, which behave alike.
    Arn,
    Number(Order),
    Date(Order),
    Address,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An operator, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// Whether the key is absent.
    Null,
    Compare {
        set: Set,
        comparison: Comparison,
        negated: bool,
        if_exists: bool,
    },
}

impl Operator {
    /// Reads the name of an operator; `None` where IAM has none of this name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (set, rest) = match lower.split_once(':') {
            None => (Set::One, lower.as_str()),
            Some(("forallvalues", rest)) => (Set::All, rest),
            Some(("foranyvalue", rest)) => (Set::Any, rest),
            Some(_) => return None,
        };
        if rest == "null" {
            return Some(Self::Null);
        }
        let (base, if_exists) = match rest.strip_suffix("ifexists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (comparison, negated) = comparison(base)?;
        Some(Self::Compare { set, comparison, negated, if_exists })
    }

    /// Whether `*` and `?` are wildcards in its values.
    pub(super) fn has_wildcards(self) -> bool {
        matches!(self, Self::Compare { comparison: Comparison::Like | Comparison::Arn, .. })
    }

    /// Whether it holds for a key that is absent, given the values of a `Null`.
    pub(super) fn holds_for_absent(self) -> bool {
        match self {
            Self::Null => true,
            // "If the key doesn't exist, the condition returns false", with `IfExists` too.
            Self::Compare { set: Set::Any, .. } => false,
            Self::Compare { set: Set::All, .. } => true,
            Self::Compare { set: Set::One, negated, if_exists, .. } => negated || if_exists,
        }
    }
}

fn comparison(base: &str) -> Option<(Comparison, bool)> {
    if let Some(order) = base.strip_prefix("numeric") {
        return ordered(order).map(|(order, negated)| (Comparison::Number(order), negated));
    }
    if let Some(order) = base.strip_prefix("date") {
        return ordered(order).map(|(order, negated)| (Comparison::Date(order), negated));
    }
    Some(match base {
        "stringequals" | "binaryequals" => (Comparison::Equal, false),
        "stringnotequals" => (Comparison::Equal, true),
        "stringequalsignorecase" => (Comparison::EqualIgnoringCase, false),
        "bool" => (Comparison::Boolean, false),
        "stringnotequalsignorecase" => (Comparison::EqualIgnoringCase, true),
        "stringlike" => (Comparison::Like, false),
        "stringnotlike" => (Comparison::Like, true),
        "arnequals" | "arnlike" => (Comparison::Arn, false),
        "arnnotequals" | "arnnotlike" => (Comparison::Arn, true),
        "ipaddress" => (Comparison::Address, false),
        "notipaddress" => (Comparison::Address, true),
        _ => return None,
    })
}

fn ordered(order: &str) -> Option<(Order, bool)> {
    Some(match order {
        "equals" => (Order::Equal, false),
        "notequals" => (Order::Equal, true),
        "lessthan" => (Order::Less, false),
        "lessthanequals" => (Order::LessOrEqual, false),
        "greaterthan" => (Order::Greater, false),
        "greaterthanequals" => (Order::GreaterOrEqual, false),
        _ => return None,
    })
}

impl Comparison {
    /// Whether a value compares so with what a policy states; a value that is of another kind, such as a
    /// word for a number, does not.
    pub(super) fn holds(self, stated: &Pattern, value: &str) -> Holds {
        let certain = |stated: &Pattern, holds: &dyn Fn(&str) -> bool| match stated.literal() {
            Some(stated) if holds(&stated) => Holds::Yes,
            Some(_) => Holds::No,
            None => Holds::Depends(stated.variables()),
        };
        match self {
            Self::Equal | Self::Like => stated.matches(value),
            Self::EqualIgnoringCase | Self::Boolean => match stated.literal() {
                Some(stated) if stated.to_lowercase() == value.to_lowercase() => Holds::Yes,
                Some(_) => Holds::No,
                None => Holds::Depends(stated.variables()),
            },
            Self::Arn => stated.matches_arn(value),
            Self::Number(order) => certain(stated, &|stated| {
                number(stated).zip(number(value)).is_some_and(|(stated, value)| order.holds(value, stated))
            }),
            Self::Date(order) => certain(stated, &|stated| {
                date(stated).zip(date(value)).is_some_and(|(stated, value)| order.holds(value, stated))
            }),
            Self::Address => certain(stated, &|stated| {
                Network::parse(stated).zip(Network::parse(value)).is_some_and(|(net, one)| one.is_within(net))
            }),
        }
    }

    /// Where on the line of numbers the value stands, of a comparison that has one.
    pub(super) fn point(self, stated: &Pattern) -> Option<f64> {
        let literal = stated.literal()?;
        match self {
            Self::Number(_) => number(&literal),
            Self::Date(_) => date(&literal),
            _ => None,
        }
    }

    /// Whether a place on the line of numbers compares so with what a policy states.
    pub(super) fn holds_at(self, stated: &Pattern, at: f64) -> bool {
        let (Self::Number(order) | Self::Date(order)) = self else { return false };
        self.point(stated).is_some_and(|stated| order.holds(at, stated))
    }
}

impl Order {
    fn holds(self, value: f64, stated: f64) -> bool {
        match self {
            Self::Equal => value.total_cmp(&stated).is_eq(),
            Self::Less => value < stated,
            Self::LessOrEqual => value <= stated,
            Self::Greater => value > stated,
            Self::GreaterOrEqual => value >= stated,
        }
    }
}

/// A decimal; zero has one sign, so that -0 equals 0.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    text.chars().all(plain).then(|| text.parse::<f64>().ok()).flatten().map(|number| number + 0.0)
}

/// A date of ISO 8601, or seconds since 1970, as seconds.
fn date(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_duration().as_secs_f64());
    }
    if let Ok(day) = text.parse::<Date>() {
        let start = day.to_zoned(TimeZone::UTC).ok()?;
        return Some(start.timestamp().as_duration().as_secs_f64());
    }
    number(text)
}

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    length: u32,
}

impl Network {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address.parse::<IpAddr>().ok()?, Some(length.parse::<u32>().ok()?)),
            None => (text.trim().parse::<IpAddr>().ok()?, None),
        };
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(longest);
        (length <= longest).then_some(Self { address, length })
    }

    pub(super) fn is_within(self, other: Self) -> bool {
        if self.length < other.length || self.address.is_ipv4() != other.address.is_ipv4() {
            return false;
        }
        self.leading(other.length) == other.leading(other.length)
    }

    /// Its first address, as text.
    pub(super) fn first(self) -> String {
        match self.address {
            IpAddr::V4(_) => {
                let bits = u32::try_from(self.leading(self.length)).unwrap_or_default();
                std::net::Ipv4Addr::from_bits(bits.checked_shl(32 - self.length).unwrap_or_default())
                    .to_string()
            }
            IpAddr::V6(_) => {
                let bits = self.leading(self.length).checked_shl(128 - self.length).unwrap_or_default();
                std::net::Ipv6Addr::from_bits(bits).to_string()
            }
        }
    }

    /// The first address behind it, as text; `None` behind the last of all.
    pub(super) fn behind(self) -> Option<String> {
        let next = self.leading(self.length).checked_add(1)?;
        let longest = if self.address.is_ipv4() { 32 } else { 128 };
        let shift = longest - self.length;
        let bits = next.checked_shl(shift).filter(|bits| bits >> shift == next)?;
        match self.address {
            IpAddr::V4(_) => {
                u32::try_from(bits).ok().map(|bits| std::net::Ipv4Addr::from_bits(bits).to_string())
            }
            IpAddr::V6(_) => Some(std::net::Ipv6Addr::from_bits(bits).to_string()),
        }
    }

    fn leading(self, length: u32) -> u128 {
        match self.address {
            IpAddr::V4(address) => u128::from(address.to_bits().checked_shr(32 - length).unwrap_or_default()),
            IpAddr::V6(address) => address.to_bits().checked_shr(128 - length).unwrap_or_default(),
        }
    }
}
