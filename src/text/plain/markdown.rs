//! Text for Markdown in which nothing is markup, a link, a mention or a reference, on GitHub and on GitLab.

use super::one_line;

/// Stands between characters that a host would take together for a link or a reference. Hosts look for these
/// after markup is gone, so only something between the two helps.
const APART: &str = "<!-- -->";

/// The page of a quota in AWS's console, the one link that the program writes.
const CONSOLE: &str =
    "https://ca-central-1.console.aws.amazon.com/servicequotas/home/services/bedrock/quotas/L-";

/// A text inside a line: every character that could be markup is escaped.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    let mut word = "";
    let mut before = None;
    let mut rest = text.as_ref();
    while let Some(c) = rest.chars().next() {
        let link = console_link(rest);
        if link > 0 {
            out.push_str(&rest[..link]);
            rest = &rest[link..];
            before = None;
            continue;
        }
        let behind = &rest[c.len_utf8()..];
        if before.is_none_or(|c: char| c.is_whitespace() || "`'\"(".contains(c)) {
            word = rest;
        }
        let joins = behind.starts_with(|c: char| c.is_alphanumeric() || "\"_{".contains(c));
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        let is_apart = match c {
            '@' => true,
            // Issues, merge requests, snippets, labels, milestones and epics.
            '#' | '!' | '$' | '~' | '%' | '&' => joins,
            // A scheme, and the short name of an emoji.
            ':' => behind.starts_with("//") || (!word.starts_with("arn") && is_emoji(behind)),
            'w' | 'W' => rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("www.")),
            // GH-123.
            'h' | 'H' => {
                matches!(before, Some('g' | 'G'))
                    && behind.strip_prefix('-').is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit()))
            }
            _ => false,
        };
        if is_apart {
            out.push_str(APART);
        }
        before = Some(c);
        rest = behind;
    }
    out
}

/// A text that begins a line or an item: it begins no list, quotation, rule or block of code there either.
#[must_use]
pub fn markdown_line(text: &str) -> String {
    let text = markdown(text);
    let content = text.trim_start();
    let digits = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let at = match content.chars().next() {
        Some('-' | '+' | '=' | ':') => 0,
        _ if digits > 0 && content[digits..].starts_with(['.', ')']) => digits,
        _ if content.len() < text.len() => return format!("&#32;{content}"),
        _ => return text,
    };
    format!("{}\\{}", &content[..at], &content[at..])
}

/// Length of a link to AWS's console that a text begins with, 0 where it does not.
fn console_link(text: &str) -> usize {
    let Some(code) = text.strip_prefix(CONSOLE) else { return 0 };
    let length = code.len() - code.trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
    let is_end = !code[length..].starts_with(|c: char| c.is_alphanumeric() || "/?#&=%@:~_-".contains(c));
    if length == 8 && is_end { CONSOLE.len() + length } else { 0 }
}

/// Whether a text goes on as the short name of an emoji does behind its first colon. Lines and columns of a place
/// are none, but for two numbers.
fn is_emoji(behind: &str) -> bool {
    let Some((name, _)) = behind.split_once(':') else { return false };
    let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_+-".contains(c);
    let is_name = !name.is_empty() && name.chars().all(part);
    is_name && (matches!(name, "100" | "1234") || !name.bytes().all(|byte| byte.is_ascii_digit()))
}
