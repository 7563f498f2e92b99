//! What may be said to AWS besides its ten questions, where a person gave it (AWS's community template, 2025-02, revised
//! 2025-04).

use num_rational::BigRational;

use super::result::RequestReport;
use crate::engine::{QuotaPlan, QuotaTraffic};
use crate::minutes::Ranked;
use crate::report::words::{CaseTopic, CaseUse, language};
use crate::units::{Limit, MILLIONTHS};

/// Topics in the order in which they are said, each with its key in `[request]`.
pub(super) const TOPICS: [(CaseTopic, &str); 8] = [
    (CaseTopic::Retries, "retries"),
    (CaseTopic::Alarms, "monitoring"),
    (CaseTopic::Growth, "growth"),
    (CaseTopic::History, "history"),
    (CaseTopic::AppliedValue, "applied_limits"),
    (CaseTopic::AccountManager, "account_manager"),
    (CaseTopic::Billing, "billing"),
    (CaseTopic::PreviousProvider, "previous_provider"),
];

/// What was given about a quota.
pub(super) fn given(
    requesting: &RequestReport<'_>,
    quota: &QuotaPlan,
    shape: &QuotaTraffic<'_>,
) -> Vec<(CaseTopic, String)> {
    let answers = TOPICS.into_iter().filter_map(|(topic, key)| {
        let own = requesting.answer(key, quota);
        let text = match topic {
            CaseTopic::Growth => growth(requesting, own, shape)?,
            _ => own?.to_owned(),
        };
        Some((topic, text))
    });
    answers.collect()
}

/// The growth that a person states, and that of the rows.
fn growth(requesting: &RequestReport<'_>, own: Option<&str>, shape: &QuotaTraffic<'_>) -> Option<String> {
    let grows = shape.rows.iter().filter_map(|row| {
        let growth = row.growth_per_month().filter(|growth| growth.millionths() > 0)?;
        Some((row.name(), BigRational::new(growth.millionths().into(), MILLIONTHS.into())))
    });
    let mut rows: Vec<(&str, BigRational)> = Vec::new();
    for row in grows {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    (own.is_some() || !rows.is_empty())
        .then(|| language().growth(own, &rows, requesting.input.assumptions.months))
}

/// Measured use of a quota in a line; where there is none, the measured rates of its one row.
pub(super) fn measured(
    requesting: &RequestReport<'_>,
    quota: &QuotaPlan,
    shape: &QuotaTraffic<'_>,
) -> Option<String> {
    let Some((burn, ranked)) = requesting.ranked(quota) else {
        let [row] = shape.rows.as_slice() else { return None };
        let (p50, p90) = (row.p50_requests_per_minute()?, row.p90_requests_per_minute()?);
        return Some(language().measured_rates(p50, p90));
    };
    let applied = quota.granted_limit().and_then(Limit::amount);
    let ranks = |ranked: Ranked| [ranked.p50, ranked.p90, ranked.maximum];
    Some(language().measured(&CaseUse {
        span: (burn.first, burn.last),
        is_period_known: burn.is_period_known,
        tokens: quota.id.kind.counts_tokens().then(|| ranks(burn.settled)),
        requests: ranks(burn.requests),
        share: applied.and_then(|applied| ranked.share_of(applied)),
        throttled: burn.throttled_requests.zip(burn.throttled_minutes),
        minutes: burn.minutes,
    }))
}
