//! What there is to do about a plan, the most urgent first: one list, which every report shows.
//!
//! What is decided of one quota ([`QuotaAction`]) is put together with what stands before it: applied values that are
//! not known, a residency that the scope does not keep to, a model that AWS grants no increases for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::assumptions::PlanInput;
use super::finding::FindingFact;
use super::quota_action::QuotaAction;
use super::residency::{ResidencyFault, residency_fault};
use super::result::{Plan, QuotaPlan};
use crate::catalog::{ModelIndex, Scope};
use crate::contract::action::ActionVerb;
use crate::text::Code;
use crate::units::{Limit, QuotaAmount, Tokens};
use crate::workload::Workload;

/// Workloads that an action names, those with the largest share.
const WORKLOADS: usize = 10;

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAction<'p> {
    /// What to do.
    pub verb: ActionVerb,
    /// What it is about.
    pub subject: ActionSubject,
    /// What to ask for, to restore or to lower to; `None` where there is no such value, or it is not known.
    pub value: Option<ActionValue>,
    /// Indices of the findings that it follows from.
    pub because: Vec<usize>,
    /// The workloads behind it with their shares of the peak in ten-thousandths, the largest first.
    pub workloads: Vec<(&'p str, u32)>,
    /// How urgent it is.
    pub urgency: Urgency,
}

/// What an action is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionSubject {
    /// The applied values of quotas, by their indices.
    AppliedValues(Vec<usize>),
    /// A quota, by its index.
    Quota(usize),
    /// An account's tokens per day over all models, by its index.
    Daily(usize),
    /// A model in a scope, and its quotas in the plan by their indices.
    Model {
        /// The account, where one is named.
        account: Option<String>,
        /// The model.
        model: ModelIndex,
        /// The scope.
        scope: Scope,
        /// Its quotas.
        quotas: Vec<usize>,
    },
}

/// The value of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionValue {
    /// In the unit of the quota.
    Amount(QuotaAmount),
    /// Tokens of an answer.
    MaxTokens(Tokens),
}

/// Why an action comes where it does, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// The verdict rests on it.
    Verdict,
    /// A quota does not hold what is required.
    Exceeds,
    /// A person must choose before traffic goes on.
    Choice,
    /// A model ends, while its quotas hold.
    ModelEnds,
    /// An estimate exceeds a quota.
    Estimate,
}

impl Plan {
    /// What there is to do, the most urgent first; among quotas that do not hold, the one furthest above its limit.
    #[must_use]
    pub fn actions<'p>(&'p self, input: &'p PlanInput<'p>) -> Vec<PlannedAction<'p>> {
        let found = Found::read(self);
        let mut actions = Vec::new();
        actions.extend(self.look_up());
        for (index, quota) in self.quotas.iter().enumerate() {
            if !found.residency.contains_key(&place_of(quota)) {
                actions.extend(self.of_quota(input, &found, index, quota));
            }
        }
        for (place, residency) in &found.residency {
            let (verb, because) = (residency.verb, &residency.because);
            actions.extend(self.of_place(input, place, verb, because, Urgency::Choice));
        }
        let places: BTreeSet<QuotaPlace> = self.quotas.iter().map(place_of).collect();
        for place in places {
            let Some(because) = found.legacy.get(&(place.1, place.2)) else { continue };
            if !actions.iter().any(|action| action.is_migration_of(self, &place)) {
                let verb = ActionVerb::Migrate;
                actions.extend(self.of_place(input, &place, verb, because, Urgency::ModelEnds));
            }
        }
        actions.extend(self.of_days(&found));
        actions.sort_by_key(|action| (action.urgency, Reverse(self.excess(action))));
        actions
    }

    /// Looking applied values up, where any is not known.
    fn look_up(&self) -> Option<PlannedAction<'_>> {
        let is_open = |quota: &QuotaPlan| quota.granted_limit().is_none() && quota.entry.is_some();
        let open = self.quotas.iter().enumerate().filter(|(_, quota)| is_open(quota));
        let quotas: Vec<usize> = open.map(|(index, _)| index).collect();
        let because = self.finding_indices(|finding| finding.code == Code::AppliedNotGiven);
        (!quotas.is_empty()).then(|| PlannedAction {
            verb: ActionVerb::LookUp,
            subject: ActionSubject::AppliedValues(quotas),
            value: None,
            because,
            workloads: Vec::new(),
            urgency: Urgency::Verdict,
        })
    }

    /// What a quota needs: nothing, one action, or a lower cap and what it leaves to ask for.
    fn of_quota<'p>(
        &'p self,
        input: &'p PlanInput<'p>,
        found: &Found,
        index: usize,
        quota: &'p QuotaPlan,
    ) -> Vec<PlannedAction<'p>> {
        let cap = quota.tight_max_tokens.map(ActionValue::MaxTokens);
        let amount = |limit: Option<Limit>| match limit {
            Some(Limit::Amount(amount)) => Some(ActionValue::Amount(amount)),
            _ => None,
        };
        let more = if quota.may_be_adjustable() { ActionVerb::Ask } else { ActionVerb::Case };
        let steps: Vec<(ActionVerb, Option<ActionValue>)> = match quota.action {
            QuotaAction::None => Vec::new(),
            QuotaAction::VerifyApplied if quota.entry.is_none() => vec![(ActionVerb::Migrate, None)],
            QuotaAction::VerifyApplied => Vec::new(),
            QuotaAction::LowerMaxTokens => {
                let mut steps = vec![(ActionVerb::Lower, cap)];
                let restored = quota.lean_required.and_then(|lean| quota.restored_for(lean));
                match quota.lean_ask {
                    Some(ask) => steps.push((more, Some(ActionValue::Amount(ask)))),
                    None if restored.is_some() => steps.push((ActionVerb::Restore, amount(restored))),
                    None => {}
                }
                steps
            }
            QuotaAction::Restore => {
                let lower = quota.restoring_cap().map(ActionValue::MaxTokens);
                let lower = lower.map(|cap| (ActionVerb::Lower, Some(cap)));
                lower.into_iter().chain([(ActionVerb::Restore, amount(quota.restore_to))]).collect()
            }
            QuotaAction::Migrate => vec![(ActionVerb::Migrate, None)],
            QuotaAction::Request => match quota.lean_ask.filter(|_| quota.rests_on_reservations()) {
                Some(lean) => vec![(ActionVerb::Lower, cap), (more, Some(ActionValue::Amount(lean)))],
                None => vec![(more, quota.ask.map(ActionValue::Amount))],
            },
        };
        if steps.is_empty() {
            return Vec::new();
        }
        let workloads = self.largest_workloads(input, quota, |_| true);
        let action = |(verb, value)| PlannedAction {
            verb,
            subject: ActionSubject::Quota(index),
            value,
            because: found.behind(verb, index, quota),
            workloads: workloads.clone(),
            urgency: Urgency::Exceeds,
        };
        steps.into_iter().map(action).collect()
    }

    /// Something to do about a model in a scope, for one account.
    fn of_place<'p>(
        &'p self,
        input: &'p PlanInput<'p>,
        place: &QuotaPlace,
        verb: ActionVerb,
        because: &[usize],
        at_least: Urgency,
    ) -> Option<PlannedAction<'p>> {
        let (account, model, scope) = (place.0.clone(), place.1, place.2);
        let of_place = self.quotas.iter().enumerate().filter(|(_, quota)| place_of(quota) == *place);
        let (quotas, plans): (Vec<usize>, Vec<&QuotaPlan>) = of_place.unzip();
        let first = plans
            .iter()
            .copied()
            .max_by_key(|quota| (quota.id.kind.reserves_tokens(), self.rows_of(quota).len()))?;
        let settles_residency = matches!(verb, ActionVerb::Rescope | ActionVerb::Decide);
        let waits = settles_residency && plans.iter().any(|quota| quota.exceeds());
        let breaks = |row: &Workload| {
            let residency = row.residency();
            residency_fault(input.catalog.model(model), scope, residency).is_some()
        };
        // Where the rows' own residencies are kept, the policy asks for one of all rows.
        let own = self.largest_workloads(input, first, breaks);
        let of_rows = settles_residency && !own.is_empty();
        Some(PlannedAction {
            verb,
            workloads: if of_rows { own } else { self.largest_workloads(input, first, |_| true) },
            subject: ActionSubject::Model { account, model, scope, quotas },
            value: None,
            because: because.to_vec(),
            urgency: if waits { Urgency::Exceeds } else { at_least },
        })
    }

    /// Accounts whose tokens per day over all models exceed the quota by estimate.
    fn of_days(&self, found: &Found) -> Vec<PlannedAction<'_>> {
        let action = |(finding, index): &(usize, usize)| {
            let daily = self.account_daily.get(*index)?;
            let (verb, value) = match daily.restored_to() {
                Some(Limit::Amount(default)) => (ActionVerb::Restore, default),
                _ => (ActionVerb::Case, daily.larger().rounded_up_to_two_digits()),
            };
            Some(PlannedAction {
                verb,
                subject: ActionSubject::Daily(*index),
                value: Some(ActionValue::Amount(value)),
                because: vec![*finding],
                workloads: Vec::new(),
                urgency: Urgency::Estimate,
            })
        };
        found.days.iter().filter_map(action).collect()
    }

    /// How far above its limit the quota of an action is, in ten-thousandths: the most where the limit is 0.
    fn excess(&self, action: &PlannedAction<'_>) -> u128 {
        let of = |index: &usize| {
            let quota = self.quotas.get(*index)?;
            match (quota.figures.required?, quota.capacity()?) {
                (_, Limit::Unlimited) => Some(0),
                (required, Limit::Amount(limit)) if limit.get() == 0 => {
                    Some(if required.get() == 0 { 0 } else { u128::MAX })
                }
                (required, Limit::Amount(limit)) => {
                    Some(u128::from(required.get()) * 10_000 / u128::from(limit.get()))
                }
            }
        };
        match &action.subject {
            ActionSubject::Quota(index) => of(index).unwrap_or(u128::MAX),
            ActionSubject::Model { quotas, .. } => quotas.iter().filter_map(of).max().unwrap_or(0),
            ActionSubject::AppliedValues(_) | ActionSubject::Daily(_) => 0,
        }
    }

    /// The workloads with the largest shares of a quota's peak, of the rows that matter, by share and then by name.
    fn largest_workloads<'p>(
        &'p self,
        input: &'p PlanInput<'p>,
        quota: &'p QuotaPlan,
        matters: impl Fn(&Workload) -> bool,
    ) -> Vec<(&'p str, u32)> {
        let mut shares: BTreeMap<&'p str, u32> = BTreeMap::new();
        let rows = input.workloads.rows();
        for part in self.contributions(input, quota).filter(|part| part.active) {
            if let Some(row) = rows.get(part.row).filter(|row| matters(row)) {
                *shares.entry(row.name()).or_default() += part.share_ten_thousandths;
            }
        }
        let mut shares: Vec<(&str, u32)> = shares.into_iter().collect();
        shares.sort_by_key(|(name, share)| (Reverse(*share), *name));
        shares.truncate(WORKLOADS);
        shares
    }

    fn finding_indices(&self, is_one: impl Fn(&super::finding::Finding) -> bool) -> Vec<usize> {
        self.findings.iter().enumerate().filter(|(_, one)| is_one(one)).map(|(index, _)| index).collect()
    }
}

impl PlannedAction<'_> {
    fn is_migration_of(&self, plan: &Plan, place: &QuotaPlace) -> bool {
        let ActionSubject::Quota(index) = self.subject else { return false };
        let quota = plan.quotas.get(index);
        self.verb == ActionVerb::Migrate && quota.is_some_and(|quota| place_of(quota) == *place)
    }
}

impl QuotaPlan {
    /// Whether more is required than there is, as far as is known.
    #[must_use]
    pub fn exceeds(&self) -> bool {
        let judged = self.figures.required.zip(self.capacity());
        judged.is_some_and(|(required, limit)| !limit.holds(required))
    }

    /// Whether reservations are a fifth or more of what is required: then the cap on max_tokens is lowered first.
    #[must_use]
    pub fn rests_on_reservations(&self) -> bool {
        self.figures
            .required
            .zip(self.lean_required)
            .is_some_and(|(required, lean)| u128::from(required.get()) * 4 > u128::from(lean.get()) * 5)
    }
}

/// The account, model and scope of a quota.
type QuotaPlace = (Option<String>, ModelIndex, Scope);

fn place_of(quota: &QuotaPlan) -> QuotaPlace {
    (quota.id.account.clone(), quota.id.model, quota.id.scope)
}

/// A residency that a scope breaks, or may break.
struct OpenResidency {
    verb: ActionVerb,
    because: Vec<usize>,
}

/// The findings that actions follow from, by what they are about.
struct Found {
    residency: BTreeMap<QuotaPlace, OpenResidency>,
    legacy: BTreeMap<(ModelIndex, Scope), Vec<usize>>,
    /// Indices of the finding and of the account's estimate.
    days: Vec<(usize, usize)>,
    /// By quota, the finding and its code.
    by_quota: BTreeMap<usize, Vec<(usize, Code)>>,
}

impl Found {
    fn read(plan: &Plan) -> Self {
        let mut found = Self {
            residency: BTreeMap::new(),
            legacy: BTreeMap::new(),
            days: Vec::new(),
            by_quota: BTreeMap::new(),
        };
        for (index, finding) in plan.findings.iter().enumerate() {
            if let FindingFact::AccountDaily(exceeded) = &finding.fact {
                found.days.push((index, exceeded.index));
            }
            let Some(of) = finding.quota else { continue };
            let Some(quota) = plan.quotas.get(of) else { continue };
            found.by_quota.entry(of).or_default().push((index, finding.code));
            match &finding.fact {
                FindingFact::Residency { fault, .. } => {
                    let verb = match fault {
                        ResidencyFault::Outside { others, .. } if !others.is_empty() => ActionVerb::Rescope,
                        ResidencyFault::Outside { .. } | ResidencyFault::Unknown { .. } => ActionVerb::Decide,
                    };
                    let open = found
                        .residency
                        .entry(place_of(quota))
                        .or_insert(OpenResidency { verb, because: Vec::new() });
                    open.because.push(index);
                    // What cannot be told is not settled by a move that settles something else.
                    if verb == ActionVerb::Decide {
                        open.verb = verb;
                    }
                }
                FindingFact::Legacy { .. } => {
                    found.legacy.entry((quota.id.model, quota.id.scope)).or_default().push(index);
                }
                _ => {}
            }
        }
        found
    }

    /// The findings behind an action on a quota.
    fn behind(&self, verb: ActionVerb, index: usize, quota: &QuotaPlan) -> Vec<usize> {
        let bears = |code: Code| match verb {
            ActionVerb::Ask | ActionVerb::Case => matches!(
                code,
                Code::ExceedsGranted | Code::NotAdjustable | Code::NotProvisioned | Code::FarAboveDefault
            ),
            ActionVerb::Lower => {
                matches!(code, Code::MaxTokensUnset | Code::MaxTokensWide | Code::ExceedsGranted)
            }
            ActionVerb::Restore => matches!(code, Code::Restore | Code::ExceedsGranted),
            ActionVerb::Migrate => matches!(code, Code::Legacy | Code::NotOffered),
            ActionVerb::LookUp | ActionVerb::Rescope | ActionVerb::Decide => false,
        };
        let of_quota = self.by_quota.get(&index).into_iter().flatten();
        let mut because: Vec<usize> =
            of_quota.filter(|(_, code)| bears(*code)).map(|(finding, _)| *finding).collect();
        if verb == ActionVerb::Migrate {
            because.extend(self.legacy.get(&(quota.id.model, quota.id.scope)).into_iter().flatten());
        }
        because.sort_unstable();
        because.dedup();
        because
    }
}
