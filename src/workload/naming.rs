//! Words for names that lead to no model, and for the scopes a model has.

use crate::catalog::{Catalog, Model, NamingFault, Scope};
use crate::text::Code;

/// The scopes that rows may name for a model, in words.
pub(super) fn offered(model: &Model) -> String {
    let scopes: Vec<&str> =
        Scope::ALL.iter().filter(|scope| model.accepts(**scope)).map(|s| s.as_str()).collect();
    scopes.join(", ")
}

/// Code, message and help for a name that leads to no model; the nearest name is looked for in
/// `suggest`.
pub(crate) fn naming_fault(
    written: &str,
    fault: &NamingFault,
    suggest: Option<&Catalog>,
) -> (Code, String, String) {
    match fault {
        NamingFault::Unknown => {
            if let Some(model) = suggest.and_then(|catalog| catalog.unlisted_by_name(written)) {
                let source = &model.provenance;
                let message = format!(
                    "the model table has no entry for {}: {} ({}, {})",
                    model.name, model.known, source.source, source.as_of
                );
                let help = "once you know its id, add it with --models; until then plan a model of the table";
                return (Code::UnknownModel, message, help.to_owned());
            }
            let names = suggest.map(|catalog| catalog.nearest_names(written)).unwrap_or_default();
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let help = match quoted.as_slice() {
                [] => "`quotaplan models list` shows all; own names go into [aliases] of quotaplan.toml"
                    .to_owned(),
                [name] => format!("did you mean {name}? `quotaplan models list` shows all"),
                several => format!("did you mean one of {}?", several.join(", ")),
            };
            (Code::UnknownModel, format!("unknown model `{written}`"), help)
        }
        NamingFault::Opaque => (
            Code::UnknownModel,
            "the ARN of an application inference profile does not tell the model".to_owned(),
            "name it in [aliases] of quotaplan.toml: \"ARN\" = \"sonnet-4.5/us\"".to_owned(),
        ),
        NamingFault::OtherRegion { region } => (
            Code::OtherRegion,
            format!("the ARN is of Region {region}"),
            "this version plans for calls from ca-central-1: use the profile's ARN there".to_owned(),
        ),
        NamingFault::OtherGeography { prefix, base } => (
            Code::UnknownModel,
            format!("the profile `{prefix}.` is not one that ca-central-1 can call"),
            format!("write `{base}` and one of its scopes; `quotaplan models show {base}` lists them"),
        ),
        NamingFault::Contradiction { profile, scope } => (
            Code::ScopeConflict,
            format!("the scope `{scope}` contradicts the profile, which is of scope `{profile}`"),
            "write the profile alone, or the model's id and the scope".to_owned(),
        ),
        NamingFault::UnknownScope { written } => (
            Code::UnknownScope,
            format!("`{written}` is not a scope"),
            "write us, global, ca or in-region behind the slash".to_owned(),
        ),
    }
}
