//! `iam/`: what `quotaplan iam` gives for the models that are asked for.

use std::collections::BTreeMap;

use crate::catalog::{ModelIndex, Scope};
use crate::iam::{self, Account, Grant, Request};
use crate::render::RenderError;
use crate::report::RequestReport;
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
            Err(fault) => {
                let (message, help) = fault.words(&model.name, scope);
                notes.push(format!("Not written: {message}; {help}."));
            }
        }
    }
    let account = account_id.and_then(Account::parse);
    let profiles = grants.iter().any(|grant| grant.scope != Scope::InRegion);
    if account.is_none() && profiles {
        notes.push(format!(
            "{} stands for your account in identity.json: give it with --account-id.",
            Account::PLACEHOLDER
        ));
    }
    if grants.iter().any(Grant::is_application_profile) {
        notes.push(
            "AWS publishes no policy for an application inference profile: its ARN stands where that of the \
             system-defined profile does."
                .to_owned(),
        );
    }
    let mut files = Vec::new();
    if !grants.is_empty() {
        let request = Request { grants, account, streaming: true, count_tokens: None, get_profile: false };
        let documents = [
            ("iam/identity.json", iam::identity(&request)),
            ("iam/scp-allow.json", iam::allow_only(&request)),
            ("iam/scp-regions.json", iam::approved_regions(&request)),
        ];
        for (path, policy) in documents {
            files.push((path, policy.to_json()?));
        }
        notes.push(
            "identity.json is for a role that calls the models; scp-allow.json denies an organisation every other \
             model; scp-regions.json is AWS's SCP of approved Regions, which as published denies every service \
             outside them, such as IAM in us-east-1: take its Regions into your own list. `quotaplan iam lint` checks \
             what you make of them."
                .to_owned(),
        );
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
