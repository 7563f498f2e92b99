//! What to do about a quota, and what to settle before.

use super::numbers::amount;
use super::shared::{limit, sentence};
use crate::catalog::Scope;
use crate::engine::{Remedy, ResidencyFault, UnsettledResidency};
use crate::report::words::sentence::Sentence;

/// What to do where AWS grants no increases.
pub(super) const ELSEWHERE: &str = "move to another model: AWS grants no increases for this one";

/// Why a scope does not keep to a residency, and what to do.
pub(super) fn residency_fault(fault: &ResidencyFault) -> Sentence {
    match fault {
        ResidencyFault::Outside { outside, others } => {
            let scopes: Vec<&str> = others.iter().copied().map(Scope::as_str).collect();
            let help = match scopes.as_slice() {
                [] => "no scope of the model stays there: `quotaplan compare` names the models that have one"
                    .to_owned(),
                scopes => format!("use a scope of the model that stays there: {}", scopes.join(", ")),
            };
            sentence(format!("the scope may process requests in {outside}"), help)
        }
        ResidencyFault::Unknown { profile } => {
            let help = match profile {
                Some(profile) => format!(
                    "look them up and add them with --models: aws bedrock get-inference-profile --region ca-central-1 \
                     --inference-profile-identifier {profile}"
                ),
                None => "plan a model that is offered from ca-central-1".to_owned(),
            };
            let message = "the model table does not know the scope's destination Regions, so it is not known whether \
                           requests stay there";
            sentence(message, help)
        }
    }
}

/// What to settle before more is asked for.
pub(super) fn settle(first: &UnsettledResidency) -> String {
    let UnsettledResidency { residency, fault } = first;
    format!("settle the residency ({residency}) before you ask for more: {}", residency_fault(fault).help)
}

/// What to settle first, else what to do.
pub(super) fn first_or(first: Option<&UnsettledResidency>, help: &str) -> String {
    first.map_or_else(|| help.to_owned(), settle)
}

/// What to do about a quota that is exceeded.
pub(super) fn remedy(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Settle(first) => settle(first),
        Remedy::LowerAndRestore { cap, default } => format!(
            "lower max_tokens to {cap} and ask AWS Support to restore the applied value to AWS's default of {}",
            limit(*default)
        ),
        Remedy::Lower { cap } => format!("lower max_tokens to {cap}: then it fits"),
        Remedy::SetMaxTokens => "set max_tokens, so that what is required is known".to_owned(),
        Remedy::LowerAndAsk { cap, lean } => {
            format!("lower max_tokens to {cap} and ask for {}", amount(*lean))
        }
        Remedy::Restore { default, max_tokens } => {
            let default = limit(*default);
            let cap = max_tokens.map(|cap| format!("lower max_tokens to {cap} and ")).unwrap_or_default();
            format!("{cap}ask AWS Support to restore the applied value to AWS's default of {default}")
        }
        Remedy::Migrate => ELSEWHERE.to_owned(),
        Remedy::AskOrLower { cap, ask, lean } => {
            format!("ask for {}, or lower max_tokens to {cap} and ask for {}", amount(*ask), amount(*lean))
        }
        Remedy::Ask { ask } => format!("ask for {}", amount(*ask)),
        Remedy::SupportCase { ask } => {
            format!("open a support case for {}: Service Quotas cannot raise it", amount(*ask))
        }
        Remedy::LowerDemand => "lower the demand".to_owned(),
    }
}
