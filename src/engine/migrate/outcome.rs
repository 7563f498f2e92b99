//! What the stages mean for each quota: where it is needed most, when to ask, and the way back.

use std::collections::BTreeMap;

use super::stated::Migration;
use super::{Side, Stage, Touched};
use crate::engine::assumptions::PlanInput;
use crate::engine::quota_action::QuotaAction;
use crate::engine::quota_id::QuotaId;
use crate::engine::result::QuotaPlan;
use crate::engine::solve::QuotasToHold;
use crate::text::FactDate;
use crate::units::{Limit, QuotaAmount};

/// The day on which to have asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskBy {
    /// The day: the stage's less the lead, but not before today.
    pub date: FactDate,
    /// Whether the lead is no longer there.
    pub late: bool,
}

/// One quota over all stages.
#[derive(Debug, Clone)]
pub struct QuotaPath {
    /// Whose it is.
    pub side: Side,
    /// Which quota it is.
    pub id: QuotaId,
    /// Its place among the quotas of each stage's plan; `None` where no row counts against it.
    pub at: Vec<Option<usize>>,
    /// The first stage at which most is required; a requirement that is not known is the most.
    pub peak: usize,
    /// Whether AWS grants no increases of it, because the model is Legacy or retired: there is no day to ask by.
    pub takes_no_increases: bool,
    /// The first stage at which more is required than the applied quota, else the default, or the
    /// requirement is not known.
    pub exceeds_from: Option<usize>,
    /// When to ask for what that stage needs, where dates are given.
    pub ask_by: Option<AskBy>,
    /// The first stage at which the applied value must be known to tell whether it fits.
    pub look_up_from: Option<usize>,
    /// When to have looked it up, where dates are given.
    pub look_up_by: Option<AskBy>,
}

/// What an old model's quota leaves for all traffic to come back.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// Index among the quotas of the migration.
    pub quota: usize,
    /// What the file as it is requires.
    pub required: Option<QuotaAmount>,
    /// The applied quota, else the default.
    pub limit: Option<Limit>,
    /// Whether the limit holds it; `None` where no applied value is given, unless defaults are
    /// assumed, or the requirement is not known.
    pub holds: Option<bool>,
    /// Limit less requirement, negative where it does not fit; `None` where either is not known or
    /// there is no limit.
    pub headroom: Option<i128>,
}

/// Whether a quota holds less than is required, as far as limits are known.
fn exceeds(quota: &QuotaPlan) -> bool {
    match (quota.figures.required, quota.capacity()) {
        (Some(required), Some(limit)) => !limit.holds(required),
        (Some(_), None) => false,
        (None, _) => quota.entry.is_some(),
    }
}

/// Whether the applied value must be looked up to tell whether a quota fits.
fn is_to_look_up(quota: &QuotaPlan, held: &QuotasToHold<'_>) -> bool {
    let assumed = held.assume_defaults && quota.default_limit().is_some();
    quota.action == QuotaAction::VerifyApplied && quota.entry.is_some() && !assumed
}

/// The quotas that the moved rows count against at any stage, the old model's first.
pub(super) fn paths(
    input: &PlanInput<'_>,
    migration: &Migration,
    held: &QuotasToHold<'_>,
    stages: &[Stage],
    touched: &Touched,
) -> Vec<QuotaPath> {
    let mut found = BTreeMap::new();
    for (at, stage) in stages.iter().enumerate() {
        for (index, quota) in stage.plan.quotas.iter().enumerate() {
            let place = (quota.id.account.clone(), quota.id.model, quota.id.scope);
            let Some(side) = touched.get(&place) else { continue };
            let id = &input.catalog.model(quota.id.model).id;
            let order =
                (quota.id.account.clone(), *side, id, quota.id.scope.as_str(), quota.id.kind.as_str());
            let path = found.entry((order, quota.id.long_context)).or_insert_with(|| QuotaPath {
                side: *side,
                id: quota.id.clone(),
                at: vec![None; stages.len()],
                peak: at,
                takes_no_increases: input
                    .catalog
                    .model(quota.id.model)
                    .takes_no_increases(input.assumptions.today),
                exceeds_from: None,
                ask_by: None,
                look_up_from: None,
                look_up_by: None,
            });
            if let Some(slot) = path.at.get_mut(at) {
                *slot = Some(index);
            }
        }
    }
    found.into_values().map(|path| followed(path, input, migration, held, stages)).collect()
}

/// Fills in what follows from the figures of all stages.
fn followed(
    mut path: QuotaPath,
    input: &PlanInput<'_>,
    migration: &Migration,
    held: &QuotasToHold<'_>,
    stages: &[Stage],
) -> QuotaPath {
    let quotas = || {
        let at = path.at.iter().zip(stages).enumerate();
        at.filter_map(|(stage, (index, of))| Some((stage, of.plan.quotas.get((*index)?)?)))
    };
    let needed = |quota: &QuotaPlan| quota.figures.required.map_or(u64::MAX, QuotaAmount::get);
    let first = |wanted: &dyn Fn(&QuotaPlan) -> bool| {
        quotas().find(|(_, quota)| wanted(quota)).map(|(stage, _)| stage)
    };
    let most = quotas().map(|(_, quota)| needed(quota)).max();
    let peak = first(&|quota| Some(needed(quota)) == most).unwrap_or(0);
    let exceeds_from = first(&exceeds);
    let look_up_from = first(&|quota| is_to_look_up(quota, held));
    let today = input.assumptions.today;
    let by = |stage: usize| {
        let date = stages.get(stage)?.date?;
        let date = migration.calendar.lead_before(date)?;
        let late = date.day() < today.day();
        Some(AskBy { date: if late { today } else { date }, late })
    };
    path.peak = peak;
    path.exceeds_from = exceeds_from;
    path.ask_by = match exceeds_from {
        _ if path.takes_no_increases => None,
        // It is too small before anything moves.
        Some(0) => migration.calendar.start.map(|_| AskBy { date: today, late: true }),
        Some(stage) => by(stage),
        None => None,
    };
    path.look_up_from = look_up_from;
    path.look_up_by = look_up_from.and_then(|stage| by(stage.max(1)));
    path
}

/// Whether the old model's quotas still take all traffic back.
pub(super) fn rollback(held: &QuotasToHold<'_>, stages: &[Stage], paths: &[QuotaPath]) -> Vec<Rollback> {
    let old = paths.iter().enumerate().filter(|(_, path)| path.side == Side::Old);
    let whole = old.filter_map(|(index, path)| {
        let at = path.at.first().copied().flatten()?;
        Some((index, stages.first()?.plan.quotas.get(at)?))
    });
    let of = whole.map(|(index, quota)| {
        let (required, limit) = (quota.figures.required, quota.capacity());
        let holds = held.limit(quota).zip(required).map(|(limit, required)| limit.holds(required));
        let amount = |amount: QuotaAmount| i128::from(amount.get());
        let headroom = limit.and_then(Limit::amount).zip(required);
        let headroom = headroom.map(|(limit, required)| amount(limit) - amount(required));
        Rollback { quota: index, required, limit, holds, headroom }
    });
    of.collect()
}
