//! What is asked for, by a second statement of the rules: from the plan's JSON and the model table's own
//! listing, without the code that decides.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::Value;

use crate::support::quotaplan;

/// Model, scope and TPM code of some quotas: a known rate, an unknown one, a fixed quota.
const QUOTAS: [(&str, &str, &str); 5] = [
    ("haiku-4.5", "us", "L-58BE175A"),
    ("sonnet-5", "us", "L-D4FBCF4E"),
    ("sonnet-5.5", "global", "L-31AB82D0"),
    ("opus-4.8", "global", "L-4FCE27C7"),
    ("Titan Text Embeddings V2", "in-region", "L-DE641971"),
];

#[derive(Debug, Clone)]
struct Given {
    rates: Vec<(u64, Option<u64>)>,
    granted: Vec<Option<u64>>,
    accept_max_tokens: bool,
    keep: bool,
    accept_unknown: bool,
    residencies: Vec<&'static str>,
    accept_residency: bool,
}

fn given() -> impl Strategy<Value = Given> {
    let max_tokens = proptest::option::of(prop_oneof![500_u64..2_000, 16_000_u64..60_000]);
    let rates = proptest::collection::vec((1_u64..4_000, max_tokens), QUOTAS.len());
    let applied = proptest::option::of(prop_oneof![Just(0_u64), 1_000_u64..40_000_000]);
    let granted = proptest::collection::vec(applied, QUOTAS.len());
    let words = prop_oneof![3 => Just(""), 1 => Just("any"), 2 => Just("us"), 2 => Just("canada")];
    let residencies = (proptest::collection::vec(words, QUOTAS.len()), any::<bool>());
    (rates, granted, any::<bool>(), any::<bool>(), any::<bool>(), residencies).prop_map(
        |(rates, granted, accept_max_tokens, keep, accept_unknown, (residencies, accept_residency))| Given {
            rates,
            granted,
            accept_max_tokens,
            keep: keep && !accept_max_tokens,
            accept_unknown,
            residencies,
            accept_residency,
        },
    )
}

/// Two significant digits, upwards, by the digits themselves.
fn two_digits(value: u64) -> u64 {
    let digits = value.to_string();
    if digits.len() <= 2 {
        return value;
    }
    let (head, tail) = digits.split_at(2);
    let head: u64 = head.parse::<u64>().expect("digits") + u64::from(tail.bytes().any(|digit| digit != b'0'));
    head * 10_u64.pow(u32::try_from(tail.len()).expect("short"))
}

/// What the program lists of a model, asked for once.
fn listed(model: &str) -> &'static Value {
    static LISTED: OnceLock<BTreeMap<&str, Value>> = OnceLock::new();
    let all = LISTED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let list = |(model, ..): (&'static str, _, _)| {
            let shown = quotaplan(folder.path(), &["models", "show", model, "--format", "json"]);
            (model, serde_json::from_slice(&shown.stdout).expect("JSON"))
        };
        QUOTAS.into_iter().map(list).collect()
    });
    &all[model]
}

/// Whether a scope breaks a residency, or may, by the model table's own listing.
fn broken(model: &str, scope: &str, residency: &str) -> Option<&'static str> {
    let prefixes: &[&str] = match residency {
        "us" => &["us-", "ca-"],
        "canada" => &["ca-"],
        _ => return None,
    };
    let shown = listed(model);
    let scopes = shown["model"]["scopes"].as_array().expect("a list");
    let entry = scopes.iter().find(|entry| entry["scope"] == scope).expect("the scope");
    match &entry["destinations"] {
        Value::Array(regions) => {
            let keeps = |region: &Value| {
                let region = region.as_str().expect("a Region");
                prefixes.iter().any(|prefix| region.starts_with(prefix))
            };
            (!regions.iter().all(keeps)).then_some("residency")
        }
        _ if scope == "global" => Some("residency"),
        _ => Some("residency-unknown"),
    }
}

/// What the rules say of a quota of tokens per minute: the value, or the reason.
fn expected(quota: &Value, given: &Given) -> Result<u64, &'static str> {
    let number = |key: &str| quota[key].as_u64();
    let required = number("required");
    let lean = number("lean_required");
    match (number("granted"), number("default")) {
        (Some(granted), _) if required.is_some_and(|required| required <= granted) => return Err("fits"),
        (None, Some(default)) if required.is_some_and(|required| required <= default) => {
            return Err("look-up-first");
        }
        (None, None) => return Err("nothing-known"),
        _ => {}
    }
    let code = quota["code"].as_str().expect("a code");
    let index = QUOTAS.iter().position(|(_, _, of)| *of == code).expect("one of them");
    let (model, scope, _) = QUOTAS[index];
    if let Some(reason) = broken(model, scope, given.residencies[index]).filter(|_| !given.accept_residency) {
        return Err(reason);
    }
    match (number("granted"), number("default")) {
        (Some(granted), Some(default)) if granted < default => {
            // AWS Support restores the default where that holds what is needed.
            let holds =
                |demand: Option<u64>| demand.is_some_and(|demand| granted < demand && demand <= default);
            let lowered = lean.is_some_and(|lean| lean <= granted);
            if holds(required) && (!lowered || given.keep) || holds(lean) && given.accept_max_tokens {
                return Err("restore");
            }
        }
        _ => {}
    }
    if quota["adjustable"] == Value::Bool(false) {
        return Err("not-adjustable");
    }
    if quota["provenance"]["burndown"]["status"] == "unknown" && !given.accept_unknown {
        return Err("rate-unknown");
    }
    let capacity = number("granted").or(number("default")).expect("one of the two is known");
    // Reservations decide: the lean plan needs no increase, or a fifth less.
    let lean_fits = lean.is_some_and(|lean| lean <= capacity);
    let inflated = match (required, lean) {
        (Some(required), Some(lean)) => required * 4 > lean * 5,
        _ => false,
    };
    let restored = match (number("granted"), number("default")) {
        (Some(granted), Some(default)) => {
            granted < default && lean.is_some_and(|lean| granted < lean && lean <= default)
        }
        _ => false,
    };
    let value = if (lean_fits || inflated || restored || required.is_none()) && !given.keep {
        if !given.accept_max_tokens {
            return Err("undecided");
        }
        if lean_fits {
            return Err("lean-fits");
        }
        two_digits(lean.expect("it is inflated"))
    } else {
        two_digits(required.ok_or("required-unknown")?)
    };
    if value > 10_000_000_000 { Err("above-maximum") } else { Ok(value) }
}

/// The increases of a pack: code and value.
fn increases(requests: &Value) -> Vec<(String, u64)> {
    let one = |request: &Value| {
        let code = request["QuotaCode"].as_str().expect("a code").to_owned();
        (code, request["DesiredValue"].as_u64().expect("whole"))
    };
    requests.as_array().expect("a list").iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_is_asked_for_follows_the_rules(given in given()) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut csv = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,residency\n".to_owned();
        let mut toml = "[granted]\n".to_owned();
        for (index, (model, scope, code)) in QUOTAS.iter().enumerate() {
            let (rate, max_tokens) = given.rates[index];
            let embeds = model.starts_with("Titan");
            let (output, cap) = if embeds { (0, None) } else { (400, max_tokens) };
            let cap = cap.map(|cap| cap.to_string()).unwrap_or_default();
            let residency = given.residencies[index];
            csv.push_str(&format!("w{index},{model},{scope},{rate},1500,{output},{cap},{residency}\n"));
            if let Some(value) = given.granted[index] {
                toml.push_str(&format!("\"{code}\" = {value}\n"));
            }
        }
        fs::write(folder.path().join("workloads.csv"), csv).expect("writing");
        fs::write(folder.path().join("granted.toml"), toml).expect("writing");
        let planned = quotaplan(folder.path(), &["plan", "workloads.csv", "--granted", "granted.toml", "--format", "json"]);
        let plan: Value = serde_json::from_slice(&planned.stdout).expect("JSON");
        let quotas: Vec<&Value> = plan["quotas"].as_array().expect("a list").iter().filter(|q| q["kind"] == "tpm").collect();

        let mut arguments = vec!["request", "workloads.csv", "--today", "2026-11-25", "--granted", "granted.toml", "--out", "pack"];
        if given.accept_max_tokens { arguments.push("--accept-max-tokens"); }
        if given.keep { arguments.extend(["--with-reservations", "old clients"]); }
        if given.accept_unknown { arguments.push("--accept-unknown"); }
        if given.accept_residency { arguments.push("--accept-residency"); }
        let run = quotaplan(folder.path(), &arguments);
        let said = String::from_utf8_lossy(&run.stderr).into_owned();

        let outcomes: Vec<Result<u64, &str>> = quotas.iter().map(|quota| expected(quota, &given)).collect();
        let daily = plan["account_daily"][0]["hour_settled"].is_number() || plan["account_daily"][0]["hour_billed"].is_number();
        let is_open = |outcome: &Result<u64, &str>| matches!(outcome, Err("undecided" | "rate-unknown" | "required-unknown" | "residency-unknown"));
        let open = outcomes.iter().filter(|outcome| is_open(outcome)).count();
        let decided = outcomes.contains(&Err("not-adjustable")) || outcomes.contains(&Err("restore"));
        // The estimate over all models alone is a case for Support only where no reservations are left to decide.
        let support = decided || (daily && !outcomes.contains(&Err("undecided")));
        if outcomes.iter().all(Result::is_err) && !support {
            prop_assert_eq!(run.status.code(), Some(2), "{}", said);
            prop_assert!(!folder.path().join("pack").exists());
            prop_assert_eq!(said.contains("--accept-max-tokens"), outcomes.contains(&Err("undecided")), "{}", said);
            return Ok(());
        }
        prop_assert_eq!(run.status.code(), Some(0), "{}", said);
        // What is undecided is said, with the options that decide it, and holds back nothing else.
        let summary = String::from_utf8_lossy(&run.stdout).into_owned();
        let is_decision = |line: &&str| line.split_whitespace().nth(1) == Some("DECIDE");
        prop_assert_eq!(summary.lines().filter(is_decision).count(), open, "{}", summary);
        prop_assert_eq!(summary.contains("not decided"), open > 0, "{}", summary);
        let read = |name: &str| -> Value {
            serde_json::from_slice(&fs::read(folder.path().join("pack").join(name)).expect(name)).expect("JSON")
        };
        let asked = increases(&read("requests.json"));
        let wanted: Vec<(String, u64)> = quotas.iter().zip(&outcomes)
            .filter_map(|(quota, outcome)| Some((quota["code"].as_str()?.to_owned(), (*outcome).ok()?)))
            .collect();
        prop_assert_eq!(asked, wanted);
        let refused: Vec<String> = read("manifest.json")["request"]["refused"].as_array().expect("a list").iter()
            .map(|r| r["reason"].as_str().expect("a word").to_owned()).collect();
        let reasons: Vec<String> = outcomes.iter().filter_map(|outcome| outcome.err().map(str::to_owned)).collect();
        prop_assert_eq!(refused, reasons);
        let text = fs::read_to_string(folder.path().join("pack/request.md")).expect("request.md");
        prop_assert_eq!(text.contains("Undecided"), open > 0);
        let verified = quotaplan(folder.path(), &["request", "verify", "pack"]);
        prop_assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stderr));
        // Service Quotas refuses any value that is not above the applied one and AWS's default.
        for (code, value) in &increases(&read("requests.json")) {
            let quota = quotas.iter().find(|quota| quota["code"] == *code.as_str()).expect("planned");
            let limits = [quota["granted"].as_u64(), quota["default"].as_u64()];
            prop_assert!(limits.iter().flatten().all(|limit| value > limit), "{}: {}", code, value);
        }
    }
}
