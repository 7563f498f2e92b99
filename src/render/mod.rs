//! From a view to bytes, one file a format.
//!
//! Renderers see views and diagnostics, nothing else of the product, and print nothing.

mod comment;
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

pub use shared::{Colour, RenderError, WIDTH};

use crate::report::{Form, Gate, ViewOf};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal, at most 100 columns.
    #[cfg(feature = "cli")]
    Table,
    /// The contract for scripts.
    Json,
    /// Flat records.
    Csv,
    /// For a document or a comment.
    Markdown,
}

impl Format {
    /// The form of a result that is written in it.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            #[cfg(feature = "cli")]
            Self::Table => Form::Blocks,
            Self::Markdown => Form::Blocks,
            Self::Csv => Form::Records,
            Self::Json => Form::Json,
        }
    }
}

/// A format of a gate's result for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateFormat {
    /// A comment on a pull request.
    Comment,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
    /// SARIF, for code scanning.
    Sarif,
    /// JUnit XML, for systems that show test results.
    Junit,
    /// GitLab's Code Quality report.
    Gitlab,
}

/// Renders a view; the text ends with a line end.
///
/// # Errors
/// [`RenderError`] where a serialiser fails.
pub fn render(view: &ViewOf<'_>, format: Format, colour: Colour) -> Result<String, RenderError> {
    let mut bytes = Vec::new();
    write(view, format, colour, &mut bytes)?;
    // Strings go in, so the bytes are text.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// Writes a view as [`render`] has it, part by part.
///
/// # Errors
/// What cannot be written.
// Only tables are coloured.
#[cfg_attr(not(feature = "cli"), expect(unused_variables))]
pub fn write(view: &ViewOf<'_>, format: Format, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    match format {
        #[cfg(feature = "cli")]
        Format::Table => text::write(view, colour, out),
        Format::Json => json::write(view, out),
        Format::Csv => csv::write(view, out),
        Format::Markdown => markdown::write(view, out),
    }
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
        GateFormat::Comment => Ok(comment::render(gate)),
        GateFormat::Github => Ok(github::render(gate)),
        GateFormat::Sarif => sarif::render(gate),
        GateFormat::Junit => Ok(junit::render(gate)),
        GateFormat::Gitlab => gitlab::render(gate),
    }
}
