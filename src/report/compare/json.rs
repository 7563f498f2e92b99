//! The JSON contract of `compare`, and the columns of its rows in CSV.
//!
//! Token figures are integers, money decimal strings; unknown is `null`, no limit is `"unlimited"`.

use super::edits::edits;
use super::help::help_here;
use super::optimum::why;
use super::result::{CompareReport, global_saving, signed_plain};
use crate::catalog::{Destinations, Outside, REGION, Residency, ResidencyVerdict};
use crate::contract::Word;
use crate::contract::compare as json;
use crate::contract::parts::Destinations as Places;
use crate::contract::plan::Finding as PlanFinding;
use crate::engine::{
    Assignment, CompliantModel, Decision, Finding, Headroom, InScope, Increases, MonthlyCost, Optimum,
    Reason, RowScopes, Saving, ScopeQuota,
};
use crate::report::columns::{Cell, columns_of_parts};
use crate::report::cost::hundredths;
use crate::report::models::json::destinations;
use crate::report::notes::capacity_word;
use crate::report::plan::json::finding_report;
use crate::report::words::{Statement, language};
use crate::report::{Items, SCHEMA_VERSION};
use crate::units::{Fact, UsdCents};
use crate::workload::Workload;

/// The JSON form of a comparison; its rows are made while it is written.
pub(in crate::report) fn document<'a>(comparing: CompareReport<'a>) -> impl serde::Serialize + 'a {
    let all = &comparing;
    let said = language().statements();
    let statements = |all: &[Statement]| all.iter().map(statement).collect();
    json::CompareDocument {
        schema_version: SCHEMA_VERSION,
        region: REGION.into(),
        assume_defaults: all.asked.assume_defaults,
        workloads: Items(move || comparing.rows.iter().filter_map(move |compared| row(&comparing, compared))),
        optimum: all.optimum.map(|found| optimum(all, found)),
        destinations: statements(said.destinations),
        storage: statements(said.storage),
        storage_conflict: said.conflict.into(),
        criteria: statements(said.criteria),
        global_saving_percent: global_saving(all)
            .map(|(least, most)| json::Range { least: hundredths(least), most: hundredths(most) }),
        findings: all.findings().into_iter().map(|finding| json_finding(all, finding)).collect(),
        edition: all.input.assumptions.config.policy.edition().as_str().into(),
    }
}

fn statement(statement: &Statement) -> json::Statement {
    let Statement { about, text, source, as_of, standing } = *statement;
    json::Statement {
        about: about.into(),
        statement: text.into(),
        standing: standing.as_str().into(),
        source: source.into(),
        as_of: as_of.into(),
    }
}

fn saving(saving: Option<&Saving>) -> (Option<String>, Option<String>) {
    let usd = saving.and_then(Saving::cents).map(signed_plain);
    (usd, saving.and_then(Saving::hundredths_of_a_percent).map(hundredths))
}

/// A row of the file in each scope.
pub(in crate::report) fn row(all: &CompareReport<'_>, compared: &RowScopes<'_>) -> Option<json::ComparedRow> {
    let row = all.row(compared.row)?;
    let text = |symbol| all.input.workloads.text(symbol).to_owned();
    let place = all.input.workloads.row_line(all.sources, row);
    Some(json::ComparedRow {
        workload: row.name().to_owned(),
        period: row.period().map(text),
        account: row.account().map(text).or_else(|| all.input.assumptions.config.account.clone()),
        file: place.boxed_file(),
        line: place.line,
        model: all.input.catalog.model(row.model()).id.clone(),
        residency: row.residency().map(Residency::as_str).map(Into::into),
        scopes: compared.scopes.iter().map(|one| scope(all, row, one)).collect(),
        compliant_models: compared.compliant.iter().map(|one| compliant(all, one)).collect(),
    })
}

impl Cell for json::Headroom {
    fn cell(&self) -> String {
        match self {
            Self::Unlimited(word) => word.cell(),
            Self::Left(left) => left.to_string(),
        }
    }
}

/// Regions in one cell.
fn regions(destinations: &Option<Places>) -> String {
    match destinations {
        Some(Places::Regions(regions)) => regions.join(" "),
        Some(Places::Word(word)) => word.cell(),
        None => "unknown".to_owned(),
    }
}

/// Models with their scopes in one cell.
fn compliant_cell(models: &[json::CompliantModel]) -> String {
    let each =
        models.iter().flat_map(|one| one.scopes.iter().map(move |scope| format!("{}/{scope}", one.model)));
    each.collect::<Vec<_>>().join(" ")
}

/// The scope to which an optimum assigns a row, and why.
pub(super) struct Assigned {
    to: Word,
    reason: Option<Word>,
    /// Of the group that the row is assigned with.
    proven: bool,
}

columns_of_parts!(
    /// The columns of a row in a scope.
    COMPARED, compared_record(
    row: &json::ComparedRow,
    scope: &json::Scope,
    quota: Option<&json::Quota>,
    assigned: Option<&Assigned>
) {
    row.workload;
    row.period;
    row.account;
    row.line;
    row.model;
    scope.scope;
    scope.present;
    quota?.kind;
    quota?.code;
    quota?.required;
    quota?.limit;
    quota?.limit_source;
    quota?.headroom;
    scope.monthly_usd;
    scope.saving_usd;
    scope.saving_percent;
    scope.destinations, regions;
    row.residency;
    scope.residency_verdict;
    assigned?.to => "assigned_scope";
    assigned?.reason => "assigned_why";
    assigned?.proven => "assigned_proven";
    row.compliant_models, compliant_cell;
    row.file;
});

/// The names of the columns of a comparison; the file comes last, where there are several.
pub(super) fn compared_columns(several_files: bool) -> Vec<&'static str> {
    COMPARED.iter().map(|(name, _)| *name).filter(|name| several_files || *name != "file").collect()
}

/// What the optimum decides for a row.
pub(super) fn assigned(all: &CompareReport<'_>, row: usize) -> Option<Assigned> {
    let (group, decision) = all.optimum?.of_row(row)?;
    Some(Assigned {
        to: decision.to.as_str().into(),
        reason: decision.why.as_ref().map(Reason::as_str).map(Into::into),
        proven: group.proven,
    })
}

fn compliant(all: &CompareReport<'_>, one: &CompliantModel) -> json::CompliantModel {
    let model = all.input.catalog.model(one.model);
    json::CompliantModel {
        model: model.id.clone(),
        scopes: one.scopes.iter().map(|scope| scope.as_str().into()).collect(),
        takes_no_increases: model.takes_no_increases(all.input.assumptions.today),
    }
}

fn scope(all: &CompareReport<'_>, row: &Workload, one: &InScope<'_>) -> json::Scope {
    let entry = all.input.catalog.model(row.model()).scope(one.scope);
    let (saving_usd, saving_percent) = saving(one.saving.as_ref());
    json::Scope {
        scope: one.scope.as_str().into(),
        present: one.present,
        profile: entry.and_then(|entry| entry.profile.clone()),
        quotas: one.quotas.iter().map(quota).collect(),
        monthly_usd: one.cost.usd().map(UsdCents::plain),
        priced_monthly_usd: one.cost.priced_usd().plain(),
        saving_usd,
        saving_percent,
        destinations: entry.and_then(|entry| destinations(&entry.destinations)),
        destinations_source: entry.map(|entry| entry.provenance.source.clone()),
        destinations_as_of: entry.map(|entry| entry.provenance.as_of.to_string()),
        residency_verdict: one.residency.as_str().into(),
        outside: match &one.residency {
            ResidencyVerdict::Outside(Outside::Regions(regions)) => Places::Regions(regions.clone()),
            ResidencyVerdict::Outside(Outside::AllCommercial) => {
                Places::Word(Destinations::ALL_COMMERCIAL.into())
            }
            ResidencyVerdict::Met | ResidencyVerdict::Unknown => Places::Regions(Vec::new()),
        },
    }
}

fn quota(quota: &ScopeQuota<'_>) -> json::Quota {
    let entry = quota.entry;
    json::Quota {
        kind: quota.kind.as_str().into(),
        code: quota.code().map(str::to_owned),
        name: entry.and_then(|entry| match &entry.name {
            Fact::Known(name) => Some(name.clone()),
            Fact::Absent | Fact::Unknown => None,
        }),
        adjustable: entry.and_then(|entry| entry.adjustable.known()),
        long_context: quota.long_context,
        required: quota.required.map(|required| required.get()),
        limit: quota.limit.map(Into::into),
        limit_source: quota.limit_source.map(capacity_word).map(Into::into),
        headroom: match quota.headroom() {
            Headroom::Unknown => None,
            Headroom::Unlimited => Some(json::Headroom::Unlimited("unlimited".into())),
            Headroom::Left(left) => i64::try_from(left).ok().map(json::Headroom::Left),
        },
    }
}

fn state(needs: Increases, cost: &MonthlyCost) -> json::State {
    json::State {
        exceeding: needs.exceeding,
        not_judged: needs.unjudged,
        monthly_usd: cost.usd().map(UsdCents::plain),
        priced_monthly_usd: cost.priced_usd().plain(),
    }
}

fn optimum(all: &CompareReport<'_>, found: &Optimum) -> json::Optimum {
    let group = |group: &Assignment| json::Group {
        account: group.account.clone(),
        model: all.input.catalog.model(group.model).id.clone(),
        proven: group.proven,
        assignments: (group.assignments < u64::MAX).then_some(group.assignments),
        exceeding: group.before.exceeding,
        exceeding_after: group.after.exceeding,
        not_judged: group.before.unjudged,
        not_judged_after: group.after.unjudged,
    };
    json::Optimum {
        proven: found.proven(),
        before: state(found.before, &all.base.cost.total),
        after: state(found.after, &found.plan.cost.total),
        groups: found.groups.iter().filter(|group| !group.decisions.is_empty()).map(group).collect(),
        decisions: found.decisions().into_iter().map(|one| decision(all, one)).collect(),
    }
}

fn decision(all: &CompareReport<'_>, one: &Decision) -> json::Decision {
    let rows = || one.rows.iter().filter_map(|index| all.row(*index));
    let (saving_usd, saving_percent) = saving(one.saving.as_ref());
    let exceeded = match &one.why {
        Some(Reason::Increases(quotas)) => quotas.as_slice(),
        _ => &[],
    };
    let exceeded = exceeded.iter().map(|quota| json::Exceeded {
        scope: quota.scope.as_str().into(),
        kind: quota.kind.as_str().into(),
        code: quota.code.clone(),
        required: quota.required.map(|required| required.get()),
        limit: quota.limit.map(Into::into),
    });
    let edits = edits(all, one).into_iter().map(|edit| json::Edit {
        file: edit.place.as_ref().map(|place| place.file.clone()),
        line: edit.place.as_ref().map(|place| place.line),
        column: edit.place.as_ref().map(|place| place.column),
        cell: edit.column.name().into(),
        from: edit.from,
        to: edit.to,
    });
    let place = |row| all.input.workloads.row_line(all.sources, row);
    json::Decision {
        workload: rows().next().map(|row| row.name().to_owned()).unwrap_or_default(),
        files: rows().filter_map(|row| place(row).boxed_file()).collect(),
        lines: rows().map(|row| place(row).line).collect(),
        from: one.from.as_str().into(),
        to: one.to.as_str().into(),
        moves: one.moves(),
        residency_met_now: one.residency_met_now,
        residency_met: one.residency_met,
        against: one.against.map(|scope| scope.as_str().into()),
        reason: one.why.as_ref().map(Reason::as_str).map(Into::into),
        why: why(all, one),
        monthly_usd: one.cost_before.usd().map(UsdCents::plain),
        monthly_usd_after: one.cost_after.usd().map(UsdCents::plain),
        saving_usd,
        saving_percent,
        exceeded: exceeded.collect(),
        edits: edits.collect(),
    }
}

fn json_finding(all: &CompareReport<'_>, finding: &Finding) -> PlanFinding {
    let help = help_here(all, finding);
    PlanFinding { help, ..finding_report(all.sources, all.input, all.base, finding) }
}
