//! What the quotas of one model and scope must hold for some rows, and what is left of them.

use std::sync::Arc;

use crate::catalog::QuotaEntry;
use crate::engine::TooLarge;
use crate::engine::assumptions::PlanInput;
use crate::engine::figures;
use crate::engine::pool::{self, Pool};
use crate::engine::quota_action::CapacitySource;
use crate::engine::result::Plan;
use crate::engine::slots::Slots;
use crate::engine::solve::QuotasToHold;
use crate::engine::sums::{Variant, pass};
use crate::units::{Fact, Limit, QuotaAmount, QuotaKind};

/// How many quotas need an increase, then how many cannot be judged: fewer is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Increases {
    /// Quotas of which more is required than their limit.
    pub exceeding: usize,
    /// Quotas whose limit or requirement is not known.
    pub unjudged: usize,
}

impl Increases {
    /// Counts one quota.
    pub(super) fn add(&mut self, required: Option<QuotaAmount>, limit: Option<Limit>) {
        match (required, limit) {
            (Some(required), Some(limit)) => self.exceeding += usize::from(!limit.holds(required)),
            _ => self.unjudged += 1,
        }
    }

    /// Both counts added up.
    pub(super) fn plus(self, other: Self) -> Self {
        Self { exceeding: self.exceeding + other.exceeding, unjudged: self.unjudged + other.unjudged }
    }

    /// Counts the quotas of a plan; the accounts' daily estimates do not depend on scopes.
    #[must_use]
    pub fn count(plan: &Plan, assume_defaults: bool) -> Self {
        let held = QuotasToHold { code: None, assume_defaults };
        let mut counted = Self::default();
        for quota in &plan.quotas {
            counted.add(quota.figures.required, held.limit(quota));
        }
        counted
    }
}

/// What is left of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headroom {
    /// The limit or the requirement is not known.
    Unknown,
    /// There is no limit.
    Unlimited,
    /// Limit less requirement: negative where it does not fit.
    Left(i128),
}

/// A quota that rows count against.
#[derive(Debug, Clone)]
pub struct ScopeQuota<'a> {
    /// What it counts.
    pub kind: QuotaKind,
    /// Whether it is the quota of long inputs.
    pub long_context: bool,
    /// Its entry in the model table; `None` where the model is not offered.
    pub entry: Option<&'a QuotaEntry>,
    /// What it must hold, as a plan of the same rows has it; `None` where a reservation is not known.
    pub required: Option<QuotaAmount>,
    /// What it holds: the applied value, else the default where that is taken.
    pub limit: Option<Limit>,
    /// Which value the limit is.
    pub limit_source: Option<CapacitySource>,
}

impl<'a> ScopeQuota<'a> {
    /// The quota code, where known.
    #[must_use]
    pub fn code(&self) -> Option<&'a str> {
        self.entry?.known_code()
    }

    /// What is left of it.
    #[must_use]
    pub fn headroom(&self) -> Headroom {
        match (self.limit, self.required) {
            (Some(Limit::Unlimited), Some(_)) => Headroom::Unlimited,
            (Some(Limit::Amount(limit)), Some(required)) => {
                Headroom::Left(i128::from(limit.get()) - i128::from(required.get()))
            }
            _ => Headroom::Unknown,
        }
    }

    /// Whether the requirement exceeds the quota, as far as is known.
    #[must_use]
    pub fn exceeds(&self) -> bool {
        matches!(self.headroom(), Headroom::Left(left) if left < 0)
    }
}

/// A quota and what it must hold.
#[derive(Clone, Copy)]
pub(super) struct Demand<'a> {
    pub(super) kind: QuotaKind,
    pub(super) entry: Option<&'a QuotaEntry>,
    pub(super) required: Option<QuotaAmount>,
    pub(super) limit: Option<Limit>,
    pub(super) source: Option<CapacitySource>,
}

impl<'a> Demand<'a> {
    /// The quota of a pool.
    pub(super) fn in_pool(self, long_context: bool) -> ScopeQuota<'a> {
        ScopeQuota {
            kind: self.kind,
            long_context,
            entry: self.entry,
            required: self.required,
            limit: self.limit,
            limit_source: self.source,
        }
    }
}

/// What the quotas of a pool must hold, the same as in a plan of its rows.
///
/// A pool's rows may be in another scope: nothing of a row but its place depends on its scope.
pub(super) fn demands<'a>(
    input: &PlanInput<'a>,
    pool: &Pool,
    assume_defaults: bool,
) -> Result<Vec<Demand<'a>>, TooLarge> {
    if pool.rows.is_empty() {
        return Ok(Vec::new());
    }
    let PlanInput { catalog, assumptions, .. } = *input;
    let model = catalog.model(pool.model);
    let prepared = pool::prepare(pool, input, &pool.growth(input), Vec::new(), |_, _| {});
    let slots = Slots::new(&prepared);
    let rate = model.rate_as_of(assumptions.rates_as_of).rate;
    let too_large = |error: TooLarge| error.at_largest_row(input, pool);
    let sums =
        pass(&prepared, &Variant::plain(rate, assumptions.config.reserve_cache_reads)).map_err(too_large)?;
    let required = |kind| {
        let figures = figures::of_kind(kind, &prepared, &slots, &sums, assumptions);
        figures.map(|figures| figures.required).map_err(too_large)
    };
    let mut found = listed(input, pool, assume_defaults);
    for demand in &mut found {
        demand.required = required(demand.kind)?;
    }
    Ok(found)
}

/// The quotas that a pool counts against, with no word of what they must hold.
pub(super) fn listed<'a>(input: &PlanInput<'a>, pool: &Pool, assume_defaults: bool) -> Vec<Demand<'a>> {
    let demand = |(kind, entry)| {
        let (limit, source) = limit(input, pool, entry, assume_defaults);
        Demand { kind, entry, required: None, limit, source }
    };
    pool.quotas(input.catalog).map(demand).collect()
}

/// The limit of a quota in a pool's account, and which value that is.
fn limit(
    input: &PlanInput<'_>,
    pool: &Pool,
    entry: Option<&QuotaEntry>,
    assume_defaults: bool,
) -> (Option<Limit>, Option<CapacitySource>) {
    let Some(entry) = entry else { return (None, None) };
    let code = match &entry.code {
        Fact::Known(code) => Some(code.as_str()),
        Fact::Absent | Fact::Unknown => None,
    };
    let assumptions = input.assumptions;
    let stated = code.and_then(|code| {
        assumptions.config.granted.get(pool.account.as_deref(), assumptions.config.account.as_deref(), code)
    });
    if let Some(limit) = stated.and_then(|granted| granted.value.known()) {
        return (Some(limit), Some(CapacitySource::Granted));
    }
    match entry.default.known().filter(|_| assume_defaults) {
        Some(limit) => (Some(limit), Some(CapacitySource::Default)),
        None => (None, None),
    }
}

/// The quotas of a pool with their entries.
pub(super) fn quotas<'a>(
    input: &PlanInput<'a>,
    pool: &Pool,
    assume_defaults: bool,
) -> Result<Arc<[ScopeQuota<'a>]>, TooLarge> {
    let found = demands(input, pool, assume_defaults)?;
    Ok(found.into_iter().map(|demand| demand.in_pool(pool.long_context)).collect())
}
