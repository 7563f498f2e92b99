//! What each statement shows by itself: ARNs that match nothing, actions that do not exist, wildcards.

use super::condition::Operator;
use super::document::{Statement, Text};
use super::evaluate::Policy;
use super::pattern::{Holds, Pattern, Reading, is_wild};
use super::space::{INVOCATIONS, PROFILE_KEY, REGION_KEY};
use crate::catalog::REGION;
use crate::iam::UNSPECIFIED;
use crate::iam::arn::{Account, BedrockArn, Kind, is_account_id};
use crate::text::{Code, Diagnostic, Diagnostics, Place, Severity};

/// Operations that have no action of their own (user guide, inference-prereq, 2026).
const NO_ACTIONS: [(&str, &str); 2] = [
    ("bedrock:converse", "Converse needs bedrock:InvokeModel"),
    ("bedrock:conversestream", "ConverseStream needs bedrock:InvokeModelWithResponseStream"),
];

pub(super) fn judge(statement: &Statement, index: usize, policy: &Policy<'_>, diagnostics: &mut Diagnostics) {
    for action in &statement.actions.items {
        let lower = action.text.to_ascii_lowercase();
        if let Some((_, help)) = NO_ACTIONS.iter().find(|(name, _)| *name == lower) {
            let message = format!("IAM has no action `{}`", action.text);
            diagnostics.at(Code::NoSuchAction, action.span, message, *help);
        }
    }
    for resource in &statement.resources.items {
        arn(resource, diagnostics);
    }
    for test in &statement.tests {
        if Operator::parse(&test.operator).is_none() {
            let message = format!("IAM has no condition operator `{}`", test.operator);
            let help = "IAM refuses the policy: check the spelling, and leave IfExists out behind Null";
            diagnostics.at(Code::NoSuchOperator, test.operator_span, message, help);
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
                PROFILE_KEY => arn(value, diagnostics),
                REGION_KEY if value.text == "global" => diagnostics.at(
                    Code::MissingUnspecified,
                    value.span,
                    "`aws:RequestedRegion` is never `global`",
                    format!("write `{UNSPECIFIED}`: that is its value behind a global profile"),
                ),
                REGION_KEY => {}
                _ => continue,
            }
            if literal && is_wild(&value.text) {
                let message = format!("`{}` takes the wildcard for a character of the name", test.operator);
                let help = "write ArnLike (or StringLike) instead, or the whole name";
                diagnostics.at(Code::LiteralWildcard, value.span, message, help);
            }
        }
    }
    let invokes = INVOCATIONS.iter().any(|action| policy.names_action(index, action));
    if statement.allows && invokes {
        wildcards(statement, diagnostics);
    }
}

/// An ARN that names nothing, or nothing that is called from the source Region.
fn arn(text: &Text, diagnostics: &mut Diagnostics) {
    let Some(arn) = BedrockArn::parse(&text.text) else { return };
    let variable = arn.account.contains("${");
    match arn.kind {
        // `*` stands for nothing too.
        Kind::Model if !arn.account.chars().all(|c| c == '*') => diagnostics.at(
            Code::ModelAccount,
            text.span,
            "the ARN of a foundation model has no account",
            format!("leave it empty: arn:aws:bedrock:{}::foundation-model/{}", arn.region, arn.id),
        ),
        Kind::Model => {}
        Kind::Profile | Kind::ApplicationProfile => {
            if !variable && !is_wild(arn.account) && !is_account_id(arn.account) {
                let message = if arn.account.is_empty() {
                    "the ARN of a profile without an account id matches no profile".to_owned()
                } else {
                    format!("`{}` is not an account id, so the ARN matches no profile", arn.account)
                };
                let example = Account::PLACEHOLDER;
                let help =
                    format!("write the twelve digits of your account behind the Region, such as {example}");
                diagnostics.at(Code::ProfileAccount, text.span, message, help);
            }
            if !is_wild(arn.region) && arn.region != REGION && !arn.region.contains("${") {
                // Right for another source Region, and of no use for this one.
                diagnostics.push(Diagnostic {
                    code: Code::OtherRegion,
                    severity: Severity::Warning,
                    message: format!("the profile's ARN is of Region `{}`", arn.region),
                    help: format!("calls from {REGION} use its ARN there: arn:aws:bedrock:{REGION}:..."),
                    place: Place::Span(text.span),
                });
            }
        }
    }
}

/// What lets through more than calls need.
fn wildcards(statement: &Statement, diagnostics: &mut Diagnostics) {
    let mut wide =
        |span, message: String, help: &str| diagnostics.at(Code::WideWildcard, span, message, help);
    if statement.actions.negated {
        let help = "name the actions: bedrock:InvokeModel, bedrock:InvokeModelWithResponseStream";
        wide(statement.actions.key, "NotAction allows every other action of every service".to_owned(), help);
    }
    if statement.resources.negated {
        let help = "name the profile and the models: `quotaplan iam` writes them";
        wide(statement.resources.key, "NotResource allows every other resource".to_owned(), help);
        return;
    }
    for action in statement.actions.items.iter().filter(|action| is_wild(&action.text)) {
        // A wildcard over other actions, such as bedrock:List*, is not about calls.
        let lower = action.text.to_ascii_lowercase();
        if !statement.actions.negated && {
            let pattern = Pattern::read(&lower, Reading { wildcards: true, variables: false });
            INVOCATIONS.iter().any(|name| pattern.matches(&name.to_ascii_lowercase()) != Holds::No)
        } {
            let help = "write bedrock:InvokeModel, and bedrock:InvokeModelWithResponseStream where answers are streamed";
            wide(action.span, format!("`{}` allows more than calls need", action.text), help);
        }
    }
    for resource in &statement.resources.items {
        if resource.text == "*" {
            let help = "name the profile and the models: `quotaplan iam` writes them";
            wide(resource.span, "every model and profile is allowed".to_owned(), help);
            continue;
        }
        let Some(arn) = BedrockArn::parse(&resource.text) else {
            // `arn:aws:bedrock:*` covers what it does not spell out.
            if is_wild(&resource.text) && resource.text.starts_with("arn:aws:bedrock:") {
                let help = "name the profile and the models: `quotaplan iam` writes them";
                wide(
                    resource.span,
                    "more than profiles and models of this account is allowed".to_owned(),
                    help,
                );
            }
            continue;
        };
        if is_wild(arn.id) {
            let help = "name the model or the profile";
            wide(resource.span, format!("`{}` covers more than one model", arn.id), help);
        } else if is_wild(arn.region) {
            let help = "name the source Region and the destination Regions of the profile: `quotaplan iam` writes them";
            wide(resource.span, "every Region is allowed".to_owned(), help);
        } else if is_wild(arn.account) {
            wide(resource.span, "every account is named".to_owned(), "write the account's twelve digits");
        }
    }
}
