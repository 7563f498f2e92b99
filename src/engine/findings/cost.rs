//! Findings about money.

use super::{Collector, Tally, rows_have};
use crate::engine::cost::{MissingPrice, TokenKind};
use crate::engine::pool::Pool;
use crate::text::Code;
use crate::workload::{CacheTtl, Column};

/// The words for kinds of token.
fn words(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Input => "input",
        TokenKind::CacheRead => "cache reads",
        TokenKind::CacheWrite => "cache writes",
        TokenKind::Output => "output",
        TokenKind::Query => "queries",
    }
}

/// What to say where rows state a life of cache writes that the model does not have, what to do, and the
/// first such row.
fn without_life(
    collector: &Collector<'_, '_>,
    pool: &Pool,
    missing: &MissingPrice,
) -> Option<(String, String, u32)> {
    let stated = CacheTtl::ALL.into_iter().zip(missing.unpriced.without_life);
    let stated: Vec<(CacheTtl, u32)> =
        stated.filter_map(|(life, first)| first.map(|first| (life, first))).collect();
    let first = stated.iter().map(|(_, first)| *first).min()?;
    let model = collector.input.catalog.model(pool.model);
    let stated = stated.iter().map(|(life, _)| life.as_str()).collect::<Vec<_>>().join(" or ");
    let why = format!("the model has no cache writes that live {stated}");
    let help = format!(
        "leave cache_ttl empty, or write a life that the model has: `quotaplan models show {}` has their prices",
        model.id
    );
    Some((why, help, first))
}

/// A pool whose rows need a price the table does not know.
pub(super) fn unknown_price(collector: &mut Collector<'_, '_>, missing: &MissingPrice) {
    let Some(pool) = collector.plan.pools.get(missing.pool) else {
        return;
    };
    let unpriced = missing.unpriced;
    let model = collector.input.catalog.model(pool.model);
    let kinds = TokenKind::ALL.into_iter().zip(unpriced.kinds);
    let kinds: Vec<&str> = kinds.filter(|(_, missing)| *missing).map(|(kind, _)| words(kind)).collect();
    let message = format!(
        "{} {}: {} {} whose price is not known ({}), so the monthly cost is not known either",
        model.name,
        pool.scope,
        rows_have(unpriced.rows),
        if kinds == ["queries"] { "requests" } else { "tokens" },
        kinds.join(", ")
    );
    let at = Tally { count: unpriced.rows, first: unpriced.first };
    let (message, help, at) = match without_life(collector, pool, missing) {
        Some((why, help, first)) => {
            (format!("{message}; {why}"), help, Tally { first: Some(first), ..at }.at(Column::CacheTtl))
        }
        None => {
            let help = "add the price with --models once you know it: the tables model.scope.SCOPE.price";
            (message, help.to_owned(), at.at(Column::Model))
        }
    };
    let quota = collector.quotas_of(missing.pool).next().map(|(index, _)| index);
    collector.add(Code::UnknownPrice, quota, at, message, help);
}
