//! IAM text: what the policies let through by a second evaluation of IAM's rules, what AWS published, and
//! what `iam lint` finds.

mod differential;
mod documents;
mod forms;
mod laws;
mod lint;
mod published;
mod reference;
mod simulator;

use quotaplan::catalog::{self, Catalog, ModelIndex, Scope};
use quotaplan::iam::{Account, Grant, Policy, Request};
use quotaplan::text::{Diagnostics, Sources};
use serde_json::Value;

const ACCOUNT: &str = "123456789012";

fn catalog() -> Catalog {
    let mut diagnostics = Diagnostics::new();
    catalog::load(&mut Sources::new(), None, &mut diagnostics).expect("the embedded table is valid")
}

/// Every model in every scope that a policy can be written for.
fn grants(catalog: &Catalog) -> Vec<Grant<'_>> {
    let all = catalog.models().iter().flat_map(|model| Scope::ALL.map(|scope| (model, scope)));
    all.filter_map(|(model, scope)| Grant::new(model, scope, None).ok()).collect()
}

fn request(grants: Vec<Grant<'_>>) -> Request<'_> {
    let account = Account::parse(ACCOUNT);
    Request { grants, account, streaming: true, count_tokens: None, get_profile: false }
}

/// A model and its scope, as the linter takes them.
fn named(catalog: &Catalog, name: &str) -> (ModelIndex, Scope) {
    let named = catalog.find(name).expect("a model of the table");
    (named.model, named.scope.expect("a name with its scope"))
}

fn grant<'c>(catalog: &'c Catalog, name: &str) -> Grant<'c> {
    let named = catalog.find(name).expect("a model of the table");
    Grant::new(catalog.model(named.model), named.scope.expect("a name with its scope"), None)
        .expect("its destinations are known")
}

fn json(policy: &Policy) -> Value {
    serde_json::from_str(&policy.to_json().expect("it serialises")).expect("it is JSON")
}
