//! `manifest.json`: every number of the pack, what it was made with, and the hash of every other file.

use std::io::Write;

use sha2::{Digest, Sha256};

use crate::catalog::EMBEDDED;
use crate::contract::request::{HashedFile, Manifest, ModelTable};
use crate::render::RenderError;
use crate::report::{RequestReport, SCHEMA_VERSION, request_report};

/// Writes the manifest of a pack with these other files, which are sorted by path.
pub(super) fn write(
    out: &mut dyn Write,
    requesting: &RequestReport<'_>,
    files: &[HashedFile],
) -> Result<(), RenderError> {
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        quotaplan: env!("CARGO_PKG_VERSION").into(),
        made_on: requesting.input.assumptions.today.to_string(),
        model_table: ModelTable {
            newest_fact: requesting.input.catalog.newest().to_string(),
            sha256: sha256(EMBEDDED.as_bytes()),
        },
        request: request_report(requesting),
        files: files.to_vec(),
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
