//! Markdown for a document or a comment; names cannot break a table or start markup.

use crate::report::{Block, Entry, Note, View};
use crate::text::plain::{markdown as escape, markdown_line, one_line, without_bracket_commands};

pub(super) fn render(view: &View) -> String {
    let mut out = String::new();
    for block in &view.blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading(text) => out.push_str(&format!("## {}\n", escape(text))),
            Block::Paragraph(text) => out.push_str(&format!("{}\n", markdown_line(text))),
            Block::Table { columns, rows } => out.push_str(&table_lines(columns, rows).concat()),
            Block::Entries(entries) => entries.iter().for_each(|entry| self::entry(&mut out, entry)),
            Block::Verbatim(text) => verbatim(&mut out, text),
            Block::Notes(notes) => notes.iter().for_each(|note| self::note(&mut out, note)),
        }
    }
    out
}

/// A block of code: indented, so that nothing in it ends it.
fn verbatim(out: &mut String, text: &str) {
    for line in text.lines() {
        out.push_str(format!("    {}", without_bracket_commands(&one_line(line))).trim_end());
        out.push('\n');
    }
}

/// A table's lines: its titles, the rule under them, and its rows.
pub(super) fn table_lines(columns: &[(&'static str, bool)], rows: &[Vec<String>]) -> Vec<String> {
    let titles: Vec<String> = columns.iter().map(|(title, _)| title.replace('\n', " ")).collect();
    let rules: Vec<&str> = columns.iter().map(|(_, right)| if *right { "---:" } else { "---" }).collect();
    let head = [format!("| {} |\n", titles.join(" | ")), format!("| {} |\n", rules.join(" | "))];
    let rows = rows.iter().map(|row| {
        let cells = row.iter().map(|cell| cell.split('\n').map(escape).collect::<Vec<_>>().join("<br>"));
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    });
    head.into_iter().chain(rows).collect()
}

fn entry(out: &mut String, entry: &Entry) {
    let colon = if entry.value.is_empty() { "" } else { ": " };
    out.push_str(&format!("- **{}**{colon}{}\n", escape(&entry.label), escape(&entry.value)));
    for note in &entry.notes {
        out.push_str(&format!("  - {}\n", markdown_line(note)));
    }
}

fn note(out: &mut String, note: &Note) {
    let place = if note.place.is_empty() { String::new() } else { format!(" {}", escape(&note.place)) };
    out.push_str(&format!("- **{}** `{}`{place}: {}", note.severity.as_str(), note.code, escape(&note.text)));
    if !note.help.is_empty() {
        out.push_str(&format!(" *{}*", escape(&note.help)));
    }
    out.push('\n');
}
