//! Why no increase of a quota is asked for, and what to do instead.

use super::caps::cut_share;
use super::shared::sentence;
use crate::engine::Refusal;
use crate::report::words::sentence::Sentence;
use crate::units::Tokens;

/// The reason, and what to do instead.
pub(super) fn refusal(refusal: &Refusal) -> Sentence {
    let cap = |tokens: &Option<Tokens>| tokens.map(|tokens| tokens.to_string()).unwrap_or_default();
    let (reason, help) = match refusal {
        Refusal::NotOffered => (
            "the model is not callable from ca-central-1 in this scope, so it has no quota there".to_owned(),
            "plan the model that you will migrate to".to_owned(),
        ),
        Refusal::CodeUnknown => (
            "the model table has no quota code for it".to_owned(),
            "find the code in the Service Quotas console and add it with --models".to_owned(),
        ),
        Refusal::Legacy => (
            "the model is Legacy or retired, and AWS grants no increases for such models".to_owned(),
            "move to another model: `quotaplan plan` names successors, and `quotaplan migrate` plans the move".to_owned(),
        ),
        Refusal::Residency { residency, outside } => (
            format!("some of its rows must stay in `{residency}`, and the scope may process requests in {outside}"),
            "use a scope that stays there, or accept this with --accept-residency".to_owned(),
        ),
        Refusal::ResidencyUnknown { residency } => (
            format!(
                "some of its rows must stay in `{residency}`, and the model table does not know the scope's \
                 destination Regions"
            ),
            "look them up and add them with --models, or accept not knowing them with --accept-residency".to_owned(),
        ),
        Refusal::Fits { required, granted } => (
            format!("it fits: {required} required, {granted} granted"),
            "there is nothing to ask for: AWS accepts no value at or below the applied one".to_owned(),
        ),
        Refusal::LookUpFirst { required, default } => (
            format!("the applied value is not given, and AWS's default of {default} would be enough for the \
                     {required} required"),
            "look up the applied value first (`quotaplan quotas`) and add it to [granted]; if it is lower than what \
             is required, ask AWS Support to restore the default"
                .to_owned(),
        ),
        Refusal::NothingKnown => (
            "neither the applied value nor AWS's default is known".to_owned(),
            "look up the applied value first (`quotaplan quotas`) and add it to [granted]".to_owned(),
        ),
        Refusal::Restore { required, granted, default, max_tokens } => {
            let with = max_tokens.map(|cap| format!(" with max_tokens lowered to {cap}")).unwrap_or_default();
            (
                format!(
                    "the applied value of {granted} is below AWS's default of {default}, which would be enough for \
                     the {required} required{with}; Service Quotas refuses any value at or below the default"
                ),
                "restore-case.md asks AWS Support to restore the default".to_owned(),
            )
        }
        Refusal::NotAdjustable => (
            "Service Quotas cannot raise it".to_owned(),
            "support-case.md asks AWS Support to raise it".to_owned(),
        ),
        Refusal::RateUnknown { planned } => (
            format!("AWS states no burndown rate for the model, so the worst case of {planned} is planned"),
            "measure the rate first (`quotaplan sample --measure-rate`), or accept the worst case with \
             --accept-unknown"
                .to_owned(),
        ),
        Refusal::RequiredUnknown => (
            "max_tokens is not set and the model's maximum is not known, so what is required is not known either".to_owned(),
            "set max_tokens, or lower it to the tight cap with --accept-max-tokens".to_owned(),
        ),
        Refusal::Undecided { required, lean, lean_ask, max_tokens, cut, lean_restore_to, restore_to } => {
            let required =
                required.map_or_else(|| "an unknown amount".to_owned(), |required| required.to_string());
            let lean = lean.map_or_else(|| "an unknown amount".to_owned(), |lean| lean.to_string());
            let lean_plan = match (lean_ask, lean_restore_to) {
                (Some(ask), _) => format!("and asks for {ask}"),
                (None, Some(default)) => {
                    format!("and restore-case.md asks AWS Support to restore AWS's default of {default}")
                }
                (None, None) => "and asks for nothing, because no increase is needed".to_owned(),
            };
            let whole_plan = match restore_to {
                Some(default) => {
                    format!("keeps it, and restore-case.md asks AWS Support to restore AWS's default of {default}")
                }
                None => "asks for all of it".to_owned(),
            };
            (
                format!(
                    "reservations make the difference: {required} is required as configured, and {lean} with \
                     max_tokens lowered to {}, which is expected to cut off {} of the answers",
                    cap(max_tokens),
                    cut_share(*cut)
                ),
                format!(
                    "choose: --accept-max-tokens lowers max_tokens {lean_plan}; --with-reservations REASON \
                     {whole_plan}"
                ),
            )
        }
        Refusal::LeanFits { lean, max_tokens, default: Some(default) } => (
            format!(
                "the applied value is not given, and AWS's default of {default} would be enough for the {lean} \
                 required with max_tokens lowered to {}",
                cap(max_tokens)
            ),
            "lower max_tokens, and look up the applied value (`quotaplan quotas`): if it is lower than what is \
             required, ask AWS Support to restore the default"
                .to_owned(),
        ),
        Refusal::LeanFits { lean, max_tokens, default: None } => (
            format!("with max_tokens lowered to {} it fits: {lean} required", cap(max_tokens)),
            "there is nothing to ask for: lower max_tokens".to_owned(),
        ),
        Refusal::AboveMaximum { desired } => (
            format!("{desired} is above 10,000,000,000, the largest value that Service Quotas accepts"),
            "spread the traffic over both profiles or more accounts, or ask AWS Support".to_owned(),
        ),
        Refusal::StagesWithoutApplied => (
            "stages are multiples of the applied value, which is not given".to_owned(),
            "look up the applied value first (`quotaplan quotas`) and add it to [granted], or ask for all of it at \
             once, without --stages"
                .to_owned(),
        ),
    };
    sentence(reason, help)
}
