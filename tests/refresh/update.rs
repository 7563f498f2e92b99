//! `models update`: the overlay has exactly what was changed in answers made from the table.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use quotaplan::catalog::{self, Catalog, Destinations, Scope};
use quotaplan::text::{Diagnostics, FactDate, Sources};
use quotaplan::units::{Fact, Limit};
use serde_json::{Value, json};

use crate::properties::cases;
use crate::support::quotaplan;

pub(super) fn table() -> Catalog {
    catalog::load(&mut Sources::new(), None, &mut Diagnostics::new()).expect("the table")
}

/// Every quota with a known code and default, as AWS lists it.
pub(super) fn quotas(catalog: &Catalog) -> Vec<Value> {
    let of_models = catalog.models().iter().flat_map(|model| &model.scopes).flat_map(|scope| scope.quotas());
    let all = of_models.map(|quota| quota.entry).chain([catalog.account_daily()]);
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

pub(super) fn run(folder: &Path, arguments: &str) -> (Option<i32>, String, String) {
    let run = quotaplan(folder, &arguments.split(' ').collect::<Vec<_>>());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.status.code(), text(&run.stdout), text(&run.stderr))
}

/// Every system profile whose destinations the table knows, as AWS lists it.
pub(super) fn profiles(catalog: &Catalog) -> Vec<Value> {
    let mut found = Vec::new();
    for (model, scope) in
        catalog.models().iter().flat_map(|model| model.scopes.iter().map(move |s| (model, s)))
    {
        let (Some(id), true) = (&scope.profile, model.offered) else { continue };
        let regions = match &scope.destinations {
            Destinations::Regions(regions) => regions.clone(),
            Destinations::AllCommercial => vec!["ca-central-1".to_owned(), String::new()],
            Destinations::Unknown => continue,
        };
        let arns = regions
            .iter()
            .map(|r| json!({"modelArn": format!("arn:aws:bedrock:{r}::foundation-model/{}", model.id)}));
        found.push(json!({"inferenceProfileId": id, "status": "ACTIVE", "type": "SYSTEM_DEFINED",
            "inferenceProfileArn": format!("arn:aws:bedrock:ca-central-1:111122223333:inference-profile/{id}"),
            "models": arns.collect::<Vec<_>>()}));
    }
    found
}

/// Every model whose life the table knows, as AWS lists it.
pub(super) fn models(catalog: &Catalog) -> Vec<Value> {
    let time = |date: FactDate| json!(format!("{date}T12:00:00Z"));
    let entry = |model: &catalog::Model| {
        let life = model.lifecycle.as_ref()?;
        let Fact::Known(stage) = &life.status else { return None };
        let mut stated = json!({"status": stage.as_str().to_uppercase()});
        if stage.as_str() == "legacy" {
            let times = [
                ("legacyTime", life.legacy_since),
                ("publicExtendedAccessTime", life.extended_access_from),
                ("endOfLifeTime", life.retirement),
            ];
            for (key, date) in times {
                if let Some(date) = date.filter(|_| key != "endOfLifeTime" || !life.retirement_second_hand) {
                    stated[key] = time(date);
                }
            }
        }
        Some(json!({"modelId": model.id, "modelLifecycle": stated,
            "modelArn": format!("arn:aws:bedrock:ca-central-1::foundation-model/{}", model.id)}))
    };
    catalog.models().iter().filter_map(entry).collect()
}

/// Every known price of tokens of the scopes of which a price list can say which they are, as AWS lists it: by turns in the
/// forms of its two lists, per thousand and per million tokens.
pub(super) fn prices(catalog: &Catalog) -> Vec<(Value, String, &'static str)> {
    let forms = [
        ("input", "InputTokenCount", "input_tokens"),
        ("output", "OutputTokenCount", "output_tokens"),
        ("cache_read", "CacheReadInputTokenCount", "cache_read_tokens"),
        ("cache_write_5m", "CacheWriteInputTokenCount", "cache_write_tokens"),
        ("cache_write_1h", "CacheWrite1hInputTokenCount", "cache_write_tokens_1h"),
    ];
    let mut found = Vec::new();
    for model in catalog.models() {
        for scope in &model.scopes {
            let global = scope.scope == Scope::Global;
            let alike = model.scopes.iter().filter(|other| (other.scope == Scope::Global) == global).count();
            let named = catalog.models().iter().filter(|other| other.name == model.name).count();
            if alike > 1
                || named > 1
                || scope.prices.len() > 2
                || scope.prices.iter().any(|tier| tier.promotion.is_some())
            {
                continue;
            }
            for (number, tier) in scope.prices.iter().enumerate() {
                let own =
                    [tier.input, tier.output, tier.cache_read, tier.cache_write_5m, tier.cache_write_1h];
                for ((key, old, new), price) in forms.iter().zip(own) {
                    let Fact::Known(price) = price else { continue };
                    let (long, tail) = (["", "_long_ctx"][number], if global { "_global" } else { "" });
                    let dollars = price.millionths();
                    // A thousandth of it, exactly: nine decimals.
                    let thousand = format!("{}.{:09}0", dollars / 1_000_000_000, dollars % 1_000_000_000);
                    let million = format!("{}.{:06}0000", dollars / 1_000_000, dollars % 1_000_000);
                    let service = format!("{} (Amazon Bedrock Edition)", model.name);
                    let (attributes, unit, usd) = match (found.len() % 3, number, *key) {
                        (0, 0, "input" | "output") => (
                            json!({"model": model.name, "regionCode": "ca-central-1",
                            "usagetype": format!("CAN1-X-{key}-tokens{}", if global { "-cross-region-global" } else { "" })}),
                            "1K tokens",
                            thousand,
                        ),
                        (1, 0, _) => (
                            json!({"servicename": service, "usagetype":
                            format!("CAN1-MP:CAN1_{old}{}-Units", if global { "_Global" } else { "" })}),
                            "1M tokens",
                            million,
                        ),
                        _ => (
                            json!({"servicename": service, "regionCode": "ca-central-1",
                            "usagetype": format!("CAN1-MP:CAN1_{new}{long}{tail}_standard-Units")}),
                            "1M tokens",
                            million,
                        ),
                    };
                    let value = json!({"attributes": attributes, "unit": unit, "usd": usd});
                    found.push((value, format!("{} {} {number}", model.id, scope.scope), *key));
                }
            }
        }
    }
    found
}

/// A price list of entries: products joined with terms by their numbers.
pub(super) fn price_list(entries: &[Value]) -> String {
    let (mut products, mut terms) = (json!({}), json!({}));
    for (sku, entry) in entries.iter().enumerate() {
        let sku = format!("SKU{sku}");
        products[&sku] = json!({"sku": sku, "attributes": entry["attributes"]});
        let dimension = json!({"unit": entry["unit"], "pricePerUnit": {"USD": entry["usd"]}});
        terms[&sku] = json!({format!("{sku}.J"): {"priceDimensions": {format!("{sku}.J.6"): dimension}}});
    }
    json!({"offerCode": "AmazonBedrock", "products": products, "terms": {"OnDemand": terms, "Reserved": {}}})
        .to_string()
}

/// What an update from files of these texts says, and its overlay.
fn update(folder: &Path, files: &[(&str, String)]) -> (Value, String) {
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("writing");
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let (status, said, errors) = run(
        folder,
        &format!("models update --from {} --as-of 2026-12-01 --format json -o o.toml", names.join(" ")),
    );
    assert_eq!(status, Some(0), "{errors}");
    let overlay = fs::read_to_string(folder.join("o.toml")).expect("the overlay");
    fs::remove_file(folder.join("o.toml")).expect("removing");
    (serde_json::from_str(&said).expect("JSON"), overlay)
}

/// Answers made from the table state nothing otherwise, of each kind.
#[test]
fn answers_of_the_table_give_an_empty_overlay() {
    let catalog = table();
    let folder = tempfile::tempdir().expect("a folder");
    let listed = prices(&catalog);
    let counts = (profiles(&catalog).len(), models(&catalog).len(), listed.len());
    assert!(counts.0 > 20 && counts.1 > 2 && counts.2 > 60, "{counts:?}");
    let entries: Vec<Value> = listed.iter().map(|(entry, ..)| entry.clone()).collect();
    let files = [
        ("q.json", json!({"Quotas": quotas(&catalog)}).to_string()),
        ("p.json", json!({"inferenceProfileSummaries": profiles(&catalog)}).to_string()),
        ("m.json", json!({"modelSummaries": models(&catalog)}).to_string()),
        ("l.json", price_list(&entries)),
    ];
    let (report, overlay) = update(folder.path(), &files);
    assert_eq!(report["changes"], json!([]), "{overlay}");
    let compared = format!("{} prices of the price list were compared with the table.", entries.len());
    assert!(report["remarks"].as_array().expect("remarks").contains(&json!(compared)), "{report}");
}

proptest! {
    #![proptest_config(cases(10))]

    /// One fact changed in the answers is the one change, and nothing differs under its overlay.
    #[test]
    fn a_changed_fact_is_the_only_change(kind in 0..3, at in any::<Index>()) {
        let catalog = table();
        let folder = tempfile::tempdir().expect("a folder");
        let (name, text, table, key, after) = match kind {
            0 => {
                let mut all = profiles(&catalog);
                let at = at.index(all.len());
                all[at]["models"] = json!([{"modelArn": "arn:aws:bedrock:eu-west-9::foundation-model/x"}]);
                let scope = all[at]["inferenceProfileId"].as_str().expect("an id").split('.').next().expect("a scope").to_owned();
                ("p.json", json!({"inferenceProfileSummaries": all}).to_string(), format!("scope.{scope}"), "destinations",
                    r#"["eu-west-9"]"#.to_owned())
            }
            1 => {
                let mut all = models(&catalog);
                let at = at.index(all.len());
                all[at]["modelLifecycle"]["status"] = json!("LEGACY");
                // Before every retirement of the table: a later day would contradict it.
                all[at]["modelLifecycle"]["legacyTime"] = json!(1_600_000_000);
                ("m.json", json!({"modelSummaries": all}).to_string(), "lifecycle".to_owned(), "legacy_since",
                    "\"2020-09-13\"".to_owned())
            }
            _ => {
                let mut all = prices(&catalog);
                let at = at.index(all.len());
                let (entry, place, key) = &mut all[at];
                let thousands = entry["unit"] == "1K tokens";
                entry["usd"] = json!(if thousands { "0.9876543210" } else { "987.6543210000" });
                let parts: Vec<&str> = place.split(' ').collect();
                let tier = if parts[2] == "0" { "" } else { " (tier 2)" };
                let (table, key) = (format!("scope.{}.price{tier}", parts[1]), *key);
                let entries: Vec<Value> = all.iter().map(|(entry, ..)| entry.clone()).collect();
                ("l.json", price_list(&entries), table, key, "\"987.654321\"".to_owned())
            }
        };
        let (report, overlay) = update(folder.path(), &[(name, text)]);
        let changes = report["changes"].as_array().expect("changes");
        let own: Vec<&Value> = changes.iter().filter(|change| change["key"] == key).collect();
        prop_assert_eq!(own.len(), 1, "{}", report);
        prop_assert_eq!((&own[0]["table"], &own[0]["after"]), (&json!(table), &json!(after)));
        // A model that becomes Legacy changes its status too.
        prop_assert!(changes.len() == 1 || (kind == 1 && changes.len() == 2), "{}", report);
        fs::write(folder.path().join("o.toml"), &overlay).expect("writing");
        let (status, _, errors) = run(folder.path(), "models validate o.toml");
        prop_assert_eq!(status, Some(0), "{}{}", overlay, errors);
        let again = format!("models update --from {name} --as-of 2026-12-01 --format json --models o.toml -o p.toml");
        let (_, said, errors) = run(folder.path(), &again);
        let again: Value = serde_json::from_str(&said).expect(&errors);
        prop_assert_eq!(&again["changes"], &json!([]));
    }
}

/// What a price list has besides the table's prices is counted or named, and an unknown unit is an error at its place.
#[test]
fn what_a_price_list_has_besides_is_named_and_no_unit_is_guessed() {
    let entry = |attributes: Value, unit: &str| json!({"attributes": attributes, "unit": unit, "usd": "0.1000000000"});
    let edition = |name: &str, usage: &str| {
        json!({"servicename": format!("{name} (Amazon Bedrock Edition)"),
        "usagetype": format!("CAN1-MP:CAN1_{usage}-Units")})
    };
    let folder = tempfile::tempdir().expect("a folder");
    let entries = [
        entry(edition("Claude Sonnet 4.5", "InputTokenCount_Batch"), "1M tokens"),
        entry(edition("Claude Sonnet 4.5", "Reserved_1Month_TPM_Hour"), "1M TPM Hour"),
        entry(edition("Claude Sonnet 99", "input_tokens_standard"), "1M tokens"),
        entry(json!({"model": "Nova Lite", "usagetype": "CAN1-NovaLite-input-tokens-batch"}), "1K tokens"),
        entry(
            json!({"model": "Nova Lite", "service_tier": "flex", "usagetype": "CAN1-NovaLite-input-tokens"}),
            "1K tokens",
        ),
        entry(json!({"servicename": "Amazon Bedrock", "usagetype": "CAN1-output-tokens"}), "1K tokens"),
    ];
    let (report, overlay) = update(folder.path(), &[("l.json", price_list(&entries))]);
    assert_eq!((&report["changes"], overlay.contains("[[")), (&json!([]), false), "{overlay}");
    let remarks = report["remarks"].to_string();
    for words in [
        "0 prices of the price list",
        "1 name in the price list belongs to no model of the table: Claude Sonnet 99.",
        "4 products of the price list do not bill plain on-demand text tokens",
        "1 price of tokens names no model",
    ] {
        assert!(remarks.contains(words), "{words}: {remarks}");
    }
    for (unit, code) in [("1M TPM Hour", "bad-value"), ("tokens", "bad-value")] {
        let text = price_list(&[entry(edition("Claude Sonnet 4.5", "input_tokens_standard"), unit)]);
        fs::write(folder.path().join("l.json"), text).expect("writing");
        let (status, _, errors) =
            run(folder.path(), "models update --from l.json --as-of 2026-12-01 -o o.toml");
        assert_eq!(status, Some(2), "{errors}");
        assert!(errors.contains("l.json:1:") && errors.contains(&format!("error[{code}]")), "{errors}");
    }
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
        (r#"{"Quotas": [{"QuotaCode": "L-00000001", "Value": NaN}]}"#.to_owned(), "bad-number"),
        (r#"{"Quotas": [{"QuotaCode": "L-00000001", "Value": 1e400}]}"#.to_owned(), "figure-too-large"),
        (r#"{"Quotas": [{"QuotaCode": "L-00000001", "Value": "five"}]}"#.to_owned(), "not-an-answer"),
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

/// A life in an order that cannot be is said where it is stated, instead of an overlay that is no table.
#[test]
fn dates_in_an_order_that_cannot_be_are_errors_with_their_place() {
    let catalog = table();
    // Of one without a date between the two.
    let retired = |model: &&catalog::Model| {
        model
            .lifecycle
            .as_ref()
            .is_some_and(|life| life.retirement.is_some() && life.extended_access_from.is_none())
    };
    let model = catalog.models().iter().find(retired).expect("a model with a retirement");
    let end = model.lifecycle.as_ref().and_then(|life| life.retirement).expect("it has one");
    let folder = tempfile::tempdir().expect("a folder");
    let life = |dates: Value| {
        let mut life = json!({"status": "LEGACY"});
        for (key, date) in dates.as_object().expect("dates") {
            life[key] = date.clone();
        }
        json!({"modelSummaries": [{"modelId": model.id, "modelLifecycle": life,
            "modelArn": format!("arn:aws:bedrock:ca-central-1::foundation-model/{}", model.id)}]})
        .to_string()
    };
    let times = ["2026-01-05T00:00:00Z", "2026-02-05T00:00:00Z", "2026-03-05T00:00:00Z"];
    let [a, b, c] = times;
    for (dates, wrong, words) in [
        // Behind the retirement of the table, which the answer does not state.
        (json!({"legacyTime": "2099-01-01T00:00:00Z"}), "2099", "the model retires before it is Legacy"),
        (json!({"legacyTime": c, "endOfLifeTime": b}), c, "the model retires before it is Legacy"),
        (
            json!({"legacyTime": b, "publicExtendedAccessTime": a, "endOfLifeTime": c}),
            b,
            "extended access begins before the model is Legacy",
        ),
        (
            json!({"legacyTime": a, "publicExtendedAccessTime": c, "endOfLifeTime": b}),
            c,
            "the model retires before extended access begins",
        ),
    ] {
        let text = life(dates);
        let column = text.find(&format!("\"{wrong}")).expect("it is there") + 1;
        fs::write(folder.path().join("m.json"), &text).expect("writing");
        let (status, said, errors) =
            run(folder.path(), "models update --from m.json --as-of 2026-12-01 -o o.toml");
        assert_eq!((status, said.as_str()), (Some(2), ""), "{text}");
        let place = format!("m.json:1:{column}: error[bad-value]: {}: {words}", model.id);
        assert!(errors.contains(&place), "{place}: {errors}");
        assert!(!folder.path().join("o.toml").exists());
    }
    // Before the retirement, and on the day itself, there is nothing to say.
    for day in [a.to_owned(), format!("{end}T00:00:00Z")] {
        assert!(end.to_string().len() == 10 && *a < *end.to_string(), "{end}");
        fs::write(folder.path().join("m.json"), life(json!({"legacyTime": day}))).expect("writing");
        let (status, _, errors) =
            run(folder.path(), "models update --from m.json --as-of 2026-12-01 -o o.toml");
        assert_eq!(status, Some(0), "{errors}");
        let (status, _, errors) = run(folder.path(), "models validate o.toml");
        assert_eq!(status, Some(0), "{errors}");
    }
}

/// An empty list must not pass for a table that needs no change.
#[test]
fn an_answer_that_lists_nothing_is_an_error_unless_another_page_holds_items() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("writing");
    for (text, what) in [
        ("[]", "the file"),
        (r#"{"Quotas": []}"#, "`Quotas`"),
        (r#"{"inferenceProfileSummaries": []}"#, "`inferenceProfileSummaries`"),
        (r#"{"modelSummaries": []}"#, "`modelSummaries`"),
    ] {
        write("a.json", text);
        let (status, said, errors) =
            run(folder.path(), "models update --from a.json --as-of 2026-12-01 -o o.toml");
        assert_eq!((status, said.as_str()), (Some(2), ""), "{text}");
        assert!(
            errors.contains(&format!("a.json:1:1: error[not-an-answer]: {what} lists nothing")),
            "{text}: {errors}"
        );
        assert!(!folder.path().join("o.toml").exists());
    }
    // A price list has no pages, so that another one does not stand in for it.
    write("a.json", r#"{"products": {}, "terms": {}}"#);
    let full: Vec<Value> = prices(&table()).into_iter().map(|(entry, ..)| entry).collect();
    write("b.json", &price_list(&full));
    let update = "models update --from a.json b.json --as-of 2026-12-01 -o o.toml";
    let (status, _, errors) = run(folder.path(), update);
    assert_eq!(status, Some(2));
    assert!(errors.contains("a.json:1:14: error[not-an-answer]: `products` lists nothing"), "{errors}");
    // The last page of a list may be empty, in the same file or in another, before or behind the others.
    let full = json!({"modelSummaries": models(&table()), "nextToken": "t"}).to_string();
    let empty = r#"{"modelSummaries": []}"#;
    write("a.json", &full);
    write("b.json", empty);
    write("c.json", &format!("{full}{empty}"));
    for from in ["a.json b.json", "b.json a.json", "c.json"] {
        let update = format!("models update --from {from} --as-of 2026-12-01 -o o.toml");
        let (status, _, errors) = run(folder.path(), &update);
        assert_eq!(status, Some(0), "{from}: {errors}");
    }
    // Of one list nothing follows for another.
    write("d.json", r#"{"Quotas": []}"#);
    let (status, _, errors) =
        run(folder.path(), "models update --from a.json b.json d.json --as-of 2026-12-01 -o p.toml");
    assert_eq!(status, Some(2));
    assert!(errors.contains("d.json:1:1: error[not-an-answer]: `Quotas` lists nothing"), "{errors}");
}
