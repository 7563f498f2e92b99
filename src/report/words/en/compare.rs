//! What a comparison of scopes says on one screen.

use super::English;
use super::numbers::{short_capacity, short_demand};
use super::shared::counted;
use crate::catalog::{Catalog, Residency};
use crate::engine::{CompliantModel, Headroom, ScopeQuota, long_context_words};
use crate::report::words::actions::ActionSentence;
use crate::report::words::compare::{
    CompareTally, CompareWords, ComparedWorkload, Fit, ScopeVerdict, StayReason,
};
use crate::text::FactDate;
use crate::units::{Limit, grouped};

/// Models named in a step; more are counted.
const OFFERED: usize = 4;

/// `1 of 13 rows`, `13 rows`.
fn of_all(count: usize, all: usize) -> String {
    if count == all && all > 1 {
        format!("all {}", counted(all, "row"))
    } else if count == all {
        "the row".to_owned()
    } else {
        format!("{count} of {all} rows")
    }
}

/// What must happen, or that nothing must.
pub(super) fn verdict(tally: &CompareTally, assume_defaults: bool) -> Vec<String> {
    let all = tally.rows;
    let capital = |text: String| {
        let mut chars = text.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    let part = |count: usize, what: &dyn Fn(bool) -> String| {
        (count > 0).then(|| format!("{} {}", of_all(count, all), what(count == 1)))
    };
    let parts = [
        part(tally.without_scope, &|one| {
            let verb = if one { "breaks its" } else { "break their" };
            format!("{verb} residency, and no scope of the model meets it")
        }),
        part(tally.rescoped, &|one| {
            let verb = if one { "breaks its" } else { "break their" };
            format!("{verb} residency, and another scope meets it")
        }),
        part(tally.residency_unknown, &|one| {
            format!(
                "cannot be judged, because it is not known whether the scope meets {} residency",
                if one { "its" } else { "their" }
            )
        }),
        part(tally.moved_to_fit, &|_| "should move to a scope whose quotas are large enough".to_owned()),
        part(tally.moved_to_save, &|_| {
            format!("should move to a cheaper scope, to save {} USD a month", English.whole_usd(tally.saved))
        }),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().map(capital).collect();
    let mut sentences = match parts.as_slice() {
        [] => vec![match all {
            1 => "The row stays where it is.".to_owned(),
            _ => format!("All {all} rows stay where they are."),
        }],
        _ => parts.into_iter().map(|part| format!("{part}.")).collect(),
    };
    if tally.kept_by_residency > 0 {
        let stay = if tally.kept_by_residency == 1 { "stays" } else { "stay" };
        sentences.push(format!(
            "{} {stay} because of residency, although another scope costs {} USD a month less.",
            capital(of_all(tally.kept_by_residency, all)),
            English.whole_usd(tally.forgone)
        ));
    }
    if tally.without_limit > 0 {
        sentences.push(format!(
            "For {}, it is not known whether the quotas are large enough, because no applied value is given.",
            of_all(tally.without_limit, all)
        ));
    } else if assume_defaults {
        sentences.push(
            "Where no applied value is given, AWS's default is assumed: yours may be lower.".to_owned(),
        );
    }
    sentences
}

/// What a move does to the cost of a row.
fn saves(saving: Option<i128>) -> Option<String> {
    let saving = saving?;
    Some(match saving {
        0 => "costs the same".to_owned(),
        saving if saving > 0 => format!("saves {} USD a month", English.whole_usd(saving)),
        saving => format!("costs {} USD a month more", English.whole_usd(-saving)),
    })
}

/// What a quota would have to hold.
fn needs(of: &ComparedWorkload<'_>, scope: impl std::fmt::Display) -> Option<String> {
    let quota = of.quota.as_ref()?;
    let long = long_context_words(quota.long_context);
    let required = quota.required.map_or_else(|| "an unknown number of".to_owned(), short_demand);
    let limit = match quota.limit {
        Some(Limit::Amount(amount)) => format!("of {}", short_capacity(amount)),
        Some(Limit::Unlimited) => "of an unlimited quota".to_owned(),
        None => "; its limit is not known".to_owned(),
    };
    let needs = format!("{} {scope}{long} then needs {required} {}", of.model, quota.kind.unit());
    Some(if quota.limit.is_some() { format!("{needs} {limit}") } else { format!("{needs}{limit}") })
}

/// A residency as a rule of its own.
fn stated(residency: Option<Residency>) -> &'static str {
    residency.map_or("any", Residency::as_str)
}

/// What to do about a row that does not stay.
pub(super) fn step(
    of: &ComparedWorkload<'_>,
    catalog: &Catalog,
    today: FactDate,
) -> (&'static str, ActionSentence) {
    let (name, from, residency) = (&of.name, of.from, stated(of.residency));
    let fits = |fit: Fit| match fit {
        Fit::Holds => " and fits",
        Fit::Exceeds => ", but its quota is too small",
        Fit::Unknown => "",
    };
    match of.verdict {
        ScopeVerdict::NoCompliantScope => (
            "DECIDE",
            ActionSentence {
                what: format!("{name}: no scope of {} meets residency {residency}", of.model),
                why: vec![offered(of.compliant, residency, catalog, today)],
            },
        ),
        ScopeVerdict::Rescope { to, fit } => (
            "RESCOPE",
            ActionSentence {
                what: format!("{name} to {to}: it meets residency {residency}{}", fits(fit)),
                why: saves(of.saving).into_iter().chain(needs(of, to)).collect(),
            },
        ),
        ScopeVerdict::ResidencyUnknown => (
            "DECIDE",
            ActionSentence {
                what: format!("{name}: whether {} {from} meets residency {residency}", of.model),
                why: vec!["AWS does not state its destination Regions".to_owned()],
            },
        ),
        ScopeVerdict::MoveToFit { to } => (
            "MOVE",
            ActionSentence {
                what: format!("{name} from {from} to {to}: the quotas there are large enough"),
                why: saves(of.saving).into_iter().chain(needs(of, to)).collect(),
            },
        ),
        ScopeVerdict::MoveToSave { to, fit } => {
            let saves = saves(of.saving).unwrap_or_default();
            let what = format!("{name} to {to}: {saves}{}", fits(fit));
            ("MOVE", ActionSentence { what, why: needs(of, to).into_iter().collect() })
        }
        ScopeVerdict::Stay(_) => {
            let what = format!("{name}: {}", short_verdict(of));
            ("STAY", ActionSentence { what, why: Vec::new() })
        }
    }
}

/// The models that keep to a residency, the first few of those that AWS grants increases for.
fn offered(models: &[CompliantModel], residency: &str, catalog: &Catalog, today: FactDate) -> String {
    let is_open = |one: &&CompliantModel| !catalog.model(one.model).takes_no_increases(today);
    let name = |one: &CompliantModel| {
        let scopes: Vec<&str> = one.scopes.iter().map(|scope| scope.as_str()).collect();
        format!("{} ({})", catalog.model(one.model).name, scopes.join(", "))
    };
    let open: Vec<String> = models.iter().filter(is_open).map(name).collect();
    let (shown, left) = open.split_at(open.len().min(OFFERED));
    let more = if left.is_empty() { String::new() } else { format!(" and {} more", left.len()) };
    match (shown, models) {
        ([], []) => format!("no similar model is offered in {residency}"),
        ([], _) => format!("in {residency} only Legacy or retired models are offered"),
        (shown, _) => format!("offered in {residency}: {}{more}", shown.join(", ")),
    }
}

/// The verdict of a row in a few words.
pub(super) fn short_verdict(of: &ComparedWorkload<'_>) -> String {
    match of.verdict {
        ScopeVerdict::NoCompliantScope => "no compliant scope".to_owned(),
        ScopeVerdict::Rescope { to, .. } => format!("move to {to}: residency"),
        ScopeVerdict::ResidencyUnknown => "residency not known".to_owned(),
        ScopeVerdict::MoveToFit { to } => format!("move to {to}: it fits"),
        ScopeVerdict::MoveToSave { to, fit: Fit::Holds } => format!("move to {to}: it fits"),
        ScopeVerdict::MoveToSave { to, .. } => format!("move to {to}"),
        ScopeVerdict::Stay(StayReason::OnlyScope) => "stay: the only scope".to_owned(),
        ScopeVerdict::Stay(StayReason::Cheapest) => "stay: the cheapest".to_owned(),
        ScopeVerdict::Stay(StayReason::Residency(_)) => {
            format!("stay: residency is {}", stated(of.residency))
        }
        ScopeVerdict::Stay(StayReason::Quota(scope)) => format!("stay: {scope} is too small"),
        ScopeVerdict::Stay(StayReason::Price(scope)) => format!("stay: no price for {scope}"),
    }
}

/// How the figures come about.
pub(super) fn method(tally: &CompareTally) -> Vec<String> {
    let alone = "Each row is moved on its own, while the others stay where they are";
    if tally.to_do() <= 1 {
        return vec![format!("{alone}. Savings use the model table's prices.")];
    }
    let in_all = match tally.saved_by_all {
        0 => None,
        saved if saved > 0 => {
            Some(format!("In all, the moves save {} USD a month", English.whole_usd(saved)))
        }
        more => Some(format!("In all, the moves cost {} USD a month more", English.whole_usd(-more))),
    };
    let in_all = in_all.map(|in_all| format!("{in_all} (model table's prices)."));
    [format!("{alone}: --optimise finds the best scopes together.")].into_iter().chain(in_all).collect()
}

/// A sum in whole dollars: a saving is never shown larger than it is.
pub(super) fn whole_usd(cents: i128) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(cents.unsigned_abs() / 100))
}

/// A quota in the table of scopes: what it counts, and its code.
pub(super) fn scope_quota(quota: Option<&ScopeQuota<'_>>) -> String {
    match quota {
        None => "no quota listed".to_owned(),
        Some(quota) if quota.entry.is_none() => "not offered".to_owned(),
        Some(quota) => {
            let long = long_context_words(quota.long_context);
            format!("{}{long} {}", quota.kind, crate::catalog::code_words(quota.code()))
        }
    }
}

/// What is left of a quota, with every digit.
pub(super) fn left(headroom: Headroom) -> String {
    match headroom {
        Headroom::Unknown => "unknown".to_owned(),
        Headroom::Unlimited => "unlimited".to_owned(),
        Headroom::Left(left) => {
            let sign = if left < 0 { "-" } else { "" };
            format!("{sign}{}", grouped(left.unsigned_abs()))
        }
    }
}
