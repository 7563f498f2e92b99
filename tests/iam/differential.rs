//! The verdicts of `iam lint` against the reference, which tries every value of the keys that a call does
//! not tell: allowed or denied must hold for all of them, and what depends must name the keys that turn it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use quotaplan::catalog::Catalog;
use quotaplan::iam::{self, JudgedCall, LintOptions, PolicyKind, Streaming, Verdict};
use quotaplan::report::add_policy_findings;
use quotaplan::text::{Code, Diagnostic, Diagnostics, Severity, SourceFile, Sources};
use serde_json::{Map, Value, json};

use super::reference::{Context, outcomes};
use super::{catalog, named};

const MODEL: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const REGION_KEY: &str = "aws:requestedregion";
const PROFILE_KEY: &str = "bedrock:inferenceprofilearn";

/// What an unknown key may be, by what the operators below say of it: absent, or these values.
/// What stands in the policies as a pattern is a value too, which a test that knows no patterns tells apart.
const UNKNOWN: [(&str, &[&[&str]]); 8] = [
    (
        "aws:PrincipalTag/team",
        &[
            &["a"],
            &["A"],
            &["b"],
            &["B"],
            &["ab"],
            &["ba"],
            &["aa"],
            &["aaa"],
            &["bab"],
            &["cc"],
            &["*"],
            &["?"],
            &["a*"],
            &["A*"],
            &["*a"],
            &["*A"],
            &["a?"],
            &["A?"],
        ],
    ),
    (
        "aws:PrincipalArn",
        &[
            &["arn:aws:iam::111122223333:role/admin"],
            &["arn:aws:iam::111122223333:role/reader"],
            &["arn:aws:iam::999999999999:role/admin"],
            &["arn:aws:iam::999999999999:role/reader"],
            &["arn:aws:iam::999999999999:user/x"],
            &["arn:aws:iam::*:role/admin"],
            &["arn:aws:iam::111122223333:role/*"],
            &["arn:*:iam::*:role/*"],
        ],
    ),
    (
        "aws:SourceIp",
        &[&["192.0.2.7"], &["192.0.2.200"], &["198.51.100.1"], &["203.0.113.1"], &["2001:db8::1"]],
    ),
    ("aws:MultiFactorAuthPresent", &[&["true"], &["false"]]),
    ("aws:MultiFactorAuthAge", &[&["1"], &["10"], &["15"], &["20"], &["99"]]),
    (
        "aws:CurrentTime",
        &[&["1500000000"], &["1767225600"], &["1780000000"], &["1798761600"], &["1900000000"]],
    ),
    ("aws:TagKeys", &[&["a"], &["b"], &["c"], &["a", "b"], &["a", "c"], &["b", "c"], &["a", "b", "c"]]),
    ("aws:SourceVpce", &[&["vpce-1"], &["vpce-2"], &["vpce-3"]]),
];

fn operators(key: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match key {
        "aws:RequestedRegion" => (
            &[
                "StringEquals",
                "StringNotEquals",
                "StringLike",
                "StringNotLike",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase",
                "ForAnyValue:StringEquals",
                "ForAllValues:StringNotLike",
                "StringNotEqualsIfExists",
            ],
            &[
                "ca-central-1",
                "us-east-1",
                "us-east-2",
                "us-west-2",
                "unspecified",
                "us-*",
                "CA-CENTRAL-1",
                "*",
                "global",
            ],
        ),
        "bedrock:InferenceProfileArn" => (
            &[
                "StringEquals",
                "StringNotEquals",
                "StringLike",
                "StringNotLike",
                "ArnLike",
                "ArnNotLike",
                "ArnEquals",
                "ArnNotEquals",
                "ArnLikeIfExists",
                "ForAllValues:ArnLike",
                "ForAnyValue:ArnNotLike",
                "Null",
            ],
            &[
                "arn:aws:bedrock:ca-central-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                "arn:aws:bedrock:*:*:inference-profile/us.*",
                "arn:aws:bedrock:*:*:inference-profile/global.*",
                "arn:*:bedrock:*:*:*",
            ],
        ),
        "aws:PrincipalTag/team" => (
            &[
                "StringEquals",
                "StringNotEquals",
                "StringLike",
                "StringNotLike",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase",
                "StringEqualsIfExists",
                "StringNotEqualsIfExists",
                "StringLikeIfExists",
                "Null",
            ],
            &["a", "b", "A", "a*", "*a", "?", "*", "a?"],
        ),
        "aws:PrincipalArn" => (
            &[
                "ArnLike",
                "ArnNotLike",
                "ArnEquals",
                "ArnNotEquals",
                "ArnNotLikeIfExists",
                "StringEquals",
                "Null",
            ],
            &[
                "arn:aws:iam::111122223333:role/admin",
                "arn:aws:iam::*:role/admin",
                "arn:aws:iam::111122223333:role/*",
                "arn:*:iam::*:role/*",
            ],
        ),
        "aws:SourceIp" => (
            &["IpAddress", "NotIpAddress", "IpAddressIfExists", "NotIpAddressIfExists", "Null"],
            &["192.0.2.0/24", "192.0.2.0/25", "198.51.100.0/24", "2001:db8::/32"],
        ),
        "aws:MultiFactorAuthPresent" => (&["Bool", "BoolIfExists", "Null"], &["true", "false"]),
        "aws:MultiFactorAuthAge" => (
            &[
                "NumericEquals",
                "NumericNotEquals",
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericGreaterThanEquals",
                "NumericLessThanIfExists",
                "Null",
            ],
            &["10", "20"],
        ),
        "aws:CurrentTime" => (
            &[
                "DateEquals",
                "DateNotEquals",
                "DateLessThan",
                "DateLessThanEquals",
                "DateGreaterThan",
                "DateGreaterThanEquals",
                "DateGreaterThanIfExists",
            ],
            &["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
        ),
        "aws:TagKeys" => (
            &[
                "ForAllValues:StringEquals",
                "ForAnyValue:StringEquals",
                "ForAllValues:StringNotEquals",
                "ForAnyValue:StringNotEquals",
                "ForAllValues:StringLike",
                "ForAnyValue:StringEqualsIfExists",
                "Null",
            ],
            &["a", "b"],
        ),
        "aws:SourceVpce" => {
            (&["StringEquals", "StringNotEquals", "BinaryEquals", "Null"], &["vpce-1", "vpce-2"])
        }
        other => panic!("no operators for {other}"),
    }
}

const ACTIONS: [&str; 9] = [
    "bedrock:InvokeModel",
    "bedrock:InvokeModel*",
    "bedrock:*",
    "*",
    "BEDROCK:invokemodel",
    "bedrock:InvokeModelWithResponseStream",
    "s3:GetObject",
    "bedrock:?nvokeModel",
    "*:Invoke*",
];

const RESOURCES: [&str; 14] = [
    "*",
    "arn:aws:bedrock:ca-central-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:*:*:inference-profile/*",
    "arn:aws:bedrock:*:*:inference-profile/global.*",
    "arn:aws:bedrock:*::foundation-model/*",
    "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:ca-central-1::foundation-model/*",
    "arn:aws:bedrock:us-*::foundation-model/*",
    "arn:aws:bedrock:::foundation-model/*",
    "arn:aws:bedrock:us-east-?::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:*:bedrock:*:*:*",
    "arn:aws:s3:::bucket/*",
    "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:*:111122223333:*profile/us.*",
];

fn values(all: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(select(all), 1..=3)
}

/// One or several as JSON: a string, or a list.
fn one_or_list(values: &[&str]) -> Value {
    if let [one] = values { json!(one) } else { json!(values) }
}

fn test_of(key: &'static str) -> BoxedStrategy<(&'static str, &'static str, Value)> {
    let (names, stated) = operators(key);
    let of = move |(name, values): (&'static str, Vec<&'static str>)| {
        let boolean = |text: &&str| if text.len().is_multiple_of(2) { "true" } else { "false" };
        let stated = if name == "Null" { json!(values.first().map(boolean)) } else { one_or_list(&values) };
        (name, key, stated)
    };
    (select(names), values(stated)).prop_map(of).boxed()
}

fn statement(keys: Vec<&'static str>) -> impl Strategy<Value = Value> {
    let test = select(keys).prop_flat_map(test_of);
    (
        prop::bool::weighted(0.45),
        prop::bool::weighted(0.15),
        prop::collection::vec(select(&ACTIONS[..]), 1..=2),
        prop::bool::weighted(0.15),
        prop::collection::vec(select(&RESOURCES[..]), 1..=2),
        prop::collection::vec(test, 0..=3),
    )
        .prop_map(|(denies, not_action, actions, not_resource, resources, tests)| {
            let mut one = Map::new();
            one.insert("Effect".into(), json!(if denies { "Deny" } else { "Allow" }));
            one.insert(if not_action { "NotAction" } else { "Action" }.into(), one_or_list(&actions));
            one.insert(if not_resource { "NotResource" } else { "Resource" }.into(), one_or_list(&resources));
            let mut block: Map<String, Value> = Map::new();
            for (operator, key, stated) in tests {
                let keys = block.entry(operator).or_insert_with(|| json!({}));
                keys.as_object_mut().expect("an object").insert(key.into(), stated);
            }
            if !block.is_empty() {
                one.insert("Condition".into(), Value::Object(block));
            }
            Value::Object(one)
        })
}

fn policy(unknown: usize) -> impl Strategy<Value = Value> {
    prop::collection::vec(any::<Index>(), unknown).prop_flat_map(|chosen| {
        let mut keys = vec!["aws:RequestedRegion", "bedrock:InferenceProfileArn"];
        // The unknown ones are drawn as often as the two that are known.
        keys.extend(chosen.iter().flat_map(|index| [index.get(&UNKNOWN).0; 2]));
        prop::collection::vec(statement(keys), 1..=4)
            .prop_map(|statements| json!({"Version": "2012-10-17", "Statement": statements}))
    })
}

/// Every context that a call may come with: what is known, and each combination of what is not.
fn contexts(policy: &Value, known: &Context, own_profile: Option<&str>) -> Vec<Context> {
    let text = policy.to_string();
    let mut all = vec![known.clone()];
    let mut turn = |key: &str, options: Vec<Option<Vec<String>>>| {
        let mut next = Vec::new();
        for context in &all {
            for option in &options {
                let mut context = context.clone();
                if let Some(values) = option {
                    context.insert(key.to_lowercase(), values.clone());
                }
                next.push(context);
            }
        }
        all = next;
    };
    for (key, values) in UNKNOWN.iter().filter(|(key, _)| text.contains(&format!("\"{key}\""))) {
        let owned = values.iter().map(|set| Some(set.iter().map(|one| (*one).to_owned()).collect()));
        turn(key, std::iter::once(None).chain(owned).collect());
    }
    // Whether the call of the profile itself carries its ARN is not documented.
    if let Some(arn) = own_profile.filter(|_| text.contains("\"bedrock:InferenceProfileArn\"")) {
        turn(PROFILE_KEY, vec![None, Some(vec![arn.to_owned()])]);
    }
    all
}

#[derive(Debug, Default)]
struct Tally {
    verdicts: BTreeMap<&'static str, usize>,
    /// Calls of which we say that they depend, and which turn out alike for every value tried.
    unsure: usize,
    /// Those of policies with at most one unknown key.
    unsure_of_one: usize,
}

fn compare(
    catalog: &Catalog,
    policy: &Value,
    kind: PolicyKind,
    tally: &RefCell<Tally>,
) -> Result<(), TestCaseError> {
    let text = serde_json::to_string_pretty(policy).expect("JSON");
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("policy.json", text.as_str()));
    let models = ["sonnet-4.5/us", "sonnet-4.5/global"].map(|name| named(catalog, name)).to_vec();
    let options = LintOptions { kind: Some(kind), models, ..LintOptions::default() };
    let mut diagnostics = Diagnostics::new();
    let result = iam::lint(&mut sources, file, catalog, &options, &mut diagnostics);
    let result = result.ok_or_else(|| TestCaseError::fail("no policy"))?;
    add_policy_findings(&result.findings, &mut diagnostics);
    no_silence(&result.calls, diagnostics, &text)?;
    let allows =
        policy["Statement"].as_array().expect("statements").iter().any(|one| one["Effect"] == "Allow");
    let by_silence = kind == PolicyKind::Scp && !allows;
    let used = UNKNOWN.iter().filter(|(key, _)| text.contains(&format!("\"{key}\""))).count();
    prop_assert_eq!(result.calls.len(), 16);
    for call in &result.calls {
        let profile = call.profile.as_deref().expect("both go through a profile");
        let of_profile = call.resource == profile;
        let mut known = Context::new();
        known.insert(REGION_KEY.to_owned(), vec![call.region.clone()]);
        if !of_profile {
            let of_model = call.resource.ends_with(&format!("::foundation-model/{MODEL}"));
            prop_assert!(of_model);
            known.insert(PROFILE_KEY.to_owned(), vec![profile.to_owned()]);
        }
        let contexts = contexts(policy, &known, of_profile.then_some(profile));
        let outcomes = outcomes(policy, call.action, &call.resource, &contexts, by_silence);
        let (some, all) = (outcomes.contains(&true), !outcomes.contains(&false));
        let say = || format!("{call:?}\n{text}");
        let mut tally = tally.borrow_mut();
        match &call.verdict {
            Verdict::Allowed => {
                *tally.verdicts.entry("allowed").or_default() += 1;
                prop_assert!(
                    all,
                    "allowed, and not for {:?}: {}",
                    contexts[outcomes.iter().position(|one| !one).expect("one")],
                    say()
                );
            }
            Verdict::Denied { exempt } if exempt.is_empty() => {
                *tally.verdicts.entry("denied").or_default() += 1;
                prop_assert!(
                    !some,
                    "denied, and allowed for {:?}: {}",
                    contexts[outcomes.iter().position(|one| *one).expect("one")],
                    say()
                );
            }
            Verdict::Denied { .. } => {
                *tally.verdicts.entry("denied but to some").or_default() += 1;
                // Some principal is left out: those who are let through differ from the others in a key of principals.
                prop_assert!(!all && text.contains("aws:Principal"), "{}", say());
            }
            Verdict::Depends { keys } => {
                *tally.verdicts.entry("depends").or_default() += 1;
                if some == all {
                    if tally.unsure < 3 {
                        eprintln!("unsure of {keys:?}: {} on {}\n{policy}", call.action, call.resource);
                    }
                    tally.unsure += 1;
                    tally.unsure_of_one += usize::from(used <= 1);
                }
                let named: BTreeSet<String> = keys.iter().map(|key| key.to_lowercase()).collect();
                for turning in turning(&contexts, &outcomes) {
                    prop_assert!(named.contains(&turning), "{turning} turns it: {}", say());
                }
            }
        }
    }
    Ok(())
}

/// The keys that alone turn the outcome somewhere.
fn turning(contexts: &[Context], outcomes: &[bool]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let keys: BTreeSet<&String> = contexts.iter().flat_map(Context::keys).collect();
    for key in keys {
        let mut seen: BTreeMap<Context, bool> = BTreeMap::new();
        for (context, outcome) in contexts.iter().zip(outcomes) {
            let mut rest = context.clone();
            rest.remove(key);
            if *seen.entry(rest).or_insert(*outcome) != *outcome {
                found.insert(key.clone());
                break;
            }
        }
    }
    found
}

fn run(unknown: usize, cases: u32) -> Tally {
    let catalog = catalog();
    let tally = RefCell::new(Tally::default());
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let strategy = (policy(unknown), any::<bool>());
    let outcome = proptest::test_runner::TestRunner::new(config).run(&strategy, |(policy, identity)| {
        let kind = if identity { PolicyKind::Identity } else { PolicyKind::Scp };
        compare(&catalog, &policy, kind, &tally)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    tally.into_inner()
}

#[test]
fn verdicts_hold_for_every_value_of_one_key() {
    let tally = run(1, 600);
    eprintln!("{tally:?}");
    assert!(tally.verdicts.values().all(|count| *count > 5) && tally.verdicts.len() == 4, "{tally:?}");
    // None is unsure in most runs; letters of either case under wildcards may leave one.
    let depends = tally.verdicts.get("depends").copied().unwrap_or_default();
    assert!(tally.unsure_of_one * 500 <= depends, "{tally:?}");
}

#[test]
fn verdicts_hold_for_every_value_of_two_keys() {
    let tally = run(2, 300);
    eprintln!("{tally:?}");
    let depends = tally.verdicts.get("depends").copied().unwrap_or_default();
    assert!(depends > 200 && tally.unsure * 50 <= depends, "{tally:?}");
}

/// No call is denied without an error, and none depends on a key without a warning.
fn no_silence(calls: &[JudgedCall], diagnostics: Diagnostics, text: &str) -> Result<(), TestCaseError> {
    let found = diagnostics.into_sorted();
    let is_error = |one: &Diagnostic| one.severity == Severity::Error;
    let is_dependence = |one: &Diagnostic| one.code == Code::DependsOnKey;
    for call in calls {
        match call.verdict {
            Verdict::Allowed => {}
            Verdict::Denied { .. } => prop_assert!(found.iter().any(is_error), "{call:?}\n{text}"),
            Verdict::Depends { .. } => prop_assert!(found.iter().any(is_dependence), "{call:?}\n{text}"),
        }
    }
    prop_assert!(!calls.is_empty() || found.iter().any(|one| one.severity > Severity::Note), "{text}");
    Ok(())
}

/// Also where nobody names what must be callable, and every model and scope of the table is judged.
#[test]
fn nothing_is_denied_in_silence() {
    let catalog = catalog();
    let config = ProptestConfig {
        cases: 80,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let streaming = select(&[Streaming::Sometimes, Streaming::Never, Streaming::Always][..]);
    let strategy = (policy(1), any::<bool>(), streaming);
    let outcome =
        proptest::test_runner::TestRunner::new(config).run(&strategy, |(policy, detect, streaming)| {
            let text = policy.to_string();
            let mut sources = Sources::new();
            let file = sources.add(SourceFile::new("policy.json", text.as_str()));
            let kind = (!detect).then_some(PolicyKind::Scp);
            let options = LintOptions { kind, streaming, ..LintOptions::default() };
            let mut diagnostics = Diagnostics::new();
            let result = iam::lint(&mut sources, file, &catalog, &options, &mut diagnostics);
            let result = result.ok_or_else(|| TestCaseError::fail("no policy"))?;
            add_policy_findings(&result.findings, &mut diagnostics);
            no_silence(&result.calls, diagnostics, &text)
        });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
