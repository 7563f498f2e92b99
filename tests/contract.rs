//! The JSON goldens against the contract types: what is committed is read and written back to the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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
use quotaplan::text::plain;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::root;

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

/// The files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Every document of the program among the goldens: the command, the file, its text and its value.
fn documents() -> Vec<(String, PathBuf, String, Value)> {
    let mut found = Vec::new();
    for case in fs::read_dir(root().join("tests/cases")).expect("the cases are there") {
        let case = case.expect("it can be listed").path();
        let Ok(args) = fs::read_to_string(case.join("args")) else { continue };
        let mut paths = vec![case.join("stdout")];
        if case.join("expected").is_dir() {
            files(&case.join("expected"), &mut paths);
        }
        for path in paths {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
            // Policies, SARIF and the inputs of AWS's own calls have no such key.
            if value.get("schema_version").is_some() {
                found.push((args.replace('\n', " "), path, text, value));
            }
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

#[test]
fn every_golden_is_read_and_written_back_to_the_same_bytes() {
    let mut read: BTreeMap<usize, usize> = BTreeMap::new();
    for (args, path, text, value) in documents() {
        let is = |(command, name, key, _): &(&str, &str, &str, Again)| {
            args.starts_with(command)
                && path.to_string_lossy().ends_with(name)
                && (key.is_empty() || value.get(key).is_some())
        };
        let name = path.display();
        let index = DOCUMENTS.iter().position(is).unwrap_or_else(|| panic!("{name}: no type for it"));
        match DOCUMENTS[index].3(&text) {
            Ok(again) => {
                let lines = again.lines().zip(text.lines()).position(|(again, text)| again != text);
                assert!(again == text, "{name}: line {:?} is written otherwise", lines.map(|line| line + 1));
            }
            Err(error) => panic!("{name}: {error}"),
        }
        *read.entry(index).or_default() += 1;
    }
    let without: Vec<_> = (0..DOCUMENTS.len()).filter(|index| !read.contains_key(index)).collect();
    let without: Vec<_> = without.into_iter().map(|index| (DOCUMENTS[index].0, DOCUMENTS[index].2)).collect();
    assert!(without.is_empty(), "no golden of {without:?}");
}
