//! What a log holds besides the traffic that can be replayed, by reason and name, each counted.

use std::collections::BTreeMap;

use crate::text::Code;
use crate::units::{grouped, words};

/// Different names that are listed; those behind them are counted together.
const LISTED: usize = 200;

/// Names of one reason that a sentence has.
const NAMED: usize = 5;

words! {
    /// Why a record is left out.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum LeftOutReason {
        /// A call that failed; the name is its error code.
        Failed = "failed",
        /// The model is not in the model table.
        UnknownModel = "unknown-model",
        /// Provisioned throughput, which no on-demand quota limits.
        Provisioned = "provisioned",
        /// A custom or imported model.
        CustomModel = "custom-model",
        /// An application inference profile that the configuration's aliases do not name.
        ApplicationProfile = "application-profile",
        /// A stored prompt or a prompt router, whose ARN does not show the model.
        Prompt = "prompt",
        /// The model is not offered in the scope from ca-central-1.
        NotOffered = "not-offered",
        /// A call made from another Region; the name is the Region.
        OtherRegion = "other-region",
        /// A call without any count of tokens; the name is the model.
        Unmetered = "no-token-counts",
        /// A call to another model or scope than the one that is read.
        OtherModel = "other-model",
        /// No record of a call, such as a line of another program.
        NoRecord = "no-record",
    }
}

impl LeftOutReason {
    /// What the records are, in a sentence, behind their number.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::UnknownModel => "to models that are not in the model table",
            Self::Provisioned => "to provisioned throughput, which on-demand quotas do not limit",
            Self::CustomModel => "to custom or imported models",
            Self::ApplicationProfile => "to application inference profiles that [aliases] does not name",
            Self::Prompt => "to stored prompts or routers, whose ARN does not show the model",
            Self::NotOffered => "to models that are not offered in that scope from ca-central-1",
            Self::OtherRegion => "from another Region, whose quotas are separate",
            Self::Unmetered => "without token counts",
            Self::OtherModel => "to other models or scopes",
            Self::NoRecord => "that are not records of calls",
        }
    }

    /// Why a name leads to no model.
    pub(super) fn of_name(name: &str, code: Code) -> Self {
        let is = |part: &str| name.contains(part);
        match () {
            () if is(":provisioned-model/") => Self::Provisioned,
            () if is(":custom-model") || is(":imported-model/") => Self::CustomModel,
            () if is(":application-inference-profile/") => Self::ApplicationProfile,
            () if is(":prompt/") || is("prompt-router/") => Self::Prompt,
            () if code == Code::ScopeNotOffered => Self::NotOffered,
            () => Self::UnknownModel,
        }
    }
}

/// Records that are left out for one reason under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Why.
    pub reason: LeftOutReason,
    /// The model, Region or error code; empty where the record does not say, or where there are more than can be
    /// listed.
    pub name: String,
    /// How many.
    pub records: u64,
}

/// Counts them while a file passes by.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    counts: BTreeMap<(LeftOutReason, String), u64>,
}

impl Foreign {
    pub(super) fn add(&mut self, reason: LeftOutReason, name: &str) {
        let is_listed = self.counts.len() < LISTED || self.counts.contains_key(&(reason, name.to_owned()));
        let name = if is_listed { name.to_owned() } else { String::new() };
        *self.counts.entry((reason, name)).or_default() += 1;
    }

    /// Adds what another file holds.
    fn add_all(&mut self, list: &[LeftOut]) {
        for LeftOut { reason, name, records } in list {
            *self.counts.entry((*reason, name.clone())).or_default() += records;
        }
    }

    /// All of them, by reason, the most frequent first.
    pub(super) fn into_list(self) -> Vec<LeftOut> {
        let list = self.counts.into_iter();
        let mut list: Vec<LeftOut> =
            list.map(|((reason, name), records)| LeftOut { reason, name, records }).collect();
        list.sort_by_key(|left_out| (left_out.reason, std::cmp::Reverse(left_out.records)));
        list
    }
}

/// What several files hold besides their requests, together.
#[must_use]
pub fn merge_left_out(lists: &[&[LeftOut]]) -> Vec<LeftOut> {
    let mut all = Foreign::default();
    lists.iter().for_each(|list| all.add_all(list));
    all.into_list()
}

/// What was left out, in words: `2 failed (ThrottlingException: 2)`, one text a reason.
pub(crate) fn left_out_words(list: &[LeftOut]) -> Vec<String> {
    let mut words: Vec<(LeftOutReason, u64, Vec<String>)> = Vec::new();
    for LeftOut { reason, name, records } in list {
        if words.last().is_none_or(|(last, ..)| last != reason) {
            words.push((*reason, 0, Vec::new()));
        }
        if let Some((_, count, names)) = words.last_mut() {
            *count += records;
            let name = if name.is_empty() { "not named" } else { name };
            names.push(format!("{name}: {}", grouped((*records).into())));
        }
    }
    let said = |(reason, count, mut names): (LeftOutReason, u64, Vec<String>)| {
        let count = grouped(count.into());
        // The only name says no more than the number.
        if list.iter().all(|left_out| left_out.reason != reason || left_out.name.is_empty()) {
            return format!("{count} {}", reason.describe());
        }
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        names.extend((more > 0).then(|| format!("{more} more names")));
        format!("{count} {} ({})", reason.describe(), names.join(", "))
    };
    words.into_iter().map(said).collect()
}
