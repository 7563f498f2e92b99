//! The plan: every quota that the workloads count against, and what to do about each.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::TooLarge;
use super::action::{Action, Case, Verdict, decide};
use super::alternatives::{self, Alternative};
use super::assumptions::Assumptions;
use super::caps::{self, Evaluation};
use super::contribution::{self, Contribution};
use super::daily::{self, AccountDaily, DailyClass};
use super::figures::{self, Figures};
use super::findings::{self, Finding, RowFacts};
use super::pool::{self, DemandRow, Pool};
use super::sums::{Variant, pass};
use crate::catalog::{Catalog, ChosenRate, ModelIndex, ModelKind, QuotaEntry, Scope};
use crate::config::GrantedQuota;
use crate::text::tree::Fact;
use crate::units::{Limit, QuotaAmount, Tokens};
use crate::workload::WorkloadSet;

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The model table.
    pub catalog: &'a Catalog,
    /// The rows.
    pub workloads: &'a WorkloadSet,
    /// Everything else that is taken as given.
    pub assumptions: &'a Assumptions,
}

/// What a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuotaKind {
    /// Requests a minute.
    Rpm,
    /// Tokens a day.
    Tpd,
    /// Tokens a minute.
    Tpm,
}

impl QuotaKind {
    /// The word in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rpm => "rpm",
            Self::Tpd => "tpd",
            Self::Tpm => "tpm",
        }
    }
}

/// Which value the capacity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapacitySource {
    /// The applied quota.
    Granted,
    /// The default of the model table, because no applied quota is known.
    Default,
}

/// One quota of the plan.
#[derive(Debug, Clone)]
pub struct QuotaPlan {
    /// The account.
    pub account: Option<String>,
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
    /// What it counts.
    pub kind: QuotaKind,
    /// Whether it is the quota of long inputs.
    pub long_context: bool,
    /// Its entry in the model table; `None` where the model is not offered.
    pub entry: Option<QuotaEntry>,
    /// Its figures.
    pub figures: Figures,
    /// The applied quota as stated.
    pub granted: Option<GrantedQuota>,
    /// Which value the capacity is; `None` where neither is known.
    pub capacity_source: Option<CapacitySource>,
    /// required / capacity in ten-thousandths, rounded up; `None` where it is not known or the
    /// capacity is 0.
    pub utilisation_ten_thousandths: Option<u128>,
    /// Whether it fits the applied quota.
    pub verdict: Verdict,
    /// What to do.
    pub action: Action,
    /// What to ask for with max_tokens as configured.
    pub ask: Option<QuotaAmount>,
    /// The tight cap on max_tokens.
    pub tight_max_tokens: Option<Tokens>,
    /// The required amount at the tight cap.
    pub lean_required: Option<QuotaAmount>,
    /// What to ask for at the tight cap.
    pub lean_ask: Option<QuotaAmount>,
    /// The largest cap on max_tokens at which the required amount fits.
    pub fitting_max_tokens: Option<u64>,
    /// The burndown rate planned with.
    pub rate: ChosenRate,
    /// What other statements on the rate would give.
    pub alternatives: Vec<Alternative>,
    pub(super) pool: usize,
}

impl QuotaPlan {
    /// The quota code, where known.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self.entry.as_ref()?.code.as_ref() {
            Fact::Known(code) => Some(code),
            Fact::Absent | Fact::Unknown => None,
        }
    }

    /// The applied quota, where known.
    #[must_use]
    pub fn granted_limit(&self) -> Option<Limit> {
        self.granted.as_ref().and_then(|granted| granted.value.known())
    }

    /// The default, where known.
    #[must_use]
    pub fn default_limit(&self) -> Option<Limit> {
        self.entry.as_ref().and_then(|entry| entry.default.known())
    }

    /// The applied quota, else the default.
    #[must_use]
    pub fn capacity(&self) -> Option<Limit> {
        self.granted_limit().or_else(|| self.default_limit())
    }
}

/// The whole plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Quotas by account, model, scope and kind.
    pub quotas: Vec<QuotaPlan>,
    /// Index of the quota with the highest utilisation.
    pub binding: Option<usize>,
    /// The accounts' cross-model daily quotas.
    pub account_daily: Vec<AccountDaily>,
    /// What stands out.
    pub findings: Vec<Finding>,
    pools: Vec<Pool>,
}

impl Plan {
    /// Indices of the rows that count against a quota, in file order.
    #[must_use]
    pub fn rows_of(&self, quota: &QuotaPlan) -> &[u32] {
        self.pools.get(quota.pool).map_or(&[], |pool| &pool.rows)
    }

    pub(super) fn pool_of(&self, quota: &QuotaPlan) -> Option<&Pool> {
        self.pools.get(quota.pool)
    }

    /// What each row adds to a quota, in file order.
    #[must_use]
    pub fn contributions(&self, input: &PlanInput<'_>, quota: &QuotaPlan) -> Vec<Contribution> {
        let model = input.catalog.model(quota.model);
        let rows = self.rows_of(quota).iter().filter_map(|&index| {
            let row = input.workloads.rows().get(index as usize)?;
            let at = (index as usize, row);
            contribution::part(at, model, quota.rate.rate, quota.kind, quota.figures.slot, input.assumptions)
        });
        contribution::with_shares(rows.collect())
    }
}

/// What one pool gives.
struct Outcome {
    quotas: Vec<QuotaPlan>,
    daily: Vec<DailyClass>,
    facts: RowFacts,
}

/// Makes the plan.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn plan(input: &PlanInput<'_>) -> Result<Plan, TooLarge> {
    let pools = pool::group(input.workloads, input.catalog, input.assumptions);
    let outcomes = each_pool(&pools, |index, pool, scratch| outcome(input, index, pool, scratch))?;
    let mut quotas = Vec::new();
    let mut daily = Vec::new();
    let mut facts = Vec::new();
    for (pool, outcome) in pools.iter().zip(outcomes) {
        quotas.extend(outcome.quotas);
        daily.push((pool.account.clone(), pool.model, outcome.daily));
        facts.push(outcome.facts);
    }
    quotas.sort_by(|a: &QuotaPlan, b| {
        let key = |q: &QuotaPlan| {
            (q.account.clone(), input.catalog.model(q.model).id.clone(), q.scope.as_str(), q.kind.as_str())
        };
        key(a).cmp(&key(b)).then(a.long_context.cmp(&b.long_context))
    });
    let binding = binding(&quotas);
    let account_daily = daily::of(&daily, input)?;
    let mut plan = Plan { quotas, binding, account_daily, findings: Vec::new(), pools };
    plan.findings = findings::of(&plan, &facts, input);
    Ok(plan)
}

/// Runs a function over all pools on the cores there are; results in the pools' order.
fn each_pool<F>(pools: &[Pool], run: F) -> Result<Vec<Outcome>, TooLarge>
where
    F: Fn(usize, &Pool, &mut Vec<DemandRow>) -> Result<Outcome, TooLarge> + Sync,
{
    let rows: usize = pools.iter().map(|pool| pool.rows.len()).sum();
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(pools.len());
    // Below this a thread costs more than it saves.
    if cores < 2 || rows < 10_000 {
        let mut scratch = Vec::new();
        return pools.iter().enumerate().map(|(index, pool)| run(index, pool, &mut scratch)).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        let mut scratch = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(pool) = pools.get(index) else {
                return done;
            };
            done.push((index, run(index, pool, &mut scratch)));
        }
    };
    let mut results = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..cores).map(|_| scope.spawn(work)).collect();
        let mut results = work();
        for thread in threads {
            results.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, outcome)| outcome).collect()
}

fn outcome(
    input: &PlanInput<'_>,
    index: usize,
    pool: &Pool,
    scratch: &mut Vec<DemandRow>,
) -> Result<Outcome, TooLarge> {
    let PlanInput { catalog, assumptions, .. } = *input;
    let model = catalog.model(pool.model);
    let rate = model.rate_as_of(assumptions.rates_as_of);
    let prices = model.scope(pool.scope).and_then(|entry| entry.prices.first());
    let tier = prices.and_then(|price| price.up_to_input);
    let mut facts = RowFacts::default();
    let prepared = pool::prepare(pool, input, std::mem::take(scratch), |index, row| {
        facts.add(index, row, model, tier);
    });
    facts.add_capped_spreads(&prepared.capped_spreads);
    let slots = figures::slots(&prepared);
    let base = Variant::plain(rate.rate, assumptions.reserve_cache_reads);
    let sums = pass(&prepared, &base)?;
    let entry = model.scope(pool.scope).filter(|_| model.offered);
    let (tpm, rpm, tpd) = match entry.map(|entry| (entry, entry.long_context.as_ref())) {
        Some((_, Some(long))) if pool.long_context => (long.tpm.clone(), long.rpm.clone(), None),
        Some((entry, _)) => (entry.tpm.clone(), entry.rpm.clone(), entry.tpd.clone()),
        None => (None, None, None),
    };
    let quota = |kind, entry: Option<QuotaEntry>, figures| {
        let code = entry.as_ref().and_then(|entry| entry.code.clone().known());
        let stated = |code: &str| {
            assumptions.granted.get(pool.account.as_deref(), assumptions.account.as_deref(), code)
        };
        let granted = code.as_deref().and_then(stated).cloned();
        QuotaPlan {
            account: pool.account.clone(),
            model: pool.model,
            scope: pool.scope,
            kind,
            long_context: pool.long_context,
            entry,
            figures,
            granted,
            capacity_source: None,
            utilisation_ten_thousandths: None,
            verdict: Verdict::Undetermined,
            action: Action::None,
            ask: None,
            tight_max_tokens: None,
            lean_required: None,
            lean_ask: None,
            fitting_max_tokens: None,
            rate: rate.clone(),
            alternatives: Vec::new(),
            pool: index,
        }
    };
    let mut quotas = Vec::new();
    if model.kind != ModelKind::Rerank {
        let figures = figures::tokens_per_minute(&prepared, &slots, &sums, assumptions, false)?;
        let mut plan = quota(QuotaKind::Tpm, tpm, figures);
        let evaluation = Evaluation { prepared: &prepared, slots: &slots, assumptions };
        plan.tight_max_tokens = caps::tight(&prepared, model);
        if let Some(cap) = plan.tight_max_tokens {
            plan.lean_required = evaluation.figures(&Variant { cap: Some(cap), ..base })?.required;
        }
        plan.alternatives = alternatives::of(&evaluation, &base, figures.required, model, &rate)?;
        if let (Some(required), Some(Limit::Amount(capacity)), true) =
            (figures.required, plan.capacity(), model.kind.generates())
            && required > capacity
            && figures.formula.is_some_and(|formula| formula <= capacity)
        {
            plan.fitting_max_tokens = evaluation.fitting(&base, required, capacity)?;
        }
        quotas.push(judged(plan));
    }
    if let Some(entry) = rpm {
        let figures = figures::requests_per_minute(&prepared, &slots, &sums, assumptions)?;
        quotas.push(judged(quota(QuotaKind::Rpm, Some(entry), figures)));
    }
    if let Some(entry) = tpd {
        let figures = figures::tokens_per_day(&prepared, &sums, assumptions)?;
        quotas.push(judged(quota(QuotaKind::Tpd, Some(entry), figures)));
    }
    let daily = daily::classes(&prepared, &sums);
    *scratch = prepared.rows;
    Ok(Outcome { quotas, daily, facts })
}

/// Fills in what follows from figures, granted and default.
fn judged(mut plan: QuotaPlan) -> QuotaPlan {
    let (granted, default) = (plan.granted_limit(), plan.default_limit());
    plan.capacity_source = match (granted, default) {
        (Some(_), _) => Some(CapacitySource::Granted),
        (None, Some(_)) => Some(CapacitySource::Default),
        (None, None) => None,
    };
    let required = plan.figures.required;
    plan.utilisation_ten_thousandths = match (required, plan.capacity()) {
        (_, Some(Limit::Unlimited)) => Some(0),
        (Some(required), Some(Limit::Amount(capacity))) if capacity.get() > 0 => {
            Some((u128::from(required.get()) * 10_000).div_ceil(u128::from(capacity.get())))
        }
        _ => None,
    };
    plan.verdict = Verdict::of(required, granted);
    let decision = decide(&Case { required, lean_required: plan.lean_required, granted, default });
    plan.action = decision.action;
    plan.ask = decision.ask;
    plan.lean_ask = decision.lean_ask;
    plan
}

/// The quota with the highest utilisation; a capacity of 0 with demand ranks first.
fn binding(quotas: &[QuotaPlan]) -> Option<usize> {
    let rank = |quota: &QuotaPlan| {
        let required = quota.figures.required?;
        match quota.capacity()? {
            Limit::Amount(capacity) if capacity.get() == 0 => (required.get() > 0).then_some(u128::MAX),
            _ => quota.utilisation_ten_thousandths,
        }
    };
    let mut highest: Option<(u128, usize)> = None;
    for (index, quota) in quotas.iter().enumerate() {
        if let Some(utilisation) = rank(quota)
            && highest.is_none_or(|(so_far, _)| utilisation > so_far)
        {
            highest = Some((utilisation, index));
        }
    }
    highest.map(|(_, index)| index)
}
