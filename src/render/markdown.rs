//! Markdown for a document or a comment; names cannot break a table or start markup.

use std::io::{self, Write};

use super::{cell, chart};
use crate::report::{BlockOf, Cell, Column, Entry, Note};
use crate::text::plain::{markdown as escape, markdown_line, one_line, without_bracket_commands};

pub(super) fn write(blocks: &[BlockOf<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut is_begun = false;
    for block in blocks {
        if is_begun {
            out.write_all(b"\n")?;
        }
        let mut take = |lines: &str| {
            is_begun |= !lines.is_empty();
            out.write_all(lines.as_bytes())
        };
        match block {
            BlockOf::Heading(text) => take(&format!("## {}\n", escape(text)))?,
            BlockOf::Paragraph(text) => take(&format!("{}\n", markdown_line(text)))?,
            BlockOf::Table { columns, rows } => {
                take(&table_head(columns).concat())?;
                rows.iter().try_for_each(|row| take(&table_row(&row)))?;
            }
            BlockOf::Chart(chart) => take(&verbatim(&chart::lines(chart).join("\n")))?,
            BlockOf::Entries(entries) => entries.iter().try_for_each(|one| take(&entry(one)))?,
            BlockOf::Verbatim(text) => take(&verbatim(text))?,
            BlockOf::Notes(notes) => notes.iter().try_for_each(|one| take(&note(one)))?,
        }
    }
    Ok(())
}

/// A block of code: indented, so that nothing in it ends it.
fn verbatim(text: &str) -> String {
    let line =
        |line| format!("    {}", without_bracket_commands(&one_line(line))).trim_end().to_owned() + "\n";
    text.lines().map(line).collect()
}

/// A table's titles and the rule under them.
pub(super) fn table_head(columns: &[Column]) -> [String; 2] {
    let titles: Vec<String> = columns.iter().map(|column| column.title.replace('\n', " ")).collect();
    let rules: Vec<&str> =
        columns.iter().map(|column| if column.holds_numbers { "---:" } else { "---" }).collect();
    [format!("| {} |\n", titles.join(" | ")), format!("| {} |\n", rules.join(" | "))]
}

/// The line of a row.
pub(super) fn table_row(row: &[Cell]) -> String {
    let cells =
        row.iter().map(|cell| cell::text(cell).split('\n').map(escape).collect::<Vec<_>>().join("<br>"));
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn entry(entry: &Entry) -> String {
    let colon = if entry.value.is_empty() { "" } else { ": " };
    let mut out = format!("- **{}**{colon}{}\n", escape(&entry.label), escape(&entry.value));
    for note in &entry.notes {
        out.push_str(&format!("  - {}\n", markdown_line(note)));
    }
    out
}

fn note(note: &Note) -> String {
    let place = if note.place.is_empty() { String::new() } else { format!(" {}", escape(&note.place)) };
    let help = if note.help.is_empty() { String::new() } else { format!(" *{}*", escape(&note.help)) };
    format!("- **{}** `{}`{place}: {}{help}\n", note.severity.as_str(), note.code, escape(&note.text))
}
