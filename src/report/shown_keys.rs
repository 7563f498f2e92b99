//! Which JSON keys have a column in CSV, over all documents whose CSV is read off their types.

use super::check::json::FINDING;
use super::columns::{Columns, PartColumn};
use super::compare::json::COMPARED;
use super::models::{FACT, TABLE_CHANGE};
use super::plan::json::QUOTA;
use super::plan::simulated::SIMULATED;
use super::policy::POLICY_FINDING;
use super::quotas::QUOTA_CHANGE;
use super::request::REQUEST_STATUS;
use super::sample::EXPECTED;

/// The JSON keys that CSV shows, as paths behind the name of the document's schema: `plan quotas[].required`.
#[must_use]
pub fn keys_with_a_column() -> Vec<String> {
    let quotas = QUOTA.iter().map(|column| column.key.to_owned());
    let simulated = SIMULATED.iter().map(|column| format!("simulated.{}", column.key));
    let mut keys: Vec<String> = quotas.chain(simulated).map(|key| format!("plan quotas[].{key}")).collect();
    keys.extend(under("check findings[]", FINDING));
    keys.extend(under("models-check facts[]", FACT));
    keys.extend(under("models-update changes[]", TABLE_CHANGE));
    keys.extend(under("iam-lint findings[]", POLICY_FINDING));
    keys.extend(under("request-verify findings[]", POLICY_FINDING));
    keys.extend(under("sample-rate expected[]", EXPECTED));
    keys.extend(under("quotas-diff changes[]", QUOTA_CHANGE));
    // The parts of a record, each with the path of what it is in JSON.
    let request = [
        ("request.", "request-status requests[]."),
        ("entry?.", "request-status requests[].history[]."),
        ("status", "request-status requests[].history[].status"),
    ];
    keys.extend(of_parts(REQUEST_STATUS, &request));
    let compared = [
        ("row.compliant_models", "compare workloads[].compliant_models[].model"),
        ("scope.destinations", "compare workloads[].scopes[].destinations[]"),
        ("row.", "compare workloads[]."),
        ("scope.", "compare workloads[].scopes[]."),
        ("quota?.", "compare workloads[].scopes[].quotas[]."),
        ("assigned?.proven", "compare optimum.groups[].proven"),
        ("assigned?.", "compare optimum.decisions[]."),
    ];
    keys.extend(of_parts(COMPARED, &compared));
    keys.push("compare workloads[].compliant_models[].scopes[]".to_owned());
    keys
}

fn under<T>(path: &str, columns: Columns<T>) -> impl Iterator<Item = String> {
    columns.iter().map(move |column| format!("{path}.{}", column.key))
}

fn of_parts<'a>(columns: &'a [PartColumn], paths: &'a [(&str, &str)]) -> impl Iterator<Item = String> + 'a {
    columns.iter().map(|(_, key)| {
        let path = paths.iter().find_map(|(part, path)| Some(format!("{path}{}", key.strip_prefix(part)?)));
        path.unwrap_or_else(|| (*key).to_owned())
    })
}
