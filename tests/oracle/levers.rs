//! The levers of a quota a second time.

use num_rational::BigRational as Q;
use quotaplan::engine::LeverKind;

use super::arithmetic::{self as again, Demand, Terms, whole};
use super::compare::{Comparison, get, near, slack};

/// Each lever's figure, that none is left out which frees something, and their order.
pub(crate) fn compare(of: &Comparison<'_>, terms: &Terms) {
    let (facts, demands) = (&of.pool.facts, &of.pool.demands);
    let required_of = |change: &dyn Fn(&Demand) -> Demand| {
        let changed: Vec<Demand> = demands.iter().map(change).collect();
        again::tokens_per_minute(&changed, terms).0.required
    };
    let half = |value: &Q| value / whole(2);
    let mut wanted = vec![
        (LeverKind::MaxTokens, get(of.quota.lean_required)),
        (LeverKind::Spread, required_of(&|d| d.at_rates(d.mean.clone(), d.mean.clone()))),
    ];
    if facts.cached && !of.pool.long {
        wanted.push((LeverKind::Caching, required_of(&Demand::half_cached)));
    }
    if facts.split {
        wanted.push((LeverKind::Split, required_of(&|d| d.at_rates(half(&d.mean), half(&d.busiest)))));
    }
    let required = get(of.quota.figures.required);
    let levers = of.planned.plan.levers(&of.planned.input(), of.quota);
    for (kind, left) in wanted {
        let found = levers.iter().find(|lever| lever.kind == kind).map(|lever| get(lever.required));
        match (found, left) {
            (Some(found), left) => near(found, left, kind.as_str()),
            (None, None) => {}
            (None, Some(left)) => {
                // Near the largest figure there is, a lever may have none of its own.
                let is_near_the_end = required.is_some_and(|required| required > 10_u128.pow(16));
                if kind != LeverKind::MaxTokens && is_near_the_end {
                    continue;
                }
                let frees = required.is_none_or(|required| left + slack(required) < required);
                assert!(!frees, "{} frees something: {left} for {required:?}", kind.as_str());
            }
        }
    }
    let known = levers.iter().filter(|lever| lever.kind != LeverKind::Batch);
    assert!(known.clone().all(|lever| lever.required.is_some()));
    assert!(known.is_sorted_by_key(|lever| lever.required), "ranked");
    let batch = levers.iter().position(|lever| lever.kind == LeverKind::Batch);
    assert_eq!(batch, facts.batch.then(|| levers.len() - 1), "batch is named last");
}
