//! IAM's evaluation, as far as these policies need it, written from AWS's words and from nothing in `src`.
//!
//! Identity policies must allow and nothing may deny (IAM user guide,
//! reference_policies_evaluation-logic). SCPs stand beside FullAWSAccess, so they can only deny. A key
//! that is absent fails a positive operator and passes a negated one
//! (reference_policies_elements_condition_operators).

use serde_json::Value;

/// What IAM is asked once.
#[derive(Debug, Clone)]
pub(super) struct Authorisation {
    pub(super) action: String,
    pub(super) resource: String,
    pub(super) context: Vec<(&'static str, String)>,
}

/// Whether everything is allowed by the identity policy and denied by none of all policies.
pub(super) fn allowed(identity: &Value, scps: &[&Value], asked: &[Authorisation]) -> bool {
    asked.iter().all(|one| {
        let denied = scps.iter().chain([&identity]).any(|policy| decides(policy, "Deny", one));
        !denied && decides(identity, "Allow", one)
    })
}

/// Everything, so that what an SCP does shows alone.
pub(super) fn administrator() -> Value {
    serde_json::json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
}

fn decides(policy: &Value, effect: &str, one: &Authorisation) -> bool {
    let statements = policy["Statement"].as_array().expect("a list of statements");
    statements.iter().any(|statement| statement["Effect"] == effect && holds(statement, one))
}

fn holds(statement: &Value, one: &Authorisation) -> bool {
    let covers = |key: &str, text: &str| {
        let not = format!("Not{key}");
        match (statement.get(key), statement.get(&not)) {
            (Some(patterns), None) => texts(patterns).iter().any(|pattern| like(pattern, text)),
            (None, Some(patterns)) => !texts(patterns).iter().any(|pattern| like(pattern, text)),
            _ => panic!("one of {key} and {not}: {statement}"),
        }
    };
    covers("Action", &one.action) && covers("Resource", &one.resource) && conditions(statement, one)
}

fn conditions(statement: &Value, one: &Authorisation) -> bool {
    let Some(operators) = statement.get("Condition") else { return true };
    operators.as_object().expect("operators").iter().all(|(operator, keys)| {
        keys.as_object().expect("keys").iter().all(|(key, values)| {
            let actual = one.context.iter().find(|(name, _)| name == key).map(|(_, value)| value);
            let any = |fits: &dyn Fn(&str, &str) -> bool| {
                actual.map(|actual| texts(values).iter().any(|value| fits(value, actual)))
            };
            match operator.as_str() {
                "StringEquals" => any(&|value, actual| value == actual).unwrap_or(false),
                "StringNotEquals" => !any(&|value, actual| value == actual).unwrap_or(false),
                "StringLike" | "ArnLike" => any(&like).unwrap_or(false),
                "ArnNotLike" => !any(&like).unwrap_or(false),
                other => panic!("the simulator does not know {other}"),
            }
        })
    })
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().map(|item| item.as_str().expect("a string")).collect(),
        other => panic!("neither a string nor a list: {other}"),
    }
}

/// `*` is any run of characters, `?` any one.
pub(super) fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => same(pattern, text),
        Some((head, rest)) => {
            let length = head.chars().count();
            let start: String = text.chars().take(length).collect();
            if start.chars().count() < length || !same(head, &start) {
                return false;
            }
            let remaining: Vec<char> = text.chars().skip(length).collect();
            (0..=remaining.len()).any(|skip| like(rest, &remaining[skip..].iter().collect::<String>()))
        }
    }
}

fn same(pattern: &str, text: &str) -> bool {
    pattern.chars().count() == text.chars().count()
        && pattern.chars().zip(text.chars()).all(|(p, t)| p == '?' || p == t)
}

#[test]
fn the_simulator_denies_first_and_reads_wildcards() {
    assert!(like("arn:*:x/?b*", "arn:aws:x/abc") && !like("arn:*:x/?b", "arn:aws:x/abc"));
    assert!(like("*", "") && !like("a?", "a"));
    let one = |region: &str| Authorisation {
        action: "bedrock:InvokeModel".to_owned(),
        resource: "arn".to_owned(),
        context: vec![("aws:RequestedRegion", region.to_owned())],
    };
    let scp = serde_json::json!({"Statement": [{"Effect": "Deny", "Action": "bedrock:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["ca-central-1"]}}}]});
    let nothing = serde_json::json!({"Statement": []});
    assert!(allowed(&administrator(), &[&scp], &[one("ca-central-1")]));
    assert!(!allowed(&administrator(), &[&scp], &[one("ca-central-1"), one("us-east-1")]));
    assert!(!allowed(&nothing, &[], &[one("ca-central-1")]));
}
