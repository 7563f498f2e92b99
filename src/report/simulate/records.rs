//! Simulations as flat records: one of each window and quota, of the curve and of those asked about.

use super::result::{OfWorkload, ScopeSimulation, SimulateReport};
use crate::experiment::{Requested, Simulation, WindowResult};
use crate::report::Records;
use crate::simulate::ReplayResult;
use crate::units::{QuotaAmount, QuotaKind, Ratio};

const COLUMNS: [&str; 22] = [
    "model",
    "scope",
    "window",
    "safe_quota",
    "origin",
    "quota",
    "requests",
    "throttled",
    "throttled_share",
    "lost",
    "attempts",
    "peak_use",
    "retries",
    "retried_throttled",
    "retried_lost",
    "retried_attempts",
    "retried_peak_use",
    "account",
    "code",
    "workload",
    "max_tokens",
    "kind",
];

/// Columns between those of the window and those of what is counted.
const OUTCOME_COLUMNS: usize = 13;

pub(in crate::report) fn records(all: &SimulateReport<'_>) -> Records {
    let mut rows = Vec::new();
    for simulated in &all.simulated {
        let beside = simulated.at_maximum.as_ref().and_then(|beside| beside.as_ref().ok());
        let tokens = |max_tokens| Of { simulated, max_tokens };
        let answered = tokens(if simulated.at_maximum.is_some() { "as-answered" } else { "" });
        add(all, answered, &simulated.simulation, &mut rows);
        if let Some(beside) = beside {
            add(all, tokens("at-maximum"), &beside.simulation, &mut rows);
        }
        if let Some(quota) = &simulated.requests_per_minute {
            let of = Of { simulated, max_tokens: "" };
            add(all, of, &quota.simulation, &mut rows);
        }
    }
    Records { columns: COLUMNS.to_vec(), rows: rows.into() }
}

/// What rows are about.
#[derive(Clone, Copy)]
struct Of<'a> {
    simulated: &'a ScopeSimulation<'a>,
    /// What stands for a max_tokens that is not known.
    max_tokens: &'a str,
}

/// Adds the rows of a simulation.
fn add(all: &SimulateReport<'_>, of: Of<'_>, simulation: &Simulation, rows: &mut Vec<Vec<String>>) {
    let simulated = of.simulated;
    for result in &simulation.windows {
        let mut add = |cells: Vec<String>, workload: &str| {
            let own = head(simulated, result).into_iter().chain(cells);
            rows.push(own.chain(tail(of, simulation.kind, workload)).collect());
        };
        for point in &result.curve {
            let requests = simulation.requests;
            // Without retries what is throttled is lost, and nothing is attempted twice.
            let mut cells = vec![
                "curve".to_owned(),
                point.quota.get().to_string(),
                requests.to_string(),
                point.throttled.to_string(),
                share_of(point.throttled, requests),
                point.throttled.to_string(),
                requests.to_string(),
            ];
            cells.resize(OUTCOME_COLUMNS, String::new());
            add(cells, "");
        }
        for requested in simulation.requested.iter().filter(|requested| requested.measure == result.measure) {
            add(of_requested(all, requested, OfWorkload::total), "");
            // A single one is the whole.
            let is_told = simulated.workloads.len() > 1 && simulation.kind.reserves_tokens();
            let workloads = simulated.workloads.iter().enumerate().filter(|_| is_told);
            for (index, workload) in workloads {
                add(of_requested(all, requested, |outcome| OfWorkload::of(outcome, index)), workload);
            }
        }
    }
}

fn tail(of: Of<'_>, kind: QuotaKind, workload: &str) -> [String; 5] {
    let planned = of.simulated.planned.as_ref();
    let account = planned.and_then(|planned| planned.id.account.clone());
    let code = if kind.counts_requests() {
        of.simulated.requests_per_minute.as_ref().and_then(|quota| quota.limits.code.clone())
    } else {
        planned.and_then(|planned| planned.id.code.clone())
    };
    [
        account.unwrap_or_default(),
        code.unwrap_or_default(),
        workload.to_owned(),
        of.max_tokens.to_owned(),
        kind.to_string(),
    ]
}

fn head(simulated: &ScopeSimulation<'_>, result: &WindowResult) -> [String; 4] {
    let safe = result.safe_quota.map(QuotaAmount::get);
    [
        simulated.model.id.clone(),
        simulated.scope.to_string(),
        result.measure.as_str().to_owned(),
        safe.map(|safe| safe.to_string()).unwrap_or_default(),
    ]
}

fn share_of(part: u64, whole: u64) -> String {
    Ratio::of_parts(part.into(), whole.into()).map(|share| share.written()).unwrap_or_default()
}

fn of_requested(
    all: &SimulateReport<'_>,
    requested: &Requested,
    part: impl Fn(&ReplayResult) -> OfWorkload,
) -> Vec<String> {
    let OfWorkload { counts, peak_use } = part(&requested.dropped);
    let mut cells = vec![
        requested.origin.as_str().to_owned(),
        requested.quota.get().to_string(),
        counts.requests.to_string(),
        counts.throttled.to_string(),
        share_of(counts.throttled, counts.requests),
        counts.lost.to_string(),
        counts.attempts().to_string(),
        peak_use.to_string(),
    ];
    if let (Some(retried), Some(retries)) = (&requested.retried, all.asking.retries) {
        let OfWorkload { counts, peak_use } = part(retried);
        cells.extend([
            retries.most.to_string(),
            counts.throttled.to_string(),
            counts.lost.to_string(),
            counts.attempts().to_string(),
            peak_use.to_string(),
        ]);
    }
    cells.resize(OUTCOME_COLUMNS, String::new());
    cells
}
