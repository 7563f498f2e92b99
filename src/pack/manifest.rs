//! `manifest.json`: every number of the pack, what it was made with, and the hash of every other file.

use std::io::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::catalog::EMBEDDED;
use crate::render::RenderError;
use crate::report::{RequestReport, Requesting, SCHEMA_VERSION, request_report};

#[derive(Serialize)]
struct Manifest<'a> {
    schema_version: u32,
    quotaplan: &'static str,
    model_table: ModelTable,
    request: RequestReport<'a>,
    files: &'a [HashedFile],
}

#[derive(Serialize)]
struct ModelTable {
    newest_fact: String,
    sha256: String,
}

/// A file of the pack, as it was written.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct HashedFile {
    pub(super) path: String,
    pub(super) sha256: String,
}

/// Writes the manifest of a pack with these other files, which are sorted by path.
pub(super) fn write(
    out: &mut dyn Write,
    requesting: &Requesting<'_>,
    files: &[HashedFile],
) -> Result<(), RenderError> {
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        quotaplan: env!("CARGO_PKG_VERSION"),
        model_table: ModelTable {
            newest_fact: requesting.input.catalog.newest().to_string(),
            sha256: sha256(EMBEDDED.as_bytes()),
        },
        request: request_report(requesting),
        files,
    };
    crate::text::plain::write_json(out, &manifest)?;
    Ok(out.write_all(b"\n")?)
}

/// SHA-256 of bytes, in lower-case hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new().chain_update(bytes))
}

/// A SHA-256 in lower-case hexadecimal digits.
pub(super) fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
