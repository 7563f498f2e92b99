//! What findings say of a model's life, its access and its prices, and what to move to.

use super::shared::{sentence, subject};
use crate::catalog::{AccessKind, Lifecycle, Model, Promotion, Provenance, Residency, Scope};
use crate::engine::{MoveTo, SuccessorAdvice};
use crate::report::words::sentence::Sentence;
use crate::report::words::traits::FindingIn;
use crate::text::FactDate;
use crate::text::stdin::shell_input;
use crate::units::UsdPerMillion;

/// Successors named one by one.
const SUCCESSORS_NAMED: usize = 3;

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
        Some((date, away)) => format!("it retires on {date}, {away}"),
        None => "its retirement date is not known".to_owned(),
    };
    format!("{legacy}, so AWS grants no increases for it{price}; {end}")
}

/// The model that a finding is about, its life, and where that is stated.
fn life<'a>(of: &FindingIn<'a>) -> Option<(&'a Model, &'a Lifecycle, String)> {
    let model = of.model()?;
    let lifecycle = model.lifecycle.as_ref()?;
    let Provenance { source, as_of, .. } = &lifecycle.provenance;
    Some((model, lifecycle, format!("{source}, {as_of}")))
}

/// What AWS asks for before the first call.
pub(super) fn access_condition(of: &FindingIn<'_>, condition: usize) -> Sentence {
    let Some((model, stated)) = of.model().and_then(|model| Some((model, model.access.get(condition)?)))
    else {
        return sentence("", "");
    };
    let Provenance { source, as_of, .. } = &stated.provenance;
    let help = match stated.kind {
        AccessKind::AccountSetting => "set it in every account that calls the model before you ask for quota",
        AccessKind::EligibleCustomers => {
            "ask your account manager whether your account is eligible before you ask for quota"
        }
        AccessKind::OtherEndpoint => {
            "check that you can call the model on bedrock-runtime: the plan uses that endpoint's quotas"
        }
    };
    sentence(format!("{}: {} ({source}, {as_of})", model.name, stated.condition), help)
}

/// A price that was promised for a time which is over.
pub(super) fn promotional_price(
    of: &FindingIn<'_>,
    (input, output): (Option<UsdPerMillion>, Option<UsdPerMillion>),
    promotion: &Promotion,
    on: FactDate,
) -> Sentence {
    let pair = |input: Option<UsdPerMillion>, output: Option<UsdPerMillion>| {
        let usd = |price: Option<UsdPerMillion>| {
            price.map_or_else(|| "unknown".to_owned(), |price| price.to_string())
        };
        format!("{} / {}", usd(input), usd(output))
    };
    let before = match (promotion.input_before, promotion.output_before) {
        (None, None) => "the earlier price is not known".to_owned(),
        (input, output) => format!("the earlier price was {}", pair(input, output)),
    };
    let Provenance { source, as_of, .. } = &promotion.provenance;
    sentence(
        format!(
            "{}: the price of {} USD per million tokens (input / output) was promised until {}, {}; {before}, and it \
             is not known what AWS has charged since then ({source}, {as_of})",
            subject(of),
            pair(input, output),
            promotion.until,
            away(on, promotion.until)
        ),
        "look up the price and state it with --models: until then, the cost of these rows is not known",
    )
}

/// The names of models, the first few one by one.
fn names(of: &FindingIn<'_>, successors: &[MoveTo]) -> String {
    let first = successors.iter().take(SUCCESSORS_NAMED);
    let names: Vec<&str> = first.map(|one| of.catalog().model(one.model).name.as_str()).collect();
    match successors.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The command that moves rows to a successor; the scope is named where the rows would not keep theirs.
fn migrate_command(of: &FindingIn<'_>, model: &Model, scope: Scope, to: MoveTo) -> String {
    let files = of.input.workloads.names().map(shell_input).collect::<Vec<_>>().join(" ");
    let (from, to_id) = (&model.id, &of.catalog().model(to.model).id);
    if to.scope == scope {
        format!("quotaplan migrate {files} --from {from} --to {to_id}")
    } else {
        format!("quotaplan migrate {files} --from {from}/{scope} --to {to_id}/{}", to.scope)
    }
}

/// What to move to; `None` where the table has nothing.
fn move_words(
    of: &FindingIn<'_>,
    model: &Model,
    scope: Scope,
    SuccessorAdvice { active, status_unknown, .. }: &SuccessorAdvice,
) -> Option<String> {
    let beside = match status_unknown.as_slice() {
        [] => String::new(),
        others => format!("not older, but of unknown status: {}", names(of, others)),
    };
    match (active.first(), status_unknown.first()) {
        (Some(first), _) => {
            let beside = if beside.is_empty() { beside } else { format!("; {beside}") };
            let command = migrate_command(of, model, scope, *first);
            Some(format!("move to a successor ({}{beside}): {command}", names(of, active)))
        }
        (None, Some(first)) => {
            let command = migrate_command(of, model, scope, *first);
            Some(format!(
                "no successor is known to be active ({beside}): look up the status on AWS's lifecycle page, then run \
                 {command}"
            ))
        }
        (None, None) => None,
    }
}

/// What to do about a model that takes no increases: for the strictest residency of its rows that something
/// keeps to, what to move to; before it, the residencies that nothing keeps to.
fn successor_words(of: &FindingIn<'_>, model: &Model, scope: Scope, advice: &SuccessorAdvice) -> String {
    let keeps = |residency: &Residency| format!("`{residency}`");
    let stays: Vec<String> = advice.without.iter().flatten().map(keeps).collect();
    let newer = if advice.tells_generation {
        format!("no newer {} model", model.provider)
    } else {
        format!("no {} model that is known to be newer", model.provider)
    };
    let others = "a model of another provider (`quotaplan models list` shows their scopes)";
    match (move_words(of, model, scope, advice), stays.as_slice()) {
        (Some(words), []) => words,
        (Some(words), stays) => format!(
            "{newer} stays in {}: move the rows that must stay there to {others}; for the other rows, {words}",
            stays.join(" or ")
        ),
        (None, _) if advice.without.contains(&None) => format!("the table has {newer}: move to {others}"),
        (None, stays) => format!("{newer} stays in {}: move to {others}", stays.join(" or ")),
    }
}

pub(super) fn legacy(of: &FindingIn<'_>, advice: &SuccessorAdvice) -> Sentence {
    let (Some((model, lifecycle, source)), Some(quota)) = (life(of), of.quota()) else {
        return sentence("", "");
    };
    let closed = closed_words(lifecycle, of.input.assumptions.today);
    sentence(
        format!("{} {closed} ({source})", model.name),
        successor_words(of, model, quota.id.scope, advice),
    )
}

/// What to do about a model that will be Legacy.
const ASK_BEFORE: &str =
    "AWS grants no increases once a model is Legacy: ask before then, and plan its successor";

pub(super) fn near_legacy(of: &FindingIn<'_>, since: FactDate) -> Sentence {
    let Some((model, _, source)) = life(of) else { return sentence("", "") };
    let away = away(of.input.assumptions.today, since);
    sentence(format!("{} becomes Legacy on {since}, {away} ({source})", model.name), ASK_BEFORE)
}

pub(super) fn near_retirement(of: &FindingIn<'_>, retirement: FactDate) -> Sentence {
    let Some((model, lifecycle, source)) = life(of) else { return sentence("", "") };
    let away = away(of.input.assumptions.today, retirement);
    let date = dated(retirement, lifecycle.retirement_second_hand);
    sentence(format!("{} retires on {date}, {away} ({source})", model.name), ASK_BEFORE)
}

pub(super) fn retirement_open(of: &FindingIn<'_>, earliest: FactDate) -> Sentence {
    let Some((model, _, source)) = life(of) else { return sentence("", "") };
    let has_passed = of.input.assumptions.today.days_until(earliest) < 0;
    let passed = if has_passed { ", which has passed" } else { "" };
    sentence(
        format!("{}: AWS states an end of life no sooner than {earliest}{passed} ({source})", model.name),
        "watch AWS's lifecycle page: no increases are granted once a model is Legacy",
    )
}
