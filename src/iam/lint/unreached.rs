//! What the statements show together beside the calls: conditions on profiles that nobody may call, and
//! models that are allowed without their profile.

use super::calls::{Listed, Target, invoked, is_open};
use super::condition::Operator;
use super::document::{Statement, Test};
use super::evaluate::Policy;
use super::pattern::{Holds, Pattern, Reading};
use super::space::{COUNT, INVOCATIONS, PROFILE_KEY};
use crate::catalog::{Catalog, Model, REGION, Scope};
use crate::iam::arn::{self, Account, BedrockArn, Kind};
use crate::text::{Code, Diagnostics};

/// Reports models that are allowed through a profile nobody may call, or without one.
pub(super) fn judge(
    statements: &[Statement],
    policy: &Policy<'_>,
    catalog: &Catalog,
    (listed, targets): (&[Listed], &[Target<'_>]),
    diagnostics: &mut Diagnostics,
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
                let message = "no statement allows to call this profile";
                let help = "allow bedrock:InvokeModel on the profile's ARN too, written the same";
                diagnostics.at(Code::MissingProfile, value.span, message, help);
            }
        }
        // Tokens are counted on the model itself.
        if !conditions.is_empty() || names(&COUNT) {
            continue;
        }
        without_condition(statement, catalog, (listed, targets), diagnostics);
    }
}

fn without_condition(
    statement: &Statement,
    catalog: &Catalog,
    (listed, targets): (&[Listed], &[Target<'_>]),
    diagnostics: &mut Diagnostics,
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
                let message = "the model may be called here without its profile".to_owned();
                let help =
                    "add the condition StringEquals bedrock:InferenceProfileArn with the profile's ARN";
                diagnostics.at(Code::UnconditionalModel, resource.span, message, help);
                said.push(&model.id);
            }
        } else if !listed.iter().any(opaque)
            && !targets.iter().any(|target| target.grant.model.id == model.id)
        {
            let message =
                format!("{} is called from {REGION} through a profile, and none is allowed", model.name);
            let help = format!("allow bedrock:InvokeModel on {} too", profile_arns(model));
            diagnostics.at(Code::MissingProfile, resource.span, message, help);
            said.push(&model.id);
        }
    }
}

fn profile_arns(model: &Model) -> String {
    let ids = model.scopes.iter().filter_map(|entry| entry.profile.as_deref());
    let arns: Vec<String> = ids.map(|id| arn::profile(&Account::placeholder(), id)).collect();
    arns.join(" or ")
}
