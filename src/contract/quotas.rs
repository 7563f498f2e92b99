//! The documents of `quotas`: a listing, and what it changes against a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::{Limit, present};

/// Looked-up quotas.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListingDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The Region.
    pub region: Word,
    /// The account.
    pub account: Option<String>,
    /// The day of the look-up.
    pub as_of: Option<String>,
    /// Whether applied quotas were asked for.
    pub applied_given: bool,
    /// Whether defaults were asked for.
    pub defaults_given: bool,
    /// Each quota.
    pub quotas: Vec<ListedQuota>,
    /// Codes of the model table that AWS does not list.
    pub not_listed: Vec<String>,
    /// How many more AWS lists.
    pub left_out: usize,
}

/// A looked-up quota. A value that AWS's list does not hold has no key, one that is not known is null.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(clippy::option_option)]
pub struct ListedQuota {
    /// The quota code.
    pub code: String,
    /// AWS's name of it.
    pub name: Option<String>,
    /// The model's id.
    pub model: Option<String>,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Option<Word>,
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Option<Word>,
    /// Whether it is the quota for long contexts.
    pub long_context: bool,
    /// The applied value.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub applied: Option<Option<u64>>,
    /// AWS's default.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub default: Option<Option<u64>>,
    /// Whether Service Quotas can raise it.
    pub adjustable: Option<bool>,
}

/// What a look-up changes against a file of applied quotas.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangesDocument {
    /// Version of the document.
    pub schema_version: u32,
    /// The Region.
    pub region: Word,
    /// The account.
    pub account: Option<String>,
    /// Each quota that differs.
    pub changes: Vec<Change>,
    /// How many quotas of each kind of change.
    pub summary: BTreeMap<String, usize>,
}

/// A quota that differs. A value that one side does not have has no key, one that is not known is null.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(clippy::option_option)]
pub struct Change {
    /// How it differs.
    pub change: String,
    /// The quota code.
    pub code: String,
    /// AWS's name of it.
    pub name: Option<String>,
    /// The model's id.
    pub model: Option<String>,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Option<Word>,
    /// The kind: `tpm`, `rpm` or `tpd`.
    pub kind: Option<Word>,
    /// What the file holds.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub old: Option<Option<Limit>>,
    /// What AWS says.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub new: Option<Option<u64>>,
    /// Whether that is its default.
    pub new_is_default: bool,
}
