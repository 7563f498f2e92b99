//! The document of `compare`.

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::{Destinations, Limit};
use super::plan::Finding;

/// The result of `compare`.
// `workloads` may stand for a list that is made while it is written.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompareDocument<R = Vec<ComparedRow>> {
    /// Version of the document.
    pub schema_version: u32,
    /// The source Region.
    pub region: Word,
    /// Whether AWS's default is used if no applied quota is given.
    pub assume_defaults: bool,
    /// Every row in each scope.
    pub workloads: R,
    /// The best assignment of scopes, with `--optimise`.
    pub optimum: Option<Optimum>,
    /// What AWS says about where requests are processed.
    pub destinations: Vec<Statement>,
    /// What AWS says about where data is stored.
    pub storage: Vec<Statement>,
    /// Where these disagree.
    pub storage_conflict: Word,
    /// What else matters for the choice.
    pub criteria: Vec<Statement>,
    /// How much cheaper Global is than US for these rows.
    pub global_saving_percent: Option<Range>,
    /// Findings that affect the choice.
    pub findings: Vec<Finding>,
    /// The edition of the severities.
    pub edition: Word,
}

/// A range of decimals.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Range {
    /// Its low end.
    pub least: String,
    /// Its high end.
    pub most: String,
}

/// A statement with its source.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// What it is about.
    pub about: Word,
    /// What it says.
    pub statement: Word,
    /// How sure it is.
    pub standing: Word,
    /// The page.
    pub source: Word,
    /// The date on which it was read.
    pub as_of: Word,
}

/// A row in each scope.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComparedRow {
    /// The workload's name.
    pub workload: String,
    /// Its period.
    pub period: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Box<str>>,
    /// The line, from 1.
    pub line: usize,
    /// The model's id.
    pub model: String,
    /// The residency it must keep.
    pub residency: Option<Word>,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// Models with scopes that meet the residency, if none of the row's own scopes does.
    pub compliant_models: Vec<CompliantModel>,
}

/// A model with scopes that keep to a residency.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompliantModel {
    /// The model's id.
    pub model: String,
    /// The scopes: `us`, `global`, `ca` or `in-region`.
    pub scopes: Vec<Word>,
    /// Whether AWS grants it no increases.
    pub takes_no_increases: bool,
}

/// A row in a scope.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scope {
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// Whether the row is in it now.
    pub present: bool,
    /// The inference profile.
    pub profile: Option<String>,
    /// The quotas it counts against.
    pub quotas: Vec<Quota>,
    /// US dollars a month.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: String,
    /// What is saved per month compared with the row's present scope.
    pub saving_usd: Option<String>,
    /// The same in percent.
    pub saving_percent: Option<String>,
    /// The Regions it routes to; null where they are not known.
    pub destinations: Option<Destinations>,
    /// The page that lists them.
    pub destinations_source: Option<String>,
    /// The date on which it was read.
    pub destinations_as_of: Option<String>,
    /// Whether the residency is kept.
    pub residency_verdict: Word,
    /// The Regions outside of it.
    pub outside: Destinations,
}

/// A quota in a scope.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quota {
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Word,
    /// The quota code.
    pub code: Option<String>,
    /// AWS's name of the quota.
    pub name: Option<String>,
    /// Whether Service Quotas can raise it.
    pub adjustable: Option<bool>,
    /// Whether it is the quota for long contexts.
    pub long_context: bool,
    /// What is required, with the rows that are in the scope already.
    pub required: Option<u64>,
    /// The limit it is compared with.
    pub limit: Option<Limit>,
    /// Whether that is `granted` or `default`.
    pub limit_source: Option<Word>,
    /// What is left.
    pub headroom: Option<Headroom>,
}

/// What is left of a quota: negative where too much is required, or the word `unlimited`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Headroom {
    /// The word `unlimited`.
    #[cfg_attr(feature = "schema", schemars(extend("const" = "unlimited")))]
    Unlimited(Word),
    /// In the quota's unit.
    Left(i64),
}

/// The best assignment of scopes.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Optimum {
    /// Whether no other is better.
    pub proven: bool,
    /// The plan as it is.
    pub before: State,
    /// The plan with it.
    pub after: State,
    /// Each account and model.
    pub groups: Vec<Group>,
    /// What is decided for each workload.
    pub decisions: Vec<Decision>,
}

/// A plan's quotas and cost in short.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct State {
    /// Quotas that are exceeded.
    pub exceeding: usize,
    /// Quotas that cannot be judged.
    pub not_judged: usize,
    /// US dollars a month.
    pub monthly_usd: Option<String>,
    /// The part whose prices are known.
    pub priced_monthly_usd: String,
}

/// The workloads of an account and model, which are assigned together.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// The account.
    pub account: Option<String>,
    /// The model's id.
    pub model: String,
    /// Whether no other assignment is better.
    pub proven: bool,
    /// How many assignments there are; null above 64 bits.
    pub assignments: Option<u64>,
    /// Quotas that are exceeded now.
    pub exceeding: usize,
    /// Quotas that are exceeded then.
    pub exceeding_after: usize,
    /// Quotas that cannot be judged now.
    pub not_judged: usize,
    /// Quotas that cannot be judged then.
    pub not_judged_after: usize,
}

/// What is decided for a workload.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// The workload's name.
    pub workload: String,
    /// The file of each line, where the rows come from several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Box<str>>,
    /// The lines of its rows.
    pub lines: Vec<usize>,
    /// Its scope now.
    pub from: Word,
    /// Its scope then.
    pub to: Word,
    /// Whether these differ.
    pub moves: bool,
    /// Whether its residency is kept now.
    pub residency_met_now: bool,
    /// Whether its residency is kept then.
    pub residency_met: bool,
    /// The scope that it is compared with.
    pub against: Option<Word>,
    /// The reason, as a code.
    pub reason: Option<Word>,
    /// The reason, as a sentence.
    pub why: String,
    /// US dollars a month now.
    pub monthly_usd: Option<String>,
    /// US dollars a month then.
    pub monthly_usd_after: Option<String>,
    /// What is saved a month.
    pub saving_usd: Option<String>,
    /// The same in percent.
    pub saving_percent: Option<String>,
    /// Quotas that the other scope would exceed.
    pub exceeded: Vec<Exceeded>,
    /// What to change in the files.
    pub edits: Vec<Edit>,
}

/// A quota that is exceeded in a scope.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exceeded {
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Word,
    /// The quota code.
    pub code: Option<String>,
    /// What is required.
    pub required: Option<u64>,
    /// The limit it is compared with.
    pub limit: Option<Limit>,
}

/// A change to a cell.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Edit {
    /// The file's name.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The name of the cell's column.
    pub cell: Word,
    /// What it holds.
    pub from: String,
    /// What to write into it.
    pub to: String,
}
