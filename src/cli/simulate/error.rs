//! Errors of `simulate`. What is wrong in a trace or in workloads is a diagnostic and not here.

use crate::catalog::Scope;
use crate::experiment::{ChargeFault, DrawingFault};
use crate::simulate::PeakTooLarge;
use crate::units::{Ratio, grouped};

/// Why requests are not simulated. `subject` is a model and its scope, or a planned quota.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SimulateError {
    /// Nothing to replay.
    #[error("name a trace, or --workloads")]
    NoRequests,
    /// No row counts against a quota of tokens per minute.
    #[error("no row counts against a tokens-per-minute quota: there is nothing to replay")]
    NoTokenQuota,
    /// A name of the trace that leads to no model.
    #[error(
        "the model `{name}`{} of the trace is not known: name it in [aliases], or send all requests \
         elsewhere with --model and --scope",
        scope.map(|scope| format!(" in the scope `{scope}`")).unwrap_or_default()
    )]
    UnknownModel { name: String, scope: Option<Scope> },
    /// The model of the command line is not offered in the scope.
    #[error(
        "{model} is not offered in the scope `{scope}` from ca-central-1: `quotaplan models show {id}` lists its scopes"
    )]
    NotOffered { model: String, id: String, scope: Scope },
    /// A max_tokens that AWS refuses.
    #[error(
        "--max-tokens {max_tokens} is above the {maximum} that {model} can generate: AWS refuses such requests"
    )]
    MaxTokens { model: String, max_tokens: u64, maximum: u64 },
    /// Requests without max_tokens to a model whose maximum is not known; `unset` of `requests` where some of them
    /// state it, and `None` where the command line leaves it unset for all.
    #[error(
        "{subject}: {} and the model's maximum output is not known: set --max-tokens to a number, or state the \
         maximum with --models",
        unset.map_or_else(
            || "max_tokens is not set".to_owned(),
            |unset| format!(
                "{} of {} requests set no max_tokens", grouped(unset.into()), grouped((*requests).into())
            )
        )
    )]
    MaximumUnknown { subject: String, unset: Option<u64>, requests: u64 },
    /// Requests that cannot be charged.
    #[error("{subject}: {fault}{}", charge_help(*fault))]
    Charge { subject: String, fault: ChargeFault },
    /// Requests that cannot be drawn.
    #[error("{subject}: {fault}{}", drawing_help(*fault))]
    Drawing { subject: String, fault: DrawingFault },
    /// Requests whose unthrottled use is too large.
    #[error("{subject}: {error}")]
    Peak { subject: String, error: PeakTooLarge },
    /// A reranker, whose requests count against no quota of tokens.
    #[error(
        "{model} has no tokens-per-minute quota to replay against: {} request{} left out.",
        grouped((*requests).into()),
        if *requests == 1 { " is" } else { "s are" }
    )]
    Reranker { model: String, requests: u64 },
    /// A scale that keeps no request.
    #[error(
        "{subject}: --scale {factor} with --replicate leaves out {}: use a larger factor",
        if *requests == 1 {
            "its only request".to_owned()
        } else {
            format!("all of its {} requests", grouped((*requests).into()))
        }
    )]
    NothingLeft { subject: String, factor: Ratio, requests: u64 },
    /// A scale that moves requests out of all time.
    #[error(
        "{subject}: --scale {factor} stretches the trace over tens of thousands of years, more than can be \
         replayed: use a larger factor, or add --replicate, which keeps the times"
    )]
    TooLong { subject: String, factor: Ratio },
}

fn charge_help(fault: ChargeFault) -> &'static str {
    match fault {
        ChargeFault::MaximumUnknown => ": set --max-tokens to a number, or state the maximum with --models",
        ChargeFault::TooLarge | ChargeFault::Traffic(_) => "",
    }
}

fn drawing_help(fault: DrawingFault) -> &'static str {
    match fault {
        DrawingFault::TooMany { .. } => "",
        DrawingFault::MaximumUnknown => ": state it in the rows, or set it for all of them with --max-tokens",
    }
}
