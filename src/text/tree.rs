//! TOML as a tree whose every key and value keeps its span, and the reading of such a tree
//! field by field.
//!
//! Reading never stops at the first fault: every conversion reports and returns `None`, and
//! [`Fields::finish`] reports the keys nobody asked for.

use std::str::FromStr;

use toml::de::{DeTable, DeValue};

use super::codes::Code;
use super::date::FactDate;
use super::diagnostic::Diagnostics;
use super::source::{FileId, Span};
use super::suggest::{did_you_mean, nearest};
use crate::units::{Fact, Limit, QuotaAmount, UnknownWord, parse_millionths};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// A TOML value; numbers stay as written, so that no decimal passes through a float.
#[derive(Debug, Clone)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer or float, as written.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A TOML date or time, as written.
    Datetime(String),
    /// An array.
    Array(Vec<Node>),
    /// A table.
    Table(Table),
}

/// A table: its entries in file order.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its header or braces.
    pub span: Span,
    /// Key, the key's place, and the value.
    pub entries: Vec<(String, Span, Node)>,
}

impl Table {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(name, _, _)| name == key).map(|(_, _, node)| node)
    }
}

/// Parses a file; syntax errors are reported, all of them, and then there is no tree.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Table> {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        let start = range.start.min(text.len());
        let span = Span { file, start, end: range.end.clamp(start, text.len()) };
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        diagnostics.at(
            Code::TomlSyntax,
            span,
            message,
            "correct the TOML: put strings in quotes, and each key on its own line",
        );
    }
    if !errors.is_empty() {
        return None;
    }
    let range = document.span();
    Some(table(file, Span { file, start: range.start, end: range.end }, document.get_ref()))
}

fn table(file: FileId, span: Span, source: &DeTable<'_>) -> Table {
    let mut entries: Vec<(String, Span, Node)> = source
        .iter()
        .map(|(key, value)| {
            let (at, within) = (key.span(), value.span());
            let key_span = Span { file, start: at.start, end: at.end };
            let value_span = Span { file, start: within.start, end: within.end };
            (key.get_ref().to_string(), key_span, node(file, value_span, value.get_ref()))
        })
        .collect();
    entries.sort_by_key(|(_, key, _)| key.start);
    Table { span, entries }
}

fn node(file: FileId, span: Span, source: &DeValue<'_>) -> Node {
    let value = match source {
        DeValue::String(text) => Value::Text(text.to_string()),
        // Hexadecimal, octal and binary forms stay foreign to every key.
        DeValue::Integer(number) if number.radix() == 10 => Value::Number(number.as_str().to_owned()),
        DeValue::Integer(number) => Value::Datetime(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(value) => Value::Datetime(value.to_string()),
        DeValue::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| {
                    let at = item.span();
                    node(file, Span { file, start: at.start, end: at.end }, item.get_ref())
                })
                .collect(),
        ),
        DeValue::Table(inner) => Value::Table(table(file, span, inner)),
    };
    Node { span, value }
}

/// A conversion of one node, reporting what does not convert.
pub type Convert<T> = fn(&Node, &mut Diagnostics) -> Option<T>;

/// The fields of one table, taken one by one.
#[derive(Debug)]
pub struct Fields<'t> {
    table: &'t Table,
    asked: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    /// Starts reading a table.
    #[must_use]
    pub fn new(table: &'t Table) -> Self {
        Self { table, asked: Vec::new() }
    }

    /// The raw value of a key, where present.
    pub fn take(&mut self, key: &'static str) -> Option<&'t Node> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// An optional value.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        convert: Convert<T>,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        self.take(key).and_then(|node| convert(node, diagnostics))
    }

    /// A required value; its absence is reported at the table.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        convert: Convert<T>,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        match self.take(key) {
            Some(node) => convert(node, diagnostics),
            None => {
                diagnostics.at(
                    Code::MissingValue,
                    self.table.span,
                    format!("`{key}` is missing"),
                    format!("add `{key} = ...` to this table"),
                );
                None
            }
        }
    }

    /// A value that may be absent, `"unknown"` or known.
    pub fn fact<T>(
        &mut self,
        key: &'static str,
        convert: Convert<T>,
        diagnostics: &mut Diagnostics,
    ) -> Fact<T> {
        match self.take(key) {
            None => Fact::Absent,
            Some(Node { value: Value::Text(text), .. }) if text == "unknown" => Fact::Unknown,
            // What does not convert has been reported; the result is not used then.
            Some(node) => convert(node, diagnostics).map_or(Fact::Unknown, Fact::Known),
        }
    }

    /// Reports every key that was never asked for.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for (key, span, _) in &self.table.entries {
            if !self.asked.contains(&key.as_str()) {
                let meant = did_you_mean(key, self.asked.iter().copied());
                let help = if meant.is_empty() {
                    format!("the keys here are {}", self.asked.join(", "))
                } else {
                    meant
                };
                diagnostics.at(Code::UnknownKey, *span, format!("unknown key `{key}`"), help);
            }
        }
    }
}

fn wrong_type(node: &Node, wanted: &str, diagnostics: &mut Diagnostics) {
    let found = match &node.value {
        Value::Text(_) => "a string",
        Value::Number(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date, or another kind of number",
        Value::Array(_) => "an array",
        Value::Table(_) => "a table",
    };
    diagnostics.at(
        Code::WrongType,
        node.span,
        format!("expected {wanted}, found {found}"),
        format!("write {wanted} here"),
    );
}

/// A string.
pub fn text(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        _ => {
            wrong_type(node, "a string", diagnostics);
            None
        }
    }
}

/// A string that is not empty.
pub fn name(node: &Node, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = text(node, diagnostics)?;
    if text.trim().is_empty() {
        diagnostics.at(
            Code::BadValue,
            node.span,
            "the string is empty",
            "write a name, or leave the key out",
        );
        return None;
    }
    Some(text)
}

/// `true` or `false`.
pub fn boolean(node: &Node, diagnostics: &mut Diagnostics) -> Option<bool> {
    match &node.value {
        Value::Boolean(value) => Some(*value),
        _ => {
            wrong_type(node, "true or false", diagnostics);
            None
        }
    }
}

/// A table.
pub fn as_table<'t>(node: &'t Node, diagnostics: &mut Diagnostics) -> Option<&'t Table> {
    match &node.value {
        Value::Table(table) => Some(table),
        _ => {
            wrong_type(node, "a table", diagnostics);
            None
        }
    }
}

/// An array.
pub fn as_array<'t>(node: &'t Node, diagnostics: &mut Diagnostics) -> Option<&'t [Node]> {
    match &node.value {
        Value::Array(items) => Some(items),
        _ => {
            wrong_type(node, "an array", diagnostics);
            None
        }
    }
}

/// A decimal in millionths, from a TOML number or a decimal string.
pub fn millionths(node: &Node, diagnostics: &mut Diagnostics) -> Option<u64> {
    let written = match &node.value {
        Value::Number(number) => number.strip_prefix('+').unwrap_or(number),
        Value::Text(text) => text,
        _ => {
            wrong_type(node, "a number", diagnostics);
            return None;
        }
    };
    match parse_millionths(written) {
        Ok(value) => Some(value),
        Err(fault) => {
            diagnostics.at(
                Code::BadNumber,
                node.span,
                format!("`{written}` {}", fault.reason()),
                fault.remedy(),
            );
            None
        }
    }
}

/// A whole number.
pub fn whole(node: &Node, diagnostics: &mut Diagnostics) -> Option<u64> {
    let value = millionths(node, diagnostics)?;
    if value % crate::units::MILLIONTHS != 0 {
        let fault = crate::units::NumberFault::NotWhole;
        diagnostics.at(
            Code::BadNumber,
            node.span,
            format!("`{}` {}", value_as_written(node), fault.reason()),
            fault.remedy(),
        );
        return None;
    }
    Some(value / crate::units::MILLIONTHS)
}

/// A number or string as the user wrote it.
fn value_as_written(node: &Node) -> &str {
    match &node.value {
        Value::Number(text) | Value::Text(text) | Value::Datetime(text) => text,
        Value::Boolean(_) | Value::Array(_) | Value::Table(_) => "",
    }
}

/// A date of a fact, see [`FactDate`].
pub fn date(node: &Node, diagnostics: &mut Diagnostics) -> Option<FactDate> {
    let (Value::Text(written) | Value::Datetime(written)) = &node.value else {
        wrong_type(node, "a date", diagnostics);
        return None;
    };
    let date = FactDate::parse(written);
    if date.is_none() {
        diagnostics.at(
            Code::BadValue,
            node.span,
            format!("`{written}` is not a date"),
            "write YYYY-MM-DD, or YYYY-MM if the day is not known",
        );
    }
    date
}

/// An array of strings.
pub fn texts(node: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<String>> {
    as_array(node, diagnostics)?.iter().map(|item| text(item, diagnostics)).collect()
}

/// An array of strings, each with its place.
pub fn spanned_texts(node: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<(String, Span)>> {
    as_array(node, diagnostics)?
        .iter()
        .map(|item| text(item, diagnostics).map(|text| (text, item.span)))
        .collect()
}

/// A quota's value: a whole number or `"unlimited"`.
pub fn limit(node: &Node, diagnostics: &mut Diagnostics) -> Option<Limit> {
    if matches!(&node.value, Value::Text(text) if text == "unlimited") {
        return Some(Limit::Unlimited);
    }
    whole(node, diagnostics).and_then(QuotaAmount::new).map(Limit::Amount)
}

/// What to write instead of a word that is none of a closed set: the one meant, where it can be told.
#[must_use]
pub fn choice_help(written: &str, allowed: &[&str]) -> String {
    // Of two or three letters `us` is near `eu`, and another thing.
    let is_long = written.chars().count() > 3;
    let near = || nearest(written, allowed.iter().copied()).filter(|_| is_long);
    let of_another_case = allowed.iter().copied().find(|word| word.eq_ignore_ascii_case(written.trim()));
    match of_another_case.or_else(near) {
        Some(word) => format!("write \"{word}\"; the allowed words are {}", allowed.join(", ")),
        None => format!("write one of {}", allowed.join(", ")),
    }
}

/// A word of an enum.
pub fn choice<T: FromStr<Err = UnknownWord>>(node: &Node, diagnostics: &mut Diagnostics) -> Option<T> {
    let written = text(node, diagnostics)?;
    match written.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            refuse_choice(node, &written, error.allowed(), diagnostics);
            None
        }
    }
}

/// One of a closed set of words.
pub fn choice_of<T: Copy>(node: &Node, words: &[(&str, T)], diagnostics: &mut Diagnostics) -> Option<T> {
    let written = text(node, diagnostics)?;
    let found = words.iter().find(|(word, _)| *word == written).map(|(_, value)| *value);
    if found.is_none() {
        let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        refuse_choice(node, &written, &allowed, diagnostics);
    }
    found
}

fn refuse_choice(node: &Node, written: &str, allowed: &[&str], diagnostics: &mut Diagnostics) {
    let help = choice_help(written, allowed);
    diagnostics.at(Code::BadChoice, node.span, format!("`{written}` is not allowed here"), help);
}
