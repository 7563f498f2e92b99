//! More of anything that is asked for never lowers a figure.

use proptest::prelude::*;
use quotaplan::engine::Figures;
use quotaplan::units::QuotaAmount;

use super::cases;
use super::facts::{Kind, SHORT};
use super::rows::{Decimal, ONE, Row, csv, number, row, rows};
use super::settings::{Settings, plan, settings};
use super::summary::key;
use crate::support::Planned;

/// What there is more of.
#[derive(Debug, Clone)]
enum More {
    Rate(Decimal),
    Peak(Decimal),
    Input(Decimal, u64),
    CacheRead(Decimal),
    CacheWrite(Decimal),
    Output(Decimal, u64),
    MaxTokens(u64),
    Latency(Decimal),
    Dispersion(Decimal),
    Months(u32),
    Row(Box<Row>),
}

fn more() -> impl Strategy<Value = More> {
    prop_oneof![
        number(100).prop_map(More::Rate),
        number(100).prop_map(More::Peak),
        (number(5_000), 2_u64..=4).prop_map(|(by, times)| More::Input(by, times)),
        number(5_000).prop_map(More::CacheRead),
        number(5_000).prop_map(More::CacheWrite),
        (number(2_000), 2_u64..=4).prop_map(|(by, times)| More::Output(by, times)),
        (1_u64..40_000).prop_map(More::MaxTokens),
        number(60).prop_map(More::Latency),
        number(5).prop_map(More::Dispersion),
        (0_u32..=12).prop_map(More::Months),
        row(&SHORT).prop_map(|row| More::Row(Box::new(row))),
    ]
}

/// More of a mean: by an amount, or with its p95 by a factor, which keeps the form of the spread.
fn larger(mean: &mut Decimal, p95: &mut Option<Decimal>, by: Decimal, times: u64) {
    match p95 {
        Some(p95) => {
            mean.0 *= times;
            p95.0 *= times;
        }
        None => mean.0 += by.0,
    }
}

/// Changes one row, or what all share; the result is valid where the rows were.
fn apply(more: &More, rows: &mut Vec<Row>, at: usize, settings: &mut Settings) {
    let row = &mut rows[at];
    let maximum = row.model.maximum.unwrap_or(1_000_000);
    match more {
        More::Rate(by) => {
            row.rate.0 += by.0;
            row.peak = row.peak.map(|peak| peak.max(row.rate));
        }
        // Where a row states none, its peak may already be above the mean.
        More::Peak(by) => row.peak = row.peak.map(|peak| Decimal(peak.0 + by.0)),
        More::Input(by, times) => larger(&mut row.input, &mut row.input_p95, *by, *times),
        More::CacheRead(by) => row.cache_read.0 += by.0,
        More::CacheWrite(by) => row.cache_write.0 += by.0,
        More::Output(by, times) if row.model.kind == Kind::Text => {
            larger(&mut row.output, &mut row.output_p95, *by, *times);
            let least = row.output.0.div_ceil(ONE);
            row.max_tokens = row.max_tokens.map(|max| max.max(least));
        }
        More::Output(..) => {}
        More::MaxTokens(by) => row.max_tokens = row.max_tokens.map(|max| (max + by).min(maximum)),
        More::Latency(by) => row.latency = row.latency.map(|latency| Decimal(latency.0 + by.0)),
        More::Dispersion(by) => {
            let before = row.dispersion.map_or(ONE, |d| d.0);
            row.dispersion = Some(Decimal(before + by.0));
        }
        More::Months(by) => settings.months += by,
        More::Row(new) => rows.push(Row { name: "more".to_owned(), ..Row::clone(new) }),
    }
}

/// The figures in the order of `guide/sizing.md`.
fn six(figures: &Figures) -> [Option<u64>; 6] {
    let known = |amount: Option<QuotaAmount>| amount.map(QuotaAmount::get);
    [
        Some(figures.steady.get()),
        Some(figures.peak.get()),
        known(figures.in_flight),
        known(figures.burst),
        known(figures.formula),
        known(figures.required),
    ]
}

fn assert_none_lower(before: &Planned, after: &Planned) {
    for quota in &before.plan.quotas {
        let own = key(before, quota);
        let then = after.plan.quotas.iter().find(|other| key(after, other) == own);
        let then = then.expect("the same quotas");
        for (index, (old, new)) in six(&quota.figures).into_iter().zip(six(&then.figures)).enumerate() {
            // A new row may make a figure unknown.
            if let (Some(old), Some(new)) = (old, new) {
                assert!(old <= new, "figure {index} of {own:?} falls from {old} to {new}");
            }
        }
    }
    for (old, new) in before.plan.account_daily.iter().zip(&after.plan.account_daily) {
        if old.account == new.account {
            assert!(old.settled <= new.settled && old.billed <= new.billed);
        }
    }
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn more_demand_never_lowers_a_figure(
        rows in rows(&SHORT, 1..=3), at in any::<prop::sample::Index>(), more in more(), settings in settings(),
    ) {
        let before = plan(&csv(&rows), &settings);
        let (mut rows, mut settings) = (rows, settings);
        let at = at.index(rows.len());
        apply(&more, &mut rows, at, &mut settings);
        assert_none_lower(&before, &plan(&csv(&rows), &settings));
    }
}
