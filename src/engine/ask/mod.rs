//! What a plan leads to at Service Quotas: for each quota what is asked for, or why nothing is.
//!
//! It refuses what AWS would refuse, and what rests on reservations alone unless a person chose it.

mod refusal;
mod stages;

use super::assumptions::PlanInput;
use super::quota_action::QuotaAction;
use super::residency::strictest_residency;
use super::result::{Plan, QuotaPlan};
use crate::catalog::{RateStatus, ResidencyVerdict};
use crate::units::{DESIRED_MAXIMUM, Fact, Limit, QuotaAmount, Tokens};
pub use refusal::Refusal;
pub use stages::{AskStage, Staging};

/// Which of two plans is asked for where reservations inflate what is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservations {
    /// Nobody has chosen: neither is asked for.
    Undecided,
    /// max_tokens is lowered to the tight cap.
    AcceptMaxTokens,
    /// max_tokens stays as configured, for this reason.
    Keep(String),
}

/// What a person decides about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskTerms {
    /// Which plan is asked for where reservations inflate what is required.
    pub reservations: Reservations,
    /// Whether a burndown rate that is not known may be planned at its worst case.
    pub accept_unknown: bool,
    /// Whether an increase may be asked for where the scope breaks, or may break, the residency of the rows.
    pub accept_residency: bool,
    /// Whether requests per minute are asked for too, not in the text of the Support case alone.
    pub also_rpm: bool,
    /// How an increase is divided, where it is.
    pub staging: Option<Staging>,
    /// Whether AWS may open a Support case for what it does not grant by itself.
    pub support_case: bool,
}

/// One quota of the plan and what becomes of it.
#[derive(Debug, Clone)]
pub struct QuotaAsk {
    /// Index of the quota in the plan.
    pub quota: usize,
    /// What is asked for, or why nothing is.
    pub outcome: Result<Ask, Refusal>,
}

/// An increase to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The value needed in the end, in the quota's own unit.
    pub desired: QuotaAmount,
    /// The cap on max_tokens it rests on; `None` where max_tokens stays as configured.
    pub max_tokens: Option<Tokens>,
    /// Its parts, the first to be asked for now; empty where it is asked for whole.
    pub stages: Vec<AskStage>,
}

impl Ask {
    /// The value to ask for now.
    #[must_use]
    pub fn now(&self) -> QuotaAmount {
        self.stages.first().map_or(self.desired, |stage| stage.desired)
    }
}

/// Whether a plan as configured and a lean plan differ so much that a person has to choose: more than
/// a quarter (guide/sizing.md, section 3), or the difference between asking and not asking.
#[must_use]
pub fn rests_on_reservations(quota: &QuotaPlan) -> bool {
    let wide = match (quota.figures.required, quota.lean_required) {
        (Some(required), Some(lean)) => u128::from(required.get()) * 4 > u128::from(lean.get()) * 5,
        _ => false,
    };
    wide || quota.action == QuotaAction::LowerMaxTokens || quota.restoring_cap().is_some()
}

/// What becomes of each quota of an account at Service Quotas, in the order of the plan.
///
/// Tokens per minute always; requests per minute where the terms say so, since AWS offers them with the
/// request for tokens, or where the model has no quota of tokens; daily quotas never, which go into the
/// text of a Support case.
#[must_use]
pub fn asks(input: &PlanInput<'_>, plan: &Plan, account: Option<&str>, terms: &AskTerms) -> Vec<QuotaAsk> {
    let of_account =
        plan.quotas.iter().enumerate().filter(|(_, quota)| quota.id.account.as_deref() == account);
    of_account
        .filter(|(_, quota)| {
            let kind = quota.id.kind;
            let also = !kind.counts_requests() || terms.also_rpm || !counts_tokens(plan, quota);
            also && !kind.is_daily()
        })
        .map(|(index, quota)| QuotaAsk { quota: index, outcome: ask(input, plan, quota, terms) })
        .collect()
}

/// Whether a quota of tokens per minute counts the same traffic.
fn counts_tokens(plan: &Plan, quota: &QuotaPlan) -> bool {
    let same = |other: &&QuotaPlan| other.pool == quota.pool && other.id.kind.reserves_tokens();
    plan.quotas.iter().any(|other| same(&other))
}

/// Why a quota is refused for the residency of its rows, whatever a person accepts: an increase in a scope
/// that breaks it, or whose destination Regions are unknown, would send the data there.
#[must_use]
pub fn residency_refusal(input: &PlanInput<'_>, plan: &Plan, quota: &QuotaPlan) -> Option<Refusal> {
    let residency = strictest_residency(input, plan.rows_of(quota))?;
    match input.catalog.model(quota.id.model).keeps_to(Some(residency), quota.id.scope) {
        ResidencyVerdict::Met => None,
        ResidencyVerdict::Outside(outside) => Some(Refusal::Residency { residency, outside }),
        ResidencyVerdict::Unknown => Some(Refusal::ResidencyUnknown { residency }),
    }
}

fn ask(input: &PlanInput<'_>, plan: &Plan, quota: &QuotaPlan, terms: &AskTerms) -> Result<Ask, Refusal> {
    let model = input.catalog.model(quota.id.model);
    let Some(entry) = &quota.entry else {
        return Err(Refusal::NotOffered);
    };
    if entry.known_code().is_none() {
        return Err(Refusal::CodeUnknown);
    }
    nothing_needed(quota)?;
    if let Some(refusal) = residency_refusal(input, plan, quota).filter(|_| !terms.accept_residency) {
        return Err(refusal);
    }
    restored(quota, &terms.reservations)?;
    if model.takes_no_increases(input.assumptions.today) {
        return Err(without_an_increase(quota));
    }
    if entry.adjustable == Fact::Known(false) {
        return Err(Refusal::NotAdjustable);
    }
    if quota.rate.status == RateStatus::Unknown && quota.id.kind.reserves_tokens() && !terms.accept_unknown {
        return Err(Refusal::RateUnknown { planned: quota.rate.rate });
    }
    let (desired, max_tokens) = chosen(quota, &terms.reservations)?;
    if desired.get() > DESIRED_MAXIMUM {
        return Err(Refusal::AboveMaximum { desired });
    }
    let stages = match &terms.staging {
        None => Vec::new(),
        Some(staging) => match quota.granted_limit() {
            // Service Quotas takes nothing at or below AWS's default, so the stages begin there.
            Some(Limit::Amount(applied)) => {
                let default = quota.default_limit().and_then(Limit::amount).unwrap_or_default();
                staging.divide(applied.max(default), desired, input.assumptions.today)
            }
            // Without an applied value there is nothing that a stage could be twice of.
            Some(Limit::Unlimited) | None => return Err(Refusal::StagesWithoutApplied),
        },
    };
    Ok(Ask { desired, max_tokens, stages })
}

/// What is left for a model that AWS grants no increases for: the cap, AWS's default, or another model.
fn without_an_increase(quota: &QuotaPlan) -> Refusal {
    let max_tokens = quota.tight_max_tokens;
    match (quota.lean_required, quota.granted_limit()) {
        (Some(lean), _) if quota.capacity().is_some_and(|capacity| capacity.holds(lean)) => {
            Refusal::LeanFits { lean, max_tokens, default: default_alone(quota) }
        }
        (Some(required), Some(granted)) => match quota.restored_for(required) {
            Some(default) => Refusal::Restore { required, granted, default, max_tokens },
            None => Refusal::Legacy,
        },
        _ => Refusal::Legacy,
    }
}

/// AWS's default, where the applied value is not known.
fn default_alone(quota: &QuotaPlan) -> Option<Limit> {
    quota.default_limit().filter(|_| quota.granted_limit().is_none())
}

/// Refuses where nothing is missing, as far as is known.
fn nothing_needed(quota: &QuotaPlan) -> Result<(), Refusal> {
    let required = quota.figures.required;
    match (quota.granted_limit(), quota.default_limit()) {
        (Some(granted), _) => match required {
            Some(required) if granted.holds(required) => Err(Refusal::Fits { required, granted }),
            _ => Ok(()),
        },
        (None, None) => Err(Refusal::NothingKnown),
        (None, Some(default)) => match required {
            Some(required) if default.holds(required) => Err(Refusal::LookUpFirst { required, default }),
            _ => Ok(()),
        },
    }
}

/// Refuses where AWS's default, to which AWS Support restores the applied value, holds what is
/// required, as configured or with the cap that was accepted.
fn restored(quota: &QuotaPlan, reservations: &Reservations) -> Result<(), Refusal> {
    let Some(granted) = quota.granted_limit() else { return Ok(()) };
    let restore = |demand: Option<QuotaAmount>, max_tokens: Option<Tokens>| match demand {
        Some(required) => match quota.restored_for(required) {
            Some(default) => Err(Refusal::Restore { required, granted, default, max_tokens }),
            None => Ok(()),
        },
        None => Ok(()),
    };
    // Where the default holds what is configured, nothing is to be chosen, unless a cap holds already.
    if quota.action != QuotaAction::LowerMaxTokens || matches!(reservations, Reservations::Keep(_)) {
        restore(quota.figures.required, None)?;
    }
    if matches!(reservations, Reservations::AcceptMaxTokens) {
        restore(quota.lean_required, quota.tight_max_tokens)?;
    }
    Ok(())
}

/// The value to ask for and the cap it rests on, by what a person chose.
fn chosen(quota: &QuotaPlan, reservations: &Reservations) -> Result<(QuotaAmount, Option<Tokens>), Refusal> {
    let as_configured = || match quota.figures.required {
        Some(required) => Ok((required.rounded_up_to_two_digits(), None)),
        None => Err(Refusal::RequiredUnknown),
    };
    if !rests_on_reservations(quota) {
        return as_configured();
    }
    match reservations {
        Reservations::Undecided => Err(Refusal::Undecided {
            required: quota.figures.required,
            lean: quota.lean_required,
            lean_ask: quota.lean_ask,
            max_tokens: quota.tight_max_tokens,
            cut: quota.tight_cut,
            lean_restore_to: quota.lean_required.and_then(|lean| quota.restored_for(lean)),
            restore_to: quota.figures.required.and_then(|required| quota.restored_for(required)),
        }),
        Reservations::Keep(_) => as_configured(),
        Reservations::AcceptMaxTokens => match (quota.lean_ask, quota.lean_required) {
            (Some(ask), _) => Ok((ask, quota.tight_max_tokens)),
            (None, Some(lean)) => Err(Refusal::LeanFits {
                lean,
                max_tokens: quota.tight_max_tokens,
                default: default_alone(quota),
            }),
            (None, None) => Err(Refusal::RequiredUnknown),
        },
    }
}
