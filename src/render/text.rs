//! Text for a terminal: verdicts, steps, tables and wrapped sentences, within the width of the view.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::table::{self, uncommanding};
use super::{View, chart};
use crate::report::words::language;
use crate::report::{BlockOf, Entry, Note, Step, Tone};
use crate::text::plain::{one_line, without_bracket_commands, without_commands};

pub(super) fn write(blocks: &[BlockOf<'_>], view: View, out: &mut dyn Write) -> io::Result<()> {
    let mut is_begun = false;
    for block in blocks {
        // What is left out of a table belongs to it.
        if is_begun && !matches!(block, BlockOf::Rest(_)) {
            out.write_all(b"\n")?;
        }
        // Whole lines, each of them for itself no command.
        let mut take = |lines: &str| {
            is_begun |= !lines.is_empty();
            out.write_all(without_commands(lines).as_bytes())
        };
        match block {
            BlockOf::Verdict { tone, sentences } => take(&verdict(*tone, sentences, view))?,
            BlockOf::Steps(steps) => take(&all_steps(steps, view))?,
            BlockOf::Heading(text) => {
                let mut wrapped = String::new();
                wrap(&mut wrapped, view, &one_line(text), "", "");
                wrapped.lines().try_for_each(|line| take(&(view.colour.paint("1", line) + "\n")))?;
            }
            BlockOf::Paragraph(text) => take(&wrapped(view, text))?,
            BlockOf::Lines(lines) => lines.iter().try_for_each(|line| take(&wrapped(view, line)))?,
            BlockOf::Rest(text) => {
                let mut wrapped = String::new();
                wrap(&mut wrapped, view, &one_line(text), "  ", "  ");
                take(&wrapped)?;
            }
            BlockOf::Commands(commands) => take(&next_commands(commands))?,
            BlockOf::Table { columns, rows } => table::each_part(columns, rows, view, take)?,
            BlockOf::Chart(chart) => {
                chart::lines(chart).iter().try_for_each(|line| take(&(uncommanding(line) + "\n")))?;
            }
            BlockOf::Entries(entries) => take(&entries_of(entries, view))?,
            BlockOf::Verbatim(text) => {
                text.lines().try_for_each(|line| take(&(uncommanding(line) + "\n")))?;
            }
            BlockOf::Notes(notes) => {
                notes.iter().try_for_each(|note| take(&self::note(note, view)))?;
            }
        }
    }
    Ok(())
}

fn wrapped(view: View, text: &str) -> String {
    let mut out = String::new();
    wrap(&mut out, view, &one_line(text), "", "");
    out
}

/// Writes wrapped text with an indent for its first and for its other lines.
fn wrap(out: &mut String, view: View, text: &str, first: &str, others: &str) {
    for line in wrapped_lines(view.width, text, first, others) {
        out.push_str(&line);
        out.push('\n');
    }
}

fn wrapped_lines(width: usize, text: &str, first: &str, others: &str) -> Vec<String> {
    // A path or a command is not broken inside: it would no longer work when copied.
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(others)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let text = joined(&without_bracket_commands(text), width.saturating_sub(others.width()));
    let lines = textwrap::wrap(&text, options);
    lines.iter().map(|line| line.trim_end().replace(UNBROKEN, " ")).collect()
}

/// A blank at which no line is broken.
const UNBROKEN: char = '\u{a0}';

/// A blank at which no line is broken, as a text.
const UNBROKEN_TEXT: &str = "\u{a0}";

/// Words that belong to the number before them.
const UNITS: [&str; 8] = ["k", "M", "B", "T", "%", "USD", "million", "billion"];

/// A text in which a number stays with its unit, and a command between backquotes in one piece where it fits.
fn joined(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 && part.width() + 2 <= width {
            out.push_str(&part.replace(' ', UNBROKEN_TEXT));
            continue;
        }
        for (index, word) in part.split(' ').enumerate() {
            let bare = word.trim_end_matches(['.', ',', ';', ':', ')']);
            let follows_a_number = out.ends_with(|last: char| last.is_ascii_digit());
            if index > 0 {
                out.push(if follows_a_number && UNITS.contains(&bare) { UNBROKEN } else { ' ' });
            }
            out.push_str(word);
        }
    }
    out
}

fn verdict(tone: Tone, sentences: &[String], view: View) -> String {
    let mut out = String::new();
    for (index, sentence) in sentences.iter().enumerate() {
        for line in wrapped_lines(view.width, &one_line(sentence), "", "") {
            out.push_str(&if index == 0 { view.colour.tone(tone, &line) } else { line });
            out.push('\n');
        }
    }
    out
}

/// Numbers and verbs in columns, the codes of quotas at the right, the reasons under each.
fn all_steps(steps: &[Step], view: View) -> String {
    let numbers = steps.iter().map(|step| step.number.to_string().width()).max().unwrap_or(0);
    let verbs = steps.iter().map(|step| one_line(&step.verb).width()).max().unwrap_or(0);
    let codes = steps.iter().map(|step| one_line(&step.code).width()).max().unwrap_or(0);
    let indent = " ".repeat(1 + numbers + 2 + verbs + 2);
    let mut out = String::new();
    for step in steps {
        let number = format!("{:>numbers$}", step.number);
        let verb = one_line(&step.verb);
        let pad = " ".repeat(verbs - verb.width());
        let room = if step.code.is_empty() { view.width } else { view.width.saturating_sub(codes + 2) };
        let mut what = one_line(&step.what).into_owned();
        let command = one_line(&step.command);
        let fits = indent.width() + what.width() + 2 + command.width() <= room;
        if !command.is_empty() && fits {
            what.push_str(&format!("{UNBROKEN}{UNBROKEN}{}", command.replace(' ', UNBROKEN_TEXT)));
        }
        let mut lines = wrapped_lines(room, &what, &indent, &indent).into_iter();
        let first = lines.next().unwrap_or_default();
        let first = first.get(indent.len()..).unwrap_or_default();
        let gap = " ".repeat(room.saturating_sub(indent.width() + first.width()) + 2);
        let code =
            if step.code.is_empty() { String::new() } else { format!("{gap}{}", one_line(&step.code)) };
        out.push_str(&format!(" {number}  {}{pad}  {first}{code}\n", view.colour.paint("1", &verb)));
        lines.for_each(|line| out.push_str(&(line + "\n")));
        if !command.is_empty() && !fits {
            out.push_str(&format!("{indent}{}\n", uncommanding(&command)));
        }
        let why = step.why.join("; ");
        if !why.is_empty() {
            let lines = wrapped_lines(view.width, &one_line(&why), &indent, &indent);
            lines.iter().for_each(|line| out.push_str(&(view.colour.dim(line) + "\n")));
        }
    }
    out
}

fn next_commands(commands: &[String]) -> String {
    let label = language().next_label();
    let mut out = String::new();
    for (index, command) in commands.iter().enumerate() {
        let head = if index == 0 { label.to_owned() } else { " ".repeat(label.width()) };
        out.push_str(&format!("{head}  {}\n", uncommanding(command)));
    }
    out
}

fn entries_of(entries: &[Entry], view: View) -> String {
    let mut out = String::new();
    let labels = entries.iter().map(|entry| entry.label.width()).max().unwrap_or(0).min(30);
    let indent = " ".repeat(labels + 4);
    for entry in entries {
        let pad = " ".repeat(labels.saturating_sub(entry.label.width()));
        let first = format!("  {}{pad}  ", one_line(&entry.label));
        wrap(&mut out, view, &one_line(&entry.value), &first, &indent);
        for note in &entry.notes {
            wrap(&mut out, view, &one_line(note), &format!("{indent}- "), &format!("{indent}  "));
        }
    }
    out
}

fn note(note: &Note, view: View) -> String {
    let label = format!("{}[{}]", note.severity.as_str(), note.code);
    let place = if note.place.is_empty() { String::new() } else { format!(" {}", one_line(&note.place)) };
    let mut out = format!("{}{place}\n", view.colour.severity(note.severity, &label));
    wrap(&mut out, view, &one_line(&note.text), "  ", "  ");
    if !note.help.is_empty() {
        wrap(&mut out, view, &one_line(&note.help), "  > ", "    ");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::render::View;
    use crate::report::{BlockOf, Step};

    fn text(steps: Vec<Step>, width: usize) -> String {
        let mut bytes = Vec::new();
        assert!(write(&[BlockOf::Steps(steps)], View::of_width(width), &mut bytes).is_ok());
        String::from_utf8(bytes).unwrap_or_default()
    }

    fn ask() -> Step {
        Step {
            number: 1,
            verb: "ASK".to_owned(),
            what: "Claude Haiku 4.5 us, tokens per minute: 6,300,000".to_owned(),
            code: "L-58BE175A".to_owned(),
            why: vec!["needs 6.24 M, default 5.00 M".to_owned(), "tax-assistant is 74 % of it".to_owned()],
            ..Step::default()
        }
    }

    #[test]
    fn the_code_stands_at_the_right_and_the_reasons_below() {
        let shown = text(vec![ask()], 80);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0].chars().count(), 80, "{shown}");
        assert!(
            lines[0].starts_with(" 1  ASK  Claude Haiku 4.5 us, tokens per minute: 6,300,000 "),
            "{shown}"
        );
        assert!(lines[0].ends_with(" L-58BE175A"), "{shown}");
        assert_eq!(lines[1], "         needs 6.24 M, default 5.00 M; tax-assistant is 74 % of it");
    }

    #[test]
    fn a_command_that_does_not_fit_has_a_line_of_its_own() {
        let look_up = Step {
            verb: "LOOK UP".to_owned(),
            what: "your applied values:".to_owned(),
            command: "quotaplan quotas --print-command --region ca-central-1".to_owned(),
            ..Step::default()
        };
        let wide = text(vec![look_up.clone()], 100);
        assert_eq!(
            wide,
            " 0  LOOK UP  your applied values:  quotaplan quotas --print-command --region ca-central-1\n"
        );
        let narrow = text(vec![look_up], 70);
        assert_eq!(
            narrow,
            " 0  LOOK UP  your applied values:\n             quotaplan quotas --print-command --region ca-central-1\n"
        );
    }
}
