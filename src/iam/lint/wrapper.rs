//! The documents in what people save: a policy itself, an answer of the AWS CLI around it, a template.
//!
//! It finds them and does not judge them.

use crate::text::json::{self, Node, Value};
use crate::text::{Code, Diagnostics, FileId, SourceFile, Sources};

/// Keys that hold a document, or lead to one: of `aws iam get-role-policy` and its like, of
/// `get-policy-version`, of `aws organizations describe-policy`, and of CloudFormation.
const KEYS: [&str; 8] = [
    "PolicyDocument",
    "PolicyVersion",
    "Document",
    "Policy",
    "Content",
    "Policies",
    "Properties",
    "Resources",
];

/// What a file holds: JSON, or JSON in a string, as `--query` and the IAM API print it; reported where it is neither.
pub(super) fn root(file: FileId, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut file = file;
    let mut text = sources.file(file).map_or("", SourceFile::text).to_owned();
    let outer = unescaped(&text);
    if outer != text {
        (file, text) = (add(outer.clone(), "decoded", file, sources), outer);
    }
    loop {
        match json::parse(file, &text) {
            Ok(Node { value: Value::Text(inner), .. }) => {
                text = unescaped(&inner);
                file = add(text.clone(), "decoded", file, sources);
            }
            Ok(root) => return Some(root),
            Err((words, span)) => {
                let help = "a policy is JSON, without comments and without a comma after the last item";
                diagnostics.at(Code::NotAPolicy, span, format!("not JSON: {words}"), help);
                return None;
            }
        }
    }
}

/// A text that stands in a file as a string, as a file of its own.
fn add(text: String, what: &str, file: FileId, sources: &mut Sources) -> FileId {
    let name = sources.file(file).map_or("", SourceFile::name).to_owned();
    let inner = sources.add(SourceFile::new(format!("{name} ({what})"), text));
    if sources.file(file).is_some_and(SourceFile::is_concealed) {
        sources.conceal(inner);
    }
    inner
}

/// The documents of a file, in their order: nodes of its own text, or of a text that stands in it as a string.
pub(super) fn documents(root: Node, sources: &mut Sources) -> Vec<Node> {
    let mut found = Vec::new();
    let is_list = match &root.value {
        Value::Array(items) => {
            // Statements without the document around them are one document.
            if items.iter().any(|item| item.get("Effect").is_some()) {
                return vec![root];
            }
            true
        }
        _ => false,
    };
    if is_policy(&root) || !(is_list || leads_on(&root)) {
        return vec![root];
    }
    let file = root.span.file;
    let fallback = Node { span: root.span, value: Value::Object(Vec::new()) };
    search(root, "", file, sources, &mut found);
    if found.is_empty() { vec![fallback] } else { found }
}

fn is_policy(node: &Node) -> bool {
    node.get("Statement").is_some() || node.get("Effect").is_some()
}

fn leads_on(node: &Node) -> bool {
    KEYS.iter().any(|key| node.get(key).is_some())
}

fn search(node: Node, key: &str, file: FileId, sources: &mut Sources, found: &mut Vec<Node>) {
    if is_policy(&node) {
        found.push(node);
        return;
    }
    match node.value {
        // A template names its resources as it likes.
        Value::Object(entries) => {
            for (name, _, node) in entries {
                if KEYS.contains(&name.as_str()) || key == "Resources" {
                    search(node, &name, file, sources, found);
                }
            }
        }
        Value::Array(items) => items.into_iter().for_each(|item| search(item, key, file, sources, found)),
        Value::Text(text) => {
            let text = unescaped(&text);
            let inner = add(text.clone(), key, file, sources);
            if let Ok(node) = json::parse(inner, &text) {
                search(node, key, inner, sources, found);
            }
        }
        Value::Number(_) | Value::Boolean(_) | Value::Null | Value::Other => {}
    }
}

/// The text behind percent signs: the IAM API gives documents URL-encoded (RFC 3986).
fn unescaped(text: &str) -> String {
    if !text.trim_start().starts_with('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match code.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
