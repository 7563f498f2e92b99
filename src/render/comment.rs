//! A gate's result as a comment on a pull request: how it ended, what fails, the rest folded, and a
//! marker by which a bot finds its comment again.

use super::{markdown, place};
use crate::report::{Block, Gate, GateFinding};

/// Bytes of a comment: GitHub takes 65,536 characters, of which none is shorter than a byte, and
/// other hosts more; some is left for what a bot puts around it.
const LARGEST: usize = 60_000;

/// Failing findings that stand open.
const OPEN: usize = 10;

pub(super) fn render(gate: &Gate) -> String {
    let marker = marker(&gate.file);
    let mut comment =
        Comment { text: format!("**quotaplan {}**\n", markdown::escape(&gate.summary)), marker };
    let failing: Vec<&GateFinding> = gate.findings.iter().filter(|finding| finding.fails).collect();
    if !failing.is_empty() {
        let lines: Vec<String> = failing.iter().map(|finding| note(finding)).collect();
        comment.text.push('\n');
        comment.lines(&lines[..lines.len().min(OPEN)], "");
        if failing.len() > OPEN {
            comment.text.push_str(&format!("- and {} more that fail, below\n", failing.len() - OPEN));
        }
    }
    // The first heading is the summary, and findings have a fold of their own.
    let mut title = "Quotas".to_owned();
    for block in gate.view.blocks.iter().skip(1) {
        match block {
            Block::Heading(text) => title = text.clone(),
            Block::Table { columns, rows } => {
                let lines = markdown::table_lines(columns, rows);
                let (head, rows) = lines.split_at(lines.len().min(2));
                comment.fold(&format!("{title} ({})", rows.len()), head, rows);
            }
            Block::Paragraph(text) => {
                comment.text.push('\n');
                comment.lines(&[format!("{}\n", markdown::escape(text))], "");
            }
            Block::Notes(_) | Block::Entries(_) => {}
        }
    }
    if !gate.findings.is_empty() {
        let lines: Vec<String> = gate.findings.iter().map(note).collect();
        comment.fold(&format!("All findings ({})", lines.len()), &[], &lines);
    }
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
    fn room(&self) -> usize {
        LARGEST.saturating_sub(self.text.len() + self.marker.len() + CLOSING)
    }

    /// Adds lines as far as they fit, and says how many do not.
    fn lines(&mut self, lines: &[String], before_rest: &str) {
        for (index, line) in lines.iter().enumerate() {
            if line.len() > self.room() {
                let left = lines.len() - index;
                self.text.push_str(&format!("{before_rest}{left} more do not fit into a comment\n"));
                return;
            }
            self.text.push_str(line);
        }
    }

    /// Adds a folded part: lines that come in any case, then those that fit.
    fn fold(&mut self, title: &str, head: &[String], lines: &[String]) {
        let title = markdown::escape(title);
        let head = head.concat();
        if head.len() + title.len() + CLOSING > self.room() {
            return;
        }
        self.text.push_str(&format!("\n<details><summary>{title}</summary>\n\n{head}"));
        self.lines(lines, "\n");
        self.text.push_str("\n</details>\n");
    }
}

fn note(finding: &GateFinding) -> String {
    let place = finding.place.as_ref().map(|region| format!(" {}", markdown::escape(&place::words(region))));
    let change = finding.change.map(|change| format!(" ({})", change.as_str())).unwrap_or_default();
    let help = if finding.help.is_empty() {
        String::new()
    } else {
        format!(" *{}*", markdown::escape(&finding.help))
    };
    format!(
        "- **{}** `{}`{}: {}{change}{help}\n",
        finding.severity.as_str(),
        finding.code,
        place.unwrap_or_default(),
        markdown::escape(&finding.message),
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
