//! From a JSON tree to the statements of a policy; what does not have the shape of one is reported.
//!
//! Values that CloudFormation computes (`Fn::Sub`, `Ref`) become texts with variables.

use super::fact::{PolicyFact, PolicyFindings};
use crate::text::json::{Node, Value};
use crate::text::suggest::did_you_mean;
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
    /// Where the operator's name stands.
    pub(super) operator_span: Span,
    /// In lower case: AWS ignores the case of keys.
    pub(super) key: String,
    /// As the document writes it.
    pub(super) key_as_written: String,
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
    /// `Principal` and `NotPrincipal`, which policies of endpoints and resources have.
    pub(super) principals: Vec<List>,
    /// Whether `${aws:username}` and its like are variables: from version 2012-10-17 on.
    pub(super) variables: bool,
    /// Its first character.
    pub(super) start: Span,
}

impl Statement {
    /// Every text in which a variable may stand.
    fn texts(&self) -> impl Iterator<Item = &Text> {
        self.resources.items.iter().chain(self.tests.iter().flat_map(|test| &test.values))
    }
}

const SHAPE: &str = "a policy is {\"Version\": \"2012-10-17\", \"Statement\": [...]}; a statement has Effect, Action \
                     and Resource";

/// What a document may hold (IAM user guide, "Grammar of the IAM JSON policy language" and "Version").
const DOCUMENT_KEYS: [&str; 3] = ["Version", "Id", "Statement"];

/// What a statement may hold; the same page.
const STATEMENT_KEYS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

/// Reports keys that IAM does not have: what they were to say is not judged.
fn unknown_keys(keys: &[(String, Span, Node)], known: &[&str], of: &str, diagnostics: &mut Diagnostics) {
    for (key, span, _) in keys.iter().filter(|(key, _, _)| !known.contains(&key.as_str())) {
        let meant = did_you_mean(key, known.iter().copied());
        let help = if meant.is_empty() { SHAPE.to_owned() } else { meant };
        diagnostics.at(Code::NotAPolicy, *span, format!("{of} has no key `{key}`"), help);
    }
}

/// The statements of a document; `None`, reported, where it is no policy.
pub(super) fn read(
    root: &Node,
    findings: &mut PolicyFindings,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Statement>> {
    let before = diagnostics.len();
    let mut fault = |span, message: &str| diagnostics.at(Code::NotAPolicy, span, message, SHAPE);
    // A statement, or a list of them, is read without the document around it.
    let is_bare = matches!(root.value, Value::Array(_)) || root.get("Effect").is_some();
    let statement = match (&root.value, root.get("Statement")) {
        (Value::Object(_), Some(statement)) => statement,
        _ if is_bare => root,
        (Value::Object(_), None) => {
            fault(first_line(root.span), "there is no `Statement`");
            return None;
        }
        _ => {
            fault(first_line(root.span), "the JSON is not an object");
            return None;
        }
    };
    let nodes = match &statement.value {
        Value::Array(items) => items.iter().collect(),
        _ => vec![statement],
    };
    if nodes.is_empty() {
        fault(statement.span, "the document has no statement, so it allows nothing");
    }
    if let (Value::Object(keys), true) = (&root.value, root.get("Statement").is_some()) {
        unknown_keys(keys, &DOCUMENT_KEYS, "a policy", diagnostics);
    }
    if let Some(version) = root.get("Version") {
        let is_one = matches!(&version.value, Value::Text(text) if VERSIONS.contains(&text.as_str()));
        if !is_one {
            diagnostics.at(Code::NotAPolicy, version.span, "IAM has no such `Version`", SHAPE);
        }
    }
    let version = root.get("Version").map(|node| &node.value);
    let is_bare = is_bare && version.is_none() && root.get("Statement").is_none();
    let variables = is_bare || matches!(version, Some(Value::Text(text)) if text == "2012-10-17");
    let statements: Vec<Statement> =
        nodes.into_iter().filter_map(|node| read_statement(node, variables, diagnostics)).collect();
    if diagnostics.len() > before {
        return None;
    }
    if is_bare && statements.iter().flat_map(Statement::texts).any(|text| text.text.contains("${aws:")) {
        findings.add(first_line(root.span), PolicyFact::NoDocument);
    }
    Some(statements)
}

fn read_statement(node: &Node, variables: bool, diagnostics: &mut Diagnostics) -> Option<Statement> {
    if !matches!(node.value, Value::Object(_)) {
        diagnostics.at(Code::NotAPolicy, node.span, "a statement is not an object", SHAPE);
        return None;
    }
    if let Value::Object(keys) = &node.value {
        unknown_keys(keys, &STATEMENT_KEYS, "a statement", diagnostics);
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
            diagnostics.at(Code::NotAPolicy, start, "the statement has no `Effect`", SHAPE);
            None
        }
    };
    let actions = list(node, "Action", start, diagnostics);
    for action in actions.iter().flat_map(|actions| &actions.items).filter(|action| has_blank(&action.text)) {
        let help = "remove the space: with it, the action matches no call";
        diagnostics.at(Code::NotAPolicy, action.span, "the action contains a space", help);
    }
    let resources = list(node, "Resource", start, diagnostics);
    let tests = node.get("Condition").map_or(Some(Vec::new()), |node| tests(node, diagnostics));
    let principals = [("Principal", false), ("NotPrincipal", true)].into_iter().flat_map(|(key, negated)| {
        node.all(key).map(move |(span, node)| List { items: principals(node), key: span, negated })
    });
    Some(Statement {
        allows: effect?,
        actions: actions?,
        resources: resources?,
        tests: tests?,
        principals: principals.collect(),
        variables,
        start,
    })
}

fn has_blank(text: &str) -> bool {
    text.contains(char::is_whitespace)
}

/// `"*"`, `{"AWS": "*"}` or `{"AWS": [...], "Service": ...}`.
fn principals(node: &Node) -> Vec<Text> {
    match &node.value {
        Value::Object(kinds) => kinds.iter().flat_map(|(_, _, node)| principals(node)).collect(),
        Value::Array(items) => items.iter().flat_map(principals).collect(),
        _ => text(node).into_iter().collect(),
    }
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
            format!("the statement has no `{key}`")
        } else {
            format!("the statement has more than one of `{key}` and `{not}`")
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
    let texts: Option<Vec<Text>> = nodes.into_iter().map(text).collect();
    if texts.is_none() {
        diagnostics.at(
            Code::NotAPolicy,
            first_line(node.span),
            "this is neither a string nor a list of strings",
            SHAPE,
        );
    }
    texts
}

fn text(node: &Node) -> Option<Text> {
    let text = match &node.value {
        Value::Text(text) => text.clone(),
        Value::Object(_) => computed(node)?,
        _ => return None,
    };
    Some(Text { text, span: node.span })
}

/// What CloudFormation computes, as a text with variables; `None` where it is no such function.
fn computed(node: &Node) -> Option<String> {
    let Value::Object(entries) = &node.value else { return None };
    let [(function, _, argument)] = entries.as_slice() else { return None };
    let part = |node: &Node| match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(text) => Some(text.clone()),
        Value::Object(_) => computed(node),
        _ => None,
    };
    let items = |node: &Node| match &node.value {
        Value::Array(items) => items.iter().map(part).collect::<Option<Vec<String>>>(),
        _ => part(node).map(|one| vec![one]),
    };
    match function.as_str() {
        "Ref" => part(argument).map(|name| format!("${{{name}}}")),
        "Fn::Sub" => match &argument.value {
            Value::Array(items) => items.first().and_then(part),
            _ => part(argument),
        },
        "Fn::GetAtt" => items(argument).map(|names| format!("${{{}}}", names.join("."))),
        "Fn::Join" => {
            let Value::Array(arguments) = &argument.value else { return None };
            let [separator, list] = arguments.as_slice() else { return None };
            Some(items(list)?.join(&part(separator)?))
        }
        function if function.starts_with("Fn::") => {
            Some(format!("${{{}}}", function.trim_start_matches("Fn::")))
        }
        _ => None,
    }
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
    for (operator, operator_span, keys) in operators {
        let Value::Object(keys) = &keys.value else {
            fault(keys.span, diagnostics);
            return None;
        };
        for (key, _, node) in keys {
            let nodes = match &node.value {
                Value::Array(items) => items.iter().collect(),
                _ => vec![node],
            };
            // Values of `Bool` and numbers may stand without quotes.
            let value = |node: &Node| match &node.value {
                Value::Number(text) => Some(Text { text: text.clone(), span: node.span }),
                Value::Boolean(value) => Some(Text { text: value.to_string(), span: node.span }),
                _ => text(node),
            };
            let Some(values) = nodes.into_iter().map(value).collect() else {
                fault(node.span, diagnostics);
                return None;
            };
            found.push(Test {
                operator: operator.clone(),
                operator_span: *operator_span,
                key: key.to_ascii_lowercase(),
                key_as_written: key.clone(),
                span: node.span,
                values,
            });
        }
    }
    Some(found)
}

/// The start of something long, so that the caret does not run over pages.
pub(super) fn first_line(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}
