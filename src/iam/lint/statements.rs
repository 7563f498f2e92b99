//! What each statement shows by itself: ARNs that match nothing, actions that do not exist, wildcards.

use super::condition::Operator;
use super::document::{Statement, Text};
use super::evaluate::Policy;
use super::fact::{PolicyFact, PolicyFindings, WideAllow};
use super::pattern::{Holds, Pattern, Reading, is_wild};
use super::space::{INVOCATIONS, PROFILE_KEY, REGION_KEY};
use crate::catalog::REGION;
use crate::iam::arn::{BedrockArn, Kind, is_account_id};

/// Actions that IAM does not have, in lower case: of operations that are authorised by another (user guide,
/// inference-prereq, 2026).
const NO_ACTIONS: [(&str, &str, &str); 2] = [
    ("bedrock:converse", "Converse", INVOCATIONS[0]),
    ("bedrock:conversestream", "ConverseStream", INVOCATIONS[1]),
];

pub(super) fn judge(statement: &Statement, index: usize, policy: &Policy<'_>, findings: &mut PolicyFindings) {
    for action in &statement.actions.items {
        let lower = action.text.to_ascii_lowercase();
        if let Some((_, operation, needs)) = NO_ACTIONS.iter().find(|(name, ..)| *name == lower) {
            let action_named = action.text.clone();
            findings.add(action.span, PolicyFact::NoSuchAction { action: action_named, operation, needs });
        }
    }
    for resource in &statement.resources.items {
        arn(resource, findings);
    }
    for test in &statement.tests {
        if Operator::parse(&test.operator).is_none() {
            findings.add(test.operator_span, PolicyFact::NoSuchOperator(test.operator.clone()));
        }
        let literal = test
            .operator
            .to_ascii_lowercase()
            .trim_start_matches("forallvalues:")
            .trim_start_matches("foranyvalue:")
            .starts_with("string")
            && !test.operator.to_ascii_lowercase().contains("like");
        for value in &test.values {
            match test.key.as_str() {
                PROFILE_KEY => arn(value, findings),
                REGION_KEY if value.text == "global" => findings.add(value.span, PolicyFact::GlobalAsRegion),
                REGION_KEY => {}
                _ => continue,
            }
            if literal && is_wild(&value.text) {
                findings.add(value.span, PolicyFact::LiteralWildcard(test.operator.clone()));
            }
        }
    }
    let invokes = INVOCATIONS.iter().any(|action| policy.names_action(index, action));
    if statement.allows && invokes {
        wildcards(statement, findings);
    }
}

/// An ARN that names nothing, or nothing that is called from the source Region.
fn arn(text: &Text, findings: &mut PolicyFindings) {
    let Some(arn) = BedrockArn::parse(&text.text) else { return };
    let variable = arn.account.contains("${");
    match arn.kind {
        // `*` stands for nothing too.
        Kind::Model if !arn.account.chars().all(|c| c == '*') => {
            let (region, id) = (arn.region.to_owned(), arn.id.to_owned());
            findings.add(text.span, PolicyFact::ModelAccount { region, id });
        }
        Kind::Model => {}
        Kind::Profile | Kind::ApplicationProfile => {
            if !variable && !is_wild(arn.account) && !is_account_id(arn.account) {
                findings.add(text.span, PolicyFact::ProfileAccount(arn.account.to_owned()));
            }
            if !is_wild(arn.region) && arn.region != REGION && !arn.region.contains("${") {
                findings.add(text.span, PolicyFact::ProfileRegion(arn.region.to_owned()));
            }
        }
    }
}

/// What lets through more than calls need.
fn wildcards(statement: &Statement, findings: &mut PolicyFindings) {
    let mut wide = |span, allow| findings.add(span, PolicyFact::Wide(allow));
    if statement.actions.negated {
        wide(statement.actions.key, WideAllow::NotAction);
    }
    if statement.resources.negated {
        wide(statement.resources.key, WideAllow::NotResource);
        return;
    }
    for action in statement.actions.items.iter().filter(|action| is_wild(&action.text)) {
        // A wildcard over other actions, such as bedrock:List*, is not about calls.
        let lower = action.text.to_ascii_lowercase();
        if !statement.actions.negated && {
            let pattern = Pattern::read(&lower, Reading { wildcards: true, variables: false });
            INVOCATIONS.iter().any(|name| pattern.matches(&name.to_ascii_lowercase()) != Holds::No)
        } {
            wide(action.span, WideAllow::Action(action.text.clone()));
        }
    }
    for resource in &statement.resources.items {
        if resource.text == "*" {
            wide(resource.span, WideAllow::Everything);
            continue;
        }
        let Some(arn) = BedrockArn::parse(&resource.text) else {
            // `arn:aws:bedrock:*` covers what it does not spell out.
            if is_wild(&resource.text) && resource.text.starts_with("arn:aws:bedrock:") {
                wide(resource.span, WideAllow::Service);
            }
            continue;
        };
        if is_wild(arn.id) {
            wide(resource.span, WideAllow::Id(arn.id.to_owned()));
        } else if is_wild(arn.region) {
            wide(resource.span, WideAllow::Region(arn.region.to_owned()));
        } else if is_wild(arn.account) {
            wide(resource.span, WideAllow::Account(arn.account.to_owned()));
        }
    }
}
