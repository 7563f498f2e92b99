//! Where each row should be, everything else left as it is: counted, and the most urgent kept.
//!
//! A file may have a million rows: each is judged in turn, and only those that are shown are kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::result::{CompareReport, landing};
use crate::catalog::ResidencyVerdict;
use crate::engine::{Headroom, InScope, RowScopes, Saving, ScopeQuota};
use crate::report::words::{CompareTally, ComparedWorkload, Fit, ScopeVerdict, StayReason};
use crate::workload::Symbol;

/// The rows of a comparison with their verdicts.
#[derive(Debug)]
pub(super) struct Verdicts<'a> {
    /// All of them, counted.
    pub(super) tally: CompareTally,
    /// The most urgent, then those that save most.
    pub(super) shown: Vec<ComparedWorkload<'a>>,
    /// Rows that are not shown.
    pub(super) left: usize,
}

impl<'a> Verdicts<'a> {
    /// Judges every row, and keeps `most` of them.
    pub(super) fn read(all: &CompareReport<'a>, most: usize) -> Self {
        let mut tally = CompareTally::default();
        let (mut moved, mut saved, mut forgone) = (Sums::default(), Sums::default(), Sums::default());
        let mut kept: BTreeSet<(u8, Reverse<i128>, usize)> = BTreeSet::new();
        for (place, compared) in all.rows.iter().enumerate() {
            let Some(judged) = Judged::of(compared) else { continue };
            let period = all.row(compared.row).and_then(|row| row.period());
            count(&mut tally, &judged);
            tally.without_limit += usize::from(compared.scopes.iter().any(has_unknown_limit));
            match judged.verdict {
                ScopeVerdict::MoveToSave { .. } => {
                    moved.add(period, judged.saving);
                    saved.add(period, judged.saving);
                }
                ScopeVerdict::MoveToFit { .. } | ScopeVerdict::Rescope { .. } => {
                    moved.add(period, judged.saving);
                }
                ScopeVerdict::Stay(StayReason::Residency(_)) => forgone.add(period, judged.saving),
                _ => {}
            }
            kept.insert((rank(judged.verdict), Reverse(judged.saving.unwrap_or(0)), place));
            if kept.len() > most {
                kept.pop_last();
            }
        }
        (tally.saved_by_all, tally.saved, tally.forgone) = (moved.most(), saved.most(), forgone.most());
        let shown: Vec<_> =
            kept.into_iter().filter_map(|(.., place)| row(all, all.rows.get(place)?)).collect();
        Self { tally, left: tally.rows - shown.len(), shown }
    }
}

/// Cents a month, by period.
#[derive(Default)]
struct Sums {
    always: i128,
    own: BTreeMap<Symbol, i128>,
}

impl Sums {
    fn add(&mut self, period: Option<Symbol>, cents: Option<i128>) {
        let sum = match period {
            None => &mut self.always,
            Some(period) => self.own.entry(period).or_default(),
        };
        *sum = sum.saturating_add(cents.unwrap_or(0));
    }

    /// In the period in which it is most.
    fn most(&self) -> i128 {
        self.always.saturating_add(self.own.values().copied().max().unwrap_or(0))
    }
}

fn count(tally: &mut CompareTally, judged: &Judged<'_, '_>) {
    tally.rows += 1;
    let counted = match judged.verdict {
        ScopeVerdict::NoCompliantScope => &mut tally.without_scope,
        ScopeVerdict::Rescope { .. } => &mut tally.rescoped,
        ScopeVerdict::ResidencyUnknown => &mut tally.residency_unknown,
        ScopeVerdict::MoveToFit { .. } => &mut tally.moved_to_fit,
        ScopeVerdict::MoveToSave { .. } => &mut tally.moved_to_save,
        ScopeVerdict::Stay(StayReason::Residency(_)) => &mut tally.kept_by_residency,
        ScopeVerdict::Stay(_) => return,
    };
    *counted += 1;
}

/// The order of verdicts, the most urgent first.
const fn rank(verdict: ScopeVerdict) -> u8 {
    match verdict {
        ScopeVerdict::NoCompliantScope => 0,
        ScopeVerdict::Rescope { .. } => 1,
        ScopeVerdict::ResidencyUnknown => 2,
        ScopeVerdict::MoveToFit { .. } => 3,
        ScopeVerdict::MoveToSave { .. } => 4,
        ScopeVerdict::Stay(_) => 5,
    }
}

fn row<'a>(all: &CompareReport<'a>, compared: &'a RowScopes<'a>) -> Option<ComparedWorkload<'a>> {
    let judged = Judged::of(compared)?;
    let row = all.row(compared.row)?;
    let exceeding = judged.scope.quotas.iter().find(|quota| quota.exceeds());
    Some(ComparedWorkload {
        name: all.name(row),
        model: &all.input.catalog.model(row.model()).name,
        from: judged.present.scope,
        residency: row.residency(),
        verdict: judged.verdict,
        saving: judged.saving,
        quota: exceeding.or_else(|| landing(judged.scope)).cloned(),
        compliant: &compared.compliant,
    })
}

fn has_unknown_limit(scope: &InScope<'_>) -> bool {
    scope.quotas.iter().any(|quota| quota.entry.is_some() && quota.limit.is_none())
}

/// A row in the scope where it should be.
struct Judged<'s, 'a> {
    present: &'s InScope<'a>,
    /// The scope that the verdict is about.
    scope: &'s InScope<'a>,
    verdict: ScopeVerdict,
    /// What that scope saves a month, in cents.
    saving: Option<i128>,
}

fn cents(scope: &InScope<'_>) -> Option<i128> {
    scope.saving.as_ref().and_then(Saving::cents)
}

/// Whether the quotas of a scope hold; without a quota that AWS offers, they do not.
fn fit(scope: &InScope<'_>) -> Fit {
    let is_exceeded = |quota: &ScopeQuota<'_>| quota.entry.is_none() || quota.exceeds();
    if scope.quotas.iter().any(is_exceeded) {
        Fit::Exceeds
    } else if scope.quotas.iter().any(|quota| quota.headroom() == Headroom::Unknown) {
        Fit::Unknown
    } else {
        Fit::Holds
    }
}

/// Scopes that hold before those of which it is not known, and these before those that do not.
const fn worth(fit: Fit) -> u8 {
    match fit {
        Fit::Holds => 2,
        Fit::Unknown => 1,
        Fit::Exceeds => 0,
    }
}

impl<'s, 'a> Judged<'s, 'a> {
    /// `None` where the row has no scope at all.
    fn of(compared: &'s RowScopes<'a>) -> Option<Self> {
        let present = compared.scopes.iter().find(|scope| scope.present)?;
        let others = || compared.scopes.iter().filter(|scope| !scope.present);
        let kept = || others().filter(|scope| scope.residency == ResidencyVerdict::Met);
        // Of equals the first.
        let best = |scopes: &mut dyn Iterator<Item = &'s InScope<'a>>| {
            scopes.reduce(|best, scope| {
                let value = |scope: &InScope<'_>| (worth(fit(scope)), cents(scope));
                if value(scope) > value(best) { scope } else { best }
            })
        };
        let at = |scope: &'s InScope<'a>, verdict| Self { present, scope, verdict, saving: cents(scope) };
        let stays =
            |reason| Self { present, scope: present, verdict: ScopeVerdict::Stay(reason), saving: None };
        match present.residency {
            ResidencyVerdict::Outside(_) => {
                return Some(match best(&mut kept()) {
                    Some(other) => at(other, ScopeVerdict::Rescope { to: other.scope, fit: fit(other) }),
                    None => at(present, ScopeVerdict::NoCompliantScope),
                });
            }
            ResidencyVerdict::Unknown => return Some(at(present, ScopeVerdict::ResidencyUnknown)),
            ResidencyVerdict::Met => {}
        }
        if fit(present) == Fit::Exceeds
            && let Some(other) = best(&mut kept().filter(|scope| fit(scope) == Fit::Holds))
        {
            return Some(at(other, ScopeVerdict::MoveToFit { to: other.scope }));
        }
        let is_cheaper = |scope: &&InScope<'_>| cents(scope).is_some_and(|cents| cents > 0);
        if let Some(other) = best(&mut kept().filter(is_cheaper).filter(|scope| fit(scope) != Fit::Exceeds)) {
            return Some(at(other, ScopeVerdict::MoveToSave { to: other.scope, fit: fit(other) }));
        }
        let not_moved = |other: &'s InScope<'a>, reason| Self { saving: cents(other), ..stays(reason) };
        Some(match (others().next(), best(&mut others().filter(is_cheaper))) {
            (None, _) => stays(StayReason::OnlyScope),
            (Some(_), Some(other)) if other.residency != ResidencyVerdict::Met => {
                not_moved(other, StayReason::Residency(other.scope))
            }
            (Some(_), Some(other)) => not_moved(other, StayReason::Quota(other.scope)),
            (Some(_), None) => match kept().find(|scope| cents(scope).is_none()) {
                Some(other) => stays(StayReason::Price(other.scope)),
                None => stays(StayReason::Cheapest),
            },
        })
    }
}
