//! `quotaplan.toml`: assumptions, granted quotas, budgets, policies and scenarios, as the user
//! stated them.
//!
//! Model names stay names here: the configuration does not know the model table.

mod granted;
mod read;
mod scenario;
mod written;

use std::collections::BTreeMap;

pub use granted::{Granted, GrantedQuota, parse_granted};
pub use read::parse;
pub use scenario::{Change, MONTHS_MAXIMUM, Scenario, Selector, SetKey, SetValue};
pub use written::Written;

use crate::catalog::Residency;
use crate::text::{Code, Edition, Severity, Span};
use crate::units::{Ratio, Seconds, TokensPerSecond, Usd};

/// Largest headroom accepted: more is a percentage written as a ratio.
pub const HEADROOM_MAXIMUM: u64 = 5;

/// How fast a model is taken to answer where a row states no latency (assumed).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed {
    /// Seconds until the first token.
    pub seconds_to_first_token: Seconds,
    /// Output tokens a second after that; never 0.
    pub output_tokens_per_second: TokensPerSecond,
}

/// Money limits a month.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// For everything.
    pub monthly_usd: Option<Written<Usd>>,
    /// By team.
    pub team: BTreeMap<String, Written<Usd>>,
    /// By model, by any of its names.
    pub model: BTreeMap<String, Written<Usd>>,
}

/// What counts as a finding, and how much it matters.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Largest required / granted.
    pub max_utilisation: Option<Written<Ratio>>,
    /// A model that retires within this many days is a finding.
    pub retirement_days: i32,
    /// A fact older than this many days is a finding of `check`.
    pub table_age_days: i32,
    /// Where requests of every row may be processed; a row may only be stricter.
    pub residency: Option<Residency>,
    /// The pinned edition of the severities.
    pub edition: Option<Edition>,
    /// Severities by code; `None` switches a code off.
    pub severity: BTreeMap<Code, Option<Severity>>,
}

impl Policy {
    /// The severity of a code; `None` where it is switched off.
    ///
    /// What is stated for the code decides, then what is stated for the code it was split off, then the
    /// edition.
    #[must_use]
    pub fn severity_of(&self, code: Code) -> Option<Severity> {
        let stated = |code: Code| self.severity.get(&code).copied();
        let stated = stated(code).or_else(|| code.split_off().and_then(stated));
        stated.unwrap_or_else(|| Some(code.severity_in(self.edition())))
    }

    /// The edition that decides severities: the pinned one, else the newest.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.edition.unwrap_or(Edition::NEWEST)
    }
}

/// An answer for a quota request: one for every quota, or one for each of some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// For every quota that has none of its own.
    pub all: Option<String>,
    /// By quota code or model, the model by any of its names.
    pub by: BTreeMap<String, Written<String>>,
}

/// The configuration, valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// The account that rows without one belong to.
    pub account: Option<String>,
    /// The zone of active hours; an IANA name.
    pub timezone: String,
    /// Headroom on the peak: 0.20 asks for a fifth more.
    pub headroom: Ratio,
    /// Share of time the burst level should hold, at least 0.5 and below 1.
    pub confidence: Ratio,
    /// Busiest minute over mean, where a row states no peak; the mean is taken where this is not
    /// stated either.
    pub peak_factor: Option<Ratio>,
    /// Latency of models without one of their own.
    pub speed: Speed,
    /// Latencies by model name.
    pub latency: BTreeMap<String, Written<Speed>>,
    /// Whether cache reads count in the reservation.
    pub reserve_cache_reads: bool,
    /// Own names of models, each for a name the table knows.
    pub aliases: BTreeMap<String, Written<String>>,
    /// Applied quotas.
    pub granted: Granted,
    /// Money limits.
    pub budget: Budget,
    /// Policies.
    pub policy: Policy,
    /// Answers for the quota request that no file can compute, by key.
    pub request: BTreeMap<&'static str, Answer>,
    /// What-if scenarios.
    pub scenarios: Vec<Scenario>,
}

impl Default for Config {
    /// The defaults of every run without a configuration.
    fn default() -> Self {
        let millionths = |n| Ratio::from_millionths(n).unwrap_or_default();
        Self {
            account: None,
            timezone: "America/Toronto".to_owned(),
            headroom: millionths(200_000),
            confidence: millionths(999_000),
            peak_factor: None,
            speed: Speed {
                seconds_to_first_token: Seconds::from_whole(1).unwrap_or_default(),
                output_tokens_per_second: TokensPerSecond::from_whole(60).unwrap_or_default(),
            },
            latency: BTreeMap::new(),
            reserve_cache_reads: false,
            aliases: BTreeMap::new(),
            granted: Granted::default(),
            budget: Budget::default(),
            policy: Policy {
                max_utilisation: None,
                retirement_days: 180,
                table_age_days: 90,
                residency: None,
                edition: None,
                severity: BTreeMap::new(),
            },
            request: BTreeMap::new(),
            scenarios: Vec::new(),
        }
    }
}

impl Config {
    /// Model names that scenarios use, each with its place.
    pub fn scenario_models(&self) -> impl Iterator<Item = (&str, Span)> {
        self.scenario_words(Selector::Model, SetKey::Model)
    }

    /// Scopes that scenarios use, each with its place.
    pub fn scenario_scopes(&self) -> impl Iterator<Item = (&str, Span)> {
        self.scenario_words(Selector::Scope, SetKey::Scope)
    }

    fn scenario_words(&self, selector: Selector, key: SetKey) -> impl Iterator<Item = (&str, Span)> {
        let changes = self.scenarios.iter().flat_map(|scenario| &scenario.changes);
        changes.flat_map(move |change| {
            let chosen = change.selector.iter().filter(move |(which, _)| *which == selector);
            let chosen = chosen.map(|(_, word)| (word.value.as_str(), word.span));
            let set = change.set.iter().filter(move |(which, _)| *which == key);
            chosen.chain(set.filter_map(|(_, value)| match &value.value {
                SetValue::Word(word) => Some((word.as_str(), value.span)),
                SetValue::Absolute(_) | SetValue::Factor(_) => None,
            }))
        })
    }
}
