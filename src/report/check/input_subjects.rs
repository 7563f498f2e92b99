//! What a diagnostic about an input is about, without positions or words: a row and a column, or the path of a key.
//!
//! By it a finding is recognised when lines have moved or its message is worded anew. It judges nothing.

use std::collections::BTreeMap;

use crate::text::table::{self, head};
use crate::text::{Diagnostic, Diagnostics, FileId, Place, Sources, Span, json, tree};

/// The column that names a row.
const NAME: &str = "workload";

/// Longest name that a subject repeats, in bytes.
const LONGEST: usize = 200;

/// The subject of each diagnostic: `chat max_tokens` or `row 3 max_tokens` of a table, `column max_tokens` of its
/// header, `granted.L-58BE175A` of a configuration. `delimiter` is that of the tables, where one was named. `None` where it is about a file as a whole, or about one that
/// cannot be read so far.
#[must_use]
pub fn input_subjects(
    sources: &Sources,
    diagnostics: &[Diagnostic],
    delimiter: Option<u8>,
) -> Vec<Option<String>> {
    let mut subjects = vec![None; diagnostics.len()];
    let mut by_file: BTreeMap<FileId, Vec<(Span, usize)>> = BTreeMap::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if let Place::Span(span) = diagnostic.place {
            by_file.entry(span.file).or_default().push((span, index));
        }
    }
    for (file, mut spans) in by_file {
        // Nothing is quoted of a file that a link led to.
        let Some(source) = sources.file(file).filter(|source| !source.is_concealed()) else { continue };
        spans.sort_by_key(|(span, _)| span.start);
        let text = source.text();
        let mut found = |index: usize, subject: String| {
            if let Some(place) = subjects.get_mut(index) {
                *place = Some(subject).filter(|subject| !subject.is_empty());
            }
        };
        let name = source.name();
        if has_ending(name, ".json") {
            if let Ok(root) = json::parse(file, text) {
                spans.iter().for_each(|(span, index)| found(*index, json_path(&root, *span)));
            }
        } else if has_ending(name, ".toml") || is_configuration(text) {
            if let Some(root) = tree::parse(file, text, &mut Diagnostics::new()) {
                let narrowest = vec![usize::MAX; spans.len()];
                Paths { places: &spans, narrowest, path: Vec::new(), found }.table(&root);
            }
        } else {
            cells(text, delimiter, &spans, found);
        }
    }
    subjects
}

/// Whether a text begins as a configuration does, which may have any name: with a table or a key, where a table of
/// rows has its header.
fn is_configuration(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let is_key = |key: &str| !key.contains([',', ';', '\t']) && !key.trim().eq_ignore_ascii_case("sep");
    first.starts_with('[') || first.split_once('=').is_some_and(|(key, _)| is_key(key))
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.len() >= ending.len()
        && name.get(name.len() - ending.len()..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.start <= outer.end
}

/// Gives each place of a TOML file, which come in its order, the keys on the way to it and the numbers of items, from 1.
///
/// The tree is walked once. The keys of a table may stand in several parts of a file, so each key and value looks for
/// the places within itself; of several the narrowest counts.
struct Paths<'t, F> {
    places: &'t [(Span, usize)],
    /// The length of the narrowest part that each place was found in so far.
    narrowest: Vec<usize>,
    path: Vec<String>,
    found: F,
}

impl<F: FnMut(usize, String)> Paths<'_, F> {
    fn table(&mut self, table: &tree::Table) {
        for (key, at, node) in &table.entries {
            self.path.push(key.clone());
            self.within(*at);
            self.node(node);
            self.path.pop();
        }
    }

    fn node(&mut self, node: &tree::Node) {
        self.within(node.span);
        match &node.value {
            tree::Value::Table(table) => {
                self.within(table.span);
                self.table(table);
            }
            tree::Value::Array(items) => {
                for (number, item) in (1_usize..).zip(items) {
                    self.path.push(number.to_string());
                    self.node(item);
                    self.path.pop();
                }
            }
            tree::Value::Text(_)
            | tree::Value::Number(_)
            | tree::Value::Boolean(_)
            | tree::Value::Datetime(_) => {}
        }
    }

    /// The places in a part of the file have the present path.
    fn within(&mut self, part: Span) {
        let first = self.places.partition_point(|(place, _)| place.start < part.start);
        let narrowest = self.narrowest.get_mut(first..).unwrap_or_default();
        let places = self.places.get(first..).unwrap_or_default().iter().zip(narrowest);
        let length = part.end.saturating_sub(part.start);
        for ((_, index), narrowest) in places.take_while(|((place, _), _)| place.start <= part.end) {
            if length <= *narrowest {
                *narrowest = length;
                (self.found)(*index, self.path.join("."));
            }
        }
    }
}

/// The same in JSON.
fn json_path(node: &json::Node, at: Span) -> String {
    let (mut path, mut node) = (Vec::new(), node);
    loop {
        match &node.value {
            json::Value::Object(entries) => {
                let inside =
                    |(_, key, node): &&(String, Span, json::Node)| holds(*key, at) || holds(node.span, at);
                let Some((key, _, next)) = entries.iter().find(inside) else { break };
                path.push(key.clone());
                node = next;
            }
            json::Value::Array(items) => {
                let Some(item) = items.iter().position(|item| holds(item.span, at)) else { break };
                path.push((item + 1).to_string());
                let Some(next) = items.get(item) else { break };
                node = next;
            }
            _ => break,
        }
    }
    path.join(".")
}

/// Rows and columns of places in a table, which come in its order; the header is read as its reader read it.
fn cells(text: &str, delimiter: Option<u8>, spans: &[(Span, usize)], mut found: impl FnMut(usize, String)) {
    let Ok(head::Start { at: header, delimiter }) = head::start(text, delimiter) else { return };
    let delimiter =
        delimiter.unwrap_or_else(|| head::sniff_delimiter(text.get(header..).unwrap_or_default()));
    let mut fields = table::fields(text, header, delimiter);
    let content = |field: &table::Field| text.get(table::trimmed_range(text, *field)).unwrap_or_default();
    let names: Vec<&str> = fields.iter().map(content).collect();
    let name_column = names.iter().position(|name| table::columns::is_name_of(NAME, name));
    let mut row = 0_usize;
    for (span, index) in spans {
        // A diagnostic may point at the end of the text.
        while let Some(last) = fields.last().filter(|last| last.end < span.start) {
            let next = table::record_start(text.as_bytes(), last.end);
            if next >= text.len() || next > span.start {
                break;
            }
            row += 1;
            fields = table::fields(text, next, delimiter);
        }
        let column = fields.partition_point(|field| field.end < span.start);
        let is_inside = fields.get(column).is_some_and(|field| field.start <= span.start);
        let column = names.get(column).copied().filter(|_| is_inside);
        let own = name_column.and_then(|column| fields.get(column)).map(content);
        // What an open quote swallows is no name.
        let is_name =
            |name: &&str| !name.is_empty() && name.len() <= LONGEST && !name.contains(char::is_control);
        let subject = match (row, own.filter(is_name), column.filter(is_name)) {
            (0, _, Some(column)) => format!("column {column}"),
            (0, _, None) => String::new(),
            (_, Some(name), Some(column)) => format!("{name} {column}"),
            (_, Some(name), None) => name.to_owned(),
            (row, None, Some(column)) => format!("row {row} {column}"),
            (row, None, None) => format!("row {row}"),
        };
        found(*index, subject);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::input_subjects;
    use crate::text::{Code, Diagnostics, SourceFile, Sources, Span};

    /// What a diagnostic at the first place where a text stands is about.
    fn subject(name: &str, text: &str, at: &str) -> Option<String> {
        let mut sources = Sources::new();
        let file = sources.add(SourceFile::new(name, text));
        let start = text.find(at).unwrap();
        let mut diagnostics = Diagnostics::new();
        diagnostics.at(Code::BadValue, Span { file, start, end: start + at.len() }, "m", "h");
        input_subjects(&sources, &diagnostics.into_sorted(), None).remove(0)
    }

    #[test]
    fn a_cell_is_its_row_and_column() {
        let table = "# c\nWorkload;model,x;max_tokens\r\n\r\n\"a;\nb\";m;1\nchat;n;2\n;o;3\n";
        for (at, wanted) in [
            ("max_tokens", "column max_tokens"),
            ("1\n", "row 1 max_tokens"),
            ("2\n", "chat max_tokens"),
            ("n;", "chat model,x"),
            ("o;", "row 3 model,x"),
        ] {
            assert_eq!(subject("w.csv", table, at).as_deref(), Some(wanted), "{at:?}");
        }
    }

    #[test]
    fn a_value_is_the_path_of_its_keys() {
        let toml = "a = 1\n[granted]\n\"L-1\" = 5\n[[scenario]]\nname = \"x\"\n[[scenario]]\nname = \"y\"\n\
                    [[scenario.change]]\nset = { rate = \"*2\" }\n";
        for (at, wanted) in
            [("5", "granted.L-1"), ("\"y\"", "scenario.2.name"), ("\"*2\"", "scenario.2.change.1.set.rate")]
        {
            assert_eq!(subject("q.toml", toml, at).as_deref(), Some(wanted), "{at}");
        }
        let json = "{\"a\": [{\"b\": 1}, {\"b\": 22}]}";
        assert_eq!(subject("b.json", json, "22").as_deref(), Some("a.2.b"));
        assert_eq!(subject("q.toml", "a = = 1\n", "= 1"), None, "no syntax, no path");
        assert_eq!(subject("other.conf", toml, "5").as_deref(), Some("granted.L-1"), "by its text");
        // The keys of a table may stand in two places.
        let split = "[a.x]\nk = 1\n[b]\nk = 2\n[a.y]\nk = 3\n[a.z.w]\nk = [{ v = 4 }]\n";
        for (at, wanted) in [("1", "a.x.k"), ("2", "b.k"), ("3", "a.y.k"), ("4", "a.z.w.k.1.v")] {
            assert_eq!(subject("q.toml", split, at).as_deref(), Some(wanted), "{at}");
        }
    }
}
