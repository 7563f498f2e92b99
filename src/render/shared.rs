//! What renderers share: the width of a page, colour, and what may fail.

use std::io;

use crate::report::{Detail, Flag, Tone};
use crate::text::Severity;

/// How a result is shown to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// How much of it.
    pub detail: Detail,
    /// Columns of a line, see [`View::of_width`].
    pub width: usize,
    /// Whether it is coloured.
    pub colour: Colour,
}

impl View {
    /// Columns of a line where there is no terminal.
    pub const WIDTH: usize = 100;

    /// Fewest and most columns of a line on a terminal.
    const WIDTHS: std::ops::RangeInclusive<usize> = 60..=120;

    /// Text without colour for a terminal or a file of so many columns: between 60 and 120.
    #[must_use]
    pub fn of_width(columns: usize) -> Self {
        let width = columns.clamp(*Self::WIDTHS.start(), *Self::WIDTHS.end());
        Self { width, ..Self::default() }
    }

    /// The same with as much of the result as `detail` says.
    #[must_use]
    pub const fn with_detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    /// The same in colour.
    #[must_use]
    pub const fn with_colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// How many digits figures have.
    pub(super) const fn digits(self) -> Digits {
        if self.detail.has_all_rows() { Digits::All } else { Digits::Three }
    }
}

/// One screen for a file: no colour, 100 columns.
impl Default for View {
    fn default() -> Self {
        Self { detail: Detail::Screen, width: Self::WIDTH, colour: Colour::Off }
    }
}

/// How many digits figures for people have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digits {
    /// At most three that count.
    Three,
    /// Every one.
    All,
}

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

    /// Paints a verdict.
    #[must_use]
    pub fn tone(self, tone: Tone, text: &str) -> String {
        match tone {
            Tone::Good => self.paint("1;32", text),
            Tone::Bad => self.paint("1;31", text),
            Tone::Unsure => self.paint("1;33", text),
            Tone::Plain => self.paint("1", text),
        }
    }

    /// Paints the line of a row by its flag.
    #[must_use]
    pub fn flag(self, flag: Flag, text: &str) -> String {
        match flag {
            Flag::Bad => self.paint("31", text),
            Flag::Unknown | Flag::Near => self.paint("33", text),
            Flag::Fine => text.to_owned(),
        }
    }

    /// Paints what matters less.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
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
