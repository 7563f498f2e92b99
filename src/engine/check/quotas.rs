//! Quotas against what is applied, or against the default where that is assumed.

use super::collect::{About, Gate, key};
use crate::engine::action::ELSEWHERE;
use crate::engine::residency::settle_residency;
use crate::engine::result::{FindingPlace, QuotaPlan};
use crate::text::Code;
use crate::units::{Limit, MILLIONTHS, QuotaAmount, Ratio, Utilisation, grouped, percent_of, words};
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
    let assumed: Vec<&str> = assumed.map(|(quota, _)| quota.id.code_words()).collect();
    if !assumed.is_empty() {
        let message = format!(
            "{} of {} quotas have no applied value and are judged by AWS's default, assumed to apply: {}",
            assumed.len(),
            judged.len(),
            listed(&assumed)
        );
        let help =
            "what applies to an account may be lower: look the applied values up and put them into [granted]";
        gate.add(Code::AssumedDefault, About::default(), message, help);
    }
    judged
}

/// Codes listed in one finding.
const LISTED: usize = 20;

fn listed(codes: &[&str]) -> String {
    let more = if codes.len() > LISTED { ", ..." } else { "" };
    codes.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ") + more
}

fn one(gate: &mut Gate<'_, '_>, index: usize, quota: &QuotaPlan, assume_defaults: bool) -> QuotaJudgement {
    let title = quota.title(gate.input.catalog);
    let granted = quota.granted_limit();
    let default = quota.default_limit().filter(|_| assume_defaults && granted.is_none());
    let undetermined =
        QuotaJudgement { outcome: QuotaOutcome::Undetermined, limit: None, assumed_default: false };
    let Some(limit) = granted.or(default) else {
        no_limit(gate, index, quota, assume_defaults);
        return undetermined;
    };
    let Some(required) = quota.figures.required else {
        let message = format!(
            "{title}: what is required is not known, since max_tokens is not set and the model's maximum is not known"
        );
        let about = About {
            quota: Some(index),
            place: first_cell(gate, quota, Column::MaxTokens),
            ..About::default()
        };
        gate.add(Code::QuotaUndetermined, about, message, "set max_tokens in every row");
        return undetermined;
    };
    let assumed_default = granted.is_none();
    let judgement = |outcome| QuotaJudgement { outcome, limit: Some(limit), assumed_default };
    if !limit.holds(required) {
        // An applied quota that is exceeded stands among the plan's own findings.
        if assumed_default {
            let message = format!("{title}: {required} required, AWS's default is {limit}, assumed to apply");
            let about = About {
                quota: Some(index),
                place: gate.plan.largest_cell(gate.input, quota),
                rows: gate.plan.rows_of(quota).len(),
                ..About::default()
            };
            let help = beyond_default(gate, quota);
            gate.add(Code::ExceedsDefault, about, message, help);
        }
        return judgement(QuotaOutcome::Exceeds);
    }
    if let (Some(policy), Limit::Amount(amount)) = (&gate.input.assumptions.policy.max_utilisation, limit)
        && passes(required, amount, policy.value)
    {
        let which = if assumed_default { "default (assumed)" } else { "granted" };
        let share = Utilisation::new(required, amount).map(|share| share.to_string()).unwrap_or_default();
        let message = format!(
            "{title}: {required} required are {} of the {which} {amount}, the policy allows {}\u{a0}%",
            share.replace(' ', "\u{a0}"),
            percent_of(policy.value.millionths())
        );
        let about = About {
            quota: Some(index),
            place: gate.plan.largest_cell(gate.input, quota),
            related: key(policy.span),
            rows: gate.plan.rows_of(quota).len(),
            ..About::default()
        };
        let help = keeping_within(gate, quota, required, policy.value);
        gate.add(Code::OverUtilisation, about, message, help);
        return judgement(QuotaOutcome::AboveUtilisation);
    }
    judgement(QuotaOutcome::Fits)
}

fn takes_no_increases(gate: &Gate<'_, '_>, quota: &QuotaPlan) -> bool {
    gate.input.catalog.model(quota.id.model).takes_no_increases(gate.input.assumptions.today)
}

/// What to do where AWS's default, assumed to apply, does not hold what is required.
fn beyond_default(gate: &Gate<'_, '_>, quota: &QuotaPlan) -> String {
    if let Some(first) = settle_residency(gate.input, gate.plan, quota) {
        return first;
    }
    if takes_no_increases(gate, quota) {
        return format!(
            "look the applied value up; where it does not hold this, lower the demand or {ELSEWHERE}"
        );
    }
    "look the applied value up, then ask for an increase or lower the demand: `quotaplan plan` says how much"
        .to_owned()
}

/// Whether `required / amount` is above a ratio.
fn passes(required: QuotaAmount, amount: QuotaAmount, most: Ratio) -> bool {
    u128::from(required.get()) * u128::from(MILLIONTHS)
        > u128::from(amount.get()) * u128::from(most.millionths())
}

/// What would keep a quota within the policy: an increase to the least amount of which `required` is no more
/// than a share, or AWS's default where that is enough.
fn keeping_within(gate: &Gate<'_, '_>, quota: &QuotaPlan, required: QuotaAmount, most: Ratio) -> String {
    let share = u128::from(most.millionths());
    if share == 0 {
        return "no amount would keep within it: lower the demand".to_owned();
    }
    let least = (u128::from(required.get()) * u128::from(MILLIONTHS)).div_ceil(share);
    if let Some(first) = settle_residency(gate.input, gate.plan, quota) {
        return first;
    }
    let restored =
        u64::try_from(least).ok().and_then(QuotaAmount::new).and_then(|least| quota.restored_for(least));
    match restored {
        Some(default) => format!(
            "AWS's default of {default} would keep within it: ask AWS Support to restore it before it is needed, or lower \
             the demand"
        ),
        None if takes_no_increases(gate, quota) => {
            format!("{} granted would keep within it: lower the demand or {ELSEWHERE}", grouped(least))
        }
        None => format!(
            "{} granted would keep within it: ask for an increase before it is needed, or lower the demand",
            grouped(least)
        ),
    }
}

fn first_cell(gate: &Gate<'_, '_>, quota: &QuotaPlan, column: Column) -> Option<FindingPlace> {
    let row = gate.plan.rows_of(quota).first()?;
    Some(FindingPlace::Cell { row: *row as usize, column })
}

fn no_limit(gate: &mut Gate<'_, '_>, index: usize, quota: &QuotaPlan, assume_defaults: bool) {
    // A quota that is not there, or of which nothing is known, is a finding of the plan.
    let (Some(code), Some(default)) = (quota.code(), quota.default_limit()) else {
        return;
    };
    let stated = quota.granted.as_ref();
    let why =
        if stated.is_some() { "the applied quota is stated as unknown" } else { "no applied quota is given" };
    let required =
        quota.figures.required.map_or_else(|| "what is".to_owned(), |required| required.to_string());
    let message = format!(
        "{}: {why}, so {required} required cannot be judged (AWS's default is {default})",
        quota.title(gate.input.catalog)
    );
    let own = gate.input.assumptions.account.as_deref();
    let table = match quota.id.account.as_deref() {
        Some(account) if Some(account) != own => format!("[accounts.{account}.granted]"),
        _ => "[granted]".to_owned(),
    };
    let defaults = if assume_defaults { "" } else { ", or judge by AWS's defaults with --assume-defaults" };
    let help = format!(
        "look it up and put it into {table}{defaults}: aws service-quotas get-service-quota --region ca-central-1 \
         --service-code bedrock --quota-code {code}"
    );
    let about = About {
        quota: Some(index),
        place: first_cell(gate, quota, Column::Model),
        related: stated.map(|stated| FindingPlace::Key(stated.span)),
        rows: gate.plan.rows_of(quota).len(),
        ..About::default()
    };
    gate.add(Code::QuotaUndetermined, about, message, help);
}
