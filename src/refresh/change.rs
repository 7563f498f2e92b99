//! What differs between the table and saved answers, and what is left to a person.

use std::collections::BTreeMap;

use crate::units::Fact;

/// A value in which the answers differ from the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The model, by id; empty for the account's quota.
    pub model: String,
    /// The table of the key below the model, such as `scope.us.tpm`.
    pub table: String,
    /// The key.
    pub key: &'static str,
    /// The table's value in TOML; `absent` where it has none.
    pub before: String,
    /// The answers' value in TOML.
    pub after: String,
    pub(super) source: &'static str,
}

/// What differs, and what a person must look at.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// In the order of the table.
    pub changes: Vec<Change>,
    /// Sentences on what was not written, with counts and names.
    pub remarks: Vec<String>,
    /// The whole lists of prices that have a change, by model and table: an overlay replaces lists.
    pub(super) price_lists: BTreeMap<(String, String), String>,
}

/// A value of the table in TOML.
pub(super) fn fact<T>(fact: &Fact<T>, word: impl Fn(&T) -> String) -> String {
    match fact {
        Fact::Known(value) => word(value),
        Fact::Unknown => "\"unknown\"".to_owned(),
        Fact::Absent => "absent".to_owned(),
    }
}

/// Adds a remark that names items: its words about one, and about several.
pub(super) fn list(update: &mut Update, (one, several): (&str, &str), items: &[String]) {
    let what = if items.len() == 1 { one } else { several };
    if !items.is_empty() {
        update.remarks.push(format!("{} {what}: {}.", items.len(), items.join(", ")));
    }
}

/// Adds a remark that counts: its words about one, and about several.
pub(super) fn count(update: &mut Update, (one, several): (&str, &str), count: usize) {
    let what = if count == 1 { one } else { several };
    if count > 0 {
        update.remarks.push(format!("{count} {what}."));
    }
}
