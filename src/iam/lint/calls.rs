//! The calls that a policy is held against: which models in which scopes, and what Bedrock has authorised
//! for each.

use super::document::{Statement, Text};
use super::evaluate::Policy;
use super::fact::{PolicyFact, PolicyFindings};
use super::options::Streaming;
use super::pattern::is_wild;
use super::space::{COUNT, Call, INVOCATIONS, ProfileKey};
use crate::catalog::{Catalog, Model, REGION, Scope};
use crate::iam::UNSPECIFIED;
use crate::iam::arn::{self, Account, BedrockArn, Kind, is_account_id};
use crate::iam::grant::Grant;
use crate::text::Span;

/// A model in a scope, as the policy is asked about it.
#[derive(Debug)]
pub(super) struct Target<'c> {
    pub(super) grant: Grant<'c>,
    /// The ARN of the profile that is called; `None` in-Region.
    pub(super) profile: Option<String>,
    /// Where the document allows the profile by its whole ARN.
    pub(super) span: Option<Span>,
}

impl Target<'_> {
    /// Whether an application inference profile is called.
    pub(super) fn is_application(&self) -> bool {
        let arn = self.profile.as_deref().and_then(BedrockArn::parse);
        arn.is_some_and(|arn| arn.kind == Kind::ApplicationProfile)
    }
}

/// What a call is authorised for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Profile,
    /// The model in a Region.
    Model,
    /// The model without a Region, behind a global profile.
    Anywhere,
    /// Counting, on the model itself.
    Count,
}

/// A profile that the document allows by its whole ARN.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) arn: String,
    pub(super) id: String,
    pub(super) span: Span,
    pub(super) application: bool,
}

/// The profiles that a document allows by their whole ARNs, each once.
pub(super) fn listed(statements: &[Statement], policy: &Policy<'_>) -> Vec<Listed> {
    let mut found: Vec<Listed> = Vec::new();
    for resource in invoked(statements, policy) {
        let Some(arn) = BedrockArn::parse(&resource.text).filter(|arn| arn.kind != Kind::Model) else {
            continue;
        };
        if is_open(&resource.text) || found.iter().any(|other| other.arn == resource.text) {
            continue;
        }
        found.push(Listed {
            arn: resource.text.clone(),
            id: arn.id.to_owned(),
            span: resource.span,
            application: arn.kind == Kind::ApplicationProfile,
        });
    }
    found
}

/// The resources that the document allows to invoke, as it lists them.
pub(super) fn invoked<'d>(
    statements: &'d [Statement],
    policy: &Policy<'_>,
) -> impl Iterator<Item = &'d Text> {
    let listing: Vec<&Statement> = statements
        .iter()
        .enumerate()
        .filter(|(index, statement)| {
            let names = || INVOCATIONS.iter().any(|action| policy.names_action(*index, action));
            statement.allows && !statement.resources.negated && names()
        })
        .map(|(_, statement)| statement)
        .collect();
    listing.into_iter().flat_map(|statement| &statement.resources.items)
}

/// Whether a text stands for more than itself.
pub(super) fn is_open(text: &str) -> bool {
    is_wild(text) || text.contains("${")
}

/// The account whose calls are judged: the first that stands in an ARN of the document, else AWS's example.
pub(super) fn account(statements: &[Statement]) -> String {
    let texts = statements.iter().flat_map(|statement| {
        statement.resources.items.iter().chain(statement.tests.iter().flat_map(|test| &test.values))
    });
    let accounts = texts.filter_map(|text| {
        let mut parts = text.text.splitn(6, ':');
        let service = parts.nth(2)?;
        let account = parts.nth(1)?;
        (service == "bedrock" && is_account_id(account)).then(|| account.to_owned())
    });
    accounts.into_iter().next().unwrap_or_else(|| Account::PLACEHOLDER.to_owned())
}

/// Everything callable in a scope, as far as the table knows where it goes.
pub(super) fn grants_of(catalog: &Catalog, scope: Scope) -> impl Iterator<Item = Grant<'_>> {
    catalog.models().iter().filter_map(move |model| Grant::new(model, scope, None).ok())
}

/// The grant of a profile id; reported where the table does not know enough to judge.
pub(super) fn grant_of<'c>(
    listed: &Listed,
    catalog: &'c Catalog,
    findings: &mut PolicyFindings,
) -> Option<Grant<'c>> {
    let named = catalog.find(&listed.id).ok();
    let Some((model, scope)) = named.and_then(|named| Some((catalog.model(named.model), named.scope?)))
    else {
        findings.add(listed.span, PolicyFact::UnknownProfile(listed.id.clone()));
        return None;
    };
    match Grant::new(model, scope, None) {
        Ok(grant) => Some(grant),
        Err(fault) => {
            let model = model.name.clone();
            findings.add(listed.span, PolicyFact::Grant { model, scope, fault, is_asked: false });
            None
        }
    }
}

/// The actions that invoke a model: nothing streams where no text is generated.
pub(super) fn actions(model: &Model, streaming: Streaming) -> &'static [&'static str] {
    match streaming {
        _ if !model.kind.generates() => &INVOCATIONS[..1],
        Streaming::Sometimes => &INVOCATIONS,
        Streaming::Never => &INVOCATIONS[..1],
        Streaming::Always => &INVOCATIONS[1..],
    }
}

/// The calls of a target for one action, each with what it is authorised for.
pub(super) fn calls(target: &Target<'_>, action: &'static str) -> Vec<(Part, Call)> {
    let id = &target.grant.model.id;
    let key = target.profile.clone().map_or(ProfileKey::Absent, ProfileKey::Present);
    let mut calls: Vec<(Part, Call)> = Vec::new();
    if let Some(profile) = &target.profile {
        let call = Call {
            action,
            resource: profile.clone(),
            region: REGION.to_owned(),
            profile: ProfileKey::AbsentOr(profile.clone()),
        };
        calls.push((Part::Profile, call));
    }
    for region in &target.grant.regions {
        let resource = arn::model(region, id);
        calls.push((
            Part::Model,
            Call { action, resource, region: (*region).to_owned(), profile: key.clone() },
        ));
    }
    if target.grant.scope == Scope::Global {
        let resource = arn::global_model(id);
        calls.push((Part::Anywhere, Call { action, resource, region: UNSPECIFIED.to_owned(), profile: key }));
    }
    calls
}

/// Counting needs CountTokens and InvokeModel on the model itself, without a profile (count-tokens, 2026).
pub(super) fn counting(model: &Model, region: &str) -> Vec<Call> {
    let call = |action| Call {
        action,
        resource: arn::model(region, &model.id),
        region: region.to_owned(),
        profile: ProfileKey::Absent,
    };
    if model.kind.generates() { vec![call(COUNT), call(INVOCATIONS[0])] } else { Vec::new() }
}
