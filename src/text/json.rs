//! JSON as a tree whose every key and value keeps its span.
//!
//! What is said of a fault is the parser's own words for the syntax, never a part of the text.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::source::{FileId, Span};

/// Policies and answers of AWS nest six levels; what lies deeper is neither.
const DEEPEST: usize = 16;

/// A value and where it stands.
#[derive(Debug)]
pub struct Node {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// A JSON value; numbers stay as written, so that no decimal passes through a float.
#[derive(Debug)]
pub enum Value {
    /// A string.
    Text(String),
    /// A number, as written.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// An array.
    Array(Vec<Node>),
    /// Keys in file order, each with its place.
    Object(Vec<(String, Span, Node)>),
    /// What lies too deep to be looked at, or a string that is no text.
    Other,
}

impl Node {
    /// The values of a key, in file order: more than one where it is written twice.
    pub fn all<'n>(&'n self, key: &str) -> impl Iterator<Item = (Span, &'n Node)> {
        let entries = match &self.value {
            Value::Object(entries) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().filter(move |(name, _, _)| name == key).map(|(_, span, node)| (*span, node))
    }

    /// Every key, at any depth, that stands in its object once more.
    #[must_use]
    pub fn repeated(&self) -> Vec<(&str, Span)> {
        let mut found = Vec::new();
        match &self.value {
            Value::Object(entries) => {
                let mut seen = BTreeSet::new();
                for (name, span, node) in entries {
                    if !seen.insert(name) {
                        found.push((name.as_str(), *span));
                    }
                    found.extend(node.repeated());
                }
            }
            Value::Array(items) => found.extend(items.iter().flat_map(Self::repeated)),
            Value::Text(_) | Value::Number(_) | Value::Boolean(_) | Value::Null | Value::Other => {}
        }
        found
    }

    /// The first value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.all(key).next().map(|(_, node)| node)
    }
}

/// Reads a file that holds one value.
///
/// # Errors
/// What is wrong and the place of it.
pub fn parse(file: FileId, text: &str) -> Result<Node, (String, Span)> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => Ok(Reader { file, text }.node(raw, 0)),
        Err(error) => Err(fault(file, text, &error)),
    }
}

/// Reads a part of a file, such as one line of JSON lines.
///
/// # Errors
/// What is wrong and the place of it.
pub fn parse_part(file: FileId, text: &str, part: Range<usize>) -> Result<Node, (String, Span)> {
    let within = text.get(part.clone()).unwrap_or_default();
    match serde_json::from_str::<&RawValue>(within) {
        Ok(raw) => Ok(Reader { file, text }.node(raw, 0)),
        Err(error) => {
            let (words, span) = fault(file, within, &error);
            Err((words, Span { file, start: part.start + span.start, end: part.start + span.end }))
        }
    }
}

/// Reads a file that holds values one behind the other, as a program writes them that is run several
/// times into one file.
///
/// # Errors
/// What is wrong and the place of it.
pub fn parse_each(file: FileId, text: &str) -> Result<Vec<Node>, (String, Span)> {
    let reader = Reader { file, text };
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    values.map(|raw| raw.map(|raw| reader.node(raw, 0)).map_err(|error| fault(file, text, &error))).collect()
}

/// The words of an error of the reader without the place that it repeats, and that place.
#[must_use]
pub fn fault(file: FileId, text: &str, error: &serde_json::Error) -> (String, Span) {
    // The line is counted in bytes up to LF, as a file without lone CR has them.
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len);
    let mut start = (before.sum::<usize>() + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default().to_owned();
    (words, Span { file, start, end })
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
}

impl Reader<'_> {
    /// A borrowed raw value is a part of the text, so its address tells its place.
    fn span(&self, raw: &RawValue) -> Span {
        let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Span { file: self.file, start, end: start + raw.get().len() }
    }

    fn node(&self, raw: &RawValue, depth: usize) -> Node {
        let span = self.span(raw);
        let text = raw.get();
        let value = match text.as_bytes().first() {
            Some(b'"') => serde_json::from_str(text).map_or(Value::Other, Value::Text),
            Some(b'[') if depth < DEEPEST => {
                serde_json::from_str::<Items<'_>>(text).map_or(Value::Other, |Items(items)| {
                    Value::Array(items.into_iter().map(|item| self.node(item, depth + 1)).collect())
                })
            }
            Some(b'{') if depth < DEEPEST => {
                serde_json::from_str::<Members<'_>>(text).map_or(Value::Other, |Members(members)| {
                    let read = |(key, value): (&RawValue, &RawValue)| {
                        let name = serde_json::from_str(key.get()).unwrap_or_default();
                        (name, self.span(key), self.node(value, depth + 1))
                    };
                    Value::Object(members.into_iter().map(read).collect())
                })
            }
            Some(b'-' | b'0'..=b'9') => Value::Number(text.to_owned()),
            Some(b't') => Value::Boolean(true),
            Some(b'f') => Value::Boolean(false),
            Some(b'n') => Value::Null,
            _ => Value::Other,
        };
        Node { span, value }
    }
}

struct Items<'a>(Vec<&'a RawValue>);
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Items<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut found = Vec::new();
                while let Some(item) = items.next_element()? {
                    found.push(item);
                }
                Ok(Items(found))
            }
        }
        deserializer.deserialize_seq(Visit)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut found = Vec::new();
                while let Some(member) = members.next_entry()? {
                    found.push(member);
                }
                Ok(Members(found))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}
