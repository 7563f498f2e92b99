//! The part of an output that a case pins, so that what the case is not about may change.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use serde_json::value::RawValue;

/// A part of an output, as a heading names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// `at /quotas/0`: what a JSON pointer leads to.
    Json(String),
    /// `at /findings[code=legacy]`: the items of a JSON array that have a text under a key, as an array.
    Items { pointer: String, key: String, text: String },
    /// `at [legacy]`: of a text, each line with these words, and the lines below it that are indented more deeply.
    Lines(String),
    /// `above What stands out`: of a text, the lines above the first that begins with these words.
    Above(String),
    /// `columns code,required`: of a CSV, the columns with these names.
    Columns(Vec<String>),
}

impl Part {
    /// Takes the part off the words of a heading.
    pub(crate) fn of_heading(words: &str) -> (&str, Option<Self>) {
        if let Some((words, names)) = words.rsplit_once(" columns ") {
            return (words, Some(Self::Columns(names.split(',').map(str::to_owned).collect())));
        }
        if let Some((words, end)) = words.rsplit_once(" above ") {
            return (words, Some(Self::Above(end.to_owned())));
        }
        match words.rsplit_once(" at ") {
            Some((words, at)) if at.starts_with('/') => (words, Some(Self::at(at))),
            Some((words, at)) if at.starts_with('[') && at.ends_with(']') => {
                (words, Some(Self::Lines(at.to_owned())))
            }
            _ => (words, None),
        }
    }

    fn at(at: &str) -> Self {
        let chosen = at.strip_suffix(']').and_then(|at| at.rsplit_once('['));
        match chosen.and_then(|(pointer, choice)| Some((pointer, choice.split_once('=')?))) {
            Some((pointer, (key, text))) => {
                Self::Items { pointer: pointer.to_owned(), key: key.to_owned(), text: text.to_owned() }
            }
            None => Self::Json(at.to_owned()),
        }
    }

    /// The part as the output writes it.
    ///
    /// # Errors
    /// Why the output has no such part.
    pub(crate) fn of(&self, output: &[u8]) -> Result<Vec<u8>, String> {
        let text = std::str::from_utf8(output).map_err(|_| "the output is no text".to_owned())?;
        match self {
            Self::Json(pointer) => Ok(less_indented(text, at_pointer(text, pointer)?) + "\n"),
            Self::Items { pointer, key, text: wanted } => {
                let items = at_pointer(text, pointer)?;
                let items: Vec<&RawValue> =
                    serde_json::from_str(items).map_err(|_| format!("{pointer} is no array"))?;
                let has_it = |item: &&RawValue| {
                    let item: Option<Value> = serde_json::from_str(item.get()).ok();
                    item.as_ref().and_then(|item| item.get(key)?.as_str()) == Some(wanted)
                };
                let chosen = items.into_iter().filter(has_it);
                let shown: Vec<String> = chosen
                    .map(|item| format!("\n{}", less_indented(text, item.get())).replace('\n', "\n  "))
                    .collect();
                Ok(if shown.is_empty() { "[]\n".to_owned() } else { format!("[{}\n]\n", shown.join(",")) })
            }
            Self::Lines(words) => Ok(lines_with(text, words)),
            Self::Above(end) => above(text, end),
            Self::Columns(names) => columns(text, names),
        }
        .map(String::into_bytes)
    }
}

/// As a heading names it.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(pointer) => write!(f, "at {pointer}"),
            Self::Items { pointer, key, text } => write!(f, "at {pointer}[{key}={text}]"),
            Self::Lines(words) => write!(f, "at {words}"),
            Self::Above(end) => write!(f, "above {end}"),
            Self::Columns(names) => write!(f, "columns {}", names.join(",")),
        }
    }
}

/// The text of what a pointer leads to, within the text of its document.
fn at_pointer<'d>(document: &'d str, pointer: &str) -> Result<&'d str, String> {
    let whole: &RawValue =
        serde_json::from_str(document).map_err(|error| format!("the output is no JSON: {error}"))?;
    let inner = |text: &'d str, token: &str| -> Option<&'d str> {
        if text.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            Some(items.get(token.parse::<usize>().ok()?)?.get())
        } else {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            Some(members.get(token)?.get())
        }
    };
    let mut tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
    let found = tokens.try_fold(whole.get(), |text, token| inner(text, &token));
    found.ok_or_else(|| format!("the output has no {pointer}"))
}

/// A piece of a text, less the indentation of the line in which it begins.
fn less_indented(text: &str, piece: &str) -> String {
    let before = &text[..piece.as_ptr().addr() - text.as_ptr().addr()];
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    piece.replace(&format!("\n{}", " ".repeat(indentation(line))), "\n")
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn lines_with(text: &str, words: &str) -> String {
    // The indentation of the line with the words, while the lines below it belong to it.
    let mut within: Option<usize> = None;
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        if within.is_none_or(|outer| indentation(line) <= outer) {
            within = line.contains(words).then(|| indentation(line));
        }
        if within.is_some() {
            out.push_str(line);
        }
    }
    out
}

fn above(text: &str, end: &str) -> Result<String, String> {
    let above: usize =
        text.split_inclusive('\n').take_while(|line| !line.starts_with(end)).map(str::len).sum();
    let is_there = above < text.len();
    if is_there { Ok(text[..above].to_owned()) } else { Err("no line of the output begins so".to_owned()) }
}

fn columns(text: &str, names: &[String]) -> Result<String, String> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut records = reader.records().map(|record| record.map_err(|error| format!("no CSV: {error}")));
    let header = records.next().ok_or("the output is empty")??;
    let place = |name: &String| {
        header.iter().position(|column| column == name).ok_or(format!("the output has no column {name}"))
    };
    let places: Vec<usize> = names.iter().map(place).collect::<Result<_, _>>()?;
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    for record in [Ok(header)].into_iter().chain(records) {
        let record = record?;
        let cells = places.iter().map(|&place| record.get(place).unwrap_or_default());
        writer.write_record(cells).map_err(|error| error.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}
