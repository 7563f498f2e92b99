//! What every report of a migration needs: the migration itself, and the words for stages and quotas.

use crate::catalog::Scope;
use crate::engine::{
    AccountDaily, Migrated, PlanInput, QuotaPath, QuotaPlan, QuotasToHold, ScopeChange, Stage,
};
use crate::report::notes::capacity_word;
use crate::text::Sources;
use crate::text::plain::cell_name;

/// Everything a migration is reported from.
#[derive(Debug, Clone, Copy)]
pub struct MigrateReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What the file as it is was planned from.
    pub input: &'a PlanInput<'a>,
    /// The stages.
    pub migrated: &'a Migrated,
    /// The inputs and both models as words of another command; `None` where no command comes next.
    pub typed: Option<&'a str>,
}

/// A quota at the stages where rows count against it.
pub(in crate::report) type At<'a> = (usize, &'a Stage, Option<&'a QuotaPlan>);

impl<'a> MigrateReport<'a> {
    /// Every stage with the quota as it is then.
    pub(in crate::report) fn along(&self, path: &'a QuotaPath) -> impl Iterator<Item = At<'a>> {
        let migrated = self.migrated;
        let stages = migrated.stages.iter().enumerate();
        stages.map(move |(at, stage)| (at, stage, migrated.quota(path, at)))
    }

    /// Which quotas have a limit to hold.
    pub(in crate::report) fn held(&self) -> QuotasToHold<'static> {
        QuotasToHold { code: None, assume_defaults: self.migrated.assume_defaults }
    }

    /// The daily estimates of a stage, of the accounts that the migration touches.
    pub(in crate::report) fn daily(&self, stage: &'a Stage) -> impl Iterator<Item = &'a AccountDaily> {
        let quotas = &self.migrated.quotas;
        stage
            .plan
            .account_daily
            .iter()
            .filter(|daily| quotas.iter().any(|path| path.id.account == daily.account))
    }
}

/// What a stage is called.
pub(in crate::report) fn named(stage: &Stage) -> String {
    if stage.percent == 0 { "now".to_owned() } else { format!("{} %", stage.percent) }
}

/// Model, scope, kind, code and what there is of a quota, a line each.
pub(in crate::report) fn name(all: &MigrateReport<'_>, quota: &QuotaPlan) -> Vec<String> {
    let mut lines = vec![quota.id.place(all.input.catalog), quota.id.kind_and_code()];
    lines.extend(quota.id.account.as_ref().map(|account| format!("account {}", cell_name(account))));
    lines
}

/// The applied quota, else the default, and which it is.
pub(in crate::report) fn limit(quota: &QuotaPlan) -> String {
    match (quota.capacity(), quota.capacity_source) {
        (Some(limit), Some(source)) => format!("{limit} {}", capacity_word(source)),
        _ if quota.entry.is_none() => "no quota".to_owned(),
        _ => "no value known".to_owned(),
    }
}

/// What the old and the new model are called, with their scopes where all rows move from one scope to one scope.
pub(super) fn models(all: &MigrateReport<'_>) -> (String, String) {
    let migrated = all.migrated;
    let name = |model, scope: fn(&ScopeChange) -> Scope| {
        let name = &all.input.catalog.model(model).name;
        match migrated.changes.as_slice() {
            [only] => format!("{name} {}", scope(only)),
            _ => name.clone(),
        }
    };
    (name(migrated.from, |change| change.from), name(migrated.to, |change| change.to))
}
