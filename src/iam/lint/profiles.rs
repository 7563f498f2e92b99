//! What statements show together: whether each profile that is allowed reaches every Region it needs.

use super::document::{Statement, Test, Text};
use super::reach::{Call, Holds, PROFILE_KEY, REGION_KEY, applies, matches, names_action};
use super::statements::{INVOCATIONS, invokes};
use crate::catalog::{Catalog, Model, REGION, Scope};
use crate::iam::UNSPECIFIED;
use crate::iam::arn::{self, Account, BedrockArn, Kind};
use crate::iam::grant::{Grant, GrantFault};
use crate::text::{Code, Diagnostic, Diagnostics, Place, Severity, Span};

/// A profile that the policy allows by its whole ARN.
struct Allowed<'c> {
    arn: String,
    span: Span,
    /// Of a system-defined one that the table knows.
    grant: Option<Grant<'c>>,
}

pub(super) fn judge(
    statements: &[Statement],
    catalog: &Catalog,
    through: &[Scope],
    diagnostics: &mut Diagnostics,
) {
    let allowed = allowed(statements, catalog, diagnostics);
    for profile in &allowed {
        if let Some(grant) = &profile.grant {
            missing(statements, grant, profile, diagnostics);
        }
    }
    let wildcards = statements.iter().any(|statement| {
        let profile = |text: &str| text == "*" || (text.contains("profile/") && text.contains(['*', '?']));
        statement.allows && invokes(statement) && statement.resources.items.iter().any(|r| profile(&r.text))
    });
    if !wildcards {
        unreached(statements, catalog, &allowed, diagnostics);
    }
    let known: Vec<&Grant<'_>> = allowed.iter().filter_map(|profile| profile.grant.as_ref()).collect();
    let of_scopes: Vec<Grant<'_>> = through.iter().flat_map(|scope| grants_of(catalog, *scope)).collect();
    for grant in known.into_iter().chain(&of_scopes) {
        denied(statements, grant, diagnostics);
    }
}

/// Everything callable in a scope, as far as the table knows where it goes.
fn grants_of(catalog: &Catalog, scope: Scope) -> impl Iterator<Item = Grant<'_>> {
    catalog.models().iter().filter_map(move |model| Grant::new(model, scope, None).ok())
}

fn allowed<'c>(
    statements: &[Statement],
    catalog: &'c Catalog,
    diagnostics: &mut Diagnostics,
) -> Vec<Allowed<'c>> {
    let mut found: Vec<Allowed<'c>> = Vec::new();
    for statement in statements.iter().filter(|statement| statement.allows && invokes(statement)) {
        for resource in statement.resources.items.iter().filter(|_| !statement.resources.negated) {
            let Some(arn) = BedrockArn::parse(&resource.text).filter(|arn| arn.kind != Kind::Model) else {
                continue;
            };
            if resource.text.contains(['*', '?']) || found.iter().any(|other| other.arn == resource.text) {
                continue;
            }
            // What an application inference profile leads to does not show in its ARN.
            let grant = match arn.kind {
                Kind::Profile => grant(arn.id, resource, catalog, diagnostics),
                Kind::ApplicationProfile | Kind::Model => None,
            };
            found.push(Allowed { arn: resource.text.clone(), span: resource.span, grant });
        }
    }
    found
}

/// The grant of a profile id; reported where the table does not know enough to judge.
fn grant<'c>(
    id: &str,
    resource: &Text,
    catalog: &'c Catalog,
    diagnostics: &mut Diagnostics,
) -> Option<Grant<'c>> {
    let mut warn = |code, message, help| {
        let (severity, place) = (Severity::Warning, Place::Span(resource.span));
        diagnostics.push(Diagnostic { code, severity, message, help, place });
    };
    let named = catalog.find(id).ok();
    let Some((model, scope)) = named.and_then(|named| Some((catalog.model(named.model), named.scope?)))
    else {
        let message = format!("the model table does not know the profile `{id}`");
        let help = "check its spelling; what it needs is not judged".to_owned();
        warn(Code::UnknownModel, message, help);
        return None;
    };
    match Grant::new(model, scope, None) {
        Ok(grant) => Some(grant),
        Err(fault) => {
            let (message, help) = fault.words(model, scope);
            let code = match fault {
                GrantFault::DestinationsUnknown => Code::DestinationsUnknown,
                GrantFault::NotCallable | GrantFault::NotInScope(_) => Code::ScopeNotOffered,
            };
            warn(code, message, help);
            None
        }
    }
}

/// The calls that a grant needs, each with the Region in words.
fn calls<'g>(grant: &'g Grant<'_>, profile: &str, action: &'static str) -> Vec<(Call, &'g str)> {
    let call = |resource: String, region: &str| Call {
        action,
        resource,
        region: region.to_owned(),
        profile: Some(profile.to_owned()),
    };
    let id = &grant.model.id;
    let mut calls: Vec<(Call, &str)> =
        grant.regions.iter().map(|region| (call(arn::model(region, id), region), *region)).collect();
    if grant.scope == Scope::Global {
        calls.push((call(arn::global_model(id), UNSPECIFIED), UNSPECIFIED));
    }
    calls
}

/// Reports Regions in which the model behind an allowed profile is not allowed.
fn missing(
    statements: &[Statement],
    grant: &Grant<'_>,
    profile: &Allowed<'_>,
    diagnostics: &mut Diagnostics,
) {
    let id = &grant.model.id;
    let allows = |call: &Call| {
        statements.iter().any(|statement| statement.allows && applies(statement, call) != Holds::No)
    };
    // An action that is allowed on the profile is needed on the models behind it too.
    let on_profile = |action: &'static str| Call {
        action,
        resource: profile.arn.clone(),
        region: REGION.to_owned(),
        profile: None,
    };
    for action in INVOCATIONS.into_iter().filter(|action| allows(&on_profile(action))) {
        let lacking: Vec<&str> = calls(grant, &profile.arn, action)
            .into_iter()
            .filter(|(call, _)| !allows(call))
            .map(|(_, region)| region)
            .collect();
        if lacking.is_empty() {
            continue;
        }
        // Where the model is named at all, that list is what lacks them.
        let list = statements.iter().filter(|statement| statement.allows && invokes(statement));
        let list = list.flat_map(|statement| &statement.resources.items).find(|resource| {
            BedrockArn::parse(&resource.text).is_some_and(|arn| arn.kind == Kind::Model && arn.id == *id)
        });
        let span = list.map_or(profile.span, |resource| resource.span);
        let (regions, global): (Vec<&str>, Vec<&str>) =
            lacking.into_iter().partition(|region| *region != UNSPECIFIED);
        let name = profile.arn.rsplit('/').next().unwrap_or_default();
        if !regions.is_empty() {
            let message = format!(
                "`{name}` also needs {action} on the model in {}, which is not allowed",
                regions.join(", ")
            );
            let arns: Vec<String> = regions.iter().map(|region| arn::model(region, id)).collect();
            let help = format!("allow it on {} under the same condition", arns.join(", "));
            diagnostics.at(Code::MissingDestination, span, message, help);
        }
        if !global.is_empty() {
            let message =
                format!("`{name}` also needs {action} on the model without a Region, which is not allowed");
            let help =
                format!("allow {} where aws:RequestedRegion is `{UNSPECIFIED}`", arn::global_model(id));
            diagnostics.at(Code::MissingUnspecified, span, message, help);
        }
        // The same Regions would be said again for streaming.
        return;
    }
}

/// Reports models that are allowed through a profile nobody may call, or without one.
fn unreached(
    statements: &[Statement],
    catalog: &Catalog,
    allowed: &[Allowed<'_>],
    diagnostics: &mut Diagnostics,
) {
    for statement in statements.iter().filter(|statement| statement.allows && invokes(statement)) {
        let conditions: Vec<&Test> = statement.tests.iter().filter(|test| test.key == PROFILE_KEY).collect();
        for value in conditions.iter().flat_map(|test| &test.values) {
            if !allowed.iter().any(|profile| matches(&value.text, &profile.arn)) {
                let message = "no statement allows to call this profile";
                let help = "allow bedrock:InvokeModel on the profile's ARN too, written the same";
                diagnostics.at(Code::MissingProfile, value.span, message, help);
            }
        }
        // Tokens are counted on the model itself.
        if !conditions.is_empty() || names_action(statement, "bedrock:CountTokens") {
            continue;
        }
        without_condition(statement, catalog, allowed, diagnostics);
    }
}

fn without_condition(
    statement: &Statement,
    catalog: &Catalog,
    allowed: &[Allowed<'_>],
    diagnostics: &mut Diagnostics,
) {
    let mut said: Vec<&str> = Vec::new();
    for resource in statement.resources.items.iter().filter(|_| !statement.resources.negated) {
        let Some(arn) = BedrockArn::parse(&resource.text).filter(|arn| arn.kind == Kind::Model) else {
            continue;
        };
        let Ok(named) = catalog.find(arn.id) else { continue };
        let model = catalog.model(named.model);
        if said.contains(&model.id.as_str()) || model.scope(Scope::InRegion).is_some() || !model.offered {
            continue;
        }
        let of_model =
            |profile: &&Allowed<'_>| profile.grant.as_ref().is_some_and(|g| g.model.id == model.id);
        let opaque = |profile: &Allowed<'_>| profile.grant.is_none();
        if allowed.iter().any(|profile| of_model(&profile)) {
            if !arn.region.is_empty() && arn.region != REGION {
                let message = "the model may be called here without its profile".to_owned();
                let help =
                    "add the condition StringEquals bedrock:InferenceProfileArn with the profile's ARN";
                diagnostics.at(Code::UnconditionalModel, resource.span, message, help);
                said.push(&model.id);
            }
        } else if !allowed.iter().any(opaque) {
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

/// Reports lists of Regions in a Deny that lack one the profile needs.
fn denied(statements: &[Statement], grant: &Grant<'_>, diagnostics: &mut Diagnostics) {
    let Some(profile) = grant.profile_arn(&Account::placeholder()) else { return };
    for statement in statements.iter().filter(|statement| !statement.allows) {
        let lists: Vec<&Test> = statement.tests.iter().filter(|test| test.key == REGION_KEY).collect();
        // One that names a value is meant; one that names all others forgets.
        let [list] = lists.as_slice() else { continue };
        if !list.operator.to_ascii_lowercase().contains("not") {
            continue;
        }
        let lacking: Vec<&str> = calls(grant, &profile, INVOCATIONS[0])
            .into_iter()
            .filter(|(call, _)| applies(statement, call) == Holds::Yes)
            .map(|(_, region)| region)
            .collect();
        if lacking.is_empty() {
            continue;
        }
        let code = match lacking.as_slice() {
            [UNSPECIFIED] => Code::MissingUnspecified,
            _ => Code::MissingDestination,
        };
        let message =
            format!("profiles of scope `{}` need {} too, which is denied", grant.scope, lacking.join(", "));
        let help = "add it: a profile fails where any Region it may use is denied".to_owned();
        let at = Place::Span(Span { end: list.span.end.min(list.span.start + 1), ..list.span });
        let said = diagnostics.iter().any(|other| other.place == at && other.message == message);
        if !said {
            diagnostics.add(code, at, message, help);
        }
    }
}
