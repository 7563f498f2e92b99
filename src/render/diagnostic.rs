//! Diagnostics for a person: `path:line:column: error[code]: message`, the source line, a caret,
//! and what to do. Of a concealed file no line is shown.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::Colour;
use crate::text::plain::{one_line, visible_characters, without_commands};
use crate::text::{Diagnostic, Place, Severity, Sources};

/// Longest part of a source line that is shown, in characters.
const EXCERPT: usize = 96;

/// Renders diagnostics in the order given, at most `maximum` a file (0 = all), and counts the rest.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, maximum: usize, colour: Colour) -> String {
    let mut out = String::new();
    let mut shown: Vec<(String, usize, usize)> = Vec::new();
    for diagnostic in diagnostics {
        let name = file_name(diagnostic, sources).to_owned();
        let at = match shown.iter().position(|(file, _, _)| *file == name) {
            Some(at) => at,
            None => {
                shown.push((name, 0, 0));
                shown.len() - 1
            }
        };
        if maximum > 0 && shown[at].1 == maximum {
            shown[at].2 += 1;
            continue;
        }
        shown[at].1 += 1;
        one(&mut out, diagnostic, sources, colour);
    }
    for (file, count, left) in shown {
        if left > 0 {
            let name = one_line(&file);
            out.push_str(&format!("{name}: {left} more after the first {count}; --max-errors 0 shows all\n"));
        }
    }
    without_commands(&out)
}

/// Renders diagnostics of files that are one input together: at most `maximum` of all of them (0 = all), errors before
/// others, in the order given; and counts the rest.
#[must_use]
pub fn render_together(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    maximum: usize,
    colour: Colour,
) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let maximum = if maximum == 0 { diagnostics.len() } else { maximum };
    let (mut errors, mut others) = (errors.min(maximum), maximum.saturating_sub(errors));
    let (mut out, mut left, mut files) = (String::new(), 0, BTreeSet::new());
    for diagnostic in diagnostics {
        let room = if diagnostic.severity == Severity::Error { &mut errors } else { &mut others };
        if let Some(less) = room.checked_sub(1) {
            *room = less;
            one(&mut out, diagnostic, sources, colour);
        } else {
            left += 1;
            files.insert(file_name(diagnostic, sources));
        }
    }
    if left > 0 {
        let files = if files.len() == 1 { "1 file" } else { &format!("{} files", files.len()) };
        out.push_str(&format!(
            "{left} more in {files} after the first {maximum}; --max-errors 0 shows all\n"
        ));
    }
    without_commands(&out)
}

fn file_name<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> &'a str {
    match &diagnostic.place {
        Place::Span(span) => sources.file(span.file).map_or("", |file| file.name()),
        Place::File(file) => sources.file(*file).map_or("", |file| file.name()),
        Place::Path(path) => path,
    }
}

fn one(out: &mut String, diagnostic: &Diagnostic, sources: &Sources, colour: Colour) {
    let place = match &diagnostic.place {
        Place::Span(span) => sources.locate(*span).map(|(_, position)| position),
        Place::File(_) | Place::Path(_) => None,
    };
    out.push_str(&one_line(file_name(diagnostic, sources)));
    if let Some(position) = place {
        out.push_str(&format!(":{}:{}", position.line, position.column));
    }
    let label = format!("{}[{}]", diagnostic.severity.as_str(), diagnostic.code.as_str());
    let label = colour.severity(diagnostic.severity, &label);
    out.push_str(&format!(": {label}: {}\n", one_line(&diagnostic.message)));
    if let (Place::Span(span), Some(position)) = (&diagnostic.place, place)
        && let Some(file) = sources.file(span.file)
        && !file.is_concealed()
        && let Some((first_column, line)) = file.shown_at(span.start)
    {
        let length = sources.text(*span).lines().next().unwrap_or_default().chars().count();
        excerpt(
            out,
            line,
            position.line,
            position.column + 1 - first_column,
            length,
            diagnostic.severity,
            colour,
        );
    }
    if !diagnostic.help.is_empty() {
        out.push_str(&format!("  = help: {}\n", one_line(&diagnostic.help)));
    }
}

/// The source line and a caret under the span; of a long line the part around the span.
fn excerpt(
    out: &mut String,
    line: &str,
    number: usize,
    column: usize,
    length: usize,
    severity: Severity,
    colour: Colour,
) {
    // A line may be a whole file: only what is near the place is looked at.
    let left_out = column.saturating_sub(2 * EXCERPT);
    let near = behind(line, left_out);
    let near = &near[..near.len() - behind(near, 4 * EXCERPT).len()];
    let column = column - left_out;
    let characters = visible_characters(near);
    let width = |part: &[String]| part.concat().width();
    let start = column.saturating_sub(1).min(characters.len());
    let is_long = left_out > 0 || characters.len() > EXCERPT;
    let mut skip = if column > EXCERPT / 2 && is_long { column - EXCERPT / 2 } else { 0 };
    skip = skip.min(start);
    // Escapes take more room than the characters that they stand for.
    while skip < start && width(&characters[skip..start]) > EXCERPT {
        skip += 1;
    }
    let (before, rest) = (&characters[skip..start], &characters[start..]);
    let room = EXCERPT.saturating_sub(before.len());
    let rest = &rest[..rest.len().min(room)];
    let marked = rest[..rest.len().min(length.max(1))].concat();
    let (before, shown) = (before.concat(), before.concat() + &rest.concat());
    let gutter = number.to_string();
    let blank = " ".repeat(gutter.len());
    let caret = "^".repeat(marked.width().max(1));
    let caret = colour.severity(severity, &caret);
    out.push_str(&format!("  {gutter} | {}\n", shown.trim_end()));
    out.push_str(&format!("  {blank} | {}{caret}\n", " ".repeat(before.width())));
}

/// The text behind its first characters.
fn behind(text: &str, characters: usize) -> &str {
    let mut rest = text.chars();
    if let Some(last) = characters.checked_sub(1) {
        rest.nth(last);
    }
    rest.as_str()
}
