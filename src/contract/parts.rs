//! Parts that several documents share: limits, shares, exact decimals, sources, places.

use std::fmt;

use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::Word;
use crate::units;

/// A limit: a whole number, or the word `unlimited`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "a whole number or the word unlimited")]
pub enum Limit {
    /// In the quota's unit.
    Amount(u64),
    /// `unlimited`; any other word is kept as it was read.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "unlimited")))]
    Word(Word),
}

impl From<units::Limit> for Limit {
    fn from(limit: units::Limit) -> Self {
        match limit {
            units::Limit::Unlimited => Self::Word(Word::Borrowed("unlimited")),
            units::Limit::Amount(amount) => Self::Amount(amount.get()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => amount.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// A share in ten-thousandths: a decimal number in JSON, exact where it is written as text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(inline))]
pub struct Share(#[cfg_attr(feature = "schema", schemars(with = "f64", range(min = 0)))] u128);

impl Share {
    /// From ten-thousandths.
    #[must_use]
    pub const fn from_ten_thousandths(value: u128) -> Self {
        Self(value)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

impl Serialize for Share {
    #[allow(clippy::cast_precision_loss)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 10_000.0)
    }
}

impl<'de> Deserialize<'de> for Share {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = f64::deserialize(deserializer)?;
        if share < 0.0 {
            return Err(D::Error::invalid_value(Unexpected::Float(share), &"a share, which is not negative"));
        }
        // What is above 128 bits becomes the largest.
        Ok(Self(libm::round(share * 10_000.0) as u128))
    }
}

/// A decimal with the very digits that were written, which pass through no float.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(inline))]
pub struct Decimal(#[cfg_attr(feature = "schema", schemars(with = "f64"))] Box<RawValue>);

impl Decimal {
    /// From the digits; `null` where they are no JSON number.
    #[must_use]
    pub fn from_digits(digits: String) -> Self {
        Self(RawValue::from_string(digits).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

/// Named values in the order in which they were written.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[rustfmt::skip]
pub struct Cells(
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, f64>"))]
    pub Vec<(Word, Decimal)>,
);

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Cells;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of numbers")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut cells = Vec::new();
                while let Some(cell) = members.next_entry()? {
                    cells.push(cell);
                }
                Ok(Cells(cells))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

/// Where a fact was read, and when.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    /// The page or document.
    pub source: String,
    /// The date on which it was read, ISO 8601.
    pub as_of: String,
}

/// The Regions that a profile routes to, or the word `all-commercial`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Destinations {
    /// The Regions by name.
    Regions(Vec<String>),
    /// The word for all commercial Regions.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "all-commercial")))]
    Word(Word),
}

/// A quota by the keys that a plan has for it.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuotaKey {
    /// The account.
    pub account: Option<String>,
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Word,
    /// Whether it is the quota for long contexts.
    pub long_context: bool,
    /// The quota code.
    pub code: Option<String>,
}

/// A row of the workload files.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row {
    /// The workload's name.
    pub workload: String,
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Box<str>>,
    /// The line, from 1.
    pub line: usize,
}

/// Records of a trace or log that are left out for one reason.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftOut {
    /// The reason, as a code.
    pub reason: Word,
    /// What they are of, such as a model; null where they do not say it.
    pub name: Option<String>,
    /// How many.
    pub records: u64,
}

/// Reads a key that may be absent, null or a value: absent is `None`, null is `Some(None)`.
///
/// # Errors
/// What the value's own type says.
#[allow(clippy::option_option)]
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
