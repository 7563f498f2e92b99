//! The request pack: every file of it, made from one plan and the inputs it was planned from.
//!
//! Pure: the same inputs and arguments give the same bytes, which is how a pack is verified. Nothing
//! here reads or writes a file.

mod alarms;
mod arguments;
mod manifest;
mod policies;
mod requests;
mod script;
mod terraform;
mod verify;

pub use arguments::{Arguments, EvidenceArgument, StageArguments};
pub use requests::{DesiredIncrease, read as read_requests};
pub use verify::{Found, NotRead, verify, verify_inputs, verify_kinds};

use crate::render::{Colour, Format, RenderError, letter, render, render_records};
use crate::report::{self, Requesting};

/// Names of the inputs in a pack.
pub mod inputs {
    /// The workloads.
    pub const WORKLOADS: &str = "inputs/workloads.csv";
    /// The configuration.
    pub const CONFIG: &str = "inputs/quotaplan.toml";
    /// The overlay of the model table.
    pub const MODELS: &str = "inputs/models.toml";
    /// Applied quotas.
    pub const GRANTED: &str = "inputs/granted.toml";
    /// Measured use, where it is one per-minute table.
    pub const MINUTES: &str = "inputs/minutes.csv";
    /// What was typed.
    pub const ARGUMENTS: &str = "inputs/arguments.json";

    /// What of these is a copy of a file, besides measured use.
    pub const COPIES: [&str; 4] = [WORKLOADS, CONFIG, MODELS, GRANTED];

    /// The name of a file of measured use: the `number`th, from 1, of `files`.
    #[must_use]
    pub fn minutes(number: usize, files: usize, is_answer: bool) -> String {
        let extension = if is_answer { "json" } else { "csv" };
        match files {
            0 | 1 => format!("inputs/minutes.{extension}"),
            _ => format!("inputs/minutes-{number}.{extension}"),
        }
    }

    /// Whether a path in a pack is one of an input.
    #[must_use]
    pub fn is_input(path: &str) -> bool {
        path.starts_with("inputs/")
    }
}

/// The file with what Service Quotas is asked for.
pub const REQUESTS: &str = "requests.json";

/// The file with the hashes of all others.
pub const MANIFEST: &str = "manifest.json";

/// Most bytes of all files of a pack together: what a pack holds is read into memory to verify it.
pub const SIZE_MAXIMUM: u64 = 512 << 20;

/// One file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Its path in the pack, parts separated by `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether it is to be run.
    pub executable: bool,
}

impl PackFile {
    fn text(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), bytes: text.into_bytes(), executable: false }
    }
}

/// What a pack is made from besides the plan.
#[derive(Debug, Clone)]
pub struct PackInputs {
    /// What was typed.
    pub arguments: Arguments,
    /// The files that were read, byte for byte, by their name in the pack.
    pub copies: Vec<(String, Vec<u8>)>,
}

/// Every file of a pack, by path.
///
/// # Errors
/// [`RenderError`] where a serialiser fails.
pub fn make(requesting: &Requesting<'_>, from: &PackInputs) -> Result<Vec<PackFile>, RenderError> {
    let markdown = |view| render(&view, Format::Markdown, Colour::Off);
    let mut files: Vec<PackFile> = from
        .copies
        .iter()
        .map(|(path, bytes)| PackFile { path: path.clone(), bytes: bytes.clone(), executable: false })
        .collect();
    files.push(PackFile::text(inputs::ARGUMENTS, from.arguments.to_json()?));
    files.push(PackFile::text("request.md", markdown(report::request(requesting))?));
    if report::needs_support_case(requesting) {
        files.push(PackFile::text("support-case.md", letter::render(&report::support_case(requesting))));
    }
    if let Some(view) = report::restore_case(requesting) {
        files.push(PackFile::text("restore-case.md", letter::render(&view)));
    }
    let trail =
        render_records(&report::TRAIL_COLUMNS, |take| report::trail(requesting, &mut |row| take(&row)))?;
    files.push(PackFile::text("trail.csv", trail));
    files.push(PackFile::text(REQUESTS, requests::json(requesting, from.arguments.support_case)?));
    // Where all is for Support, there is nothing to send, to keep in Terraform or to watch.
    if requesting.requested().next().is_some() {
        let account_id = from.arguments.account_id.as_deref();
        let script = script::submit(requesting, from.arguments.support_case, account_id);
        files.push(PackFile { executable: true, ..PackFile::text("submit.sh", script) });
        files.push(PackFile::text("quotas.tf", terraform::quotas(requesting)));
        files.push(PackFile::text("alarms.yaml", alarms::template(requesting, account_id)?));
        files.extend(policies::files(requesting, account_id)?);
    }
    files.push(PackFile::text(MANIFEST, manifest::json(requesting, &files)?));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
