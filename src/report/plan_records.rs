//! Quotas as flat records, one a line, for spreadsheets.

use super::Records;
use super::plan::capacity_word;
use super::plan_simulated::{self, SimulatedQuotas};
use crate::engine::{Plan, PlanInput, QuotaPlan};
use crate::units::{Limit, QuotaAmount, Utilisation};

/// The columns of a quota.
pub(super) const COLUMNS: [&str; 29] = [
    "account",
    "model",
    "scope",
    "kind",
    "code",
    "name",
    "adjustable",
    "steady",
    "peak",
    "in_flight",
    "burst",
    "formula",
    "required",
    "granted",
    "default",
    "capacity_source",
    "utilisation",
    "verdict",
    "action",
    "ask",
    "tight_max_tokens",
    "lean_required",
    "lean_ask",
    "fitting_max_tokens",
    "binding_period",
    "binding_hour",
    "burndown_rate",
    "burndown_status",
    "restore_to",
];

/// A quota under these columns.
pub(super) fn record(input: &PlanInput<'_>, quota: &QuotaPlan) -> Vec<String> {
    let number = |value: Option<QuotaAmount>| value.map(|value| value.get().to_string()).unwrap_or_default();
    let limit = |value: Option<Limit>| match value {
        None => String::new(),
        Some(Limit::Unlimited) => "unlimited".to_owned(),
        Some(Limit::Amount(amount)) => amount.get().to_string(),
    };
    let figures = &quota.figures;
    let slot = figures.required.map(|_| figures.slot);
    let entry = quota.entry.as_ref();
    vec![
        quota.id.account.clone().unwrap_or_default(),
        input.catalog.model(quota.id.model).id.clone(),
        quota.id.scope.to_string(),
        quota.id.kind.as_str().to_owned(),
        quota.code().unwrap_or_default().to_owned(),
        entry.and_then(|e| e.name.clone().known()).unwrap_or_default(),
        entry.and_then(|e| e.adjustable.known()).map(|yes| yes.to_string()).unwrap_or_default(),
        figures.steady.get().to_string(),
        figures.peak.get().to_string(),
        number(figures.in_flight),
        number(figures.burst),
        number(figures.formula),
        number(figures.required),
        limit(quota.granted_limit()),
        limit(quota.default_limit()),
        quota.capacity_source.map(capacity_word).unwrap_or_default().to_owned(),
        quota
            .utilisation
            .map(Utilisation::ten_thousandths)
            .map(|value| format!("{}.{:04}", value / 10_000, value % 10_000))
            .unwrap_or_default(),
        quota.verdict.as_str().to_owned(),
        quota.action.as_str().to_owned(),
        number(quota.ask),
        quota.tight_max_tokens.map(|t| (t.millionths() / 1_000_000).to_string()).unwrap_or_default(),
        number(quota.lean_required),
        number(quota.lean_ask),
        quota.fitting_max_tokens.map(|cap| cap.to_string()).unwrap_or_default(),
        slot.and_then(|s| s.period).map(|p| input.workloads.text(p).to_owned()).unwrap_or_default(),
        slot.and_then(|s| s.hour).map(|hour| hour.to_string()).unwrap_or_default(),
        quota.rate.rate.quota_tokens_per_output_token().to_string(),
        quota.rate.status.as_str().to_owned(),
        limit(quota.restore_to),
    ]
}

/// All quotas of a plan, with what was simulated for them.
pub(super) fn records(input: &PlanInput<'_>, plan: &Plan, simulated: Option<&SimulatedQuotas>) -> Records {
    let mut columns = COLUMNS.to_vec();
    columns.extend(simulated.iter().flat_map(|_| plan_simulated::COLUMNS));
    let rows = plan.quotas.iter().enumerate().map(|(index, quota)| {
        let mut cells = record(input, quota);
        cells.extend(simulated.iter().flat_map(|simulated| simulated.record(index)));
        cells
    });
    Records { columns, rows: rows.collect() }
}
