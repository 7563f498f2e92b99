//! From a JSON tree to the statements of a policy; what does not have the shape of one is reported.

use crate::text::json::{Node, Value};
use crate::text::{Code, Diagnostics, Span};

/// A string and where it stands.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) span: Span,
}

/// A list and whether it names what is meant or everything else.
#[derive(Debug)]
pub(super) struct List {
    pub(super) items: Vec<Text>,
    /// Where its key stands.
    pub(super) key: Span,
    /// `NotAction`, `NotResource`.
    pub(super) negated: bool,
}

/// What one operator compares one key with.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) operator: String,
    /// In lower case: AWS ignores the case of keys.
    pub(super) key: String,
    /// The whole of its values.
    pub(super) span: Span,
    pub(super) values: Vec<Text>,
}

/// One statement.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) allows: bool,
    pub(super) actions: List,
    pub(super) resources: List,
    pub(super) tests: Vec<Test>,
}

const SHAPE: &str = "a policy is {\"Version\": \"2012-10-17\", \"Statement\": [...]}; a statement has Effect, Action \
                     and Resource";

/// The statements of a policy; `None`, reported, where it is none.
pub(super) fn read(root: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<Statement>> {
    let before = diagnostics.len();
    let mut fault = |span, message: &str| diagnostics.at(Code::NotAPolicy, span, message, SHAPE);
    if !matches!(root.value, Value::Object(_)) {
        fault(first_line(root.span), "the JSON is no object");
        return None;
    }
    let Some(statement) = root.get("Statement") else {
        let message = match (root.get("Effect"), root.get("PolicyVersion")) {
            (Some(_), _) => "a statement without the document around it",
            (None, Some(_)) => "the answer of the AWS CLI, not the document in it (PolicyVersion.Document)",
            (None, None) => "there is no `Statement`",
        };
        fault(first_line(root.span), message);
        return None;
    };
    let nodes = match &statement.value {
        Value::Array(items) => items.iter().collect(),
        _ => vec![statement],
    };
    if nodes.is_empty() {
        fault(statement.span, "there is no statement");
    }
    let statements = nodes.into_iter().filter_map(|node| read_statement(node, diagnostics)).collect();
    (diagnostics.len() == before).then_some(statements)
}

fn read_statement(node: &Node, diagnostics: &mut Diagnostics) -> Option<Statement> {
    if !matches!(node.value, Value::Object(_)) {
        diagnostics.at(Code::NotAPolicy, node.span, "a statement is no object", SHAPE);
        return None;
    }
    let start = first_line(node.span);
    let effect = match node.get("Effect").map(|effect| (&effect.value, effect.span)) {
        Some((Value::Text(text), _)) if text == "Allow" => Some(true),
        Some((Value::Text(text), _)) if text == "Deny" => Some(false),
        Some((_, span)) => {
            diagnostics.at(Code::NotAPolicy, span, "`Effect` is neither `Allow` nor `Deny`", SHAPE);
            None
        }
        None => {
            diagnostics.at(Code::NotAPolicy, start, "a statement without `Effect`", SHAPE);
            None
        }
    };
    let actions = list(node, "Action", start, diagnostics);
    let resources = list(node, "Resource", start, diagnostics);
    let tests = node.get("Condition").map_or(Some(Vec::new()), |node| tests(node, diagnostics));
    Some(Statement { allows: effect?, actions: actions?, resources: resources?, tests: tests? })
}

/// The list of a key or of its negation, of which one must be there.
fn list(node: &Node, key: &str, start: Span, diagnostics: &mut Diagnostics) -> Option<List> {
    let not = format!("Not{key}");
    let found: Vec<_> = [(key, false), (not.as_str(), true)]
        .into_iter()
        .flat_map(|(key, negated)| node.all(key).map(move |(span, node)| (span, node, negated)))
        .collect();
    let [(span, node, negated)] = found.as_slice() else {
        let message = if found.is_empty() {
            format!("a statement without `{key}`")
        } else {
            format!("a statement with more than one of `{key}` and `{not}`")
        };
        let at = found.last().map_or(start, |(span, _, _)| *span);
        diagnostics.at(Code::NotAPolicy, at, message, SHAPE);
        return None;
    };
    Some(List { items: texts(node, diagnostics)?, key: *span, negated: *negated })
}

fn texts(node: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<Text>> {
    let nodes = match &node.value {
        Value::Array(items) => items.iter().collect(),
        _ => vec![node],
    };
    let text = |node: &Node| match &node.value {
        Value::Text(text) => Some(Text { text: text.clone(), span: node.span }),
        _ => None,
    };
    let texts: Option<Vec<Text>> = nodes.into_iter().map(text).collect();
    if texts.is_none() {
        diagnostics.at(
            Code::NotAPolicy,
            first_line(node.span),
            "neither a string nor a list of strings",
            SHAPE,
        );
    }
    texts
}

fn tests(node: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<Test>> {
    let mut found = Vec::new();
    let fault = |span, diagnostics: &mut Diagnostics| {
        let message = "a condition is not of the form {\"StringEquals\": {\"key\": \"value\"}}";
        diagnostics.at(Code::NotAPolicy, first_line(span), message, SHAPE);
    };
    let Value::Object(operators) = &node.value else {
        fault(node.span, diagnostics);
        return None;
    };
    for (operator, _, keys) in operators {
        let Value::Object(keys) = &keys.value else {
            fault(keys.span, diagnostics);
            return None;
        };
        for (key, _, values) in keys {
            // Values of `Bool` and numbers may stand without quotes; no rule looks at them.
            let values_found = match &values.value {
                Value::Number(_) | Value::Boolean(_) | Value::Null | Value::Other => Vec::new(),
                _ => texts(values, diagnostics)?,
            };
            found.push(Test {
                operator: operator.clone(),
                key: key.to_ascii_lowercase(),
                span: values.span,
                values: values_found,
            });
        }
    }
    Some(found)
}

/// The start of something long, so that the caret does not run over pages.
fn first_line(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}
