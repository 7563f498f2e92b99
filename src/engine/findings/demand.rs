//! Findings about how much is requested: no busiest minute, no request at all, or far too much.

use super::{At, Collector, RowFacts};
use crate::engine::action::Verdict;
use crate::engine::result::QuotaPlan;
use crate::text::Code;
use crate::units::{Limit, QuotaAmount};
use crate::workload::Column;

/// Rows whose busiest minute nobody states, and rows without any request.
pub(super) fn add(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    subject: &str,
    facts: &RowFacts,
) {
    let all = facts.all.count;
    if facts.no_demand.count > 0 {
        let message = if facts.no_demand.count == all {
            format!("{subject}: no demand: every row has a request rate of 0, so 0 is required")
        } else {
            let verb = if facts.no_demand.count == 1 { "has" } else { "have" };
            format!(
                "{subject}: {} of {all} rows {verb} a request rate of 0 and no demand",
                facts.no_demand.count
            )
        };
        let help = "write the rate, or delete the row";
        let at = facts.no_demand.at(facts.no_demand_column.unwrap_or(Column::RequestsPerMinute));
        c.add(Code::NoDemand, Some(index), at, message, help);
    }
    if facts.assumed_peak.count == 0 || c.input.assumptions.peak_factor_stated {
        return;
    }
    let figures =
        c.quotas_of(plan.pool).map(|(_, other)| other).filter(|other| !other.assumed_peak.is_empty());
    let figures = figures.map(|quota| {
        let unit = if quota.id.kind.counts_tokens() { "tokens" } else { "requests" };
        let known = |required: Option<QuotaAmount>| {
            required.map_or_else(|| "unknown".to_owned(), |required| required.to_string())
        };
        let then = quota.assumed_peak.iter();
        let then = then.map(|peak| format!("{} at {} times the mean", known(peak.required), peak.times_mean));
        let then: Vec<String> = then.collect();
        format!("{} {unit} a minute required ({})", known(quota.figures.required), then.join(", "))
    });
    let figures: Vec<String> = figures.collect();
    let rows = if facts.assumed_peak.count == all && all == 1 {
        "the row states no busiest minute".to_owned()
    } else {
        let verb = if facts.assumed_peak.count == 1 { "states" } else { "state" };
        format!("{} of {all} rows {verb} no busiest minute", facts.assumed_peak.count)
    };
    let message = format!("{subject}: {rows}, so the mean is taken for it: {}", figures.join(" and "));
    let help = "fill peak_requests_per_minute or peak_factor, or set peak_factor in the configuration";
    let at = facts.assumed_peak.at(facts.assumed_peak_column.unwrap_or(Column::RequestsPerMinute));
    c.add(Code::AssumedPeak, Some(index), at, message, help);
}

/// A quota that needs many times its default: a wrong unit is more likely than such a demand.
pub(super) fn far_above_default(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan) {
    let (Some(required), Some(Limit::Amount(default))) = (plan.figures.required, plan.default_limit()) else {
        return;
    };
    let far = u128::from(required.get()) > FAR * u128::from(default.get()) && default.get() > 0;
    if !far || plan.verdict == Verdict::Fits {
        return;
    }
    let message = format!(
        "{}: {required} required, more than {FAR} times AWS's default of {default}",
        plan.title(c.input.catalog)
    );
    let help = "check the units: requests_per_minute is a rate a minute (a rate a day goes into requests_per_day), \
                tokens are those of one request";
    let at = At { place: c.plan.largest_cell(c.input, plan), rows: 0, detail: None };
    c.add(Code::FarAboveDefault, Some(index), at, message, help);
}

/// Multiples of the default above which the units are doubted.
const FAR: u128 = 10;
