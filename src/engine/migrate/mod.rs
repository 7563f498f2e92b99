//! Migration: the traffic of one model moved to another in stages, each stage planned as the file
//! would be with its rows split.
//!
//! A stage of s percent leaves (100 − s) % of both rates on the old model and puts s % on the new one.
//! Shares and products are rounded up to the sixth decimal, the finest a cell holds: demand rounds up.

use std::collections::BTreeSet;

use num_bigint::BigInt;

use super::TooLarge;
use super::assumptions::{Assumptions, PlanInput};
use super::cost::{self, MonthlyCost, Spend, Tariff};
use super::plan::plan;
use super::result::{Plan, QuotaPlan};
use super::solve::QuotasToHold;
use crate::catalog::ModelIndex;
use crate::text::Diagnostics;
use crate::units::Ratio;
use crate::workload::{Workload, WorkloadSet};

mod calendar;
mod changes;
mod life;
mod outcome;
mod split;
mod stage;
mod stated;

pub use calendar::{Calendar, StageInterval};
pub use changes::{PriceChange, PriceKind, PriceTier, ScopeChange};
pub use life::{ModelLife, Schedule};
pub use outcome::{AskBy, QuotaPath, Rollback};
pub use split::Moved;
use stage::Touched;
pub use stage::{Side, Stage};
pub use stated::{Migration, StatedMigration};

/// A migration with its stages planned.
#[derive(Debug, Clone)]
pub struct Migrated {
    /// The model that is left.
    pub from: ModelIndex,
    /// The model that takes over.
    pub to: ModelIndex,
    /// Tokens of the new model for each of the old one.
    pub token_ratio: Ratio,
    /// Dates and lead.
    pub calendar: Calendar,
    /// Whether AWS's defaults count where no applied value is given.
    pub assume_defaults: bool,
    /// The file as it is, then each stage.
    pub stages: Vec<Stage>,
    /// Every quota that the moved rows count against before or after, the old model's first.
    pub quotas: Vec<QuotaPath>,
    /// How long the models live, as far as that matters.
    pub lives: Vec<ModelLife>,
    /// What the old model's quotas leave for a way back.
    pub rollback: Vec<Rollback>,
    /// What changes besides, for each pair of scopes.
    pub changes: Vec<ScopeChange>,
    /// The rows that move.
    pub moved: Moved,
    /// The rows of the last stage, to which the places of its plan refer.
    pub last: WorkloadSet,
}

impl Migrated {
    /// A quota at a stage; `None` where no row counts against it then.
    #[must_use]
    pub fn quota(&self, path: &QuotaPath, stage: usize) -> Option<&QuotaPlan> {
        let index = path.at.get(stage).copied().flatten()?;
        self.stages.get(stage)?.plan.quotas.get(index)
    }

    /// The quotas of the other model that count the same thing in the same account.
    pub fn others<'a>(&'a self, path: &'a QuotaPath) -> impl Iterator<Item = &'a QuotaPath> {
        let same = |other: &&QuotaPath| {
            other.side != path.side && other.id.account == path.id.account && other.id.kind == path.id.kind
        };
        self.quotas.iter().filter(same)
    }
}

/// Plans every stage; what cannot hold is reported, and then there is no result.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn migrate(
    input: &PlanInput<'_>,
    migration: &Migration,
    held: &QuotasToHold<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Migrated>, TooLarge> {
    let moves = split::moves(input, migration, diagnostics).filter(|_| migration.has_stages());
    let Some(moves) = moves else { return Ok(None) };
    let mut touched = Touched::new();
    let mut scopes = BTreeSet::new();
    for (index, new) in &moves.rows {
        let Some(old) = input.workloads.rows().get(*index) else { continue };
        let account = old.account().map(|symbol| input.workloads.text(symbol).to_owned());
        let account = account.or_else(|| input.assumptions.config.account.clone());
        touched.insert((account.clone(), old.model(), old.scope()), Side::Old);
        touched.insert((account, new.model(), new.scope()), Side::New);
        scopes.insert((old.scope(), new.scope()));
    }
    let mut stages = Vec::new();
    let mut last = None;
    for (percent, date) in std::iter::once((0, None)).chain(migration.dated()) {
        let (workloads, origins) = moves.split(input.workloads, percent);
        let assumptions = Assumptions { priced_on: date, ..input.assumptions.clone() };
        let now = PlanInput { workloads: &workloads, assumptions: &assumptions, ..*input };
        // A split row stands for the row it comes from.
        let origin = |error: TooLarge| TooLarge { row: error.row.and_then(|row| origins.get(row).copied()) };
        let plan = plan(&now).map_err(origin)?;
        let [old_cost, new_cost] = costs(&now, &plan, &touched).map_err(origin)?;
        stages.push(Stage { percent, date, plan, old_cost, new_cost });
        last = Some(workloads);
    }
    let quotas = outcome::paths(input, migration, held, &stages, &touched);
    let rollback = outcome::rollback(held, &stages, &quotas);
    let pair = (input.catalog.model(migration.from), input.catalog.model(migration.to));
    let changes =
        scopes.into_iter().map(|scopes| changes::between(pair, scopes, input.assumptions.rates_as_of));
    Ok(Some(Migrated {
        from: migration.from,
        to: migration.to,
        token_ratio: migration.token_ratio.value,
        calendar: migration.calendar,
        assume_defaults: held.assume_defaults,
        quotas,
        lives: life::lives(input, migration),
        rollback,
        changes: changes.collect(),
        moved: moves.moved(input),
        last: last.unwrap_or_else(|| input.workloads.clone()),
        stages,
    }))
}

/// The month's money of both sides in the plan's largest period.
fn costs(input: &PlanInput<'_>, plan: &Plan, touched: &Touched) -> Result<[MonthlyCost; 2], TooLarge> {
    let mut sums = [(BigInt::ZERO, true), (BigInt::ZERO, true)];
    let [old, new] = &mut sums;
    let scale = &plan.cost.scale;
    for pool in &plan.pools {
        let (sum, complete) = match touched.get(&(pool.account.clone(), pool.model, pool.scope)) {
            Some(Side::Old) => &mut *old,
            Some(Side::New) => &mut *new,
            None => continue,
        };
        let mut spend = Spend::new(
            Tariff::new(input.catalog.model(pool.model), pool.scope, input.assumptions.price_date()),
            input.assumptions,
        );
        for &index in &pool.rows {
            let row = input.workloads.rows().get(index as usize);
            let counts = |row: &&Workload| row.period().is_none() || row.period() == plan.cost.period;
            if let Some(row) = row.filter(counts) {
                spend.add(index, row);
            }
        }
        let (cells, _) = spend.finish(scale).map_err(|row| TooLarge { row: Some(row as usize) })?;
        for cell in cells {
            *sum += cell.priced.iter().sum::<BigInt>();
            *complete &= !cell.unpriced.contains(&true);
        }
    }
    let per_usd = scale.per_usd();
    let [old, new] = &sums;
    Ok([cost::monthly(&old.0, &per_usd, old.1)?, cost::monthly(&new.0, &per_usd, new.1)?])
}
