//! Findings about a model and its scope: its life, access and prices, and where its requests go.

use super::{At, Collector, RowFacts};
use crate::catalog::{AccessKind, Lifecycle, Model, Provenance, Residency, Scope};
use crate::engine::residency::{residencies, residency_fault};
use crate::engine::result::QuotaPlan;
use crate::engine::successors::{Successor, Successors, successors, tells_its_generation};
use crate::text::stdin::shell_input;
use crate::text::{Code, FactDate};
use crate::units::UsdPerMillion;
use crate::workload::Column;

/// Rows whose residency the scope breaks, or may break.
pub(super) fn residency(
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
        let Some(fault) = residency_fault(model, plan.id.scope, Some(residency)) else { continue };
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
            format!(
                "; its price rose on {from} (extended access), and prices read before that day count as unknown"
            )
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
pub(super) fn access(c: &mut Collector<'_, '_>, index: usize, model: &Model, facts: &RowFacts) {
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
pub(super) fn promotions(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    subject: &str,
    facts: &RowFacts,
) {
    let today = c.input.assumptions.price_date();
    let prices = model.scope(plan.id.scope).map_or(&[][..], |entry| &entry.prices);
    let over = prices.iter().filter_map(|price| Some((price, price.promotion.as_ref()?)));
    // The tiers of a scope are announced together.
    let Some((price, promotion)) = over.into_iter().find(|(_, promotion)| promotion.is_over(today)) else {
        return;
    };
    let pair = |input: Option<UsdPerMillion>, output: Option<UsdPerMillion>| {
        let usd = |price: Option<UsdPerMillion>| {
            price.map_or_else(|| "unknown".to_owned(), |price| price.to_string())
        };
        format!("{} / {}", usd(input), usd(output))
    };
    let before = match (promotion.input_before, promotion.output_before) {
        (None, None) => "what it was before is not known".to_owned(),
        (input, output) => format!("the earlier price was {}", pair(input, output)),
    };
    let Provenance { source, as_of, .. } = &promotion.provenance;
    let message = format!(
        "{subject}: the price of {} USD per million tokens (input / output) was promised until {}, {}; {before}, \
         and what AWS bills since is not known ({source}, {as_of})",
        pair(price.input.known(), price.output.known()),
        promotion.until,
        away(today, promotion.until)
    );
    let help = "look the price up and state it with --models: until then the cost of these rows is not known";
    c.add(Code::PromotionalPrice, Some(index), facts.all.at(Column::Model), message, help);
}

/// Successors named one by one.
const SUCCESSORS_NAMED: usize = 3;

/// The names of models, the first few one by one.
fn names(successors: &[Successor<'_>]) -> String {
    let names: Vec<&str> =
        successors.iter().take(SUCCESSORS_NAMED).map(|one| one.model.name.as_str()).collect();
    match successors.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The command that moves rows to a successor; the scope is named where the rows would not keep theirs.
fn migrate_command(c: &Collector<'_, '_>, model: &Model, scope: Scope, to: Successor<'_>) -> String {
    let files = c.input.workloads.names().map(shell_input).collect::<Vec<_>>().join(" ");
    let (from, to_id) = (&model.id, &to.model.id);
    if to.scope == scope {
        format!("quotaplan migrate {files} --from {from} --to {to_id}")
    } else {
        format!("quotaplan migrate {files} --from {from}/{scope} --to {to_id}/{}", to.scope)
    }
}

/// What to move to from a scope of a model, for the rows that must stay in a residency; `None` where the table
/// has nothing.
fn move_words(
    c: &Collector<'_, '_>,
    model: &Model,
    scope: Scope,
    residency: Option<Residency>,
) -> Option<String> {
    let found = successors(c.input.catalog, model, scope, residency, c.input.assumptions.today);
    let Successors { active, status_unknown } = found;
    let beside = match status_unknown.as_slice() {
        [] => String::new(),
        others => format!("not older, but of unknown status: {}", names(others)),
    };
    match (active.first(), status_unknown.first()) {
        (Some(first), _) => {
            let beside = if beside.is_empty() { beside } else { format!("; {beside}") };
            let command = migrate_command(c, model, scope, *first);
            Some(format!("move to a successor ({}{beside}): {command}", names(&active)))
        }
        (None, Some(first)) => {
            let command = migrate_command(c, model, scope, *first);
            Some(format!(
                "no successor is known to be active ({beside}): look the status up on AWS's lifecycle page, then {command}"
            ))
        }
        (None, None) => None,
    }
}

/// What to do about a model that takes no increases: for the strictest residency of its rows that something
/// keeps to, what to move to; before it, the residencies that nothing keeps to.
fn successor_words(c: &Collector<'_, '_>, model: &Model, scope: Scope, rows: &[u32]) -> String {
    let mut residencies = residencies(c.input, rows);
    residencies.sort_unstable_by(|one, other| other.cmp(one));
    let found = residencies.iter().position(|residency| move_words(c, model, scope, *residency).is_some());
    let without = residencies.get(..found.unwrap_or(residencies.len())).unwrap_or_default();
    let stays: Vec<String> = without.iter().flatten().map(|residency| format!("`{residency}`")).collect();
    let newer = if tells_its_generation(model) {
        format!("no newer {} model", model.provider)
    } else {
        format!("no {} model that is known to be newer", model.provider)
    };
    let others = "a model of another provider (`quotaplan models list` shows their scopes)";
    let words = found.and_then(|index| move_words(c, model, scope, *residencies.get(index)?));
    match (words, stays.as_slice()) {
        (Some(words), []) => words,
        (Some(words), stays) => format!(
            "{newer} stays in {}: move the rows that must stay there to {others}; for the other rows, {words}",
            stays.join(" or ")
        ),
        (None, _) if without.contains(&None) => format!("the table has {newer}: move to {others}"),
        (None, stays) => format!("{newer} stays in {}: move to {others}", stays.join(" or ")),
    }
}

pub(super) fn lifecycle(
    c: &mut Collector<'_, '_>,
    index: usize,
    plan: &QuotaPlan,
    model: &Model,
    facts: &RowFacts,
) {
    let Some(lifecycle) = &model.lifecycle else {
        return;
    };
    let (today, within) = (c.input.assumptions.today, c.input.assumptions.policy.retirement_days);
    let at = facts.all.at(Column::Model);
    let source = format!("{}, {}", lifecycle.provenance.source, lifecycle.provenance.as_of);
    if model.takes_no_increases(today) {
        let message = format!("{} {} ({source})", model.name, closed_words(lifecycle, today));
        let rows = c.plan.quotas.get(index).map_or(&[][..], |quota| c.plan.rows_of(quota));
        let help = successor_words(c, model, plan.id.scope, rows);
        c.add(Code::Legacy, Some(index), at, message, help);
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
