//! How a finding stands to a baseline, stated again over the JSON of the earlier and of the new plan.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{about, list, text};

/// Codes about the configuration, the calendar or the baseline, which no workload makes worse.
pub(super) const ABOUT_NO_WORKLOAD: [&str; 4] =
    ["stale-granted", "unused-budget", "assumed-default", "baseline-differs"];

/// Codes about a model or quota that is planned or not, whatever its rows.
const ABOUT_A_MODEL: [&str; 13] = [
    "stale-table",
    "not-offered",
    "quota-unknown",
    "legacy",
    "near-retirement",
    "access-condition",
    "promotional-price",
    "retirement-open",
    "unknown-rate",
    "disputed-rate",
    "superseded-rate",
    "defaulted-rate",
    "daily-wording",
];

/// Quotas by what tells them from others.
pub(super) fn by_name(plan: &Value) -> BTreeMap<String, &Value> {
    let quotas = list(plan, "quotas");
    let named: BTreeMap<_, _> = quotas.iter().map(|quota| (about(quota), quota)).collect();
    assert_eq!(named.len(), quotas.len(), "two quotas of one name");
    named
}

/// What a sum or a budget is of.
pub(super) type Of = (String, Option<String>);

/// Each sum of a plan by what it is of: all of it where known, and its known part.
pub(super) fn sums(plan: &Value) -> BTreeMap<Of, (Value, Value)> {
    let cost = &plan["cost"];
    let total = (cost["monthly_usd"].clone(), cost["priced_monthly_usd"].clone());
    let mut sums = BTreeMap::from([(("total".to_owned(), None), total)]);
    for (shares, key) in [("by_model", "model"), ("by_team", "team")] {
        for share in list(cost, shares) {
            let sum = (share["largest_monthly_usd"].clone(), share["largest_priced_monthly_usd"].clone());
            sums.insert((key.to_owned(), share[key].as_str().map(str::to_owned)), sum);
        }
    }
    sums
}

/// Millionths of a decimal number such as `1234.50`.
fn millionths(number: &str) -> i128 {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}{decimals:0<6}").parse().expect("a number of at most six decimals")
}

/// The budget of a plan for what a sum is of.
fn limit_of(plan: &Value, of: &Of) -> Option<i128> {
    let same = |budget: &&Value| text(budget, "of") == of.0 && budget["name"].as_str() == of.1.as_deref();
    let budget = list(&plan["limits"], "budgets").iter().find(same)?;
    Some(millionths(text(budget, "limit_usd")))
}

/// The largest share of a quota that a plan's policy allows.
fn most(plan: &Value) -> Option<i128> {
    let most = &plan["limits"]["max_utilisation"];
    // It has six decimals at most, and JSON may write it with an exponent.
    most.as_f64().map(|most| millionths(&format!("{most:.6}")))
}

fn risen(risen: bool) -> &'static str {
    if risen { "worse" } else { "known" }
}

/// Worse where there is more too much than before, new where it was not too much.
fn passed(then: Option<i128>, now: i128) -> &'static str {
    assert!(now > 0, "a finding about what holds");
    match then {
        Some(then) if then > 0 => risen(now > then),
        _ => "new",
    }
}

/// By how many a quota is exceeded, where its amounts are known.
fn excess(quota: &Value, limit: &str) -> Option<i128> {
    Some(i128::from(quota["required"].as_u64()?) - i128::from(quota[limit].as_u64()?))
}

/// A share of a quota above what the policy allows.
fn utilisation(then: &Value, most_then: Option<i128>, now: &Value, most_now: i128) -> &'static str {
    let limit = if now["granted"].is_null() { "default" } else { "granted" };
    // The limit, and by how many millionths of a unit more is required than the share allows.
    let above = |quota: &Value, most: i128| {
        let (required, limit) = (i128::from(quota["required"].as_u64()?), i128::from(quota[limit].as_u64()?));
        Some((limit, required * 1_000_000 - most * limit))
    };
    let (limit_now, above_now) = above(now, most_now).expect("it is judged");
    assert!(limit_now > 0 && above_now > 0, "{now}");
    match most_then.and_then(|most| above(then, most)) {
        // Any requirement is infinitely many times a limit of nothing.
        Some((limit_then, above_then)) if above_then > 0 => {
            risen(above_now * limit_then > above_then * limit_now)
        }
        _ => "new",
    }
}

fn undetermined(then: &Value, now: &Value) -> &'static str {
    let lost = |key: &str| !then[key].is_null() && now[key].is_null();
    match (then["required"].as_u64(), now["required"].as_u64()) {
        _ if lost("granted") || lost("required") => "new",
        (Some(then), Some(now)) => risen(now > then),
        _ => "known",
    }
}

/// A finding of a quota that rests on its figures.
fn of_quota(code: &str, (then, before): (&Value, &Value), (now, after): (&Value, &Value)) -> &'static str {
    match code {
        "over-utilisation" => utilisation(before, most(then), after, most(now).expect("a policy")),
        "quota-undetermined" => undetermined(before, after),
        _ => {
            let limit = if after["granted"].is_null() { "default" } else { "granted" };
            passed(excess(before, limit), excess(after, limit).expect("it is judged"))
        }
    }
}

/// A finding of a budget, whose sums are known to the cent alone.
fn of_budget(code: &str, of: &Of, then: &Value, now: &Value) -> &'static str {
    let priced =
        |plan: &Value| sums(plan).get(of).map(|(_, priced)| millionths(priced.as_str().expect("a sum")));
    let unknown = sums(then).get(of).is_some_and(|(all, _)| all.is_null());
    if code == "budget-undetermined" {
        return if unknown { risen(priced(now) > priced(then)) } else { "new" };
    }
    let above = |plan: &Value| Some(priced(plan)? - limit_of(plan, of)?);
    let (before, after) = (above(then), above(now).expect("a budget and a sum"));
    // Passed by less than half a cent, by as much as before.
    if after <= 0 && before == Some(after) {
        return "known";
    }
    match before {
        Some(before) if before > 0 => risen(after > before),
        _ => "new",
    }
}

/// A finding of an account's day: it held where neither figure was above what was applied, or
/// above the default where nothing was.
fn of_day(account: &str, then: &Value, now: &Value) -> &'static str {
    let of = |plan| {
        list(plan, "account_daily").iter().find(|day| day["account"].as_str().unwrap_or_default() == account)
    };
    let after = of(now).expect("an account of the plan");
    let Some(before) = of(then) else {
        return "new";
    };
    let limit = if before["granted"].is_null() { &before["default"] } else { &before["granted"] };
    let figure = |day: &Value, key: &str| day[key].as_u64().expect("a number");
    let keys = ["settled", "billed"];
    match limit.as_u64() {
        Some(limit) if keys.iter().any(|key| figure(before, key) > limit) => {
            risen(keys.iter().any(|key| figure(after, key) > figure(before, key)))
        }
        _ => "new",
    }
}

/// How a finding must stand to the baseline.
pub(super) fn change(finding: &Value, then: &Value, now: &Value) -> Value {
    let (code, of) = (text(finding, "code"), text(finding, "about"));
    if ABOUT_NO_WORKLOAD.contains(&code) {
        return Value::Null;
    }
    let word = match code {
        "exceeds-granted" | "exceeds-default" | "not-adjustable" | "over-utilisation"
        | "quota-undetermined" => {
            let before = by_name(then).get(of).copied();
            before.map_or("new", |before| of_quota(code, (then, before), (now, by_name(now)[of])))
        }
        "over-budget" | "budget-undetermined" => {
            let of = match of.strip_prefix("budget of ").and_then(|of| of.split_once(' ')).expect("a name") {
                ("all", _) => ("total".to_owned(), None),
                (of, name) => (of.to_owned(), Some(name.to_owned())),
            };
            of_budget(code, &of, then, now)
        }
        "account-daily" => of_day(of, then, now),
        _ if ABOUT_A_MODEL.contains(&code) => {
            let quota = by_name(now)[of];
            let like = |then: &Value| (&then["model"], &then["scope"]) == (&quota["model"], &quota["scope"]);
            if list(then, "quotas").iter().any(like) { "known" } else { "new" }
        }
        _ => {
            let rows = |finding: &Value| finding["rows"].as_u64().expect("a number");
            let same =
                |then: &&Value| then["code"] == code && then["about"].as_str().unwrap_or_default() == of;
            let before = list(then, "findings").iter().find(same);
            before.map_or("new", |before| risen(rows(finding) > rows(before)))
        }
    };
    word.into()
}
