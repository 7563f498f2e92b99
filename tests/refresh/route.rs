//! The maintainer's route of CONTRIBUTING.md, "Refresh the model table": saved answers, an overlay, its keys copied into the
//! table, and then nothing differs.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::Index;
use quotaplan::catalog;
use quotaplan::refresh;
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use serde_json::{Value, json};

use super::update::{models, price_list, prices, profiles, quotas, run, table};
use crate::properties::cases;

/// A table of the overlay: its model, where it is of one, its header, and its lines.
struct Part<'o> {
    model: Option<&'o str>,
    header: &'o str,
    lines: Vec<&'o str>,
}

/// The tables of an overlay, in its order.
fn parts(overlay: &str) -> Vec<Part<'_>> {
    let mut found: Vec<Part<'_>> = Vec::new();
    let mut model = None;
    let mut opens_model = false;
    for line in overlay.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line == "[[model]]" {
            opens_model = true;
        } else if opens_model {
            model = line.strip_prefix("id = \"").and_then(|rest| rest.strip_suffix('"'));
            assert!(model.is_some(), "{line}");
            opens_model = false;
        } else if line.starts_with('[') {
            let model = model.filter(|_| line.trim_start_matches('[').starts_with("model."));
            found.push(Part { model, header: line, lines: Vec::new() });
        } else {
            found.last_mut().expect("a table").lines.push(line);
        }
    }
    found
}

/// The lines of a model, from its `[[model]]` to the next; all lines where no model is asked for.
fn section(table: &[String], model: Option<&str>) -> Range<usize> {
    let Some(model) = model else { return 0..table.len() };
    let id = format!("id = \"{model}\"");
    let at = table.iter().position(|line| *line == id).expect("the model");
    let start = table[..at].iter().rposition(|line| line == "[[model]]").expect("its start");
    let is_other =
        |line: &String| line.starts_with('[') && !line.trim_start_matches('[').starts_with("model.");
    let end = table[at..].iter().position(is_other).map_or(table.len(), |end| at + end);
    start..end
}

/// The lines of the table under a header within a section.
fn body(table: &[String], section: &Range<usize>, header: &str) -> Option<Range<usize>> {
    let at = section.clone().find(|line| table[*line] == header)?;
    let end = (at + 1..section.end).find(|line| table[*line].starts_with('[')).unwrap_or(section.end);
    Some(at + 1..end)
}

fn key(line: &str) -> &str {
    line.split_once(" = ").expect("a key").0
}

/// Copies each key of an overlay to the table of the same name; a list of prices replaces the list of its scope.
fn copied(table: &str, overlay: &str) -> String {
    let mut table: Vec<String> = table.lines().map(str::to_owned).collect();
    let mut replaced: BTreeMap<(&str, &str), ()> = BTreeMap::new();
    for Part { model, header, lines } in parts(overlay) {
        let section = section(&table, model);
        let own = body(&table, &section, header);
        if header.starts_with("[[") {
            let list = (model.unwrap_or_default(), header);
            let mut section = section;
            if replaced.insert(list, ()).is_none() {
                while let Some(own) = body(&table, &section, header) {
                    section.end -= own.len() + 1;
                    table.drain(own.start - 1..own.end);
                }
            }
            let new = [header].into_iter().chain(lines).chain([""]).map(str::to_owned);
            table.splice(section.end..section.end, new);
            continue;
        }
        let Some(mut own) = own else {
            let new = [header].into_iter().chain(lines).chain([""]).map(str::to_owned);
            table.splice(section.end..section.end, new);
            continue;
        };
        for line in lines {
            match own.clone().find(|at| table[*at].starts_with(&format!("{} = ", key(line)))) {
                Some(at) => line.clone_into(&mut table[at]),
                None => {
                    table.insert(own.start, line.to_owned());
                    own.end += 1;
                }
            }
        }
    }
    table.join("\n") + "\n"
}

/// What an update from answers changes against a table, as `model table key`, and the errors.
fn differences(table: &str, answers: &[(&str, String)]) -> Vec<String> {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add(SourceFile::new("models.toml", table));
    let catalog = catalog::parse(&sources, file, &mut diagnostics).expect("a valid table");
    let files: Vec<_> =
        answers.iter().map(|(name, text)| sources.add(SourceFile::new(*name, text.as_str()))).collect();
    let update = refresh::update(&sources, &files, &catalog, &mut diagnostics).expect("sound answers");
    update.changes.iter().map(|change| format!("{} {} {}", change.model, change.table, change.key)).collect()
}

/// Answers made from the table, with one fact of each kind changed.
fn answers(at: &[Index; 5]) -> Vec<(&'static str, String)> {
    let catalog = table();
    let (mut quotas, mut profiles, mut models) = (quotas(&catalog), profiles(&catalog), models(&catalog));
    let mut listed: Vec<Value> = prices(&catalog).into_iter().map(|(entry, ..)| entry).collect();
    let place = at[0].index(quotas.len());
    quotas[place]["Value"] = json!(123_456_789_000.0);
    quotas[place]["QuotaName"] = json!("A \"new\" name");
    let place = at[1].index(quotas.len());
    quotas[place]["Adjustable"] = json!(!quotas[place]["Adjustable"].as_bool().unwrap_or(false));
    let place = at[2].index(profiles.len());
    profiles[place]["models"] = json!([{"modelArn": "arn:aws:bedrock:eu-west-9::foundation-model/x"}]);
    let place = at[3].index(models.len());
    models[place]["modelLifecycle"]["status"] = json!("LEGACY");
    models[place]["modelLifecycle"]["legacyTime"] = json!("2020-09-13T12:00:00Z");
    let place = at[4].index(listed.len());
    listed[place]["unit"] = json!("1M tokens");
    listed[place]["usd"] = json!("987.6543210000");
    vec![
        ("quotas.json", json!({"Quotas": quotas}).to_string()),
        ("profiles.json", json!({"inferenceProfileSummaries": profiles}).to_string()),
        ("models.json", json!({"modelSummaries": models}).to_string()),
        ("prices.json", price_list(&listed)),
    ]
}

proptest! {
    #![proptest_config(cases(12))]

    /// Steps 3 to 6: the overlay's keys, copied by their names alone, are all that differed.
    #[test]
    fn the_route_ends_where_nothing_differs(at in any::<[Index; 5]>()) {
        let folder = tempfile::tempdir().expect("a folder");
        let answers = answers(&at);
        for (name, text) in &answers {
            fs::write(folder.path().join(name), text).expect("writing");
        }
        let names: Vec<&str> = answers.iter().map(|(name, _)| *name).collect();
        let update = format!("models update --from {} --as-of 2026-12-01 -o overlay.toml", names.join(" "));
        let (status, _, errors) = run(folder.path(), &update);
        prop_assert_eq!(status, Some(0), "{}", errors);
        let (status, _, errors) = run(folder.path(), "models validate overlay.toml");
        prop_assert_eq!(status, Some(0), "{}", errors);

        let overlay = fs::read_to_string(folder.path().join("overlay.toml")).expect("the overlay");
        prop_assert!(differences(catalog::EMBEDDED, &answers).len() >= 5, "{}", overlay);
        let refreshed = copied(catalog::EMBEDDED, &overlay);
        fs::write(folder.path().join("models.toml"), &refreshed).expect("writing");
        let (status, said, errors) = run(folder.path(), "models validate models.toml");
        prop_assert_eq!(status, Some(0), "{}{}", overlay, errors);
        let count = table().models().len();
        prop_assert_eq!(said, format!("models.toml is valid; with it, the model table has {count} models\n"));
        prop_assert_eq!(differences(&refreshed, &answers), Vec::<String>::new(), "{}", overlay);

        // A key that was not copied still differs.
        let line = overlay.lines().find(|line| line.starts_with("destinations = ")).expect("it changed");
        let short = overlay.replacen(&format!("{line}\n"), "", 1);
        let left = differences(&copied(catalog::EMBEDDED, &short), &answers);
        prop_assert_eq!(left.len(), 1, "{:?}", left);
        prop_assert!(left[0].ends_with(" destinations"), "{:?}", left);
    }
}

/// What copying does, by hand.
#[test]
fn keys_are_copied_by_their_names() {
    let table = "[account_daily]\ndefault = 1\n\n[[model]]\nid = \"a\"\n\n[model.scope.us]\nas_of = \"1\"\n\n[[model.scope.us.price]]\ninput = \"1\"\n\n\
                 [[model]]\nid = \"b\"\n\n[model.scope.us]\nas_of = \"1\"\n";
    let overlay = "# Overlay\n\n[account_daily]\ndefault = 2\n\n[[model]]\nid = \"a\"\n\n[model.lifecycle]\nstatus = \"legacy\"\n\n\
                   [model.scope.us]\ndestinations = []\nas_of = \"2\"\n\n[[model.scope.us.price]]\ninput = \"3\"\n\n[[model.scope.us.price]]\ninput = \"4\"\n";
    let expected = "[account_daily]\ndefault = 2\n\n[[model]]\nid = \"a\"\n\n[model.scope.us]\ndestinations = []\nas_of = \"2\"\n\n\
                    [model.lifecycle]\nstatus = \"legacy\"\n\n[[model.scope.us.price]]\ninput = \"3\"\n\n[[model.scope.us.price]]\ninput = \"4\"\n\n\
                    [[model]]\nid = \"b\"\n\n[model.scope.us]\nas_of = \"1\"\n";
    assert_eq!(copied(table, overlay), expected);
}
