//! What is wrong with a file: so many faults with their lines, and the number of the others.

use std::ops::Range;

use crate::stream::blocks::Block;
use crate::text::{Code, Diagnostics, Encoding, KeptLine, Place, Severity, SourceFile, Sources, Span};

/// Longest line that is kept whole, in bytes.
const WHOLE: usize = 2_000;

/// Bytes that are kept around a fault in a longer one.
const AROUND: usize = 200;

/// Collects faults while a file passes by.
pub(super) struct Faults {
    /// Whether the file's own text may be shown.
    pub(super) shows_text: bool,
    /// Whether a symbolic link leads to the file, so that nothing of it is quoted.
    pub(super) is_by_link: bool,
    /// What bytes are that make no character.
    pub(super) no_character: &'static str,
    limit: usize,
    listed: Vec<Fault>,
    first_unlisted: Option<Fault>,
    unlisted: u64,
    has_errors: bool,
}

struct Fault {
    code: Code,
    message: String,
    help: String,
    /// `None` for the file as a whole.
    line: Option<KeptLine>,
    /// Bytes in the text of the line.
    within: Range<usize>,
}

impl Faults {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            shows_text: true,
            is_by_link: false,
            no_character: Encoding::Utf8.no_character(),
            limit: limit.max(1),
            listed: Vec::new(),
            first_unlisted: None,
            unlisted: 0,
            has_errors: false,
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// How many are listed.
    pub(super) fn listed(&self) -> usize {
        self.listed.len()
    }

    /// Whether one more would be listed.
    pub(super) fn lists_more(&self) -> bool {
        self.listed.len() < self.limit
    }

    /// Adds a fault of the file as a whole.
    pub(super) fn whole(&mut self, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.has_errors |= code.severity() == Severity::Error;
        let (message, help) = (message.into(), help.into());
        self.listed.insert(0, Fault { code, message, help, line: None, within: 0..0 });
    }

    /// Adds a fault of a place in a block; words are made only for those that are listed.
    pub(super) fn at(
        &mut self,
        block: &Block<'_>,
        at: Range<usize>,
        code: Code,
        words: impl FnOnce() -> (String, String),
    ) {
        self.has_errors |= code.severity() == Severity::Error;
        let lists = self.lists_more();
        if !lists {
            self.unlisted += 1;
        }
        if !lists && self.first_unlisted.is_some() {
            return;
        }
        let (message, help) = words();
        let (line, within) = kept(block, at, self.shows_text && !self.is_by_link);
        let fault = Fault { code, message, help, line: Some(line), within };
        if lists { self.listed.push(fault) } else { self.first_unlisted = Some(fault) }
    }

    /// Adds all to `diagnostics`; whether the file can be used.
    pub(super) fn report(mut self, name: &str, sources: &mut Sources, diagnostics: &mut Diagnostics) -> bool {
        if let Some(mut first) = self.first_unlisted {
            if self.unlisted > 1 {
                first.message =
                    format!("{}; and {} more faults from here on", first.message, self.unlisted - 1);
            }
            self.listed.push(first);
        }
        let place = |fault: &Fault| fault.line.as_ref().map(|line| (line.number, line.first_column));
        self.listed.sort_by_key(|fault| (place(fault), fault.within.start));
        let mut lines = Vec::new();
        let mut start = 0;
        let mut spans = Vec::new();
        for fault in &mut self.listed {
            let line = fault.line.take();
            spans.push(line.as_ref().map(|_| start + fault.within.start..start + fault.within.end));
            start += line.as_ref().map_or(0, |line| line.text.as_ref().map_or(0, String::len) + 1);
            lines.extend(line);
        }
        if self.listed.is_empty() {
            return true;
        }
        let file = sources.add(SourceFile::of_lines(name, lines));
        if self.is_by_link {
            diagnostics.conceal(file);
        }
        for (fault, span) in self.listed.into_iter().zip(spans) {
            let place = match span {
                None => Place::File(file),
                Some(Range { start, end }) => Place::Span(Span { file, start, end }),
            };
            diagnostics.add(fault.code, place, fault.message, fault.help);
        }
        !self.has_errors
    }
}

/// The line of a place, or the part of a long one that it lies in, and the place in it.
fn kept(block: &Block<'_>, at: Range<usize>, shows_text: bool) -> (KeptLine, Range<usize>) {
    let text = block.text;
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(at.start.min(text.len()));
    let bytes = text.as_bytes();
    let line_start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let line_end = memchr::memchr(b'\n', &bytes[start..]).map_or(text.len(), |at| start + at);
    let line_end = line_end - usize::from(line_end > start && bytes[line_end - 1] == b'\r');
    let end = boundary(at.end.clamp(start, line_end));
    let (from, to) = if line_end - line_start <= WHOLE {
        (line_start, line_end)
    } else {
        (boundary(start.saturating_sub(AROUND).max(line_start)), boundary((start + AROUND).min(line_end)))
    };
    let before = if line_start == 0 { block.before } else { 0 };
    let column = |at: usize| text[line_start..at].chars().count() + 1 + before;
    let number = block.line_at(start);
    if !shows_text {
        return (KeptLine { number, first_column: column(start), text: None }, 0..0);
    }
    // A CR can only stand at the end of a line, or in front of what is quoted.
    let shown = text[from..to].replace('\r', " ");
    let line = KeptLine { number, first_column: column(from), text: Some(shown) };
    (line, start - from..end.min(to) - from)
}
