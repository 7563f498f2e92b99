//! Lines and columns are those an editor shows, counted here character by character.

use proptest::prelude::*;
use quotaplan::text::{Code, Diagnostics, Place, SourceFile, Sources, decode};
use quotaplan::workload::{Column, ReadOptions, parse};

use super::cases;
use super::settings::table;

/// Line and column, from 1.
type At = (usize, usize);

/// A text being written, and where its end is.
struct Page {
    text: String,
    line: usize,
    column: usize,
}

impl Page {
    fn at(&self) -> At {
        (self.line, self.column)
    }

    fn write(&mut self, text: &str) {
        for character in text.chars() {
            // The line feed of a pair ends no second line.
            let pair = character == '\n' && self.text.ends_with('\r');
            self.text.push(character);
            if pair {
                continue;
            }
            if matches!(character, '\n' | '\r') {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
    }
}

/// A part of a file.
#[derive(Debug, Clone)]
enum Part {
    /// Nothing, or blanks.
    Blank(&'static str),
    Comment(&'static str),
    Row {
        name: &'static str,
        lines: bool,
        team: &'static str,
        fault: Option<Fault>,
    },
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    Number,
    Model,
    Missing,
    Negative,
}

fn part() -> impl Strategy<Value = Part> {
    let name = prop::sample::select(vec!["chat", "équipe", "日本", "a, b", "\t"]);
    let team = prop::sample::select(vec!["", "sales", "Ünïted 🚀", " x "]);
    let faults = [Fault::Number, Fault::Model, Fault::Missing, Fault::Negative];
    let fault = prop::option::of(prop::sample::select(faults.to_vec()));
    prop_oneof![
        prop::sample::select(vec!["", " ", "\t "]).prop_map(Part::Blank),
        prop::sample::select(vec!["", " note", " l’été, \"quoted", "#"]).prop_map(Part::Comment),
        (name, any::<bool>(), team, fault).prop_map(|(name, lines, team, fault)| Part::Row {
            name,
            lines,
            team,
            fault
        }),
    ]
}

/// What the test expects of a file.
#[derive(Debug, Default, PartialEq)]
struct Wanted {
    rows: Vec<At>,
    inputs: Vec<At>,
    faults: Vec<(At, Code)>,
}

const HEADER: &str = "team,workload,model,scope,requests_per_minute,input_tokens,output_tokens";

/// Writes a file; the first field of each row is quoted where it holds a delimiter or a line end.
fn page(parts: &[Part], before: usize, end: &str) -> (String, Wanted) {
    let mut page = Page { text: String::new(), line: 1, column: 1 };
    let mut wanted = Wanted::default();
    for (index, part) in parts.iter().enumerate() {
        if index == before {
            page.write(HEADER);
            page.write(end);
        }
        match part {
            Part::Blank(blanks) => page.write(blanks),
            Part::Comment(text) => page.write(&format!("#{text}")),
            Part::Row { .. } if index < before => {}
            Part::Row { name, lines, team, fault } => {
                wanted.rows.push(page.at());
                row(&mut page, (index, name), *lines, team, *fault, end, &mut wanted);
            }
        }
        page.write(end);
    }
    (page.text, wanted)
}

fn row(
    page: &mut Page,
    (index, name): (usize, &str),
    lines: bool,
    team: &str,
    fault: Option<Fault>,
    end: &str,
    wanted: &mut Wanted,
) {
    let broken = if lines { format!("{end}{end}second line") } else { String::new() };
    page.write(&format!("{team},\"{name} {index} \"\"so\"\"{broken}\","));
    let mut cell = |page: &mut Page, own: Fault, good: &str, bad: &str, code: Code| {
        // Blanks around a value are not part of it.
        let is_bad = fault == Some(own);
        let written = if is_bad { bad } else { good };
        if !written.is_empty() {
            page.write(" ");
        }
        let at = page.at();
        if is_bad {
            wanted.faults.push((at, code));
        }
        page.write(written);
        at
    };
    cell(page, Fault::Model, "sonnet-4.5", "sonet-9", Code::UnknownModel);
    page.write(",us,");
    cell(page, Fault::Negative, "1.5", "-1", Code::BadNumber);
    page.write(",");
    let at = cell(page, Fault::Number, "1_000", "1000 t", Code::BadNumber);
    wanted.inputs.push(at);
    page.write(" ,");
    cell(page, Fault::Missing, "10", "", Code::MissingValue);
}

/// What the product says of a file.
fn found(text: &str, mark: bool) -> Wanted {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    sources.add(SourceFile::new("another", "file"));
    let bytes = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    let name = "workloads.csv";
    let file = decode(&mut sources, name, bytes.into_bytes(), &mut diagnostics).unwrap();
    let set = parse(&sources, file, table(), &ReadOptions::default(), &mut diagnostics);
    let at = |span| {
        let (file, position) = sources.locate(span).unwrap();
        assert_eq!(file, name);
        (position.line, position.column)
    };
    let mut found = Wanted::default();
    for diagnostic in diagnostics.into_sorted() {
        if let Place::Span(span) = diagnostic.place {
            found.faults.push((at(span), diagnostic.code));
        }
    }
    if let Some(set) = set {
        for row in set.rows().iter() {
            let (line, _) = at(set.start(row));
            assert_eq!(line, set.line(&sources, row));
            found.rows.push(at(set.start(row)));
            found.inputs.push(at(set.cell(&sources, row, Column::InputTokens).unwrap()));
        }
    }
    found
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn lines_and_columns_are_those_of_an_editor(
        parts in prop::collection::vec(part(), 1..12),
        before in 0_usize..4,
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        mark in any::<bool>(),
    ) {
        let (text, wanted) = page(&parts, before.min(parts.len() - 1), end);
        let found = found(&text, mark);
        if wanted.faults.is_empty() {
            let none = wanted.rows.is_empty();
            prop_assert_eq!(&found.faults, &vec![], "{:?}", text);
            prop_assert_eq!(none, found.rows.is_empty());
            prop_assert_eq!(found, wanted, "{:?}", text);
        } else {
            prop_assert_eq!(&found.faults, &wanted.faults, "{:?}", text);
            prop_assert!(found.rows.is_empty());
        }
    }
}
