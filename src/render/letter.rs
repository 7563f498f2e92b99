//! Text to paste into a form: headings, paragraphs and labelled lines, with nothing escaped that a
//! reader would see; harmful characters are still written as escapes.

use super::shared::Digits;
use super::{cell, chart};
use crate::report::Block;
use crate::text::plain::{one_line, without_commands};

/// Renders blocks as such a text; the text ends with a line end.
#[must_use]
pub fn render(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Heading(text) => out.push_str(&format!("## {}\n", one_line(text))),
            Block::Verdict { sentences: lines, tone: _ } | Block::Lines(lines) => {
                lines.iter().for_each(|line| out.push_str(&format!("{}\n", one_line(line))));
            }
            Block::Steps(steps) => {
                for step in steps {
                    let [verb, what, code] = [&step.verb, &step.what, &step.code].map(|text| one_line(text));
                    out.push_str(format!("{}. {verb} {what} {code}", step.number).trim_end());
                    out.push('\n');
                    step.why.iter().for_each(|why| out.push_str(&format!("   {}\n", one_line(why))));
                }
            }
            Block::Commands(commands) => {
                commands.iter().for_each(|command| out.push_str(&format!("{}\n", one_line(command))));
            }
            Block::Rest(text) => out.push_str(&format!("{}\n", one_line(text))),
            Block::Paragraph(text) => out.push_str(&format!("{}\n", one_line(text))),
            Block::Entries(entries) => {
                for entry in entries {
                    out.push_str(&format!("- {}: {}\n", one_line(&entry.label), one_line(&entry.value)));
                    entry.notes.iter().for_each(|note| out.push_str(&format!("  ({})\n", one_line(note))));
                }
            }
            Block::Table { columns, rows } => {
                for row in rows {
                    let cells = columns.iter().zip(row.iter());
                    let cells = cells.map(|(column, cell)| {
                        format!("{}: {}", one_line(column.title), one_line(&cell::text(cell, Digits::All)))
                    });
                    out.push_str(&format!("- {}\n", cells.collect::<Vec<_>>().join("; ")));
                }
            }
            Block::Chart(chart) => {
                chart::lines(chart).iter().for_each(|line| out.push_str(&format!("{}\n", one_line(line))));
            }
            Block::Verbatim(text) => {
                text.lines().for_each(|line| out.push_str(&format!("{}\n", one_line(line))));
            }
            Block::Notes(notes) => {
                notes.iter().for_each(|note| {
                    out.push_str(&format!("- {}: {}\n", note.severity.as_str(), one_line(&note.text)));
                });
            }
        }
    }
    without_commands(&out)
}
