//! What is found in folders and not read, counted by reason.

use std::collections::BTreeMap;

use crate::units::grouped;

/// Names that are kept; those behind them are counted.
const KEPT: usize = 200;

/// Names that a sentence has at most; of more, one less and how many others there are.
const NAMED: usize = 4;

/// Why an entry of a folder is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkipReason {
    /// The word in JSON.
    pub word: &'static str,
    /// What the entry is, in a sentence.
    pub description: &'static str,
}

impl SkipReason {
    /// Its name starts with a point.
    pub const HIDDEN: Self = Self { word: "hidden", description: "hidden" };
    /// It holds nothing, packed or not.
    pub const EMPTY: Self = Self { word: "empty", description: "empty" };
    /// A link that leads to a folder, which might be one around it.
    pub const LINK: Self = Self { word: "link-to-folder", description: "link to a folder" };
    /// A pipe, a socket or a device.
    pub const NO_FILE: Self = Self { word: "not-a-file", description: "neither file nor folder" };
}

/// What is not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped {
    names: Vec<(String, SkipReason)>,
    counts: BTreeMap<SkipReason, u64>,
}

impl Skipped {
    /// Counts an entry.
    pub fn add(&mut self, name: String, reason: SkipReason) {
        *self.counts.entry(reason).or_default() += 1;
        if self.names.len() < KEPT {
            self.names.push((name, reason));
        }
    }

    /// Counts all of another one too.
    pub fn append(&mut self, other: &Self) {
        let room = KEPT.saturating_sub(self.names.len());
        self.names.extend(other.names.iter().take(room).cloned());
        for (reason, count) in &other.counts {
            *self.counts.entry(*reason).or_default() += count;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The first of them by name, 200 at most.
    #[must_use]
    pub fn names(&self) -> &[(String, SkipReason)] {
        &self.names
    }

    /// How many, by reason: `empty: 2, hidden: 1`.
    #[must_use]
    pub fn reasons(&self) -> String {
        let of = |(reason, count): (&SkipReason, &u64)| {
            format!("{}: {}", reason.description, grouped((*count).into()))
        };
        self.counts.iter().map(of).collect::<Vec<_>>().join(", ")
    }

    /// The first names, and how many more there are.
    #[must_use]
    pub fn first_names(&self) -> String {
        let shown = if self.count() > NAMED as u64 { NAMED - 1 } else { NAMED };
        let mut names: Vec<String> =
            self.names.iter().take(shown).map(|(name, _)| format!("`{name}`")).collect();
        let more = self.count().saturating_sub(names.len() as u64);
        names.extend((more > 0).then(|| format!("and {} more", grouped(more.into()))));
        names.join(", ")
    }
}
