//! Money: what the traffic costs a month (guide/sizing.md, section 5).
//!
//! Every token is billed once, at the price of its kind, and every query of a reranker; nothing is burned down. Sums are exact and
//! rounded half-even to cents once, when reported. A price that is not known makes every sum that
//! needs it unknown, never zero: what is known of such a sum is kept beside it.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::TooLarge;
use super::assumptions::PlanInput;
use super::rounding::cents;
use crate::catalog::ModelIndex;
use crate::units::UsdCents;
use crate::workload::Symbol;

mod kind;
pub(super) mod spend;

use kind::KINDS;
pub use kind::TokenKind;
pub(super) use spend::{Cell, Scale, Spend, Tariff, Unpriced};

/// US dollars a month to the cent, half-even: the part whose prices are known, and whether that is all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundedCost {
    cents: UsdCents,
    complete: bool,
}

impl RoundedCost {
    /// The sum; `None` where a price it needs is not known.
    #[must_use]
    pub fn usd(self) -> Option<UsdCents> {
        self.complete.then_some(self.cents)
    }

    /// The part whose prices are known: the sum is at least this.
    #[must_use]
    pub fn priced_usd(self) -> UsdCents {
        self.cents
    }
}

impl From<&MonthlyCost> for RoundedCost {
    fn from(cost: &MonthlyCost) -> Self {
        cost.rounded
    }
}

/// US dollars a month: the part whose prices are known, and whether that is all.
#[derive(Debug, Clone)]
pub struct MonthlyCost {
    priced: BigRational,
    rounded: RoundedCost,
}

impl MonthlyCost {
    /// The sum to the cent, half-even; `None` where a price it needs is not known.
    #[must_use]
    pub fn usd(&self) -> Option<UsdCents> {
        self.rounded.usd()
    }

    /// The part whose prices are known, to the cent, half-even: the sum is at least this.
    #[must_use]
    pub fn priced_usd(&self) -> UsdCents {
        self.rounded.priced_usd()
    }

    /// The part whose prices are known, exact.
    #[must_use]
    pub fn priced(&self) -> &BigRational {
        &self.priced
    }

    /// Whether there is nothing to pay, for certain.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.is_complete() && self.priced.numer().is_zero()
    }

    /// Whether no price is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.rounded.complete
    }
}

/// One part of the month's money.
#[derive(Debug, Clone)]
pub struct CostShare<K> {
    /// Whose it is.
    pub of: K,
    /// In the plan's largest period.
    pub monthly: MonthlyCost,
    /// In its own largest period, which a budget of its own must hold.
    pub largest: MonthlyCost,
    /// That period; `None` where no row names one.
    pub largest_period: Option<Symbol>,
}

/// A model's part of the month's money, by kind of token.
#[derive(Debug, Clone)]
pub struct ModelCost {
    /// The model's sums, over all its scopes.
    pub share: CostShare<ModelIndex>,
    /// The same in the plan's largest period, in the order of [`TokenKind::ALL`].
    pub by_kind: [MonthlyCost; KINDS],
}

/// Rows of one model and scope that need a price the table does not know.
#[derive(Debug, Clone)]
pub(super) struct MissingPrice {
    pub(super) pool: usize,
    pub(super) unpriced: Unpriced,
}

/// What a plan costs a month, over all accounts.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The largest period by what is priced, the first by name where several are equal; `None`
    /// where no row names one.
    pub period: Option<Symbol>,
    /// The largest sum over periods; not complete where any period's is not.
    pub total: MonthlyCost,
    /// Each period's sum, by name.
    pub by_period: Vec<(Option<Symbol>, MonthlyCost)>,
    /// By model, in the order of their ids.
    pub by_model: Vec<ModelCost>,
    /// By team, by name; rows without one first.
    pub by_team: Vec<CostShare<Option<Symbol>>>,
    /// By kind of token in the largest period, in the order of [`TokenKind::ALL`].
    pub by_kind: [MonthlyCost; KINDS],
    pub(super) missing: Vec<MissingPrice>,
    pub(super) scale: Scale,
}

/// A sum in units of the plan's [`Scale`].
#[derive(Debug, Clone, Default)]
struct Sum {
    priced: BigInt,
    unpriced: bool,
}

impl Sum {
    fn add(&mut self, priced: &BigInt, unpriced: bool) {
        self.priced += priced;
        self.unpriced |= unpriced;
    }
}

/// Sums by kind: of rows without a period, which count in each, and of the rows of periods.
///
/// Only the periods that a model or team has rows in are held, so that many periods and many teams take no
/// more room than their rows.
#[derive(Debug, Clone, Default)]
struct Sums {
    always: [Sum; KINDS],
    own: BTreeMap<usize, [Sum; KINDS]>,
}

impl Sums {
    /// The kinds of one period.
    fn kinds(&self, at: usize) -> [Sum; KINDS] {
        let mut kinds = self.always.clone();
        for (sum, own) in kinds.iter_mut().zip(self.own.get(&at).into_iter().flatten()) {
            sum.add(&own.priced, own.unpriced);
        }
        kinds
    }

    /// The period with the largest priced sum, the first where several are equal, with that sum, and whether a
    /// price is missing in any.
    fn dearest(&self, periods: usize) -> (usize, Sum, bool) {
        // Of the periods without rows of their own the first stands for all.
        let without = (0..periods).find(|at| !self.own.contains_key(at));
        let mut candidates: Vec<usize> = self.own.keys().copied().chain(without).collect();
        candidates.sort_unstable();
        let mut found: Option<(usize, Sum)> = None;
        let mut unpriced = false;
        for at in candidates {
            let sum = over_kinds(&self.kinds(at));
            unpriced |= sum.unpriced;
            if found.as_ref().is_none_or(|(_, largest)| sum.priced > largest.priced) {
                found = Some((at, sum));
            }
        }
        let (at, sum) = found.unwrap_or_default();
        (at, sum, unpriced)
    }
}

fn over_kinds(kinds: &[Sum; KINDS]) -> Sum {
    let mut all = Sum::default();
    kinds.iter().for_each(|sum| all.add(&sum.priced, sum.unpriced));
    all
}

/// The parts of a cost under construction.
struct Ledger<'a> {
    periods: Vec<Option<Symbol>>,
    per_usd: &'a BigInt,
    at: usize,
}

impl Ledger<'_> {
    fn cost(&self, sum: &Sum) -> Result<MonthlyCost, TooLarge> {
        monthly(&sum.priced, self.per_usd, !sum.unpriced)
    }

    fn share<K>(&self, of: K, sums: &Sums) -> Result<CostShare<K>, TooLarge> {
        let (own, largest, unpriced) = sums.dearest(self.periods.len());
        Ok(CostShare {
            of,
            monthly: self.cost(&over_kinds(&sums.kinds(self.at)))?,
            largest: self.cost(&Sum { unpriced, ..largest })?,
            largest_period: self.periods[own],
        })
    }

    fn by_kind(&self, kinds: &[Sum; KINDS]) -> Result<[MonthlyCost; KINDS], TooLarge> {
        let [a, b, c, d, e] = kinds;
        Ok([self.cost(a)?, self.cost(b)?, self.cost(c)?, self.cost(d)?, self.cost(e)?])
    }
}

pub(super) fn monthly(units: &BigInt, per_usd: &BigInt, complete: bool) -> Result<MonthlyCost, TooLarge> {
    // Not reduced: comparing and rounding need no common factor removed.
    let priced = BigRational::new_raw(units.clone(), per_usd.clone());
    let cents = cents(&priced).ok_or(TooLarge { row: None })?;
    Ok(MonthlyCost { priced, rounded: RoundedCost { cents, complete } })
}

/// Adds the pools' money up.
pub(super) fn monthly_costs(
    pools: &[(ModelIndex, Vec<Cell>, Unpriced)],
    scale: Scale,
    input: &PlanInput<'_>,
) -> Result<Cost, TooLarge> {
    let text = |symbol: Option<Symbol>| symbol.map(|symbol| input.workloads.text(symbol));
    let cells = || pools.iter().flat_map(|(model, cells, _)| cells.iter().map(move |cell| (*model, cell)));
    let named = cells().map(|(_, cell)| cell.period).filter(Option::is_some);
    let mut periods: Vec<Option<Symbol>> = named.collect();
    periods.sort_by_key(|period| text(*period));
    periods.dedup();
    if periods.is_empty() {
        periods.push(None);
    }
    let indexed = periods.iter().enumerate();
    let places: BTreeMap<Symbol, usize> = indexed.filter_map(|(at, period)| Some(((*period)?, at))).collect();
    let mut all = Sums::default();
    let mut models: BTreeMap<ModelIndex, Sums> = BTreeMap::new();
    let mut teams: BTreeMap<Option<&str>, (Option<Symbol>, Sums)> = BTreeMap::new();
    for (model, cell) in cells() {
        let of_model = models.entry(model).or_default();
        let (_, of_team) = teams.entry(text(cell.team)).or_insert_with(|| (cell.team, Sums::default()));
        let own = cell.period.and_then(|period| places.get(&period)).copied();
        for sums in [&mut all, of_model, of_team] {
            let sums = match own {
                Some(at) => sums.own.entry(at).or_default(),
                None => &mut sums.always,
            };
            for (sum, (priced, unpriced)) in sums.iter_mut().zip(cell.priced.iter().zip(cell.unpriced)) {
                sum.add(priced, unpriced);
            }
        }
    }
    let (at, largest, unpriced) = all.dearest(periods.len());
    let per_usd = scale.per_usd();
    let ledger = Ledger { periods: periods.clone(), per_usd: &per_usd, at };
    let total = ledger.cost(&Sum { unpriced, ..largest })?;
    let by_period = periods.iter().enumerate();
    let by_period = by_period.map(|(at, period)| Ok((*period, ledger.cost(&over_kinds(&all.kinds(at)))?)));
    let by_model = models.iter().map(|(model, sums)| {
        Ok(ModelCost { share: ledger.share(*model, sums)?, by_kind: ledger.by_kind(&sums.kinds(at))? })
    });
    let by_team = teams.values().map(|(team, sums)| ledger.share(*team, sums));
    let missing = pools.iter().enumerate().filter(|(_, (_, _, unpriced))| unpriced.rows > 0);
    Ok(Cost {
        period: periods[at],
        total,
        by_period: by_period.collect::<Result<_, _>>()?,
        by_model: by_model.collect::<Result<_, _>>()?,
        by_team: by_team.collect::<Result<_, _>>()?,
        by_kind: ledger.by_kind(&all.kinds(at))?,
        missing: missing.map(|(pool, (_, _, unpriced))| MissingPrice { pool, unpriced: *unpriced }).collect(),
        scale,
    })
}
