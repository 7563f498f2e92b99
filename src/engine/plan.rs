//! The plan: every quota that the workloads count against, and what to do about each.

use super::TooLarge;
use super::alternatives::{self};
use super::assumptions::PlanInput;
use super::caps::{self, Tight};
use super::cost::{self, Scale, Spend, Tariff};
use super::daily::{self, DailyClass};
use super::evaluation::Evaluation;
use super::figures::{self, AssumedPeak};
use super::findings::{self, RowFacts};
use super::growth::Growth;
use super::pool::{self, DemandRow, Pool};
use super::quota_action::{CapacitySource, Case, QuotaAction, Verdict, decide};
use super::result::{Plan, QuotaPlan};
use super::slots::Slots;
use super::sums::{Variant, pass};
use super::tight_cap::CutShare;
use crate::catalog::QuotaEntry;
use crate::threads::Workers;
use crate::units::{Limit, Utilisation};

/// Multiples of the mean that show what a busiest minute which nobody states may require.
const ASSUMED_PEAKS: [u32; 2] = [2, 3];

/// What one pool gives.
struct PoolPlan {
    quotas: Vec<QuotaPlan>,
    daily: Vec<DailyClass>,
    facts: RowFacts,
    money: (Vec<cost::Cell>, cost::Unpriced),
}

/// Makes the plan.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn plan(input: &PlanInput<'_>) -> Result<Plan, TooLarge> {
    let pools = pool::group(input.workloads, input.catalog, input.assumptions);
    let scale = Scale::new(input.assumptions);
    let growth = Growth::new(input.workloads.rows().iter(), input.assumptions.months);
    let outcomes = each_pool(&pools, input.assumptions.workers, |index, pool, scratch| {
        plan_pool(input, index, pool, (&scale, &growth), scratch)
            .map_err(|error| error.at_largest_row(input, pool))
    })?;
    let mut quotas = Vec::new();
    let mut daily = Vec::new();
    let mut facts = Vec::new();
    let mut money = Vec::new();
    for (pool, outcome) in pools.iter().zip(outcomes) {
        quotas.extend(outcome.quotas);
        daily.push((pool.account.clone(), pool.model, outcome.daily));
        facts.push(outcome.facts);
        let (cells, unpriced) = outcome.money;
        money.push((pool.model, cells, unpriced));
    }
    quotas.sort_by(|a: &QuotaPlan, b| {
        let key = |q: &QuotaPlan| {
            (
                q.id.account.clone(),
                input.catalog.model(q.id.model).id.clone(),
                q.id.scope.as_str(),
                q.id.kind.as_str(),
            )
        };
        key(a).cmp(&key(b)).then(a.id.long_context.cmp(&b.id.long_context))
    });
    let binding = binding(&quotas);
    let of_all = |error: TooLarge| error.at_largest_of_all(input, &pools);
    let account_daily = daily::account_days(&daily, &growth.unit(), input).map_err(of_all)?;
    let cost = cost::monthly_costs(&money, scale, input).map_err(of_all)?;
    let mut plan = Plan { quotas, binding, account_daily, cost, findings: Vec::new(), pools };
    plan.findings = findings::find(&plan, &facts, input);
    Ok(plan)
}

/// Runs a function over all pools; results in the pools' order.
fn each_pool<F>(pools: &[Pool], workers: Workers, run: F) -> Result<Vec<PoolPlan>, TooLarge>
where
    F: Fn(usize, &Pool, &mut Vec<DemandRow>) -> Result<PoolPlan, TooLarge> + Sync,
{
    let rows: usize = pools.iter().map(|pool| pool.rows.len()).sum();
    // Below this a thread costs more than it saves.
    let workers = if rows < 10_000 { Workers::ONE } else { workers };
    let run =
        |index: usize, scratch: &mut Vec<DemandRow>| pools.get(index).map(|pool| run(index, pool, scratch));
    workers.map_with(pools.len(), run).into_iter().flatten().collect()
}

fn plan_pool(
    input: &PlanInput<'_>,
    index: usize,
    pool: &Pool,
    (scale, growth): (&Scale, &Growth),
    scratch: &mut Vec<DemandRow>,
) -> Result<PoolPlan, TooLarge> {
    let PlanInput { catalog, assumptions, .. } = *input;
    let model = catalog.model(pool.model);
    let rate = model.rate_as_of(assumptions.rates_as_of);
    let prices = model.scope(pool.scope).and_then(|entry| entry.prices.first());
    let tier = prices.and_then(|price| price.up_to_input);
    let mut facts = RowFacts::default();
    let mut spend = Spend::new(Tariff::new(model, pool.scope, assumptions.price_date()), assumptions);
    let mut prepared = pool::prepare(pool, input, growth, std::mem::take(scratch), |index, row| {
        facts.add(index, row, model, tier);
        spend.add(index, row);
    });
    let money = spend.finish(scale).map_err(|row| TooLarge { row: Some(row as usize) })?;
    facts.add_capped_spreads(&prepared.capped_spreads);
    let slots = Slots::new(&prepared);
    let base = Variant::plain(rate.rate, assumptions.config.reserve_cache_reads);
    let sums = pass(&prepared, &base)?;
    let quota = |kind, entry: Option<QuotaEntry>, figures| {
        let code = entry.as_ref().and_then(|entry| entry.code.clone().known());
        let stated = |code: &str| {
            assumptions.config.granted.get(
                pool.account.as_deref(),
                assumptions.config.account.as_deref(),
                code,
            )
        };
        let granted = code.as_deref().and_then(stated).cloned();
        QuotaPlan {
            id: pool.quota_id(kind, code),
            entry,
            figures,
            granted,
            capacity_source: None,
            utilisation: None,
            verdict: Verdict::Undetermined,
            action: QuotaAction::None,
            ask: None,
            tight_max_tokens: None,
            tight_basis: None,
            tight_cut: CutShare::default(),
            lean_required: None,
            lean_ask: None,
            restore_to: None,
            required_with_other_reserve: None,
            fitting_max_tokens: None,
            assumed_peak: Vec::new(),
            rate: rate.clone(),
            alternatives: Vec::new(),
            pool: index,
        }
    };
    let no_increases = model.takes_no_increases(assumptions.today);
    let mut quotas = Vec::new();
    for (kind, entry) in pool.quotas(input.catalog) {
        let figures = figures::of_kind(kind, &prepared, &slots, &sums, assumptions)?;
        let mut plan = quota(kind, entry.cloned(), figures);
        if kind.reserves_tokens() {
            let evaluation = Evaluation { prepared: &prepared, slots: &slots, assumptions };
            if let Some(Tight { tokens, basis, cut }) = caps::tight(&prepared, model) {
                plan.tight_max_tokens = Some(tokens);
                plan.tight_basis = Some(basis);
                plan.tight_cut = cut;
                plan.lean_required = evaluation.figures(&Variant { cap: Some(tokens), ..base })?.required;
            }
            if prepared.rows.iter().any(|row| row.cache_read > 0) {
                let other = Variant { reserve_cache_reads: !base.reserve_cache_reads, ..base };
                plan.required_with_other_reserve = evaluation.figures(&other)?.required;
            }
            plan.alternatives =
                alternatives::at_other_rates(&evaluation, &base, figures.required, model, &rate)?;
            if let (Some(required), Some(Limit::Amount(capacity)), true) =
                (figures.required, plan.capacity(), model.kind.generates())
                && required > capacity
                && figures.formula.is_some_and(|formula| formula <= capacity)
            {
                plan.fitting_max_tokens = evaluation.fitting(&base, capacity)?;
            }
        }
        quotas.push(judged(plan, no_increases));
    }
    let daily = daily::classes(&prepared, &sums);
    if facts.assumed_peak.count > 0 && assumptions.config.peak_factor.is_none() {
        // Sums are linear in a class's rates, so its factor is all that changes.
        for times_mean in ASSUMED_PEAKS {
            for class in prepared.classes.iter_mut().filter(|class| class.assumed_peak) {
                class.peak_factor = &class.rate_factor * times_mean;
            }
            // A day does not depend on its busiest minute.
            for plan in quotas.iter_mut().filter(|plan| !plan.id.kind.is_daily()) {
                let figures = figures::of_kind(plan.id.kind, &prepared, &slots, &sums, assumptions);
                // Above 10^18 it is not known, and the plan itself stands.
                let required = figures.ok().and_then(|figures| figures.required);
                plan.assumed_peak.push(AssumedPeak { times_mean, required });
            }
        }
    }
    *scratch = prepared.rows;
    Ok(PoolPlan { quotas, daily, facts, money })
}

/// Fills in what follows from figures, granted and default, and from whether AWS grants increases.
fn judged(mut plan: QuotaPlan, no_increases: bool) -> QuotaPlan {
    let (granted, default) = (plan.granted_limit(), plan.default_limit());
    plan.capacity_source = match (granted, default) {
        (Some(_), _) => Some(CapacitySource::Granted),
        (None, Some(_)) => Some(CapacitySource::Default),
        (None, None) => None,
    };
    let required = plan.figures.required;
    plan.utilisation = match (required, plan.capacity()) {
        (None, Some(Limit::Unlimited)) => Some(Utilisation::ZERO),
        (Some(required), Some(capacity)) => Utilisation::of_limit(required, capacity),
        (None, _) | (_, None) => None,
    };
    plan.verdict = Verdict::judge(required, granted);
    let lean_required = plan.lean_required;
    let decision = decide(&Case { required, lean_required, granted, default, no_increases });
    plan.action = decision.action;
    plan.ask = decision.ask;
    plan.lean_ask = decision.lean_ask;
    plan.restore_to = decision.restore_to;
    plan
}

/// The quota with the highest utilisation; a capacity of 0 with demand ranks first.
fn binding(quotas: &[QuotaPlan]) -> Option<usize> {
    let rank = |quota: &QuotaPlan| {
        let required = quota.figures.required?;
        match quota.capacity()? {
            Limit::Amount(capacity) if capacity.get() == 0 => (required.get() > 0).then_some(u128::MAX),
            _ => quota.utilisation.map(Utilisation::ten_thousandths),
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
