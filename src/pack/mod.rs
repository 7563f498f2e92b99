//! The request pack: every file of it, made from one plan and the inputs it was planned from.
//!
//! Pure: the same inputs and arguments give the same bytes, which is how a pack is verified. Nothing
//! here opens a file: a pack is written to, and held against, what it is given. Its large files are never
//! held whole.

mod alarms;
mod arguments;
mod manifest;
mod policies;
mod reproduced;
mod requests;
mod script;
mod terraform;
mod verify;

use std::io::{self, BufWriter, IntoInnerError, Write};

use sha2::{Digest, Sha256};

pub use arguments::{Arguments, EvidenceArgument, StageArguments};
pub use reproduced::Comparison;
pub use requests::{DesiredIncrease, read as read_requests};
pub use verify::{Content, Found, NotRead, Reread, verify_inputs, verify_kinds};

use crate::contract::request::HashedFile;
use crate::render::{RenderError, letter, write_markdown, write_records};
use crate::report::{self, RequestReport};

/// Names of the inputs in a pack.
pub mod inputs {
    /// The workloads, where they are one file.
    pub const WORKLOADS: &str = "inputs/workloads.csv";
    /// The configuration.
    pub const CONFIG: &str = "inputs/quotaplan.toml";
    /// The overlay of the model table.
    pub const MODELS: &str = "inputs/models.toml";
    /// Applied quotas, where they are one file.
    pub const GRANTED: &str = "inputs/granted.toml";
    /// Measured use, where it is one per-minute table.
    pub const MINUTES: &str = "inputs/minutes.csv";
    /// What was typed.
    pub const ARGUMENTS: &str = "inputs/arguments.json";

    /// The name of an input that may be several files: the `number`th, from 1, of `files`. `only` is the name where
    /// it is one.
    #[must_use]
    pub fn numbered(only: &str, number: usize, files: usize) -> String {
        match only.rsplit_once('.') {
            Some((stem, extension)) if files > 1 => format!("{stem}-{number}.{extension}"),
            _ => only.to_owned(),
        }
    }

    /// The name of a file of measured use: the `number`th, from 1, of `files`.
    #[must_use]
    pub fn minutes(number: usize, files: usize, is_answer: bool) -> String {
        numbered(if is_answer { "inputs/minutes.json" } else { MINUTES }, number, files)
    }

    /// Whether a path in a pack is one of an input.
    #[must_use]
    pub fn is_input(path: &str) -> bool {
        path.starts_with("inputs/")
    }
}

/// The file with what Service Quotas is asked for.
pub const REQUESTS: &str = "requests.json";

/// The file with the commands of the AWS CLI; there is none where Service Quotas is asked for nothing.
pub const SCRIPT: &str = "submit.sh";

/// The file with the hashes of all others.
pub const MANIFEST: &str = "manifest.json";

/// Most bytes of all files of a pack together.
pub const SIZE_MAXIMUM: u64 = 512 << 20;

/// Where the files of a pack go, one after another. What is written between [`Self::begin`] and
/// [`Self::end`] is the content of a file.
pub trait Destination: Write {
    /// Begins a file, by its path in the pack, parts separated by `/`.
    ///
    /// # Errors
    /// Where it cannot be begun.
    fn begin(&mut self, path: &str, executable: bool) -> io::Result<()>;

    /// Ends the file.
    ///
    /// # Errors
    /// Where what was written to it did not arrive.
    fn end(&mut self) -> io::Result<()>;
}

/// Makes every file of a pack; how many there are.
///
/// # Errors
/// [`RenderError`] where a serialiser fails, or the destination.
pub fn make(
    requesting: &RequestReport<'_>,
    arguments: &Arguments,
    to: &mut dyn Destination,
) -> Result<usize, RenderError> {
    let mut pack = Making { to, made: Vec::new() };
    for (path, bytes) in requesting.sources.originals().filter(|(path, _)| inputs::is_input(path)) {
        pack.file(path, bytes)?;
    }
    pack.file(inputs::ARGUMENTS, arguments.to_json()?)?;
    pack.written("request.md", false, |out| Ok(write_markdown(&report::request(requesting), out)?))?;
    if report::has_case_text(requesting) {
        pack.file("support-case.md", letter::render(&report::support_case(requesting)))?;
    }
    if let Some(blocks) = report::restore_case(requesting) {
        pack.file("restore-case.md", letter::render(&blocks))?;
    }
    pack.written("trail.csv", false, |out| {
        write_records(out, &report::TRAIL_COLUMNS, |take| report::trail(requesting, &mut |row| take(&row)))
    })?;
    pack.file(REQUESTS, requests::json(requesting, arguments.support_case)?)?;
    // Where all is for Support, there is nothing to send, to keep in Terraform or to watch.
    if requesting.requested().next().is_some() {
        let account_id = arguments.account_id.as_deref();
        let script = script::submit(requesting, arguments.support_case, account_id);
        pack.written(SCRIPT, true, |out| Ok(out.write_all(script.as_bytes())?))?;
        pack.file("quotas.tf", terraform::quotas(requesting))?;
        pack.file("alarms.yaml", alarms::template(requesting, account_id)?)?;
        for (path, text) in policies::files(requesting, account_id)? {
            pack.file(path, text)?;
        }
    }
    let mut others = std::mem::take(&mut pack.made);
    others.sort();
    pack.written(MANIFEST, false, |out| manifest::write(out, requesting, &others))?;
    Ok(others.len() + pack.made.len())
}

/// A pack that is being made.
struct Making<'d> {
    to: &'d mut dyn Destination,
    made: Vec<HashedFile>,
}

impl Making<'_> {
    /// A file that is held.
    fn file(&mut self, path: &str, content: impl AsRef<[u8]>) -> Result<(), RenderError> {
        self.written(path, false, |out| Ok(out.write_all(content.as_ref())?))
    }

    /// A file that is written piece by piece.
    fn written(
        &mut self,
        path: &str,
        executable: bool,
        write: impl FnOnce(&mut dyn Write) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        self.to.begin(path, executable)?;
        let mut out = BufWriter::with_capacity(1 << 16, Hashing { to: self.to, digest: Sha256::new() });
        write(&mut out)?;
        let Hashing { digest, .. } = out.into_inner().map_err(IntoInnerError::into_error)?;
        self.to.end()?;
        self.made.push(HashedFile { path: path.to_owned(), sha256: manifest::hexadecimal(digest) });
        Ok(())
    }
}

/// Hashes what passes by.
struct Hashing<'d> {
    to: &'d mut dyn Destination,
    digest: Sha256,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
