//! Keys of JSON are added and never renamed: every key path that a document has had is still in its schema.
//!
//! `tests/data/json-keys.txt` has a path a line, behind the name of its document. A key that is added is put there with
//! the version that publishes it; a line is never taken away within a major version.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support::root;

/// The key paths of a schema: `/quotas[]/required`.
fn paths(schema: &Value) -> BTreeSet<String> {
    fn walk<'s>(
        schema: &'s Value,
        node: &'s Value,
        path: &str,
        within: &[&'s str],
        found: &mut BTreeSet<String>,
    ) {
        if let Some(reference) = node["$ref"].as_str() {
            // A type that holds itself adds no further keys.
            if within.contains(&reference) {
                return;
            }
            let target =
                schema.pointer(reference.trim_start_matches('#')).expect("references lead somewhere");
            walk(schema, target, path, &[within, &[reference]].concat(), found);
        }
        for (key, value) in node["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/{key}");
            walk(schema, value, &path, within, found);
            found.insert(path);
        }
        if node["items"].is_object() {
            walk(schema, &node["items"], &format!("{path}[]"), within, found);
        }
        if node["additionalProperties"].is_object() {
            walk(schema, &node["additionalProperties"], &format!("{path}/*"), within, found);
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            for choice in node[choice].as_array().into_iter().flatten() {
                walk(schema, choice, path, within, found);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(schema, schema, "", &[], &mut found);
    found
}

#[test]
fn no_key_of_an_earlier_document_is_gone() {
    let published = fs::read_to_string(root().join("tests/data/json-keys.txt")).expect("the list");
    let mut documents: Vec<&str> = published.lines().filter_map(|line| line.split(' ').next()).collect();
    documents.dedup();
    assert_eq!(documents.len(), 20, "{documents:?}");
    for document in documents {
        let file = root().join("data/schema").join(format!("{document}.json"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let now = paths(&serde_json::from_str(&text).expect("JSON"));
        let keys = published.lines().filter_map(|line| line.strip_prefix(&format!("{document} ")));
        let gone: Vec<&str> = keys.filter(|path| !now.contains(*path)).collect();
        assert!(gone.is_empty(), "{document}: {gone:#?}");
    }
}
