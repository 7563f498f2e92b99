//! The types of an IAM policy document, written in the order AWS writes its own.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// A policy document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    version: &'static str,
    /// What is allowed and denied.
    pub statement: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// Its name: letters and digits, unique in the document.
    pub sid: String,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Which actions.
    pub action: OneOrMany,
    /// On which resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<OneOrMany>,
    /// On every resource but these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_resource: Option<OneOrMany>,
    /// Under which conditions, all of which must hold.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "conditions")]
    pub condition: Vec<Condition>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// A string or a list of strings: AWS reads both, and its pages show both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One, as a string.
    One(String),
    /// Any number, as a list.
    Many(Vec<String>),
}

impl OneOrMany {
    /// A string where there is one, else a list.
    #[must_use]
    pub fn shortest(mut values: Vec<String>) -> Self {
        match values.pop() {
            Some(only) if values.is_empty() => Self::One(only),
            Some(last) => {
                values.push(last);
                Self::Many(values)
            }
            None => Self::Many(values),
        }
    }
}

/// What one operator compares one key with.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The operator, such as `StringEquals`.
    pub operator: &'static str,
    /// The key, such as `aws:RequestedRegion`.
    pub key: &'static str,
    /// The values, any of which may match.
    pub values: OneOrMany,
}

/// Keys of one operator stand together: `{"StringEquals": {"key": ..., "key": ...}}`.
fn conditions<S: Serializer>(conditions: &[Condition], serializer: S) -> Result<S::Ok, S::Error> {
    struct Keys<'c>(Vec<&'c Condition>);
    impl Serialize for Keys<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|condition| (condition.key, &condition.values)))
        }
    }
    let mut operators: Vec<&str> = Vec::new();
    for condition in conditions {
        if !operators.contains(&condition.operator) {
            operators.push(condition.operator);
        }
    }
    let mut map = serializer.serialize_map(Some(operators.len()))?;
    for operator in operators {
        let keys = conditions.iter().filter(|condition| condition.operator == operator).collect();
        map.serialize_entry(operator, &Keys(keys))?;
    }
    map.end()
}

impl Policy {
    /// A document of the current policy language.
    #[must_use]
    pub fn new(statement: Vec<Statement>) -> Self {
        Self { version: "2012-10-17", statement }
    }

    /// The document as indented JSON with a line end.
    ///
    /// # Errors
    /// What the serialiser says; a document of strings never fails.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(crate::text::plain::json(self)? + "\n")
    }

    /// How many characters it has without white space.
    ///
    /// # Errors
    /// What the serialiser says; a document of strings never fails.
    pub fn compact_length(&self) -> Result<usize, serde_json::Error> {
        Ok(serde_json::to_string(self)?.chars().filter(|c| !c.is_whitespace()).count())
    }
}
