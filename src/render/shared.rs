//! What renderers share: the width of a page, colour, and what may fail.

use std::io;

use crate::text::Severity;

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
    pub fn severity(self, severity: Severity, text: &str) -> String {
        let sequence = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Note => "1;36",
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
