//! One minute of measured use, and the names and places by which it is found.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::catalog::{Catalog, ModelIndex, Named, NamingFault, Scope, naming_fault};
use crate::text::{Code, Sources, Span};

/// One minute of a model in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minute {
    /// Its first second.
    pub at: Timestamp,
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
    /// Requests that were answered.
    pub requests: u64,
    /// Input neither read from nor written to the cache.
    pub input_tokens: u64,
    /// Written to the cache.
    pub cache_write_tokens: u64,
    /// Output, reasoning included.
    pub output_tokens: u64,
    /// What the quota was charged once the requests were complete, as the table states it.
    pub settled_tokens: u64,
    /// Requests that were throttled; `None` where the table does not say.
    pub throttled_requests: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// A model in a scope.
pub(super) type Model = (ModelIndex, Scope);

/// Where each minute of each model and scope stands.
pub(super) type Seen = BTreeMap<(Timestamp, Model), Span>;

/// The names under which models are known.
pub(super) struct Names<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) aliases: &'a BTreeMap<String, String>,
}

impl Names<'_> {
    pub(super) fn find(&self, written: &str) -> Result<Named, NamingFault> {
        self.catalog.find(self.aliases.get(written).map_or(written, String::as_str))
    }

    /// What was typed before a file.
    pub(super) fn typed(&self, written: &str) -> Result<Model, (Code, String, String)> {
        let own = written.rsplit_once('/').and_then(|(name, scope)| Some((self.aliases.get(name)?, scope)));
        let target = match own {
            Some((target, scope)) => self.catalog.find(&format!("{target}/{scope}")),
            None => self.find(written),
        };
        let named = target.map_err(|fault| naming_fault(written, &fault, Some(self.catalog)))?;
        named.scope.map(|scope| (named.model, scope)).ok_or_else(|| {
            let help = format!("write the scope after a slash, for example {written}/us");
            (Code::MissingScope, format!("no scope for `{written}`"), help)
        })
    }
}

/// A place in words, to be named beside another one.
pub(super) fn place_words(sources: &Sources, span: Span) -> String {
    sources.locate(span).map_or_else(String::new, |(name, at)| format!("{name}:{}:{}", at.line, at.column))
}
