//! The periods and hours in which the rows of a pool are active together, and sums over them.
//!
//! Rows without a period are active in every period. They are added up once for each hour, so that the work
//! grows with the number of rows and periods and not with their product.

use std::collections::HashMap;

use super::pool::{Group, Prepared};
use crate::workload::Symbol;

/// A period and an hour of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The period; `None` where the quota's rows name none.
    pub period: Option<Symbol>,
    /// The hour; `None` for a daily quota.
    pub hour: Option<u32>,
}

/// A slot and what is active in it.
#[derive(Debug, Clone)]
struct ActiveSlot {
    slot: Slot,
    /// Index into [`Slots::bases`]: the groups without a period.
    base: usize,
    /// The groups of the period.
    own: Vec<usize>,
}

/// The slots of a pool; of hours of a period in which the same groups are active only the first is kept.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    /// Sets of groups without a period, as they are active in one hour or several.
    bases: Vec<Vec<usize>>,
    slots: Vec<ActiveSlot>,
}

/// Sums over the classes of each group; `of_class` gives what the class of an index adds.
pub(super) fn by_group<T: Clone + Default>(
    prepared: &Prepared,
    of_class: impl Fn(usize) -> T,
    add: fn(&mut T, &T),
) -> Vec<T> {
    let mut groups = vec![T::default(); prepared.groups.len()];
    for (index, class) in prepared.classes.iter().enumerate() {
        add(&mut groups[class.group], &of_class(index));
    }
    groups
}

impl Slots {
    /// The slots of a pool.
    pub(super) fn new(prepared: &Prepared) -> Self {
        let mut of_period: HashMap<Option<Symbol>, Vec<usize>, foldhash::fast::FixedState> =
            HashMap::default();
        for (index, group) in prepared.groups.iter().enumerate() {
            of_period.entry(group.period).or_default().push(index);
        }
        let active = |groups: &[usize], hour: u32| -> Vec<usize> {
            let is_active = |index: &&usize| prepared.groups[**index].hours.contains(hour);
            groups.iter().filter(is_active).copied().collect()
        };
        let always = of_period.remove(&None).unwrap_or_default();
        let mut bases: Vec<Vec<usize>> = Vec::new();
        let mut base_at = [0; 24];
        for (hour, at) in (0..24).zip(&mut base_at) {
            let groups = active(&always, hour);
            *at = bases.iter().position(|other| *other == groups).unwrap_or_else(|| {
                bases.push(groups);
                bases.len() - 1
            });
        }
        let mut slots: Vec<ActiveSlot> = Vec::new();
        for &period in &prepared.periods {
            let named = of_period.get(&period).filter(|_| period.is_some()).map_or(&[][..], Vec::as_slice);
            let of_this = slots.len();
            for (hour, base) in (0..24).zip(base_at) {
                let own = active(named, hour);
                if slots[of_this..].iter().all(|other| other.base != base || other.own != own) {
                    slots.push(ActiveSlot { slot: Slot { period, hour: Some(hour) }, base, own });
                }
            }
        }
        // In an hour without rows nothing is asked of the quota.
        let is_empty = |slot: &ActiveSlot| slot.own.is_empty() && bases[slot.base].is_empty();
        if !slots.iter().all(is_empty) {
            slots.retain(|slot| !is_empty(slot));
        }
        Self { bases, slots }
    }

    /// Sums over what is active, slot by slot, from the sums of the groups.
    pub(super) fn sums<T: Clone + Default>(
        &self,
        groups: Vec<T>,
        add: fn(&mut T, &T),
    ) -> impl Iterator<Item = (Slot, T)> {
        let plus = move |mut sum: T, indices: &[usize]| {
            indices.iter().for_each(|index| add(&mut sum, &groups[*index]));
            sum
        };
        let bases: Vec<T> = self.bases.iter().map(|base| plus(T::default(), base)).collect();
        // One after another: a file of many periods has many slots.
        self.slots.iter().map(move |active| (active.slot, plus(bases[active.base].clone(), &active.own)))
    }

    /// Whether each group is active in a slot; `None` where the pool has no such slot.
    pub(super) fn active_in(&self, slot: Slot, groups: &[Group]) -> Option<Vec<bool>> {
        let active = self.slots.iter().find(|active| active.slot == slot)?;
        let mut found = vec![false; groups.len()];
        let all = self.bases[active.base].iter().chain(&active.own);
        all.for_each(|index| found[*index] = true);
        Some(found)
    }
}
