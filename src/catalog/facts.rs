//! The kinds of facts beside limits, rates, quotas and prices: where requests may be processed, when a
//! model ends, what AWS asks for before the first call, limits that two sources state differently, and
//! statements about many models.

use super::scope::{Provenance, Scope};
use crate::text::{FactDate, Span};
use crate::units::{Fact, Tokens, UsdPerMillion, words};

/// Where a scope's requests may be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destinations {
    /// In these Regions and no other.
    Regions(Vec<String>),
    /// In any commercial Region of AWS: what AWS says of global profiles. The list may grow.
    AllCommercial,
    /// Not known.
    Unknown,
}

impl Destinations {
    /// The word for all commercial Regions, in the table and in outputs.
    pub const ALL_COMMERCIAL: &'static str = "all-commercial";

    /// The Regions, where they are listed.
    #[must_use]
    pub fn regions(&self) -> Option<&[String]> {
        match self {
            Self::Regions(regions) => Some(regions),
            Self::AllCommercial | Self::Unknown => None,
        }
    }
}

/// Dates of a life that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disorder {
    /// The date that has to be the earlier one: 0 for Legacy, 1 for extended access, 2 for retirement.
    pub earlier: usize,
    /// The date that stands before it.
    pub later: usize,
    /// What is wrong.
    pub words: &'static str,
}

/// What is wrong with the dates since when a model is Legacy, from when its extended access is billed, and of its
/// retirement; of two days that are the same none is wrong.
pub fn disorders(dates: [Option<FactDate>; 3]) -> impl Iterator<Item = Disorder> {
    let rules = [
        (0, 2, "the model retires before it is Legacy"),
        (0, 1, "extended access begins before the model is Legacy"),
        (1, 2, "the model retires before extended access begins"),
    ];
    let is_wrong = move |earlier: usize, later: usize| matches!((dates.get(earlier), dates.get(later)), (Some(Some(earlier)), Some(Some(later))) if later < earlier);
    let disorder = |(earlier, later, words)| Disorder { earlier, later, words };
    rules.into_iter().filter(move |(earlier, later, _)| is_wrong(*earlier, *later)).map(disorder)
}

/// What AWS says about a model's retirement.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// `active`, `legacy`, or not known.
    pub status: Fact<Lifestage>,
    /// Since when it is Legacy.
    pub legacy_since: Option<FactDate>,
    /// From when AWS bills extended access at a higher price.
    pub extended_access_from: Option<FactDate>,
    /// AWS's "EOL no sooner than".
    pub no_sooner_than: Option<FactDate>,
    /// The days of notice that AWS promises at least before the end of life, where it names no date.
    pub notice_days: Option<u32>,
    /// The same in months.
    pub notice_months: Option<u32>,
    /// How long it stays Legacy before its end of life, in months.
    pub legacy_period_months: Option<u32>,
    /// The date of retirement.
    pub retirement: Option<FactDate>,
    /// Whether that date was not read from AWS itself.
    pub retirement_second_hand: bool,
    /// Source and date.
    pub provenance: Provenance,
}

impl Lifecycle {
    /// Whether the model has been retired by a day: on the date of its retirement it is.
    #[must_use]
    pub fn is_retired(&self, today: FactDate) -> bool {
        self.retirement.is_some_and(|date| date.day() <= today.day())
    }

    /// The day since which AWS bills extended access at a higher price, where that is by `today`.
    #[must_use]
    pub fn price_raised_on(&self, today: FactDate) -> Option<FactDate> {
        self.extended_access_from.filter(|from| from.day() <= today.day())
    }

    /// Whether the model is Legacy, and not retired, on a day: from `legacy_since` on where that is known.
    #[must_use]
    pub fn is_legacy(&self, today: FactDate) -> bool {
        self.status == Fact::Known(Lifestage::Legacy)
            && self.legacy_since.is_none_or(|since| since.day() <= today.day())
            && !self.is_retired(today)
    }
}

words! {
    /// A stage of a model's life on Bedrock.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Lifestage {
        /// Offered to everyone.
        Active = "active",
        /// Scheduled for retirement: AWS grants no increases.
        Legacy = "legacy",
    }
}

words! {
    /// What kind of condition stands before the first call.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum AccessKind {
        /// A setting of the account.
        AccountSetting = "account-setting",
        /// Only some customers are let in.
        EligibleCustomers = "eligible-customers",
        /// AWS lists the model on another endpoint than bedrock-runtime.
        OtherEndpoint = "other-endpoint",
    }
}

/// A condition that AWS sets before a model can be called.
#[derive(Debug, Clone)]
pub struct AccessCondition {
    /// Its kind.
    pub kind: AccessKind,
    /// The condition, a sentence without its full stop.
    pub condition: String,
    /// Source and date.
    pub provenance: Provenance,
}

words! {
    /// A limit of a model's requests.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum LimitField {
        /// The largest output.
        MaxOutputTokens = "max_output_tokens",
        /// The largest input.
        ContextWindow = "context_window",
    }
}

/// Another value that a source gives for a limit; the model's own value is the larger one.
#[derive(Debug, Clone)]
pub struct DisputedLimit {
    /// The limit.
    pub field: LimitField,
    /// The other value: below the one that is planned with.
    pub value: Tokens,
    /// Source and date.
    pub provenance: Provenance,
}

/// A price that AWS announced for a time.
#[derive(Debug, Clone)]
pub struct Promotion {
    /// The last day that AWS promised the price for.
    pub until: FactDate,
    /// The price of input before; `None` where it is not known.
    pub input_before: Option<UsdPerMillion>,
    /// The price of output before; `None` where it is not known.
    pub output_before: Option<UsdPerMillion>,
    /// Source and date of the announcement.
    pub provenance: Provenance,
}

impl Promotion {
    /// Whether the last promised day has passed, so that the price is not known any more.
    #[must_use]
    pub fn is_over(&self, today: FactDate) -> bool {
        self.until.day() < today.day()
    }
}

/// What AWS says about many models, and what it said before where that is still in circulation.
#[derive(Debug, Clone)]
pub struct Statement {
    /// What it is about, in a few words.
    pub about: String,
    /// What holds, a sentence without its full stop.
    pub text: String,
    /// Source and date.
    pub provenance: Provenance,
    /// An older statement that no longer holds, with its source.
    pub replaced: Option<(String, Provenance)>,
    /// The models it is about, by id, with the places of these ids; empty for all.
    pub(super) models: Vec<(String, Span)>,
    /// It is about models that have one of these scopes; empty for all.
    pub(super) scopes: Vec<Scope>,
}

/// A model that is known to exist and about which too little is known for an entry.
#[derive(Debug, Clone)]
pub struct UnlistedModel {
    /// The name people use.
    pub name: String,
    /// What is known, and what is not; a sentence without its full stop.
    pub known: String,
    /// Source and date.
    pub provenance: Provenance,
}
