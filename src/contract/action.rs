//! What there is to do about a plan, and the commands that come next.

use serde::{Deserialize, Serialize};

use super::Word;
use super::parts::Share;
use crate::units::words;

words! {
    /// What a person does.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ActionVerb {
        /// Look applied values up: the plan rests on AWS's defaults where they are not given.
        LookUp = "look-up",
        /// Have AWS Support restore the default: the applied value is below it.
        Restore = "restore",
        /// Ask Service Quotas for an increase.
        Ask = "ask",
        /// Lower max_tokens, or set it.
        Lower = "lower",
        /// Move to a scope that keeps to the residency.
        Rescope = "rescope",
        /// Move to another model.
        Migrate = "migrate",
        /// Ask AWS Support: Service Quotas cannot raise the quota.
        Case = "case",
        /// Decide: the plan cannot show what is right.
        Decide = "decide",
    }
}

/// Something to do, the most urgent first in its list.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Action {
    /// Its number in the list: 0 if the verdict itself depends on it, otherwise counted from 1.
    pub id: u32,
    /// What to do.
    pub verb: Word,
    /// What it is about.
    pub subject: ActionSubject,
    /// The amount to ask for, to restore or to lower to; null where there is none, or where it is not known.
    pub value: Option<u64>,
    /// The unit of the value.
    pub unit: Option<Word>,
    /// The findings that it follows from.
    pub because: Vec<Because>,
    /// The workloads behind it, the largest share of the peak first, at most ten.
    pub workloads: Vec<WorkloadShare>,
    /// How urgent it is: 0 is the most urgent.
    pub priority: u32,
}

/// What an action is about: null where it is about several, or about none.
#[derive(Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionSubject {
    /// The account.
    pub account: Option<String>,
    /// The model's id.
    pub model: Option<String>,
    /// The scope: `us`, `global`, `ca` or `in-region`.
    pub scope: Option<Word>,
    /// The kind of quota: `tpm`, `rpm` or `tpd`.
    pub kind: Option<Word>,
    /// The quota code.
    pub code: Option<String>,
    /// The workload, where it is about one.
    pub workload: Option<String>,
}

/// A finding that an action follows from.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Because {
    /// The finding's code.
    pub code: Word,
    /// What the finding is about.
    pub about: Option<String>,
}

/// A workload's share of the peak.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkloadShare {
    /// Its name.
    pub name: String,
    /// Its share.
    pub share: Share,
}

/// A command to run next.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextCommand {
    /// The command, ready to paste.
    pub command: String,
    /// What it gives.
    pub why: String,
}
