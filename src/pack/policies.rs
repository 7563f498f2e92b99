//! `iam/`: what `quotaplan iam` gives for the models that are asked for.

use std::collections::BTreeMap;

use crate::catalog::{ModelIndex, Scope};
use crate::iam::{self, Account, Grant, Request};
use crate::render::RenderError;
use crate::report::RequestReport;
use crate::report::words::{PolicyRemark, language};
use crate::workload::Column;

/// The documents, and what the reader of them has to know.
pub(super) fn files(
    requesting: &RequestReport<'_>,
    account_id: Option<&str>,
) -> Result<Vec<(&'static str, String)>, RenderError> {
    let mut grants = Vec::new();
    let mut notes = Vec::new();
    for (model, scope, application) in called(requesting) {
        let model = requesting.input.catalog.model(model);
        match Grant::new(model, scope, application.as_deref()) {
            Ok(grant) => grants.push(grant),
            Err(fault) => notes.push(language().policy_not_written(&fault, &model.name, scope)),
        }
    }
    let account = account_id.and_then(Account::parse);
    let through_profiles = grants.iter().any(|grant| grant.scope != Scope::InRegion);
    let is_written = !grants.is_empty();
    let remarks = [
        (account.is_none() && through_profiles).then_some(PolicyRemark::Placeholder("--account-id")),
        grants.iter().any(Grant::is_application_profile).then_some(PolicyRemark::ApplicationProfile),
        is_written.then_some(PolicyRemark::Documents),
        is_written.then_some(PolicyRemark::ApprovedRegions),
    ];
    notes.extend(remarks.into_iter().flatten().map(|remark| language().policy_note(remark)));
    let mut files = Vec::new();
    if is_written {
        let request = Request { grants, account, streaming: true, count_tokens: None, get_profile: false };
        let documents = [
            ("iam/identity.json", iam::identity(&request)),
            ("iam/scp-allow.json", iam::allow_only(&request)),
            ("iam/scp-regions.json", iam::approved_regions(&request)),
        ];
        for (path, policy) in documents {
            files.push((path, policy.to_json()?));
        }
    }
    files.push(("iam/NOTES.md", notes.iter().map(|note| format!("- {note}\n")).collect()));
    Ok(files)
}

/// Models and scopes that are asked for, with the application inference profiles that rows name.
fn called(requesting: &RequestReport<'_>) -> Vec<(ModelIndex, Scope, Option<String>)> {
    let set = requesting.input.workloads;
    let mut called = BTreeMap::new();
    for requested in requesting.requested() {
        for index in requested.rows {
            let Some(row) = set.rows().get(*index as usize) else { continue };
            let cell = set.cell(requesting.sources, row, Column::Model).unwrap_or_else(|| set.start(row));
            let application = iam::application_profile(requesting.sources.text(cell)).map(str::to_owned);
            called.insert((row.model(), row.scope(), application), ());
        }
    }
    called.into_keys().collect()
}
