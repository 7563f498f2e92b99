//! Words of the domain as values on the command line, each with the line that the help shows for it.
//!
//! The spellings and their order are those of the enums; nothing is spelled here.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::engine::Question;
use crate::experiment::Measure;
use crate::iam::PolicyKind;
use crate::units::{DecimalMark, QuotaKind};

impl ValueEnum for QuotaKind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let unit = self.unit();
        let (first, rest) = unit.split_at(1);
        Some(PossibleValue::new(self.as_str()).help(format!("{}{rest}", first.to_uppercase())))
    }
}

impl ValueEnum for DecimalMark {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()).help(match self {
            Self::Point => "`1.5`",
            Self::Comma => "`1,5`",
        }))
    }
}

impl ValueEnum for PolicyKind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()).help(match self {
            Self::Identity => "A policy of a user, group or role",
            Self::Scp => "A service control policy",
        }))
    }
}

impl ValueEnum for Question {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()).help(match self {
            Self::Requests => "The largest factor by which all request rates can grow",
            Self::MaxTokens => "The largest max_tokens",
            Self::CacheShare => "The lowest share of input read from the cache",
        }))
    }
}

impl ValueEnum for Measure {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()).help(match self {
            Self::Rolling => "The last 60 seconds at any time",
            Self::Minute => "Calendar minutes",
            Self::Bucket => "A bucket that refills evenly",
        }))
    }
}
