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
    let targets: Vec<_> = trace.targets().iter().map(|target| builder.target(target.clone())).collect();
    for (index, request) in trace.requests().enumerate().filter(|(_, request)| is_of(request)) {
        let target = targets.get(request.target.get()).copied().unwrap_or(request.target);
        builder.push(Request { target, ..request });
        if trace.is_cache_open(index) {
            builder.open_cache();
        }
    }
    builder.finish()
}

/// Whose requests a trace holds, by the index of their target: names as written, with the scope where
/// one name has several.
#[must_use]
pub fn names(trace: &Trace) -> Vec<String> {
    let targets = trace.targets();
    let name = |target: &Target| target.name.clone().unwrap_or_else(|| "unnamed".to_owned());
    let mut scopes: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for target in targets {
        *scopes.entry(target.name.as_deref()).or_default() += 1;
    }
    let is_shared = |target: &Target| scopes.get(&target.name.as_deref()).is_some_and(|count| *count > 1);
    let word = |target: &Target| match target.scope.filter(|_| is_shared(target)) {
        Some(scope) => format!("{} {scope}", name(target)),
        None => name(target),
    };
    targets.iter().map(word).collect()
}

/// Names that lead to no model in their scope, as written, sorted, each once.
#[must_use]
pub fn without_target(trace: &Trace) -> Vec<&Target> {
    trace.targets().iter().filter(|target| target.resolved().is_none()).collect()
}
