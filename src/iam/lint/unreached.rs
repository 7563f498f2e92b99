//! What the statements show together beside the calls: conditions on profiles that nobody may call, and
//! models that are allowed without their profile.

use super::calls::{Listed, Target, invoked, is_open};
use super::condition::Operator;
use super::document::{Statement, Test};
use super::evaluate::Policy;
use super::fact::{PolicyFact, PolicyFindings};
use super::pattern::{Holds, Pattern, Reading};
use super::space::{COUNT, INVOCATIONS, PROFILE_KEY};
use crate::catalog::{Catalog, Model, REGION, Scope};
use crate::iam::arn::{self, Account, BedrockArn, Kind};

/// Reports models that are allowed through a profile nobody may call, or without one.
pub(super) fn judge(
    statements: &[Statement],
    policy: &Policy<'_>,
    catalog: &Catalog,
    (listed, targets): (&[Listed], &[Target<'_>]),
    findings: &mut PolicyFindings,
) {
    let profile =
        |text: &str| text == "*" || (text.contains("profile/") && is_open(text)) || text.starts_with("${");
    if invoked(statements, policy).any(|resource| profile(&resource.text)) {
        return;
    }
    for (index, statement) in statements.iter().enumerate() {
        let names = |action: &&str| policy.names_action(index, action);
        if !statement.allows || statement.resources.negated || !INVOCATIONS.iter().any(&names) {
            continue;
        }
        let conditions: Vec<&Test> = statement.tests.iter().filter(|test| test.key == PROFILE_KEY).collect();
        let meant = |test: &&&Test| {
            matches!(Operator::parse(&test.operator), Some(Operator::Compare { negated: false, .. }))
        };
        for value in conditions.iter().filter(meant).flat_map(|test| &test.values) {
            let pattern = Pattern::read(&value.text, Reading { wildcards: true, variables: true });
            if !listed.iter().any(|profile| pattern.matches(&profile.arn) != Holds::No) {
                findings.add(value.span, PolicyFact::UncallableProfile);
            }
        }
        // Tokens are counted on the model itself.
        if !conditions.is_empty() || names(&COUNT) {
            continue;
        }
        without_condition(statement, catalog, (listed, targets), findings);
    }
}

fn without_condition(
    statement: &Statement,
    catalog: &Catalog,
    (listed, targets): (&[Listed], &[Target<'_>]),
    findings: &mut PolicyFindings,
) {
    let mut said: Vec<&str> = Vec::new();
    for resource in statement.resources.items.iter().filter(|_| !statement.resources.negated) {
        let Some(arn) = BedrockArn::parse(&resource.text).filter(|arn| arn.kind == Kind::Model) else {
            continue;
        };
        let Some(model) = catalog.models().iter().find(|model| model.id == arn.id) else { continue };
        if said.contains(&model.id.as_str()) || model.scope(Scope::InRegion).is_some() || !model.offered {
            continue;
        }
        let of_model = |target: &Target<'_>| target.span.is_some() && target.grant.model.id == model.id;
        let opaque = |profile: &Listed| !targets.iter().any(|target| target.span == Some(profile.span));
        if targets.iter().any(of_model) {
            if !arn.region.is_empty() && arn.region != REGION {
                findings.add(resource.span, PolicyFact::NoCondition);
                said.push(&model.id);
            }
        } else if !listed.iter().any(opaque)
            && !targets.iter().any(|target| target.grant.model.id == model.id)
        {
            let (model_name, profiles) = (model.name.clone(), profile_arns(model));
            findings.add(resource.span, PolicyFact::NoProfileAllowed { model: model_name, profiles });
            said.push(&model.id);
        }
    }
}

fn profile_arns(model: &Model) -> Vec<String> {
    let ids = model.scopes.iter().filter_map(|entry| entry.profile.as_deref());
    ids.map(|id| arn::profile(&Account::placeholder(), id)).collect()
}
