//! The JSON contract of `compare`.
//!
//! Token figures are integers, money decimal strings; unknown is `null`, no limit is `"unlimited"`.

use serde::Serialize;

use super::compare::help_here;
use super::compare_edits::edits;
use super::compare_optimum::why;
use super::compare_texts::{CONFLICT, CRITERIA, DESTINATIONS, STORAGE, Statement};
use super::comparing::{Comparing, global_saving, hundredths, signed_plain};
use super::models_json::JsonDestinations;
use super::plan::capacity_word;
use super::plan_json::{FindingReport, JsonLimit, finding_report};
use super::{Items, SCHEMA_VERSION};
use crate::catalog::{Destinations, Outside, REGION, Residency, ResidencyVerdict};
use crate::engine::{
    Assignment, CompliantModel, Decision, Headroom, InScope, Increases, MonthlyCost, Optimum, Reason,
    RowScopes, Saving, ScopeQuota,
};
use crate::units::{Fact, UsdCents};
use crate::workload::Workload;

#[derive(Serialize)]
struct CompareReport<W> {
    schema_version: u32,
    region: &'static str,
    assume_defaults: bool,
    workloads: W,
    optimum: Option<OptimumReport>,
    destinations: Vec<StatementReport>,
    storage: Vec<StatementReport>,
    storage_conflict: &'static str,
    criteria: Vec<StatementReport>,
    global_saving_percent: Option<RangeReport>,
    findings: Vec<FindingReport>,
    edition: &'static str,
}

#[derive(Debug, Serialize)]
struct RangeReport {
    least: String,
    most: String,
}

#[derive(Debug, Serialize)]
struct StatementReport {
    about: &'static str,
    statement: &'static str,
    standing: &'static str,
    source: &'static str,
    as_of: &'static str,
}

#[derive(Debug, Serialize)]
struct RowReport {
    workload: String,
    period: Option<String>,
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Box<str>>,
    line: usize,
    model: String,
    residency: Option<&'static str>,
    scopes: Vec<ScopeReport>,
    compliant_models: Vec<CompliantReport>,
}

/// A model with scopes that keep to the residency, where none of the row's own does.
#[derive(Debug, Serialize)]
struct CompliantReport {
    model: String,
    scopes: Vec<&'static str>,
    takes_no_increases: bool,
}

#[derive(Debug, Serialize)]
struct ScopeReport {
    scope: &'static str,
    present: bool,
    profile: Option<String>,
    quotas: Vec<QuotaReport>,
    monthly_usd: Option<String>,
    priced_monthly_usd: String,
    saving_usd: Option<String>,
    saving_percent: Option<String>,
    destinations: Option<JsonDestinations>,
    destinations_source: Option<String>,
    destinations_as_of: Option<String>,
    residency_verdict: &'static str,
    outside: JsonDestinations,
}

#[derive(Debug, Serialize)]
struct QuotaReport {
    kind: &'static str,
    code: Option<String>,
    name: Option<String>,
    adjustable: Option<bool>,
    long_context: bool,
    required: Option<u64>,
    limit: Option<JsonLimit>,
    limit_source: Option<&'static str>,
    headroom: Option<HeadroomReport>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum HeadroomReport {
    Unlimited(&'static str),
    Left(i64),
}

#[derive(Debug, Serialize)]
struct OptimumReport {
    proven: bool,
    before: StateReport,
    after: StateReport,
    groups: Vec<GroupReport>,
    decisions: Vec<DecisionReport>,
}

#[derive(Debug, Serialize)]
struct StateReport {
    exceeding: usize,
    not_judged: usize,
    monthly_usd: Option<String>,
    priced_monthly_usd: String,
}

#[derive(Debug, Serialize)]
struct GroupReport {
    account: Option<String>,
    model: String,
    proven: bool,
    assignments: Option<u64>,
    exceeding: usize,
    exceeding_after: usize,
    not_judged: usize,
    not_judged_after: usize,
}

#[derive(Debug, Serialize)]
struct DecisionReport {
    workload: String,
    /// The file of each line, where the rows come from several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<Box<str>>,
    lines: Vec<usize>,
    from: &'static str,
    to: &'static str,
    moves: bool,
    residency_met_now: bool,
    residency_met: bool,
    against: Option<&'static str>,
    reason: Option<&'static str>,
    why: String,
    monthly_usd: Option<String>,
    monthly_usd_after: Option<String>,
    saving_usd: Option<String>,
    saving_percent: Option<String>,
    exceeded: Vec<ExceededReport>,
    edits: Vec<EditReport>,
}

#[derive(Debug, Serialize)]
struct ExceededReport {
    scope: &'static str,
    kind: &'static str,
    code: Option<String>,
    required: Option<u64>,
    limit: Option<JsonLimit>,
}

#[derive(Debug, Serialize)]
struct EditReport {
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    cell: &'static str,
    from: String,
    to: String,
}

/// The JSON form of a comparison; its rows are made while it is written.
pub(super) fn json<'a>(comparing: Comparing<'a>) -> impl Serialize + 'a {
    let all = &comparing;
    let statements = |all: &[Statement]| all.iter().map(statement).collect();
    CompareReport {
        schema_version: SCHEMA_VERSION,
        region: REGION,
        assume_defaults: all.asked.assume_defaults,
        workloads: Items(move || comparing.rows.iter().filter_map(move |compared| row(&comparing, compared))),
        optimum: all.optimum.map(|found| optimum(all, found)),
        destinations: statements(&DESTINATIONS),
        storage: statements(&STORAGE),
        storage_conflict: CONFLICT,
        criteria: statements(&CRITERIA),
        global_saving_percent: global_saving(all)
            .map(|(least, most)| RangeReport { least: hundredths(least), most: hundredths(most) }),
        findings: all
            .findings()
            .into_iter()
            .map(|finding| {
                finding_report(all.sources, all.input, all.base, finding).with_help(help_here(all, finding))
            })
            .collect(),
        edition: all.input.assumptions.policy.edition().as_str(),
    }
}

fn statement(statement: &Statement) -> StatementReport {
    let Statement { about, text, source, as_of, standing } = *statement;
    StatementReport { about, statement: text, standing: standing.as_str(), source, as_of }
}

fn saving(saving: Option<&Saving>) -> (Option<String>, Option<String>) {
    let usd = saving.and_then(Saving::cents).map(signed_plain);
    (usd, saving.and_then(Saving::hundredths_of_a_percent).map(hundredths))
}

fn row(all: &Comparing<'_>, compared: &RowScopes<'_>) -> Option<RowReport> {
    let row = all.row(compared.row)?;
    let text = |symbol| all.input.workloads.text(symbol).to_owned();
    let place = all.input.workloads.row_line(all.sources, row);
    Some(RowReport {
        workload: row.name().to_owned(),
        period: row.period().map(text),
        account: row.account().map(text).or_else(|| all.input.assumptions.account.clone()),
        file: place.boxed_file(),
        line: place.line,
        model: all.input.catalog.model(row.model()).id.clone(),
        residency: row.residency().map(Residency::as_str),
        scopes: compared.scopes.iter().map(|one| scope(all, row, one)).collect(),
        compliant_models: compared.compliant.iter().map(|one| compliant(all, one)).collect(),
    })
}

fn compliant(all: &Comparing<'_>, one: &CompliantModel) -> CompliantReport {
    let model = all.input.catalog.model(one.model);
    CompliantReport {
        model: model.id.clone(),
        scopes: one.scopes.iter().map(|scope| scope.as_str()).collect(),
        takes_no_increases: model.takes_no_increases(all.input.assumptions.today),
    }
}

fn scope(all: &Comparing<'_>, row: &Workload, one: &InScope<'_>) -> ScopeReport {
    let entry = all.input.catalog.model(row.model()).scope(one.scope);
    let (saving_usd, saving_percent) = saving(one.saving.as_ref());
    ScopeReport {
        scope: one.scope.as_str(),
        present: one.present,
        profile: entry.and_then(|entry| entry.profile.clone()),
        quotas: one.quotas.iter().map(quota).collect(),
        monthly_usd: one.cost.usd().map(UsdCents::plain),
        priced_monthly_usd: one.cost.priced_usd().plain(),
        saving_usd,
        saving_percent,
        destinations: entry.and_then(|entry| JsonDestinations::of(&entry.destinations)),
        destinations_source: entry.map(|entry| entry.provenance.source.clone()),
        destinations_as_of: entry.map(|entry| entry.provenance.as_of.to_string()),
        residency_verdict: one.residency.as_str(),
        outside: match &one.residency {
            ResidencyVerdict::Outside(Outside::Regions(regions)) => {
                JsonDestinations::Regions(regions.clone())
            }
            ResidencyVerdict::Outside(Outside::AllCommercial) => {
                JsonDestinations::Word(Destinations::ALL_COMMERCIAL)
            }
            ResidencyVerdict::Met | ResidencyVerdict::Unknown => JsonDestinations::Regions(Vec::new()),
        },
    }
}

fn quota(quota: &ScopeQuota<'_>) -> QuotaReport {
    let entry = quota.entry;
    QuotaReport {
        kind: quota.kind.as_str(),
        code: quota.code().map(str::to_owned),
        name: entry.and_then(|entry| match &entry.name {
            Fact::Known(name) => Some(name.clone()),
            Fact::Absent | Fact::Unknown => None,
        }),
        adjustable: entry.and_then(|entry| entry.adjustable.known()),
        long_context: quota.long_context,
        required: quota.required.map(|required| required.get()),
        limit: quota.limit.map(JsonLimit),
        limit_source: quota.limit_source.map(capacity_word),
        headroom: match quota.headroom() {
            Headroom::Unknown => None,
            Headroom::Unlimited => Some(HeadroomReport::Unlimited("unlimited")),
            Headroom::Left(left) => i64::try_from(left).ok().map(HeadroomReport::Left),
        },
    }
}

fn state(needs: Increases, cost: &MonthlyCost) -> StateReport {
    StateReport {
        exceeding: needs.exceeding,
        not_judged: needs.unjudged,
        monthly_usd: cost.usd().map(UsdCents::plain),
        priced_monthly_usd: cost.priced_usd().plain(),
    }
}

fn optimum(all: &Comparing<'_>, found: &Optimum) -> OptimumReport {
    let group = |group: &Assignment| GroupReport {
        account: group.account.clone(),
        model: all.input.catalog.model(group.model).id.clone(),
        proven: group.proven,
        assignments: (group.assignments < u64::MAX).then_some(group.assignments),
        exceeding: group.before.exceeding,
        exceeding_after: group.after.exceeding,
        not_judged: group.before.unjudged,
        not_judged_after: group.after.unjudged,
    };
    OptimumReport {
        proven: found.proven(),
        before: state(found.before, &all.base.cost.total),
        after: state(found.after, &found.plan.cost.total),
        groups: found.groups.iter().filter(|group| !group.decisions.is_empty()).map(group).collect(),
        decisions: found.decisions().into_iter().map(|one| decision(all, one)).collect(),
    }
}

fn decision(all: &Comparing<'_>, one: &Decision) -> DecisionReport {
    let rows = || one.rows.iter().filter_map(|index| all.row(*index));
    let (saving_usd, saving_percent) = saving(one.saving.as_ref());
    let exceeded = match &one.why {
        Some(Reason::Increases(quotas)) => quotas.as_slice(),
        _ => &[],
    };
    let exceeded = exceeded.iter().map(|quota| ExceededReport {
        scope: quota.scope.as_str(),
        kind: quota.kind.as_str(),
        code: quota.code.clone(),
        required: quota.required.map(|required| required.get()),
        limit: quota.limit.map(JsonLimit),
    });
    let edits = edits(all, one).into_iter().map(|edit| EditReport {
        file: edit.place.as_ref().map(|place| place.file.clone()),
        line: edit.place.as_ref().map(|place| place.line),
        column: edit.place.as_ref().map(|place| place.column),
        cell: edit.column.name(),
        from: edit.from,
        to: edit.to,
    });
    let place = |row| all.input.workloads.row_line(all.sources, row);
    DecisionReport {
        workload: rows().next().map(|row| row.name().to_owned()).unwrap_or_default(),
        files: rows().filter_map(|row| place(row).boxed_file()).collect(),
        lines: rows().map(|row| place(row).line).collect(),
        from: one.from.as_str(),
        to: one.to.as_str(),
        moves: one.moves(),
        residency_met_now: one.residency_met_now,
        residency_met: one.residency_met,
        against: one.against.map(|scope| scope.as_str()),
        reason: one.why.as_ref().map(Reason::as_str),
        why: why(all, one),
        monthly_usd: one.cost_before.usd().map(UsdCents::plain),
        monthly_usd_after: one.cost_after.usd().map(UsdCents::plain),
        saving_usd,
        saving_percent,
        exceeded: exceeded.collect(),
        edits: edits.collect(),
    }
}
