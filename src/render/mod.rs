//! From a report to bytes, one file a format.
//!
//! Renderers see reports and diagnostics, nothing else of the product, and print nothing.

mod cell;
mod chart;
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
mod shared;
#[cfg(feature = "cli")]
mod table;
#[cfg(feature = "cli")]
mod text;

use std::io::{self, Write};

pub use shared::{Colour, RenderError, View};

use crate::report::{BlockOf, Gate, Report};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[cfg(feature = "cli")]
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

/// Renders a report; the text ends with a line end.
///
/// # Errors
/// [`RenderError`] where a serialiser fails.
pub fn render(report: &dyn Report, format: Format, view: View) -> Result<String, RenderError> {
    let mut bytes = Vec::new();
    write(report, format, view, &mut bytes)?;
    // Strings go in, so the bytes are text.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// Writes a report as [`render`] has it, part by part; it is asked for the one form that the format shows.
///
/// # Errors
/// What cannot be written.
pub fn write(report: &dyn Report, format: Format, view: View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        #[cfg(feature = "cli")]
        Format::Table => text::write(&report.blocks(view.detail), view, out),
        Format::Json => json::write(report, out),
        Format::Csv => csv::write(&report.records(), out),
        Format::Markdown => markdown::write(&report.blocks(view.detail), view, out),
    }
}

/// Writes blocks for a terminal.
///
/// # Errors
/// What cannot be written.
#[cfg(feature = "cli")]
pub fn write_text(blocks: &[BlockOf<'_>], view: View, out: &mut dyn Write) -> io::Result<()> {
    text::write(blocks, view, out)
}

/// Writes blocks as a Markdown document.
///
/// # Errors
/// What cannot be written.
pub fn write_markdown(blocks: &[BlockOf<'_>], out: &mut dyn Write) -> io::Result<()> {
    markdown::write(blocks, View::default(), out)
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
