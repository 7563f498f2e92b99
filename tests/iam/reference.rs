//! IAM's evaluation of one policy in one context, written from AWS's pages and from nothing in `src`.
//!
//! Pages of the IAM user guide, copies of 2026: reference_policies_evaluation-logic (a Deny that applies
//! denies, else an Allow allows, else denied), reference_policies_elements_condition_operators (operators;
//! a key that is absent fails a test, and passes a negated one and one with IfExists; Null),
//! reference_policies_condition-logic-multiple-context-keys-or-values (operators and keys are ANDed,
//! values ORed, those of a negated operator NORed), reference_policies_condition-single-vs-multi-valued-
//! context-keys (ForAllValues holds for an absent key, ForAnyValue does not).

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::Value;

/// The keys of a request in lower case, each with its values; an absent key is not in it.
pub(super) type Context = BTreeMap<String, Vec<String>>;

/// Whether the policy allows the action on the resource in each context; `by_silence` is what holds where no
/// statement applies.
pub(super) fn outcomes(
    policy: &Value,
    action: &str,
    resource: &str,
    contexts: &[Context],
    by_silence: bool,
) -> Vec<bool> {
    let statements = policy["Statement"].as_array().expect("a list of statements");
    let about: Vec<&Value> = statements.iter().filter(|one| is_about(one, action, resource)).collect();
    let of = |context: &Context| {
        let applies = |effect: &str| {
            about.iter().any(|one| one["Effect"] == effect && condition(one.get("Condition"), context))
        };
        !applies("Deny") && (by_silence || applies("Allow"))
    };
    contexts.iter().map(of).collect()
}

fn is_about(statement: &Value, action: &str, resource: &str) -> bool {
    let lower = |text: &str| text.to_lowercase();
    let action_fits = |pattern: &str| wildcard(&lower(pattern), &lower(action));
    let in_actions = match (statement.get("Action"), statement.get("NotAction")) {
        (Some(listed), None) => list(listed).iter().any(|one| action_fits(one)),
        (None, Some(listed)) => !list(listed).iter().any(|one| action_fits(one)),
        other => panic!("actions: {other:?}"),
    };
    let in_resources = match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(listed), None) => list(listed).iter().any(|one| wildcard(one, resource)),
        (None, Some(listed)) => !list(listed).iter().any(|one| wildcard(one, resource)),
        other => panic!("resources: {other:?}"),
    };
    in_actions && in_resources
}

fn condition(block: Option<&Value>, context: &Context) -> bool {
    let Some(block) = block else { return true };
    block.as_object().expect("operators").iter().all(|(operator, keys)| {
        keys.as_object().expect("keys").iter().all(|(key, stated)| {
            let actual = context.get(&key.to_lowercase());
            operator_holds(operator, &list(stated), actual.map(Vec::as_slice))
        })
    })
}

fn operator_holds(operator: &str, stated: &[String], actual: Option<&[String]>) -> bool {
    if operator == "Null" {
        return stated.iter().any(|one| (one == "true") == actual.is_none());
    }
    if let Some(rest) = operator.strip_prefix("ForAllValues:") {
        let base = rest.strip_suffix("IfExists").unwrap_or(rest);
        return actual.unwrap_or_default().iter().all(|value| one_value(base, stated, value));
    }
    if let Some(rest) = operator.strip_prefix("ForAnyValue:") {
        let base = rest.strip_suffix("IfExists").unwrap_or(rest);
        return actual.unwrap_or_default().iter().any(|value| one_value(base, stated, value));
    }
    let (base, if_exists) = match operator.strip_suffix("IfExists") {
        Some(base) => (base, true),
        None => (operator, false),
    };
    match actual {
        None => if_exists || base.contains("Not"),
        Some([value]) => one_value(base, stated, value),
        Some(values) => panic!("{operator} on {values:?}"),
    }
}

/// One value against those of the policy: any of them, or none where the operator is negated.
fn one_value(operator: &str, stated: &[String], value: &str) -> bool {
    if operator.contains("Not") {
        let positive = operator.replacen("Not", "", 1);
        return !stated.iter().any(|one| compares(&positive, one, value));
    }
    stated.iter().any(|one| compares(operator, one, value))
}

fn compares(operator: &str, stated: &str, value: &str) -> bool {
    match operator {
        "StringEquals" | "BinaryEquals" => stated == value,
        "StringEqualsIgnoreCase" => stated.to_lowercase() == value.to_lowercase(),
        "Bool" => stated.to_lowercase() == value.to_lowercase(),
        "StringLike" => wildcard(stated, value),
        "ArnEquals" | "ArnLike" => {
            let parts = |text: &str| -> Vec<String> { text.splitn(6, ':').map(str::to_owned).collect() };
            let (stated, value) = (parts(stated), parts(value));
            stated.len() == 6 && value.len() == 6 && stated.iter().zip(&value).all(|(s, v)| wildcard(s, v))
        }
        "IpAddress" => within(stated, value),
        _ => {
            let (stated, value, order) =
                match (operator.strip_prefix("Numeric"), operator.strip_prefix("Date")) {
                    (Some(order), _) => {
                        (stated.parse().expect("a number"), value.parse().expect("a number"), order)
                    }
                    (_, Some(order)) => (seconds(stated), seconds(value), order),
                    _ => panic!("the operator {operator}"),
                };
            match order {
                "Equals" => value == stated,
                "LessThan" => value < stated,
                "LessThanEquals" => value <= stated,
                "GreaterThan" => value > stated,
                "GreaterThanEquals" => value >= stated,
                _ => panic!("the operator {operator}"),
            }
        }
    }
}

/// Seconds since 1970 of `2026-01-01T00:00:00Z`, or of a number.
fn seconds(text: &str) -> i64 {
    if let Ok(seconds) = text.parse() {
        return seconds;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().expect("a part of a date");
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let of_years: i64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let of_months: i64 = lengths.iter().take(usize::try_from(month).expect("a month") - 1).sum();
    (of_years + of_months + day - 1) * 86_400 + number(11..13) * 3_600 + number(14..16) * 60 + number(17..19)
}

fn within(network: &str, address: &str) -> bool {
    let bits = |text: &str| match text.parse().expect("an address") {
        IpAddr::V4(address) => format!("4{:032b}", u32::from(address)),
        IpAddr::V6(address) => format!("6{:0128b}", u128::from(address)),
    };
    let (start, length) = match network.split_once('/') {
        Some((start, length)) => (bits(start), length.parse::<usize>().expect("a length")),
        None => (bits(network), 128),
    };
    bits(address).starts_with(&start[..start.len().min(length + 1)])
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(list).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Bool(_) | Value::Number(_) => vec![value.to_string()],
        other => panic!("a value: {other}"),
    }
}

/// `*` stands for any run of characters, `?` for one: by a table of which prefixes fit.
pub(super) fn wildcard(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut fits = vec![false; text.len() + 1];
    fits[0] = true;
    for p in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for end in 0..=text.len() {
            next[end] = match p {
                '*' => fits[end] || (end > 0 && next[end - 1]),
                '?' => end > 0 && fits[end - 1],
                p => end > 0 && fits[end - 1] && text[end - 1] == p,
            };
        }
        fits = next;
    }
    fits[text.len()]
}

#[test]
fn the_reference_keeps_to_the_examples_of_aws() {
    assert!(wildcard("arn:aws:s3:::a*z", "arn:aws:s3:::abcz") && !wildcard("a?", "a") && wildcard("*", ""));
    let key = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let holds = |operator: &str, stated: &[&str], actual: Option<&[&str]>| {
        operator_holds(operator, &key(stated), actual.map(key).as_deref())
    };
    // The page's table of ForAllValues and ForAnyValue, its words on absent keys, and CIDR ranges.
    assert!(holds("ForAllValues:StringEquals", &["a", "b"], Some(&["a"])));
    assert!(!holds("ForAllValues:StringEquals", &["a", "b"], Some(&["a", "c"])));
    assert!(
        holds("ForAllValues:StringEquals", &["a"], None) && !holds("ForAnyValue:StringEquals", &["a"], None)
    );
    assert!(holds("ForAnyValue:StringNotEquals", &["a"], Some(&["a", "c"])));
    assert!(holds("StringNotEquals", &["a"], None) && !holds("StringEquals", &["a"], None));
    assert!(
        holds("StringEqualsIfExists", &["a"], None) && !holds("StringNotEquals", &["a", "b"], Some(&["b"]))
    );
    assert!(holds("Null", &["true"], None) && !holds("Null", &["false"], None));
    assert!(holds("IpAddress", &["203.0.113.0/24"], Some(&["203.0.113.9"])));
    assert!(holds("NotIpAddress", &["203.0.113.0/24"], Some(&["203.0.114.9"])));
    assert!(
        holds("NumericLessThanEquals", &["10"], Some(&["10"]))
            && !holds("NumericLessThan", &["10"], Some(&["10"]))
    );
    assert!(holds("DateGreaterThan", &["2026-01-01T00:00:00Z"], Some(&["1767225601"])));
}
