//! The comparison as flat records, one for each row and scope.

use super::compare_optimum as optimum;
use super::comparing::{Comparing, hundredths, landing, signed_plain};
use super::plan::capacity_word;
use crate::catalog::{Destinations, Residency};
use crate::engine::{Headroom, InScope, RowScopes, Saving, ScopeQuota};
use crate::units::{Limit, UsdCents};

/// The columns of a row in a scope; the file comes last, where there are several.
pub(super) fn columns(all: &Comparing<'_>) -> Vec<&'static str> {
    let file = (all.input.workloads.names().len() > 1).then_some("file");
    COLUMNS.into_iter().chain(file).collect()
}

const COLUMNS: [&str; 23] = [
    "workload",
    "period",
    "account",
    "line",
    "model",
    "scope",
    "present",
    "kind",
    "code",
    "required",
    "limit",
    "limit_source",
    "headroom",
    "monthly_usd",
    "saving_usd",
    "saving_percent",
    "destinations",
    "residency",
    "residency_verdict",
    "assigned_scope",
    "assigned_why",
    "assigned_proven",
    "compliant_models",
];

/// The records of a row of the file.
pub(super) fn of_row(all: &Comparing<'_>, compared: &RowScopes<'_>) -> Vec<Vec<String>> {
    let Some(row) = all.row(compared.row) else { return Vec::new() };
    let model = all.input.catalog.model(row.model());
    let text = |symbol| all.input.workloads.text(symbol).to_owned();
    let place = all.input.workloads.row_line(all.sources, row);
    let account = row.account().map(text).or_else(|| all.input.assumptions.config.account.clone());
    let of_scope = |scope: &InScope<'_>| {
        let quota = landing(scope);
        let limit = quota.and_then(|quota| quota.limit).map(|limit| match limit {
            Limit::Unlimited => "unlimited".to_owned(),
            Limit::Amount(amount) => amount.get().to_string(),
        });
        let headroom = quota.map(|quota| match quota.headroom() {
            Headroom::Unknown => String::new(),
            Headroom::Unlimited => "unlimited".to_owned(),
            Headroom::Left(left) => left.to_string(),
        });
        let destinations = match model.scope(scope.scope).map(|entry| &entry.destinations) {
            Some(Destinations::Regions(regions)) => regions.join(" "),
            Some(Destinations::AllCommercial) => Destinations::ALL_COMMERCIAL.to_owned(),
            _ => "unknown".to_owned(),
        };
        let mut record = vec![
            row.name().to_owned(),
            row.period().map(text).unwrap_or_default(),
            account.clone().unwrap_or_default(),
            place.line.to_string(),
            model.id.clone(),
            scope.scope.to_string(),
            scope.present.to_string(),
            quota.map(|quota| quota.kind.as_str().to_owned()).unwrap_or_default(),
            quota.and_then(ScopeQuota::code).unwrap_or_default().to_owned(),
            quota.and_then(|q| q.required).map(|required| required.get().to_string()).unwrap_or_default(),
            limit.unwrap_or_default(),
            quota.and_then(|q| q.limit_source).map(capacity_word).unwrap_or_default().to_owned(),
            headroom.unwrap_or_default(),
            scope.cost.usd().map(UsdCents::plain).unwrap_or_default(),
            scope.saving.as_ref().and_then(Saving::cents).map(signed_plain).unwrap_or_default(),
            scope
                .saving
                .as_ref()
                .and_then(Saving::hundredths_of_a_percent)
                .map(hundredths)
                .unwrap_or_default(),
            destinations,
            row.residency().map(Residency::as_str).unwrap_or_default().to_owned(),
            scope.residency.as_str().to_owned(),
        ];
        record.extend(optimum::record(all, compared.row));
        let compliant = compared.compliant.iter().flat_map(|one| {
            let id = &all.input.catalog.model(one.model).id;
            one.scopes.iter().map(move |scope| format!("{id}/{scope}"))
        });
        record.push(compliant.collect::<Vec<_>>().join(" "));
        record.extend(place.file.map(str::to_owned));
        record
    };
    compared.scopes.iter().map(of_scope).collect()
}
