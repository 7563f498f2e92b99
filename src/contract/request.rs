//! The documents of a request for increases: a pack's manifest, and what became of its requests.

use serde::{Deserialize, Serialize};

use super::Word;
use super::plan::{Assumptions, Daily};
use super::quota::Quota;

/// The manifest of a pack.
// A quota may stand for one that is made while it is written.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Manifest<Q = Quota> {
    /// Version of the document.
    pub schema_version: u32,
    /// The version of the program.
    pub quotaplan: Word,
    /// The day on which the pack was made.
    #[serde(default)]
    pub made_on: String,
    /// The model table.
    pub model_table: ModelTable,
    /// The request.
    pub request: Request<Q>,
    /// The other files of the pack, sorted by path.
    pub files: Vec<HashedFile>,
}

/// Which model table was used.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelTable {
    /// The date of its newest fact.
    pub newest_fact: String,
    /// The hash of its text.
    pub sha256: String,
}

/// A file of the pack, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HashedFile {
    /// Its path in the pack.
    pub path: String,
    /// The hash of its bytes.
    pub sha256: String,
}

/// A request for increases, with every number of it.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Request<Q = Quota> {
    /// The source Region.
    pub region: Word,
    /// The account that asks.
    pub account: Option<String>,
    /// The assumptions.
    pub assumptions: Assumptions,
    /// What is asked for.
    pub requests: Vec<Ask<Q>>,
    /// What is not, and why.
    pub refused: Vec<Refused<Q>>,
    /// The account's tokens per day over all models.
    pub account_daily: Vec<Daily>,
    /// Answers that the request still needs.
    pub missing_answers: Vec<MissingAnswer>,
}

/// An increase that is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ask<Q = Quota> {
    /// What to ask for now.
    pub desired_value: u64,
    /// What to ask for in the end.
    pub desired_in_the_end: u64,
    /// The lower max_tokens it rests on, in tokens.
    pub max_tokens: Option<u64>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// What CloudWatch measured.
    pub measured: Option<Measured>,
    /// The quota as a plan has it.
    pub quota: Q,
}

/// A stage of an increase.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stage {
    /// What to ask for.
    pub desired_value: u64,
    /// The use after which to ask.
    pub after_use_of: Option<u64>,
    /// The day to ask by.
    pub ask_by: Option<String>,
}

/// What CloudWatch measured.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Measured {
    /// The first minute, UTC.
    pub first: String,
    /// The last minute, UTC.
    pub last: String,
    /// How many minutes.
    pub minutes: usize,
    /// Settled tokens per minute.
    pub settled: Ranked,
    /// Requests per minute.
    pub requests: Ranked,
    /// Minutes in which requests were throttled.
    pub throttled_minutes: Option<usize>,
    /// Requests that were throttled.
    pub throttled_requests: Option<u64>,
}

/// Ranks of minutes.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ranked {
    /// The median.
    pub p50: u64,
    /// The ninetieth percentile.
    pub p90: u64,
    /// The largest.
    pub maximum: u64,
}

/// A quota for which nothing is asked.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refused<Q = Quota> {
    /// The reason, as a code.
    pub reason: Word,
    /// Whether a decision is missing.
    pub undecided: bool,
    /// The reason, as a sentence.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The quota as a plan has it.
    pub quota: Q,
}

/// An answer that the request still needs.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingAnswer {
    /// What is asked.
    pub what: String,
    /// Where to answer it.
    pub place: String,
}

/// The status of a pack's requests.
// `requests` may stand for a list that is borrowed.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusDocument<R = Vec<RequestStatus>> {
    /// Version of the document.
    pub schema_version: u32,
    /// The source Region.
    pub region: Word,
    /// Each request of the pack.
    pub requests: R,
    /// What the history cannot tell.
    pub note: Word,
}

/// A request of a pack, with every request for its quota.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestStatus {
    /// The quota code.
    pub code: String,
    /// AWS's name of the quota.
    pub name: Option<String>,
    /// The model's id.
    pub model: Option<String>,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Option<Word>,
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Option<Word>,
    /// What the pack asks for.
    pub desired: u64,
    /// Whether that was requested.
    pub requested: bool,
    /// Whether a request for the quota is open.
    pub open: bool,
    /// The requests, the newest first.
    pub history: Vec<PastRequest>,
}

/// A request in the history of Service Quotas.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastRequest {
    /// Its id.
    pub id: String,
    /// AWS's word for its status.
    pub status: String,
    /// Whether it is open.
    pub open: bool,
    /// What it asks for.
    pub desired: Option<u64>,
    /// Whether that is what the pack asks for.
    pub as_in_pack: Option<bool>,
    /// When it was created, UTC.
    pub created: Option<String>,
    /// When it last changed, UTC.
    pub updated: Option<String>,
    /// Its Support case.
    pub case_id: Option<String>,
}
