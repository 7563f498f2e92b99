//! Findings about the plan as a whole.

use super::collector::{At, Collector, RowFacts, RowTally};
use crate::engine::daily::AccountDaily;
use crate::engine::finding::{DailyExceeded, FindingFact, FindingPlace};
use crate::units::{Limit, QuotaAmount};
use crate::workload::Column;

/// Adds the findings that are about no single quota.
pub(super) fn add(collector: &mut Collector<'_, '_>, facts: &[RowFacts]) {
    for (index, daily) in collector.plan.account_daily.iter().enumerate() {
        account_daily(collector, index, daily);
        not_provisioned(collector, daily);
    }
    applied_not_given(collector);
    let mut hours = RowTally::default();
    let mut all = 0;
    for facts in facts {
        all += facts.all.count;
        hours.count += facts.no_hours.count;
        hours.first = hours.first.into_iter().chain(facts.no_hours.first).min();
    }
    if hours.count > 0 {
        let fact = FindingFact::HoursNotStated { rows: hours.count, of: all };
        collector.add(fact, None, hours.at(Column::ActiveHours));
    }
}

/// An account's quota is found where it is stated.
fn at(daily: &AccountDaily) -> At {
    let place = daily.granted.as_ref().map(|granted| FindingPlace::Key(granted.span));
    At { place, rows: 0, detail: daily.account.clone() }
}

fn account_daily(collector: &mut Collector<'_, '_>, index: usize, daily: &AccountDaily) {
    if daily.hour_settled_tenths.is_none() && daily.hour_billed_tenths.is_none() {
        return;
    }
    let Some(Limit::Amount(limit)) = daily.capacity() else {
        return;
    };
    let fact = FindingFact::AccountDaily(DailyExceeded {
        index,
        limit,
        is_applied: daily.granted_limit().is_some(),
        restored_to: daily.restored_to(),
        least: daily.larger().rounded_up_to_two_digits(),
    });
    collector.add(fact, None, at(daily));
}

fn not_provisioned(collector: &mut Collector<'_, '_>, daily: &AccountDaily) {
    if daily.granted_limit() == Some(Limit::Amount(QuotaAmount::default())) {
        let fact = FindingFact::AccountNotProvisioned { account: daily.account.clone() };
        collector.add(fact, None, at(daily));
    }
}

fn applied_not_given(collector: &mut Collector<'_, '_>) {
    let quotas = &collector.plan.quotas;
    let missing = quotas.iter().filter(|quota| quota.granted_limit().is_none());
    let codes: Vec<String> = missing.filter_map(|quota| quota.code().map(str::to_owned)).collect();
    if !codes.is_empty() {
        let fact = FindingFact::AppliedNotGiven { codes, of: quotas.len() };
        collector.add(fact, None, At::default());
    }
}
