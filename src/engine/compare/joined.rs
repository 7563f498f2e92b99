//! What the quotas of a pool must hold with one more row, without going through its rows again.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_bigint::BigInt;

use super::landing::{Demand, ScopeQuota, listed};
use super::slotted::{Share, Slotted, Terms};
use crate::catalog::ModelIndex;
use crate::engine::assumptions::PlanInput;
use crate::engine::figures::{Requests, Totals, of_a_day};
use crate::engine::growth::Growth;
use crate::engine::pool::{self, Pool, Prepared};
use crate::engine::sums::{Sums, pass};
use crate::units::{QuotaAmount, QuotaKind};
use crate::workload::Symbol;

/// Tokens of each period's whole day: steady and peak.
#[derive(Default)]
struct Days {
    always: (BigInt, BigInt),
    own: BTreeMap<Symbol, (BigInt, BigInt)>,
    required: QuotaAmount,
}

impl Days {
    /// Nothing where a figure passes 10^18.
    fn new(prepared: &Prepared, sums: &[Sums], terms: &Terms) -> Option<Self> {
        let mut days = Self::default();
        for (class, sums) in prepared.classes.iter().zip(sums) {
            let (steady, peak) = of_a_day(class, sums);
            let day = match class.period {
                None => &mut days.always,
                Some(period) => days.own.entry(period).or_default(),
            };
            day.0 += steady;
            day.1 += peak;
        }
        let nothing = <(BigInt, BigInt)>::default();
        let mut required = days.required_on(None, &nothing, terms)?;
        for period in days.own.keys() {
            required = required.max(days.required_on(Some(*period), &nothing, terms)?);
        }
        days.required = required;
        Some(days)
    }

    /// What one day of a period requires with some more.
    fn required_on(
        &self,
        period: Option<Symbol>,
        more: &(BigInt, BigInt),
        terms: &Terms,
    ) -> Option<QuotaAmount> {
        let (mut steady, mut peak) = (&self.always.0 + &more.0, &self.always.1 + &more.1);
        if let Some(own) = period.and_then(|period| self.own.get(&period)) {
            steady += &own.0;
            peak += &own.1;
        }
        terms.days.at(&steady, &peak).map(|(_, _, required)| required)
    }

    /// What the quota requires with one more row.
    fn with(&self, period: Option<Symbol>, more: &(BigInt, BigInt), terms: &Terms) -> Option<QuotaAmount> {
        let mut required = self.required.max(self.required_on(period, more, terms)?);
        if period.is_none() {
            for period in self.own.keys() {
                required = required.max(self.required_on(Some(*period), more, terms)?);
            }
        }
        Some(required)
    }
}

/// What one row adds to the pool it is moved to.
pub(super) struct AddedRow {
    period: Option<Symbol>,
    tokens: Share<Totals>,
    requests: Share<Requests>,
    day: (BigInt, BigInt),
}

impl AddedRow {
    /// Nothing where a product passes its bound.
    pub(super) fn of_row(
        input: &PlanInput<'_>,
        (index, model): (u32, ModelIndex),
        growth: &Growth,
        terms: &Terms,
    ) -> Option<Self> {
        // Nothing of a row but its place depends on its scope.
        let row = input.workloads.rows().get(index as usize)?;
        let alone = Pool { account: None, model, scope: row.scope(), long_context: false, rows: vec![index] };
        let (prepared, sums) = summed(input, &alone, growth, terms)?;
        let (class, of_class) = (prepared.classes.first()?, sums.first()?);
        Some(Self {
            period: class.period,
            tokens: Share::new(class.hours, Totals::of_class(&prepared, &sums, 0, &terms.occupancy), terms),
            requests: Share::new(class.hours, Requests::of_class(&prepared, &sums, 0), terms),
            day: of_a_day(class, of_class),
        })
    }
}

fn summed(
    input: &PlanInput<'_>,
    pool: &Pool,
    growth: &Growth,
    terms: &Terms,
) -> Option<(Prepared, Vec<Sums>)> {
    let prepared = pool::prepare(pool, input, growth, Vec::new(), |_, _| {});
    let sums = pass(&prepared, &terms.variant).ok()?;
    Some((prepared, sums))
}

/// A pool that rows are moved into.
pub(super) struct Joined<'a> {
    long_context: bool,
    quotas: Vec<(Demand<'a>, Held)>,
}

/// What a quota counts.
enum Held {
    Tokens(Slotted<Totals>),
    Requests(Slotted<Requests>),
    Days(Days),
}

impl Held {
    fn new(kind: QuotaKind, prepared: &Prepared, sums: &[Sums], terms: &Terms) -> Option<Self> {
        Some(match kind {
            QuotaKind::Tpm => {
                let of_class = |index| Totals::of_class(prepared, sums, index, &terms.occupancy);
                Self::Tokens(Slotted::new(prepared, of_class, terms)?)
            }
            QuotaKind::Rpm => {
                let of_class = |index| Requests::of_class(prepared, sums, index);
                Self::Requests(Slotted::new(prepared, of_class, terms)?)
            }
            QuotaKind::Tpd => Self::Days(Days::new(prepared, sums, terms)?),
        })
    }

    fn with(&self, own: &AddedRow, terms: &Terms) -> Option<Option<QuotaAmount>> {
        match self {
            Self::Tokens(slotted) => slotted.with(own.period, &own.tokens, terms),
            Self::Requests(slotted) => slotted.with(own.period, &own.requests, terms),
            Self::Days(days) => days.with(own.period, &own.day, terms).map(Some),
        }
    }
}

impl<'a> Joined<'a> {
    /// Nothing where a figure may pass 10^18.
    pub(super) fn new(
        input: &PlanInput<'a>,
        pool: &Pool,
        assume_defaults: bool,
        (growth, terms): (&Growth, &Terms),
    ) -> Option<Self> {
        let (prepared, sums) = summed(input, pool, growth, terms)?;
        let quotas = listed(input, pool, assume_defaults).into_iter().map(|demand| {
            let held = Held::new(demand.kind, &prepared, &sums, terms)?;
            Some((demand, held))
        });
        Some(Self { long_context: pool.long_context, quotas: quotas.collect::<Option<_>>()? })
    }

    /// The quotas with one more row; nothing where a figure may pass 10^18.
    pub(super) fn with(&self, own: &AddedRow, terms: &Terms) -> Option<Arc<[ScopeQuota<'a>]>> {
        let quotas = self.quotas.iter().map(|(demand, held)| {
            let required = held.with(own, terms)?;
            Some(Demand { required, ..*demand }.in_pool(self.long_context))
        });
        quotas.collect()
    }
}
