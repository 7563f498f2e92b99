//! The shipped model table is what it claims to be, and agrees with the lists it was made from.

use std::collections::BTreeSet;

use quotaplan::catalog::{self, Catalog, Model, Scope};
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use quotaplan::units::{Fact, Limit, UsdPerMillion};

use crate::support::root;

fn table() -> Catalog {
    let mut diagnostics = Diagnostics::new();
    let catalog = catalog::load(&mut Sources::new(), None, &mut diagnostics).expect("valid");
    assert!(diagnostics.is_empty());
    catalog
}

/// A table that was read before, by a run with other files, names its own place in this one.
#[test]
fn positions_in_the_table_are_those_of_the_run() {
    for before in [0, 1, 0, 3, 12, 1] {
        let mut sources = Sources::new();
        for number in 0..before {
            sources.add(SourceFile::new(format!("{number}.csv"), ""));
        }
        let table = catalog::load(&mut sources, None, &mut Diagnostics::new()).expect("valid");
        for provenance in table.models().iter().flat_map(|model| &model.limits) {
            let name = sources.locate(provenance.span).map(|(name, _)| name);
            assert_eq!(name, Some(catalog::EMBEDDED_NAME), "behind {before} files");
        }
    }
}

fn text() -> String {
    std::fs::read_to_string(root().join("data/models.toml")).expect("the table")
}

/// A list beside this test: header and records.
fn list(name: &str) -> Vec<Vec<String>> {
    let path = root().join("tests/data").join(name);
    let mut reader = csv::Reader::from_path(path).expect("the list");
    reader.records().map(|row| row.expect("a record").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_table_is_sorted_and_complete() {
    let text = text();
    let ids: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"')).collect();
    assert!(ids.is_sorted(), "models are not sorted by id");
    assert_eq!(ids.len(), 54);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 54, "an id stands twice");
    let catalog = table();
    assert_eq!(catalog.models().iter().filter(|model| model.offered).count(), 47);
}

#[test]
fn codes_and_names_are_unique_and_well_formed() {
    let catalog = table();
    let codes: Vec<&str> = catalog.quota_codes().collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "a code stands twice");
    for code in &codes {
        let hexadecimal = code.strip_prefix("L-").expect("a code starts with L-");
        assert!(hexadecimal.len() == 8 && hexadecimal.chars().all(|c| "0123456789ABCDEF".contains(c)));
    }
    let mut names = BTreeSet::new();
    for model in catalog.models() {
        for name in [&model.id].into_iter().chain(&model.aliases) {
            assert!(names.insert(name.to_lowercase()), "{name} names two things");
        }
        for scope in &model.scopes {
            let expected = (scope.scope != Scope::InRegion).then(|| format!("{}.{}", scope.scope, model.id));
            assert_eq!(scope.profile, expected, "{} {}", model.id, scope.scope);
        }
    }
}

#[test]
fn every_ageing_fact_has_a_source_and_a_date() {
    // Read from the text: a table that holds an ageing key holds `source` and `as_of` too.
    let text = text();
    let body = text.split_once("schema = 1").expect("a body").1;
    for block in body.split("\n[").skip(1) {
        let header = block.split(']').next().unwrap_or_default();
        let has = |key: &str| block.lines().any(|line| line.starts_with(&format!("{key} = ")));
        let ages = ["default", "output", "worst_case", "input", "status", "destinations", "no_sooner_than"]
            .iter()
            .any(|key| has(key));
        if ages {
            assert!(has("source") && has("as_of"), "[{header}] has a fact without source or date");
        }
        for line in block.lines() {
            if let Some(date) = line.strip_prefix("as_of = ") {
                assert!((9..=12).contains(&date.len()), "{date} is not YYYY-MM or YYYY-MM-DD");
            }
        }
    }
}

#[test]
fn geographic_prices_are_a_tenth_above_global_ones() {
    // Claude Sonnet 4 costs the same in both; Cohere Embed v4 and Pegasus 1.2 are not priced for us.
    const SAME: [&str; 1] = ["anthropic.claude-sonnet-4-20250514-v1:0"];
    let catalog = table();
    let mut compared = 0;
    for model in catalog.models() {
        let (Some(us), Some(global)) = (model.scope(Scope::Us), model.scope(Scope::Global)) else { continue };
        for (us, global) in us.prices.iter().zip(&global.prices) {
            assert_eq!(us.up_to_input, global.up_to_input, "{}", model.id);
            let pairs = [
                (us.input, global.input),
                (us.output, global.output),
                (us.cache_write_5m, global.cache_write_5m),
                (us.cache_write_1h, global.cache_write_1h),
                (us.cache_read, global.cache_read),
            ];
            for (us, global) in pairs {
                let (Fact::Known(us), Fact::Known(global)) = (us, global) else {
                    assert_eq!(us, global, "{}: one side is unknown", model.id);
                    continue;
                };
                let factor = if SAME.contains(&model.id.as_str()) { 10 } else { 11 };
                assert_eq!(us.millionths() * 10, global.millionths() * factor, "{}", model.id);
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} prices compared");
}

fn stated<T: std::fmt::Display>(fact: Option<T>) -> String {
    fact.map(|value| value.to_string()).unwrap_or_default()
}

#[test]
fn quotas_are_those_of_the_list() {
    let catalog = table();
    let mut expected: BTreeSet<Vec<String>> = BTreeSet::new();
    for row in list("quotas.csv") {
        // Name and default are blank or `unknown` where nobody stated them.
        let blank = |text: &str| if text == "unknown" { String::new() } else { text.to_owned() };
        let model = row[0].split('(').next().expect("a first part").trim().to_owned();
        expected.insert(vec![
            model,
            row[1].clone(),
            row[2].clone(),
            row[3].clone(),
            blank(&row[4]),
            row[5].clone(),
            row[6].clone(),
        ]);
    }
    let mut found = BTreeSet::new();
    let mut add = |model: &str, scope: &str, kind: &str, quota: &catalog::QuotaEntry| {
        let Fact::Known(code) = &quota.code else { return };
        let default = quota.default.known().and_then(Limit::amount).map(|amount| amount.get());
        let adjustable = quota.adjustable.known().map(|yes| if yes { "yes" } else { "no" });
        found.insert(vec![
            model.to_owned(),
            scope.to_owned(),
            kind.to_owned(),
            code.clone(),
            stated(quota.name.clone().known()),
            stated(default),
            stated(adjustable),
        ]);
    };
    for model in catalog.models() {
        for scope in &model.scopes {
            for quota in scope.quotas() {
                add(&model.id, scope.scope.as_str(), quota.kind.as_str(), quota.entry);
            }
        }
    }
    add("", "account+Region", "tpd", catalog.account_daily());
    let difference: Vec<_> = found.symmetric_difference(&expected).collect();
    assert!(difference.is_empty(), "{difference:#?}");
}

#[test]
fn prices_are_those_of_the_list() {
    let catalog = table();
    let mut compared = 0;
    for row in list("prices.csv") {
        let (scope, id) = row[0].split_once('.').expect("scope and id");
        let entry = catalog
            .models()
            .iter()
            .find(|model| model.id == id)
            .and_then(|model| model.scope(scope.parse::<Scope>().expect("a scope")));
        let Some(price) = entry.and_then(|entry| entry.prices.first()) else { continue };
        let own = [price.input, price.output, price.cache_write_5m, price.cache_write_1h, price.cache_read];
        for (written, own) in row[1..6].iter().zip(own) {
            let written = (!written.is_empty()).then(|| UsdPerMillion::parse(written).expect("a price"));
            assert_eq!(own.known(), written, "{}", row[0]);
        }
        compared += 1;
    }
    assert!(compared > 60, "only {compared} price rows compared");
}

#[test]
fn limits_and_scopes_are_those_of_the_list() {
    let catalog = table();
    let rows = list("models.csv");
    assert_eq!(rows.len(), catalog.models().len());
    for row in rows {
        let model: &Model = catalog.models().iter().find(|model| model.id == row[0]).expect("in the table");
        assert_eq!(model.provider, row[1]);
        assert_eq!(model.kind.as_str(), row[2]);
        assert_eq!(model.offered, row[6].starts_with("yes"), "{}", model.id);
        if model.offered {
            let mut scopes: Vec<&str> = row[3].split(' ').collect();
            scopes.sort_unstable();
            let own: Vec<&str> = model.scopes.iter().map(|scope| scope.scope.as_str()).collect();
            assert_eq!(own, scopes, "{}", model.id);
        }
        let max_output = row[4].parse::<u64>().ok();
        assert_eq!(
            model.max_output_tokens.known().map(|t| t.millionths() / 1_000_000),
            max_output,
            "{}",
            row[0]
        );
        // The list has the usual context of Sonnet 4.5; the table that of its largest variant.
        if model.id != "anthropic.claude-sonnet-4-5-20250929-v1:0" {
            let context = row[5].parse::<u64>().ok();
            assert_eq!(
                model.context_window.known().map(|t| t.millionths() / 1_000_000),
                context,
                "{}",
                row[0]
            );
        }
    }
}

/// The families that AWS's cards and the price table's authors put on one endpoint or the other.
#[test]
fn every_text_model_says_whether_its_tokens_can_be_counted() {
    let runtime = ["haiku-4.5", "sonnet-4.5", "sonnet-4.6", "opus-4.5", "opus-4.6", "fable-5"];
    let mantle = ["opus-4.7", "opus-4.8", "opus-5", "opus-5.5", "sonnet-5", "sonnet-5.5", "haiku-5.5"];
    // Cards that say no; nothing was read about the other makers' models.
    let cards = [
        "gpt-6-astra",
        "gpt-6-sol",
        "gpt-6.1-sol",
        "grok-4.7",
        "glm-5.3",
        "pegasus-1.2",
        "llama-3-70b",
        "mistral-7b",
    ];
    let catalog = table();
    for model in catalog.models() {
        assert_eq!(model.count_tokens == Fact::Absent, !model.kind.generates(), "{}", model.id);
        assert_eq!(model.count_tokens_provenance.is_some(), model.kind.generates(), "{}", model.id);
        for (names, counted) in [(&runtime[..], true), (&mantle[..], false), (&cards[..], false)] {
            if names.iter().any(|name| model.aliases.iter().any(|alias| alias == name)) {
                assert_eq!(model.count_tokens, Fact::Known(counted), "{}", model.id);
            }
        }
        let on_a_card = model.aliases.iter().any(|alias| cards.contains(&alias.as_str()));
        if model.provider != "Anthropic" && !on_a_card {
            assert!(model.count_tokens.known().is_none(), "{}: nobody said so", model.id);
        }
    }
}
