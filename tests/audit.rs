//! The model table against the corrections of 2026-11, line by line.
//!
//! The two lists are read as they were handed over, and the table from its own text: the catalog of the
//! product has no part in it, so a fault of its reading shows here.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

use crate::support::root;

/// What a line of the corrections must find: a value, and the source and date beside it.
type Found = (Value, Value, Value);

fn value(node: &DeValue<'_>) -> Value {
    match node {
        DeValue::String(text) => json!(text),
        DeValue::Integer(number) => json!(number.as_str().replace('_', "").parse::<u64>().unwrap()),
        DeValue::Boolean(truth) => json!(truth),
        DeValue::Array(items) => items.iter().map(|item| value(item.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(object(table)),
        other => panic!("the table has no {other:?}"),
    }
}

fn object(table: &DeTable<'_>) -> Map<String, Value> {
    table.iter().map(|(key, node)| (key.get_ref().to_string(), value(node.get_ref()))).collect()
}

/// The models of the table by id.
fn models() -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(root().join("data/models.toml")).unwrap();
    let document = object(DeTable::parse(&text).unwrap().get_ref());
    let models = document["model"].as_array().unwrap().iter();
    models.map(|model| (model["id"].as_str().unwrap().to_owned(), model.clone())).collect()
}

fn records(name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(root().join("tests/data").join(name)).unwrap();
    reader.deserialize().map(|record| record.unwrap()).collect()
}

/// The ids that a cell names: in full, by their beginning, or without the maker named before.
fn named<'m>(models: &'m BTreeMap<String, Value>, cell: &str) -> Vec<&'m str> {
    let maker = cell.split('.').next().unwrap();
    let pieces = cell.split(" and ").flat_map(|part| part.split("; ")).flat_map(|part| part.split(" / "));
    let ids = pieces.map(str::trim).filter(|piece| !piece.is_empty()).map(|piece| {
        let wanted = [piece.to_owned(), format!("{maker}.{piece}"), format!("openai.gpt-{piece}")];
        let exact = models.keys().find(|id| wanted.contains(id));
        let begins =
            || models.keys().find(|id| wanted.iter().any(|name| id.starts_with(&format!("{name}-"))));
        exact.or_else(begins).unwrap_or_else(|| panic!("no model is {piece}")).as_str()
    });
    ids.collect()
}

/// `272K`, `4096`, `500K`: tokens, a K being a thousand.
fn tokens(word: &str) -> Value {
    let number = word.split([' ', '(']).next().unwrap();
    json!(match number.strip_suffix('K') {
        Some(thousands) => thousands.parse::<u64>().unwrap() * 1_000,
        None => number.parse().unwrap(),
    })
}

/// The values that the table gives for a limit: its own, and the disputed ones.
fn limits(model: &Value, key: &str) -> Vec<Found> {
    let own = (model[key].clone(), model["limits_source"].clone(), model["limits_as_of"].clone());
    let disputed = model["disputed"].as_array().into_iter().flatten().filter(|limit| limit["limit"] == key);
    let disputed =
        disputed.map(|limit| (limit["value"].clone(), limit["source"].clone(), limit["as_of"].clone()));
    std::iter::once(own).chain(disputed).collect()
}

fn fact(table: &Value, key: &str) -> Found {
    (table[key].clone(), table["source"].clone(), table["as_of"].clone())
}

/// Words of a lifecycle cell and the keys they stand for.
fn life(model: &Value, words: &str) -> Vec<(Value, Found)> {
    let life = &model["lifecycle"];
    let mut wanted = Vec::new();
    for word in words.split("; ").flat_map(|part| part.split(" first-hand")) {
        let word = word.trim_end_matches(" (card)");
        let date = word.split(' ').find(|part| part.len() == 10 && part.starts_with("202"));
        match word {
            "active" | "legacy" => wanted.push((json!(word), fact(life, "status"))),
            "legacy period 6 months" => wanted.push((json!(6), fact(life, "legacy_period_months"))),
            "at least 6 months of notice" => wanted.push((json!(6), fact(life, "notice_months"))),
            "at least 45 days of notice" => wanted.push((json!(45), fact(life, "notice_days"))),
            "access limited to eligible customers" => {
                wanted.push((json!("eligible-customers"), fact(&model["access"][0], "kind")));
            }
            "active (card)" => wanted.push((json!("active"), fact(life, "status"))),
            "" => {}
            _ if word.starts_with("legacy (since ") => {
                wanted.push((json!("legacy"), fact(life, "status")));
                let since = &word["legacy (since ".len()..word.len() - 1];
                wanted.push((json!(since), fact(life, "legacy_since")));
            }
            _ => {
                let key = match word {
                    _ if word.contains("no_sooner_than") => "no_sooner_than",
                    _ if word.contains("extended access") => "extended_access_from",
                    _ => "retirement",
                };
                wanted.push((json!(date.unwrap_or_else(|| panic!("{word}"))), fact(life, key)));
                if key == "retirement" {
                    let second = word.contains("second-hand");
                    let first = words.contains("first-hand");
                    if second || first {
                        wanted.push((json!(second), fact(life, "retirement_second_hand")));
                    }
                }
            }
        }
    }
    wanted
}

/// The value each line must find, with what the table has.
fn pairs(models: &BTreeMap<String, Value>, line: &BTreeMap<String, String>) -> Vec<(Value, Found)> {
    let (field, text) = (line["field"].as_str(), line["value"].as_str());
    if line["model"].starts_with("all global profiles") {
        let global = models.values().map(|model| &model["scope"]["global"]).filter(|scope| !scope.is_null());
        let pairs: Vec<_> =
            global.map(|scope| (json!("all-commercial"), fact(scope, "destinations"))).collect();
        // 30 callable ones, Claude Sonnet 4's, and those of the three models that came later.
        assert_eq!(pairs.len(), 34);
        return pairs;
    }
    let ids = named(models, &line["model"]);
    let prices: Vec<&str> = text.split("; ").collect();
    let mut pairs = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let model = &models[*id];
        let price = |scope: &str| model["scope"][scope]["price"][0].clone();
        let in_out = |scope: &str, text: &str, keys: [&str; 2]| -> Vec<(Value, Found)> {
            let price = price(scope);
            let usd = |key: &str| (number(&price[key]), price["source"].clone(), price["as_of"].clone());
            let values = text.split('/').map(|part| number(&json!(part.trim())));
            values.zip(keys).map(|(value, key)| (value, usd(key))).collect()
        };
        match field {
            "us destinations" => {
                let regions: Value = text.split(' ').map(|region| json!(region)).collect();
                pairs.push((regions, fact(&model["scope"]["us"], "destinations")));
            }
            "burndown" => {
                let newest = &model["burndown"][0];
                pairs.push((json!("known"), fact(newest, "status")));
                pairs.push((json!(text.parse::<u64>().unwrap()), fact(newest, "output")));
            }
            "count_tokens" => {
                let found = |key: &str| model[format!("count_tokens{key}")].clone();
                pairs.push((json!(text == "true"), (found(""), found("_source"), found("_as_of"))));
            }
            "max_output_tokens" | "context_window" => {
                let wanted = tokens(text.strip_prefix("keep ").unwrap_or(text));
                let found = limits(model, field);
                pairs.push((wanted.clone(), one_of(found, &wanted)));
            }
            "max_output_tokens/context_window" => {
                for (part, key) in text.split(" / ").zip(["max_output_tokens", "context_window"]) {
                    let wanted = tokens(part);
                    pairs.push((wanted.clone(), one_of(limits(model, key), &wanted)));
                }
            }
            "context_window / price us-east-1" => {
                let (window, usd) = text.split_once(" / ").unwrap();
                let wanted = tokens(window);
                pairs.push((wanted.clone(), one_of(limits(model, "context_window"), &wanted)));
                pairs.extend(in_out("in-region", usd, ["input", "output"]));
                pairs.push((json!("us-east-1"), fact(&price("in-region"), "priced_in")));
            }
            "price ca-central-1 in/out" => {
                pairs.extend(in_out("in-region", text, ["input", "output"]));
                pairs.push((json!("ca-central-1"), fact(&price("in-region"), "priced_in")));
            }
            "price us-east-1 in/out" => {
                pairs.extend(in_out("in-region", prices[at], ["input", "output"]));
                pairs.push((json!("us-east-1"), fact(&price("in-region"), "priced_in")));
            }
            "price us batch in/out" | "price global batch in/out" => {
                let scope = field.split(' ').nth(1).unwrap();
                pairs.extend(in_out(scope, text, ["batch_input", "batch_output"]));
            }
            "quota us tpm name L-53A144CD" => {
                pairs.push((json!("L-53A144CD"), fact(&model["scope"]["us"]["tpm"], "code")));
                pairs.push((json!(text), fact(&model["scope"]["us"]["tpm"], "name")));
            }
            "lifecycle.no_sooner_than" => {
                pairs.push((json!(text), fact(&model["lifecycle"], "no_sooner_than")));
            }
            // The state in ca-central-1 is open, so neither stage nor date is entered.
            "lifecycle" if *id == "anthropic.claude-3-haiku-20240307-v1:0" => {
                let source = model["lifecycle"]["source"].as_str().unwrap();
                assert!(["certain Regions", "2026-09-10", "ca-central-1"].iter().all(|w| source.contains(w)));
                pairs.push((json!("unknown"), fact(&model["lifecycle"], "status")));
                pairs.push((Value::Null, fact(&model["lifecycle"], "retirement")));
            }
            "lifecycle" | "lifecycle.status" | "lifecycle.retirement" => pairs.extend(life(model, text)),
            _ => panic!("no rule for the field {field}"),
        }
    }
    pairs
}

/// The fact with the wanted value, else the first.
fn one_of(found: Vec<Found>, wanted: &Value) -> Found {
    let at = found.iter().position(|(value, _, _)| value == wanted).unwrap_or(0);
    found.into_iter().nth(at).unwrap()
}

/// A price, whichever way its zeros are written.
fn number(text: &Value) -> Value {
    text.as_str().map_or(Value::Null, |text| json!(text.parse::<f64>().unwrap()))
}

#[test]
#[allow(clippy::print_stdout, reason = "the count is the audit's output")]
fn every_correction_of_2026_11_is_in_the_table() {
    let models = models();
    let (mut lines, mut facts, mut missing) = (0, 0, Vec::new());
    for (index, line) in records("facts-2026-11.csv").iter().enumerate() {
        lines += 1;
        let place = format!("facts-2026-11.csv:{}", index + 2);
        let found = pairs(&models, line);
        assert!(!found.is_empty(), "{place} is not looked up");
        let second_hand = line["confidence"] == "secondary";
        let month = &line["date"][..7];
        for (wanted, (value, source, as_of)) in found {
            facts += 1;
            let (source, as_of) = (source.as_str().unwrap_or_default(), as_of.as_str().unwrap_or_default());
            // An entry of several facts bears the date of its oldest and names the others in its source.
            let dated = as_of.starts_with(month)
                || source.contains(month)
                || line["date"].starts_with("2026-09/10")
                || models_of_november(source);
            if value != wanted || !dated || (second_hand && !source.contains("second-hand")) {
                missing.push(format!("{place}: {wanted} wanted, {value} found; {source}; {as_of}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    println!("facts-2026-11.csv: {lines} lines, {facts} facts, all in the table");
    assert_eq!((lines, facts), (57, 149));
}

/// Sources of the models that appeared after the corrections of October.
fn models_of_november(source: &str) -> bool {
    source.contains("2026-11-25")
}

#[test]
#[allow(clippy::print_stdout, reason = "the count is the audit's output")]
fn every_cache_price_of_long_inputs_is_in_the_table() {
    let models = models();
    let mut lines = 0;
    for line in records("long-context-cache-prices-2026-11.csv") {
        lines += 1;
        let (scope, id) = line["profile"].split_once('.').unwrap();
        let tiers = models[id]["scope"][scope]["price"].as_array().unwrap();
        let [below, above] = tiers.as_slice() else { panic!("{id} {scope} has no two tiers") };
        let boundary: u64 =
            line["tier"].strip_prefix("above_").unwrap().trim_end_matches('k').parse().unwrap();
        assert_eq!(below["up_to_input"], boundary * 1_000, "{id}");
        assert_eq!(above["up_to_input"], Value::Null, "{id}");
        let wanted = number(&json!(line["usd_per_million"]));
        assert_eq!(number(&above[line["field"].as_str()]), wanted, "{id} {scope} {}", line["field"]);
        let source = above["source"].as_str().unwrap();
        assert!(source.contains("second-hand") && source.contains("2026-11"), "{id}: {source}");
    }
    println!("long-context-cache-prices-2026-11.csv: {lines} lines, all in the table");
    assert_eq!(lines, 44);
}
