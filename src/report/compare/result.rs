//! What every report of a comparison needs: the comparison itself, and the words for money and shares.

use crate::catalog::Scope;
use crate::engine::{
    CompareOptions, Finding, InScope, Optimum, Plan, PlanInput, RowScopes, Saving, ScopeQuota,
};
use crate::report::notes::bears_on_the_choice;
use crate::report::words::language;
use crate::report::{Cell, Mark};
use crate::text::Sources;
use crate::text::plain::cell_name;
use crate::units::UsdCents;
use crate::workload::Workload;

/// Everything a comparison is reported from.
#[derive(Debug, Clone, Copy)]
pub struct CompareReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What is compared.
    pub input: &'a PlanInput<'a>,
    /// The plan of the files as they are.
    pub base: &'a Plan,
    /// What was asked.
    pub asked: CompareOptions<'a>,
    /// The rows in their scopes.
    pub rows: &'a [RowScopes<'a>],
    /// The best assignment, where asked for.
    pub optimum: Option<&'a Optimum>,
    /// The inputs as words of another command; `None` where no command comes next.
    pub typed: Option<&'a str>,
}

impl<'a> CompareReport<'a> {
    /// A row of the file.
    pub(in crate::report) fn row(&self, index: usize) -> Option<&'a Workload> {
        self.input.workloads.rows().get(index)
    }

    /// Findings of the plan as it is that bear on the choice of a model or scope, of the rows asked about.
    pub(in crate::report) fn findings(&self) -> Vec<&'a Finding> {
        let asked = |index: &u32| self.row(*index as usize).is_some_and(|row| self.asked.includes(row));
        let of_asked = |quota: usize| {
            let quota = self.base.quotas.get(quota);
            quota.is_some_and(|quota| self.base.rows_of(quota).iter().any(asked))
        };
        let findings = self.base.findings.iter();
        findings
            .filter(|finding| bears_on_the_choice(finding) && finding.quota.is_some_and(of_asked))
            .collect()
    }

    /// A row's name, with its period where it has one.
    pub(in crate::report) fn name(&self, row: &Workload) -> String {
        let period =
            row.period().map(|period| format!(" in {}", cell_name(self.input.workloads.text(period))));
        format!("{}{}", cell_name(row.name()), period.unwrap_or_default())
    }
}

/// Cents with a sign.
pub(super) fn signed_usd(cents: i128) -> String {
    format!("{}{}", if cents < 0 { "-" } else { "" }, UsdCents::new(cents.unsigned_abs()))
}

/// The same for scripts.
pub(super) fn signed_plain(cents: i128) -> String {
    format!("{}{}", if cents < 0 { "-" } else { "" }, UsdCents::new(cents.unsigned_abs()).plain())
}

/// A saving in dollars and cents, or that it is not known.
pub(super) fn saving_cell(saving: Option<&Saving>) -> Cell {
    saving.and_then(Saving::cents).map_or(Cell::Mark(Mark::Unknown), |cents| signed_usd(cents).into())
}

/// A saving in percent; empty where there is none.
pub(super) fn percent_cell(saving: Option<&Saving>) -> Cell {
    let percent = saving.and_then(Saving::hundredths_of_a_percent);
    percent.map_or(Cell::Mark(Mark::NotApplicable), |percent| language().saving_percent(percent).into())
}

/// How much cheaper Global is than US for these rows, as the table has it.
pub(super) fn global_saving(all: &CompareReport<'_>) -> Option<(i64, i64)> {
    let mut shares = Vec::new();
    for scope in all.rows.iter().flat_map(|compared| {
        let now = compared.scopes.iter().find(|scope| scope.present);
        let from_us = now.is_some_and(|scope| scope.scope == Scope::Us);
        compared.scopes.iter().filter(move |scope| from_us && scope.scope == Scope::Global)
    }) {
        shares.extend(scope.saving.as_ref().and_then(Saving::hundredths_of_a_percent));
    }
    Some((shares.iter().copied().min()?, shares.iter().copied().max()?))
}

/// The quota a row lands on: tokens per minute, or requests where AWS lists no tokens.
pub(super) fn landing<'a, 'b>(scope: &'b InScope<'a>) -> Option<&'b ScopeQuota<'a>> {
    scope.quotas.first()
}
