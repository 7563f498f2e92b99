//! Words for names that lead to no model, and for the scopes a model has.

use crate::catalog::{Model, NamingFault, Scope};
use crate::text::Code;

/// The scopes that rows may name for a model, in words.
pub(super) fn offered(model: &Model) -> String {
    let scopes: Vec<&str> =
        Scope::ALL.iter().filter(|scope| model.accepts(**scope)).map(|s| s.as_str()).collect();
    scopes.join(", ")
}

/// Code, message and help for a name that leads to no model.
pub(crate) fn naming_fault(written: &str, fault: &NamingFault) -> (Code, String, String) {
    match fault {
        NamingFault::Unknown { nearest } => {
            let help = match nearest {
                Some(name) => format!("did you mean `{name}`? `quotaplan models list` shows all"),
                None => "`quotaplan models list` shows all; own names go into [aliases] of quotaplan.toml"
                    .to_owned(),
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
            format!("write `{base}` and the scope us, global, ca or in-region"),
        ),
        NamingFault::UnknownScope { written } => (
            Code::UnknownScope,
            format!("`{written}` is not a scope"),
            "write us, global, ca or in-region behind the slash".to_owned(),
        ),
    }
}
