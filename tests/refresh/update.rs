//! `models update`: the overlay has exactly what was changed in answers made from the table.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use quotaplan::catalog::{self, Catalog};
use quotaplan::text::tree::Fact;
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::units::Limit;
use serde_json::{Value, json};

use crate::properties::cases;
use crate::support::quotaplan;

fn table() -> Catalog {
    catalog::load(&mut Sources::new(), None, &mut Diagnostics::new()).expect("the table")
}

/// Every quota with a known code and default, as AWS lists it.
fn quotas(catalog: &Catalog) -> Vec<Value> {
    let of_models = catalog.models().iter().flat_map(|model| &model.scopes).flat_map(|scope| scope.quotas());
    let all = of_models.map(|(_, quota)| quota).chain([catalog.account_daily()]);
    let entry = |quota: &catalog::QuotaEntry| {
        let code = quota.known_code()?;
        let mut entry = json!({"ServiceCode": "bedrock", "Unit": "None", "QuotaCode": code, "New": [1],
            "QuotaArn": format!("arn:aws:servicequotas:ca-central-1::bedrock/{code}")});
        if let Fact::Known(name) = &quota.name {
            entry["QuotaName"] = json!(name);
        }
        if let Fact::Known(Limit::Amount(amount)) = quota.default {
            entry["Value"] = json!(amount.get());
        }
        if let Fact::Known(adjustable) = quota.adjustable {
            entry["Adjustable"] = json!(adjustable);
        }
        Some(entry)
    };
    all.filter_map(entry).collect()
}

fn run(folder: &Path, arguments: &str) -> (Option<i32>, String, String) {
    let run = quotaplan(folder, &arguments.split(' ').collect::<Vec<_>>());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.status.code(), text(&run.stdout), text(&run.stderr))
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn an_overlay_has_exactly_the_changes_and_leaves_none(
        picks in prop::collection::btree_map(0_usize..100, 20_000_000_000_u64..1_000_000_000_000, 0..5),
        cut in any::<Index>(),
        second_first in any::<bool>(),
    ) {
        let mut entries = quotas(&table());
        for (at, value) in &picks {
            entries[*at]["Value"] = json!(value);
        }
        let mut expected: Vec<String> = picks.values().map(u64::to_string).collect();
        let (first, second) = entries.split_at(cut.index(entries.len()));
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).expect("writing");
        // The CLI writes doubles.
        let double = |text: String| expected.iter().fold(text, |text, value| text.replace(value, &format!("{value}.0")));
        write("a.json", double(json!({"Quotas": first, "NextToken": "t"}).to_string()));
        write("b.json", double(json!({"Quotas": second}).to_string()));
        let from = if second_first { "b.json a.json" } else { "a.json b.json" };
        let update = format!("models update --from {from} --as-of 2026-12-01 --format json");
        let (status, said, errors) = run(folder.path(), &format!("{update} -o o.toml"));
        prop_assert_eq!(status, Some(0), "{}", errors);
        let report: Value = serde_json::from_str(&said).expect("JSON");
        let changes = report["changes"].as_array().expect("changes");
        let mut after: Vec<String> = changes.iter().map(|c| c["after"].as_str().expect("a value").to_owned()).collect();
        after.sort();
        expected.sort();
        prop_assert_eq!(after, expected);
        prop_assert!(changes.iter().all(|change| change["key"] == "default"));
        if picks.is_empty() {
            return Ok(());
        }
        let (status, _, errors) = run(folder.path(), "models validate o.toml");
        prop_assert_eq!(status, Some(0), "{}", errors);
        let (_, said, errors) = run(folder.path(), &format!("{update} --models o.toml -o p.toml"));
        let again: Value = serde_json::from_str(&said).expect(&errors);
        prop_assert_eq!(&again["changes"], &json!([]));
    }
}

#[test]
fn profiles_and_lifecycles_are_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = json!({"inferenceProfileSummaries": [{"inferenceProfileId": "us.amazon.nova-2-lite-v1:0",
        "inferenceProfileArn": "arn:aws:bedrock:ca-central-1:111122223333:inference-profile/us.amazon.nova-2-lite-v1:0",
        "status": "ACTIVE", "type": "SYSTEM_DEFINED", "models": [
            {"modelArn": "arn:aws:bedrock:us-west-2::foundation-model/x"},
            {"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/x"}]}]});
    let model = json!({"modelSummaries": [{"modelId": "amazon.nova-2-lite-v1:0",
        "modelArn": "arn:aws:bedrock:ca-central-1::foundation-model/amazon.nova-2-lite-v1:0",
        "inferenceTypesSupported": ["INFERENCE_PROFILE"],
        "modelLifecycle": {"status": "LEGACY", "legacyTime": "2026-11-30T12:00:00Z"}}]});
    fs::write(folder.path().join("p.json"), profile.to_string()).expect("writing");
    fs::write(folder.path().join("m.json"), model.to_string()).expect("writing");
    let update = "models update --from m.json --from p.json --as-of 2026-12-01 -o o.toml";
    let (status, said, errors) = run(folder.path(), update);
    assert_eq!(status, Some(0), "{said}{errors}");
    let overlay = fs::read_to_string(folder.path().join("o.toml")).expect("the overlay");
    assert!(overlay.contains("destinations = [\"us-east-1\", \"us-west-2\"]\n"), "{overlay}");
    assert!(overlay.contains("status = \"legacy\"\nlegacy_since = \"2026-11-30\"\n"), "{overlay}");
    let (status, _, errors) = run(folder.path(), "models validate o.toml");
    assert_eq!(status, Some(0), "{overlay}{errors}");
}

#[test]
fn what_is_no_whole_answer_is_an_error_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let arn = "arn:aws:servicequotas:us-east-1::bedrock/L-00000001";
    for (text, code) in [
        (String::new(), "empty-file"),
        ("[".repeat(5000), "not-an-answer"),
        ("{}".to_owned(), "not-an-answer"),
        (r#"{"Quotas": [], "NextToken": "x"}"#.to_owned(), "incomplete-answer"),
        (r#"{"modelSummaries": [], "nextToken": "x"}"#.to_owned(), "incomplete-answer"),
        (r#"{"Quotas": [{"QuotaCode": "L-00000001", "Value": NaN}]}"#.to_owned(), "not-an-answer"),
        (r#"{"Quotas": [{"QuotaCode": "L-00000001", "Value": 1e400}]}"#.to_owned(), "figure-too-large"),
        (r#"{"Quotas": [{"QuotaCode": "L-00000001", "Value": "5"}]}"#.to_owned(), "not-an-answer"),
        (
            format!(r#"{{"Quotas": [{{"QuotaCode": "L-00000001", "QuotaArn": "{arn}", "Value": 5.0}}]}}"#),
            "other-region",
        ),
        (
            r#"{"Quotas": [{"QuotaCode": "L-00000001", "QuotaName": "x per minute", "Unit": "Parsec"}]}"#
                .to_owned(),
            "bad-value",
        ),
    ] {
        fs::write(folder.path().join("a.json"), &text).expect("writing");
        let (status, _, errors) =
            run(folder.path(), "models update --from a.json --as-of 2026-12-01 -o o.toml");
        assert_eq!(status, Some(2), "{text:.60}: {errors}");
        assert!(
            errors.contains("a.json") && errors.contains(&format!("error[{code}]")),
            "{text:.60}: {errors}"
        );
        assert!(!folder.path().join("o.toml").exists());
    }
}
