//! What a migration changes besides the quotas: rates and prices of one scope beside those of
//! another.

use num_integer::gcd;

use crate::catalog::{ChosenRate, Model, Price, Scope, ScopeEntry};
use crate::text::FactDate;
use crate::units::{Fact, Tokens, UsdPerMillion, words};

words! {
    /// A kind of token with a price of its own in the model table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum PriceKind {
        /// Input neither read from nor written to the cache.
        Input = "input",
        /// Output.
        Output = "output",
        /// Cache reads.
        CacheRead = "cache_read",
        /// Cache writes that live five minutes.
        CacheWrite5m = "cache_write_5m",
        /// Cache writes that live half an hour.
        CacheWrite30m = "cache_write_30m",
        /// Cache writes that live an hour.
        CacheWrite1h = "cache_write_1h",
    }
}

impl PriceKind {
    const fn price_in(self, price: &Price) -> Fact<UsdPerMillion> {
        match self {
            Self::Input => price.input,
            Self::Output => price.output,
            Self::CacheRead => price.cache_read,
            Self::CacheWrite5m => price.cache_write_5m,
            Self::CacheWrite30m => price.cache_write_30m,
            Self::CacheWrite1h => price.cache_write_1h,
        }
    }
}

/// A price before and after.
#[derive(Debug, Clone, Copy)]
pub struct PriceChange {
    /// The kind of token.
    pub kind: PriceKind,
    /// On the old model; absent where the table has no price at all.
    pub old: Fact<UsdPerMillion>,
    /// On the new model.
    pub new: Fact<UsdPerMillion>,
}

impl PriceChange {
    /// New over old as a fraction in lowest terms; `None` where either is not known or the old is 0.
    #[must_use]
    pub fn ratio(&self) -> Option<(u64, u64)> {
        let (old, new) = (self.old.known()?.millionths(), self.new.known()?.millionths());
        let common = gcd(old, new);
        (old > 0).then(|| (new / common, old / common))
    }
}

/// Prices up to a length of input at which either model has a boundary.
#[derive(Debug, Clone)]
pub struct PriceTier {
    /// Largest input covered; `None` for the last.
    pub up_to_input: Option<Tokens>,
    /// Each kind of token.
    pub prices: Vec<PriceChange>,
}

/// What changes between a scope of the old model and one of the new.
#[derive(Debug, Clone)]
pub struct ScopeChange {
    /// The old model's scope.
    pub from: Scope,
    /// The new model's scope.
    pub to: Scope,
    /// The burndown rate planned with on the old model.
    pub old_rate: ChosenRate,
    /// The same on the new model.
    pub new_rate: ChosenRate,
    /// Prices by length of input.
    pub tiers: Vec<PriceTier>,
}

/// Compares two models in their scopes.
pub(super) fn between(
    (old, new): (&Model, &Model),
    (from, to): (Scope, Scope),
    rates_as_of: Option<FactDate>,
) -> ScopeChange {
    let (old_entry, new_entry) = (old.scope(from), new.scope(to));
    let prices = |entry: Option<&ScopeEntry>| entry.map(|entry| entry.prices.clone()).unwrap_or_default();
    let (old_prices, new_prices) = (prices(old_entry), prices(new_entry));
    let mut bounds: Vec<Tokens> =
        old_prices.iter().chain(&new_prices).filter_map(|price| price.up_to_input).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let tier = |up_to_input: Option<Tokens>| {
        // Beyond every boundary the last tier holds.
        let price = |prices: &[Price]| {
            let holds = |price: &&Price| match (price.up_to_input, up_to_input) {
                (None, _) => true,
                (Some(limit), Some(input)) => input <= limit,
                (Some(_), None) => false,
            };
            prices.iter().find(holds).cloned()
        };
        let (old, new) = (price(&old_prices), price(&new_prices));
        let of = |price: &Option<Price>, kind: PriceKind| {
            price.as_ref().map_or(Fact::Absent, |price| kind.price_in(price))
        };
        let prices =
            PriceKind::ALL.map(|kind| PriceChange { kind, old: of(&old, kind), new: of(&new, kind) });
        // Few models have cache writes of half an hour.
        let is_shown = |price: &PriceChange| {
            price.kind != PriceKind::CacheWrite30m || (price.old, price.new) != (Fact::Absent, Fact::Absent)
        };
        PriceTier { up_to_input, prices: prices.into_iter().filter(is_shown).collect() }
    };
    ScopeChange {
        from,
        to,
        old_rate: old.rate_as_of(rates_as_of),
        new_rate: new.rate_as_of(rates_as_of),
        tiers: bounds.into_iter().map(Some).chain([None]).map(tier).collect(),
    }
}
