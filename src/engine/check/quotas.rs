//! Quotas against what is applied, or against the default where that is assumed.

use super::collect::{About, Gate, key};
use crate::engine::finding::{FindingFact, FindingPlace};
use crate::engine::remedy::WithinPolicy;
use crate::engine::result::QuotaPlan;
use crate::units::{Limit, MILLIONTHS, QuotaAmount, Ratio, words};
use crate::workload::Column;

words! {
    /// What became of a quota.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum QuotaOutcome {
        /// What is required fits, by the policy too.
        Fits = "fits",
        /// It fits, but more of it is used than the policy allows.
        AboveUtilisation = "above-utilisation",
        /// The requirement exceeds the quota.
        Exceeds = "exceeds",
        /// It cannot be judged.
        Undetermined = "undetermined",
    }
}

/// A quota's judgement.
#[derive(Debug, Clone, Copy)]
pub struct QuotaJudgement {
    /// What became of it.
    pub outcome: QuotaOutcome,
    /// What it was held against; `None` where it could not be judged.
    pub limit: Option<Limit>,
    /// Whether that is AWS's default, assumed to apply.
    pub assumed_default: bool,
}

/// Judges every quota of the plan, in its order.
pub(super) fn judge(gate: &mut Gate<'_, '_>, assume_defaults: bool) -> Vec<QuotaJudgement> {
    let plan = gate.plan;
    let mut judged = Vec::new();
    for (index, quota) in plan.quotas.iter().enumerate() {
        judged.push(one(gate, index, quota, assume_defaults));
    }
    let assumed = plan.quotas.iter().zip(&judged).filter(|(_, judgement)| judgement.assumed_default);
    let codes: Vec<Option<String>> = assumed.map(|(quota, _)| quota.code().map(str::to_owned)).collect();
    if !codes.is_empty() {
        gate.add(FindingFact::AssumedDefault { codes, of: judged.len() }, About::default());
    }
    judged
}

fn one(gate: &mut Gate<'_, '_>, index: usize, quota: &QuotaPlan, assume_defaults: bool) -> QuotaJudgement {
    let granted = quota.granted_limit();
    let default = quota.default_limit().filter(|_| assume_defaults && granted.is_none());
    let undetermined =
        QuotaJudgement { outcome: QuotaOutcome::Undetermined, limit: None, assumed_default: false };
    let Some(limit) = granted.or(default) else {
        no_limit(gate, index, quota, assume_defaults);
        return undetermined;
    };
    let Some(required) = quota.figures.required else {
        let about = About {
            quota: Some(index),
            place: first_cell(gate, quota, Column::MaxTokens),
            ..About::default()
        };
        gate.add(FindingFact::RequiredUnknown, about);
        return undetermined;
    };
    let assumed_default = granted.is_none();
    let judgement = |outcome| QuotaJudgement { outcome, limit: Some(limit), assumed_default };
    if !limit.holds(required) {
        // An applied quota that is exceeded stands among the plan's own findings.
        if assumed_default {
            let about = About {
                quota: Some(index),
                place: gate.plan.largest_cell(gate.input, quota),
                rows: gate.plan.rows_of(quota).len(),
                ..About::default()
            };
            let (first, no_increases) =
                (gate.plan.unsettled_residency(gate.input, quota), takes_no_increases(gate, quota));
            gate.add(FindingFact::ExceedsDefault { required, default: limit, first, no_increases }, about);
        }
        return judgement(QuotaOutcome::Exceeds);
    }
    if let (Some(policy), Limit::Amount(amount)) =
        (&gate.input.assumptions.config.policy.max_utilisation, limit)
        && passes(required, amount, policy.value)
    {
        let about = About {
            quota: Some(index),
            place: gate.plan.largest_cell(gate.input, quota),
            related: key(policy.span),
            rows: gate.plan.rows_of(quota).len(),
            ..About::default()
        };
        let within = keeping_within(gate, quota, required, policy.value);
        let allowed = policy.value;
        let fact = FindingFact::OverUtilisation { required, amount, assumed_default, allowed, within };
        gate.add(fact, about);
        return judgement(QuotaOutcome::AboveUtilisation);
    }
    judgement(QuotaOutcome::Fits)
}

fn takes_no_increases(gate: &Gate<'_, '_>, quota: &QuotaPlan) -> bool {
    gate.input.catalog.model(quota.id.model).takes_no_increases(gate.input.assumptions.today)
}

/// Whether `required / amount` is above a ratio.
fn passes(required: QuotaAmount, amount: QuotaAmount, most: Ratio) -> bool {
    u128::from(required.get()) * u128::from(MILLIONTHS)
        > u128::from(amount.get()) * u128::from(most.millionths())
}

/// What would keep a quota within the policy: an increase to the least amount of which `required` is no more
/// than a share, or AWS's default where that is enough.
fn keeping_within(
    gate: &Gate<'_, '_>,
    quota: &QuotaPlan,
    required: QuotaAmount,
    most: Ratio,
) -> WithinPolicy {
    let share = u128::from(most.millionths());
    if share == 0 {
        return WithinPolicy::Never;
    }
    let least = (u128::from(required.get()) * u128::from(MILLIONTHS)).div_ceil(share);
    if let Some(first) = gate.plan.unsettled_residency(gate.input, quota) {
        return WithinPolicy::Settle(first);
    }
    let restored =
        u64::try_from(least).ok().and_then(QuotaAmount::new).and_then(|least| quota.restored_for(least));
    match restored {
        Some(default) => WithinPolicy::Restored { default },
        None => WithinPolicy::Granted { least, no_increases: takes_no_increases(gate, quota) },
    }
}

fn first_cell(gate: &Gate<'_, '_>, quota: &QuotaPlan, column: Column) -> Option<FindingPlace> {
    let row = gate.plan.rows_of(quota).first()?;
    Some(FindingPlace::Cell { row: *row as usize, column })
}

fn no_limit(gate: &mut Gate<'_, '_>, index: usize, quota: &QuotaPlan, assume_defaults: bool) {
    // A quota that is not there, or of which nothing is known, is a finding of the plan.
    let (Some(_), Some(default)) = (quota.code(), quota.default_limit()) else {
        return;
    };
    let stated = quota.granted.as_ref();
    let own = gate.input.assumptions.config.account.as_deref();
    let fact = FindingFact::LimitNotGiven {
        is_stated: stated.is_some(),
        default,
        account: quota.id.account.clone().filter(|account| Some(account.as_str()) != own),
        by_defaults: assume_defaults,
    };
    let about = About {
        quota: Some(index),
        place: first_cell(gate, quota, Column::Model),
        related: stated.map(|stated| FindingPlace::Key(stated.span)),
        rows: gate.plan.rows_of(quota).len(),
        ..About::default()
    };
    gate.add(fact, about);
}
