//! The form of a case: one file of `tests/cases` that a person reads from top to bottom.
//!
//! ```text
//! # Why the case is there; comments stand above the first section.
//! $ quotaplan check 'our workloads.csv' --format table --format json=check.json
//! ==== input our workloads.csv
//! workload,model,scope
//! ==== input quotaplan.toml from inputs/two-teams.toml
//! ==== exit 1
//! ==== stdout
//! check failed: 1 error
//! ==== file check.json at /findings[code=legacy]
//! []
//! ```
//!
//! The text of a section is the bytes between its heading and the next one. A stream without a section must stay empty,
//! and a file without one must not be written. `from` names a file below `tests/cases` that holds the bytes instead: an
//! input that several cases share, or bytes that a text cannot show. `(no final newline)` behind a heading says that the
//! last line has no end. `limit` is the most bytes of an input. `==== $ quotaplan …` begins another run on a fresh copy of
//! the same inputs.
//!
//! A part of an output is pinned by what names it, once or several times; the rest may be anything:
//!
//! - `at /quotas/0/required`: what this JSON pointer leads to.
//! - `at /findings[code=legacy]`: the items of the array whose `code` is `legacy`, as an array; `[]` where none is.
//! - `at [legacy]`: of a text, each line that has these words, brackets included, with the lines below it that are
//!   indented more deeply: a finding with its sentences. Nothing where no line has them.
//! - `above What stands out`: of a text, the lines above the first that begins with these words.
//! - `columns model,required`: of a CSV, the columns with these names.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::part::Part;

/// What every heading begins with; no line of a text may.
const MARK: &str = "==== ";

/// Behind the heading of a text whose last line has no end.
const NO_END: &str = " (no final newline)";

/// The folder of the cases.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The names of all cases, sorted: the stems of the files that end in `.case`.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("tests/cases is there")
        .map(|entry| entry.expect("it can be listed").file_name().into_string().expect("names are UTF-8"))
        .filter_map(|name| name.strip_suffix(".case").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// A case as it is written.
pub(crate) struct Case {
    pub(crate) inputs: BTreeMap<String, Vec<u8>>,
    pub(crate) limit: Option<u64>,
    pub(crate) runs: Vec<Run>,
}

/// A run of the program, and what must come out.
pub(crate) struct Run {
    /// The text above the status: the command, and in the first run comments and inputs.
    given: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) status: String,
    pub(crate) pins: Vec<Pin>,
}

/// What a run writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Output {
    Stdout,
    Stderr,
    File(String),
}

/// An output that must be so, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pin {
    pub(crate) output: Output,
    pub(crate) part: Option<Part>,
    pub(crate) bytes: Vec<u8>,
}

struct Section<'t> {
    heading: &'t str,
    body: &'t str,
    /// Where the heading begins.
    start: usize,
}

/// The text above the first heading, and the sections.
fn sections(text: &str) -> (&str, Vec<Section<'_>>) {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(MARK) {
            starts.push(at);
        }
        at += line.len();
    }
    let head = &text[..starts.first().copied().unwrap_or(text.len())];
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let sections = starts.iter().zip(ends).map(|(&start, end)| {
        let (heading, body) = text[start + MARK.len()..end].split_once('\n').unwrap_or_default();
        Section { heading, body, start }
    });
    (head, sections.collect())
}

impl Case {
    /// Reads the case of a name.
    pub(crate) fn read(name: &str) -> Self {
        let path = folder().join(format!("{name}.case"));
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::parse(&text, &|file| {
            std::fs::read(folder().join(file)).map_err(|error| format!("{file}: {error}"))
        })
        .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
    }

    /// Reads a text; `fetch` reads the files that it names behind `from`.
    ///
    /// # Errors
    /// The first heading or line that is not of the form.
    pub(crate) fn parse(text: &str, fetch: &dyn Fn(&str) -> Result<Vec<u8>, String>) -> Result<Self, String> {
        if !text.ends_with('\n') {
            return Err("the last line has no end".to_owned());
        }
        let (head, sections) = sections(text);
        let mut case = Self { inputs: BTreeMap::new(), limit: None, runs: Vec::new() };
        let mut command = command_of(head)?;
        // Where the text of the run begins whose status is still to come.
        let mut given = Some(0);
        for Section { heading, body, start } in sections {
            let fault = |what: &str| Err(format!("`{MARK}{heading}`: {what}"));
            if let Some(first_line) = heading.strip_prefix("$ ") {
                if given.is_some() {
                    return fault("the run above it has no `exit`");
                }
                (command, given) = (format!("{first_line}\n{body}"), Some(start));
                continue;
            }
            let (words, has_end) = match heading.strip_suffix(NO_END) {
                Some(words) => (words, false),
                None => (heading, true),
            };
            let (words, part) = Part::of_heading(words);
            let (words, from) = match words.rsplit_once(" from ") {
                Some((words, file)) => (words, Some(file)),
                None => (words, None),
            };
            let bytes = match from {
                Some(_) if !body.is_empty() => return fault("the bytes are elsewhere, and a text follows"),
                Some(file) => fetch(file)?,
                None if has_end => body.as_bytes().to_vec(),
                None => body.strip_suffix('\n').unwrap_or_default().as_bytes().to_vec(),
            };
            let (word, rest) = words.split_once(' ').unwrap_or((words, ""));
            match (word, given) {
                ("input", Some(0)) if part.is_none() && !rest.is_empty() => {
                    if case.inputs.insert(rest.to_owned(), bytes).is_some() {
                        return fault("a second input of that name");
                    }
                }
                ("limit", Some(0)) if body.is_empty() => {
                    case.limit = Some(rest.parse().map_err(|_| format!("{rest} is no number of bytes"))?);
                }
                ("exit", Some(from)) if body.is_empty() => {
                    case.runs.push(Run {
                        given: text[from..start].to_owned(),
                        arguments: arguments(&command)?,
                        status: rest.to_owned(),
                        pins: Vec::new(),
                    });
                    given = None;
                }
                ("stdout" | "stderr" | "file", None) if rest.is_empty() != (word == "file") => {
                    let output = match word {
                        "stdout" => Output::Stdout,
                        "stderr" => Output::Stderr,
                        _ => Output::File(rest.to_owned()),
                    };
                    let pins = &mut case.runs.last_mut().expect("an `exit` came before").pins;
                    let is_twice = |pin: &Pin| {
                        pin.output == output && (pin.part.is_none() || part.is_none() || pin.part == part)
                    };
                    if pins.iter().any(is_twice) {
                        return fault("it is stated above");
                    }
                    pins.push(Pin { output, part, bytes });
                }
                _ => return fault("not a heading that may stand here"),
            }
        }
        if given.is_some() || case.runs.is_empty() {
            return Err("a run has no `exit`".to_owned());
        }
        Ok(case)
    }

    /// Writes the inputs below a folder.
    pub(crate) fn write_inputs(&self, folder: &Path) {
        for (name, bytes) in &self.inputs {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
            std::fs::write(path, bytes).expect("an input");
        }
    }
}

impl Run {
    /// The text of the run with other results: what is given stays as it is written. The files that the text names
    /// behind `from` are added to `elsewhere`, with their bytes.
    ///
    /// # Errors
    /// Where a part cannot be shown as text.
    pub(crate) fn rewritten(
        &self,
        case: &str,
        status: &str,
        pins: &[Pin],
        elsewhere: &mut BTreeMap<String, Vec<u8>>,
    ) -> Result<String, String> {
        let mut out = self.given.clone();
        writeln!(out, "{MARK}exit {status}").expect("a String takes all");
        for Pin { output, part, bytes } in pins {
            out.push_str(MARK);
            let name = match output {
                Output::Stdout => "stdout",
                Output::Stderr => "stderr",
                Output::File(path) => {
                    out.push_str("file ");
                    path
                }
            };
            out.push_str(name);
            match shown(bytes) {
                Some(text) => {
                    if let Some(part) = part {
                        write!(out, " {part}").expect("a String takes all");
                    }
                    let has_end = text.is_empty() || text.ends_with('\n');
                    out.push_str(if has_end { "\n" } else { NO_END });
                    out.push_str(if has_end { "" } else { "\n" });
                    out.push_str(text);
                    out.push_str(if has_end { "" } else { "\n" });
                }
                None if part.is_some() => return Err(format!("{name}: the part cannot be shown as text")),
                None => {
                    let file = format!("outputs/{case}/{name}");
                    writeln!(out, " from {file}").expect("a String takes all");
                    elsewhere.insert(file, bytes.clone());
                }
            }
        }
        Ok(out)
    }
}

/// The bytes as a text of a section, where a person sees all of it in one and no line is a heading.
pub(crate) fn shown(bytes: &[u8]) -> Option<&str> {
    let is_unseen = |character: char| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
            || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains(is_unseen) && !text.split('\n').any(|line| line.starts_with(MARK))).then_some(text)
}

/// The command above the first section: all else there is comments and blank lines.
fn command_of(head: &str) -> Result<String, String> {
    let mut command = String::new();
    for line in head.split_inclusive('\n') {
        if command.ends_with("\\\n") {
            command.push_str(line);
        } else if let Some(first_line) = line.strip_prefix("$ ") {
            if !command.is_empty() {
                return Err("a second command above the inputs".to_owned());
            }
            command.push_str(first_line);
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            return Err(format!("neither a comment nor the command: {line}"));
        }
    }
    Ok(command)
}

/// The arguments behind the program's name, split as a shell does it: `'…'` stands for itself, in `"…"` and outside a
/// backslash takes the next character for itself, or joins two lines. Nothing else is done, so what a shell would do
/// more is refused.
pub(crate) fn arguments(command: &str) -> Result<Vec<String>, String> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = command.trim_end_matches('\n').chars();
    let unended = || format!("a quote or a backslash without its end: {command}");
    while let Some(character) = characters.next() {
        match character {
            ' ' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or_else(unended)? {
                        '\'' => break,
                        other => word.push(other),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or_else(unended)? {
                        '"' => break,
                        '\\' => match characters.next().ok_or_else(unended)? {
                            taken @ ('"' | '\\' | '$' | '`') => word.push(taken),
                            other => word.extend(['\\', other]),
                        },
                        active @ ('$' | '`') => {
                            return Err(format!("{active} needs single quotes: {command}"));
                        }
                        other => word.push(other),
                    }
                }
            }
            '\\' => match characters.next().ok_or_else(unended)? {
                '\n' => words.extend(word.take()),
                taken => word.get_or_insert_default().push(taken),
            },
            '\n' | '\t' | '$' | '`' | '*' | '?' | '[' | '~' | '#' | '&' | ';' | '|' | '<' | '>' | '('
            | ')' => {
                return Err(format!("{character:?} needs single quotes: {command}"));
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    match words.first().map(String::as_str) {
        Some("quotaplan") => Ok(words.split_off(1)),
        _ => Err(format!("not a command of quotaplan: {command}")),
    }
}
