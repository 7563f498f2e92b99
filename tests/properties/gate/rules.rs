//! The rules of a gate, stated again over the JSON of the plan: outcomes, findings and how it ends.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value;

use super::super::cases;
use super::files::{OWN, dice, files, rows, strict};
use super::{Files, Strict, WORDS, about, cents, list, run, text};
use crate::support;

/// What is in a configuration that these tests wrote.
struct Policy {
    /// Millionths of the applied value.
    most: Option<u128>,
    severity: BTreeMap<String, String>,
    /// Name as the finding has it, and cents.
    budgets: Vec<(String, u128)>,
}

/// A line `key = value` without the quotes.
fn pair(line: &str) -> (String, String) {
    let (key, value) = line.split_once(" = ").expect("a pair");
    (key.trim_matches('"').to_owned(), value.trim_matches('"').to_owned())
}

fn policy(config: &str) -> Policy {
    let mut policy = Policy { most: None, severity: BTreeMap::new(), budgets: Vec::new() };
    let mut head = "";
    for line in config.lines() {
        if line.starts_with('[') {
            head = line;
            continue;
        }
        let (key, value) = pair(line);
        let limit = || cents(&Value::from(value.clone())).expect("a sum");
        match (head, key.as_str()) {
            ("[budget]", _) => policy.budgets.push(("budget of all workloads".to_owned(), limit())),
            ("[budget.team]", team) => policy.budgets.push((format!("budget of team {team}"), limit())),
            ("[budget.model]", model) => policy.budgets.push((format!("budget of model {model}"), limit())),
            ("[policy]", "max_utilisation") => {
                // A whole number, or one with six decimals.
                let (whole, rest) = value.split_once('.').unwrap_or((&value, "000000"));
                policy.most = Some(format!("{whole}{rest}").parse().expect("digits"));
            }
            ("[policy.severity]", code) => {
                policy.severity.insert(code.to_owned(), value);
            }
            _ => {}
        }
    }
    policy
}

/// What must come out.
#[derive(Debug, Default, PartialEq)]
struct Expected {
    quotas: Vec<String>,
    budgets: BTreeMap<String, String>,
    /// Code and what it is about.
    findings: BTreeSet<(String, String)>,
}

/// What a quota is held against, and what becomes of it, with the code of its finding.
fn quota(quota: &Value, policy: &Policy, strict: Strict) -> (Value, &'static str, Option<&'static str>) {
    let assumed = quota["granted"].is_null() && strict.assume_defaults;
    let limit = if assumed { &quota["default"] } else { &quota["granted"] };
    let required = quota["required"].as_u64();
    let (Some(required), false) = (required, limit.is_null()) else {
        // Of a quota whose code nobody knows, that is said instead.
        let silent = limit.is_null() && quota["code"].is_null();
        return (Value::Null, "undetermined", (!silent).then_some("quota-undetermined"));
    };
    let Some(amount) = limit.as_u64() else {
        assert_eq!(limit, "unlimited");
        return (limit.clone(), "fits", None);
    };
    if required > amount {
        return (limit.clone(), "exceeds", Some(if assumed { "exceeds-default" } else { "exceeds-granted" }));
    }
    match policy.most {
        Some(most) if u128::from(required) * 1_000_000 > u128::from(amount) * most => {
            (limit.clone(), "above-utilisation", Some("over-utilisation"))
        }
        _ => (limit.clone(), "fits", None),
    }
}

/// What becomes of a budget, with the code of its finding.
fn budget(plan: &Value, name: &str, limit: u128, found: &str) -> (&'static str, Option<&'static str>) {
    let cost = &plan["cost"];
    let share = |shares: &str, key: &str, of: &str| {
        let share = list(cost, shares).iter().find(|share| share[key].as_str() == Some(of));
        share.map(|share| (&share["largest_monthly_usd"], &share["largest_priced_monthly_usd"]))
    };
    let sum = match name.strip_prefix("budget of ").expect("a budget").split_once(' ').expect("a name") {
        ("team", team) => share("by_team", "team", team),
        ("model", model) => share("by_model", "model", model),
        _ => Some((&cost["monthly_usd"], &cost["priced_monthly_usd"])),
    };
    let Some((all, priced)) = sum else {
        return ("unused", Some("unused-budget"));
    };
    let priced = cents(priced).expect("a sum");
    // A sum that is rounded to just the limit may be a part of a cent above it.
    if priced > limit || priced == limit && found == "exceeds" {
        ("exceeds", Some("over-budget"))
    } else if all.is_null() {
        ("undetermined", Some("budget-undetermined"))
    } else {
        ("holds", None)
    }
}

fn severity(policy: &Policy, code: &str) -> String {
    let usual = OWN.iter().find(|(own, _)| *own == code).expect("a code of the gate").1;
    policy.severity.get(code).map_or(usual, String::as_str).to_owned()
}

fn rank(word: &str) -> usize {
    WORDS.iter().position(|known| *known == word).expect("a severity")
}

/// Holds a check against the plan of the same files.
fn judge(files: &Files, strict: Strict, plan: &Value, check: &Value) {
    let policy = policy(&files.config);
    let mut expected = Expected::default();
    let mut assumed = false;
    for (planned, checked) in list(plan, "quotas").iter().zip(list(check, "quotas")) {
        let (limit, outcome, code) = quota(planned, &policy, strict);
        expected.quotas.push(outcome.to_owned());
        assert_eq!(checked["judged_against"], limit);
        let by_default = !limit.is_null() && planned["granted"].is_null();
        assert_eq!(checked["assumed_default"], by_default);
        assumed |= by_default;
        expected.findings.extend(code.map(|code| (code.to_owned(), about(planned))));
    }
    expected.findings.extend(assumed.then(|| ("assumed-default".to_owned(), String::new())));
    let mut found = Expected::default();
    found.quotas.extend(list(check, "quotas").iter().map(|quota| text(quota, "outcome").to_owned()));
    for checked in list(check, "budgets") {
        let of = match (text(checked, "of"), checked["name"].as_str()) {
            ("total", None) => "budget of all workloads".to_owned(),
            (of, name) => format!("budget of {of} {}", name.expect("a name")),
        };
        found.budgets.insert(of, text(checked, "outcome").to_owned());
    }
    for (name, limit) in &policy.budgets {
        let outcome = found.budgets.get(name).map_or("", String::as_str);
        let (outcome, code) = budget(plan, name, *limit, outcome);
        expected.budgets.insert(name.clone(), outcome.to_owned());
        expected.findings.extend(code.map(|code| (code.to_owned(), name.clone())));
    }
    expected.findings.retain(|(code, _)| severity(&policy, code) != "off");
    for finding in list(check, "findings") {
        let code = text(finding, "code");
        if OWN.iter().any(|(own, _)| *own == code) {
            let fresh = found.findings.insert((code.to_owned(), text(finding, "about").to_owned()));
            assert!(fresh, "{finding} twice");
        }
    }
    assert_eq!(found, expected, "{}\n{}", files.csv, files.config);
    severities(&policy, strict, plan, check);
}

/// Every finding's severity, what fails, how it ends, and the order.
fn severities(policy: &Policy, strict: Strict, plan: &Value, check: &Value) {
    let mut planned: Vec<(String, String, String)> = Vec::new();
    for finding in list(plan, "findings").iter().filter(|finding| finding["code"] != "applied-not-given") {
        let words = ["code", "severity", "message"].map(|key| text(finding, key).to_owned());
        planned.push(words.into());
    }
    let mut order = Vec::new();
    let mut identities = BTreeSet::new();
    for finding in list(check, "findings") {
        assert!(identities.insert((text(finding, "code"), text(finding, "about"))), "{finding} twice");
        let (code, message) = (text(finding, "code"), text(finding, "message"));
        let at =
            planned.iter().position(|(known, _, said)| (known.as_str(), said.as_str()) == (code, message));
        let before = match at.map(|at| planned.remove(at).1) {
            Some(severity) => severity,
            None if matches!(code, "stale-table" | "stale-granted") => "warning".to_owned(),
            None => severity(policy, code),
        };
        let expected = if strict.warn_only && before == "error" { "warning" } else { &before };
        assert_eq!(finding["severity"], expected, "{finding}");
        let fails = !strict.warn_only && rank(expected) >= strict.fail_on;
        assert_eq!(finding["fails"], fails, "{finding}");
        assert_eq!(finding["change"], Value::Null);
        order.push((fails, rank(expected)));
    }
    assert_eq!(planned, [], "findings of the plan that the check leaves out");
    assert!(order.is_sorted_by(|a, b| a >= b), "{order:?}");
    let status = match order.first() {
        Some((true, _)) => "fail",
        _ if order.iter().any(|(_, rank)| *rank >= 1) => "warn",
        _ => "pass",
    };
    assert_eq!(check["status"], status);
    let words = match status {
        "fail" => "check failed: ",
        "warn" => "check passed with warnings: ",
        _ => "check passed: ",
    };
    assert!(text(check, "summary").starts_with(words), "{}", check["summary"]);
}

/// A run of the program: its JSON and its exit status.
fn program(files: &Files, command: &str, flags: &[&str]) -> (Value, Option<i32>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("workloads.csv"), &files.csv).expect("it can be written");
    std::fs::write(folder.path().join("quotaplan.toml"), &files.config).expect("it can be written");
    let output =
        support::quotaplan(folder.path(), &[&[command, "workloads.csv", "--format", "json"], flags].concat());
    (serde_json::from_slice(&output.stdout).expect("JSON"), output.status.code())
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_check_keeps_the_rules(rows in rows(), dice in dice(), strict in strict()) {
        let files = files(&rows, dice);
        let ran = run(&files, strict, None);
        judge(&files, strict, &ran.plan(), &ran.check());
    }
}

proptest! {
    #![proptest_config(cases(10))]

    #[test]
    fn the_program_keeps_the_rules(rows in rows(), dice in dice(), strict in strict()) {
        let files = files(&rows, dice);
        let (mut plan, planned) = program(&files, "plan", &[]);
        let (check, checked) = program(&files, "check", &strict.flags());
        judge(&files, strict, &plan, &check);
        prop_assert_eq!(planned, Some(0));
        prop_assert_eq!(checked, Some(i32::from(check["status"] == "fail")));
        let ran = run(&files, strict, None);
        // The commands that come next name the files as they were typed, which the library does not know.
        plan.as_object_mut().map(|plan| plan.remove("next"));
        prop_assert_eq!((ran.plan(), ran.check()), (plan, check));
    }
}

/// A budget is held against the sum itself, not against its cents: 250 tokens at one dollar a
/// million, sixty times a day on a single day, are one and a half cents.
#[test]
fn half_a_cent_decides_about_a_budget() {
    let csv = "workload,team,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,active_hours,days_per_month\n\
               w,claims,haiku-4.5,global,1,250,0,9,07-08,1\n";
    for (limit, outcome) in
        [("0.014999", "exceeds"), ("0.015", "holds"), ("0.01", "exceeds"), ("0.02", "holds")]
    {
        for budget in ["[budget]\nmonthly_usd", "[budget.team]\nclaims", "[budget.model]\nhaiku-4.5"] {
            let budget = budget.replace("haiku-4.5", "\"haiku-4.5\"");
            let files = Files { csv: csv.to_owned(), config: format!("{budget} = \"{limit}\"\n") };
            let check = run(&files, Strict::USUAL, None).check();
            assert_eq!(check["budgets"][0]["outcome"], outcome, "{}", files.config);
            assert_eq!(check["status"] == "fail", outcome == "exceeds");
        }
    }
}

/// Without a largest answer, in the row or in the model table, nobody knows what is reserved.
#[test]
fn a_quota_whose_requirement_is_not_known_is_not_judged() {
    let csv = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
               w,xai.grok-4.6,us,40,1200,300,\n";
    for (value, assume_defaults) in [("5", false), ("1_000_000_000", true), ("\"unlimited\"", false)] {
        let files = Files { csv: csv.to_owned(), config: format!("[granted]\n\"L-TPM\" = {value}\n") };
        let code = run(&Files { config: String::new(), ..files.clone() }, Strict::USUAL, None).plan();
        let quota =
            list(&code, "quotas").iter().find(|quota| quota["required"].is_null()).expect("it is unknown");
        let config = files.config.replace("L-TPM", text(quota, "code"));
        let files = Files { config, ..files };
        let check = run(&files, Strict { assume_defaults, ..Strict::USUAL }, None).check();
        let judged =
            list(&check, "quotas").iter().find(|quota| quota["required"].is_null()).expect("it is unknown");
        assert_eq!(judged["outcome"], "undetermined");
        let found = list(&check, "findings").iter().filter(|finding| finding["code"] == "quota-undetermined");
        let found: Vec<&str> = found.map(|finding| text(finding, "about")).collect();
        assert!(found.contains(&about(judged).as_str()), "{found:?}");
    }
}

/// Each budget that is exceeded names the row that costs most of it: sixty requests an hour of
/// 1,000, 2,000, 4,000 and 3,000 tokens.
#[test]
fn a_budget_that_is_exceeded_names_its_own_dearest_row() {
    let csv = "workload,team,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
               a,claims,haiku-4.5,us,1,1000,0,9\nb,claims,haiku-4.5,us,1,2000,0,9\n\
               c,tax,sonnet-5,us,1,4000,0,9\nd,,haiku-4.5,global,1,3000,0,9\n";
    let config = "[budget]\nmonthly_usd = 0.01\n[budget.team]\nclaims = 0.01\ntax = 0.01\n\
                  [budget.model]\n\"haiku-4.5\" = 0.01\n";
    let check = run(&Files { csv: csv.to_owned(), config: config.to_owned() }, Strict::USUAL, None).check();
    let over = list(&check, "findings").iter().filter(|finding| finding["code"] == "over-budget");
    let named = over.map(|finding| {
        let help = text(finding, "help").strip_prefix("the largest part is workload ").expect("a workload");
        (text(finding, "about"), help.split(':').next().expect("a name"), finding["related"]["line"].as_u64())
    });
    let expected = [
        ("budget of all workloads", "c", Some(4)),
        ("budget of team claims", "b", Some(3)),
        ("budget of team tax", "c", Some(4)),
        ("budget of model anthropic.claude-haiku-4-5-20251001-v1:0", "d", Some(5)),
    ];
    assert_eq!(named.collect::<Vec<_>>(), expected);
}
