//! Numbers up to the largest that inputs may hold: agreement, or a refusal above 10^18.

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use proptest::prelude::*;

use super::arithmetic::{self as again, Demand, Terms, whole};
use super::{compare, daily};
use crate::properties::cases;
use crate::properties::facts::MODELS;
use crate::properties::rows::{Decimal, ONE, Row, Unit, csv, rows};
use crate::properties::settings::{Settings, settings, try_plan};
use crate::support::Refused;

/// Ten to a power, times a digit.
fn magnitude() -> impl Strategy<Value = Decimal> {
    (0_u32..=18, 1_u64..10)
        .prop_map(|(power, digit)| Decimal((digit * 10_u64.pow(power)).min(1_000_000_000_000 * ONE)))
}

/// Whether anything on the way to a plan passes 10^18.
fn passes(rows: &[Row], settings: &Settings) -> bool {
    let limit = Q::from(BigInt::from(10).pow(18));
    let pools = compare::pools(rows, settings);
    let of_pool = |pool: &compare::Pool<'_>| {
        let terms = Terms {
            rate: pool.facts.rate,
            reserve_cache_reads: settings.reserve_cache_reads,
            headroom: settings.headroom,
            // The deviation is on the way even where none of it is added.
            z: again::quantile(settings.confidence).max(1.0),
        };
        let most = |level: again::Level| {
            [level.formula, level.steady, level.required.unwrap_or(0)].into_iter().max()
        };
        let minute = most(again::tokens_per_minute(&pool.demands, &terms).0);
        let requests = most(again::requests_per_minute(&pool.demands, &terms).0);
        let (steady, peak, required) = again::tokens_per_day(&pool.demands, &terms);
        // Where one row's max_tokens is not known, neither is what is required; the others' level is still computed.
        let is_known = |demand: &&Demand| demand.reservation(settings.reserve_cache_reads).is_some();
        let known: Vec<Demand> = pool.demands.iter().filter(is_known).cloned().collect();
        let of_known = most(again::tokens_per_minute(&known, &terms).0);
        let figures = [minute.unwrap(), of_known.unwrap(), requests.unwrap(), steady, peak, required];
        let product = |demand: &Demand| {
            let reserved = demand.reservation(true).unwrap_or_else(|| whole(0));
            let tokens = demand.settled(terms.rate).max(reserved);
            demand.busiest.clone() * tokens.max(demand.dispersion.clone())
        };
        figures.into_iter().any(|figure| Q::from(BigInt::from(figure)) > limit)
            || pool.demands.iter().any(|demand| product(demand) > limit)
    };
    pools.iter().any(of_pool) || daily::largest(&pools) > limit
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn large_numbers_agree_or_are_refused(
        rows in rows(&MODELS, 1..=3), numbers in prop::collection::vec(magnitude(), 6), settings in settings(),
    ) {
        let mut rows = rows;
        for (row, numbers) in rows.iter_mut().zip(numbers.chunks(2)) {
            row.rate = numbers[0];
            (row.unit, row.calls, row.factor) = (Unit::Minute, None, None);
            row.peak = row.peak.map(|_| row.rate);
            // Bunching at an assumed latency is refused earlier than it need be.
            let bunched = row.dispersion.filter(|_| row.latency.is_some());
            row.dispersion = bunched.map(|_| numbers[1].max(Decimal(ONE)));
            if row.model.maximum.is_none() {
                row.max_tokens = row.max_tokens.map(|max| max.max(numbers[1].0 / ONE));
            }
        }
        match try_plan(csv(&rows).as_bytes(), &settings) {
            Ok(planned) => compare::compare(&rows, &settings, &planned),
            Err(Refused::TooLarge(_)) => prop_assert!(passes(&rows, &settings), "nothing is too large"),
            Err(refused) => panic!("{refused:?}"),
        }
    }
}
