//! The pass over a pool's rows that sums what is billed, each kind of token for itself.
//!
//! Prices are applied to the sums, not to rows: rows of one season, shape of month, price tier and
//! team are summed once.

use std::collections::HashMap;

use num_bigint::BigInt;

use super::{KINDS, TokenKind};
use crate::catalog::{Model, ModelKind, Price, Scope};
use crate::engine::assumptions::Assumptions;
use crate::engine::pool::growth_estimate;
use crate::text::FactDate;
use crate::units::{Days, ExactRate, Fact, MILLIONTHS, Ratio, UsdPerMillion, UsdPerQuery};
use crate::workload::{CacheTtl, Hours, Symbol, Workload};

/// What decides how a row's tokens become money, and to whom they are attributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    period: Option<Symbol>,
    team: Option<Symbol>,
    hours: Hours,
    growth: Ratio,
    days: Option<Days>,
    ttl: Option<CacheTtl>,
    tier: Option<usize>,
    /// Divisor of the rows' rates.
    divisor: u64,
}

/// Rows that need a price the table does not know.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct Unpriced {
    /// How many rows.
    pub(in crate::engine) rows: usize,
    /// The first of them.
    pub(in crate::engine) first: Option<u32>,
    /// Which prices, by kind.
    pub(in crate::engine) kinds: [bool; KINDS],
    /// For each life of cache writes that the model does not have, the first row that states it.
    pub(in crate::engine) without_life: [Option<u32>; CacheTtl::ALL.len()],
}

/// A month's money of one pool in one period for one team, by kind: the part with known prices in
/// units of [`Scale`], and whether a price was missing.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Cell {
    pub(in crate::engine) period: Option<Symbol>,
    pub(in crate::engine) team: Option<Symbol>,
    pub(in crate::engine) priced: [BigInt; KINDS],
    pub(in crate::engine) unpriced: [bool; KINDS],
}

/// The common denominator of all sums of money in one plan.
///
/// Rates and tokens come in millionths, prices in millionths of a dollar per million tokens, days
/// in millionths or as 365/12, and growth as a power of a ratio in millionths: one power of ten, a
/// twelve and the multiple of all rates' divisors hold them all, so sums need no fractions.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Scale {
    months: u32,
    /// `10^(6·months)`: a growth factor of one.
    no_growth: BigInt,
}

/// A mean month, 365/12 days, in twelfths of millionths.
const MEAN_MONTH_TWELFTHS: u64 = 365 * MILLIONTHS;

impl Scale {
    pub(in crate::engine) fn new(assumptions: &Assumptions) -> Self {
        let months = assumptions.months;
        Self { months, no_growth: BigInt::from(10_u8).pow(6 * months) }
    }

    /// How many units make a US dollar.
    pub(in crate::engine) fn per_usd(&self) -> BigInt {
        BigInt::from(10_u8).pow(12 + 6 + 6 + 6) * 12_u8 * ExactRate::COMMON * &self.no_growth
    }

    /// Minutes a month times growth, in the units that remain beside tokens and price.
    fn minutes(&self, key: &Key) -> BigInt {
        minutes(key) * self.growth(key.growth)
    }

    /// `(1 + growth)^months`, times a growth factor of one.
    fn growth(&self, growth: Ratio) -> BigInt {
        if growth == Ratio::ZERO || self.months == 0 {
            self.no_growth.clone()
        } else {
            BigInt::from(MILLIONTHS + growth.millionths()).pow(self.months)
        }
    }
}

/// Minutes a month without growth.
fn minutes(key: &Key) -> BigInt {
    let Key { hours, days, divisor, .. } = *key;
    let days = days.map_or(MEAN_MONTH_TWELFTHS, |days| days.millionths() * 12);
    BigInt::from(60 * hours.count()) * days * (ExactRate::COMMON / u128::from(divisor))
}

/// The prices of a model in a scope.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Tariff<'a> {
    prices: &'a [Price],
    /// Whether requests are billed by the query even where no price is known: rerankers.
    by_query: bool,
    /// The day on which AWS raised the price, where it has.
    raised_on: Option<FactDate>,
    today: FactDate,
}

impl<'a> Tariff<'a> {
    pub(in crate::engine) fn new(model: &'a Model, scope: Scope, today: FactDate) -> Self {
        let prices = model.scope(scope).map_or(&[][..], |entry| &entry.prices);
        let raised_on = model.lifecycle.as_ref().and_then(|lifecycle| lifecycle.price_raised_on(today));
        Self { prices, by_query: model.kind == ModelKind::Rerank, raised_on, today }
    }

    /// The tier of a mean of all input (guide/sizing.md, section 5).
    fn tier(self, input: u64) -> Option<usize> {
        let holds = |price: &Price| price.up_to_input.is_none_or(|limit| input <= limit.millionths());
        self.prices.iter().position(holds)
    }

    /// Whether rows of a tier are billed for a kind.
    fn bills(self, tier: Option<usize>, kind: TokenKind) -> bool {
        let price = tier.and_then(|tier| self.prices.get(tier));
        let by_query = self.by_query || price.is_some_and(|price| price.per_query != Fact::Absent);
        // Where queries are billed, tokens are only if the table has a price for them.
        match kind {
            TokenKind::Query => by_query,
            _ => !by_query || price.is_some_and(|price| fact(price, kind, None) != Fact::Absent),
        }
    }

    /// Whether the model writes to a cache, but not for so long.
    fn has_no_life(self, tier: Option<usize>, ttl: CacheTtl) -> bool {
        let price = tier.and_then(|tier| self.prices.get(tier));
        price.is_some_and(|price| {
            cache_write(price, ttl) == Fact::Absent && price.default_cache_write() != Fact::Absent
        })
    }

    /// The price of a kind; an absent one is as little known as an unknown one, and so is one that AWS
    /// promised until a day that is over, or raised after it was read.
    fn price(self, tier: Option<usize>, kind: TokenKind, ttl: Option<CacheTtl>) -> Option<u64> {
        let price = self.prices.get(tier?)?;
        let was_promised = price.promotion.as_ref().is_some_and(|promotion| promotion.is_over(self.today));
        let was_raised = self.raised_on.is_some_and(|raised| price.provenance.as_of.day() < raised.day());
        if was_raised || was_promised {
            return None;
        }
        match fact(price, kind, ttl) {
            Fact::Known(millionths) => Some(millionths),
            Fact::Absent | Fact::Unknown => None,
        }
    }
}

/// How much of a kind a row has by request; a query counts as a million, so that its price is one per
/// million too.
fn amount(row: &Workload, kind: TokenKind) -> u64 {
    let tokens = match kind {
        TokenKind::Input => row.input(),
        TokenKind::CacheRead => row.cache_read(),
        TokenKind::CacheWrite => row.cache_write(),
        TokenKind::Output => row.output(),
        TokenKind::Query => return MILLIONTHS * MILLIONTHS,
    };
    tokens.millionths()
}

/// The price of cache writes of a life.
const fn cache_write(price: &Price, life: CacheTtl) -> Fact<UsdPerMillion> {
    match life {
        CacheTtl::FiveMinutes => price.cache_write_5m,
        CacheTtl::HalfHour => price.cache_write_30m,
        CacheTtl::OneHour => price.cache_write_1h,
    }
}

/// A price in millionths of a dollar per million.
fn fact(price: &Price, kind: TokenKind, ttl: Option<CacheTtl>) -> Fact<u64> {
    let tokens = match (kind, ttl) {
        (TokenKind::Query, _) => return price.per_query.map(UsdPerQuery::millionths),
        (TokenKind::Input, _) => price.input,
        (TokenKind::CacheRead, _) => price.cache_read,
        (TokenKind::CacheWrite, None) => price.default_cache_write(),
        (TokenKind::CacheWrite, Some(ttl)) => cache_write(price, ttl),
        (TokenKind::Output, _) => price.output,
    };
    tokens.map(UsdPerMillion::millionths)
}

/// The rows of one key.
#[derive(Debug)]
struct Sum {
    key: Key,
    /// Which kinds are billed, and which have a known price.
    billed: [bool; KINDS],
    priced: [bool; KINDS],
    /// `Σ n·tokens` by kind, in 10^-12.
    sums: [u128; KINDS],
}

/// Sums of one pool, row by row.
#[derive(Debug)]
pub(in crate::engine) struct Spend<'a> {
    tariff: Tariff<'a>,
    grows: bool,
    places: HashMap<Key, usize, foldhash::fast::FixedState>,
    sums: Vec<Sum>,
    last: Option<(Key, usize)>,
    unpriced: Unpriced,
    too_large: Option<u32>,
}

impl<'a> Spend<'a> {
    pub(in crate::engine) fn new(tariff: Tariff<'a>, assumptions: &Assumptions) -> Self {
        Self {
            tariff,
            grows: assumptions.months > 0,
            places: HashMap::default(),
            sums: Vec::new(),
            last: None,
            unpriced: Unpriced::default(),
            too_large: None,
        }
    }

    fn key(&self, row: &Workload) -> Key {
        Key {
            period: row.period(),
            team: row.team(),
            hours: row.hours().unwrap_or(Hours::ALL_DAY),
            growth: row.growth_per_month().filter(|_| self.grows).unwrap_or_default(),
            days: row.days_per_month(),
            ttl: row.cache_ttl(),
            tier: self.tariff.tier(row.all_input_millionths()),
            divisor: row.mean_rate().divisor(),
        }
    }

    /// Takes a row in.
    pub(in crate::engine) fn add(&mut self, index: u32, row: &Workload) {
        let key = self.key(row);
        let at = match self.last {
            Some((same, at)) if same == key => at,
            _ => *self.places.entry(key).or_insert_with(|| {
                self.sums.push(Sum {
                    key,
                    billed: TokenKind::ALL.map(|kind| self.tariff.bills(key.tier, kind)),
                    priced: TokenKind::ALL.map(|kind| self.tariff.price(key.tier, kind, key.ttl).is_some()),
                    sums: [0; KINDS],
                });
                self.sums.len() - 1
            }),
        };
        self.last = Some((key, at));
        let rate = rate(row);
        let mut missing = false;
        let Sum { billed, priced, sums, .. } = &mut self.sums[at];
        for kind in TokenKind::ALL {
            let kind_at = kind.index();
            let amount = amount(row, kind);
            if amount == 0 || rate == 0 || !billed[kind_at] {
                continue;
            }
            match sums[kind_at].checked_add(rate * u128::from(amount)) {
                Some(more) => sums[kind_at] = more,
                None => self.too_large = self.too_large.or(Some(index)),
            }
            if !priced[kind_at] {
                self.unpriced.kinds[kind_at] = true;
                missing = true;
                if let Some(life) = key.ttl
                    && kind == TokenKind::CacheWrite
                    && self.tariff.has_no_life(key.tier, life)
                {
                    self.unpriced.without_life[life.index()].get_or_insert(index);
                }
            }
        }
        if missing {
            self.unpriced.rows += 1;
            self.unpriced.first.get_or_insert(index);
        }
    }

    /// The pool's money; the index of a row whose sum passes the bound, where one does.
    pub(in crate::engine) fn finish(self, scale: &Scale) -> Result<(Vec<Cell>, Unpriced), u32> {
        if let Some(row) = self.too_large {
            return Err(row);
        }
        let mut places: HashMap<_, usize, foldhash::fast::FixedState> = HashMap::default();
        let mut cells: Vec<Cell> = Vec::new();
        let mut powers: HashMap<Ratio, BigInt, foldhash::fast::FixedState> = HashMap::default();
        for Sum { key, sums, .. } in self.sums {
            let Key { period, team, .. } = key;
            let at = *places.entry((period, team)).or_insert_with(|| {
                cells.push(Cell { period, team, priced: Default::default(), unpriced: [false; KINDS] });
                cells.len() - 1
            });
            let growth = powers.entry(key.growth).or_insert_with(|| scale.growth(key.growth));
            let minutes = minutes(&key) * &*growth;
            for kind in TokenKind::ALL {
                let sum = sums[kind.index()];
                match self.tariff.price(key.tier, kind, key.ttl) {
                    _ if sum == 0 => {}
                    Some(price) => cells[at].priced[kind.index()] += BigInt::from(sum) * &minutes * price,
                    None => cells[at].unpriced[kind.index()] = true,
                }
            }
        }
        Ok((cells, self.unpriced))
    }
}

/// One row's money in units of the scale, and whether a price it needs is missing.
pub(in crate::engine) fn of_row(
    row: &Workload,
    tariff: Tariff<'_>,
    scale: &Scale,
    assumptions: &Assumptions,
) -> (BigInt, bool) {
    let key = Spend::new(tariff, assumptions).key(row);
    let rate = rate(row);
    let mut priced = BigInt::ZERO;
    let mut unpriced = false;
    for kind in TokenKind::ALL.into_iter().filter(|kind| tariff.bills(key.tier, *kind)) {
        let billed = rate * u128::from(amount(row, kind));
        match tariff.price(key.tier, kind, key.ttl) {
            _ if billed == 0 => {}
            Some(price) => priced += BigInt::from(billed) * price,
            None => unpriced = true,
        }
    }
    (priced * scale.minutes(&key), unpriced)
}

/// The money of one row, nearly, in a unit that all rows share.
#[allow(clippy::cast_precision_loss)]
pub(in crate::engine) fn estimate(row: &Workload, tariff: Tariff<'_>, assumptions: &Assumptions) -> f64 {
    let key = Spend::new(tariff, assumptions).key(row);
    let each = TokenKind::ALL.into_iter().filter(|kind| tariff.bills(key.tier, *kind)).map(|kind| {
        let price = tariff.price(key.tier, kind, key.ttl).unwrap_or(0);
        amount(row, kind) as f64 * price as f64
    });
    let days = key.days.map_or(365.0 / 12.0, Days::to_f64);
    row.mean_rate().to_f64()
        * each.sum::<f64>()
        * f64::from(key.hours.count())
        * days
        * growth_estimate(key.growth, assumptions.months)
}

/// A row's rate in millionths over its divisor; 0 where it has no days, since nothing is bought then.
fn rate(row: &Workload) -> u128 {
    match row.days_per_month() {
        Some(Days::ZERO) => 0,
        _ => u128::from(row.mean_rate().millionths()),
    }
}
