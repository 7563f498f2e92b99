//! A gate's result as a comment on a pull request: how it ended, what fails, the rest folded, and a
//! marker by which a bot finds its comment again.

use super::shared::Digits;
use super::{markdown, place};
use crate::report::words::language;
use crate::report::{BlockOf, Gate, GateFinding};
use crate::text::plain::{self, markdown_line};

/// Bytes of a comment: GitHub takes 65,536 characters, of which none is shorter than a byte, and
/// other hosts more; some is left for what a bot puts around it.
const LARGEST: usize = 60_000;

/// Failing findings that stand open.
const OPEN: usize = 10;

/// Renders the comment; the blocks are those of the gate's report.
pub fn render(gate: &Gate, blocks: &[BlockOf<'_>]) -> String {
    let mut comment = Comment::new(gate);
    let failing: Vec<&GateFinding> = gate.findings.iter().filter(|finding| finding.fails).collect();
    let lines: Vec<String> = failing.iter().map(|finding| note(finding)).collect();
    let (open, folded) = lines.split_at(lines.len().min(OPEN));
    if !open.is_empty() {
        comment.text.push('\n');
        let room = comment.room() / 3;
        comment.lines(open, open.len(), "that fail", room);
    }
    if !folded.is_empty() {
        let room = comment.room() / 3;
        comment.fold("More failures", &[], folded, room);
    }
    let mut title = "Quotas".to_owned();
    let mut lines_below: Vec<String> = Vec::new();
    for block in blocks {
        match block {
            BlockOf::Heading(text) => title = text.clone(),
            BlockOf::Table { columns, rows } => {
                let rows: Vec<String> =
                    rows.iter().map(|row| markdown::table_row(&row, Digits::Three)).collect();
                // Half of what is left, so that a long table does not keep the rest out.
                let room = comment.room() / 2;
                comment.fold(&title, &markdown::table_head(columns), &rows, room);
            }
            BlockOf::Paragraph(text) => comment.paragraph(&markdown_line(text)),
            BlockOf::Lines(lines) => lines_below.extend(lines.iter().map(|line| markdown_line(line))),
            // The verdict stands above, and findings have folds of their own.
            BlockOf::Verdict { .. }
            | BlockOf::Notes(_)
            | BlockOf::Chart(_)
            | BlockOf::Entries(_)
            | BlockOf::Verbatim(_)
            | BlockOf::Steps(_)
            | BlockOf::Rest(_)
            | BlockOf::Commands(_) => {}
        }
    }
    let others: Vec<String> = gate.findings.iter().filter(|finding| !finding.fails).map(note).collect();
    if !others.is_empty() {
        let room = comment.room();
        comment.fold("Other findings", &[], &others, room);
    }
    lines_below.iter().for_each(|line| comment.paragraph(line));
    format!("{}\n{}\n", comment.text, comment.marker)
}

/// A comment under construction, never larger than a host takes.
struct Comment {
    text: String,
    marker: String,
}

/// Room that closing a fold and saying what is left out take.
const CLOSING: usize = 200;

impl Comment {
    fn new(gate: &Gate) -> Self {
        let mut verdict = gate.verdict.iter().map(|sentence| plain::markdown(sentence));
        let first = verdict.next().unwrap_or_default();
        let mut text = format!("**quotaplan check: {first}**\n");
        verdict.for_each(|sentence| text.push_str(&format!("\n{sentence}\n")));
        Self { text, marker: marker(&gate.file) }
    }

    fn room(&self) -> usize {
        LARGEST.saturating_sub(self.text.len() + self.marker.len() + CLOSING)
    }

    fn paragraph(&mut self, text: &str) {
        if text.len() + CLOSING <= self.room() {
            self.text.push_str(&format!("\n{text}\n"));
        }
    }

    /// Adds lines as far as they fit into some room, and says how many of all are not shown.
    fn lines(&mut self, lines: &[String], all: usize, what: &str, room: usize) {
        let mut left = room;
        let mut shown = 0;
        for line in lines {
            let Some(after) = left.checked_sub(line.len()) else { break };
            left = after;
            self.text.push_str(line);
            shown += 1;
        }
        if shown < all {
            self.text.push_str(&format!("\nand {} more {what}: see the full report\n", all - shown));
        }
    }

    /// Adds a folded part: lines that come in any case, then those that fit into some room.
    fn fold(&mut self, title: &str, head: &[String], lines: &[String], room: usize) {
        let title = plain::markdown(title);
        let head = head.concat();
        let summary = format!("\n<details><summary>{title} ({})</summary>\n\n{head}", lines.len());
        if summary.len() + CLOSING > room {
            self.paragraph(&format!("{title} ({}): see the full report", lines.len()));
            return;
        }
        self.text.push_str(&summary);
        self.lines(lines, lines.len(), "that do not fit here", room - summary.len() - CLOSING);
        self.text.push_str("\n</details>\n");
    }
}

fn note(finding: &GateFinding) -> String {
    let place = finding.place.as_ref().map(|region| format!(" {}", plain::markdown(&place::words(region))));
    let change =
        finding.change.map(|change| format!(" ({})", language().finding_change(change))).unwrap_or_default();
    let help = if finding.help.is_empty() {
        String::new()
    } else {
        format!(" *{}*", plain::markdown(&finding.help))
    };
    format!(
        "- **{}** `{}`{}: {}{change}{help}\n",
        finding.severity.as_str(),
        finding.code,
        place.unwrap_or_default(),
        plain::markdown(&finding.message),
    )
}

/// An HTML comment that names the file; in it nothing can end it.
fn marker(file: &str) -> String {
    let mut name = String::new();
    for byte in place::path(file).bytes() {
        match byte {
            b'-' if name.ends_with('-') => name.push_str("%2D"),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => {
                name.push(char::from(byte));
            }
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("<!-- quotaplan check {name} -->")
}
