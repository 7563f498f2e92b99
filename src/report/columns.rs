//! The columns of CSV records, each with the JSON key that it shows: one line a column.
//!
//! A record is read off a contract type, so that CSV and JSON cannot differ; nothing is computed here.

use super::Records;
use super::check_json::finding_report;
use super::gate::GateFinding;
use super::plan_json::quota_figures;
use super::plan_simulated::SimulatedQuotas;
use crate::contract::Word;
use crate::contract::check::Finding;
use crate::contract::parts::{Limit, Share};
use crate::contract::quota::{Quota, Simulated};
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

shown_as_text!(bool, u32, u64, usize, String, Word, Limit, Share);

impl<T: Cell> Cell for Option<T> {
    fn cell(&self) -> String {
        self.as_ref().map(Cell::cell).unwrap_or_default()
    }
}

/// Columns by name, each with the path of the JSON key in its type.
macro_rules! columns {
    ($of:ty { $($name:literal => $($key:ident).+,)* }) => {
        &[$(Column { name: $name, key: stringify!($($key).+), cell: |of: &$of| of.$($key).+.cell() },)*]
    };
}

/// A quota without the lists about it, which no column shows.
pub(super) type QuotaFigures = Quota<(), ()>;

/// The columns of a quota.
pub(super) const QUOTA: &[Column<QuotaFigures>] = columns!(QuotaFigures {
    "account" => account,
    "model" => model,
    "scope" => scope,
    "kind" => kind,
    "code" => code,
    "name" => name,
    "adjustable" => adjustable,
    "steady" => steady,
    "peak" => peak,
    "in_flight" => in_flight,
    "burst" => burst,
    "formula" => formula,
    "required" => required,
    "granted" => granted,
    "default" => default,
    "capacity_source" => capacity_source,
    "utilisation" => utilisation,
    "verdict" => verdict,
    "action" => action,
    "ask" => ask,
    "tight_max_tokens" => tight_max_tokens,
    "lean_required" => lean_required,
    "lean_ask" => lean_ask,
    "fitting_max_tokens" => fitting_max_tokens,
    "binding_period" => binding_period,
    "binding_hour" => binding_hour,
    "burndown_rate" => provenance.burndown.output,
    "burndown_status" => provenance.burndown.status,
    "restore_to" => restore_to,
});

/// The columns of what was simulated for a quota.
const SIMULATED: &[Column<Simulated>] = columns!(Simulated {
    "simulated_safe_quota" => safe_quota,
    "simulated_low" => low,
    "simulated_high" => high,
});

/// The columns of a check's finding.
const FINDING: &[Column<Finding>] = columns!(Finding {
    "severity" => severity,
    "code" => code,
    "fails" => fails,
    "change" => change,
    "message" => message,
    "help" => help,
    "about" => about,
    "file" => file,
    "line" => line,
    "column" => column,
});

/// The names of columns.
pub(super) fn names<T>(columns: &'static [Column<T>]) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|column| column.name)
}

fn cells<T>(columns: &[Column<T>], of: &T) -> impl Iterator<Item = String> {
    columns.iter().map(|column| (column.cell)(of))
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

/// The JSON keys that CSV shows, as paths behind the command: `plan quotas[].required`.
#[must_use]
pub fn keys_with_a_column() -> Vec<String> {
    let quotas = QUOTA.iter().map(|column| column.key.to_owned());
    let simulated = SIMULATED.iter().map(|column| format!("simulated.{}", column.key));
    let findings = FINDING.iter().map(|column| format!("check findings[].{}", column.key));
    quotas.chain(simulated).map(|key| format!("plan quotas[].{key}")).chain(findings).collect()
}
