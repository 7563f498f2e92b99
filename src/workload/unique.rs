//! One workload, one row a period.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::{Column, Workload, WorkloadSet};
use crate::text::{Code, Diagnostics, Sources};

/// Reports the same name twice in one period, or once with and once without a period.
pub(super) fn check(set: &WorkloadSet, sources: &Sources, diagnostics: &mut Diagnostics) {
    // The seed is fixed: nothing about the result depends on it, and runs stay alike.
    let hasher = FixedState::with_seed(0);
    let mut first_of_name: HashTable<u32> = HashTable::with_capacity(set.rows.len());
    let mut of_period: HashTable<u32> = HashTable::new();
    let row = |index: u32| &set.rows[index as usize];
    for (index, workload) in (0_u32..).zip(&set.rows) {
        let name_hash = hasher.hash_one(&*workload.name);
        let rehash = |&other: &u32| hasher.hash_one(&*row(other).name);
        let entry =
            first_of_name.entry(name_hash, |&other| row(other).name == workload.name, rehash);
        let first = match entry {
            hashbrown::hash_table::Entry::Vacant(slot) => {
                slot.insert(index);
                continue;
            }
            hashbrown::hash_table::Entry::Occupied(slot) => *slot.get(),
        };
        if workload.period.is_none() || row(first).period.is_none() {
            report(set, sources, row(first), workload, diagnostics);
            continue;
        }
        if workload.period == row(first).period {
            report(set, sources, row(first), workload, diagnostics);
            continue;
        }
        let key = |w: &Workload| hasher.hash_one((&*w.name, w.period));
        let same =
            |&other: &u32| row(other).name == workload.name && row(other).period == workload.period;
        match of_period.entry(key(workload), same, |&other| key(row(other))) {
            hashbrown::hash_table::Entry::Vacant(slot) => {
                slot.insert(index);
            }
            hashbrown::hash_table::Entry::Occupied(slot) => {
                report(set, sources, row(*slot.get()), workload, diagnostics);
            }
        }
    }
}

fn report(
    set: &WorkloadSet,
    sources: &Sources,
    first: &Workload,
    again: &Workload,
    diagnostics: &mut Diagnostics,
) {
    let line = set.line(sources, first);
    let span = set
        .cell(sources, again, Column::Workload)
        .unwrap_or(set.start(again));
    let period = |row: &Workload| row.period.map(|p| set.text(p).to_owned());
    let message = match (period(first), period(again)) {
        (Some(a), Some(b)) if a == b => {
            format!("`{}` is already on line {line} in period `{a}`", again.name)
        }
        (None, None) => format!("`{}` is already on line {line}", again.name),
        _ => format!(
            "`{}` stands on line {line} too, once with and once without a period",
            again.name
        ),
    };
    diagnostics.at(
        Code::DuplicateWorkload,
        span,
        message,
        "give each row its own name, or its own period",
    );
}
