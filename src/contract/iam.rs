//! The document of `iam lint` and `request verify`.

use serde::{Deserialize, Serialize};

use super::Word;

/// What was found in a policy, or in a pack of `request`.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The policy's file, or the pack.
    pub file: String,
    /// `pass` or `fail`.
    pub status: Word,
    /// What the policy does; absent where it cannot be read.
    #[serde(flatten)]
    pub judged: Option<JudgedPolicy>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What a policy does.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JudgedPolicy {
    /// The policy's type.
    #[serde(rename = "type")]
    pub kind: Word,
    /// Whether the type was detected.
    pub type_detected: bool,
    /// What it does to each call.
    pub calls: Vec<Call>,
    /// Models whose destination Regions are not known.
    pub not_judged: Vec<NotJudged>,
}

/// A call and what the policy does to it.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Call {
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
    /// The IAM action.
    pub action: Word,
    /// The resource's ARN.
    pub resource: String,
    /// The Region.
    pub region: String,
    /// The inference profile.
    pub profile: Option<String>,
    /// `allowed`, `denied` or `depends`.
    pub verdict: Word,
    /// The condition keys that decide.
    pub depends_on: Vec<String>,
    /// The principals that the Deny exempts.
    pub exempt: Vec<String>,
    /// The line of the statement that decides.
    pub statement: Option<usize>,
}

/// A model whose destination Regions are not known.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotJudged {
    /// The model's id.
    pub model: String,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Word,
}

/// A finding in a policy or in a pack.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Its code.
    pub code: Word,
    /// How much it matters.
    pub severity: Word,
    /// What it says.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The file that it is in.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}
