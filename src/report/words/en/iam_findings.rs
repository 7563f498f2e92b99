//! Findings of `iam lint`: what a policy does or lacks, and what to write instead.

use super::shared::sentence;
use crate::catalog::{REGION, Scope};
use crate::iam::{
    Account, CalledNames, DeniedCalls, DeniedPart, GrantFault, Narrowing, NeededCondition, PolicyFact,
    UNSPECIFIED, WideAllow,
};
use crate::report::words::sentence::Sentence;

/// Most keys that a sentence names.
const MOST_KEYS: usize = 12;

/// A finding in a policy.
pub(super) fn finding(fact: &PolicyFact) -> Sentence {
    match fact {
        PolicyFact::SeveralDocuments { count } => sentence(
            format!("the file has {count} documents, which are judged together"),
            "to judge one of them alone, put it in a file of its own",
        ),
        PolicyFact::NoDocument => sentence(
            "the statements have no document around them and are judged as in a document of Version 2012-10-17",
            "if the document has another Version, judge it as a whole",
        ),
        PolicyFact::Assumed(values) => {
            let values: Vec<String> =
                values.iter().map(|(name, value)| format!("`{name}` is assumed to be {value}")).collect();
            sentence(values.join(", "), "if this is wrong, judge the document with the real values filled in")
        }
        PolicyFact::NoSuchAction { action, operation, needs } => {
            sentence(format!("IAM has no action `{action}`"), format!("{operation} needs {needs}"))
        }
        PolicyFact::NoSuchOperator(operator) => sentence(
            format!("IAM has no condition operator `{operator}`"),
            "IAM rejects the policy: check the spelling, and do not add IfExists to Null",
        ),
        PolicyFact::GlobalAsRegion => sentence(
            "`aws:RequestedRegion` is never `global`",
            format!("write `{UNSPECIFIED}`, its value for calls through a global profile"),
        ),
        PolicyFact::LiteralWildcard(operator) => sentence(
            format!("`{operator}` compares letter by letter, so the wildcard matches only itself"),
            "use ArnLike or StringLike, or write the whole name",
        ),
        PolicyFact::ModelAccount { region, id } => sentence(
            "the ARN of a foundation model has no account",
            format!("leave the account empty: arn:aws:bedrock:{region}::foundation-model/{id}"),
        ),
        PolicyFact::ProfileAccount(account) => sentence(
            if account.is_empty() {
                "the profile's ARN has no account id, so it matches no profile".to_owned()
            } else {
                format!("`{account}` is not an account id, so the ARN matches no profile")
            },
            format!(
                "write the twelve digits of your account after the Region, such as {}",
                Account::PLACEHOLDER
            ),
        ),
        PolicyFact::ProfileRegion(region) => sentence(
            format!("the profile's ARN is for the Region `{region}`"),
            format!("calls from {REGION} need the profile's ARN for {REGION}: arn:aws:bedrock:{REGION}:..."),
        ),
        PolicyFact::Wide(allow) => wide(allow),
        PolicyFact::NothingAllowed => sentence(
            "no statement allows a Bedrock call, so none is allowed",
            "`quotaplan iam` writes a policy that allows the calls; if this is an SCP that only denies, add --type scp",
        ),
        PolicyFact::NothingJudged => sentence(
            "no call was judged: the policy allows no profile and no model of the model table",
            format!(
                "calls from {REGION} need a profile there: `quotaplan iam` writes a policy that allows the calls"
            ),
        ),
        PolicyFact::UnknownVariable(variable) => sentence(
            format!("the document does not say what `{variable}` stands for, so its calls are not judged"),
            "judge the document with its variables filled in, or name the model with --model MODEL/SCOPE",
        ),
        PolicyFact::ApplicationProfile(id) => sentence(
            format!(
                "the ARN of the application inference profile `{id}` does not show where its calls go, so they are \
                 not judged"
            ),
            "name the model that it was created from: --model MODEL/SCOPE, such as --model sonnet-4.5/us",
        ),
        PolicyFact::UnknownProfile(id) => sentence(
            format!("the profile `{id}` is not in the model table, so its calls are not judged"),
            "check the spelling",
        ),
        PolicyFact::Grant { model, scope, fault, .. } => grant_fault(fault, model, *scope),
        PolicyFact::UncallableProfile => sentence(
            "no statement allows calls to this profile",
            "also allow bedrock:InvokeModel on the profile's ARN, written the same way",
        ),
        PolicyFact::NoCondition => sentence(
            "this allows calls to the model without its profile",
            "add the condition StringEquals bedrock:InferenceProfileArn with the profile's ARN",
        ),
        PolicyFact::NoProfileAllowed { model, profiles } => sentence(
            format!("{model} is called from {REGION} through a profile, but none of its profiles is allowed"),
            format!("also allow bedrock:InvokeModel on {}", profiles.join(" or ")),
        ),
        PolicyFact::MissingAction { called, action, other, streams } => {
            let called = names(called);
            if *streams {
                sentence(
                    format!("{action} is not allowed for {called}, so answers cannot be streamed"),
                    format!("allow it together with {other}, or add --no-streaming if no answer is streamed"),
                )
            } else {
                sentence(
                    format!("{action} is not allowed for {called}, so every answer must be streamed"),
                    format!(
                        "allow it together with {other}, or add --only-streaming if every answer is streamed"
                    ),
                )
            }
        }
        PolicyFact::MissingProfile { called, action, arn } => sentence(
            format!("{} {action} on the profile, which is not allowed", needs(called, "")),
            format!("allow {action} on {arn}"),
        ),
        PolicyFact::MissingRegions { called, action, regions, arns, condition, written } => {
            let condition = match condition {
                NeededCondition::Any => "",
                NeededCondition::Same => " under the same condition",
                NeededCondition::NoProfile => " without a condition on the profile",
            };
            let command = written.as_ref().map(|(model, scope)| {
                format!("; `quotaplan iam --model {model} --scope {scope}` writes a policy")
            });
            sentence(
                format!(
                    "{} {action} on the model in {}, which is not allowed",
                    needs(called, "also "),
                    regions.join(", ")
                ),
                format!("allow it on {}{condition}{}", arns.join(", "), command.unwrap_or_default()),
            )
        }
        PolicyFact::MissingUnspecified { called, action, arn } => sentence(
            format!(
                "{} {action} on the model without a Region, which is not allowed",
                needs(called, "also ")
            ),
            format!("allow {arn} if aws:RequestedRegion is `{UNSPECIFIED}`"),
        ),
        PolicyFact::Denied(calls) => denied(calls),
        PolicyFact::Depends { calls, all, keys, of_profile } => {
            let calls = if calls == all { "the calls".to_owned() } else { format!("{calls} of {all} calls") };
            let help = if *of_profile {
                "no AWS page says whether the call to the profile itself has this key: apply the condition only to \
                 the ARNs of the models"
            } else {
                "the document does not contain the value: check that your callers have one that allows the calls"
            };
            sentence(format!("whether {calls} are allowed depends on {}", some_keys(keys)), help)
        }
    }
}

/// Why no policy can be written for a model in a scope, and what to do.
pub(super) fn grant_fault(fault: &GrantFault, model: &str, scope: Scope) -> Sentence {
    match fault {
        GrantFault::NotCallable => sentence(
            format!("{model} cannot be called from {REGION}, so there is nothing to allow"),
            "choose a model that can: `quotaplan models list`",
        ),
        GrantFault::NotInScope(scopes) => {
            let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
            sentence(
                format!("{model} is not offered in the scope `{scope}` from {REGION}"),
                format!("its scopes are {}", scopes.join(", ")),
            )
        }
        GrantFault::DestinationsUnknown { profile } => sentence(
            format!(
                "the model table does not know the destination Regions of {model} in the scope `{scope}`"
            ),
            format!(
                "find them on the model's card or with `aws bedrock get-inference-profile \
                 --inference-profile-identifier {profile}`, and state them in an overlay (--models): \
                 [model.scope.{scope}] destinations = [...]"
            ),
        ),
    }
}

/// A wildcard or a negation that allows more than calls need.
fn wide(allow: &WideAllow) -> Sentence {
    let list = "list the ARNs of the profile and of its models, as `quotaplan iam` writes them";
    match allow {
        WideAllow::NotAction => sentence(
            "NotAction allows every other action of every service",
            "name the actions: bedrock:InvokeModel, bedrock:InvokeModelWithResponseStream",
        ),
        WideAllow::NotResource => sentence("NotResource allows every other resource", list),
        WideAllow::Action(action) => sentence(
            format!("`{action}` allows more than the calls need"),
            "write bedrock:InvokeModel, and bedrock:InvokeModelWithResponseStream if answers are streamed",
        ),
        WideAllow::Everything => sentence("every model and profile is allowed", list),
        WideAllow::Service => sentence("this ARN covers more than models and profiles", list),
        WideAllow::Id(id) => {
            sentence(format!("`{id}` covers more than one model"), "name the model or the profile")
        }
        WideAllow::Region(region) => sentence(
            format!("`{region}` covers more than one Region"),
            "list the source Region and the destination Regions of the profile, as `quotaplan iam` writes them",
        ),
        WideAllow::Account(account) => sentence(
            format!("`{account}` covers more than one account"),
            "write the twelve digits of your account",
        ),
    }
}

/// Calls that one Deny denies.
fn denied(calls: &DeniedCalls) -> Sentence {
    let DeniedCalls { scope, part, exempt, models, action, narrowing } = calls;
    let is_in_region = *scope == Scope::InRegion;
    let subject = match scope {
        Scope::InRegion => "models called without a profile".to_owned(),
        scope => format!("profiles of scope `{scope}`"),
    };
    let exempt = match exempt.as_slice() {
        [] => String::new(),
        exempt => format!(" for everyone except {}", exempt.join(", or ")),
    };
    let models = models.as_ref().map(|models| match models.others {
        0 => format!("only {}", models.first),
        others => format!("{} and {others} more of {} models", models.first, models.all),
    });
    let action = action.map(|action| format!("only {action}"));
    let some: Vec<String> = models.into_iter().chain(action).collect();
    let some = if some.is_empty() { String::new() } else { format!(" ({})", some.join("; ")) };
    let (message, help) = match part {
        DeniedPart::Profiles => (
            format!("{subject} are denied{exempt}{some}"),
            "exclude the profiles that you call from this Deny",
        ),
        DeniedPart::Regions(regions) | DeniedPart::Counting(regions) => (
            format!(
                "{subject} {} {}, which {} denied{exempt}{some}",
                if is_in_region { "need" } else { "also need" },
                regions.join(", "),
                if regions.len() == 1 { "is" } else { "are" }
            ),
            match (part, regions.len()) {
                _ if is_in_region => "exempt these calls from the Deny",
                (DeniedPart::Counting(_), _) => "exempt these calls from the Deny",
                (_, 1) => {
                    "exempt this Region from the Deny: a call through a profile fails if any of its Regions is denied"
                }
                _ => {
                    "exempt these Regions from the Deny: a call through a profile fails if any of its Regions is denied"
                }
            },
        ),
        DeniedPart::Unspecified => (
            format!(
                "{subject} also need the model without a Region (aws:RequestedRegion is `{UNSPECIFIED}`), which is \
                 denied{exempt}{some}"
            ),
            "exempt it from this Deny: add `unspecified` to its Regions, and the ARN without a Region to its resources",
        ),
    };
    let narrowing = match narrowing {
        Narrowing::Nothing => String::new(),
        Narrowing::Streaming => "; if no answer is streamed, add --no-streaming".to_owned(),
        Narrowing::Models => {
            "; if you do not call these models, name those that you call: --model MODEL/SCOPE".to_owned()
        }
        Narrowing::Scopes(others) if others.is_empty() => {
            format!("; if you do not call the scope `{scope}`, name what you call with --scope or --model")
        }
        Narrowing::Scopes(others) => {
            let others: Vec<String> = others.iter().map(|other| format!("--scope {other}")).collect();
            format!(
                "; if you do not call the scope `{scope}`, name the scopes that you call: {}",
                others.join(" ")
            )
        }
    };
    sentence(message, format!("{help}{narrowing}"))
}

/// What is called: `a`, or `a` and how many others.
fn names(called: &CalledNames) -> String {
    let CalledNames { first, others } = called;
    match others {
        0 => format!("`{first}`"),
        1 => format!("`{first}` and 1 other"),
        others => format!("`{first}` and {others} others"),
    }
}

/// What is called, and that it needs something.
fn needs(called: &CalledNames, adverb: &str) -> String {
    let verb = if called.others == 0 { "needs" } else { "need" };
    format!("{} {adverb}{verb}", names(called))
}

/// The first keys, and how many more there are.
fn some_keys(keys: &[String]) -> String {
    match keys.get(..MOST_KEYS) {
        Some(first) if first.len() < keys.len() => {
            format!("{} and {} more keys", first.join(", "), keys.len() - first.len())
        }
        _ => keys.join(", "),
    }
}
