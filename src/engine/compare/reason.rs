//! Why a workload goes where it goes: what the nearest other place would cost.

use super::landing::Demand;
use super::search::{Found, Search};
use crate::catalog::Scope;
use crate::engine::TooLarge;
use crate::units::{Fact, Limit, QuotaAmount, QuotaKind};

/// A quota that would not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exceeded {
    /// Its scope.
    pub scope: Scope,
    /// What it counts.
    pub kind: QuotaKind,
    /// Whether it is the quota of long inputs.
    pub long_context: bool,
    /// Its code, where known.
    pub code: Option<String>,
    /// What it would have to hold.
    pub required: Option<QuotaAmount>,
    /// What it holds.
    pub limit: Option<Limit>,
}

/// Why one place is better than another; the first that differs, in the order of what is minimised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The other place is not known to keep to the residency.
    Residency,
    /// In the other place more quotas would not hold: these.
    Increases(Vec<Exceeded>),
    /// In the other place more quotas could not be judged.
    Unjudged,
    /// In the other place a price is not known.
    Unpriced,
    /// The other place costs more.
    Cost,
    /// The other place is no better.
    Same,
}

impl Reason {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Residency => "residency",
            Self::Increases(_) => "increases",
            Self::Unjudged => "not_judged",
            Self::Unpriced => "price_unknown",
            Self::Cost => "cost",
            Self::Same => "no_better",
        }
    }
}

/// Why a unit is where the assignment puts it and not in one of its other choices.
pub(super) fn why_not(
    search: &mut Search<'_>,
    found: &Found,
    unit: usize,
    other: usize,
) -> Result<Reason, TooLarge> {
    let mut choices = found.choices.clone();
    if let Some(choice) = choices.get_mut(unit) {
        *choice = other;
    }
    let (best, then) = (&found.score, search.score(&choices)?);
    Ok(if then.needs.exceeding > best.needs.exceeding {
        let before = exceeded(search, &found.choices)?;
        let after = exceeded(search, &choices)?;
        let known = |one: &Exceeded| before.iter().any(|other| same(one, other));
        Reason::Increases(after.into_iter().filter(|one| !known(one)).collect())
    } else if then.needs.unjudged > best.needs.unjudged {
        Reason::Unjudged
    } else if then.unpriced > best.unpriced {
        Reason::Unpriced
    } else if then.cost > best.cost {
        Reason::Cost
    } else {
        Reason::Same
    })
}

/// Whether two stand for the same quota.
fn same(one: &Exceeded, other: &Exceeded) -> bool {
    (one.scope, one.kind, one.long_context) == (other.scope, other.kind, other.long_context)
}

/// The quotas of an assignment that do not hold.
fn exceeded(search: &Search<'_>, choices: &[usize]) -> Result<Vec<Exceeded>, TooLarge> {
    let choices: Vec<Option<usize>> = choices.iter().copied().map(Some).collect();
    let mut found = Vec::new();
    for scope in Scope::ALL {
        for (long_context, demand) in search.demands(scope, &search.rows_in(scope, &choices))? {
            let Demand { kind, entry, required, limit, .. } = demand;
            let holds = required.is_none_or(|required| limit.is_none_or(|limit| limit.holds(required)));
            if holds {
                continue;
            }
            let code = entry.and_then(|entry| match &entry.code {
                Fact::Known(code) => Some(code.clone()),
                Fact::Absent | Fact::Unknown => None,
            });
            found.push(Exceeded { scope, kind, long_context, code, required, limit });
        }
    }
    Ok(found)
}
