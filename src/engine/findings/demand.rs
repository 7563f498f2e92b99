//! Findings about how much is requested: no busiest minute, no request at all, or far too much.

use super::collector::{At, Collector, RowFacts};
use crate::engine::finding::FindingFact;
use crate::engine::quota_action::Verdict;
use crate::engine::result::QuotaPlan;
use crate::units::Limit;
use crate::workload::Column;

/// Multiples of the default above which the units are doubted.
const FAR: u128 = 10;

/// Rows whose busiest minute nobody states, and rows without any request.
pub(super) fn add(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let of = facts.all.count;
    if facts.no_demand.count > 0 {
        let at = facts.no_demand.at(facts.no_demand_column.unwrap_or(Column::RequestsPerMinute));
        c.add(FindingFact::NoDemand { rows: facts.no_demand.count, of }, Some(index), at);
    }
    if facts.assumed_peak.count == 0 || c.input.assumptions.config.peak_factor.is_some() {
        return;
    }
    let resting = c.quotas_of(plan.pool).filter(|(_, other)| !other.assumed_peak.is_empty());
    let quotas = resting.map(|(index, _)| index).collect();
    let at = facts.assumed_peak.at(facts.assumed_peak_column.unwrap_or(Column::RequestsPerMinute));
    c.add(FindingFact::AssumedPeak { rows: facts.assumed_peak.count, of, quotas }, Some(index), at);
}

/// A quota that needs many times its default: a wrong unit is more likely than such a demand.
pub(super) fn far_above_default(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan) {
    let (Some(required), Some(Limit::Amount(default))) = (plan.figures.required, plan.default_limit()) else {
        return;
    };
    let is_far = u128::from(required.get()) > FAR * u128::from(default.get()) && default.get() > 0;
    if is_far && plan.verdict != Verdict::Fits {
        let at = At { place: c.plan.largest_cell(c.input, plan), rows: 0, detail: None };
        c.add(FindingFact::FarAboveDefault { required, default, times: FAR }, Some(index), at);
    }
}
