//! Findings about one quota.

use super::{At, Collector, RowFacts, demand, disputed, model, rows_have};
use crate::catalog::{Model, RateStatus};
use crate::engine::action::{Action, ELSEWHERE, Verdict};
use crate::engine::alternatives::Alternative;
use crate::engine::caps::TightBasis;
use crate::engine::residency::settle_residency;
use crate::engine::result::{FindingPlace, QuotaPlan};
use crate::engine::slots::Slot;
use crate::text::Code;
use crate::units::{Fact, Limit, QuotaAmount};
use crate::workload::Column;

/// Adds the findings of one quota.
pub(super) fn add(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let model = c.input.catalog.model(plan.id.model);
    let subject = format!("{} {}", model.name, plan.id.scope);
    verdict(c, index, plan, &subject, facts);
    lowered(c, index, plan, facts);
    if plan.id.kind.is_daily() {
        daily_wording(c, index, plan, facts);
    }
    // What is about rows or model is said once, at the first of the pool's quotas.
    if c.is_first_of_pool(index, plan) {
        place(c, index, plan, model, &subject, facts);
        demand::add(c, index, plan, &subject, facts);
        model::promotions(c, index, plan, model, &subject, facts);
        disputed::add(c, index, model, &subject, facts);
    }
    demand::far_above_default(c, index, plan);
    if c.is_first_of_model(index, plan) {
        model::lifecycle(c, index, plan, model, facts);
        model::access(c, index, model, facts);
    }
    if plan.id.kind.reserves_tokens() {
        max_tokens(c, index, plan, model, &subject, facts);
        rate(c, index, plan, model, facts);
        latency(c, index, plan, &subject, facts);
        cache_reads(c, index, plan, &subject, facts);
        if facts.capped_spread.count > 0 {
            let message = format!(
                "{subject}: {} a p95 more than 3.87 times the mean, which no log-normal has: the widest spread is taken",
                rows_have(facts.capped_spread.count)
            );
            let help = "check the p95 columns; a replay of the traffic would tell more";
            c.add(
                Code::SpreadCapped,
                Some(index),
                facts.capped_spread.at(facts.capped_column.unwrap_or(Column::OutputTokensP95)),
                message,
                help,
            );
        }
    }
}

/// What to do about a quota that is exceeded, the lean way first.
fn remedy(c: &Collector<'_, '_>, plan: &QuotaPlan) -> String {
    let asks_for_more = match plan.action {
        Action::LowerMaxTokens => plan.lean_ask.is_some(),
        action => matches!(action, Action::Request | Action::Restore),
    };
    if let Some(first) = settle_residency(c.input, c.plan, plan).filter(|_| asks_for_more) {
        return first;
    }
    let tight = plan.tight_max_tokens.map(|tight| tight.to_string()).unwrap_or_default();
    match (plan.action, plan.lean_ask, plan.ask) {
        (Action::LowerMaxTokens, None, _) => {
            let lean = plan.lean_required;
            match lean.and_then(|lean| plan.restored_for(lean)) {
                Some(default) => format!(
                    "lower max_tokens to {tight} and ask AWS Support to restore the applied value to AWS's default of {default}"
                ),
                None if lean.zip(plan.granted_limit()).is_some_and(|(lean, granted)| granted.holds(lean)) => {
                    format!("lower max_tokens to {tight}: then it fits")
                }
                // Only where not even a cap can be named is the lean demand unknown.
                None => "set max_tokens, so that what is required is known".to_owned(),
            }
        }
        (Action::LowerMaxTokens, Some(lean), _) => format!("lower max_tokens to {tight} and ask for {lean}"),
        (Action::Restore, ..) => {
            let default = plan.restore_to.map(|limit| limit.to_string()).unwrap_or_default();
            let cap =
                plan.restoring_cap().map(|cap| format!("lower max_tokens to {cap} and ")).unwrap_or_default();
            format!("{cap}ask AWS Support to restore the applied value to AWS's default of {default}")
        }
        (Action::Migrate, ..) => ELSEWHERE.to_owned(),
        (_, Some(lean), Some(ask)) if lean < ask && plan.may_be_adjustable() => {
            format!("ask for {ask}, or lower max_tokens to {tight} and ask for {lean}")
        }
        (_, _, Some(ask)) if plan.may_be_adjustable() => format!("ask for {ask}"),
        (_, _, Some(ask)) => format!("open a support case for {ask}: Service Quotas cannot raise it"),
        _ => "lower the demand".to_owned(),
    }
}

fn verdict(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, subject: &str, facts: &RowFacts) {
    let kind = plan.id.kind.as_str();
    let of = plan.title(c.input.catalog);
    let at = facts.all.at(Column::Model);
    if let (Verdict::Exceeds, Some(required), Some(granted)) =
        (plan.verdict, plan.figures.required, plan.granted_limit())
    {
        let message = format!("{of}: {required} required, {granted} granted");
        // Where no row states hours, every hour is like the first.
        let all_day = facts.no_hours.count == facts.all.count;
        let hour = plan.figures.slot.hour.filter(|_| !all_day);
        let slot = c.slot(Slot { hour, ..plan.figures.slot });
        let largest = if slot.is_empty() { String::new() } else { format!("; the largest demand is {slot}") };
        let help = format!("{}{largest}", remedy(c, plan));
        let at = At { place: c.plan.largest_cell(c.input, plan), rows: facts.all.count, detail: None };
        c.add(Code::ExceedsGranted, Some(index), at, message, help);
    }
    match &plan.entry {
        None if plan.id.kind.reserves_tokens() => {
            let message =
                format!("{subject}: the model is not callable from ca-central-1, so it has no quota there");
            c.add(Code::NotOffered, Some(index), at, message, "plan the model it is migrated to");
        }
        Some(entry) if matches!(entry.code, Fact::Unknown) => {
            let message =
                format!("{subject} {kind}: the model table has no quota code ({})", entry.provenance.source);
            let help = "find it in the Service Quotas console and add it with --models";
            c.add(Code::QuotaUnknown, Some(index), at, message, help);
        }
        Some(entry) if entry.default == Fact::Unknown && plan.granted_limit().is_none() => {
            let message = format!("{subject} {kind}: neither the default nor the applied quota is known");
            c.add(
                Code::QuotaUnknown,
                Some(index),
                at,
                message,
                "look the applied value up and put it into [granted]",
            );
        }
        Some(entry) if plan.action == Action::Request && entry.adjustable == Fact::Known(false) => {
            let message =
                format!("{subject} {kind}: the requirement exceeds the quota, which is not adjustable");
            let help = settle_residency(c.input, c.plan, plan).unwrap_or_else(|| {
                "Service Quotas cannot raise it: open a support case, or use a scope whose quota is adjustable"
                    .to_owned()
            });
            c.add(Code::NotAdjustable, Some(index), at, message, help);
        }
        _ => {}
    }
}

/// What an applied value below AWS's default, or of 0, means.
fn lowered(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let (Some(stated), Some(granted)) = (&plan.granted, plan.granted_limit()) else {
        return;
    };
    let of = plan.title(c.input.catalog);
    let at = || At { place: Some(FindingPlace::Key(stated.span)), rows: facts.all.count, detail: None };
    if let Some(default) = plan.restore_to {
        let with =
            plan.restoring_cap().map(|cap| format!(" with max_tokens lowered to {cap}")).unwrap_or_default();
        let message = format!(
            "{of}: the applied value of {granted} is below AWS's default of {default}, which would hold what is required{with}"
        );
        let help = settle_residency(c.input, c.plan, plan).unwrap_or_else(|| {
            "Service Quotas refuses any value at or below the default: ask AWS Support, in a case of the type account \
             and billing, to restore the default; `quotaplan request` writes the text"
                .to_owned()
        });
        c.add(Code::Restore, Some(index), at(), message, help);
    }
    if granted == Limit::Amount(QuotaAmount::default()) {
        let message = format!(
            "{of}: the applied value is 0, so AWS answers calls with throttling or \"Too many tokens per day\", however few \
             they are"
        );
        let help = match plan.action {
            Action::None | Action::VerifyApplied => {
                "ask AWS Support what the quota is set to before traffic begins".to_owned()
            }
            _ => remedy(c, plan),
        };
        c.add(Code::NotProvisioned, Some(index), at(), message, help);
    }
}

fn daily_wording(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let doubled = plan.entry.as_ref().is_some_and(
        |entry| matches!(&entry.name, Fact::Known(name) if name.contains("doubled for cross-region calls")),
    );
    if doubled {
        let message = format!(
            "{}: AWS names it \"doubled for cross-region calls\": it is planned as listed, not doubled",
            plan.title(c.input.catalog)
        );
        c.add(Code::DailyWording, Some(index), facts.all.at(Column::Model), message, "");
    }
}

fn place(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    subject: &str,
    facts: &RowFacts,
) {
    model::residency(c, index, plan, model, subject, facts);
    let entry = model.scope(plan.id.scope);
    if plan.id.long_context {
        let message = format!(
            "{subject}: {} a mean input above the boundary of the 1M-context quotas, which count instead",
            rows_have(facts.all.count)
        );
        let at = facts.all.at(Column::InputTokens);
        c.add(
            Code::ContextTier,
            Some(index),
            at,
            message,
            "shorten the input below 200,000 tokens to use the usual quota",
        );
    } else if facts.tier.count > 0 {
        let boundary = entry.and_then(|entry| entry.prices.first()).and_then(|price| price.up_to_input);
        let boundary = boundary.map(|boundary| boundary.to_string()).unwrap_or_default();
        let message = format!(
            "{subject}: {} a mean or p95 input above {boundary} tokens, where other prices or quotas apply",
            rows_have(facts.tier.count)
        );
        c.add(
            Code::ContextTier,
            Some(index),
            facts.tier.at(if facts.tier_by_mean { Column::InputTokens } else { Column::InputTokensP95 }),
            message,
            "split short and long requests into rows of their own",
        );
    }
}

fn max_tokens(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    subject: &str,
    facts: &RowFacts,
) {
    let (Some(tight), Some(lean)) = (plan.tight_max_tokens, plan.lean_required) else {
        return;
    };
    let saving = plan.figures.required.map(|required| (required, lean)).filter(|(required, lean)| {
        // required > 1.25 · lean, in whole numbers
        u128::from(required.get()) * 4 > u128::from(lean.get()) * 5
    });
    let fits = match (plan.fitting_max_tokens, plan.capacity()) {
        (Some(fitting), Some(Limit::Amount(capacity))) => format!(
            "; any cap up to {} fits the {} of {capacity}",
            QuotaAmount::new(fitting).unwrap_or_default(),
            if plan.granted_limit().is_some() { "applied quota" } else { "default" }
        ),
        _ => String::new(),
    };
    let basis = plan.tight_basis.unwrap_or_default();
    let confidence = c.input.assumptions.confidence;
    let help = match basis {
        TightBasis::Maximum => format!(
            "answers of these rows may be as long as the model's maximum: fill output_tokens_p99 to see whether less will do{fits}"
        ),
        basis => format!(
            "set max_tokens to about {tight}, which is expected to cut {} of answers: {}, rounded up to two digits{fits}",
            plan.tight_cut,
            basis.words(confidence)
        ),
    };
    if facts.unset.count > 0 {
        let maximum = match model.max_output_tokens {
            Fact::Known(maximum) => format!("the model's maximum of {maximum} tokens"),
            Fact::Absent | Fact::Unknown => "the model's maximum, which is not known".to_owned(),
        };
        let effect = match (plan.figures.required, saving) {
            (Some(_), Some((required, lean))) => {
                format!(": at {tight} the required quota falls from {required} to {lean}")
            }
            (Some(_), None) => String::new(),
            (None, _) => format!(": the required quota is unknown, at {tight} it is {lean}"),
        };
        let message = format!(
            "{subject}: {} of {} rows set no max_tokens, so each request reserves {maximum}{effect}",
            facts.unset.count, facts.all.count
        );
        c.add(Code::MaxTokensUnset, Some(index), facts.unset.at(Column::MaxTokens), message, help);
    } else if let Some((required, lean)) = saving {
        let percent = 100 - u128::from(lean.get()) * 100 / u128::from(required.get()).max(1);
        let message = format!(
            "{subject}: max_tokens is wide: at {tight} the required quota falls from {required} to {lean}, {percent} % less"
        );
        c.add(Code::MaxTokensWide, Some(index), facts.all.at(Column::MaxTokens), message, help);
    }
}

/// Alternatives in words, one for each other rate.
fn others(plan: &QuotaPlan) -> String {
    let mut seen = vec![plan.rate.rate];
    let mut words = Vec::new();
    for alternative in &plan.alternatives {
        let Alternative { rate, provenance, required, .. } = alternative;
        if seen.contains(rate) {
            continue;
        }
        seen.push(*rate);
        let gives = required.map_or_else(|| "unknown".to_owned(), |required| required.to_string());
        words.push(format!(
            "at {rate} the required quota is {gives} ({}, {})",
            provenance.source, provenance.as_of
        ));
    }
    words.join("; ")
}

fn rate(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, model: &Model, facts: &RowFacts) {
    // A rate of output does not matter where there is none.
    if facts.with_output.count == 0 {
        return;
    }
    let others = others(plan);
    let behind = if others.is_empty() { String::new() } else { format!("; {others}") };
    let at = facts.all.at(Column::Model);
    let (name, rate, scope) = (&model.name, plan.rate.rate, plan.id.scope);
    match plan.rate.status {
        RateStatus::Unknown => {
            let date = c.input.assumptions.rates_as_of.map(|date| format!(" at or before {date}"));
            let message = format!(
                "{name} {scope}: no burndown rate is stated{}, planned at the worst case of {rate}{behind}",
                date.unwrap_or_default()
            );
            let help = "measure it with one call of known tokens: \
                        (EstimatedTPMQuotaUsage - input - cache writes) / output";
            c.add(Code::UnknownRate, Some(index), at, message, help);
        }
        RateStatus::Disputed => {
            let message =
                format!("{name} {scope}: AWS's texts differ on the burndown rate, planned at {rate}{behind}");
            c.add(Code::DisputedRate, Some(index), at, message, "measure it, or ask AWS Support");
        }
        RateStatus::DefaultClause => {
            let message = format!(
                "{name} {scope}: the burndown rate of {rate} rests on AWS's clause for all other models{behind}"
            );
            c.add(Code::DefaultedRate, Some(index), at, message, "");
        }
        RateStatus::Known | RateStatus::Superseded if !others.is_empty() => {
            let message = format!("{name} {scope}: planned at {rate}{behind}");
            c.add(Code::SupersededRate, Some(index), at, message, "");
        }
        RateStatus::Known | RateStatus::Superseded => {}
    }
}

fn latency(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, subject: &str, facts: &RowFacts) {
    let Some(in_flight) = plan.figures.in_flight else {
        return;
    };
    let peak = plan.figures.peak;
    if facts.no_latency.count > 0 && u128::from(in_flight.get()) * 10 > u128::from(peak.get()) * 11 {
        let message = format!(
            "{subject}: the latency of {} of {} rows is assumed, and reservations in flight raise {peak} to {in_flight}",
            facts.no_latency.count, facts.all.count
        );
        let help = "fill latency_seconds: the mean of CloudWatch's InvocationLatency";
        c.add(Code::AssumedLatency, Some(index), facts.no_latency.at(Column::LatencySeconds), message, help);
    }
}

/// Whether counting cache reads in reservations, or not, changes what is required by more than a tenth.
fn cache_reads(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, subject: &str, facts: &RowFacts) {
    let (Some(required), Some(other)) = (plan.figures.required, plan.required_with_other_reserve) else {
        return;
    };
    if u128::from(required.get().abs_diff(other.get())) * 10 <= u128::from(required.get()) {
        return;
    }
    let (left_out, counted) =
        if c.input.assumptions.reserve_cache_reads { (other, required) } else { (required, other) };
    let message = format!(
        "{subject}: AWS's texts differ on whether reservations count cache reads: {left_out} required if they do not, \
         {counted} if they do; {required} is planned"
    );
    let help = if c.input.assumptions.reserve_cache_reads {
        "the larger is planned, since reserve_cache_reads is true; a measurement may show that the smaller will do"
    } else {
        "set reserve_cache_reads to true to plan for the larger, or measure: throttling begins earlier if they do"
    };
    c.add(
        Code::CacheReadsReserved,
        Some(index),
        facts.with_cache_reads.at(Column::CacheReadTokens),
        message,
        help,
    );
}
