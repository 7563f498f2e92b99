//! The JSON of the cases against the contract types: what comes out is read and written back to the same bytes, and
//! each key of a plan and of a check has a column in CSV or a reason for none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use quotaplan::contract::check::CheckDocument;
use quotaplan::contract::compare::CompareDocument;
use quotaplan::contract::explain::{ExplainDailyDocument, ExplainDocument};
use quotaplan::contract::iam::PolicyDocument;
use quotaplan::contract::migrate::MigrateDocument;
use quotaplan::contract::models;
use quotaplan::contract::plan::PlanDocument;
use quotaplan::contract::quotas::{ChangesDocument, ListingDocument};
use quotaplan::contract::request::{Manifest, StatusDocument};
use quotaplan::contract::sample::{RateDocument, SampleDocument};
use quotaplan::contract::simulate::SimulateDocument;
use quotaplan::contract::whatif::WhatifDocument;
use quotaplan::pack::Arguments;
use quotaplan::report::keys_with_a_column;
use quotaplan::text::plain;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cases;
use crate::support::{quotaplan, root};

/// Reads a document as `T` and writes it as the program does.
fn again<T: DeserializeOwned + Serialize>(text: &str) -> Result<String, serde_json::Error> {
    Ok(plain::json(&serde_json::from_str::<T>(text)?)? + "\n")
}

type Again = fn(&str) -> Result<String, serde_json::Error>;

/// The documents, by the words of the command, the end of the file's name, and a key that tells two apart.
const DOCUMENTS: &[(&str, &str, &str, Again)] = &[
    ("", "arguments.json", "", again::<Arguments>),
    ("", "manifest.json", "", again::<Manifest>),
    ("plan", "", "", again::<PlanDocument>),
    ("check", "", "", again::<CheckDocument>),
    ("compare", "", "", again::<CompareDocument>),
    ("migrate", "", "", again::<MigrateDocument>),
    ("whatif", "", "", again::<WhatifDocument>),
    ("explain", "", "accounts", again::<ExplainDailyDocument>),
    ("explain", "", "", again::<ExplainDocument>),
    ("simulate", "", "", again::<SimulateDocument>),
    ("models list", "", "", again::<models::ListDocument>),
    ("models show", "", "", again::<models::ShowDocument>),
    ("models check", "", "", again::<models::CheckDocument>),
    ("models update", "", "", again::<models::UpdateDocument>),
    ("quotas", "", "changes", again::<ChangesDocument>),
    ("quotas", "", "", again::<ListingDocument>),
    ("sample", "", "planned_rate", again::<RateDocument>),
    ("sample", "", "", again::<SampleDocument>),
    ("iam lint", "", "", again::<PolicyDocument>),
    ("request verify", "", "file", again::<PolicyDocument>),
    ("request", "", "", again::<StatusDocument>),
];

/// Documents that no case pins: two list the whole model table, one is long; those are read as the program writes them.
/// The last needs AWS's answers about the table, and is not read back.
const WITHOUT_A_CASE: &[(&str, &str)] =
    &[("explain", "accounts"), ("models list", ""), ("models check", ""), ("models update", "")];

/// Every document of the program that a case gives: the command, the name, its text and its value.
fn documents() -> Vec<(String, String, &'static str, Value)> {
    let mut found = Vec::new();
    for (case, arguments, name, text) in cases::texts() {
        let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
        // Policies, SARIF and the inputs of AWS's own calls have no such key.
        if value.get("schema_version").is_some() {
            found.push((arguments.join(" "), format!("{case}: {name}"), text, value));
        }
    }
    found
}

#[test]
fn every_document_of_the_cases_is_read_and_written_back_to_the_same_bytes() {
    let mut read: BTreeMap<usize, usize> = BTreeMap::new();
    for (args, path, text, value) in documents() {
        let is = |(command, name, key, _): &(&str, &str, &str, Again)| {
            args.starts_with(command) && path.ends_with(name) && (key.is_empty() || value.get(key).is_some())
        };
        let index = DOCUMENTS.iter().position(is).unwrap_or_else(|| panic!("{path}: no type for it"));
        match DOCUMENTS[index].3(text) {
            Ok(again) => {
                let lines = again.lines().zip(text.lines()).position(|(again, text)| again != text);
                assert!(again == text, "{path}: line {:?} is written otherwise", lines.map(|line| line + 1));
            }
            Err(error) => panic!("{path}: {error}"),
        }
        *read.entry(index).or_default() += 1;
    }
    let without = (0..DOCUMENTS.len()).filter(|index| !read.contains_key(index));
    let without: Vec<_> = without.map(|index| (DOCUMENTS[index].0, DOCUMENTS[index].2)).collect();
    assert_eq!(without, WITHOUT_A_CASE, "documents that no case gives");
}

#[test]
fn long_documents_are_read_and_written_back_to_the_same_bytes() {
    let again_as: [(&[&str], Again); 3] = [
        (&["models", "list", "--format", "json"], again::<models::ListDocument>),
        (&["models", "check", "--today", "2026-11-25", "--format", "json"], again::<models::CheckDocument>),
        (
            &["explain", "data/workloads.csv", "--quota", "L-E3F10727", "--format", "json"],
            again::<ExplainDailyDocument>,
        ),
    ];
    for (arguments, again) in again_as {
        let ran = quotaplan(&root(), arguments);
        let text = String::from_utf8(ran.stdout).expect("text");
        assert!(text.len() > 500, "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(again(&text).expect("it is read") == text, "{arguments:?} is written otherwise");
    }
}

/// The keys of a document that hold no object and no list, as paths.
fn leaves(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| leaves(&format!("{path}.{key}"), value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(&format!("{path}[]"), item, found)),
        _ => {
            found.insert(path.replacen(" .", " ", 1));
        }
    }
}

/// A new key of `plan` or `check` either gets a column in `src/report/columns.rs` or a line in the list, under the
/// reason why spreadsheets do not need it.
#[test]
fn every_key_of_a_plan_and_of_a_check_has_a_column_or_a_reason_for_none() {
    let mut keys = BTreeSet::new();
    for (args, _, _, value) in documents() {
        let command = args.split(' ').next().unwrap_or_default();
        if ["plan", "check"].contains(&command) {
            leaves(&format!("{command} "), &value, &mut keys);
        }
    }
    // What is null here is an object or a list there.
    let all = keys.clone();
    keys.retain(|key| {
        let inside = [format!("{key}."), format!("{key}[]")];
        !all.iter().any(|other| inside.iter().any(|inside| other.starts_with(inside.as_str())))
    });
    let shown: BTreeSet<String> = keys_with_a_column().into_iter().collect();
    let gone: Vec<_> = shown.difference(&keys).collect();
    assert!(gone.is_empty(), "columns of keys that no document has: {gone:?}");
    let listed = fs::read_to_string(root().join("tests/data/keys-without-a-column.txt")).expect("the list");
    let listed: BTreeSet<String> =
        listed.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect();
    let without: BTreeSet<String> = keys.difference(&shown).cloned().collect();
    let new: Vec<_> = without.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&without).collect();
    assert!(
        new.is_empty() && stale.is_empty(),
        "without a column and a reason: {new:#?}\nlisted in vain: {stale:#?}"
    );
}
