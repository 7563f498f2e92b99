//! Names and messages made harmless: one line each, and nothing in them a terminal, a shell or a runner
//! of workflows would act on.

use std::borrow::Cow;

/// Whether a character could move a cursor, end a line or reorder what stands around it.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// A text as one line: harmful characters are written as escapes.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(is_harmful) {
        let escaped = |c: char| if is_harmful(c) { c.escape_default().to_string() } else { c.to_string() };
        text.chars().map(escaped).collect()
    } else {
        text.into()
    }
}

/// A text of which each harmful character is one blank, so that columns stay what they are.
#[must_use]
pub fn blanked(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) { ' ' } else { c }).collect()
}

/// Longest name in a cell of a table, in characters.
const LONGEST: usize = 80;

/// A name for a cell of a table: one line, and no longer than a person reads.
#[must_use]
pub fn cell_name(name: &str) -> String {
    let line = one_line(name);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.into_owned(),
    }
}

/// Text of several lines, each of them as [`one_line`] writes it.
#[must_use]
pub fn lines(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => one_line(line).into_owned() + "\n",
            None => one_line(line).into_owned(),
        })
        .collect()
}

/// Text of several lines in which none is a command to a runner of workflows: GitHub Actions takes
/// `::` at the start of a line and `##[` anywhere in it for one, Azure Pipelines `##vso[` and TeamCity
/// `##teamcity[`.
#[must_use]
pub fn without_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let start = line.len() - line.trim_start().len();
        let (blank, rest) = line.split_at(start);
        out.push_str(blank);
        if rest.starts_with("::") {
            out.push('\\');
        }
        let mut parts = rest.split("##");
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let word = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
            let (word, rest) = part.split_at(word);
            let bracket = if rest.starts_with('[') { "\\" } else { "" };
            out.push_str(&format!("##{word}{bracket}{rest}"));
        }
    }
    out
}

/// A word for a POSIX shell, quoted where it has to be.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
