//! From a saved file to the pages of an answer: one, several one behind the other, or a JSON array of
//! them; and what is said where a file holds none.

use crate::text::json::{self, Node, Value};
use crate::text::{Code, Diagnostics, FileId, Place, Sources, Span};

/// An answer that is a list.
pub(super) struct Form {
    /// The key of the list, such as `Quotas`.
    pub(super) key: &'static str,
    /// What an entry is, such as `quota`.
    pub(super) entry: &'static str,
    /// What to do where the file is none of it.
    pub(super) help: &'static str,
}

/// One page of an answer.
pub(super) struct Page {
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
    documents(file, text, form.help, diagnostics)
        .into_iter()
        .flat_map(|document| match document {
            Node { value: Value::Array(items), .. } => items,
            document => vec![document],
        })
        .filter_map(|document| page(document, form, diagnostics))
        .collect()
}

/// The JSON values of a file, none of them with a key twice.
pub(super) fn documents(file: FileId, text: &str, help: &str, diagnostics: &mut Diagnostics) -> Vec<Node> {
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
        let message = format!("the key `{name}` stands in its object twice");
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
pub(super) fn start(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}

fn page(document: Node, form: &Form, diagnostics: &mut Diagnostics) -> Option<Page> {
    let Form { key, entry, help } = form;
    let at = start(document.span);
    let mut fault = |span, message: String| diagnostics.at(Code::NotAnAnswer, span, message, *help);
    let token = document.get("NextToken").map(|token| (token.span, matches!(token.value, Value::Null)));
    let continues = token.filter(|(_, none)| !none).map(|(span, _)| span);
    if document.get(key).is_none() {
        let message = match () {
            () if !matches!(document.value, Value::Object(_)) => "this is no answer of AWS".to_owned(),
            () if document.get("QuotaCode").is_some() => {
                format!("a {entry} without the answer around it (`{key}`), as --query gives it")
            }
            () if document.get("Quota").is_some() => "the answer about one quota, not the list".to_owned(),
            () if document.get("RequestedQuotas").is_some() => {
                "the history of requests, not the list of quotas".to_owned()
            }
            () if document.get("Quotas").is_some() => {
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
                    fault(start(node.span), format!("a {entry} is no object"));
                }
                is_object
            });
            Some(Page { entries, start: at, continues })
        }
        _ => {
            fault(start(list.span), format!("`{key}` is no list"));
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
        let help = "AWS states finite numbers alone: save the answer again";
        diagnostics.at(Code::BadNumber, span, format!("`{word}` is not a finite number"), help);
        return;
    }
    let message = if text.trim_start().starts_with(['{', '[']) {
        format!("not JSON: {words}")
    } else {
        format!("not JSON: {words}; an error of the AWS CLI, or another form of its output")
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
        _ if has(&["Throttl", "TooManyRequests"]) => "wait a little, then run the command again".to_owned(),
        _ => "put it right, then run the command again".to_owned(),
    };
    Some((span, message, help))
}
