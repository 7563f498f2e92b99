//! The document of `migrate`.

use serde::{Deserialize, Serialize};

use super::Word;
use super::pair::{ListedQuotas, Pair};
use super::parts::{Destinations, Limit, QuotaKey, Row, Share};
use super::plan::{Assumptions, Daily, Finding};

/// The result of `migrate`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MigrateDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The source Region.
    pub region: Word,
    /// The assumptions.
    pub assumptions: Assumptions,
    /// The id of the model that rows leave.
    pub from: String,
    /// The id of the model that they move to.
    pub to: String,
    /// Tokens of the new model for one of the old.
    pub token_ratio: f64,
    /// The date of the first stage.
    pub start: Option<String>,
    /// The time between stages, such as `7d`.
    pub every: String,
    /// Days from asking to granting.
    pub lead_days: u32,
    /// Whether AWS's default is used if no applied quota is given.
    pub assume_defaults: bool,
    /// The rows that move.
    pub rows: Rows,
    /// Each stage.
    pub stages: Vec<Stage>,
    /// Each quota over all stages.
    pub quotas: Vec<QuotaPath>,
    /// When the models end.
    pub lives: Vec<Life>,
    /// Whether all traffic can go back.
    pub rollback: Vec<Rollback>,
    /// What else changes, for each pair of scopes.
    pub changes: Vec<ScopeChange>,
    /// AWS's checklist.
    pub checklist: Vec<Element>,
    /// Where it can be read.
    pub checklist_source: Word,
    /// The findings.
    pub findings: Vec<Finding>,
}

/// The rows that move, and those with remarks.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rows {
    /// All of them.
    pub moved: Vec<Row>,
    /// Rows whose max_tokens is lowered to the new model's maximum.
    pub max_tokens_lowered: Vec<Row>,
    /// Rows without a max_tokens.
    pub max_tokens_unset: Vec<Row>,
    /// Rows whose answers the new model cuts.
    pub answers_cut: Vec<Row>,
}

/// A stage of the move.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stage {
    /// The share that has moved.
    pub percent: u32,
    /// Its date.
    pub date: Option<String>,
    /// What each quota needs.
    pub quotas: Vec<StageQuota>,
    /// Each account's tokens per day over all models.
    pub account_daily: Vec<Daily>,
    /// What it costs a month.
    pub cost: StageCost,
}

with_figures! {
    /// A quota in a stage.
    #[derive(Debug, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    StageQuota {
        /// Which model it belongs to: `old` or `new`.
        pub side: Word,
        /// Which quota.
        #[serde(flatten)]
        pub quota: QuotaKey,
    } {}
}

/// What a stage costs a month.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StageCost {
    /// `USD`.
    pub currency: Word,
    /// The most expensive period.
    pub period: Option<String>,
    /// The sum of that period's month.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: String,
    /// The old model's part.
    pub old: SideCost,
    /// The new model's part.
    pub new: SideCost,
}

/// A model's part of a cost.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SideCost {
    /// US dollars a month.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: String,
}

/// A quota over all stages.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuotaPath {
    /// Whose it is: the `old` or the `new` model's.
    pub side: Word,
    /// Which quota.
    #[serde(flatten)]
    pub quota: QuotaKey,
    /// The stage at which most is required.
    pub overlap_peak: OverlapPeak,
    /// The stage from which the quota is exceeded.
    pub exceeds_from_percent: Option<u32>,
    /// What is to be done.
    pub action: Option<Word>,
    /// The amount to ask for.
    pub ask: Option<u64>,
    /// The amount to ask for with a tight max_tokens.
    pub lean_ask: Option<u64>,
    /// The default to which AWS is asked to restore a lower applied quota.
    pub restore_to: Option<Limit>,
    /// The day to ask by.
    pub ask_by: Option<String>,
    /// Whether that day is past.
    pub ask_by_is_late: bool,
    /// Whether AWS grants the model no increases.
    pub takes_no_increases: bool,
    /// The stage from which the applied quota must be known.
    pub look_up_from_percent: Option<u32>,
    /// The day to look it up by.
    pub look_up_by: Option<String>,
}

/// The stage at which most is required, and what the other model's quotas require then.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverlapPeak {
    /// The stage.
    pub percent: Option<u32>,
    /// What is required.
    pub required: Option<u64>,
    /// The other model's quotas.
    pub other_model: Vec<OtherQuota>,
}

/// A quota of the other model.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherQuota {
    /// Whose it is: the `old` or the `new` model's.
    pub side: Word,
    /// Which quota.
    #[serde(flatten)]
    pub quota: QuotaKey,
    /// What it requires.
    pub required: Option<u64>,
}

/// When a model ends, and the stages against that; null where it is not known.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Life {
    /// Whose it is: the `old` or the `new` model's.
    pub side: Word,
    /// The model's id.
    pub model: String,
    /// Whether AWS grants it no increases.
    pub takes_no_increases: bool,
    /// The day from which it costs more.
    pub price_rises: Option<String>,
    /// The day of its retirement.
    pub retirement: Option<String>,
    /// Whether that day is not from AWS itself.
    pub retirement_second_hand: bool,
    /// Days until then.
    pub days_left: Option<i32>,
    /// The day of the last stage.
    pub last_stage: Option<String>,
    /// How many days after the retirement that is; negative before it.
    pub last_stage_days_after_retirement: Option<i32>,
    /// Whether the first stage is taken to be today.
    pub starts_today: bool,
    /// The share that has moved by the retirement.
    pub moved_percent: Option<u32>,
    /// The day to begin by.
    pub begin_by: Option<String>,
}

/// Whether a quota of the old model holds all traffic again.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rollback {
    /// Whose it is: the `old` or the `new` model's.
    pub side: Word,
    /// Which quota.
    #[serde(flatten)]
    pub quota: QuotaKey,
    /// What is required.
    pub required: Option<u64>,
    /// The limit it is compared with.
    pub limit: Option<Limit>,
    /// Whether that is `granted` or `default`.
    pub capacity_source: Option<Word>,
    /// Whether it holds.
    pub holds: Option<bool>,
    /// What is left; negative where too much is required.
    pub headroom: Option<i64>,
}

/// An element of AWS's checklist.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Element {
    /// Its name.
    pub element: Word,
    /// What AWS says of it.
    pub guidance: Word,
    /// What in this result helps with it.
    pub served_by: Vec<String>,
}

/// Both models in one pair of scopes.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScopeChange {
    /// The old model's scope.
    pub from_scope: Word,
    /// The new model's scope.
    pub to_scope: Word,
    /// The burndown rates.
    pub burndown: Pair<Burndown>,
    /// The most output tokens.
    pub max_output_tokens: Pair<Option<u64>>,
    /// The context windows, in tokens.
    pub context_window: Pair<Option<u64>>,
    /// The prices.
    pub prices: Vec<PricePair>,
    /// Whether they take batch inference.
    pub batch: Pair<Option<bool>>,
    /// Whether the price of a cache read is known.
    pub cache_read_price_known: Pair<bool>,
    /// The quotas of each kind.
    #[serde(flatten)]
    pub quotas: ListedQuotas,
    /// The Regions they route to.
    pub destinations: Pair<Option<Destinations>>,
    /// Where they are in their lives.
    pub lifecycle: Pair<Option<Lifecycle>>,
}

/// A burndown rate.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Burndown {
    /// Quota tokens an output token.
    pub output: u32,
    /// How sure it is.
    pub status: Word,
}

/// The prices of a kind of token.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PricePair {
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Word,
    /// Input tokens up to which this tier applies.
    pub up_to_input: Option<u64>,
    /// US dollars a million tokens, decimal strings.
    #[serde(flatten)]
    pub usd_per_million: Pair<Option<String>>,
}

/// Where a model is in its life.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lifecycle {
    /// The lifecycle stage.
    pub status: Option<Word>,
    /// It is not retired before this day.
    pub no_sooner_than: Option<String>,
    /// The day of its retirement.
    pub retirement: Option<String>,
    /// Whether that day is not from AWS itself.
    pub retirement_second_hand: bool,
}
