//! Whether a statement holds for a request: actions, resources and the conditions Bedrock's pages use.

use super::document::{Statement, Test};

/// What Bedrock has authorised once for each resource that takes part in a call.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) action: &'static str,
    pub(super) resource: String,
    /// `aws:RequestedRegion`.
    pub(super) region: String,
    /// `bedrock:InferenceProfileArn`; absent where the call names no profile.
    pub(super) profile: Option<String>,
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Yes,
    No,
    /// It depends on what is not known here, such as tags or the principal.
    Depends,
}

/// The key of the profile of a call, in lower case.
pub(super) const PROFILE_KEY: &str = "bedrock:inferenceprofilearn";
/// The key of the Region of a request, in lower case.
pub(super) const REGION_KEY: &str = "aws:requestedregion";

/// Whether the statement, allowing or denying, applies to the call.
pub(super) fn applies(statement: &Statement, call: &Call) -> Holds {
    if !names_action(statement, call.action) || !names_resource(statement, &call.resource) {
        return Holds::No;
    }
    let mut sure = Holds::Yes;
    for test in &statement.tests {
        match tested(test, call) {
            Holds::No => return Holds::No,
            Holds::Depends => sure = Holds::Depends,
            Holds::Yes => {}
        }
    }
    sure
}

/// Whether the statement is about the action.
pub(super) fn names_action(statement: &Statement, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let named = statement.actions.items.iter().any(|item| matches(&item.text.to_ascii_lowercase(), &action));
    named != statement.actions.negated
}

fn names_resource(statement: &Statement, resource: &str) -> bool {
    let named = statement.resources.items.iter().any(|item| matches(&item.text, resource));
    named != statement.resources.negated
}

fn tested(test: &Test, call: &Call) -> Holds {
    let actual = match test.key.as_str() {
        PROFILE_KEY => call.profile.as_deref(),
        REGION_KEY => Some(call.region.as_str()),
        _ => return Holds::Depends,
    };
    let operator = test.operator.to_ascii_lowercase();
    let (operator, if_exists) = match operator.strip_suffix("ifexists") {
        Some(operator) => (operator.to_owned(), true),
        None => (operator, false),
    };
    let (negated, wild) = match operator.as_str() {
        "stringequals" => (false, false),
        "stringnotequals" => (true, false),
        // ArnEquals and ArnLike behave alike (IAM user guide, reference_policies_elements_condition_operators).
        "stringlike" | "arnequals" | "arnlike" => (false, true),
        "stringnotlike" | "arnnotequals" | "arnnotlike" => (true, true),
        "null" => {
            let wants_absent = test.values.iter().any(|value| value.text == "true");
            return if wants_absent == actual.is_none() { Holds::Yes } else { Holds::No };
        }
        _ => return Holds::Depends,
    };
    let holds = match actual {
        None => negated || if_exists,
        Some(actual) => {
            let equal = |pattern: &str| if wild { matches(pattern, actual) } else { pattern == actual };
            test.values.iter().any(|value| equal(&value.text)) != negated
        }
    };
    if holds { Holds::Yes } else { Holds::No }
}

/// Whether a text fits a pattern in which `*` stands for any run of characters and `?` for one.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where to go on after the last `*`, and what it covers so far.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), star) {
            (Some(b'*'), _) => {
                star = Some((p + 1, t));
                p += 1;
            }
            (Some(c), _) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            (_, Some((after, covered))) => {
                star = Some((after, covered + 1));
                p = after;
                t = covered + 1;
            }
            (_, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

/// Whether a text has a wildcard.
pub(super) fn is_wild(text: &str) -> bool {
    text.contains(['*', '?'])
}
