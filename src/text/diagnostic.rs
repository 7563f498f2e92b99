//! Diagnostics: what is wrong with an input, as data.
//!
//! Collected many at a time and rendered elsewhere; collecting never stops at the first.

use super::codes::{Code, Severity};
use super::source::{FileId, Span};

/// Where a diagnostic points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A range in a file.
    Span(Span),
    /// A file as a whole: it is empty.
    File(FileId),
    /// A path that could not be read.
    Path(String),
}

/// One thing to say about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code.
    pub code: Code,
    /// Its severity here.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What to do, empty where the message says it.
    pub help: String,
    /// Where.
    pub place: Place,
}

/// Diagnostics in the order found.
#[derive(Debug, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one with its code's own severity.
    pub fn add(&mut self, code: Code, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.items.push(Diagnostic {
            code,
            severity: code.severity(),
            message: brief(message.into()),
            help: brief(help.into()),
            place,
        });
    }

    /// Adds one that points at a span.
    pub fn at(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.add(code, Place::Span(span), message, help);
    }

    /// Adds one as it is.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Takes over all of `other`.
    pub fn append(&mut self, mut other: Self) {
        self.items.append(&mut other.items);
    }

    /// Whether any is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|item| item.severity == Severity::Error)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// A copy of all of them, those with a span in file order.
    #[must_use]
    pub fn sorted(&self) -> Vec<Diagnostic> {
        Self { items: self.items.clone() }.into_sorted()
    }

    /// All of them, those with a span in file order.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.items.sort_by_key(|item| match &item.place {
            Place::Path(_) => (None, 0),
            Place::File(file) => (Some(*file), 0),
            Place::Span(span) => (Some(span.file), span.start),
        });
        self.items
    }

    /// Keeps those for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.items.retain(keep);
    }

    /// All of them, in the order found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.items.iter()
    }
}

/// Longest message kept, in bytes: a cell of a megabyte is not quoted whole.
const LONGEST: usize = 400;

fn brief(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
