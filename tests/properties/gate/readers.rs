//! Readers of what a check writes for other programs, none of which is the product's own.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

pub(super) use crate::support::hostile::{is_unseen as harmful, seen as shown};

/// A name as people see it in a log: a bracket that would make a command to a runner has a backslash.
pub(super) fn logged(name: &str) -> String {
    shown(name).replace("##[", "##\\[")
}

/// A name in a cell of a table: at most eighty characters of it, and no part of an escape.
pub(super) fn cut(name: &str) -> String {
    let mut kept = String::new();
    for part in name.chars().map(|c| shown(&c.to_string())) {
        if kept.chars().count() + part.chars().count() > 80 {
            return kept + "…";
        }
        kept += &part;
    }
    kept
}

/// Two hexadecimal digits behind each `%`, read as a byte.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two hexadecimal digits"));
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// A workflow command.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) level: String,
    pub(super) title: String,
    pub(super) message: String,
}

/// Workflow commands, each of which is one line, and nothing else is.
pub(super) fn commands(text: &str) -> Vec<Command> {
    assert!(!text.contains('\r'));
    let lines = text.strip_suffix('\n').expect("an end").split('\n');
    let command = |line: &str| {
        let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
        let (head, message) = rest.split_once("::").expect("a message");
        let (name, properties) = head.split_once(' ').expect("properties");
        assert!(["error", "warning", "notice"].contains(&name), "{line}");
        let mut title = None;
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').expect("a value");
            assert!(["title", "file", "line", "endLine", "col"].contains(&key), "{line}");
            let value = unescaped(value);
            assert!(!value.is_empty());
            title = title.or((key == "title").then_some(value));
        }
        let title = title.expect("a title");
        Command { level: name.to_owned(), title, message: unescaped(message) }
    };
    lines.map(command).collect()
}

/// A comment read as the host reads it.
#[derive(Debug, Default)]
pub(super) struct Comment {
    /// What a reader sees outside of tables, line by line.
    pub(super) lines: Vec<String>,
    /// Rows of cells; a break is a line feed.
    pub(super) rows: Vec<Vec<String>>,
    /// The titles of the folded parts.
    pub(super) folds: Vec<String>,
}

/// Reads a comment, in which nothing may be but what a check puts there.
pub(super) fn comment(markdown: &str) -> Comment {
    columns(markdown);
    let last = markdown.lines().last().expect("a line");
    let marker = last.strip_prefix("<!-- quotaplan check ").and_then(|rest| rest.strip_suffix(" -->"));
    let marker = marker.unwrap_or_else(|| panic!("no marker: {last}"));
    assert!(!marker.contains("--") && !marker.contains('>') && markdown.ends_with(" -->\n"), "{marker}");
    assert_eq!(markdown.matches("<!-- quotaplan").count(), 1);
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    Parser::new_ext(markdown, options).for_each(|event| reader.take(event));
    assert!(!reader.open, "a fold that is not closed");
    reader.comment
}

#[derive(Default)]
struct Reader {
    comment: Comment,
    line: String,
    cell: bool,
    item: bool,
    open: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.line.push_str(&text),
            Event::SoftBreak => self.line.push('\n'),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::Start(Tag::TableRow | Tag::TableHead) => self.comment.rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => {
                self.cell = true;
                self.line.clear();
            }
            Event::End(TagEnd::TableCell) => {
                let cell = std::mem::take(&mut self.line);
                self.comment.rows.last_mut().expect("a row").push(cell);
                self.cell = false;
            }
            Event::Start(Tag::Item) => self.item = true,
            Event::End(TagEnd::Item) => {
                self.item = false;
                self.end();
            }
            Event::End(TagEnd::Paragraph) => self.end(),
            Event::Start(
                Tag::Paragraph
                | Tag::List(None)
                | Tag::Strong
                | Tag::Emphasis
                | Tag::Table(_)
                | Tag::HtmlBlock,
            )
            | Event::End(
                TagEnd::List(false)
                | TagEnd::Strong
                | TagEnd::Emphasis
                | TagEnd::Table
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::HtmlBlock,
            ) => {}
            other => panic!("{other:?} in a comment"),
        }
    }

    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.comment.lines.push(line);
        }
    }

    fn html(&mut self, html: &str) {
        match html.trim_end_matches('\n') {
            "<!-- -->" | "" => {}
            "<br>" if self.cell => self.line.push('\n'),
            "</details>" if self.open && !self.item => self.open = false,
            marker if marker.starts_with("<!-- quotaplan check ") => {}
            fold => {
                let title =
                    fold.strip_prefix("<details><summary>").and_then(|rest| rest.strip_suffix("</summary>"));
                let title = title.unwrap_or_else(|| panic!("{html} in a comment"));
                assert!(!self.open && !self.item && !title.contains('<'), "{html}");
                self.comment.folds.push(title.to_owned());
                self.open = true;
            }
        }
    }
}

/// Each row of a table has as many cells as its rule, by the host's own way to count them: a bar
/// is one of the text where a backslash stands before it.
fn columns(markdown: &str) {
    let bars = |line: &str| {
        let mut escaped = false;
        let mut bars = 0;
        for c in line.chars() {
            bars += usize::from(c == '|' && !escaped);
            escaped = c == '\\' && !escaped;
        }
        bars
    };
    let mut expected = None;
    for line in markdown.lines() {
        match (line.starts_with('|'), expected) {
            (false, _) => expected = None,
            (true, None) => expected = Some(bars(line)),
            (true, Some(count)) => assert_eq!(bars(line), count, "{line}"),
        }
    }
}

/// Holds a text for people to what a terminal and a runner of workflows take.
pub(super) fn table(text: &str) {
    for line in text.lines() {
        // A backslash that breaks a command up is counted in an example of its own, in `hosts`.
        let width = line.replace("##\\[", "##[").replacen("\\::", "::", 1).width();
        assert!(width <= 100 || !line.trim().contains(' '), "{width} columns: {line}");
    }
    lines(text);
}

/// Holds lines to what a terminal takes: none of them, to a runner of workflows, is a command.
pub(super) fn lines(text: &str) {
    for line in text.split('\n') {
        assert!(!line.contains(harmful), "{line:?}");
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line:?}");
    }
}
