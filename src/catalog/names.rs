//! The names of all models.

use std::collections::BTreeMap;

use super::scope::{ModelIndex, Scope};

/// A model by one of its names; a profile carries its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The model.
    pub model: ModelIndex,
    /// The scope the name itself states.
    pub scope: Option<Scope>,
}

/// Names of all models, in lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(pub(super) BTreeMap<String, Named>);

impl Names {
    /// Adds a name; gives back the earlier owner if it is taken by another meaning.
    pub(super) fn insert(&mut self, name: &str, named: Named) -> Option<Named> {
        match self.0.entry(name.to_lowercase()) {
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(named);
                None
            }
            std::collections::btree_map::Entry::Occupied(slot) => {
                Some(*slot.get()).filter(|other| *other != named)
            }
        }
    }
}
