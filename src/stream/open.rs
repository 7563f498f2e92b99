//! Opening the files that a run reads, each recorded, and what to say where one cannot be read.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::text::stdin::{input_name, is_stdin};
use crate::text::{Code, Diagnostics, FileIdentity, Place, Sources};

/// Opens a file that the user named, and records that the run reads it, also where it cannot be opened. A link
/// is followed; a pipe is waited for.
///
/// # Errors
/// Where it is a folder or cannot be opened.
pub fn open(path: &Path, sources: &mut Sources) -> io::Result<File> {
    let place = sources.at(path);
    let opened = File::open(&place).and_then(|file| Ok((file.metadata()?, file)));
    let metadata =
        opened.as_ref().ok().map(|(metadata, _)| metadata.clone()).or_else(|| place.metadata().ok());
    if let Some(identity) = FileIdentity::new(&place, metadata.as_ref()) {
        sources.record(path.display().to_string(), identity);
    }
    // Opening a folder succeeds on some systems, reading it on none.
    match opened? {
        (metadata, _) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        (_, file) => Ok(file),
    }
}

/// Records a file that the user named as an input, where this run does not come to read it.
pub fn record(path: &Path, sources: &mut Sources) {
    if let Some(identity) = FileIdentity::of_path(&sources.at(path)).filter(|_| !is_stdin(path)) {
        sources.record(path.display().to_string(), identity);
    }
}

/// Whether a path leads to a file by way of a symbolic link: it may then be any file of the machine, put there by
/// whoever wrote the folder, so no line of it is shown. Of an absolute path the folders are not asked, which are
/// links on some systems; what `/dev` and `/proc` name, such as `/dev/stdin`, is what the user chose.
#[must_use]
pub fn is_by_link(path: &Path, sources: &Sources) -> bool {
    if is_stdin(path) || ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder)) {
        return false;
    }
    let is_link =
        |path: &Path| sources.at(path).symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    is_link(path) || (path.is_relative() && path.ancestors().any(is_link))
}

/// Whether a path leads to a named pipe, which whoever opens it waits for.
#[must_use]
pub fn is_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        path.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Whether a path is a symbolic link to something that does not exist.
#[must_use]
pub fn leads_to_nothing(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink())
        && path.metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Reports a file that could not be read.
pub fn report_unreadable(path: &Path, error: &io::Error, sources: &Sources, diagnostics: &mut Diagnostics) {
    let (message, help) = match error.kind() {
        io::ErrorKind::NotFound if !is_stdin(path) && leads_to_nothing(&sources.at(path)) => {
            ("the link is broken", "check the target of the link".to_owned())
        }
        io::ErrorKind::NotFound => ("there is no such file", "check the path".to_owned()),
        io::ErrorKind::PermissionDenied => {
            ("there is no permission to read the file", "check its permissions".to_owned())
        }
        io::ErrorKind::IsADirectory => ("it is a directory", "name a file in it".to_owned()),
        _ => ("the file cannot be read", error.to_string()),
    };
    diagnostics.add(Code::UnreadableFile, Place::Path(input_name(path)), message, help);
}
