//! From a report to bytes, one file a format.
//!
//! Renderers see reports and diagnostics, nothing else of the product, and print nothing.

pub mod comment;
mod csv;
pub mod diagnostic;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
pub mod letter;
mod markdown;
mod place;
mod sarif;
mod table;
mod text;

use std::io::{self, Write};

use crate::report::{BlockOf, Gate, Report};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal, at most 100 columns.
    Table,
    /// The contract for scripts.
    Json,
    /// Flat records.
    Csv,
    /// For a document or a comment.
    Markdown,
}

/// A format of a gate's findings for other programs; the comment on a pull request, [`comment`], shows more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateFormat {
    /// Workflow commands, which GitHub shows as annotations.
    Github,
    /// SARIF, for code scanning.
    Sarif,
    /// JUnit XML, for systems that show test results.
    Junit,
    /// GitLab's Code Quality report.
    Gitlab,
}

/// Width of text for people, in columns.
pub const WIDTH: usize = 100;

/// Whether escape sequences for colour may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// On a terminal that wants it.
    On,
    /// Everywhere else.
    Off,
}

impl Colour {
    /// Wraps a text in an escape sequence such as `1;31`.
    #[must_use]
    pub fn paint(self, sequence: &str, text: &str) -> String {
        match self {
            Self::On => format!("\u{1b}[{sequence}m{text}\u{1b}[0m"),
            Self::Off => text.to_owned(),
        }
    }

    /// Paints a severity's word.
    #[must_use]
    pub fn severity(self, severity: crate::text::Severity, text: &str) -> String {
        let sequence = match severity {
            crate::text::Severity::Error => "1;31",
            crate::text::Severity::Warning => "1;33",
            crate::text::Severity::Note => "1;36",
        };
        self.paint(sequence, text)
    }
}

/// A result that could not be written in a format.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The JSON serialiser failed.
    #[error("cannot write JSON")]
    Json(#[source] serde_json::Error),
    /// The CSV writer failed.
    #[error("cannot write CSV")]
    Csv(#[source] ::csv::Error),
    /// What the result is written to failed.
    #[error("cannot write the result")]
    Write(#[from] io::Error),
}

impl From<serde_json::Error> for RenderError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Write(error.into()) } else { Self::Json(error) }
    }
}

impl From<::csv::Error> for RenderError {
    fn from(error: ::csv::Error) -> Self {
        if error.is_io_error() { Self::Write(error.into()) } else { Self::Csv(error) }
    }
}

/// Renders a report; the text ends with a line end.
///
/// # Errors
/// [`RenderError`] where a serialiser fails.
pub fn render(report: &dyn Report, format: Format, colour: Colour) -> Result<String, RenderError> {
    let mut bytes = Vec::new();
    write(report, format, colour, &mut bytes)?;
    // Strings go in, so the bytes are text.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// Writes a report as [`render`] has it, part by part; it is asked for the one form that the format shows.
///
/// # Errors
/// What cannot be written.
pub fn write(report: &dyn Report, format: Format, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => text::write(&report.blocks(), colour, out),
        Format::Json => json::write(report, out),
        Format::Csv => csv::write(&report.records(), out),
        Format::Markdown => markdown::write(&report.blocks(), out),
    }
}

/// Writes blocks for a terminal.
///
/// # Errors
/// What cannot be written.
pub fn write_text(blocks: &[BlockOf<'_>], colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    text::write(blocks, colour, out)
}

/// Writes blocks as a Markdown document.
///
/// # Errors
/// What cannot be written.
pub fn write_markdown(blocks: &[BlockOf<'_>], out: &mut dyn Write) -> io::Result<()> {
    markdown::write(blocks, out)
}

/// Writes records as CSV that are given one after another; the text ends with a line end.
///
/// # Errors
/// [`RenderError`] where they cannot be written.
pub fn write_records(
    out: &mut dyn Write,
    columns: &[&str],
    each: impl FnOnce(&mut dyn FnMut(&[String])),
) -> Result<(), RenderError> {
    csv::write_records(out, columns, each)
}

/// Renders a gate's result; the text ends with a line end.
///
/// # Errors
/// [`RenderError`] where a serialiser fails.
pub fn render_gate(gate: &Gate, format: GateFormat) -> Result<String, RenderError> {
    match format {
        GateFormat::Github => Ok(github::render(gate)),
        GateFormat::Sarif => sarif::render(gate),
        GateFormat::Junit => Ok(junit::render(gate)),
        GateFormat::Gitlab => gitlab::render(gate),
    }
}
