//! A pack on its way to its folder: written file by file beside its place, and moved there whole or not at all.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::request::error::RequestError;
use crate::cli::staged::StagedFolder;
use crate::cli::{CliError, Session};
use crate::pack::{self, Arguments, Destination};
use crate::render::RenderError;
use crate::report::RequestReport;

/// The files of a pack that an increase is sent from: their bytes are kept.
const SENT_FROM: [&str; 2] = [pack::REQUESTS, pack::inputs::ARGUMENTS];

/// Writes a pack; how many files it has, and the bytes of those that an increase is sent from, by path.
pub(super) fn write(
    session: &Session<'_>,
    out: &Path,
    requesting: &RequestReport<'_>,
    arguments: &Arguments,
) -> Result<(usize, BTreeMap<String, Vec<u8>>), CliError> {
    let wrong = |source| CliError::Write { target: out.display().to_string(), source };
    let folder = StagedFolder::new(&session.at(out), 0o755).map_err(wrong)?;
    let mut staging = Staging {
        folder,
        file: None,
        kept: BTreeMap::new(),
        path: String::new(),
        left: Some(pack::SIZE_MAXIMUM),
    };
    let made = pack::make(requesting, arguments, &mut staging);
    if staging.left.is_none() {
        return Err(RequestError::TooLarge.into());
    }
    let files = made.map_err(|error| match error {
        RenderError::Write(source) => wrong(source),
        error => error.into(),
    })?;
    let Staging { folder, kept, .. } = staging;
    folder.commit().map_err(wrong)?;
    Ok((files, kept))
}

struct Staging {
    folder: StagedFolder,
    /// The file that is being written, and its path.
    file: Option<File>,
    path: String,
    kept: BTreeMap<String, Vec<u8>>,
    /// The bytes that may still be written; `None` once there were more.
    left: Option<u64>,
}

impl Destination for Staging {
    fn begin(&mut self, path: &str, executable: bool) -> io::Result<()> {
        let mode = if executable { 0o755 } else { 0o644 };
        self.file = Some(self.folder.create(path, mode)?);
        path.clone_into(&mut self.path);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.file = None;
        Ok(())
    }
}

impl Write for Staging {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.and_then(|left| left.checked_sub(bytes.len() as u64));
        let (Some(file), Some(_)) = (&mut self.file, self.left) else {
            return Err(io::ErrorKind::FileTooLarge.into());
        };
        file.write_all(bytes)?;
        if SENT_FROM.contains(&self.path.as_str()) {
            self.kept.entry(self.path.clone()).or_default().extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}
