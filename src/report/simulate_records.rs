//! Simulations as flat records: one of each window and quota, of the curve and of those asked about.

use super::Records;
use super::simulating::{Simulated, Simulating, share};
use crate::experiment::{Requested, WindowResult};
use crate::simulate::Outcome;
use crate::units::QuotaAmount;

const COLUMNS: [&str; 17] = [
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
];

pub(super) fn records(all: &Simulating<'_>) -> Records {
    let mut rows = Vec::new();
    for simulated in &all.simulated {
        for result in &simulated.simulation.windows {
            let head = head(simulated, result);
            for point in &result.curve {
                let requests = simulated.simulation.requests;
                let own = [
                    "curve".to_owned(),
                    point.quota.get().to_string(),
                    requests.to_string(),
                    point.throttled.to_string(),
                    share_of(point.throttled, requests),
                    // Without retries what is throttled is lost, and nothing is attempted twice.
                    point.throttled.to_string(),
                    requests.to_string(),
                ];
                let empty = std::iter::repeat_n(String::new(), COLUMNS.len() - head.len() - own.len());
                rows.push(head.iter().cloned().chain(own).chain(empty).collect());
            }
            let of_window = simulated.simulation.requested.iter();
            for requested in of_window.filter(|requested| requested.measure == result.measure) {
                rows.push(head.iter().cloned().chain(of_requested(all, requested)).collect());
            }
        }
    }
    Records { columns: COLUMNS.to_vec(), rows }
}

fn head(simulated: &Simulated<'_>, result: &WindowResult) -> [String; 4] {
    let safe = result.safe_quota.map(QuotaAmount::get);
    [
        simulated.model.id.clone(),
        simulated.scope.to_string(),
        result.measure.as_str().to_owned(),
        safe.map(|safe| safe.to_string()).unwrap_or_default(),
    ]
}

fn share_of(part: u64, whole: u64) -> String {
    share(part.into(), whole.into()).map(|share| share.written()).unwrap_or_default()
}

fn attempts(outcome: &Outcome) -> String {
    let total = &outcome.total;
    (total.throttled_attempts + (total.requests - total.lost)).to_string()
}

fn of_requested(all: &Simulating<'_>, requested: &Requested) -> Vec<String> {
    let total = &requested.dropped.total;
    let mut cells = vec![
        requested.origin.as_str().to_owned(),
        requested.quota.get().to_string(),
        total.requests.to_string(),
        total.throttled.to_string(),
        share_of(total.throttled, total.requests),
        total.lost.to_string(),
        attempts(&requested.dropped),
        requested.dropped.peak_use.to_string(),
    ];
    match (&requested.retried, all.asking.retries) {
        (Some(retried), Some(retries)) => cells.extend([
            retries.most.to_string(),
            retried.total.throttled.to_string(),
            retried.total.lost.to_string(),
            attempts(retried),
            retried.peak_use.to_string(),
        ]),
        _ => cells.extend(std::iter::repeat_n(String::new(), 5)),
    }
    cells
}
