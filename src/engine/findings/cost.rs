//! Findings about money.

use super::collector::{Collector, RowTally};
use crate::engine::cost::{MissingPrice, TokenKind};
use crate::engine::finding::FindingFact;
use crate::workload::{CacheTtl, Column};

/// A pool whose rows need a price the table does not know.
pub(super) fn unknown_price(collector: &mut Collector<'_, '_>, missing: &MissingPrice) {
    let Some(pool) = collector.plan.pools.get(missing.pool) else {
        return;
    };
    let unpriced = missing.unpriced;
    let kinds = TokenKind::ALL.into_iter().zip(unpriced.kinds);
    // Rows that state a life of cache writes which the model does not have, and the first of them.
    let lives = CacheTtl::ALL.into_iter().zip(unpriced.without_life);
    let lives: Vec<(CacheTtl, u32)> = lives.filter_map(|(life, row)| row.map(|row| (life, row))).collect();
    let rows = RowTally { count: unpriced.rows, first: unpriced.first };
    let at = match lives.iter().map(|(_, row)| *row).min() {
        Some(first) => RowTally { first: Some(first), ..rows }.at(Column::CacheTtl),
        None => rows.at(Column::Model),
    };
    let fact = FindingFact::UnknownPrice {
        model: pool.model,
        scope: pool.scope,
        rows: unpriced.rows,
        kinds: kinds.filter(|(_, is_missing)| *is_missing).map(|(kind, _)| kind).collect(),
        without_life: lives.into_iter().map(|(life, _)| life).collect(),
    };
    let quota = collector.quotas_of(missing.pool).next().map(|(index, _)| index);
    collector.add(fact, quota, at);
}
