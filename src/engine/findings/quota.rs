//! Findings about one quota.

use super::{At, Collector, RowFacts, demand, disputed, rows_have};
use crate::catalog::{AccessKind, Lifecycle, Model, Provenance, RateStatus, Residency};
use crate::engine::action::{Action, Verdict};
use crate::engine::alternatives::Alternative;
use crate::engine::figures::Slot;
use crate::engine::residency::{residency_fault, strictest_residency};
use crate::engine::result::{QuotaKind, QuotaPlan};
use crate::engine::successors::successors;
use crate::text::tree::Fact;
use crate::text::{Code, FactDate};
use crate::units::{Limit, QuotaAmount, UsdPerMillion};
use crate::workload::Column;

/// Adds the findings of one quota.
pub(super) fn add(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, facts: &RowFacts) {
    let model = c.input.catalog.model(plan.model);
    let subject = format!("{} {}", model.name, plan.scope);
    verdict(c, index, plan, &subject, facts);
    if plan.kind == QuotaKind::Tpd {
        daily_wording(c, index, plan, facts);
    }
    // What is about rows or model is said once, at the first of the pool's quotas.
    if c.plan.quotas.iter().position(|other| other.pool == plan.pool) == Some(index) {
        place(c, index, plan, model, &subject, facts);
        demand::add(c, index, plan, &subject, facts);
        promotions(c, index, plan, model, &subject, facts);
        disputed::add(c, index, model, &subject, facts);
    }
    demand::far_above_default(c, index, plan);
    if c.plan.quotas.iter().position(|other| other.model == plan.model) == Some(index) {
        lifecycle(c, index, plan, model, facts);
        access(c, index, model, facts);
    }
    if plan.kind == QuotaKind::Tpm {
        max_tokens(c, index, plan, model, &subject, facts);
        rate(c, index, plan, model, facts);
        latency(c, index, plan, &subject, facts);
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
fn remedy(plan: &QuotaPlan) -> String {
    let tight = plan.tight_max_tokens.map(|tight| tight.to_string()).unwrap_or_default();
    match (plan.action, plan.lean_ask, plan.ask) {
        (Action::LowerMaxTokens, None, _) => format!("lower max_tokens to {tight}: then it fits"),
        (Action::LowerMaxTokens, Some(lean), _) => format!("lower max_tokens to {tight} and ask for {lean}"),
        (Action::Restore, ..) => {
            let default = plan.restore_to.map(|limit| limit.to_string()).unwrap_or_default();
            let cap =
                plan.restoring_cap().map(|cap| format!("lower max_tokens to {cap} and ")).unwrap_or_default();
            format!("{cap}ask AWS Support to restore the applied value to AWS's default of {default}")
        }
        (Action::Migrate, ..) => "move to another model: AWS grants no increases for this one".to_owned(),
        (_, Some(lean), Some(ask)) if lean < ask && plan.may_be_adjustable() => {
            format!("ask for {ask}, or lower max_tokens to {tight} and ask for {lean}")
        }
        (_, _, Some(ask)) if plan.may_be_adjustable() => format!("ask for {ask}"),
        (_, _, Some(ask)) => format!("open a support case for {ask}: Service Quotas takes no increase of it"),
        _ => "lower the demand".to_owned(),
    }
}

fn verdict(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, subject: &str, facts: &RowFacts) {
    let kind = plan.kind.as_str();
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
        let help = format!("{}{largest}", remedy(plan));
        let at = At { place: c.plan.largest_cell(c.input, plan), rows: facts.all.count, detail: None };
        c.add(Code::ExceedsGranted, Some(index), at, message, help);
    }
    match &plan.entry {
        None if plan.kind == QuotaKind::Tpm => {
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
                format!("{subject} {kind}: more is required than there is, and the quota is not adjustable");
            let help =
                "Service Quotas takes no request for it: open a support case, or use a scope whose quota is";
            c.add(Code::NotAdjustable, Some(index), at, message, help);
        }
        _ => {}
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
    residency(c, index, plan, model, subject, facts);
    let entry = model.scope(plan.scope);
    if plan.long_context {
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

/// Rows whose residency the scope breaks, or may break.
fn residency(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    subject: &str,
    facts: &RowFacts,
) {
    for (residency, tally) in [(Residency::Canada, facts.canada), (Residency::Us, facts.us)] {
        if tally.count == 0 {
            continue;
        }
        let policy = c.input.assumptions.policy.residency == Some(residency);
        let rows = format!(
            "{subject}: {} of {} rows must stay in `{residency}`{}",
            tally.count,
            facts.all.count,
            if policy { " (`[policy] residency`)" } else { "" }
        );
        let Some(fault) = residency_fault(model, plan.scope, Some(residency)) else { continue };
        let message = format!("{rows}, and {}", fault.reason);
        let detail = Some(residency.as_str().to_owned());
        let at = At { detail, ..tally.at(Column::Residency) };
        c.add(fault.code, Some(index), at, message, fault.help);
    }
}

/// A date, marked where it was not read from AWS itself.
fn dated(date: FactDate, is_second_hand: bool) -> String {
    if is_second_hand { format!("{date} (a second-hand date)") } else { date.to_string() }
}

/// How far a date is from today: `1 day after 2026-11-25`, or `today`.
fn away(today: FactDate, date: FactDate) -> String {
    let days = today.days_until(date);
    if days == 0 {
        return "today".to_owned();
    }
    let count = if days.abs() == 1 { "1 day".to_owned() } else { format!("{} days", days.abs()) };
    format!("{count} {} {today}", if days < 0 { "before" } else { "after" })
}

/// What a model is for which AWS grants no increases, since when, and when it costs more or ends.
fn closed_words(lifecycle: &Lifecycle, today: FactDate) -> String {
    let end = |date: FactDate| (dated(date, lifecycle.retirement_second_hand), away(today, date));
    if let Some((date, away)) = lifecycle.retirement.filter(|_| lifecycle.is_retired(today)).map(end) {
        return format!("was retired on {date}, {away}");
    }
    let legacy = lifecycle
        .legacy_since
        .map_or_else(|| "is Legacy".to_owned(), |date| format!("has been Legacy since {date}"));
    let price = match lifecycle.extended_access_from {
        Some(from) if from.day() <= today.day() => {
            format!("; its price rose on {from} (extended access), and costs are at the price before")
        }
        Some(from) => format!("; its price rises on {from} (extended access)"),
        None => String::new(),
    };
    let end = match lifecycle.retirement.map(end) {
        Some((date, away)) => format!("it ends on {date}, {away}"),
        None => "the date of its end is not known".to_owned(),
    };
    format!("{legacy}, so AWS grants no increases for it{price}; {end}")
}

/// What AWS asks for before the first call.
fn access(c: &mut Collector<'_, '_>, index: usize, model: &Model, facts: &RowFacts) {
    for condition in &model.access {
        let Provenance { source, as_of, .. } = &condition.provenance;
        let message = format!("{}: {} ({source}, {as_of})", model.name, condition.condition);
        let help = match condition.kind {
            AccessKind::AccountSetting => {
                "set it in every account that calls the model, before asking for quota"
            }
            AccessKind::EligibleCustomers => {
                "ask your account manager whether the account is let in, before asking for quota"
            }
            AccessKind::OtherEndpoint => {
                "check that the model answers on bedrock-runtime: the quotas planned here are that endpoint's"
            }
        };
        let at = At { detail: Some(condition.kind.as_str().to_owned()), ..facts.all.at(Column::Model) };
        c.add(Code::AccessCondition, Some(index), at, message, help);
    }
}

/// Prices that were announced for a time which is over: what AWS bills since is not known.
fn promotions(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    subject: &str,
    facts: &RowFacts,
) {
    let today = c.input.assumptions.today;
    let prices = model.scope(plan.scope).map_or(&[][..], |entry| &entry.prices);
    let over = prices.iter().filter_map(|price| Some((price, price.promotion.as_ref()?)));
    // The tiers of a scope are announced together.
    let Some((price, promotion)) =
        over.into_iter().find(|(_, promotion)| promotion.until.day() < today.day())
    else {
        return;
    };
    let pair = |input: Option<UsdPerMillion>, output: Option<UsdPerMillion>| {
        let usd = |price: Option<UsdPerMillion>| {
            price.map_or_else(|| "unknown".to_owned(), |price| price.to_string())
        };
        format!("{} / {}", usd(input), usd(output))
    };
    let Provenance { source, as_of, .. } = &promotion.provenance;
    let message = format!(
        "{subject}: the price of {} USD per million tokens (input / output) was promised until {}, {}; before it stood at \
         {}, and what AWS bills since is not known ({source}, {as_of})",
        pair(price.input.known(), price.output.known()),
        promotion.until,
        away(today, promotion.until),
        pair(promotion.input_before, promotion.output_before)
    );
    let help = "costs are at the promotional price: look the price up and state it with --models";
    c.add(Code::PromotionalPrice, Some(index), facts.all.at(Column::Model), message, help);
}

/// Successors named one by one.
const SUCCESSORS_NAMED: usize = 3;

fn successor_words(model: &Model, successors: &[&Model]) -> String {
    let Some(first) = successors.first() else {
        return format!(
            "the table has no successor of {}: `quotaplan models list` shows what else is offered",
            model.provider
        );
    };
    let names: Vec<&str> =
        successors.iter().take(SUCCESSORS_NAMED).map(|other| other.name.as_str()).collect();
    let more = match successors.len() - names.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "move to a successor ({}{more}): quotaplan migrate WORKLOADS.csv --from {} --to {}",
        names.join(", "),
        model.id,
        first.id
    )
}

fn lifecycle(c: &mut Collector<'_, '_>, index: usize, plan: &QuotaPlan, model: &Model, facts: &RowFacts) {
    let Some(lifecycle) = &model.lifecycle else {
        return;
    };
    let (today, within) = (c.input.assumptions.today, c.input.assumptions.policy.retirement_days);
    let at = facts.all.at(Column::Model);
    let source = format!("{}, {}", lifecycle.provenance.source, lifecycle.provenance.as_of);
    if model.takes_no_increases(today) {
        let message = format!("{} {} ({source})", model.name, closed_words(lifecycle, today));
        let rows = c.plan.quotas.get(index).map_or(&[][..], |quota| c.plan.rows_of(quota));
        let residency = strictest_residency(c.input, rows);
        let successors = successors(c.input.catalog, model, plan.scope, residency, today);
        c.add(Code::Legacy, Some(index), at, message, successor_words(model, &successors));
        return;
    }
    let help = "AWS grants no increases once a model is Legacy: ask before, and plan the successor";
    if let Some(since) = lifecycle.legacy_since.filter(|since| today.days_until(*since) <= within) {
        let message = format!("{} becomes Legacy on {since}, {} ({source})", model.name, away(today, since));
        c.add(Code::NearRetirement, Some(index), at, message, help);
    } else if let Some(retirement) = lifecycle.retirement
        && today.days_until(retirement) <= within
    {
        let message = format!(
            "{} retires on {}, {} ({source})",
            model.name,
            dated(retirement, lifecycle.retirement_second_hand),
            away(today, retirement)
        );
        c.add(Code::NearRetirement, Some(index), at, message, help);
    } else if let Some(earliest) = lifecycle.no_sooner_than
        && today.days_until(earliest) <= within
    {
        let passed = if today.days_until(earliest) < 0 { ", which has passed" } else { "" };
        let message =
            format!("{}: AWS says end of life no sooner than {earliest}{passed} ({source})", model.name);
        c.add(
            Code::RetirementOpen,
            Some(index),
            at,
            message,
            "watch AWS's lifecycle page: no increases are granted once a model is Legacy",
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
    let help = format!(
        "set max_tokens to about {tight}: 1.25 times the longest answer expected (p95, or three means without one), \
         rounded up to two digits (assumed); longer answers would be cut{fits}"
    );
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
    let (name, rate, scope) = (&model.name, plan.rate.rate, plan.scope);
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
