//! Markdown for a document or a comment; names cannot break a table or start markup.

use std::io::{self, Write};

use super::shared::Digits;
use super::{View, cell, chart};
use crate::report::{BlockOf, Cell, Column, Entry, Note, Step};
use crate::text::plain::{markdown as escape, markdown_line, one_line, without_bracket_commands};

pub(super) fn write(blocks: &[BlockOf<'_>], view: View, out: &mut dyn Write) -> io::Result<()> {
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
            BlockOf::Verdict { sentences, tone: _ } => {
                let mut sentences = sentences.iter();
                let first = sentences.next().map(|first| format!("**{}**\n", escape(first)));
                take(&first.unwrap_or_default())?;
                sentences.try_for_each(|sentence| take(&format!("\n{}\n", markdown_line(sentence))))?;
            }
            BlockOf::Steps(steps) => steps.iter().try_for_each(|one| take(&step(one)))?,
            BlockOf::Lines(lines) => {
                lines.iter().try_for_each(|line| take(&format!("- {}\n", markdown_line(line))))?;
            }
            BlockOf::Rest(text) => take(&format!("{}\n", markdown_line(text)))?,
            BlockOf::Commands(commands) => take(&verbatim(&commands.join("\n")))?,
            BlockOf::Heading(text) => take(&format!("## {}\n", escape(text)))?,
            BlockOf::Paragraph(text) => take(&format!("{}\n", markdown_line(text)))?,
            BlockOf::Table { columns, rows } => {
                take(&table_head(columns).concat())?;
                rows.iter().try_for_each(|row| take(&table_row(&row, view.digits())))?;
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
        columns.iter().map(|column| if column.holds_numbers() { "---:" } else { "---" }).collect();
    [format!("| {} |\n", titles.join(" | ")), format!("| {} |\n", rules.join(" | "))]
}

/// The line of a row.
pub(super) fn table_row(row: &[Cell], digits: Digits) -> String {
    let cells = row
        .iter()
        .map(|cell| cell::text(cell, digits).split('\n').map(escape).collect::<Vec<_>>().join("<br>"));
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn step(step: &Step) -> String {
    let code = if step.code.is_empty() { String::new() } else { format!(" (`{}`)", escape(&step.code)) };
    let mut out =
        format!("{}. **{}** {}{code}\n", step.number, escape(&step.verb), markdown_line(&step.what));
    let indent = " ".repeat(step.number.to_string().len() + 2);
    if !step.command.is_empty() {
        out.push_str(&format!("\n{}\n", indented(&verbatim(&step.command), &indent)));
    }
    for why in &step.why {
        out.push_str(&format!("{indent}- {}\n", markdown_line(why)));
    }
    out
}

/// Lines with an indent, which keeps them in the item of a list.
fn indented(lines: &str, indent: &str) -> String {
    lines.lines().map(|line| format!("{indent}{line}\n")).collect()
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
