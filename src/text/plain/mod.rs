//! Names and messages made harmless, one function a target: a terminal or a log, a shell, TOML and XML here, and
//! CSV, JSON and Markdown in files of their own.
//!
//! A person sees a harmful character as an escape such as `\u{202e}`; programs that read JSON get the very text.

mod csv;
mod json;
mod markdown;

use std::borrow::Cow;

pub use csv::csv_cell;
pub use json::{json, json_compact, write_json};
pub use markdown::{markdown, markdown_line};

/// Whether a character could move a cursor, end a line, reorder what stands around it, or stand in a name without
/// being seen: controls, line and paragraph separators, bidirectional marks, characters that Unicode lets a
/// reader ignore (`Default_Ignorable_Code_Point`: zero-width characters, fillers, variation selectors, tags),
/// further format characters, and noncharacters.
///
/// Joiners are meant in emoji and in Indic scripts, too. They count all the same: two names that differ in one
/// look alike, and a name is there to tell things apart.
#[must_use]
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
        || u32::from(c) & 0xfffe == 0xfffe
}

/// A character as a person sees it: a harmful one as an escape, such as `\n` or `\u{202e}`.
#[must_use]
pub fn visible(c: char) -> String {
    if is_harmful(c) { c.escape_default().to_string() } else { c.to_string() }
}

/// A text as one line: harmful characters are written as escapes. A line that was written by this stays as it is.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(is_harmful) { text.chars().map(visible).collect() } else { text.into() }
}

/// A line as a person sees it, character by character, so that a place in it can be marked under what is shown. A
/// tab is one blank.
#[must_use]
pub fn visible_characters(line: &str) -> Vec<String> {
    let mut brackets = command_brackets(line).peekable();
    let shown = |(at, c): (usize, char)| match c {
        _ if brackets.next_if_eq(&at).is_some() => "\\[".to_owned(),
        '\t' => " ".to_owned(),
        c => visible(c),
    };
    line.char_indices().map(shown).collect()
}

/// Longest name in a cell of a table, in characters.
const LONGEST: usize = 80;

/// A name for a cell of a table: one line, and no longer than a person reads.
#[must_use]
pub fn cell_name(name: &str) -> String {
    shortened(name, LONGEST)
}

/// A text as one line of at most so many characters; what is cut off is marked, and no escape is cut in two.
#[must_use]
pub fn shortened(text: &str, longest: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for shown in text.chars().map(visible) {
        length += shown.chars().count();
        if length > longest {
            out.push('…');
            return out;
        }
        out.push_str(&shown);
    }
    out
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

/// Where the brackets stand that make a part of a line a command to a runner, in bytes: Azure Pipelines takes
/// `##vso[` for one anywhere in a line, TeamCity `##teamcity[`, and GitHub Actions `##[`.
pub(crate) fn command_brackets(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices('[').map(|(at, _)| at).filter(|at| {
        let before = line[..*at].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "._-".contains(c));
        before.ends_with("##")
    })
}

/// A text in which no bracket makes a command to a runner.
#[must_use]
pub fn without_bracket_commands(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for at in command_brackets(text) {
        out.push_str(&text[copied..at]);
        out.push('\\');
        copied = at;
    }
    if copied == 0 { text.into() } else { (out + &text[copied..]).into() }
}

/// Text of several lines in which none is a command to a runner: besides [`without_bracket_commands`], GitHub
/// Actions takes `::` at the start of a line for one, after blanks too.
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
        out.push_str(&without_bracket_commands(rest));
    }
    out
}

/// A message of our own for a terminal or a log: each line harmless, and none a command.
#[must_use]
pub fn message(text: &str) -> String {
    without_commands(&lines(text))
}

/// A text for a comment that ends with its line, as in a shell script, TOML, YAML or HCL.
#[must_use]
pub fn comment(text: &str) -> String {
    without_bracket_commands(&one_line(text)).into_owned()
}

/// A word for a POSIX shell, quoted where it has to be. What would be harmful where the command is shown is
/// written as `printf` writes it, so that the command still means the very word.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if !word.contains(is_harmful) && command_brackets(word).next().is_none() {
        return format!("'{}'", word.replace('\'', "'\\''"));
    }
    let mut format = String::new();
    for c in word.chars() {
        match c {
            '%' => format.push_str("%%"),
            c if is_harmful(c) || "'\\[".contains(c) => {
                let mut bytes = [0; 4];
                let octal = c.encode_utf8(&mut bytes).bytes().map(|byte| format!("\\{byte:03o}"));
                format.extend(octal);
            }
            c => format.push(c),
        }
    }
    format!("\"$(printf '{format}')\"")
}

/// A text as a string of TOML, in double quotes.
#[must_use]
pub fn toml_string(text: &str) -> String {
    let mut brackets = command_brackets(text).peekable();
    let mut out = String::from("\"");
    for (at, c) in text.char_indices() {
        let is_command = brackets.next_if_eq(&at).is_some();
        match u32::from(c) {
            code @ 0x1_0000.. if is_harmful(c) => out.push_str(&format!("\\U{code:08X}")),
            code if is_command || is_harmful(c) => out.push_str(&format!("\\u{code:04X}")),
            _ if matches!(c, '"' | '\\') => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text for XML 1.0, in quotes or between tags; a reader gets back what a person would see.
#[must_use]
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            // `]]>` may not stand in text.
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push_str(&visible(c)),
        }
    }
    without_bracket_commands(&out).into_owned()
}
