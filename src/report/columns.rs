//! The columns of CSV records, each with the JSON key that it shows: one line a column.
//!
//! A record is read off a contract type, so that CSV and JSON cannot differ; nothing is computed here.

use super::Records;
use super::check::gate::GateFinding;
use super::check::json::finding_report;
use super::plan::json::quota_figures;
use super::plan::simulated::SimulatedQuotas;
use crate::contract::Word;
use crate::contract::check::Finding;
use crate::contract::compare::{
    ComparedRow, CompliantModel, Headroom, Quota as ComparedQuota, Scope as ComparedScope,
};
use crate::contract::iam::Finding as PolicyFinding;
use crate::contract::models::{Change as TableChange, Fact};
use crate::contract::parts::{Destinations, Limit, Share};
use crate::contract::quota::{Quota, Simulated};
use crate::contract::quotas::Change as QuotaChange;
use crate::contract::request::{PastRequest, RequestStatus};
use crate::contract::sample::Expected;
use crate::engine::{Plan, PlanInput, QuotaPlan};

/// A column of the records about `T`.
pub(super) struct Column<T> {
    name: &'static str,
    key: &'static str,
    cell: fn(&T) -> String,
}

/// A value as a cell; what is null in JSON is empty.
trait Cell {
    fn cell(&self) -> String;
}

macro_rules! shown_as_text {
    ($($of:ty),*) => {
        $(impl Cell for $of {
            fn cell(&self) -> String {
                self.to_string()
            }
        })*
    };
}

shown_as_text!(bool, i32, u32, u64, usize, &str, Box<str>, String, Word, Limit, Share);

impl<T: Cell> Cell for Option<T> {
    fn cell(&self) -> String {
        self.as_ref().map(Cell::cell).unwrap_or_default()
    }
}

impl Cell for Headroom {
    fn cell(&self) -> String {
        match self {
            Self::Unlimited(word) => word.cell(),
            Self::Left(left) => left.to_string(),
        }
    }
}

/// A value, or that it is not known.
fn or_unknown<T: Cell>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(|| "unknown".to_owned(), Cell::cell)
}

/// A value that may be absent or not known.
#[allow(clippy::option_option)]
fn absent_or_unknown<T: Cell>(value: &Option<Option<T>>) -> String {
    value.as_ref().map(or_unknown).unwrap_or_default()
}

/// Regions in one cell.
fn regions(destinations: &Option<Destinations>) -> String {
    match destinations {
        Some(Destinations::Regions(regions)) => regions.join(" "),
        Some(Destinations::Word(word)) => word.cell(),
        None => "unknown".to_owned(),
    }
}

/// Models with their scopes in one cell.
fn compliant(models: &[CompliantModel]) -> String {
    let each =
        models.iter().flat_map(|one| one.scopes.iter().map(move |scope| format!("{}/{scope}", one.model)));
    each.collect::<Vec<_>>().join(" ")
}

macro_rules! cell {
    ($value:expr) => {
        Cell::cell(&$value)
    };
    ($value:expr, $shown:ident) => {
        $shown(&$value)
    };
}

/// Columns by name, each with the path of the JSON key in its type, and how it is shown where not as its type is.
macro_rules! columns {
    ($of:ty { $($name:literal => $($key:ident).+ $(, $shown:ident)?;)* }) => {
        &[$(Column {
            name: $name,
            key: stringify!($($key).+),
            cell: |of: &$of| cell!(of.$($key).+ $(, $shown)?),
        },)*]
    };
}

/// The columns of records that are read off several parts, and the function that makes one: each by name with the path
/// of the JSON key, which begins with its part. The cell of a part that is not there is empty.
macro_rules! columns_of_parts {
    ($columns:ident, $record:ident($($part:ident: $of:ty),*) {
        $($name:literal => $value:expr $(, $shown:ident)?;)*
    }) => {
        const $columns: &[(&str, &str)] = &[$(($name, stringify!($value))),*];

        #[allow(clippy::redundant_closure_call)]
        pub(super) fn $record($($part: $of),*) -> Vec<String> {
            vec![$((|| Some(cell!($value $(, $shown)?)))().unwrap_or_default()),*]
        }
    };
}

/// A quota without the lists about it, which no column shows.
pub(super) type QuotaFigures = Quota<(), ()>;

/// The columns of a quota.
pub(super) const QUOTA: &[Column<QuotaFigures>] = columns!(QuotaFigures {
    "account" => account;
    "model" => model;
    "scope" => scope;
    "kind" => kind;
    "code" => code;
    "name" => name;
    "adjustable" => adjustable;
    "steady" => steady;
    "peak" => peak;
    "in_flight" => in_flight;
    "burst" => burst;
    "formula" => formula;
    "required" => required;
    "granted" => granted;
    "default" => default;
    "capacity_source" => capacity_source;
    "utilisation" => utilisation;
    "verdict" => verdict;
    "action" => action;
    "ask" => ask;
    "tight_max_tokens" => tight_max_tokens;
    "lean_required" => lean_required;
    "lean_ask" => lean_ask;
    "fitting_max_tokens" => fitting_max_tokens;
    "binding_period" => binding_period;
    "binding_hour" => binding_hour;
    "burndown_rate" => provenance.burndown.output;
    "burndown_status" => provenance.burndown.status;
    "restore_to" => restore_to;
});

/// The columns of what was simulated for a quota.
const SIMULATED: &[Column<Simulated>] = columns!(Simulated {
    "simulated_safe_quota" => safe_quota;
    "simulated_low" => low;
    "simulated_high" => high;
});

/// The columns of a check's finding.
const FINDING: &[Column<Finding>] = columns!(Finding {
    "severity" => severity;
    "code" => code;
    "fails" => fails;
    "change" => change;
    "message" => message;
    "help" => help;
    "about" => about;
    "file" => file;
    "line" => line;
    "column" => column;
});

/// The columns of a fact's age.
pub(super) const FACT: &[Column<Fact>] = columns!(Fact {
    "kind" => kind;
    "model" => model;
    "part" => part;
    "as_of" => as_of;
    "age_days" => age_days;
    "source" => source;
    "command" => command;
});

/// The columns of a value that differs from the model table.
pub(super) const TABLE_CHANGE: &[Column<TableChange>] = columns!(TableChange {
    "model" => model;
    "table" => table;
    "key" => key;
    "before" => before;
    "after" => after;
});

/// The columns of a finding in a policy or a pack.
pub(super) const POLICY_FINDING: &[Column<PolicyFinding>] = columns!(PolicyFinding {
    "severity" => severity;
    "code" => code;
    "file" => file;
    "line" => line;
    "column" => column;
    "message" => message;
    "help" => help;
});

/// The columns of what a metric shows at a burndown rate.
pub(super) const EXPECTED: &[Column<Expected>] = columns!(Expected {
    "rate" => rate;
    "quota_tokens" => quota_tokens;
});

/// The columns of an applied quota that differs from a file.
pub(super) const QUOTA_CHANGE: &[Column<QuotaChange>] = columns!(QuotaChange {
    "change" => change;
    "code" => code;
    "name" => name;
    "model" => model;
    "scope" => scope;
    "kind" => kind;
    "old" => old, absent_or_unknown;
    "new" => new, absent_or_unknown;
    "new_is_default" => new_is_default;
});

columns_of_parts!(REQUEST_STATUS, request_record(request: &RequestStatus, entry: Option<&PastRequest>, status: &str) {
    "code" => request.code;
    "name" => request.name;
    "model" => request.model;
    "scope" => request.scope;
    "kind" => request.kind;
    "pack_desired" => request.desired;
    "status" => status;
    "open" => entry?.open;
    "id" => entry?.id;
    "desired" => entry?.desired, or_unknown;
    "as_in_pack" => entry?.as_in_pack;
    "created" => entry?.created;
    "updated" => entry?.updated;
    "case_id" => entry?.case_id;
});

/// The names of the columns of requests.
pub(super) fn request_columns() -> Vec<&'static str> {
    REQUEST_STATUS.iter().map(|(name, _)| *name).collect()
}

/// The scope to which an optimum assigns a row, and why.
pub(super) struct Assigned {
    pub(super) to: Word,
    pub(super) reason: Option<Word>,
    /// Of the group that the row is assigned with.
    pub(super) proven: bool,
}

columns_of_parts!(COMPARED, compared_record(
    row: &ComparedRow,
    scope: &ComparedScope,
    quota: Option<&ComparedQuota>,
    assigned: Option<&Assigned>
) {
    "workload" => row.workload;
    "period" => row.period;
    "account" => row.account;
    "line" => row.line;
    "model" => row.model;
    "scope" => scope.scope;
    "present" => scope.present;
    "kind" => quota?.kind;
    "code" => quota?.code;
    "required" => quota?.required;
    "limit" => quota?.limit;
    "limit_source" => quota?.limit_source;
    "headroom" => quota?.headroom;
    "monthly_usd" => scope.monthly_usd;
    "saving_usd" => scope.saving_usd;
    "saving_percent" => scope.saving_percent;
    "destinations" => scope.destinations, regions;
    "residency" => row.residency;
    "residency_verdict" => scope.residency_verdict;
    "assigned_scope" => assigned?.to;
    "assigned_why" => assigned?.reason;
    "assigned_proven" => assigned?.proven;
    "compliant_models" => row.compliant_models, compliant;
    "file" => row.file;
});

/// The names of the columns of a comparison; the file comes last, where there are several.
pub(super) fn compared_columns(several_files: bool) -> Vec<&'static str> {
    COMPARED.iter().map(|(name, _)| *name).filter(|name| several_files || *name != "file").collect()
}

/// The names of columns.
pub(super) fn names<T>(columns: &'static [Column<T>]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|column| column.name)
}

fn cells<T>(columns: &[Column<T>], of: &T) -> impl Iterator<Item = String> {
    columns.iter().map(|column| (column.cell)(of))
}

/// Each under the columns.
pub(super) fn records_of<T>(columns: &'static [Column<T>], each: impl Iterator<Item = T>) -> Records {
    Records {
        columns: names(columns).collect(),
        rows: each.map(|of| cells(columns, &of).collect()).collect(),
    }
}

/// A quota under its columns.
pub(super) fn quota_record(input: &PlanInput<'_>, quota: &QuotaPlan) -> impl Iterator<Item = String> {
    let quota = quota_figures(input, quota);
    QUOTA.iter().map(move |column| (column.cell)(&quota))
}

/// All quotas of a plan, with what was simulated for them.
pub(super) fn plan_records(
    input: &PlanInput<'_>,
    plan: &Plan,
    simulated: Option<&SimulatedQuotas>,
) -> Records {
    let more = |of: &SimulatedQuotas, index: usize| match of.report(index) {
        Some(simulated) => cells(SIMULATED, &simulated).collect(),
        None => vec![String::new(); SIMULATED.len()],
    };
    let rows = plan.quotas.iter().enumerate().map(|(index, quota)| {
        let mut row: Vec<String> = quota_record(input, quota).collect();
        row.extend(simulated.iter().flat_map(|simulated| more(simulated, index)));
        row
    });
    let columns = names(QUOTA).chain(simulated.iter().flat_map(|_| names(SIMULATED)));
    Records { columns: columns.collect(), rows: rows.collect() }
}

/// The findings of a check.
pub(super) fn finding_records(findings: &[GateFinding]) -> Records {
    let rows = findings.iter().map(|finding| cells(FINDING, &finding_report(finding, 0)).collect());
    Records { columns: names(FINDING).collect(), rows: rows.collect() }
}

/// The JSON keys that CSV shows, as paths behind the name of the document's schema: `plan quotas[].required`.
#[must_use]
pub fn keys_with_a_column() -> Vec<String> {
    let quotas = QUOTA.iter().map(|column| column.key.to_owned());
    let simulated = SIMULATED.iter().map(|column| format!("simulated.{}", column.key));
    let mut keys: Vec<String> = quotas.chain(simulated).map(|key| format!("plan quotas[].{key}")).collect();
    keys.extend(under("check findings[]", FINDING));
    keys.extend(under("models-check facts[]", FACT));
    keys.extend(under("models-update changes[]", TABLE_CHANGE));
    keys.extend(under("iam-lint findings[]", POLICY_FINDING));
    keys.extend(under("request-verify findings[]", POLICY_FINDING));
    keys.extend(under("sample-rate expected[]", EXPECTED));
    keys.extend(under("quotas-diff changes[]", QUOTA_CHANGE));
    // The parts of a record, each with the path of what it is in JSON.
    let request = [
        ("request.", "request-status requests[]."),
        ("entry?.", "request-status requests[].history[]."),
        ("status", "request-status requests[].history[].status"),
    ];
    keys.extend(of_parts(REQUEST_STATUS, &request));
    let compared = [
        ("row.compliant_models", "compare workloads[].compliant_models[].model"),
        ("scope.destinations", "compare workloads[].scopes[].destinations[]"),
        ("row.", "compare workloads[]."),
        ("scope.", "compare workloads[].scopes[]."),
        ("quota?.", "compare workloads[].scopes[].quotas[]."),
        ("assigned?.proven", "compare optimum.groups[].proven"),
        ("assigned?.", "compare optimum.decisions[]."),
    ];
    keys.extend(of_parts(COMPARED, &compared));
    keys.push("compare workloads[].compliant_models[].scopes[]".to_owned());
    keys
}

fn under<T>(path: &str, columns: &[Column<T>]) -> impl Iterator<Item = String> {
    columns.iter().map(move |column| format!("{path}.{}", column.key))
}

fn of_parts<'a>(columns: &'a [(&str, &str)], paths: &'a [(&str, &str)]) -> impl Iterator<Item = String> + 'a {
    columns.iter().map(|(_, key)| {
        let path = paths.iter().find_map(|(part, path)| Some(format!("{path}{}", key.strip_prefix(part)?)));
        path.unwrap_or_else(|| (*key).to_owned())
    })
}
