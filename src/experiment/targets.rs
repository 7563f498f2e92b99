//! A trace divided by what its requests call: each model and scope has a quota of its own.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::trace::{Builder, Request, Target, Trace};

/// The requests of each model and scope as a trace of their own, by model id and scope; `None` where
/// a request's target leads to no model.
#[must_use]
pub fn by_target(trace: Trace, catalog: &Catalog) -> Option<Vec<(ModelIndex, Scope, Trace)>> {
    let resolved: Option<Vec<_>> = trace.targets().iter().map(Target::resolved).collect();
    let resolved = resolved?;
    let mut places = BTreeMap::new();
    for &(model, scope) in &resolved {
        places.insert((catalog.model(model).id.as_str(), scope.as_str()), (model, scope));
    }
    if let [(model, scope)] = places.values().copied().collect::<Vec<_>>().as_slice() {
        return Some(vec![(*model, *scope, trace)]);
    }
    let parts = places.into_values().map(|(model, scope)| {
        let is_of = |request: &Request| resolved.get(request.target.get()) == Some(&(model, scope));
        (model, scope, part(&trace, is_of))
    });
    Some(parts.collect())
}

fn part(trace: &Trace, is_of: impl Fn(&Request) -> bool) -> Trace {
    let mut builder = Builder::new(trace.format());
    let target = builder.target(Target::default());
    trace.requests().filter(is_of).for_each(|request| builder.push(Request { target, ..request }));
    builder.finish()
}

/// Names that lead to no model in their scope, as written, sorted, each once.
#[must_use]
pub fn without_target(trace: &Trace) -> Vec<&Target> {
    trace.targets().iter().filter(|target| target.resolved().is_none()).collect()
}
