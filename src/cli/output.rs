//! Where results and messages go: results to standard output or whole to a file, messages to
//! standard error.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::args::OutputArgs;
use super::errors::OutputPathError;
use super::staged::{StagedFiles, refuse_overwriting};
use super::{CliError, Session};
use crate::render::{self, Colour, View, diagnostic};
use crate::report::Report;
use crate::text::identity::resolved;
use crate::text::plain;
use crate::text::{Diagnostic, Diagnostics, Sources};

/// Bytes of a result that are written at once.
const BUFFER: usize = 1 << 16;

fn colour(session: &Session<'_>, terminal: bool) -> Colour {
    if terminal && session.terminals().colour { Colour::On } else { Colour::Off }
}

/// Shows diagnostics on standard error.
pub(super) fn diagnostics(
    session: &Session<'_>,
    diagnostics: Diagnostics,
    sources: &Sources,
    maximum: usize,
) {
    shown(session, diagnostics, |found, colour| diagnostic::render(found, sources, maximum, colour));
}

/// Shows diagnostics of files that are one input together: at most `maximum` of all of them.
pub(super) fn diagnostics_together(
    session: &Session<'_>,
    diagnostics: Diagnostics,
    sources: &Sources,
    maximum: usize,
) {
    shown(session, diagnostics, |found, colour| diagnostic::render_together(found, sources, maximum, colour));
}

fn shown(
    session: &Session<'_>,
    diagnostics: Diagnostics,
    render: impl FnOnce(&[Diagnostic], Colour) -> String,
) {
    if !diagnostics.is_empty() {
        let colour = colour(session, session.terminals().errors);
        message(session, &render(&diagnostics.into_sorted(), colour));
    }
}

/// Writes a message to standard error.
pub(super) fn message(session: &Session<'_>, text: &str) {
    // There is nowhere left to complain.
    let mut errors = session.errors();
    let _ = errors.write_all(text.as_bytes()).and_then(|()| errors.flush());
}

/// Writes a message of one line to standard error; a path or name in it may hold anything.
pub(super) fn remark(session: &Session<'_>, text: &str) {
    message(session, &plain::message(&(plain::one_line(text).into_owned() + "\n")));
}

/// Shows an error with its causes.
pub(super) fn error(session: &Session<'_>, error: &dyn std::error::Error) {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(&format!(": {source}"));
        cause = source.source();
    }
    remark(session, &text);
}

/// Writes to standard output.
pub(super) fn stdout(session: &Session<'_>, bytes: &[u8]) -> Result<(), CliError> {
    let mut out = session.output();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(|source| CliError::Write { target: "standard output".to_owned(), source })
}

/// Writes a report to where the arguments say, part by part; a file that the run reads is not overwritten.
pub(super) fn write(
    session: &Session<'_>,
    report: &dyn Report,
    args: &OutputArgs,
    sources: &Sources,
) -> Result<(), CliError> {
    let format = args.format().meant();
    let detail = args.detail.meant();
    let to_stdout = |view: View| {
        let mut out = session.output();
        let mut buffer = BufWriter::with_capacity(BUFFER, &mut **out);
        let written = render::write(report, format, view.with_detail(detail), &mut buffer)
            .and_then(|()| buffer.flush());
        written.map_err(|source| CliError::Write { target: "standard output".to_owned(), source })
    };
    match &args.output {
        None => to_stdout(stdout_view(session)),
        Some(path) if is_stdout(path) => to_stdout(View::default()),
        Some(path) => {
            let mut staged = StagedFiles::new();
            staged.add_written(
                path,
                &mut |out| render::write(report, format, View::default().with_detail(detail), out),
                sources,
            )?;
            staged.commit()
        }
    }
}

/// Writes a text to a file, or to standard output where none is named.
pub(super) fn write_text(
    session: &Session<'_>,
    text: &str,
    output: Option<&Path>,
    sources: &Sources,
) -> Result<(), CliError> {
    match output {
        None => stdout(session, text.as_bytes()),
        Some(path) => to_file(session, path, text, sources),
    }
}

/// How a result is shown on standard output, without a word on how much of it.
pub(super) fn stdout_view(session: &Session<'_>) -> View {
    let terminals = session.terminals();
    View::of_width(terminals.width.unwrap_or(View::WIDTH)).with_colour(colour(session, terminals.output))
}

/// Refuses an output that would overwrite a file that the run reads, before time or money is spent.
pub(super) fn refuse_inputs(output: Option<&Path>, sources: &Sources) -> Result<(), OutputPathError> {
    output.map_or(Ok(()), |path| refuse_overwriting(path, sources))
}

/// Refuses an output inside a folder whose content is judged.
pub(super) fn refuse_inside(
    session: &Session<'_>,
    output: Option<&Path>,
    folder: &Path,
) -> Result<(), OutputPathError> {
    let (Some(target), Ok(folder)) =
        (output.map(|path| resolved(&session.at(path))), session.at(folder).canonicalize())
    else {
        return Ok(());
    };
    if target.starts_with(&folder) {
        return Err(OutputPathError::InsidePack { output: target });
    }
    Ok(())
}

/// Writes a result whole to a file, or to standard output by another name.
fn to_file(session: &Session<'_>, path: &Path, text: &str, sources: &Sources) -> Result<(), CliError> {
    if is_stdout(path) {
        return stdout(session, text.as_bytes());
    }
    let mut staged = StagedFiles::new();
    staged.add(path, text.as_bytes(), sources)?;
    staged.commit()
}

/// Makes a folder for results, with those it lies in, where it is not there yet.
pub(super) fn make_folder(session: &Session<'_>, folder: &Path) -> Result<(), CliError> {
    let wrong = |source| CliError::Write { target: folder.display().to_string(), source };
    let mut present = folder.ancestors().filter(|path| !path.as_os_str().is_empty());
    if let Some(path) = present.find(|path| session.at(path).symlink_metadata().is_ok())
        && !session.at(path).is_dir()
    {
        let name = if path == folder { "it".to_owned() } else { path.display().to_string() };
        let what = if session.at(path).exists() { "a file" } else { "a broken symbolic link" };
        return Err(wrong(io::Error::other(format!("{name} is {what}; name another folder"))));
    }
    std::fs::create_dir_all(session.at(folder)).map_err(wrong)
}

/// Whether a path is standard output by another name.
pub(super) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}
