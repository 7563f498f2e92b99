//! The requests of a pack: a JSON array of what `RequestServiceQuotaIncrease` takes.

use std::collections::BTreeSet;

use super::answer;
use super::item::{Item, other_service};
use crate::text::json::{Node, Value};
use crate::text::{Code, Diagnostics, FileId, Sources, Span};
use crate::units::QuotaAmount;

/// What a pack asks for one quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedIncrease {
    /// The quota code.
    pub code: String,
    /// The value asked for, in the quota's own unit, a fraction rounded down.
    pub desired: QuotaAmount,
    /// Where the code stands.
    pub span: Span,
}

const HELP: &str = "requests.json is the array that `quotaplan request` writes: \
                    [{\"ServiceCode\": \"bedrock\", \"QuotaCode\": \"L-58BE175A\", \"DesiredValue\": 6300000}]";

/// Reads the file in its order; `None`, reported, where anything is wrong.
pub fn increases(
    sources: &Sources,
    file: FileId,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<AskedIncrease>> {
    let text = sources.file(file)?.text();
    let mut found = Diagnostics::new();
    let documents = answer::documents(file, text, HELP, &mut found);
    let mut asked = Vec::new();
    match documents.as_slice() {
        [Node { value: Value::Array(items), .. }] => {
            let mut seen = BTreeSet::new();
            for node in items {
                let Some(increase) = increase(node, &mut found) else { continue };
                if !seen.insert(increase.code.clone()) {
                    let message = format!("`{}` is asked for twice", increase.code);
                    found.at(Code::DuplicateName, increase.span, message, "keep one of the two");
                }
                asked.push(increase);
            }
        }
        [] => {}
        [first, ..] => {
            found.at(Code::NotAnAnswer, answer::start(first.span), "this is no array of requests", HELP);
        }
    }
    let failed = found.has_errors();
    diagnostics.append(found);
    if failed { None } else { Some(asked) }
}

fn increase(node: &Node, diagnostics: &mut Diagnostics) -> Option<AskedIncrease> {
    let start = answer::start(node.span);
    if !matches!(node.value, Value::Object(_)) {
        diagnostics.at(Code::NotAnAnswer, start, "a request is no object", HELP);
        return None;
    }
    let item = Item { node, help: HELP };
    if let Some((service, span)) = item.required("ServiceCode", diagnostics)
        && !item.is_of_service(diagnostics)
    {
        other_service(service, span, diagnostics);
    }
    let code = item.required("QuotaCode", diagnostics);
    let desired = item.amount("DesiredValue", diagnostics);
    if !item.has("DesiredValue") {
        diagnostics.at(Code::MissingValue, start, "`DesiredValue` is missing", HELP);
    }
    let (code, span) = code?;
    Some(AskedIncrease { code: code.to_owned(), desired: desired?, span })
}
