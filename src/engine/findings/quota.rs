//! Findings about one quota.

use super::collector::{At, Collector, RowFacts};
use super::{demand, model};
use crate::catalog::{Model, RateStatus};
use crate::engine::alternatives::Alternative;
use crate::engine::finding::{FindingFact, FindingPlace};
use crate::engine::quota_action::{QuotaAction, Verdict};
use crate::engine::remedy::{CapAdvice, FittingCap, Remedy};
use crate::engine::result::QuotaPlan;
use crate::engine::slots::Slot;
use crate::units::{Fact, Limit, QuotaAmount, Tokens};
use crate::workload::Column;

/// Adds the findings of one quota.
pub(super) fn add(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let model = c.input.catalog.model(plan.id.model);
    verdict(c, index, plan, facts);
    lowered(c, index, plan, facts);
    if plan.id.kind.is_daily() {
        daily_wording(c, index, plan, facts);
    }
    // What is about rows or model is said once, at the first of the pool's quotas.
    if c.is_first_of_pool(index, plan) {
        place(c, index, plan, model, facts);
        demand::add(c, index, plan, facts);
        model::promotions(c, index, plan, model, facts);
        model::disputed_limits(c, index, model, facts);
    }
    demand::far_above_default(c, index, plan);
    if c.is_first_of_model(index, plan) {
        model::lifecycle(c, index, plan, model, facts);
        model::access(c, index, model, facts);
    }
    if plan.id.kind.reserves_tokens() {
        max_tokens(c, index, plan, facts);
        rate(c, index, plan, facts);
        latency(c, index, plan, facts);
        cache_reads(c, index, plan, facts);
        if facts.capped_spread.count > 0 {
            let at = facts.capped_spread.at(facts.capped_column.unwrap_or(Column::OutputTokensP95));
            c.add(FindingFact::SpreadCapped { rows: facts.capped_spread.count }, Some(index), at);
        }
    }
}

/// What to do about a quota that is exceeded, the lean way first.
fn remedy(c: &Collector<'_, '_>, plan: &QuotaPlan) -> Remedy {
    let asks_for_more = match plan.action {
        QuotaAction::LowerMaxTokens => plan.lean_ask.is_some(),
        action => matches!(action, QuotaAction::Request | QuotaAction::Restore),
    };
    if let Some(first) = c.plan.unsettled_residency(c.input, plan).filter(|_| asks_for_more) {
        return Remedy::Settle(first);
    }
    let cap = plan.tight_max_tokens;
    match plan.action {
        QuotaAction::LowerMaxTokens => {
            cap.and_then(|cap| lowered_to(plan, cap)).unwrap_or(Remedy::SetMaxTokens)
        }
        QuotaAction::Restore => match plan.restore_to {
            Some(default) => Remedy::Restore { default, max_tokens: plan.restoring_cap() },
            None => Remedy::LowerDemand,
        },
        QuotaAction::Migrate => Remedy::Migrate,
        QuotaAction::None | QuotaAction::VerifyApplied | QuotaAction::Request => {
            match (plan.ask, plan.lean_ask, cap) {
                (Some(ask), Some(lean), Some(cap)) if lean < ask && plan.may_be_adjustable() => {
                    Remedy::AskOrLower { cap, ask, lean }
                }
                (Some(ask), ..) if plan.may_be_adjustable() => Remedy::Ask { ask },
                (Some(ask), ..) => Remedy::SupportCase { ask },
                (None, ..) => Remedy::LowerDemand,
            }
        }
    }
}

/// What a lower max_tokens does about a quota; `None` where even the demand under it is not known.
fn lowered_to(plan: &QuotaPlan, cap: Tokens) -> Option<Remedy> {
    if let Some(lean) = plan.lean_ask {
        return Some(Remedy::LowerAndAsk { cap, lean });
    }
    let lean = plan.lean_required?;
    match plan.restored_for(lean) {
        Some(default) => Some(Remedy::LowerAndRestore { cap, default }),
        None => plan.granted_limit()?.holds(lean).then_some(Remedy::Lower { cap }),
    }
}

fn verdict(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    if let (Verdict::Exceeds, Some(required), Some(granted)) =
        (plan.verdict, plan.figures.required, plan.granted_limit())
    {
        // Where no row states hours, every hour is like the first.
        let all_day = facts.no_hours.count == facts.all.count;
        let hour = plan.figures.slot.hour.filter(|_| !all_day);
        let slot = Slot { hour, ..plan.figures.slot };
        let at = At { place: c.plan.largest_cell(c.input, plan), rows: facts.all.count, detail: None };
        let remedy = remedy(c, plan);
        c.add(FindingFact::ExceedsGranted { required, granted, slot, remedy }, Some(index), at);
    }
    let fact = match &plan.entry {
        None if plan.id.kind.reserves_tokens() => FindingFact::NotOffered,
        Some(entry) if matches!(entry.code, Fact::Unknown) => FindingFact::QuotaCodeUnknown,
        Some(entry) if entry.default == Fact::Unknown && plan.granted_limit().is_none() => {
            FindingFact::QuotaLimitUnknown
        }
        Some(entry) if plan.action == QuotaAction::Request && entry.adjustable == Fact::Known(false) => {
            FindingFact::NotAdjustable { first: c.plan.unsettled_residency(c.input, plan) }
        }
        None | Some(_) => return,
    };
    c.add(fact, Some(index), facts.all.at(Column::Model));
}

/// What an applied value below AWS's default, or of 0, means.
fn lowered(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let (Some(stated), Some(granted)) = (&plan.granted, plan.granted_limit()) else {
        return;
    };
    let at = || At { place: Some(FindingPlace::Key(stated.span)), rows: facts.all.count, detail: None };
    if let Some(default) = plan.restore_to {
        let first = c.plan.unsettled_residency(c.input, plan);
        let fact = FindingFact::Restore { granted, default, max_tokens: plan.restoring_cap(), first };
        c.add(fact, Some(index), at());
    }
    if granted == Limit::Amount(QuotaAmount::default()) {
        let remedy = match plan.action {
            QuotaAction::None | QuotaAction::VerifyApplied => None,
            QuotaAction::LowerMaxTokens
            | QuotaAction::Restore
            | QuotaAction::Migrate
            | QuotaAction::Request => Some(remedy(c, plan)),
        };
        c.add(FindingFact::NotProvisioned { remedy }, Some(index), at());
    }
}

fn daily_wording(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let is_doubled = plan.entry.as_ref().is_some_and(
        |entry| matches!(&entry.name, Fact::Known(name) if name.contains("doubled for cross-region calls")),
    );
    if is_doubled {
        c.add(FindingFact::DailyWording, Some(index), facts.all.at(Column::Model));
    }
}

fn place(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, model: &Model, facts: &RowFacts) {
    model::residency(c, index, plan, model, facts);
    let entry = model.scope(plan.id.scope);
    if plan.id.long_context {
        let fact = FindingFact::LongContext { rows: facts.all.count };
        c.add(fact, Some(index), facts.all.at(Column::InputTokens));
    } else if facts.tier.count > 0
        && let Some(boundary) =
            entry.and_then(|entry| entry.prices.first()).and_then(|price| price.up_to_input)
    {
        let column = if facts.tier_by_mean { Column::InputTokens } else { Column::InputTokensP95 };
        let fact = FindingFact::PriceTier { rows: facts.tier.count, boundary };
        c.add(fact, Some(index), facts.tier.at(column));
    }
}

fn max_tokens(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let (Some(tokens), Some(lean)) = (plan.tight_max_tokens, plan.lean_required) else {
        return;
    };
    let saving = plan.figures.required.filter(|required| {
        // required > 1.25 · lean, in whole numbers
        u128::from(required.get()) * 4 > u128::from(lean.get()) * 5
    });
    let fitting = match (plan.fitting_max_tokens, plan.capacity()) {
        (Some(fitting), Some(Limit::Amount(capacity))) => {
            let max_tokens = QuotaAmount::new(fitting).unwrap_or_default();
            Some(FittingCap { max_tokens, capacity, is_applied: plan.granted_limit().is_some() })
        }
        _ => None,
    };
    let basis = plan.tight_basis.unwrap_or_default();
    let cap = CapAdvice { tokens, basis, cut: plan.tight_cut, fitting };
    if facts.unset.count > 0 {
        let fact = FindingFact::MaxTokensUnset {
            rows: facts.unset.count,
            of: facts.all.count,
            required: plan.figures.required,
            lean,
            is_saving: saving.is_some(),
            cap,
        };
        c.add(fact, Some(index), facts.unset.at(Column::MaxTokens));
    } else if let Some(required) = saving {
        let fact = FindingFact::MaxTokensWide { required, lean, cap };
        c.add(fact, Some(index), facts.all.at(Column::MaxTokens));
    }
}

fn rate(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    // A rate of output does not matter where there is none.
    if facts.with_output.count == 0 {
        return;
    }
    let mut others: Vec<Alternative> = Vec::new();
    for alternative in &plan.alternatives {
        let is_planned = alternative.rate == plan.rate.rate;
        if !is_planned && others.iter().all(|other| other.rate != alternative.rate) {
            others.push(alternative.clone());
        }
    }
    let status = plan.rate.status;
    let is_said = match status {
        RateStatus::Unknown | RateStatus::Disputed | RateStatus::DefaultClause => true,
        RateStatus::Known | RateStatus::Superseded => !others.is_empty(),
    };
    if is_said {
        let fact = FindingFact::BurndownRate { status, others };
        c.add(fact, Some(index), facts.all.at(Column::Model));
    }
}

fn latency(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let Some(in_flight) = plan.figures.in_flight else {
        return;
    };
    let peak = plan.figures.peak;
    if facts.no_latency.count > 0 && u128::from(in_flight.get()) * 10 > u128::from(peak.get()) * 11 {
        let (rows, of) = (facts.no_latency.count, facts.all.count);
        let at = facts.no_latency.at(Column::LatencySeconds);
        c.add(FindingFact::AssumedLatency { rows, of, peak, in_flight }, Some(index), at);
    }
}

/// Whether counting cache reads in reservations, or not, changes what is required by more than a tenth.
fn cache_reads(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let (Some(required), Some(other)) = (plan.figures.required, plan.required_with_other_reserve) else {
        return;
    };
    if u128::from(required.get().abs_diff(other.get())) * 10 <= u128::from(required.get()) {
        return;
    }
    let are_counted = c.input.assumptions.config.reserve_cache_reads;
    let (left_out, counted) = if are_counted { (other, required) } else { (required, other) };
    let at = facts.with_cache_reads.at(Column::CacheReadTokens);
    c.add(FindingFact::CacheReadsReserved { left_out, counted, are_counted }, Some(index), at);
}
