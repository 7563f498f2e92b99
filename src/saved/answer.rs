//! From a saved file to the pages of an answer: one, several one behind the other, or a JSON array of them; the
//! answer about a single entry, and the bare list that `--query` leaves, are pages too. And what is said where a
//! file holds none.

use crate::text::json::{self, Node, Value};
use crate::text::{Code, Diagnostics, FileId, Place, Sources, Span};

/// An answer that is a list.
pub(super) struct Form {
    /// The key of the list, such as `Quotas`.
    pub(super) key: &'static str,
    /// The key of the answer about a single entry, such as `Quota`.
    pub(super) one: &'static str,
    /// The key that every entry has, such as `QuotaCode`.
    pub(super) id: &'static str,
    /// What an entry is, such as `quota`.
    pub(super) entry: &'static str,
    /// What to do where the file is none of it.
    pub(super) help: &'static str,
}

/// How much of a list a page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// What AWS put on the page.
    Page,
    /// What `--query` left of one or more pages, which may have been filtered.
    Bare,
    /// A single entry, which says nothing of any other.
    One,
}

/// One page of an answer.
pub(super) struct Page {
    pub(super) extent: Extent,
    pub(super) entries: Vec<Node>,
    /// Its first character.
    pub(super) start: Span,
    /// The place of a token that leads to a further page.
    pub(super) continues: Option<Span>,
}

/// The pages of a file; what is wrong is added to `diagnostics`.
pub(super) fn pages(
    sources: &Sources,
    file: FileId,
    form: &Form,
    diagnostics: &mut Diagnostics,
) -> Vec<Page> {
    let text = sources.file(file).map_or("", |file| file.text());
    let mut found = Vec::new();
    for document in documents(file, text, form.help, diagnostics) {
        collect(document, form, &mut found, diagnostics);
    }
    found
}

/// Adds the pages of a document: an array holds pages, or the entries themselves.
fn collect(document: Node, form: &Form, found: &mut Vec<Page>, diagnostics: &mut Diagnostics) {
    let start = start(document.span);
    let Value::Array(items) = document.value else {
        found.extend(page(document, form, diagnostics));
        return;
    };
    let has_other_key = |node: &Node| [form.key, form.one].iter().any(|key| node.get(key).is_some());
    let is_entry = |node: &Node| node.get(form.id).is_some() && !has_other_key(node);
    let is_list = items.is_empty() || items.iter().any(is_entry);
    let mut entries = Vec::new();
    for item in items {
        if is_list && matches!(item.value, Value::Object(_)) && !has_other_key(&item) {
            entries.push(item);
        } else {
            collect(item, form, found, diagnostics);
        }
    }
    if is_list {
        found.push(Page { extent: Extent::Bare, entries, start, continues: None });
    }
}

/// The JSON values of a file, none of them with a key twice.
pub(crate) fn documents(file: FileId, text: &str, help: &str, diagnostics: &mut Diagnostics) -> Vec<Node> {
    if text.trim().is_empty() {
        diagnostics.add(Code::EmptyFile, Place::File(file), "the file is empty", help);
        return Vec::new();
    }
    let documents = match json::parse_each(file, text) {
        Ok(documents) => documents,
        Err((words, span)) => {
            syntax(text, &words, span, help, diagnostics);
            return Vec::new();
        }
    };
    let mut once = true;
    for (name, span) in documents.iter().flat_map(Node::repeated) {
        let message = format!("the key `{name}` appears twice in one object");
        diagnostics.at(
            Code::NotAnAnswer,
            span,
            message,
            "the AWS CLI writes each once: save the answer again",
        );
        once = false;
    }
    if once { documents } else { Vec::new() }
}

/// The start of something long, so that the caret does not run over pages.
pub(crate) fn start(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}

fn page(document: Node, form: &Form, diagnostics: &mut Diagnostics) -> Option<Page> {
    let Form { key, one, id, entry, help } = form;
    let at = start(document.span);
    let mut fault = |span, message: String| diagnostics.at(Code::NotAnAnswer, span, message, *help);
    let token = document.get("NextToken").filter(|token| match &token.value {
        Value::Null => false,
        Value::Text(token) => !token.is_empty(),
        _ => true,
    });
    let continues = token.map(|token| token.span);
    if document.get(key).is_none() && document.get(one).is_none() && document.get(id).is_some() {
        return Some(Page { extent: Extent::One, entries: vec![document], start: at, continues: None });
    }
    if document.get(key).is_none() && document.get(one).is_some() {
        let Value::Object(members) = document.value else { return None };
        let single = members.into_iter().find(|(name, _, _)| name == one)?.2;
        if !matches!(single.value, Value::Object(_)) {
            fault(start(single.span), format!("`{one}` is not an object"));
            return None;
        }
        return Some(Page { extent: Extent::One, entries: vec![single], start: at, continues: None });
    }
    if document.get(key).is_none() {
        let message = match () {
            () if matches!(document.value, Value::Null) => {
                "null, which the AWS CLI writes if --query finds nothing".to_owned()
            }
            () if !matches!(document.value, Value::Object(_)) => {
                "this is not output of the AWS CLI".to_owned()
            }
            () if document.get("RequestedQuotas").or_else(|| document.get("RequestedQuota")).is_some() => {
                "the history of requests, not the list of quotas".to_owned()
            }
            () if document.get("Quotas").or_else(|| document.get("Quota")).is_some() => {
                "the list of quotas, not the history of requests".to_owned()
            }
            () => format!("there is no `{key}`"),
        };
        fault(at, message);
        return None;
    }
    let Value::Object(members) = document.value else { return None };
    let list = members.into_iter().find(|(name, _, _)| name == key)?.2;
    match list.value {
        Value::Array(mut entries) => {
            entries.retain(|node| {
                let is_object = matches!(node.value, Value::Object(_));
                if !is_object {
                    fault(start(node.span), format!("a {entry} is not an object"));
                }
                is_object
            });
            Some(Page { extent: Extent::Page, entries, start: at, continues })
        }
        _ => {
            fault(start(list.span), format!("`{key}` is not a list"));
            None
        }
    }
}

/// Reports what is no JSON: most often the CLI's own error, or another form of output.
fn syntax(text: &str, words: &str, span: Span, help: &str, diagnostics: &mut Diagnostics) {
    if let Some((span, message, help)) = cli_error(text, span) {
        diagnostics.at(Code::NotAnAnswer, span, message, help);
        return;
    }
    let rest = text.get(span.start..).unwrap_or_default();
    let start = rest.trim_start_matches('-');
    if ["NaN", "Infinity"].iter().any(|word| start.starts_with(word)) {
        let word: String = start.chars().take_while(char::is_ascii_alphabetic).collect();
        let span = Span { end: span.start + (rest.len() - start.len()) + word.len(), ..span };
        let help = "AWS states only finite numbers: save the output again";
        diagnostics.at(Code::BadNumber, span, format!("`{word}` is not a finite number"), help);
        return;
    }
    let message = if text.trim_start().starts_with(['{', '[']) {
        format!("not JSON: {words}")
    } else {
        format!("not JSON: {words}; it may be an error message of the AWS CLI, or another output format")
    };
    diagnostics.at(Code::NotAnAnswer, span, message, help);
}

/// What the CLI says where AWS refuses, such as `An error occurred (AccessDeniedException) when calling
/// the ListServiceQuotas operation: ...` (botocore's `ClientError`).
fn cli_error(text: &str, span: Span) -> Option<(Span, String, String)> {
    const OPENING: &str = "An error occurred (";
    let at = text.find(OPENING)?;
    let said = text[at..].lines().next().unwrap_or_default();
    let (code, rest) = said.strip_prefix(OPENING)?.split_once(')')?;
    let operation = rest.strip_prefix(" when calling the ").and_then(|rest| rest.split_once(" operation"));
    let operation = operation.map(|(operation, _)| operation);
    let span = Span { start: at, end: at + said.len(), ..span };
    let of = operation.map(|operation| format!(" of {operation}")).unwrap_or_default();
    let message = format!("the AWS CLI's error {code}{of}, not an answer");
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    let help = match operation {
        Some(operation) if has(&["AccessDenied", "Unauthorized", "NotAuthorized"]) => {
            format!("the caller needs the IAM action servicequotas:{operation}; then run the command again")
        }
        _ if has(&["Token", "Credential", "Signature", "AuthFailure"]) => {
            "sign in again, then run the command again".to_owned()
        }
        _ if has(&["Throttl", "TooManyRequests"]) => "wait a moment, then run the command again".to_owned(),
        _ => "fix it, then run the command again".to_owned(),
    };
    Some((span, message, help))
}
