//! Where results and messages go: results to standard output or whole to a file, messages to
//! standard error.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::CliError;
use super::args::OutputArgs;
use crate::render::{Colour, Format, diagnostic, render};
use crate::report::View;
use crate::text::plain;
use crate::text::{Diagnostics, Sources};

fn colour(terminal: bool) -> Colour {
    // https://no-color.org: present and not empty.
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if terminal && !unwanted { Colour::On } else { Colour::Off }
}

/// Shows diagnostics on standard error.
pub(super) fn diagnostics(diagnostics: Diagnostics, sources: &Sources, maximum: usize) {
    if diagnostics.is_empty() {
        return;
    }
    let colour = colour(std::io::stderr().is_terminal());
    message(&diagnostic::render(&diagnostics.into_sorted(), sources, maximum, colour));
}

/// Writes a message to standard error.
pub(super) fn message(text: &str) {
    // There is nowhere left to complain.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Shows an error with its causes.
pub(super) fn error(error: &dyn std::error::Error) {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(&format!(": {source}"));
        cause = source.source();
    }
    // A path or name in it may hold anything.
    message(&plain::without_commands(&(plain::one_line(&text).into_owned() + "\n")));
}

/// Writes to standard output.
pub(super) fn stdout(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(|source| CliError::Write { target: "standard output".to_owned(), source })
}

/// Renders a view to where the arguments say.
pub(super) fn write(view: &View, args: &OutputArgs) -> Result<(), CliError> {
    let format = args.format.meant();
    match &args.output {
        None => {
            let on_terminal = std::io::stdout().is_terminal() && format == Format::Table;
            stdout(render(view, format, colour(on_terminal))?.as_bytes())
        }
        Some(path) => to_file(path, &render(view, format, Colour::Off)?),
    }
}

/// The colour standard output takes.
pub(super) fn stdout_colour() -> Colour {
    colour(std::io::stdout().is_terminal())
}

/// Refuses an output that would take the place of an input.
pub(super) fn refuse_inputs(output: &OutputArgs, inputs: &[Option<&Path>]) -> Result<(), CliError> {
    refuse(output.output.as_deref(), inputs)
}

/// The same for a path.
pub(super) fn refuse(output: Option<&Path>, inputs: &[Option<&Path>]) -> Result<(), CliError> {
    let Some(target) = output.and_then(|path| path.canonicalize().ok()) else {
        return Ok(());
    };
    let same = |input: &&Path| input.canonicalize().is_ok_and(|input| input == target);
    match inputs.iter().flatten().find(|input| same(input)) {
        Some(input) => {
            let message =
                format!("the output {} would overwrite an input: name another file", input.display());
            Err(CliError::Message(message))
        }
        None => Ok(()),
    }
}

/// Refuses an output inside a folder whose content is judged.
pub(super) fn refuse_inside(output: Option<&Path>, folder: &Path) -> Result<(), CliError> {
    let (Some(target), Ok(folder)) = (output.map(resolved), folder.canonicalize()) else { return Ok(()) };
    if target.starts_with(&folder) {
        let message =
            format!("the output {} would become part of the pack: name another place", target.display());
        return Err(CliError::Message(message));
    }
    Ok(())
}

/// Writes a result whole to a file, or to standard output by another name.
pub(super) fn to_file(path: &Path, text: &str) -> Result<(), CliError> {
    if is_stdout(path) { stdout(text.as_bytes()) } else { Prepared::new(path, text)?.commit() }
}

/// A word for a POSIX shell, quoted where it has to be.
pub(super) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Whether a path is standard output by another name.
pub(super) fn is_stdout(path: &Path) -> bool {
    ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// The file that a path leads to, whether it is there or not, to tell whether two are the same.
pub(super) fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| path.to_owned(), |name| folder.join(name))
}

/// A result that is on the disk under another name, or that a device will take.
pub(super) struct Prepared {
    target: PathBuf,
    content: Content,
}

enum Content {
    /// A file beside the target.
    Temporary(tempfile::NamedTempFile),
    /// Bytes for something that is no file.
    Device(Vec<u8>),
}

impl Prepared {
    /// Writes a result beside its target, so that all that can fail has failed before anything is
    /// replaced.
    pub(super) fn new(path: &Path, text: &str) -> Result<Self, CliError> {
        let wrong = |source| CliError::Write { target: path.display().to_string(), source };
        prepare(path, text.as_bytes()).map_err(wrong)
    }

    /// Puts the result in its place.
    pub(super) fn commit(self) -> Result<(), CliError> {
        let Self { target, content } = self;
        let done = match content {
            Content::Temporary(file) => file.persist(&target).map(|_| ()).map_err(|error| error.error),
            Content::Device(bytes) => std::fs::OpenOptions::new()
                .append(true)
                .open(&target)
                .and_then(|mut device| device.write_all(&bytes)),
        };
        done.map_err(|source| CliError::Write { target: target.display().to_string(), source })
    }
}

fn prepare(path: &Path, bytes: &[u8]) -> std::io::Result<Prepared> {
    let other = std::io::Error::other;
    let metadata = std::fs::metadata(path).ok();
    // A device or pipe has no place for a file beside it, and must not be replaced.
    let is_device = metadata.as_ref().is_some_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    if is_device || path.starts_with("/dev") || path.starts_with("/proc") {
        return Ok(Prepared { target: path.to_owned(), content: Content::Device(bytes.to_vec()) });
    }
    // A link stays a link: what it leads to is replaced.
    let target = match path.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => {
            path.canonicalize().map_err(|_| other("it is a symbolic link that leads nowhere"))?
        }
        _ => path.to_owned(),
    };
    if metadata.as_ref().is_some_and(std::fs::Metadata::is_dir) {
        return Err(other("it is a directory"));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(other("its folder does not exist"));
    }
    if metadata.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
        return Err(other("the file is read-only"));
    }
    let mut file = tempfile::Builder::new();
    // A result is an ordinary file, not one for the owner alone.
    #[cfg(unix)]
    let file = {
        use std::os::unix::fs::PermissionsExt;
        file.permissions(std::fs::Permissions::from_mode(0o666))
    };
    // The name of the temporary file is nobody's business.
    let mut file = file.tempfile_in(folder).map_err(|error| std::io::Error::from(error.kind()))?;
    // What is replaced keeps who may read it.
    if let Some(metadata) = metadata {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(Prepared { target, content: Content::Temporary(file) })
}
