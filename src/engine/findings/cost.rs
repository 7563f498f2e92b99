//! Findings about money.

use super::{Collector, Tally, rows_have};
use crate::engine::cost::{MissingPrice, TokenKind};
use crate::text::Code;
use crate::workload::Column;

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
    let help = "add the price with --models once you know it: the tables model.scope.SCOPE.price";
    let at = Tally { count: unpriced.rows, first: unpriced.first }.at(Column::Model);
    let quota = collector.plan.quotas.iter().position(|quota| quota.pool == missing.pool);
    collector.add(Code::UnknownPrice, quota, at, message, help);
}
