//! The list of actions in JSON against the quotas of the same document: nothing that does not hold is left without an
//! action, nothing is asked for that AWS refuses, and the list is in order.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use crate::support::quotaplan;

/// Models and scopes of the reference table, with their quotas of tokens per minute: one is Legacy, one has daily quotas.
const PLACES: [(&str, &str, &str); 5] = [
    ("haiku-4.5", "us", "L-58BE175A"),
    ("sonnet-5", "us", "L-D4FBCF4E"),
    ("sonnet-4.5", "global", "L-27C57EE8"),
    ("sonnet-4.5", "us", "L-F4DDD3EB"),
    ("nova-lite", "ca", "L-7C42E72A"),
];

#[derive(Debug, Clone)]
struct Row {
    place: usize,
    rate: u32,
    max_tokens: Option<u32>,
    residency: &'static str,
    account: &'static str,
}

fn row() -> impl Strategy<Value = Row> {
    let rate = prop_oneof![3 => 0_u32..400, 1 => 400_u32..20_000];
    let max_tokens = prop::option::weighted(0.7, 400_u32..4_000);
    let residency = prop::sample::select(vec!["", "", "", "us", "canada"]);
    let account = prop::sample::select(vec!["", "dev"]);
    (0..PLACES.len(), rate, max_tokens, residency, account).prop_map(
        |(place, rate, max_tokens, residency, account)| Row { place, rate, max_tokens, residency, account },
    )
}

fn csv(rows: &[Row]) -> String {
    let mut text =
        "workload,model,scope,requests_per_minute,input_tokens,output_tokens,output_tokens_p95,max_tokens,\
                    latency_seconds,active_hours,residency,account\n"
            .to_owned();
    for (number, row) in rows.iter().enumerate() {
        let (model, scope, _) = PLACES[row.place];
        let max_tokens = row.max_tokens.map(|tokens| tokens.to_string()).unwrap_or_default();
        writeln!(
            text,
            "w{number},{model},{scope},{},1500,200,300,{max_tokens},4,08-18,{},{}",
            row.rate, row.residency, row.account
        )
        .expect("a string takes it");
    }
    text
}

fn plan(rows: &[Row], granted: &[Option<u64>]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("w.csv"), csv(rows)).expect("it can be written");
    let mut config = "[granted]\n".to_owned();
    for ((_, _, code), granted) in PLACES.iter().zip(granted) {
        if let Some(granted) = granted {
            writeln!(config, "\"{code}\" = {granted}").expect("a string takes it");
        }
    }
    std::fs::write(folder.path().join("quotaplan.toml"), config).expect("it can be written");
    let ran = quotaplan(folder.path(), &["plan", "w.csv", "--today", "2026-11-25", "--format", "json"]);
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&ran.stderr)))
}

fn is_about(action: &Value, quota: &Value) -> bool {
    let subject = &action["subject"];
    let same = |key: &str| subject[key].is_null() || subject[key] == quota[key];
    subject["account"] == quota["account"]
        && ["model", "scope", "kind", "code"].into_iter().all(same)
        && !subject["model"].is_null()
}

fn list<'a>(document: &'a Value, key: &str) -> &'a [Value] {
    document[key].as_array().expect("a list")
}

/// What there is of a quota: the applied value, else the default.
fn capacity(quota: &Value) -> Option<u64> {
    quota["granted"].as_u64().or_else(|| quota["default"].as_u64())
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn every_quota_that_does_not_hold_has_an_action_and_none_is_refused(
        rows in prop::collection::vec(row(), 1..6),
        granted in prop::collection::vec(prop::option::weighted(0.6, 0_u64..9_000_000), PLACES.len()),
    ) {
        let plan = plan(&rows, &granted);
        let (actions, quotas) = (list(&plan, "actions"), list(&plan, "quotas"));

        // Numbered in order, the most urgent first.
        let first = actions.first().map_or(0, |first| first["id"].as_u64().unwrap());
        for (action, id) in actions.iter().zip(first..) {
            prop_assert_eq!(action["id"].as_u64(), Some(id));
        }
        prop_assert!(actions.is_sorted_by_key(|action| action["priority"].as_u64()));

        // Nothing is said twice.
        let said: Vec<String> =
            actions.iter().map(|action| format!("{} {}", action["verb"], action["subject"])).collect();
        let once: std::collections::BTreeSet<&String> = said.iter().collect();
        prop_assert_eq!(once.len(), said.len(), "{:#?}", said);

        // Applied values are looked up once, where one is not given.
        let open = quotas.iter().any(|quota| quota["granted"].is_null());
        let look_ups = actions.iter().filter(|action| action["verb"] == "look-up").count();
        prop_assert_eq!(look_ups, usize::from(open));
        prop_assert!(actions.is_empty() || first == u64::from(!open));

        for quota in quotas {
            let about: Vec<&Value> = actions.iter().filter(|action| is_about(action, quota)).collect();
            let (required, limit) = (quota["required"].as_u64(), capacity(quota));
            let exceeds = matches!((required, limit), (Some(required), Some(limit)) if required > limit);
            prop_assert!(!exceeds || !about.is_empty(), "{quota:#}\n{actions:#?}");
            for action in about.iter().filter(|action| action["subject"]["code"].is_string()) {
                let value = action["value"].as_u64();
                match action["verb"].as_str().unwrap() {
                    "ask" => {
                        // Service Quotas takes nothing at or below the applied value or its default.
                        let value = value.expect("an amount");
                        for limit in [&quota["granted"], &quota["default"]] {
                            prop_assert!(limit.as_u64().is_none_or(|limit| value > limit), "{quota:#}");
                        }
                        let lowered = about.iter().any(|action| action["verb"] == "lower");
                        let needed = if lowered { &quota["lean_required"] } else { &quota["required"] };
                        prop_assert!(needed.as_u64().is_some_and(|needed| value >= needed), "{quota:#}");
                    }
                    "restore" => prop_assert_eq!(value, quota["default"].as_u64()),
                    "lower" => prop_assert_eq!(value, quota["tight_max_tokens"].as_u64()),
                    _ => {}
                }
            }
        }

        // Nothing more is asked of a scope that a residency rules out.
        for action in actions.iter().filter(|action| ["rescope", "decide"].contains(&action["verb"].as_str().unwrap())) {
            let subject = &action["subject"];
            let same = |other: &&Value| {
                other["verb"] == "ask"
                    && other["subject"]["model"] == subject["model"]
                    && other["subject"]["scope"] == subject["scope"]
                    && other["subject"]["account"] == subject["account"]
            };
            prop_assert_eq!(actions.iter().find(same), None);
        }

        // Shares are those of all workloads, the largest first.
        for action in actions {
            let shares: Vec<f64> =
                list(action, "workloads").iter().map(|one| one["share"].as_f64().unwrap()).collect();
            prop_assert!(shares.is_sorted_by(|a, b| a >= b));
            let sum: f64 = shares.iter().sum();
            let of_some = ["rescope", "decide"].contains(&action["verb"].as_str().unwrap());
            let whole = (sum - 1.0).abs() < 0.001 || of_some && sum < 1.001;
            prop_assert!(shares.is_empty() || whole || sum == 0.0, "{shares:?}");
        }
    }
}
