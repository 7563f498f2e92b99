//! From the names of models in a file to targets, each looked up once.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{Builder, Target, TargetIndex};
use crate::catalog::{Catalog, Scope, naming_fault};
use crate::text::Code;

/// Different names in one trace: more are no models.
const MOST: usize = 1 << 16;

/// Faults for which the meant name is looked for, which takes long.
const SUGGESTED: usize = 20;

/// What is wrong with a name, on its first appearance.
pub(super) struct TargetFault {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: String,
    /// Whether the scope is the place to correct, not the model.
    pub(super) in_scope: bool,
}

/// How scopes stand in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scopes {
    /// In a column, or in the model's name.
    Written,
    /// A call without a profile is one in the Region.
    Called,
}

/// Names that were seen.
pub(super) struct Targets<'a> {
    catalog: &'a Catalog,
    aliases: &'a BTreeMap<String, String>,
    model_given: bool,
    scopes: Scopes,
    seen: HashMap<Vec<u8>, TargetIndex, FixedState>,
    last: Option<(Vec<u8>, TargetIndex)>,
    key: Vec<u8>,
    faults: usize,
}

impl<'a> Targets<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        aliases: &'a BTreeMap<String, String>,
        model_given: bool,
        scopes: Scopes,
    ) -> Self {
        Self {
            catalog,
            aliases,
            model_given,
            scopes,
            seen: HashMap::default(),
            last: None,
            key: Vec::new(),
            faults: 0,
        }
    }

    /// For the files that follow: whether names that lead to no model are no fault.
    pub(super) fn set_model_given(&mut self, model_given: bool) {
        self.model_given = model_given;
    }

    /// The target of a row; what is wrong with it is told once.
    pub(super) fn of(
        &mut self,
        name: &str,
        scope: Option<Scope>,
        builder: &mut Builder,
    ) -> Result<TargetIndex, Option<TargetFault>> {
        self.key.clear();
        self.key.push(scope.map_or(0, |scope| scope as u8 + 1));
        self.key.extend_from_slice(name.as_bytes());
        if let Some((_, index)) = self.last.as_ref().filter(|(key, _)| *key == self.key) {
            return Ok(*index);
        }
        let index = match self.seen.get(&self.key) {
            Some(index) => *index,
            None => {
                if self.seen.len() == MOST {
                    return Err(Some(TargetFault {
                        code: Code::BadValue,
                        message: format!("more than {MOST} different models"),
                        help: "write names of models, not of requests".to_owned(),
                        in_scope: false,
                    }));
                }
                let (target, fault) = self.look_up(name, scope);
                let index = builder.target(target);
                self.seen.insert(self.key.clone(), index);
                if let Some(fault) = fault.filter(|_| !self.model_given) {
                    self.faults += 1;
                    return Err(Some(fault));
                }
                index
            }
        };
        self.last = Some((self.key.clone(), index));
        Ok(index)
    }

    fn look_up(&self, name: &str, written: Option<Scope>) -> (Target, Option<TargetFault>) {
        let as_written = Some(name.to_owned()).filter(|name| !name.is_empty());
        let unresolved = |scope| Target { name: as_written.clone(), scope, model: None };
        let fault = |code, message, help: &str, in_scope| {
            Some(TargetFault { code, message, help: help.to_owned(), in_scope })
        };
        if name.is_empty() {
            let message = "the request has no model".to_owned();
            let help = "fill it in, or set the model and scope of all requests with --model and --scope";
            return (unresolved(written), fault(Code::MissingValue, message, help, false));
        }
        let meant = self.aliases.get(name).map_or(name, String::as_str);
        let named = match self.catalog.find(meant) {
            Ok(named) => named,
            Err(found) => {
                let suggest = Some(self.catalog).filter(|_| self.faults < SUGGESTED && !self.model_given);
                let (code, message, help) = naming_fault(name, &found, suggest);
                return (unresolved(written), Some(TargetFault { code, message, help, in_scope: false }));
            }
        };
        let implied = Some(Scope::InRegion).filter(|_| self.scopes == Scopes::Called);
        let scope = match (named.scope, written) {
            (Some(own), Some(typed)) if own != typed => {
                let message = format!("the scope `{typed}` contradicts `{name}`, which names `{own}`");
                let fault = fault(Code::ScopeConflict, message, "correct one of the two", true);
                return (unresolved(written), fault);
            }
            (own, typed) => own.or(typed).or(implied),
        };
        let Some(scope) = scope else {
            let help = "write us, global, ca or in-region, or set the model and scope of all requests with --model \
                        and --scope";
            return (
                unresolved(None),
                fault(Code::MissingScope, "the request has no scope".to_owned(), help, true),
            );
        };
        let model = self.catalog.model(named.model);
        if !model.accepts(scope) {
            let message = format!("{} is not offered in the scope `{scope}` from ca-central-1", model.name);
            let help = format!("`quotaplan models show {}` lists its scopes", model.id);
            return (unresolved(Some(scope)), fault(Code::ScopeNotOffered, message, &help, true));
        }
        (Target { name: as_written, scope: Some(scope), model: Some(named.model) }, None)
    }
}
