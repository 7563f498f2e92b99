//! The documents of `models`: list, show, check and update.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::{Destinations, Limit, Source};

/// The result of `models list`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// Each model.
    pub models: Vec<Model>,
    /// Models that AWS names and the table does not hold.
    pub unlisted: Vec<Unlisted>,
}

/// A model that the table does not hold.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unlisted {
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub known: String,
    /// Where that was read.
    #[serde(flatten)]
    pub source: Source,
}

/// The result of `models show`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShowDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The model.
    pub model: Model,
    /// What AWS says of many models.
    pub statements: Vec<Statement>,
}

/// A statement about many models.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// What it is about.
    pub about: String,
    /// What it says.
    pub statement: String,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
    /// What AWS said before.
    pub replaced: Option<Replaced>,
}

/// What a statement replaces.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Replaced {
    /// What it said.
    pub statement: String,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// A model with everything the table knows of it.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Model {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its provider.
    pub provider: String,
    /// What kind of model it is.
    pub kind: Word,
    /// Whether rows may use it.
    pub offered: bool,
    /// Other names.
    pub aliases: Vec<String>,
    /// The most output tokens.
    pub max_output_tokens: Option<u64>,
    /// The context window, in tokens.
    pub context_window: Option<u64>,
    /// Where these two were read.
    pub limits: Option<Source>,
    /// Other values that AWS states for them.
    pub disputed: Vec<Disputed>,
    /// Conditions of access.
    pub access: Vec<Access>,
    /// Whether it takes batch inference.
    pub batch: Option<bool>,
    /// Where that was read.
    pub batch_source: Option<String>,
    /// When that was read.
    pub batch_as_of: Option<String>,
    /// Whether CountTokens takes it.
    pub count_tokens: Option<bool>,
    /// Where that was read.
    pub count_tokens_source: Option<String>,
    /// When that was read.
    pub count_tokens_as_of: Option<String>,
    /// The burndown rate that is planned where none is known.
    pub worst_case_burndown: u32,
    /// What AWS states of its burndown rate.
    pub burndown: Vec<Burndown>,
    /// Its life.
    pub lifecycle: Option<Lifecycle>,
    /// Its scopes.
    pub scopes: Vec<Scope>,
}

/// A statement of a burndown rate.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Burndown {
    /// Quota tokens an output token.
    pub output: Option<u32>,
    /// What is planned where the rate is not known.
    pub worst_case: Option<u32>,
    /// How sure it is.
    pub status: Word,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// Another value of a limit.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Disputed {
    /// Which limit.
    pub limit: Word,
    /// Its other value, in tokens.
    pub value: Option<u64>,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// A condition of access.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Access {
    /// Its kind.
    pub kind: Word,
    /// What it says.
    pub condition: String,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// A model's life.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lifecycle {
    /// The lifecycle stage.
    pub status: Option<Word>,
    /// The day from which it is legacy.
    pub legacy_since: Option<String>,
    /// The day from which extended access is needed.
    pub extended_access_from: Option<String>,
    /// Days of notice before its retirement.
    pub notice_days: Option<u32>,
    /// Months of notice before its retirement.
    pub notice_months: Option<u32>,
    /// Months that it stays legacy.
    pub legacy_period_months: Option<u32>,
    /// It is not retired before this day.
    pub no_sooner_than: Option<String>,
    /// The day of its retirement.
    pub retirement: Option<String>,
    /// Whether that day is not from AWS itself.
    pub retirement_second_hand: bool,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// A model in a scope.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scope {
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// The inference profile.
    pub profile: Option<String>,
    /// The Regions it routes to; null where they are not known.
    pub destinations: Option<Destinations>,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
    /// Its quotas.
    pub quotas: Vec<Quota>,
    /// Its prices.
    pub prices: Vec<Price>,
}

/// A quota as AWS lists it.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quota {
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Word,
    /// The quota code.
    pub code: Option<String>,
    /// AWS's name of it.
    pub name: Option<String>,
    /// Its default.
    pub default: Option<Limit>,
    /// Whether Service Quotas can raise it.
    pub adjustable: Option<bool>,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// Prices in US dollars a million tokens, decimal strings.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Price {
    /// Input tokens up to which this tier applies.
    pub up_to_input: Option<u64>,
    /// Input.
    pub input: Option<String>,
    /// Output.
    pub output: Option<String>,
    /// Cache writes that live five minutes.
    pub cache_write_5m: Option<String>,
    /// Cache writes that live thirty minutes.
    pub cache_write_30m: Option<String>,
    /// Cache writes that live an hour.
    pub cache_write_1h: Option<String>,
    /// Cache reads.
    pub cache_read: Option<String>,
    /// US dollars a query, for rerankers.
    pub per_query: Option<String>,
    /// Prices of other service tiers, by key.
    pub service_tiers: BTreeMap<Word, Option<String>>,
    /// A price that ends.
    pub promotion: Option<Promotion>,
    /// The Region that the price is of.
    pub priced_in: String,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// A price that ends.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Promotion {
    /// Its last day.
    pub until: String,
    /// The input price without it.
    pub input_before: Option<String>,
    /// The output price without it.
    pub output_before: Option<String>,
    /// Where it was read.
    #[serde(flatten)]
    pub source: Source,
}

/// The result of `models check`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The day that ages are counted to.
    pub today: String,
    /// Only facts above so many days are shown.
    pub older_than_days: Option<u32>,
    /// How many facts the table has.
    pub facts_in_table: usize,
    /// The facts, oldest first.
    pub facts: Vec<Fact>,
}

/// A fact and its age.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fact {
    /// Its kind.
    pub kind: Word,
    /// The model's id.
    pub model: Option<String>,
    /// The part of the model.
    pub part: Option<String>,
    /// The date on which it was read.
    pub as_of: String,
    /// Days since then.
    pub age_days: i32,
    /// The page.
    pub source: String,
    /// The command that reads it again.
    pub command: Option<String>,
}

/// The result of `models update`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// Values that differ from the table.
    pub changes: Vec<Change>,
    /// Other remarks.
    pub remarks: Vec<String>,
}

/// A value that differs from the table.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// The model's id.
    pub model: Option<String>,
    /// The table of TOML.
    pub table: String,
    /// The key in it.
    pub key: Word,
    /// What it holds.
    pub before: String,
    /// What AWS says.
    pub after: String,
}
