//! `manifest.json`: every number of the pack, what it was made with, and the hash of every other file.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::PackFile;
use crate::catalog::EMBEDDED;
use crate::render::RenderError;
use crate::report::{RequestReport, Requesting, SCHEMA_VERSION, request_report};

#[derive(Serialize)]
struct Manifest<'a> {
    schema_version: u32,
    quotaplan: &'static str,
    model_table: ModelTable,
    request: RequestReport,
    files: Vec<HashedFile<'a>>,
}

#[derive(Serialize)]
struct ModelTable {
    newest_fact: String,
    sha256: String,
}

#[derive(Serialize)]
struct HashedFile<'a> {
    path: &'a str,
    sha256: String,
}

pub(super) fn json(requesting: &Requesting<'_>, files: &[PackFile]) -> Result<String, RenderError> {
    let mut hashed: Vec<HashedFile<'_>> =
        files.iter().map(|file| HashedFile { path: &file.path, sha256: sha256(&file.bytes) }).collect();
    hashed.sort_by_key(|file| file.path);
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        quotaplan: env!("CARGO_PKG_VERSION"),
        model_table: ModelTable {
            newest_fact: requesting.input.catalog.newest().to_string(),
            sha256: sha256(EMBEDDED.as_bytes()),
        },
        request: request_report(requesting),
        files: hashed,
    };
    Ok(crate::text::plain::json(&manifest)? + "\n")
}

/// SHA-256 in lower-case hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
