//! `iam lint`: each mistake at its place, and nothing in what the product writes itself.

use quotaplan::catalog::{Catalog, Scope};
use quotaplan::iam::{self, Grant, LintOptions, LintResult, PolicyKind, Request, Streaming, Verdict};
use quotaplan::report::add_policy_findings;
use quotaplan::text::{Diagnostics, Place, Severity, SourceFile, Sources};

use super::{catalog, grant, grants, named, request};
use crate::support::root;

/// Every finding: its code and the text it points at. A policy that names InvokeModel alone is for callers that stream
/// no answer.
fn findings(catalog: &Catalog, policy: &str, through: &[Scope]) -> (bool, Vec<(String, String)>) {
    let alone = policy.contains("\"bedrock:InvokeModel\"");
    let streams = ["ResponseStream", "InvokeModel*"].iter().any(|action| policy.contains(action));
    let streaming = if alone && !streams { Streaming::Never } else { Streaming::Sometimes };
    let options = LintOptions { scopes: through.to_vec(), streaming, ..LintOptions::default() };
    found_with(catalog, policy, &options)
}

/// The same, notes left out: they fail nothing.
fn found_with(catalog: &Catalog, policy: &str, options: &LintOptions) -> (bool, Vec<(String, String)>) {
    let (result, found) = judged(catalog, policy, options);
    (result.is_some(), found)
}

fn judged(
    catalog: &Catalog,
    policy: &str,
    options: &LintOptions,
) -> (Option<LintResult>, Vec<(String, String)>) {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("policy.json", policy));
    let mut diagnostics = Diagnostics::new();
    let judged = iam::lint(&mut sources, file, catalog, options, &mut diagnostics);
    let findings = judged.as_ref().map(|judged| judged.findings.as_slice()).unwrap_or_default();
    add_policy_findings(findings, &mut diagnostics);
    let place = |place: &Place| match place {
        Place::Span(span) => sources.text(*span).to_owned(),
        other => format!("{other:?}"),
    };
    let found = diagnostics.into_sorted();
    let faults = found.iter().filter(|one| one.severity > Severity::Note);
    (judged, faults.map(|one| (one.code.as_str().to_owned(), place(&one.place))).collect())
}

/// A policy held against Claude Sonnet 4.5 where it is an SCP: what was judged, and the codes of its faults.
pub(super) fn judged_as(policy: &str) -> (LintResult, Vec<String>) {
    let catalog = catalog();
    let options = LintOptions::default();
    let (mut result, mut found) = judged(&catalog, policy, &options);
    if result.as_ref().is_some_and(|result| result.kind == PolicyKind::Scp) {
        let options = LintOptions { models: vec![named(&catalog, "sonnet-4.5/us")], ..options };
        (result, found) = judged(&catalog, policy, &options);
    }
    (result.expect("a policy"), found.into_iter().map(|(code, _)| code).collect())
}

#[test]
fn nothing_is_found_in_what_is_written() {
    let catalog = catalog();
    let mut tried = 0;
    let mut silent = |request: &Request<'_>| {
        let named = |grant: &Grant<'_>| (catalog.find(&grant.model.id).expect("its id").model, grant.scope);
        let models: Vec<_> = request.grants.iter().map(named).collect();
        let documents = [
            (iam::identity(request), PolicyKind::Identity),
            (iam::allow_only(request), PolicyKind::Scp),
            (iam::approved_regions(request), PolicyKind::Scp),
        ];
        for (document, kind) in documents {
            let text = document.to_json().expect("it serialises");
            let count_tokens = request.count_tokens.clone();
            let streaming = if request.streaming { Streaming::Sometimes } else { Streaming::Never };
            let options =
                LintOptions { models: models.clone(), count_tokens, streaming, ..LintOptions::default() };
            let (result, found) = judged(&catalog, &text, &options);
            let result = result.expect("a policy");
            assert_eq!(result.kind, kind, "{text}");
            let denied = result.calls.iter().find(|call| call.verdict != Verdict::Allowed);
            assert!(denied.is_none() && !result.calls.is_empty(), "{denied:?}\n{text}");
            assert_eq!(found, [], "{text}");
            tried += 1;
        }
    };
    for grant in grants(&catalog) {
        let plain = request(vec![grant]);
        silent(&plain);
        silent(&Request { account: None, streaming: false, ..plain.clone() });
        silent(&Request { count_tokens: Some("us-east-1".to_owned()), get_profile: true, ..plain.clone() });
        // Nobody names a model: an identity policy shows which it is for.
        let identity = iam::identity(&plain).to_json().expect("it serialises");
        assert_eq!(findings(&catalog, &identity, &[]), (true, Vec::new()), "{identity}");
        let regions = iam::approved_regions(&plain).to_json().expect("it serialises");
        assert_eq!(findings(&catalog, &regions, &[plain.grants[0].scope]).1, [], "{regions}");
    }
    silent(&request(grants(&catalog)));
    assert!(tried > 100, "{tried}");
    let deny = iam::deny_global().to_json().expect("it serialises");
    assert_eq!(findings(&catalog, &deny, &[Scope::Us, Scope::Ca]), (true, Vec::new()));
    let found = findings(&catalog, &deny, &[Scope::Global]).1;
    assert_eq!(found.into_iter().map(|(code, _)| code).collect::<Vec<_>>(), ["missing-unspecified"]);
}

/// A written policy, one text of it replaced, and what is found then.
fn changed(base: &str, from: &str, to: &str, expected: &[(&str, &str)]) {
    let catalog = catalog();
    assert!(base.contains(from), "{from} is not in\n{base}");
    let (judged, found) = findings(&catalog, &base.replacen(from, to, 1), &[]);
    let expected: Vec<(String, String)> =
        expected.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned())).collect();
    assert_eq!(found, expected, "{from} -> {to}");
    assert!(judged);
}

const PROFILE: &str =
    "arn:aws:bedrock:ca-central-1:123456789012:inference-profile/us.amazon.nova-2-lite-v1:0";

fn model(region: &str) -> String {
    format!("\"arn:aws:bedrock:{region}::foundation-model/amazon.nova-2-lite-v1:0\"")
}

#[test]
fn each_mistake_is_found_at_its_place() {
    let catalog = catalog();
    let plain = |name: &str| Request { streaming: false, ..request(vec![grant(&catalog, name)]) };
    let us = iam::identity(&plain("nova-2-lite/us")).to_json().expect("it serialises");
    let global = iam::identity(&plain("nova-2-lite/global")).to_json().expect("it serialises");
    let quoted = format!("\"{PROFILE}\"");
    let (source, last) = (model("ca-central-1"), model("us-west-2"));

    let without = ":: inference".replace(' ', "");
    let empty = quoted.replace(":123456789012:inference", &without);
    // In the statement that allows the profile alone, so that the condition no longer names it.
    changed(
        &us,
        &quoted,
        &empty,
        &[("profile-account", &empty), ("missing-destination", &source), ("missing-profile", &quoted)],
    );
    changed(&us, &format!(",\n        {last}"), "", &[("missing-destination", &source)]);
    changed(&us, &format!("{source},\n"), "", &[("missing-destination", &model("us-east-1"))]);
    changed(
        &us,
        &last,
        &last.replace("us-west-2", "*"),
        &[("wide-wildcard", &last.replace("us-west-2", "*"))],
    );
    let owned = last.replace("us-west-2::", "us-west-2:123456789012:");
    changed(&us, &last, &owned, &[("missing-destination", &source), ("model-account", &owned)]);
    changed(
        &us,
        "\"bedrock:InvokeModel\"",
        "\"bedrock:InvokeModel*\"",
        &[
            ("wide-wildcard", "\"bedrock:InvokeModel*\""),
            // What the profile is called with, the models are called with too.
            ("missing-destination", &source),
        ],
    );
    changed(
        &us,
        "\"bedrock:InvokeModel\"",
        "[\"bedrock:InvokeModel\", \"bedrock:Converse\"]",
        &[("no-such-action", "\"bedrock:Converse\"")],
    );
    let star = quoted.replace("123456789012", "*");
    let condition = format!("ProfileArn\": {quoted}");
    changed(
        &us,
        &condition,
        &format!("ProfileArn\": {star}"),
        &[("missing-destination", &source), ("literal-wildcard", &star)],
    );
    let elsewhere = quoted.replace("ca-central-1", "us-east-1");
    changed(
        &us,
        &quoted,
        &elsewhere,
        &[("other-region", &elsewhere), ("missing-destination", &source), ("missing-profile", &quoted)],
    );
    let unknown = quoted.replace("nova-2-lite", "nova-9");
    changed(&us, &quoted, &unknown, &[("unknown-model", &unknown), ("missing-profile", &quoted)]);

    changed(
        &global,
        "\"unspecified\"",
        "\"global\"",
        &[("missing-unspecified", &source), ("missing-unspecified", "\"global\"")],
    );
    changed(&global, "\"unspecified\"", "\"ca-central-1\"", &[("missing-unspecified", &source)]);
    changed(&global, &model(""), &model("us-east-1"), &[("missing-unspecified", &source)]);
}

#[test]
fn what_stands_across_statements_is_found() {
    let catalog = catalog();
    let statement = |resource: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": {resource}}}"#)
    };
    let document = |statements: &[String]| format!(r#"{{"Statement": [{}]}}"#, statements.join(","));
    let models = ["ca-central-1", "us-east-1", "us-east-2", "us-west-2"].map(model);
    let alone = document(&[statement(&format!("[{}]", models.join(",")))]);
    assert_eq!(findings(&catalog, &alone, &[]).1, [("missing-profile".to_owned(), models[0].clone())]);
    let both =
        document(&[statement(&format!("[{}]", models.join(","))), statement(&format!("\"{PROFILE}\""))]);
    assert_eq!(findings(&catalog, &both, &[]).1, [("unconditional-model".to_owned(), models[1].clone())]);
    let unknown = "\"arn:aws:bedrock:ca-central-1:123456789012:inference-profile/us.openai.gpt-5.4\"";
    let found = findings(&catalog, &document(&[statement(unknown)]), &[]).1;
    assert_eq!(found, [("destinations-unknown".to_owned(), unknown.to_owned())]);
    let wide = document(&[
        r#"{"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::x"}"#.to_owned()
    ]);
    let found = findings(&catalog, &wide, &[]).1;
    assert_eq!(
        found,
        [("wide-wildcard", "\"NotAction\""), ("wide-wildcard", "\"NotResource\"")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    // The profile's own call has no such key, so a negated operator holds and the models are wanted.
    let negated = format!(
        r#"{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "{PROFILE}",
            "Condition": {{"ArnNotLike": {{"bedrock:InferenceProfileArn": "arn:aws:bedrock:*:*:inference-profile/us.*"}}}}}}"#
    );
    let found = findings(&catalog, &document(&[negated]), &[]).1;
    assert!(found.contains(&("missing-destination".to_owned(), format!("\"{PROFILE}\""))), "{found:?}");
    // What allows no call allows none, also where it allows others.
    let other = document(&[
        r#"{"Effect": "Allow", "Action": ["s3:*", "bedrock:List*"], "Resource": "*"}"#.to_owned(),
        r#"{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": false}}}"#.to_owned(),
    ]);
    assert_eq!(findings(&catalog, &other, &[]).1, [("nothing-allowed".to_owned(), "{".to_owned())]);
}

#[test]
fn a_list_of_regions_is_held_against_the_scopes_named() {
    let catalog = catalog();
    let scp =
        std::fs::read_to_string(root().join("tests/iam/published/scp-regions.json")).expect("it is there");
    let codes = |text: &str, through: &[Scope]| -> Vec<String> {
        findings(&catalog, text, through).1.into_iter().map(|(code, _)| code).collect()
    };
    // It is for callers in us-east-1: from here the profile itself is denied too.
    assert_eq!(codes(&scp, &[Scope::Us]), ["missing-profile", "missing-destination"]);
    assert_eq!(codes(&scp, &[]).len(), 7);
    let with_source = scp.replace("\"us-east-1\"", "\"ca-central-1\", \"us-east-1\"");
    assert_eq!(codes(&with_source, &[Scope::Us, Scope::Global]), [""; 0]);
    let without = with_source.replace("\"us-west-2\",", "\"us-west-2\"").replace("\"unspecified\"", "");
    assert_eq!(codes(&without, &[Scope::Us]), [""; 0]);
    assert_eq!(codes(&without, &[Scope::Global]), ["missing-unspecified"]);
    // A Deny that holds for some principals alone.
    let tagged = with_source.replace(
        "\"StringNotEquals\"",
        "\"StringLike\": {\"aws:PrincipalTag/x\": \"y\"}, \"StringNotEquals\"",
    );
    assert_eq!(codes(&tagged.replace("us-west-2", "eu-west-1"), &[Scope::Us]), ["depends-on-key"]);
}

#[test]
fn what_is_no_policy_is_told_at_its_place() {
    let catalog = catalog();
    for (text, expected) in [
        ("", vec![""]),
        ("{", vec!["{"]),
        ("{\"Version\": \"2012-10-17\",}", vec!["}"]),
        ("[1]", vec!["["]),
        // Bare statements: one without Action and Resource, and a list with one that is none.
        ("{\"Effect\": \"Deny\"}", vec!["{", "{"]),
        ("[{\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}, 1]", vec!["1"]),
        ("[]", vec!["["]),
        ("\"{\\\"Statement\\\": 1,}\"", vec!["}"]),
        ("%7B%22Statement%22%3A", vec![":"]),
        ("{\"PolicyVersion\": {}}", vec!["{"]),
        ("{\"Statement\": []}", vec!["[]"]),
        ("{\"Statement\": [1, {\"Effect\": \"Permit\", \"Action\": 1}]}", vec!["1", "{", "\"Permit\"", "1"]),
        (
            "{\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"*\", \"NotAction\": \"*\", \"Resource\": \"*\", \"Condition\": {\"Bool\": 1}}}",
            vec!["\"NotAction\"", "1"],
        ),
    ] {
        let (judged, found) = findings(&catalog, text, &[]);
        let places: Vec<&str> = found.iter().map(|(_, place)| place.as_str()).collect();
        assert_eq!(places, expected, "{text}");
        assert!(!judged && found.iter().all(|(code, _)| code == "not-a-policy"), "{text}: {found:?}");
    }
    // Depth of nesting must not matter.
    for deep in
        [format!("{{\"Statement\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000)), "[".repeat(200_000)]
    {
        assert!(!findings(&catalog, &deep, &[]).0);
    }
}

/// Bedrock user guide, inference-profiles-prereq, copy of 2026: every foundation model and profile, and the
/// statement that keeps models to their profile as a Deny.
#[test]
fn the_policies_of_the_prerequisites_page_let_every_call_through() {
    let statements = [
        r#"{"Effect": "Allow", "Action": ["bedrock:InvokeModel*", "bedrock:CreateInferenceProfile"], "Resource": [
            "arn:aws:bedrock:*::foundation-model/*", "arn:aws:bedrock:*:*:inference-profile/*",
            "arn:aws:bedrock:*:*:application-inference-profile/*"]}"#,
        r#"{"Effect": "Deny", "Action": "bedrock:InvokeModel*", "Resource": "arn:aws:bedrock:*::foundation-model/*",
            "Condition": {"Null": {"bedrock:InferenceProfileArn": "true"}}}"#,
    ];
    let catalog = catalog();
    for (statements, without_profile) in [(&statements[..1], true), (&statements[..], false)] {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
        let (result, _) = judged(&catalog, &text, &LintOptions::default());
        let result = result.expect("a policy");
        assert_eq!(result.kind, PolicyKind::Identity);
        assert!(result.calls.len() > 400);
        for call in result.calls {
            let passes = without_profile || call.profile.is_some();
            assert_eq!(call.verdict == Verdict::Allowed, passes, "{call:?}");
        }
    }
}
