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
    /// Files of which no text may be quoted.
    concealed: Vec<FileId>,
}

impl Diagnostics {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one with its code's own severity.
    pub fn add(&mut self, code: Code, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.push(Diagnostic {
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

    /// Adds one as it is, but for the words about a concealed file.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let quotes = self.may_quote(&diagnostic);
        self.items.push(if quotes { diagnostic } else { without_quotes(diagnostic) });
    }

    /// Takes over all of `other`, but for the words about concealed files.
    pub fn append(&mut self, other: Self) {
        self.concealed.extend(other.concealed);
        other.items.into_iter().for_each(|item| self.push(item));
    }

    /// Whatever is added about this file from now on says what its code means and quotes nothing of the file, which
    /// may be any file of the machine.
    pub fn conceal(&mut self, file: FileId) {
        self.concealed.push(file);
    }

    fn may_quote(&self, diagnostic: &Diagnostic) -> bool {
        let file = match &diagnostic.place {
            Place::Span(span) => &span.file,
            // Warnings and notes on a whole file hold only counts and durations, so they may be shown.
            Place::File(file) if diagnostic.severity == Severity::Error => file,
            Place::File(_) | Place::Path(_) => return true,
        };
        !self.concealed.contains(file)
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
        Self { items: self.items.clone(), concealed: Vec::new() }.into_sorted()
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

/// The same without a word of the file.
fn without_quotes(diagnostic: Diagnostic) -> Diagnostic {
    let help = "the file was opened through a symbolic link, so its content is not shown: name the file itself to \
                see more";
    // What is wrong with a file that is refused may be anything in it; what is worth knowing of one that is used
    // quotes it between backticks alone.
    let message = match diagnostic.severity {
        Severity::Error => diagnostic.code.meaning().to_owned(),
        Severity::Warning | Severity::Note => without_backticks(&diagnostic.message),
    };
    Diagnostic { message, help: help.to_owned(), ..diagnostic }
}

/// A text without what stands between its first and its last backtick.
fn without_backticks(text: &str) -> String {
    match (text.find('`'), text.rfind('`')) {
        (Some(first), Some(last)) if first < last => format!("{}`…`{}", &text[..first], &text[last + 1..]),
        // A long message is cut, perhaps before the second.
        (Some(first), _) => format!("{}`…", &text[..first]),
        _ => text.to_owned(),
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
