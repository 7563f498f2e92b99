//! The JSON goldens against the contract types: what is committed is read and written back to the same bytes, each key
//! of a document whose CSV is read off its type has a column or a reason for none, and `data/schema` holds the schemas of the types.
//! `.ci/validate` holds the goldens against these schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use quotaplan::contract::check::CheckDocument;
use quotaplan::contract::compare::CompareDocument;
use quotaplan::contract::explain::{ExplainDailyDocument, ExplainDocument};
use quotaplan::contract::iam::PolicyDocument;
use quotaplan::contract::migrate::MigrateDocument;
use quotaplan::contract::models;
use quotaplan::contract::parts::Share;
use quotaplan::contract::plan::PlanDocument;
use quotaplan::contract::quotas::{ChangesDocument, ListingDocument};
use quotaplan::contract::request::{Manifest, StatusDocument};
use quotaplan::contract::sample::{RateDocument, SampleDocument};
use quotaplan::contract::schema;
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

/// The documents: the schema, the words of the command, the end of the file's name, a key that tells two apart, and the
/// type. The arguments of a pack are read by this program alone, and have no schema.
const DOCUMENTS: &[(&str, &str, &str, &str, Again)] = &[
    ("", "", "arguments.json", "", again::<Arguments>),
    ("request", "", "manifest.json", "", again::<Manifest>),
    ("plan", "plan", "", "", again::<PlanDocument>),
    ("check", "check", "", "", again::<CheckDocument>),
    ("compare", "compare", "", "", again::<CompareDocument>),
    ("migrate", "migrate", "", "", again::<MigrateDocument>),
    ("whatif", "whatif", "", "", again::<WhatifDocument>),
    ("explain-daily", "explain", "", "accounts", again::<ExplainDailyDocument>),
    ("explain", "explain", "", "", again::<ExplainDocument>),
    ("simulate", "simulate", "", "", again::<SimulateDocument>),
    ("models-list", "models list", "", "", again::<models::ListDocument>),
    ("models-show", "models show", "", "", again::<models::ShowDocument>),
    ("models-check", "models check", "", "", again::<models::CheckDocument>),
    ("models-update", "models update", "", "", again::<models::UpdateDocument>),
    ("quotas-diff", "quotas", "", "changes", again::<ChangesDocument>),
    ("quotas", "quotas", "", "", again::<ListingDocument>),
    ("sample-rate", "sample", "", "planned_rate", again::<RateDocument>),
    ("sample", "sample", "", "", again::<SampleDocument>),
    ("iam-lint", "iam lint", "", "", again::<PolicyDocument>),
    ("request-verify", "request verify", "", "", again::<PolicyDocument>),
    ("request-status", "request", "", "", again::<StatusDocument>),
];

/// Documents that no case pins, with the arguments that write them: two list the whole model table, one is long.
const WITHOUT_A_GOLDEN: &[(&str, &str)] = &[
    ("models-list", "models list --format json"),
    ("models-check", "models check --today 2026-11-25 --format json"),
    ("explain-daily", "explain data/workloads.csv --quota L-E3F10727 --format json"),
];

/// A document that needs AWS's answers about the whole table.
const NOT_READ: &str = "models-update";

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

/// Which document a golden is.
fn index_of(args: &str, path: &str, value: &Value) -> usize {
    let is = |(_, command, name, key, _): &(&str, &str, &str, &str, Again)| {
        args.starts_with(command) && path.ends_with(name) && (key.is_empty() || value.get(key).is_some())
    };
    DOCUMENTS.iter().position(is).unwrap_or_else(|| panic!("{path}: no type for it"))
}

/// The document that the program writes with these arguments.
fn written(arguments: &str) -> String {
    let ran = quotaplan(&root(), &arguments.split(' ').collect::<Vec<_>>());
    let text = String::from_utf8(ran.stdout).expect("text");
    assert!(text.len() > 500, "{arguments}: {}", String::from_utf8_lossy(&ran.stderr));
    text
}

/// The files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Where the documents are left, in a folder for each schema, so that `.ci/validate` can hold them against it.
fn left_for_validators() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents")
}

#[test]
fn every_document_is_read_and_written_back_to_the_same_bytes() {
    let left = left_for_validators();
    let _ = fs::remove_dir_all(&left);
    let mut read: BTreeSet<&str> = BTreeSet::new();
    let mut judge = |index: usize, name: &str, text: &str| {
        let (schema, .., again) = DOCUMENTS[index];
        match again(text) {
            Ok(again) => {
                let lines = again.lines().zip(text.lines()).position(|(again, text)| again != text);
                assert!(again == text, "{name}: line {:?} is written otherwise", lines.map(|line| line + 1));
            }
            Err(error) => panic!("{name}: {error}"),
        }
        let folder = left.join(schema);
        if !schema.is_empty() {
            fs::create_dir_all(&folder).expect("a folder");
            let number = fs::read_dir(&folder).expect("it is there").count();
            fs::write(folder.join(format!("{number:03}.json")), text).expect("it can be written");
        }
        read.insert(schema);
    };
    for (args, path, text, value) in documents() {
        judge(index_of(&args, &path, &value), &path, text);
    }
    for (schema, arguments) in WITHOUT_A_GOLDEN {
        let index = DOCUMENTS.iter().position(|document| document.0 == *schema).expect("it has a type");
        judge(index, arguments, &written(arguments));
    }
    let without: Vec<_> =
        DOCUMENTS.iter().map(|document| document.0).filter(|schema| !read.contains(schema)).collect();
    assert_eq!(without, [NOT_READ], "documents that are not read");
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

/// A new key of a document whose CSV is read off its type either gets a column where `src/report` fills it in or a line in
/// the list, under the reason why spreadsheets do not need it.
#[test]
fn every_key_has_a_column_or_a_reason_for_none() {
    let shown: BTreeSet<String> =
        keys_with_a_column().into_iter().filter(|key| !key.starts_with(NOT_READ)).collect();
    let documents_with_columns: BTreeSet<&str> =
        shown.iter().filter_map(|key| key.split(' ').next()).collect();
    let mut keys = BTreeSet::new();
    for (args, path, _, value) in documents() {
        let schema = DOCUMENTS[index_of(&args, &path, &value)].0;
        if documents_with_columns.contains(schema) {
            leaves(&format!("{schema} "), &value, &mut keys);
        }
    }
    for (schema, arguments) in WITHOUT_A_GOLDEN {
        if documents_with_columns.contains(schema) {
            leaves(
                &format!("{schema} "),
                &serde_json::from_str(&written(arguments)).expect("JSON"),
                &mut keys,
            );
        }
    }
    // What is null here is an object or a list there.
    let all = keys.clone();
    keys.retain(|key| {
        let inside = [format!("{key}."), format!("{key}[]")];
        !all.iter().any(|other| inside.iter().any(|inside| other.starts_with(inside.as_str())))
    });
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

/// The schemas of a folder by name.
fn schemas(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = Vec::new();
    files(folder, &mut found);
    let name = |path: &PathBuf| path.strip_prefix(folder).expect("it is inside").to_owned();
    found.iter().map(|path| (name(path), fs::read_to_string(path).expect("text"))).collect()
}

/// The schemas of the types, by the names of their files.
fn schemas_of_the_types() -> BTreeMap<PathBuf, String> {
    let made = |document: &schema::DocumentSchema| {
        (PathBuf::from(format!("{}.json", document.name())), document.made().expect("a schema"))
    };
    schema::DOCUMENTS.iter().map(made).collect()
}

/// `UPDATE_CASES=1` writes the schemas of the types into `data/schema`: read what changed before committing it.
#[test]
fn the_schemas_are_those_of_the_types() {
    let folder = root().join("data/schema");
    let made = schemas_of_the_types();
    if std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
        for (name, text) in &made {
            fs::write(folder.join(name), text).expect("it can be written");
        }
    }
    let committed = schemas(&folder);
    assert_eq!(made.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    let differ: Vec<_> =
        made.iter().filter(|(name, text)| committed[*name] != **text).map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "{differ:?} are not what the types say: UPDATE_CASES=1 writes them");
}

/// The program carries the files as they were when it was compiled: after `UPDATE_CASES=1`, the next run has them.
#[test]
fn the_program_writes_and_shows_the_committed_schemas() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = quotaplan(folder.path(), &["schema", "--out", "new/schemas"]);
    let said = String::from_utf8(ran.stdout).expect("text");
    assert_eq!(said, format!("wrote {} schemas to new/schemas\n", schema::DOCUMENTS.len()));
    let written = schemas(&folder.path().join("new/schemas"));
    assert!(written == schemas_of_the_types(), "what is written is not what the types say");
    for document in schema::DOCUMENTS {
        let shown = String::from_utf8(quotaplan(&root(), &["schema", document.name()]).stdout).expect("text");
        let name = PathBuf::from(format!("{}.json", document.name()));
        assert!(
            written.get(&name) == Some(&shown),
            "{}: what is shown is not what is written",
            document.name()
        );
    }
}

#[test]
fn every_document_has_a_schema() {
    let typed: BTreeSet<_> =
        DOCUMENTS.iter().map(|document| document.0).filter(|name| !name.is_empty()).collect();
    let named: BTreeSet<_> = schema::DOCUMENTS.iter().map(schema::DocumentSchema::name).collect();
    assert_eq!(named, typed);
}

#[test]
fn a_share_is_not_negative() {
    let share = serde_json::from_str::<Share>("0.2517").expect("a share");
    assert_eq!(serde_json::to_string(&share).expect("JSON"), "0.2517");
    let error = serde_json::from_str::<Share>("-0.2517").expect_err("no share").to_string();
    assert!(error.contains("a share, which is not negative"), "{error}");
}
