//! A record as fields with names: the columns of a query's result, and the keys of a JSON object.
//!
//! The names are those of the record, alone or behind `input.` and `output.`, in any case: Athena's JSON reader
//! writes them in lower case, CloudWatch Logs Insights as they stand in the record.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

/// What a field holds, whatever its name in the form at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The record's own time.
    Timestamp,
    /// When CloudWatch Logs took the record in, in UTC.
    Logged,
    Model,
    Region,
    Error,
    Input,
    CacheRead,
    CacheWrite,
    Output,
    /// The request's body.
    Body,
    /// Where a body lies that is too long for the record.
    Elsewhere,
    /// The answer's body.
    Answer,
    /// A max_tokens that a query took out of the body.
    Limit,
    /// The whole record as text.
    Message,
    /// What stands below `input` or `output`, as JSON or as the text of a structure.
    Part,
}

const SLOTS: usize = 15;

/// A field's value, with its place.
#[derive(Debug, Clone)]
pub(crate) struct Value<'l> {
    pub(crate) text: Cow<'l, str>,
    /// Bytes in the text that was read.
    pub(crate) at: Range<usize>,
    /// Whether it is written as text, rather than as a number or another value of JSON.
    pub(crate) is_text: bool,
}

/// The fields of a record; of two with the same meaning the first.
#[derive(Debug, Default)]
pub(crate) struct Fields<'l> {
    slots: [Option<Value<'l>>; SLOTS],
    /// The place of a part that could not be read.
    pub(crate) unreadable: Option<Range<usize>>,
}

impl<'l> Fields<'l> {
    pub(crate) fn get(&self, slot: Slot) -> Option<&Value<'l>> {
        self.slots.get(slot as usize).and_then(Option::as_ref)
    }

    pub(crate) fn has(&self, slot: Slot) -> bool {
        self.get(slot).is_some()
    }

    pub(crate) fn put(&mut self, slot: Slot, value: Value<'l>) {
        if let Some(place @ None) = self.slots.get_mut(slot as usize) {
            *place = Some(value);
        }
    }

    /// Takes a value of JSON in; `null` is as good as absent.
    pub(super) fn put_json(&mut self, slot: Slot, text: &str, raw: Option<&'l RawValue>) {
        let Some(raw) = raw.filter(|raw| raw.get() != "null") else { return };
        let at = place(text, raw.get());
        let value = match slot {
            // Bodies are read as they stand.
            Slot::Body | Slot::Answer => Value { text: Cow::Borrowed(raw.get()), at, is_text: false },
            _ => match unquoted(raw.get()) {
                Some(text) => Value { text, at, is_text: true },
                None => Value { text: Cow::Borrowed(raw.get()), at, is_text: false },
            },
        };
        self.put(slot, value);
    }

    /// Takes the cell of a table, or a query's value, in; an empty one is absent.
    pub(crate) fn put_cell(&mut self, name: &str, text: Cow<'l, str>, at: Range<usize>) {
        let Some(slot) = slot(name) else { return };
        if matches!(text.trim(), "" | "null" | "NULL") {
            return;
        }
        if slot != Slot::Part {
            self.put(slot, Value { text, at, is_text: true });
            return;
        }
        if !self.put_part(name, &text, &at) {
            self.unreadable.get_or_insert(at);
        }
    }

    /// Takes in what stands below `input` or `output` as text: JSON, or `{inputtokencount=120, ...}` as Athena
    /// writes a structure.
    fn put_part(&mut self, name: &str, text: &str, at: &Range<usize>) -> bool {
        if let Ok(keys) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
            for (key, raw) in keys {
                let name = format!("{name}.{key}");
                let Some(slot) = slot(&name).filter(|slot| *slot != Slot::Part) else { continue };
                if raw.get() == "null" {
                    continue;
                }
                let is_body = matches!(slot, Slot::Body | Slot::Answer);
                let inner = unquoted(raw.get()).filter(|_| !is_body);
                let is_text = inner.is_some();
                let text = inner.unwrap_or(Cow::Borrowed(raw.get())).into_owned();
                self.put(slot, Value { text: Cow::Owned(text), at: at.clone(), is_text });
            }
            return true;
        }
        if !text.starts_with('{') || !text.ends_with('}') {
            return false;
        }
        let names = [
            (Slot::Input, "inputtokencount="),
            (Slot::CacheRead, "cachereadinputtokencount="),
            (Slot::CacheWrite, "cachewriteinputtokencount="),
            (Slot::Output, "outputtokencount="),
        ];
        let lower = text.to_ascii_lowercase();
        for (slot, name) in names {
            let starts =
                |at: &usize| matches!(lower.as_bytes().get(at.wrapping_sub(1)), Some(b'{' | b' ' | b','));
            let mut found = lower.match_indices(name).map(|(at, _)| at).filter(starts);
            let Some(start) = found.next() else { continue };
            // A body that holds the same words makes it unclear which of them counts.
            if found.next().is_some() {
                return false;
            }
            let value = text.get(start + name.len()..).unwrap_or_default();
            let value = value.split([',', '}']).next().unwrap_or_default().trim();
            if !value.is_empty() && value != "null" {
                let text = Cow::Owned(value.to_owned());
                self.put(slot, Value { text, at: at.clone(), is_text: true });
            }
        }
        true
    }

    /// The keys of a JSON object that is no record as Bedrock writes it.
    pub(super) fn of_object(text: &'l str) -> Option<Self> {
        let keys: BTreeMap<String, &'l RawValue> = serde_json::from_str(text).ok()?;
        let mut fields = Self::default();
        for (name, raw) in keys {
            let Some(slot) = slot(&name) else { continue };
            match slot {
                Slot::Part => {
                    let inner = unquoted(raw.get()).unwrap_or(Cow::Borrowed(raw.get()));
                    let at = place(text, raw.get());
                    if raw.get() != "null" && !fields.put_part(&name, &inner, &at) {
                        fields.unreadable.get_or_insert(at);
                    }
                }
                slot => fields.put_json(slot, text, Some(raw)),
            }
        }
        Some(fields)
    }
}

/// Whether the names of a table's columns are those of a log.
pub(crate) fn is_log(names: &[&str]) -> bool {
    let slots: Vec<Slot> = names.iter().filter_map(|name| slot(name)).collect();
    let counts = [Slot::Input, Slot::Part];
    slots.contains(&Slot::Message)
        || (slots.contains(&Slot::Model) && slots.iter().any(|slot| counts.contains(slot)))
}

/// What a field of a name holds.
fn slot(name: &str) -> Option<Slot> {
    let name: String = name.chars().filter(|c| !matches!(c, '_' | ' ' | '`' | '"')).collect();
    let name = name.to_ascii_lowercase();
    if let Some(path) = name.rsplit_once('.').filter(|(path, _)| path.contains("inputbodyjson")) {
        return is_limit(path.1).then_some(Slot::Limit);
    }
    let below = name.strip_prefix("input.").or_else(|| name.strip_prefix("output."));
    Some(match below.unwrap_or(&name) {
        "timestamp" | "time" | "eventtime" => Slot::Timestamp,
        "@timestamp" => Slot::Logged,
        "message" | "@message" => Slot::Message,
        "modelid" => Slot::Model,
        "region" | "awsregion" => Slot::Region,
        "errorcode" => Slot::Error,
        "inputtokencount" | "inputtokens" => Slot::Input,
        "cachereadinputtokencount" | "cachereadinputtokens" | "cachereadtokens" => Slot::CacheRead,
        "cachewriteinputtokencount" | "cachewriteinputtokens" | "cachewritetokens" => Slot::CacheWrite,
        "outputtokencount" | "outputtokens" => Slot::Output,
        "inputbodyjson" => Slot::Body,
        "inputbodys3path" => Slot::Elsewhere,
        "outputbodyjson" => Slot::Answer,
        "input" | "output" => Slot::Part,
        other if is_limit(other) => Slot::Limit,
        _ => return None,
    })
}

/// Whether a name is that of a limit of the output, see [`super::limit`].
fn is_limit(name: &str) -> bool {
    matches!(
        name,
        "maxtokens"
            | "maxcompletiontokens"
            | "maxoutputtokens"
            | "maxnewtokens"
            | "maxgenlen"
            | "maxtokenstosample"
            | "maxtokencount"
    )
}

/// The text that a JSON string stands for; `None` where the value is no string.
pub(super) fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(raw).ok().map(Cow::Owned)
}

/// The place of a part of a text, which its address shows.
pub(super) fn place(text: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + part.len()
}
