//! The same traffic in each scope its model offers: the quota it lands on, its price, and where its
//! requests may be processed.
//!
//! One row is moved at a time, with everything else left where it is. Nothing here chooses; what to
//! choose is [`optimise`]'s question.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::TooLarge;
use super::assumptions::PlanInput;
use super::cost::{MonthlyCost, RoundedCost, Scale, Tariff, monthly, spend};
use super::growth::Growth;
use super::pool::{self, Pool};
use crate::catalog::{Catalog, Model, ModelIndex, ModelKind, Residency, ResidencyVerdict, Scope};
use crate::workload::Workload;

mod joined;
mod landing;
mod optimise;
mod reason;
mod saving;
mod search;
mod slotted;

use joined::{AddedRow, Joined};
use slotted::Terms;

pub use landing::{Headroom, Increases, ScopeQuota};
pub use optimise::{Assignment, Decision, Optimum, optimise};
pub use reason::{Exceeded, Reason};
pub use saving::Saving;

/// What a comparison is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct CompareOptions<'a> {
    /// Only the rows of this workload; the others stay where they are.
    pub workload: Option<&'a str>,
    /// Take AWS's default where no applied value is given.
    pub assume_defaults: bool,
}

impl CompareOptions<'_> {
    /// Whether a row is asked about.
    #[must_use]
    pub fn includes(&self, row: &Workload) -> bool {
        self.workload.is_none_or(|name| name == row.name())
    }
}

/// A row in one scope, everything else left as it is.
#[derive(Debug, Clone)]
pub struct InScope<'a> {
    /// The scope.
    pub scope: Scope,
    /// Whether the row is in it now.
    pub present: bool,
    /// The quotas it counts against there, with all that counts against them then; tokens per minute
    /// first, none where AWS lists none.
    pub quotas: Arc<[ScopeQuota<'a>]>,
    /// What the row costs a month there.
    pub cost: RoundedCost,
    /// What that saves against its present scope; `None` for the present scope, and where a price
    /// is not known.
    pub saving: Option<Saving>,
    /// Whether the scope keeps to the row's residency.
    pub residency: ResidencyVerdict,
}

/// A row in every scope its model accepts.
#[derive(Debug, Clone)]
pub struct RowScopes<'a> {
    /// Index of the row in the workload set.
    pub row: usize,
    /// The scopes, its present one first, then in the order of their words.
    pub scopes: Vec<InScope<'a>>,
    /// Where none of them is known to keep to the row's residency: the models of the same kind with a
    /// scope that does, in the order of the table. Empty otherwise.
    pub compliant: Arc<[CompliantModel]>,
}

/// A model with scopes that keep to a residency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompliantModel {
    /// The model.
    pub model: ModelIndex,
    /// The scopes that do, in the order of their words; never empty.
    pub scopes: Vec<Scope>,
}

/// The models of a kind that are offered in a scope which keeps to a residency.
fn compliant_models(catalog: &Catalog, kind: ModelKind, residency: Residency) -> Arc<[CompliantModel]> {
    let models = catalog.indices().filter(|model| catalog.model(*model).kind == kind);
    let compliant = models.map(|model| {
        let scopes = catalog.model(model).scopes_that_keep_to(residency).collect();
        CompliantModel { model, scopes }
    });
    compliant.filter(|compliant| !compliant.scopes.is_empty()).collect()
}

/// What tells pools apart: account, model, scope, and whether inputs are long.
type PoolKey = (Option<String>, ModelIndex, Scope, bool);

/// The account a row counts in.
fn account(row: &Workload, input: &PlanInput<'_>) -> Option<String> {
    let own = row.account().map(|symbol| input.workloads.text(symbol).to_owned());
    own.or_else(|| input.assumptions.config.account.clone())
}

/// Whether a row's inputs count against the long-context quotas of a scope.
fn is_long(row: &Workload, model: &Model, scope: Scope) -> bool {
    let long = model.scope(scope).and_then(|entry| entry.long_context.as_ref());
    long.is_some_and(|long| row.all_input_millionths() > long.above_input.millionths())
}

/// What a row costs a month in a scope of its model.
fn cost_in(
    row: &Workload,
    scope: Scope,
    input: &PlanInput<'_>,
    scale: &Scale,
) -> Result<MonthlyCost, TooLarge> {
    let tariff = Tariff::new(input.catalog.model(row.model()), scope, input.assumptions.price_date());
    let (units, unpriced) = spend::of_row(row, tariff, scale, input.assumptions);
    monthly(&units, &scale.per_usd(), !unpriced)
}

/// The scopes a row may name, its present one first.
fn scopes_of(row: &Workload, model: &Model) -> Vec<Scope> {
    let others = Scope::ALL.into_iter().filter(|scope| *scope != row.scope() && model.accepts(*scope));
    std::iter::once(row.scope()).chain(others).collect()
}

/// What the quotas of the scopes hold, each pool's computed once.
struct Landings<'a, 'b> {
    input: &'b PlanInput<'a>,
    assume_defaults: bool,
    pools: BTreeMap<PoolKey, Pool>,
    growth: Growth,
    terms: BTreeMap<ModelIndex, Terms>,
    /// Of pools as they are, which the rows in them share.
    present: BTreeMap<PoolKey, Arc<[ScopeQuota<'a>]>>,
    /// Of pools that rows are moved into.
    joined: BTreeMap<PoolKey, Option<Joined<'a>>>,
}

impl<'a, 'b> Landings<'a, 'b> {
    fn new(input: &'b PlanInput<'a>, assume_defaults: bool) -> Self {
        let pools = pool::group(input.workloads, input.catalog, input.assumptions);
        let key = |pool: &Pool| (pool.account.clone(), pool.model, pool.scope, pool.long_context);
        Self {
            input,
            assume_defaults,
            pools: pools.into_iter().map(|pool| (key(&pool), pool)).collect(),
            growth: Growth::new(input.workloads.rows().iter(), input.assumptions.months),
            terms: BTreeMap::new(),
            present: BTreeMap::new(),
            joined: BTreeMap::new(),
        }
    }

    /// The pool of a key as it is; an empty one where no row is in it.
    fn pool(&self, key: &PoolKey) -> Pool {
        let (account, model, scope, long_context) = key.clone();
        let empty = || Pool { account, model, scope, long_context, rows: Vec::new() };
        self.pools.get(key).cloned().unwrap_or_else(empty)
    }

    /// The quotas of the pool that a row is in.
    fn present(&mut self, key: PoolKey) -> Result<Arc<[ScopeQuota<'a>]>, TooLarge> {
        if let Some(quotas) = self.present.get(&key) {
            return Ok(quotas.clone());
        }
        let quotas = landing::quotas(self.input, &self.pool(&key), self.assume_defaults)?;
        self.present.insert(key, quotas.clone());
        Ok(quotas)
    }

    /// What a row adds to the pool that it is moved to; `None` where a product of it is too large.
    fn own(&mut self, index: u32, model: ModelIndex) -> Option<AddedRow> {
        let Self { input, growth, terms, .. } = self;
        let terms = terms.entry(model).or_insert_with(|| Terms::new(input, model, growth));
        AddedRow::of_row(input, (index, model), growth, terms)
    }

    /// The quotas of a pool with one more row.
    fn with(
        &mut self,
        key: &PoolKey,
        index: u32,
        own: Option<&AddedRow>,
    ) -> Result<Arc<[ScopeQuota<'a>]>, TooLarge> {
        if let (Some(own), Some(terms)) = (own, self.terms.get(&key.1)) {
            if !self.joined.contains_key(key) {
                let joined =
                    Joined::new(self.input, &self.pool(key), self.assume_defaults, (&self.growth, terms));
                self.joined.insert(key.clone(), joined);
            }
            let joined = self.joined.get(key).and_then(Option::as_ref);
            if let Some(quotas) = joined.and_then(|joined| joined.with(own, terms)) {
                return Ok(quotas);
            }
        }
        // All rows at once, where a figure is too large: it says which row adds most.
        let mut pool = self.pool(key);
        if let Err(at) = pool.rows.binary_search(&index) {
            pool.rows.insert(at, index);
        }
        landing::quotas(self.input, &pool, self.assume_defaults)
    }
}

/// Compares the scopes of every row asked about, in file order.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn compare<'a>(
    input: &PlanInput<'a>,
    asked: &CompareOptions<'_>,
) -> Result<Vec<RowScopes<'a>>, TooLarge> {
    let scale = Scale::new(input.assumptions);
    let mut landings = Landings::new(input, asked.assume_defaults);
    let mut compliant: BTreeMap<(&'static str, Residency), Arc<[CompliantModel]>> = BTreeMap::new();
    let none: Arc<[CompliantModel]> = Arc::from([]);
    let mut compared = Vec::new();
    for (index, row) in (0_u32..).zip(input.workloads.rows().iter()) {
        if !asked.includes(row) {
            continue;
        }
        let model = input.catalog.model(row.model());
        let account = account(row, input);
        let now = cost_in(row, row.scope(), input, &scale)?;
        let own = landings.own(index, row.model());
        let mut scopes = Vec::new();
        for scope in scopes_of(row, model) {
            let present = scope == row.scope();
            let key = (account.clone(), row.model(), scope, is_long(row, model, scope));
            let quotas = match present {
                true => landings.present(key)?,
                false => landings.with(&key, index, own.as_ref())?,
            };
            let cost = cost_in(row, scope, input, &scale)?;
            let saving = if present { None } else { Saving::between(&now, &cost) };
            let residency = model.keeps_to(row.residency(), scope);
            scopes.push(InScope { scope, present, quotas, cost: (&cost).into(), saving, residency });
        }
        scopes.shrink_to_fit();
        let met = |scope: &InScope| scope.residency == ResidencyVerdict::Met;
        let compliant = match row.residency().filter(|_| !scopes.iter().any(met)) {
            Some(residency) => {
                let known = compliant.entry((model.kind.as_str(), residency));
                known.or_insert_with(|| compliant_models(input.catalog, model.kind, residency)).clone()
            }
            None => none.clone(),
        };
        compared.push(RowScopes { row: index as usize, scopes, compliant });
    }
    Ok(compared)
}
