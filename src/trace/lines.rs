//! JSON lines: the lines of a block that hold something, and the values of one with their places.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::stream::blocks::Block;
use crate::units::{NumberFault, parse_whole};

/// A line that is not blank, without blanks around it.
#[derive(Clone, Copy)]
pub(super) struct Line<'b> {
    pub(super) text: &'b str,
    /// Its offset in the block.
    pub(super) start: usize,
}

/// The lines of a block from an offset on.
pub(super) fn lines<'b>(block: &Block<'b>, from: usize) -> impl Iterator<Item = Line<'b>> {
    let text = block.text;
    let mut at = from;
    std::iter::from_fn(move || {
        while at < text.len() {
            let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
            let line = &text[at..end];
            let start = at + (line.len() - line.trim_start().len());
            at = end + 1;
            if !line.trim().is_empty() {
                return Some(Line { text: line.trim(), start });
            }
        }
        None
    })
}

impl<'b> Line<'b> {
    /// The first character of the line, or of a place in it.
    pub(super) fn first(&self, within: usize) -> Range<usize> {
        let within = within.min(self.text.len());
        let width = self.text.get(within..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.start + within..self.start + within + width
    }

    /// Reads the object that the line is.
    ///
    /// # Errors
    /// What is wrong, in words that repeat nothing of the line, and where.
    pub(super) fn object<T: Deserialize<'b>>(&self) -> Result<T, (String, Range<usize>)> {
        if !self.text.starts_with('{') {
            return Err(("the line is not a JSON object".to_owned(), self.first(0)));
        }
        serde_json::from_str(self.text).map_err(|error| {
            let mut within = error.column().saturating_sub(1).min(self.text.len());
            while !self.text.is_char_boundary(within) {
                within -= 1;
            }
            let words = error.to_string();
            let words = match error.classify() {
                // The place behind it is of the line alone.
                serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
                    format!("not JSON: {}", words.split(" at line ").next().unwrap_or_default())
                }
                _ if words.starts_with("duplicate field") => "a key appears twice in one object".to_owned(),
                _ => "a value has the wrong type".to_owned(),
            };
            (words, self.first(within))
        })
    }

    /// The place of a value of this line.
    pub(super) fn place(&self, value: &RawValue) -> Range<usize> {
        // A borrowed value is a part of the text, so its address tells its place.
        let within = (value.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.start + within..self.start + within + value.get().len()
    }
}

/// A whole number of at most 10^12.
pub(super) fn count(value: &RawValue) -> Result<u64, NumberFault> {
    parse_whole(value.get().as_bytes())
}
