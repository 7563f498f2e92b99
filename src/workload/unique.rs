//! One workload, one row a period.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::{Column, Workload, WorkloadSet};
use crate::text::{Code, Diagnostics, Sources};
use crate::threads::Workers;

/// Rows from which a second thread pays.
const MANY: usize = 50_000;

/// The seed is fixed: nothing about the result depends on it, and runs stay alike.
const HASHER: FixedState = FixedState::with_seed(0);

/// The hash of a workload's name.
pub(super) fn name_hash(name: &str) -> u64 {
    HASHER.hash_one(name)
}

/// Reports the same name twice in one period, or once with and once without a period; `hashes` are
/// those of the rows' names.
pub(super) fn check(set: &WorkloadSet, hashes: &[u64], sources: &Sources, diagnostics: &mut Diagnostics) {
    let workers = if set.rows.len() < MANY { Workers::ONE } else { sources.workers() };
    let parts = workers.count();
    let found = workers.map(parts, |part| {
        let mut own = Diagnostics::new();
        let part = (part as u64, parts as u64);
        repeats(set, hashes, part, |first, again| report(set, sources, first, again, &mut own));
        own
    });
    found.into_iter().for_each(|own| diagnostics.append(own));
}

/// Finds repeats among the names whose hash falls to one part of so many.
fn repeats(
    set: &WorkloadSet,
    hashes: &[u64],
    (part, parts): (u64, u64),
    mut found: impl FnMut(&Workload, &Workload),
) {
    let expected = set.rows.len() / usize::try_from(parts).unwrap_or(1);
    let mut first_of_name: HashTable<u32> = HashTable::with_capacity(expected);
    let mut of_period: HashTable<u32> = HashTable::new();
    let row = |index: u32| &set.rows[index as usize];
    let hash = |index: &u32| hashes[*index as usize];
    for (index, &name_hash) in (0_u32..).zip(hashes) {
        // The low and the high bits serve the table.
        if (name_hash >> 20) % parts != part {
            continue;
        }
        // Names are read only where hashes agree.
        let same = |other: &u32| hash(other) == name_hash && row(*other).name == row(index).name;
        let entry = first_of_name.entry(name_hash, same, hash);
        let first = match entry {
            hashbrown::hash_table::Entry::Vacant(slot) => {
                slot.insert(index);
                continue;
            }
            hashbrown::hash_table::Entry::Occupied(slot) => *slot.get(),
        };
        let workload = row(index);
        if workload.period.is_none() || row(first).period.is_none() || workload.period == row(first).period {
            found(row(first), workload);
            continue;
        }
        let key = |w: &Workload| HASHER.hash_one((&*w.name, w.period));
        let same = |&other: &u32| row(other).name == workload.name && row(other).period == workload.period;
        match of_period.entry(key(workload), same, |&other| key(row(other))) {
            hashbrown::hash_table::Entry::Vacant(slot) => {
                slot.insert(index);
            }
            hashbrown::hash_table::Entry::Occupied(slot) => found(row(*slot.get()), workload),
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
    let line = place_of(set, sources, first, again);
    let span = set.cell(sources, again, Column::Workload).unwrap_or(set.start(again));
    let period = |row: &Workload| row.period.map(|p| set.text(p).to_owned());
    let message = match (period(first), period(again)) {
        (Some(a), Some(b)) if a == b => {
            format!("`{}` is already on {line} in period `{a}`", again.name)
        }
        (None, None) => format!("`{}` is already on {line}", again.name),
        _ => format!(
            "`{}` is also on {line}: one of the two rows has a period and the other has none",
            again.name
        ),
    };
    diagnostics.at(Code::DuplicateWorkload, span, message, "give each row its own name, or its own period");
}

/// The line of a row, with its file where the other row is in another.
fn place_of(set: &WorkloadSet, sources: &Sources, row: &Workload, other: &Workload) -> String {
    let line = set.line(sources, row);
    let file = set.start(row).file;
    match sources.file(file).filter(|_| file != set.start(other).file) {
        Some(source) => format!("line {line} of {}", source.name()),
        None => format!("line {line}"),
    }
}
