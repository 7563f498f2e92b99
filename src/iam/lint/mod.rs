//! What is wrong with a policy for Bedrock calls from ca-central-1: the mistakes that make calls fail, and
//! the wildcards that let through more than they need.
//!
//! It judges what stands in the file. What it cannot know (tags, principals, other policies) it does not
//! report.

mod document;
mod profiles;
mod reach;
mod statements;

use crate::catalog::{Catalog, Scope};
use crate::text::{Code, Diagnostics, FileId, Sources, json};

/// Reports everything wrong with a policy; `false` where the file is none, which is reported too.
///
/// `through` are scopes whose profiles the policy must not deny, for SCPs, which allow nothing themselves.
pub fn lint(
    sources: &Sources,
    file: FileId,
    catalog: &Catalog,
    through: &[Scope],
    diagnostics: &mut Diagnostics,
) -> bool {
    let text = sources.file(file).map_or("", |file| file.text());
    let root = match json::parse(file, text) {
        Ok(root) => root,
        Err((words, span)) => {
            let help = "a policy is JSON, without comments and without a comma behind the last item";
            diagnostics.at(Code::NotAPolicy, span, format!("not JSON: {words}"), help);
            return false;
        }
    };
    let repeated = root.repeated();
    for (name, span) in &repeated {
        let message = format!("the key `{name}` stands in its object twice: readers differ on which counts");
        diagnostics.at(Code::NotAPolicy, *span, message, "keep one of the two");
    }
    if !repeated.is_empty() {
        return false;
    }
    let Some(statements) = document::read(&root, diagnostics) else { return false };
    for statement in &statements {
        statements::judge(statement, diagnostics);
    }
    profiles::judge(&statements, catalog, through, diagnostics);
    true
}
