//! JSON that loses nothing: harmful characters are escaped as JSON escapes them, so that a log or a terminal
//! shows them and a program reads the very text.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::{command_brackets, is_harmful};

/// A value as JSON, indented, without a final line end.
///
/// # Errors
/// What the serialiser says.
pub fn json(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    written(value, PrettyFormatter::new())
}

/// A value as JSON on one line.
///
/// # Errors
/// What the serialiser says.
pub fn json_compact(value: &(impl Serialize + ?Sized)) -> Result<String, serde_json::Error> {
    written(value, CompactFormatter)
}

/// Writes a value as [`json`] has it.
///
/// # Errors
/// What the serialiser says, and what cannot be written.
pub fn write_json(value: &(impl Serialize + ?Sized), out: &mut dyn Write) -> Result<(), serde_json::Error> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping(PrettyFormatter::new())))
}

fn written(value: &(impl Serialize + ?Sized), layout: impl Formatter) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::with_capacity(128);
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Escaping(layout)))?;
    // Strings go in, so the bytes are text.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// A layout whose strings hold no harmful character and no command to a runner.
struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, part: &str) -> io::Result<()> {
        let mut brackets = command_brackets(part).peekable();
        let mut copied = 0;
        for (at, c) in part.char_indices() {
            let is_command = brackets.next_if_eq(&at).is_some();
            if is_command || is_harmful(c) {
                out.write_all(&part.as_bytes()[copied..at])?;
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    write!(out, "\\u{unit:04x}")?;
                }
                copied = at + c.len_utf8();
            }
        }
        out.write_all(&part.as_bytes()[copied..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
